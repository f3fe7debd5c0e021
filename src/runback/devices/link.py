"""How a machine wants to be talked to before and beside FTMS: radio habits, vendor stacks, unlocking."""

from __future__ import annotations

from runback.devices.field_types import Count, HexBytes, Seconds, Uuid, table
from runback.devices.quirk_values import OnDisconnect, Pairing, Payload, Reads, SendTime, TooFast


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


@table
class Protocol:
    """Which protocol is used, where a machine has several (43)."""

    ftms: bool = True
    """It is controlled by FTMS. False: by another protocol, which runback does not speak; it is only watched (43)."""
    control_point: bool | None = None
    """It has 2AD9; some firmwares have none (9)."""
    beside: tuple[Uuid, ...] = ()
    """Services of vendor stacks it has beside FTMS (43). For the twin."""
    never_write: tuple[Uuid, ...] = ()
    """Characteristics, or whole services, that are never written, whoever asks: firmware updates, motors (43). runback
    writes nothing but 2AD9 and what `unlock` and `preamble` name; this list is the second lock on that door."""


@table
class LinkHabits:
    """The radio link."""

    pairing: Pairing | None = None
    """Whether it must be paired; nearly no treadmill must. Quirk 41 comes with it: one bond, one client.
    Documentation."""
    clients: Count | None = None
    """How many connections it takes; with 1 every other app must be closed first (41). For the twin."""
    advertises_for: Seconds | None = None
    """It can be found only so long after being switched on, seconds (40). For the twin."""
    gap: Seconds | None = None
    """Least time between two writes, seconds; Stop ignores it (42)."""
    too_fast: TooFast | None = None
    """What becomes of a write sooner than `gap` after another (42). For the twin."""
    keepalive: Seconds | None = None
    """Start (07) must be written again at least so often while the belt runs, seconds, or it stops (13)."""
    needs_unknown_writes: bool = False
    """It drops the link unless vendor writes are made that runback does not know; it can only be watched (10)."""
    device_information: Reads | None = None
    """What becomes of reading model, manufacturer, firmware, where it is not simply answered (10). For the twin."""
    on_disconnect: OnDisconnect | None = None
    """What the belt does when the link ends. Not known: it may keep running (44). For the twin."""


@table
class UnlockWrite:
    """A write that unlocks the machine, after connecting and subscribing, before anything else (6, 8)."""

    characteristic: Uuid
    """Where it is written (6, 8)."""
    octets: HexBytes
    """What is written, or its beginning (6, 8)."""
    payload: Payload = Payload.LITERAL
    """`literal`: the bytes as they are. `name-plus-one`: they are followed by the last four characters of the
    advertised name as a little-endian u32, plus 1, and then by the sum of all bytes before, modulo 256 (6)."""
    service: Uuid = "00001826-0000-1000-8000-00805f9b34fb"
    """The service it is in (6, 8). For the twin."""
    with_response: bool = False
    """Written with an ATT response (6)."""
    reply_on: Uuid | None = None
    """The characteristic that answers; it must be subscribed to first (6)."""
    reply: HexBytes | None = None
    """How the answer begins; until it has come nothing else is written (6)."""
    wait: Seconds = 0.4
    """Time to leave before the next write, seconds (6, 42)."""


@table
class Preamble:
    """Bytes that must be written before commands (7)."""

    characteristic: Uuid
    """Where (7)."""
    octets: HexBytes
    """What (7)."""
    when: SendTime
    """Before `each` command, or `once` after connecting (7)."""
    service: Uuid = "00001826-0000-1000-8000-00805f9b34fb"
    """The service it is in (7). For the twin."""
