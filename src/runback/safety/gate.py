"""The gate every target passes before it may be written.

Rules:
1. Permission defaults to false. Only a person's act (`arm`) gives it; anything may take it away (`withdraw`), or
   suspend it for as long as the belt cannot be seen (`hold`).
2. Lowering always passes: armed or not, above a cap or not, at any rate.
3. Raising passes only while armed, never above the lowest cap, by at most `per_command` in one command and at most
   `per_second` within any one second. What does not fit now is granted later, in parts.
4. Starting the belt is raising it.
5. The gate never makes a target: it answers with at most what was asked.

Units: speed 0.01 km/h, incline 0.1 %, time s.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Literal

from runback.errors import LimitError

ABSOLUTE_CAP = 2000
"""20 km/h: nobody coming back from an injury needs more (issue 'the main job', 3). A lower one is `Caps.person`."""

WINDOW = 1.0
"""Length, in seconds, of the window `per_second` is counted in."""

Layer = Literal["absolute", "person", "machine", "profile", "workout", "plan"]


@dataclass(frozen=True, slots=True)
class Caps:
    """The highest speed each layer allows, 0.01 km/h; None where a layer says nothing."""

    absolute: int = ABSOLUTE_CAP
    person: int | None = None
    machine: int | None = None
    profile: int | None = None
    workout: int | None = None
    plan: int | None = None

    def lowest(self) -> tuple[int, Layer]:
        """The cap that binds, and the layer it comes from (the outermost of equals)."""
        layers: tuple[tuple[int | None, Layer], ...] = (
            (self.absolute, "absolute"),
            (self.person, "person"),
            (self.machine, "machine"),
            (self.profile, "profile"),
            (self.workout, "workout"),
            (self.plan, "plan"),
        )
        return min(((cap, layer) for cap, layer in layers if cap is not None), key=lambda pair: pair[0])


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast the target may rise, 0.01 km/h: in one command, and within one second."""

    per_command: int = 300
    per_second: int = 300


class Gate:
    """Permission to move the belt. Holds no intent; see `Machine` for what is wanted."""

    def __init__(self, caps: Caps | None = None, rates: Rates | None = None) -> None:
        self.caps = caps or Caps()
        self.rates = rates or Rates()
        self.armed = False
        self.held = False
        """While true nothing is raised; permission itself stays as it was."""
        self.reason = "nobody has started a session"
        self._granted: deque[tuple[float, int]] = deque()

    def arm(self) -> None:
        """A person said so: raising is possible from now on."""
        self.armed = True
        self.reason = ""

    def withdraw(self, reason: str) -> None:
        """No raising from now on, whoever asks. Idempotent; the first reason stands until the next `arm`."""
        if self.armed:
            self.armed = False
            self.reason = reason

    @property
    def open(self) -> bool:
        """Whether anything may be raised, or started, at all."""
        return self.armed and not self.held

    def narrow(self, layer: Layer, cap: int) -> None:
        """Add a layer's cap. A layer already narrower stays as it is: caps are only ever lowered."""
        known: int | None = getattr(self.caps, layer)
        self.caps = replace(self.caps, **{layer: cap if known is None else min(known, cap)})

    def check(self, speed: int) -> None:
        """Raise LimitError if `speed` is above the lowest cap: what a workout is told before it begins."""
        cap, layer = self.caps.lowest()
        if speed > cap:
            raise LimitError("speed", speed, 0, cap, f"{layer} cap")

    def permit(self, current: int, asked: int, now: float) -> int:
        """The speed that may be commanded now on the way from `current` to `asked`.

        `asked` itself if that lowers; otherwise at most `asked`, and `current` if nothing more is allowed yet.
        """
        if asked <= current:
            return asked
        if not self.open:
            return current
        cap, _ = self.caps.lowest()
        room = min(self.rates.per_command, self.rates.per_second - self._spent(now))
        return max(current, min(asked, cap, current + max(room, 0)))

    def granted(self, rise: int, now: float) -> None:
        """Note that a command raising the target by `rise` (> 0) is being written."""
        if rise > 0:
            self._granted.append((now, rise))

    def next_room(self) -> float | None:
        """When a rise held back by `per_second` may go on; None if nothing is counted."""
        return self._granted[0][0] + WINDOW if self._granted else None

    def _spent(self, now: float) -> int:
        while self._granted and self._granted[0][0] + WINDOW <= now:
            self._granted.popleft()
        return sum(rise for _, rise in self._granted)
