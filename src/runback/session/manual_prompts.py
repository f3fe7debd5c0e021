"""What a person has to do at the treadmill, in words, where it cannot be done from here (quirks 15, 17, 20, 21).

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from runback.units import Unit, spell

PRESS_WITHIN = 60.0
"""Seconds a person has to press the treadmill's own start button, once it has been counted down."""
SET_AS_ASKED = 30
"""0.3 km/h: a belt this near is set as the person was asked to."""
PRESS_START = "press START on the treadmill"
PRESS_PAUSE = "press PAUSE or STOP on the treadmill"
PRESS_STOP = "press STOP on the treadmill"
UNSEEN_STOP = "press STOP on the treadmill: runback does not see whether its belt rests"


def set_it(speed: int, unit: Unit) -> str:
    """What the person is asked to set."""
    return f"set {spell(speed, unit)} on the treadmill"
