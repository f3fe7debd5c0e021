"""The timeline of one session: the flat steps, where it stands, and the clock that runs only while the belt does.

Rules:
- Positions are seconds on the session's own clock, which stands still in a pause. Ends of steps are sums of durations,
  never counted ticks, so nothing drifts.
- All of them are whole microseconds. Sums of floats differ in their last bits by the order in which they are made, and
  the clock that stops at the end of a step would then stand a hair before where it has been read already.
- The plan may change under way (skip, repeat, extend, ease off); what has been done stays as it was done.
"""

from __future__ import annotations

import math
from dataclasses import replace

from runback.workout.model import Kind, Step, Workout

WALKING = 450
"""4.5 km/h, where a workout has no walking step (training.md, default speeds)."""

_WALKS = (Kind.WALK, Kind.COOL_DOWN, Kind.WARM_UP)


TICKS = 1_000_000
"""In a second."""


def _ticks(seconds: float) -> int:
    return round(seconds * TICKS)


def whole(seconds: float) -> float:
    """The nearest whole microsecond, seconds: of equal microseconds every float is the same one."""
    return _ticks(seconds) / TICKS


class Stopwatch:
    """Seconds that count only while it runs. It never goes back, and it reads `position` at `when(position)`, to the
    last bit, where `position` is a whole microsecond."""

    __slots__ = ("_banked", "_since")

    def __init__(self) -> None:
        self._banked = 0
        self._since: int | None = None
        """Both in microseconds."""

    @property
    def running(self) -> bool:
        """Whether it counts."""
        return self._since is not None

    def run(self, now: float) -> None:
        """Count from `now` on."""
        self._banked, self._since = self._read(now), _ticks(now)

    def halt(self, now: float) -> None:
        """Stand still from `now` on."""
        self._banked = self._read(now)
        self._since = None

    def read(self, now: float) -> float:
        """Seconds counted up to `now`."""
        return self._read(now) / TICKS

    def _read(self, now: float) -> int:
        return self._banked if self._since is None else self._banked + max(0, _ticks(now) - self._since)

    def when(self, position: float) -> float:
        """The moment at which it will read `position`; never, while it stands still."""
        return math.inf if self._since is None else (self._since + _ticks(position) - self._banked) / TICKS


class Timeline:
    """The steps of a workout, and which one is under way. `index` is None before the first."""

    def __init__(self, workout: Workout) -> None:
        self.steps: list[Step] = [replace(step, duration=whole(step.duration)) for step in workout.flat()]
        self.index: int | None = None
        self.start = 0.0
        self.changed = True
        """Set when the plan differs from what was last shown; whoever shows it clears it."""
        self.offsets: dict[Kind, int] = {}
        """What the person added to each kind of step, 0.01 km/h."""
        self.easing = False

    @property
    def number(self) -> int:
        """How many steps have begun: the number, from 1, of the one under way, and the index of the next."""
        return 0 if self.index is None else self.index + 1

    @property
    def here(self) -> Step:
        """The step under way; before the first that one, after the last that one."""
        return self.steps[min(self.index or 0, len(self.steps) - 1)]

    @property
    def speed(self) -> int:
        """The speed of the step that is `here`, 0.01 km/h."""
        return self.speed_of(self.here)

    @property
    def step(self) -> Step | None:
        """The step under way, and nothing else."""
        return None if self.index is None or self.finished else self.here

    @property
    def following(self) -> Step | None:
        """The step after it."""
        return self.steps[self.number] if self.number < len(self.steps) else None

    @property
    def finished(self) -> bool:
        """Whether the last step is over."""
        return self.index is not None and self.index >= len(self.steps)

    @property
    def end(self) -> float:
        """Where the step under way ends, seconds on the session's clock."""
        step = self.step
        return self.start if step is None else whole(self.start + step.duration)

    @property
    def total(self) -> float:
        """Where the last step ends, as things stand."""
        return whole(self.start + sum(step.duration for step in self.steps[self.index or 0 :]))

    def advance(self) -> None:
        """On to the next step, which begins where this one ended."""
        self.start, self.index = self.end, self.number

    def set_end(self, position: float) -> None:
        """Let the step under way end at `position` (not before it began)."""
        self.steps[self.number - 1] = replace(self.here, duration=max(0.0, whole(position - self.start)))
        self.changed = True

    def again(self, position: float, duration: float) -> None:
        """The step under way begins again at `position` and takes its planned `duration`."""
        self.start = position
        self.set_end(position + duration)

    def speed_of(self, step: Step) -> int:
        """What `step` is walked or run at: its speed and what the person added to its kind."""
        return step.speed + self.offsets.get(step.kind, 0)

    def remember(self, speed: int) -> None:
        """The person wants the kind of the step under way at `speed` from now on."""
        self.offsets[self.here.kind] = speed - self.here.speed
        self.changed = True

    def walking_speed(self) -> int:
        """The walking speed in force: of the last walking step before or under way, else of the next one."""
        nearest = [*reversed(self.steps[: self.number]), *self.steps[self.number :]]
        for kinds in ((Kind.WALK,), _WALKS):
            for step in nearest:
                if step.kind in kinds:
                    return self.speed_of(step)
        return min(WALKING, *(step.speed for step in self.steps))

    def ease(self, walking: int) -> None:
        """From here on everything is walked, at `walking` at most."""
        for index in range(self.number - 1, len(self.steps)):
            step = self.steps[index]
            kind = step.kind if step.kind in _WALKS else Kind.WALK
            self.steps[index] = replace(step, kind=kind, speed=min(self.speed_of(step), walking))
        self.offsets.clear()
        self.easing = True
        self.changed = True

    def run_seconds(self) -> float:
        """Seconds of running in the plan as it stands."""
        return sum(step.duration for step in self.steps if step.kind is Kind.RUN)


class InclineTarget:
    """The deck's incline beside the steps': what the person added, and what the console holds. Units: 0.1 %."""

    __slots__ = ("_held", "offset")

    def __init__(self) -> None:
        self.offset = 0
        """What the person added, to every step."""
        self._held: int | None = None
        """What somebody set at the console; it stands until the next step, as a speed does."""

    def change(self, by: int) -> None:
        """The person makes it `by` steeper, from here on and of what the console holds too."""
        self.offset += by
        if self._held is not None:
            self._held += by

    def hold(self, incline: int) -> None:
        """Somebody set `incline` at the console."""
        self._held = incline

    def release(self) -> None:
        """Another step begins: its own incline counts again."""
        self._held = None

    def of(self, step: Step) -> int:
        """The incline of `step` from now on."""
        return step.incline + self.offset if self._held is None else self._held
