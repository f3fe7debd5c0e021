"""Every write of a session, with what came of it.

Rules:
- A request at the control point is answered by the first indication after it, before the next request, whose octets are
  `80 <its op code> <result>` (FTMS S0 4.16.2.22). A write with no such answer has none: it was overtaken, or lost.
- What the link said of a write (refused, failed, hung) stands in the event that follows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.journal.model import Event, Octets, Story

_CONTROL_POINT = "2AD9"
_RESPONSE = 0x80
TROUBLE = frozenset({"write refused", "write failed", "write hung"})


@dataclass(frozen=True, slots=True)
class Written:
    """One write. `response` is what the treadmill answered and `answered` when (ms); `trouble` the link's own word."""

    octets: Octets
    response: bytes | None = None
    answered: int | None = None
    trouble: str | None = None


def writes(story: Story) -> tuple[Written, ...]:
    """The writes of `story` in order, each with its response."""
    found: list[Written] = []
    merged: list[Octets | Event] = sorted([*story.octets, *story.events], key=lambda one: one.order)
    for one in merged:
        if isinstance(one, Octets) and one.source is not None:
            found.append(Written(one))
        elif found:
            found[-1] = _with(found[-1], one)
    return tuple(found)


def _with(written: Written, one: Octets | Event) -> Written:
    if isinstance(one, Event):
        known = written.trouble is not None or one.word not in TROUBLE
        return written if known else Written(written.octets, written.response, written.answered, one.word)
    answers = one.uuid == _CONTROL_POINT and one.data[:2] == bytes((_RESPONSE, *written.octets.data[:1]))
    if not answers or written.response is not None:
        return written
    return Written(written.octets, one.data, one.at, written.trouble)
