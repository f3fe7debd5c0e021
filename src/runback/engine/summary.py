"""How a session went: its outcome, and planned against actual for each interval."""

from __future__ import annotations

from enum import Enum

from runback.engine import snapshots
from runback.engine.recorder import Field
from runback.engine.session_engine import SessionEngine
from runback.ftms.assigned_numbers import short_name
from runback.session.model import Phase
from runback.session.totals import IntervalTotals
from runback.units import Unit, figure, spell, spell_length


class SessionOutcome(Enum):
    """How it ended; the value is the word in summaries."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    ALARM = "alarm"


EXIT_CODES: dict[SessionOutcome, int] = {
    SessionOutcome.COMPLETED: 0,
    SessionOutcome.STOPPED: 3,
    SessionOutcome.ALARM: 4,
}
RAN = frozenset({EXIT_CODES[SessionOutcome.COMPLETED], EXIT_CODES[SessionOutcome.STOPPED]})
"""Exit codes of a session whose belt came to rest."""


def outcome(engine: SessionEngine) -> SessionOutcome:
    """What became of the session, once it is over."""
    machine = engine.machine
    if engine.session.phase is Phase.COMPLETED:
        return SessionOutcome.COMPLETED
    latch = machine.latch
    if latch.confirmed_by_person:
        return SessionOutcome.ALARM
    return SessionOutcome.STOPPED if engine.at_rest() else SessionOutcome.ALARM


def _at(engine: SessionEngine) -> float:
    """The moment that is told of: the session's end, not that of the link, which takes longer."""
    return engine.now() if engine.ended_at is None else engine.ended_at


def summary(engine: SessionEngine) -> dict[str, Field]:
    """The fields of the last line of `--json`."""
    session, ended = engine.session, outcome(engine)
    speed_plan = session.speed_plan
    return {
        "outcome": ended.value,
        "exit_code": EXIT_CODES[ended],
        "reason": session.stop_reason or session.notice,
        "workout": session.workout.name,
        "planned_s": session.workout.duration,
        "actual_s": round(speed_plan.watch.read(_at(engine)), 3),
        **changing(engine),
        "distance_m": round(speed_plan.totals.metres, 1),
        "intervals": [_interval(interval) for interval in speed_plan.totals.intervals],
        "writes": [
            {"t": round(at, 6), "uuid": short_name(write.uuid), "hex": write.data.hex(), "source": write.source.value}
            for at, write in engine.writes
        ],
    }


def changing(engine: SessionEngine) -> dict[str, Field]:
    """How long changes of speed took that did not count; nothing where every second counts."""
    seconds = snapshots.changing(engine.session, _at(engine))
    return {} if seconds is None else {"changing_s": seconds}


def _interval(interval: IntervalTotals) -> dict[str, object]:
    average = interval.average_speed
    return {
        "number": interval.number,
        "kind": interval.planned.kind.value,
        "began": round(interval.began, 6),
        "planned_s": interval.planned.duration,
        "planned_kmh": interval.planned.speed / 100,
        "actual_s": round(interval.seconds, 3),
        "actual_kmh": None if average is None else average / 100,
        "top_kmh": interval.top_speed / 100,
        "distance_m": round(interval.metres, 1),
        **({"changing_s": round(interval.changing, 3)} if interval.changing else {}),
    }


def lines(engine: SessionEngine) -> list[str]:
    """The same for a person to read."""
    session, ended = engine.session, outcome(engine)
    speed_plan = session.speed_plan
    far = "distance not seen" if session.timed_only else _length(speed_plan.totals.metres, session.unit)
    text = [
        f"{session.workout.name}: {ended.value}"
        + (f" ({session.stop_reason})" if session.stop_reason and ended is not SessionOutcome.COMPLETED else "")
        + f", {_took(engine)}, {far}"
    ]
    for interval in speed_plan.totals.intervals:
        average = interval.average_speed
        text.append(
            f"{interval.number:3}  {interval.planned.kind.value:<9}"
            f"  planned {clock_text(interval.planned.duration):>6} at {_speed(interval.planned.speed, session.unit)}"
            f"  done {clock_text(interval.seconds):>6} at " + _speed(average, session.unit)
        )
    return [*text, last_seen(engine)]


def _took(engine: SessionEngine) -> str:
    session, counted = engine.session, engine.session.speed_plan.watch.read(_at(engine))
    changed = snapshots.changing(session, _at(engine))
    planned = clock_text(session.workout.duration)
    if changed is None:
        return f"{clock_text(counted)} of {planned}"
    return f"planned {planned}, took {clock_text(counted + changed)} of which {clock_text(changed)} changing speed"


def last_seen(engine: SessionEngine) -> str:
    """What the belt was last seen doing: the last plain line of every session."""
    speed, at = engine.seen.belt
    unit = engine.session.unit
    if engine.session.timed_only:
        return "Its belt is not seen from here: look whether it is at rest."
    if speed is None:
        return "The belt was never seen." if engine.writes else "Nothing was sent to the treadmill."
    age = _at(engine) - at
    if age <= snapshots.FRESH:
        return "The belt is at rest." if speed == 0 else f"The belt is still at {spell(speed, unit)}."
    ago = f"{age:.0f} s before the end"
    return f"The belt was last seen {'at rest' if speed == 0 else f'at {spell(speed, unit)}'}, {ago}."


def _speed(speed: int | None, unit: Unit) -> str:
    """A column of speeds: `7.5 km/h`, `8:00/km`, `   - km/h`."""
    if speed is None:
        return f"{'-':>4} {unit}" if not unit.is_pace else f"{'-':>5}/{unit.length}"
    return f"{figure(speed, unit):>4} {unit}" if not unit.is_pace else f"{spell(speed, unit):>8}"


def _length(metres: float, unit: Unit) -> str:
    return f"{metres:.0f} m" if unit.length == "km" else spell_length(metres, unit)


def clock_text(seconds: float) -> str:
    """Minutes and seconds, `5:00`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"
