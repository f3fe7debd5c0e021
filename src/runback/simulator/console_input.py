"""A person at the machine: buttons and safety key.

Rules: every deed says whether it had an effect, and one that had is told to every client by Machine Status.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from runback.simulator import encoding
from runback.simulator.console import Console


class Act(Protocol):
    """How something is done to the machine at a time."""

    def __call__(self, now: float, action: Callable[[float], bool], status: bytes | None) -> bool:
        """Let time pass up to `now`, do `action`, and tell every client `status` if that had an effect, which is
        returned."""
        ...


class Buttons:
    """What hands can do at `console`, by `act`."""

    def __init__(self, console: Console, act: Act) -> None:
        self._console = console
        self._act = act

    def press_start(self, now: float) -> bool:
        """Start or resume; False if the belt is not at rest, the key is out, or the button is dead (quirk 18)."""
        first = self._console.spec.habits.console_first
        return self._act(now, self._console.press_start, encoding.STATUS_STOPPED if first else encoding.STATUS_STARTED)

    def press_stop(self, now: float) -> bool:
        """Stop; False if it is at rest already."""
        return self._act(now, self._console.stop, encoding.STATUS_STOPPED)

    def press_pause(self, now: float) -> bool:
        """Pause; False if it is at rest already."""
        return self._act(now, self._console.pause, encoding.STATUS_PAUSED)

    def set_speed(self, now: float, speed: int) -> bool:
        """Press + or - until the display shows `speed` (0.01 km/h, brought into range); False if it is not driven."""
        status = encoding.speed_changed(self._console.speed_on_grid(speed), self._console.spec.form)
        return self._act(now, lambda at: self._console.aim(at, speed), status)

    def set_incline(self, now: float, incline: int) -> bool:
        """Likewise for `incline` (0.1 %); False without an incline motor."""
        status = encoding.incline_changed(self._console.incline_on_grid(incline), self._console.spec.form)
        return self._act(now, lambda at: self._console.tilt(at, incline), status)

    def pull_key(self, now: float) -> bool:
        """Pull the safety key: the drive is cut, nothing starts until it is back; False if it is out already."""
        return self._act(now, self._console.pull_key, encoding.STATUS_KEY)

    def insert_key(self, now: float) -> bool:
        """Put the safety key back. The belt stays at rest, and no status says so."""
        return self._act(now, self._console.insert_key, None)
