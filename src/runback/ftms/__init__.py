"""FTMS, RSC and Heart Rate: bytes to values and back, sans-IO.

Rules:
- Open when receiving: an op code, status or bit nobody knows is kept as its number, surplus bytes are ignored.
- Strict when sending: a request that the specification does not allow is never encoded.
- Values stay the wire's integers; km/h and per cent appear only in `describe`.
- Whatever the bytes, the only error is `runback.errors.CodecError`.
- Only the standard library, `errors` and `units` are imported: the rescue that stops a belt loads this first.
"""
