"""The record against what the rules make of it today: every write and every phase.

Rules:
- Two are the same if they say the same within `NEAR`: the record keeps milliseconds, and a computer is sometimes busy.
- Each that has no fellow on the other side is a divergence, told in one line. None is a fault of the record: another
  version of runback may decide otherwise, and that is what this is for.
- What this version makes at the record's end (`LAST`) or after it is not compared: it may have come too late then.
- `connecting` is not compared: a screen sees it before the treadmill is there, a headless session does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from runback.replay.script import Script
from runback.session.model import Phase

NEAR = 500
"""ms."""
LAST = 50
"""ms."""
_UNCOMPARED = Phase.CONNECTING.value


@dataclass(frozen=True, slots=True)
class Divergence:
    """Something that is on one side only; `at` ms."""

    at: int
    line: str


class Comparison:
    """Hears the record of a replay of `script`. `zero` is the replay's time (s) of the session's beginning."""

    def __init__(self, script: Script) -> None:
        self.zero = 0.0
        self._ends = script.ends
        self._recorded: defaultdict[str, list[int]] = defaultdict(list)
        self._made: defaultdict[str, list[int]] = defaultdict(list)
        for write in script.writes:
            self._recorded[_write(write.data.hex(), write.source)].append(write.at)
        for at, phase in script.phases:
            if phase != _UNCOMPARED:
                self._recorded[_phase(phase)].append(at)

    def hear(self, t: float, event: str, fields: Mapping[str, object]) -> None:
        """An event of the replay."""
        at = round((t - self.zero) * 1000)
        if event == "write":
            self._made[_write(str(fields["hex"]), str(fields["source"]))].append(at)
        elif event == "phase" and fields["phase"] != _UNCOMPARED:
            self._made[_phase(str(fields["phase"]))].append(at)

    def divergences(self) -> tuple[Divergence, ...]:
        """All that differs, in the order of time."""
        return tuple(sorted(self._differences(), key=lambda each: (each.at, each.line)))

    def _differences(self) -> Iterator[Divergence]:
        for what in dict.fromkeys([*self._recorded, *self._made]):
            missing = list(self._recorded[what])
            for at in self._made[what]:
                near = [each for each in missing if abs(each - at) <= NEAR]
                if near:
                    missing.remove(near[0])
                elif at <= self._ends - LAST:
                    yield Divergence(at, f"at {seconds(at)} s this version makes {what}, which is not in the record")
            for at in missing:
                yield Divergence(at, f"at {seconds(at)} s the record has {what}, which this version does not make")


def seconds(at: int) -> str:
    """ms as seconds."""
    return f"{at / 1000:.3f}"


def _write(octets: str, source: str) -> str:
    return f"the write {octets.upper()} ({source})"


def _phase(phase: str) -> str:
    return f"the phase {phase!r}"
