"""The octets of an unlocking write, which some machines want made from their name."""

from __future__ import annotations

from runback.devices.link import UnlockWrite
from runback.devices.quirk_values import Payload


def payload(step: UnlockWrite, name: str) -> bytes:
    """What is written to the machine that advertises `name`.

    Source: slandau3/z1-walkingpad-mcp docs/protocol.md (quirk 6): the beginning, the last four characters of the name
    as a little-endian u32 plus 1, the sum of all that modulo 256.
    """
    if step.payload is Payload.LITERAL:
        return step.octets
    token = int.from_bytes(name[-4:].encode("ascii", "replace"), "little") + 1
    body = step.octets + (token & 0xFFFFFFFF).to_bytes(4, "little")
    return body + bytes((sum(body) & 0xFF,))
