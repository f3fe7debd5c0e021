"""Every write of a session, with what came of it.

Rules:
- A request at the control point is answered by the first indication after it, before the next request, whose bytes are
  `80 <its op code> <result>` (FTMS S0 4.16.2.22). A write with no such answer has none: it was overtaken, or lost.
- What the link said of a write (refused, failed, hung) stands in the event that follows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.journal.model import Event, Packet, SessionRecord

_CONTROL_POINT = "2AD9"
_RESPONSE = 0x80
TROUBLE = frozenset({"write refused", "write failed", "write hung"})


@dataclass(frozen=True, slots=True)
class WriteResult:
    """One write. `response` is what the treadmill answered and `answered` when (ms); `trouble` the link's own word."""

    octets: Packet
    response: bytes | None = None
    answered: int | None = None
    trouble: str | None = None


def writes(story: SessionRecord) -> tuple[WriteResult, ...]:
    """The writes of `story` in order, each with its response."""
    found: list[WriteResult] = []
    merged: list[Packet | Event] = sorted([*story.octets, *story.events], key=lambda one: one.order)
    for one in merged:
        if isinstance(one, Packet) and one.source is not None:
            found.append(WriteResult(one))
        elif found:
            found[-1] = _with(found[-1], one)
    return tuple(found)


def _with(written: WriteResult, one: Packet | Event) -> WriteResult:
    if isinstance(one, Event):
        known = written.trouble is not None or one.word not in TROUBLE
        return written if known else WriteResult(written.octets, written.response, written.answered, one.word)
    answers = one.uuid == _CONTROL_POINT and one.data[:2] == bytes((_RESPONSE, *written.octets.data[:1]))
    if not answers or written.response is not None:
        return written
    return WriteResult(written.octets, one.data, one.at, written.trouble)
