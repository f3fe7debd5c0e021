"""Durations, speeds and inclines as people write them.

Rules:
- Every number is finite, has at most `LONGEST` characters, and lies within the bounds here; everything else is a
  WorkoutError that says what was written and how to write it.
- A duration and an incline written as text carry their unit; a speed without one is km/h.
- Minutes and hours have one decimal at most: `1.5m` is taken, `1.30m` is refused with both things it may mean.
- An incline finer than 0.1 % is refused; a speed is the nearest 0.01 km/h.
- Arithmetic is decimal until the last step: `1.1m` is 66 s, not 66.00000000000001 s.
- These bounds only catch slips of the pen. What a belt may do is decided by the safety gate, not here.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from runback import number_parsing
from runback.config_files.error_text import quoted
from runback.errors import WorkoutError
from runback.units import KM_PER_MILE, speed_from_kmh, speed_from_mph, speed_from_pace
from runback.workout.formatting import spell_duration, spell_incline, spell_speed

SHORTEST_STEP = 1.0  # s
LONGEST_STEP = 86_400.0  # s, 24 h
LOWEST_SPEED = 10  # 0.01 km/h
HIGHEST_SPEED = 2500  # 0.01 km/h
LOWEST_INCLINE = -100  # 0.1 %
HIGHEST_INCLINE = 400  # 0.1 %
LONGEST = 40
"""Characters a single quantity may have; keeps every conversion cheap whatever is pasted."""

_NUMBER = number_parsing.UNSIGNED
_PART = re.compile(rf"({_NUMBER})\s*(h|hr|m|min|s|sec)(?![a-z])\s*")
_CLOCK = re.compile(r"(?:([0-9]+):)?([0-9]+):([0-9]{2}(?:\.[0-9]+)?)")
_SPEED = re.compile(rf"({_NUMBER})\s*(km/h|kmh|kph|mph|mi/h)?")
_PACE = re.compile(r"([0-9]+):([0-9]{2}(?:\.[0-9]+)?)\s*(?:min)?/(km|mile|mi)")
_INCLINE = re.compile(rf"([-+]?{_NUMBER})\s*%")
_SECONDS = {"h": 3600, "m": 60, "s": 1}

_DURATION_MEND = "write it like 90s, 5m, 1m30s, 1:30 or 2h"
_SPEED_MEND = "write it like 7.5, 7.5 km/h, 4.7 mph or 8:00/km"
_INCLINE_MEND = "write it like 1% or -2.5%"
_NOT_NUMBERS = {"nan", "inf", "infinity"}


def duration(text: str, where: str) -> float:
    """Seconds, from `90s`, `1.5m`, `1m30s`, `1:30`, `1:00:00`, `2h`. Raises WorkoutError."""
    plain = _plain(text, "duration", where, _DURATION_MEND)
    if plain.startswith("-"):
        raise WorkoutError(where, f"duration {quoted(text)} is negative", "write how long the step lasts, such as 5m")
    if re.fullmatch(_NUMBER, plain):
        hint = f"write {plain}s for seconds or {plain}m for minutes (decimals take a point, not a comma)"
        raise WorkoutError(where, f"duration {quoted(text)} has no unit", hint)
    seconds = _clock(text, plain, where) if ":" in plain else _parts(text, plain, where)
    return _bounded_duration(float(seconds), quoted(text), where)


def duration_value(value: object, where: str) -> float:
    """Seconds, from text with its unit. A bare number is refused, as it is in the notation: seconds or minutes, nobody
    can tell. Raises WorkoutError."""
    if isinstance(value, str):
        return duration(value, where)
    _bounded_duration(_finite(value, "duration", where, _DURATION_MEND), f"{value}", where)
    hint = f'write duration = "{value}s" for seconds or duration = "{value}m" for minutes'
    raise WorkoutError(where, f"duration {value} has no unit", hint)


def duration_bounded(seconds: float, where: str) -> float:
    """`seconds`, if a step may last so long. Raises WorkoutError."""
    return _bounded_duration(seconds, f"{seconds:g} s", where)


def speed(text: str, where: str) -> int:
    """0.01 km/h, from `7.5`, `7.5 km/h`, `4.7 mph`, `8:00/km`, `12:53/mile`. Raises WorkoutError."""
    plain = re.sub(r"\s*/\s*", "/", _plain(text, "speed", where, _SPEED_MEND))
    if plain.startswith("-"):
        raise WorkoutError(where, f"speed {quoted(text)} is negative", "write a speed above zero")
    if match := _SPEED.fullmatch(plain):
        number = float(match[1])
        converted = speed_from_mph(number) if match[2] in ("mph", "mi/h") else speed_from_kmh(number)
        return _bounded_speed(converted, quoted(text), where)
    if match := _PACE.fullmatch(plain):
        seconds = int(match[1]) * 60 + float(match[2])
        if float(match[2]) >= 60 or seconds == 0:
            raise WorkoutError(where, f"pace {quoted(text)} is not a time per distance", _SPEED_MEND)
        return _bounded_speed(
            speed_from_pace(seconds if match[3] == "km" else seconds / KM_PER_MILE), quoted(text), where
        )
    if re.fullmatch(r"[0-9]+:[0-9]{2}", plain):
        raise WorkoutError(where, f"pace {quoted(text)} has no unit", f"write {plain}/km or {plain}/mile")
    if match := re.fullmatch(r"([0-9]+)\s*(?:min)?/(km|mi|mile)", plain):
        hint = f"write a pace with its seconds: {match[1]}:00/{match[2]}"
        raise WorkoutError(where, f"pace {quoted(text)} has no seconds", hint)
    raise WorkoutError(where, f"speed {quoted(text)} cannot be read", _SPEED_MEND)


def speed_value(value: object, where: str) -> int:
    """0.01 km/h, from text or a plain number of km/h. Raises WorkoutError."""
    if isinstance(value, str):
        return speed(value, where)
    number = _finite(value, "speed", where, _SPEED_MEND)
    if number < 0:
        raise WorkoutError(where, f"speed {value} is negative", "write a speed above zero")
    return _bounded_speed(speed_from_kmh(min(number, 1e9)), f"{value}", where)


def incline(text: str, where: str) -> int:
    """0.1 %, from `1%` or `-2.5 %`. Raises WorkoutError."""
    plain = _plain(text, "incline", where, _INCLINE_MEND)
    if match := _INCLINE.fullmatch(plain):
        return _bounded_incline(_tenths(Decimal(match[1]), quoted(text), where), quoted(text), where)
    if re.fullmatch(rf"[-+]?{_NUMBER}", plain):
        raise WorkoutError(where, f"incline {quoted(text)} has no % sign", f"write {plain}%")
    raise WorkoutError(where, f"incline {quoted(text)} cannot be read", _INCLINE_MEND)


def incline_value(value: object, where: str) -> int:
    """0.1 %, from text with its % sign or a plain number of percent. Raises WorkoutError."""
    if isinstance(value, str):
        return incline(value, where)
    number = _finite(value, "incline", where, _INCLINE_MEND)
    return _bounded_incline(_tenths(Decimal(repr(number)), f"{value}", where), f"{value}", where)


def _tenths(percent: Decimal, shown: str, where: str) -> int:
    """0.1 % from percent. What is finer is refused, not rounded: 0.05 % would become level."""
    tenths = max(Decimal(-1000), min(percent, Decimal(1000))) * 10  # what is beyond is refused by the caller
    if tenths % 1:
        low = math.floor(tenths)
        hint = f"write {spell_incline(low)}% or {spell_incline(low + 1)}%"
        raise WorkoutError(where, f"incline {shown} is finer than 0.1 %, the step that inclines have", hint)
    return int(tenths)


def _plain(text: str, quantity: str, where: str, hint: str) -> str:
    """`text` trimmed, in small letters, with a plain minus sign; refused if empty, too long or no number at all."""
    plain = text.strip().lower().replace("−", "-")
    if not plain:
        raise WorkoutError(where, f"the {quantity} is empty", hint)
    if len(plain) > LONGEST:
        raise WorkoutError(where, f"{quantity} {quoted(text)} is too long to be one", hint)
    if plain.lstrip("+-") in _NOT_NUMBERS:
        raise WorkoutError(where, f"{quantity} {quoted(text)} is not a finite number", hint)
    return plain


def _finite(value: object, quantity: str, where: str, hint: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WorkoutError(where, f"{quantity} is {_kind_of(value)}, not a number or text", hint)
    if isinstance(value, int) and abs(value) > 10**12:
        raise WorkoutError(where, f"{quantity} has {len(hex(abs(value))) - 2} hexadecimal digits, far too many", hint)
    if not math.isfinite(value):
        raise WorkoutError(where, f"{quantity} {value} is not a finite number", hint)
    return float(value)


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    names = {"dict": "a table", "list": "a list", "time": "a time of day without quotes", "date": "a date"}
    return names.get(type(value).__name__, f"a {type(value).__name__}")


def _clock(text: str, plain: str, where: str) -> Decimal:
    match = _CLOCK.fullmatch(plain)
    if match is None or Decimal(match[3]) >= 60 or (match[1] and (len(match[2]) != 2 or int(match[2]) >= 60)):
        raise WorkoutError(where, f"duration {quoted(text)} is not m:ss or h:mm:ss", "write it like 1:30 or 1:00:00")
    return Decimal(match[1] or 0) * 3600 + Decimal(match[2]) * 60 + Decimal(match[3])


def _parts(text: str, plain: str, where: str) -> Decimal:
    at, total, left = 0, Decimal(0), "hms"
    while at < len(plain):
        match = _PART.match(plain, at)
        if match is None:
            raise WorkoutError(where, f"duration {quoted(text)} cannot be read", _DURATION_MEND)
        unit = match[2][0]
        if unit not in left:
            what = f"duration {quoted(text)} does not go from hours to minutes to seconds"
            raise WorkoutError(where, what, "write each unit once, like 1h5m30s")
        left = left[left.index(unit) + 1 :]
        if unit != "s" and number_parsing.decimals(match[1]) > 1:
            raise _two_readings(text, match[1], unit, where)
        total += Decimal(match[1]) * _SECONDS[unit]
        at = match.end()
    return total


def _two_readings(text: str, number: str, unit: str, where: str) -> WorkoutError:
    """`1.30m` may be 1.3 minutes or one minute thirty: whoever wrote it has to say which."""
    whole, _, part = number.partition(".")
    readings = [spell_duration(float(Decimal(number) * _SECONDS[unit]))]
    if len(part) == 2 and int(part) < 60:
        readings.append(spell_duration(float(int(whole or 0) * _SECONDS[unit] + int(part) * _SECONDS[unit] // 60)))
    hint = f"write {' or '.join(dict.fromkeys(readings))}"
    return WorkoutError(where, f"duration {quoted(text)} has more than one decimal and can be misread", hint)


def _bounded_duration(seconds: float, shown: str, where: str) -> float:
    if seconds <= 0:
        fault = "is negative" if seconds < 0 else "is zero"
        raise WorkoutError(where, f"duration {shown} {fault}", "write how long the step lasts, such as 5m")
    if seconds < SHORTEST_STEP:
        raise WorkoutError(where, f"duration {shown} is shorter than 1 s", "make the step at least 1s long")
    if seconds > LONGEST_STEP:
        raise WorkoutError(where, f"duration {shown} is longer than {spell_duration(LONGEST_STEP)}", "shorten the step")
    return seconds


def _bounded_speed(value: int, shown: str, where: str) -> int:
    low, high = spell_speed(LOWEST_SPEED), spell_speed(HIGHEST_SPEED)
    if value < LOWEST_SPEED:
        hint = f"write a speed of at least {low} km/h (a rest is a pause, not a step)"
        raise WorkoutError(where, f"speed {shown} is below {low} km/h", hint)
    if value > HIGHEST_SPEED:
        raise WorkoutError(where, f"speed {shown} is above {high} km/h", f"write a speed of at most {high} km/h")
    return value


def _bounded_incline(value: int, shown: str, where: str) -> int:
    if not LOWEST_INCLINE <= value <= HIGHEST_INCLINE:
        low, high = spell_incline(LOWEST_INCLINE), spell_incline(HIGHEST_INCLINE)
        what = f"incline {shown} is outside {low} % to {high} %"
        raise WorkoutError(where, what, "write an incline your treadmill has")
    return value
