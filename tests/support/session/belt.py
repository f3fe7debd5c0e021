"""A belt under a session's stage: it follows its target after a delay, at a rate, and says so once a second."""

from __future__ import annotations

from collections.abc import Callable

from runback.machine.events import Signal
from runback.session.model import CountFrom, Intent, MachineRequest, Phase
from runback.workout.model import Workout
from tests.support.session.stage import Stage

STEP = 0.05


class Ridden:
    """A stage with a belt. `rate` 0.01 km/h per second, `delay` s; `tells` turns what it does into what it reports."""

    def __init__(
        self,
        workout: Workout,
        count_from: CountFrom = CountFrom.SPEED,
        *,
        run_cap: float | None = None,
        rate: float = 50.0,
        delay: float = 0.5,
        tells: Callable[[int], int | None] = lambda speed: speed,
    ) -> None:
        self.stage = Stage(workout, run_cap=run_cap, count_from=count_from)
        self.rate, self.delay, self.tells = rate, delay, tells
        self.speed = 0.0
        self.belt: list[tuple[float, float]] = []
        """What it did, and when."""
        self._goals: list[tuple[float, int]] = []
        self._tick = 0
        self._orders = 0

    def start(self) -> Ridden:
        """Connected, asked for, counted down; the belt starts to move."""
        self.stage.hear(Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.START).hear(Signal.CONTROL_GRANTED)
        return self.go(10.0).move()

    def move(self) -> Ridden:
        """The belt begins to move, at the least it can."""
        self.speed = 80.0
        self.stage.hear(Signal.BELT_MOVED).measure(80)
        return self

    def rest(self) -> Ridden:
        """It has come to rest."""
        self.speed = 0.0
        self._goals.clear()
        self.stage.measure(0).hear(Signal.BELT_RESTED)
        return self

    def go(self, seconds: float) -> Ridden:
        """Time passes."""
        for _ in range(round(seconds / STEP)):
            self._tick += 1
            now = self._tick * STEP
            self.stage.until(now)
            self._follow(now)
            self.belt.append((now, self.speed))
            told = self.tells(round(self.speed))
            if self._tick % round(1 / STEP) == 0 and self.stage.phase is Phase.RUNNING and told is not None:
                self.stage.measure(told)
        return self

    def until_over(self, bound: float = 3600.0) -> Ridden:
        """To the session's end."""
        while self.stage.phase not in (Phase.ENDING, Phase.COMPLETED, Phase.STOPPED) and self.stage.now < bound:
            self.go(1.0)
        assert self.stage.phase is Phase.ENDING, f"{self.stage.phase} after {bound} s"
        assert self.stage.ordered[-1] is MachineRequest.FINISH
        return self

    def _follow(self, now: float) -> None:
        target = self.stage.speed
        if target is not None and (not self._goals or self._goals[-1][1] != target):
            self._goals.append((now, target))
        goal = next((goal for at, goal in reversed(self._goals) if now >= at + self.delay), None)
        if goal is not None and self.stage.phase is Phase.RUNNING:
            step = self.rate * STEP
            self.speed = min(self.speed + step, goal) if goal > self.speed else max(self.speed - step, goal)
