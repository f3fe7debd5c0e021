"""What a person has to do at the treadmill, because it cannot be done from here (quirks 10, 15, 17, 20, 21, 38).

Rules:
- What the treadmill's own buttons have to do is said in words; nothing is ordered in their place but Stop.
- A speed is asked for once. It counts as set when the belt is measured near it, whoever set it.
- Its start button may take `PRESS_WITHIN` seconds; after that the start is off.

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

import math

from runback.session.model import ManualMode
from runback.units import Unit, spell

PRESS_WITHIN = 60.0
"""Seconds a person has to press the treadmill's own start button, once it has been counted down."""
SET_AS_ASKED = 30
"""0.3 km/h: a belt this near is set as the person was asked to."""
PRESS_START = "press START on the treadmill"
PRESS_PAUSE = "press PAUSE or STOP on the treadmill"
PRESS_STOP = "press STOP on the treadmill"
UNSEEN_STOP = "press STOP on the treadmill: runback does not see whether its belt rests"


class ManualPrompts:
    """What one session asks its person to do at the treadmill, and what of it is still to be done."""

    __slots__ = ("_asked", "mode", "press_by", "unit")

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        """What the words have speeds in."""
        self.mode = ManualMode.NOTHING
        """What has to be done there; set when it is known which treadmill it is."""
        self.press_by = math.inf
        """When a start that waits for the button is off."""
        self._asked: int | None = None
        """The speed that was asked for last."""

    @property
    def starts(self) -> bool:
        """Whether its own button starts the belt."""
        return self.mode is not ManualMode.NOTHING

    @property
    def speeds(self) -> bool:
        """Whether the person sets every speed, at the session's word."""
        return self.mode in (ManualMode.EVERYTHING, ManualMode.UNSEEN)

    @property
    def unseen(self) -> bool:
        """Whether nothing is known of the belt, and the clock alone says where the workout is."""
        return self.mode is ManualMode.UNSEEN

    @property
    def start_within(self) -> float:
        """Seconds a start that has been ordered may wait for the person's hand."""
        return PRESS_WITHIN if self.starts else 0.0

    def await_start(self, now: float) -> None:
        """The person has been asked to press the start button."""
        self.press_by = now + PRESS_WITHIN

    def forget_speed(self) -> None:
        """The belt runs again: the next speed is asked for, even if it is the last one again."""
        self._asked = None

    def ask_speed(self, speed: int) -> str:
        """The words that ask for `speed`."""
        self._asked = speed
        return set_it(speed, self.unit)

    def has_asked(self, speed: int) -> bool:
        """Whether `speed` is what was asked for last."""
        return self._asked == speed

    def is_set(self, measured: int, notice: str | None) -> bool:
        """Whether `notice` asks for a speed that the belt, `measured` so, has by now."""
        asked = self._asked
        return asked is not None and notice == set_it(asked, self.unit) and abs(measured - asked) <= SET_AS_ASKED

    def stop_words(self, notice: str | None) -> str | None:
        """What the person has to do where a Stop from here may not be all; `notice` where it is."""
        if self.unseen:
            return UNSEEN_STOP
        return PRESS_STOP if self.speeds else notice


def set_it(speed: int, unit: Unit) -> str:
    """What the person is asked to set."""
    return f"set {spell(speed, unit)} on the treadmill"
