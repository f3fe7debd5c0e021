"""What a person, or a script, is shown before anything is written.

Rules:
- Each step stands with its speed and as a pace, in kilometres or miles as the person has them; then the total, the
  fastest step, what was guessed, what was clamped. Nothing is left out for length.
- A note of the file's is shown with the first step it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator

from runback.importing.resolve import PreviewLine, Resolved
from runback.units import Unit, spell, spell_length
from runback.workout.formatting import spell_duration, spell_incline, spell_speed
from runback.workout.model import Step, Workout


def lines(resolved: Resolved, where: str, unit: Unit = Unit.KMH) -> Iterator[str]:
    """The preview, line by line. `where` is the file it came from; `unit` is the person's."""
    workout = resolved.workout
    yield f"{workout.name} ({resolved.format}, from {where})"
    if workout.description:
        yield workout.description
    told: tuple[str, ...] = ()
    origin = ""
    for line in resolved.lines:
        indent = "  " * (line.depth + 1)
        if line.step is None:
            yield f"{indent}{line.times}x"
            continue
        yield _step(indent, line, line.step, unit)
        if line.where != origin or line.notes != told:
            yield from (f'{indent}  "{note}"' for note in line.notes)
        origin, told = line.where, line.notes
    fastest = _fastest(workout)
    yield f"Total    {spell_duration(round(workout.duration, 3))}, {spell_length(_distance(workout), unit)}"
    top = fastest.speed
    yield f"Fastest  {_speed(top, unit)}, {spell(top, _pace(unit))}, for {spell_duration(fastest.duration)}"
    yield from (f"Guessed  {line}" for line in resolved.guessed)
    yield from (f"Clamped  {line}" for line in resolved.clamped)


def as_json(resolved: Resolved) -> dict[str, object]:
    """The same for a script; units are in the keys."""
    workout = resolved.workout
    return {
        "name": workout.name,
        "description": workout.description,
        "format": resolved.format,
        "duration_s": round(workout.duration, 3),
        "distance_m": round(_distance(workout), 1),
        "top_kmh": workout.top_speed / 100,
        "steps": [
            {
                "kind": step.kind.value,
                "duration_s": step.duration,
                "speed_kmh": step.speed / 100,
                "pace": spell(step.speed, Unit.MIN_PER_KM),
                "incline_percent": step.incline / 10,
            }
            for step in workout.flat()
        ],
        "guessed": list(resolved.guessed),
        "clamped": list(resolved.clamped),
    }


def _step(indent: str, line: PreviewLine, step: Step, unit: Unit) -> str:
    incline = f"  {spell_incline(step.incline)} %" if step.incline else ""
    figures = f"{spell_duration(step.duration):>7}  {step.kind:<9}  {_speed(step.speed, unit):>10}  "
    return f"{indent}{figures}{spell(step.speed, _pace(unit)):>8}{incline}  ({line.where})"


def _speed(speed: int, unit: Unit) -> str:
    """km/h as the file that is written has it, mph to a decimal: both stand beside a pace of the same length."""
    return spell(speed, Unit.MPH) if unit.length == "mi" else f"{spell_speed(speed)} km/h"


def _pace(unit: Unit) -> Unit:
    return Unit.MIN_PER_MILE if unit.length == "mi" else Unit.MIN_PER_KM


def _fastest(workout: Workout) -> Step:
    return max(workout.flat(), key=lambda step: step.speed)


def _distance(workout: Workout) -> float:
    """Metres."""
    return sum(step.speed / 360 * step.duration for step in workout.flat())
