"""Is anybody on the belt? Judged by the steps the machine itself counts, where it does.

Rules:
- Only a machine whose steps have been seen to go on (`KNOWN` records) while the belt moved in this session is judged;
  of any other nothing is concluded, ever.
- Only records that say something of steps count, and only while they keep coming: `GAP` without one is no evidence.
- `after` seconds without a step while the belt moves: a warning. As long again: slower. As long again: a pause. Never
  further than `up_to`. Any step ends it; nothing here ever makes a belt faster, or start again.
- A count that goes down was reset by the machine: that is a step, for all anybody knows.

Units: speed 0.01 km/h, time s. Source: quirks 29, 39; a treadmill's data has no steps by the specification.
"""

from __future__ import annotations

from enum import IntEnum

from runback.session.model import SteppedOff

KNOWN = 3
GAP = 3.0
AFTER = 10.0


class PresenceLevel(IntEnum):
    """What is thought of it."""

    ON = 0
    ASKED = 1  # the person is asked whether they are on the belt
    SLOWED = 2  # walking speed
    PAUSED = 3


ASKED = "are you on the belt? it feels no steps"
SLOWED = "slowed down: the belt feels no steps"
MISSED = "paused: the belt felt no steps"
WORDS = {PresenceLevel.ASKED: ASKED, PresenceLevel.SLOWED: SLOWED, PresenceLevel.PAUSED: MISSED}
"""What the person is told at each level."""

_UP_TO = {
    SteppedOff.OFF: PresenceLevel.ON,
    SteppedOff.WARN: PresenceLevel.ASKED,
    SteppedOff.EASE: PresenceLevel.SLOWED,
    SteppedOff.PAUSE: PresenceLevel.PAUSED,
}


class StepDetector:
    """The steps of one session. `up_to` says how far it goes, `after` (s) how soon."""

    __slots__ = ("_count", "_footing", "_heard_at", "_known", "_without", "after", "up_to")

    def __init__(self, up_to: SteppedOff = SteppedOff.PAUSE, after: float = AFTER) -> None:
        self.up_to = up_to
        self.after = after
        self._known = 0
        self._count: int | None = None
        self.rest()

    def rest(self) -> None:
        """The belt does not run under the session: what comes is judged again; what is known of the machine stays."""
        self._footing = PresenceLevel.ON
        self._without = 0.0
        self._heard_at: float | None = None

    def heard(
        self, speed: int, steps: int | None, cadence: int | None, now: float, *, words_only: bool
    ) -> PresenceLevel | None:
        """A record of a belt at `speed`, with its count of `steps` and its `cadence` (1/min), None what it does not
        tell; what is to be done about it now, None if nothing is. `words_only`: no more than a warning."""
        if steps is None and cadence is None:
            return None
        stepped = bool(cadence) or (steps is not None and self._count is not None and steps != self._count)
        self._count = self._count if steps is None else steps
        since, self._heard_at = self._heard_at, now
        if stepped and speed > 0:
            self._known += 1
        if stepped or speed == 0 or since is None:
            self._without = 0.0
            return self._go(PresenceLevel.ON) if stepped else None
        if now - since <= GAP:
            self._without += now - since
        if self._known < KNOWN:
            return None
        furthest = min(_UP_TO[self.up_to], PresenceLevel.ASKED) if words_only else _UP_TO[self.up_to]
        return self._go(PresenceLevel(min(furthest, int(self._without / self.after))))

    def _go(self, footing: PresenceLevel) -> PresenceLevel | None:
        if footing is self._footing:
            return None
        self._footing = footing
        return footing
