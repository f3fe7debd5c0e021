"""What a person, or a script, is shown before anything is written.

Rules:
- Each step stands with its speed in km/h and as a pace; then the total, the fastest step, what was guessed, what was
  clamped. Nothing is left out for length.
- A note of the file's is shown with the first step it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator

from runback.importing.resolve import Line, Resolved
from runback.workout.model import Step, Workout
from runback.workout.wording import spell_duration, spell_incline, spell_speed


def spell_pace(speed: int) -> str:
    """0.01 km/h as `5:27/km`."""
    minutes, seconds = divmod(round(360_000 / speed), 60)
    return f"{minutes}:{seconds:02d}/km"


def lines(resolved: Resolved, where: str) -> Iterator[str]:
    """The preview, line by line. `where` is the file it came from."""
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
        yield _step(indent, line, line.step)
        if line.where != origin or line.notes != told:
            yield from (f'{indent}  "{note}"' for note in line.notes)
        origin, told = line.where, line.notes
    fastest = _fastest(workout)
    yield f"Total    {spell_duration(round(workout.duration, 3))}, {_distance(workout) / 1000:.2f} km"
    top = fastest.speed
    yield f"Fastest  {spell_speed(top)} km/h, {spell_pace(top)}, for {spell_duration(fastest.duration)}"
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
                "pace": spell_pace(step.speed),
                "incline_percent": step.incline / 10,
            }
            for step in workout.flat()
        ],
        "guessed": list(resolved.guessed),
        "clamped": list(resolved.clamped),
    }


def _step(indent: str, line: Line, step: Step) -> str:
    incline = f"  {spell_incline(step.incline)} %" if step.incline else ""
    figures = f"{spell_duration(step.duration):>7}  {step.kind:<9}  {spell_speed(step.speed):>5} km/h  "
    return f"{indent}{figures}{spell_pace(step.speed):>8}{incline}  ({line.where})"


def _fastest(workout: Workout) -> Step:
    return max(workout.flat(), key=lambda step: step.speed)


def _distance(workout: Workout) -> float:
    """Metres."""
    return sum(step.speed / 360 * step.duration for step in workout.flat())
