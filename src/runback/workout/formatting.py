"""How workouts are spelled, and how what a person wrote is shown back to them.

Rules:
- What is spelled here is read back by `quantities` as the same value.
"""

from __future__ import annotations


def spell_duration(seconds: float) -> str:
    """Seconds as `1h`, `1m30s`, `90.5s`."""
    if seconds != int(seconds):
        return f"{seconds!r}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def spell_speed(speed: int) -> str:
    """0.01 km/h as km/h without unit: `7.5`, `8.25`."""
    return f"{speed / 100:.1f}" if speed % 10 == 0 else f"{speed / 100:.2f}"


def spell_incline(incline: int) -> str:
    """0.1 % as percent without sign: `1`, `-2.5`."""
    return f"{incline / 10:g}"
