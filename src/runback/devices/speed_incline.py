"""Speed and incline: whether they can be set, in which units, how finely."""

from __future__ import annotations

from runback.devices.field_types import Kmh, Percent, Seconds, table
from runback.devices.quirk_values import InclineCode, Refusal, Rounding, Trust, WireUnit


@table
class Speed:
    """The belt's speed. `minimum`, `maximum` and `increment` narrow what the machine reports; they never widen it."""

    controllable: bool | None = None
    """False: the firmware has it locked; the app says, the person presses (20, 21)."""
    refusal: Refusal | None = None
    """What a locked machine answers to a target speed (20). For the twin."""
    write_unit: WireUnit | None = None
    """What a target speed on the wire is counted in. Not known or `console`: the first target is the lowest speed, and
    is compared with what is measured before any higher one (22)."""
    read_unit: WireUnit | None = None
    """What the measured speed is counted in (22)."""
    range_unit: WireUnit | None = None
    """What 2AD4 is counted in (23)."""
    minimum: Kmh | None = None
    """Lowest speed, km/h (26)."""
    maximum: Kmh | None = None
    """Highest speed, km/h (24)."""
    increment: Kmh | None = None
    """Step, km/h; never divided by, should it be 0 (24)."""
    trust: Trust = Trust.MACHINE
    """Whose increment holds (24)."""
    native_unit: WireUnit | None = None
    """What its steps are round in: `mph` if it truncates miles an hour to 0.01 km/h (24). For the twin."""
    rounding: Rounding | None = None
    """Where it takes a speed between two steps (24). For the twin."""
    below_minimum: Refusal | None = None
    """What comes of a target below the minimum; `silent`: dropped without a word (26). For the twin."""
    up_within: Seconds | None = None
    """From a target one increment above the minimum to a belt that is measured at it, seconds (16). Documentation."""
    down_within: Seconds | None = None
    """From there back to the minimum, seconds (16). Documentation."""


@table
class Incline:
    """The deck's incline. The limits narrow, as those of speed do."""

    controllable: bool | None = None
    """False: it cannot be set, or there is no motor (21, 25)."""
    refusal: Refusal | None = None
    """What it answers to a target incline it does not take (28). For the twin."""
    minimum: Percent | None = None
    """Lowest incline, percent; may be below 0 (27)."""
    maximum: Percent | None = None
    """Highest incline, percent (27)."""
    increment: Percent | None = None
    """Step, percent; some have whole percents only (27)."""
    zero_range: bool = False
    """It has 2AD5, all zero: no motor (25). For the twin."""
    code: InclineCode = InclineCode.PERCENT
    """What an incline on the wire means: 0.1 %, a level number, 0x10 + 10 for each percent, or 0.1 degree (27)."""
    per_level: Percent | None = None
    """With `code` = `level`: percent for each level. Not known: no incline is set, and none is shown (27)."""
    feedback: bool | None = None
    """False: what it reports is not where the deck is (28)."""
