"""How a session went: its outcome, and planned against actual for each interval."""

from __future__ import annotations

from enum import Enum

from runback.ftms.assigned import short_name
from runback.keeper import view
from runback.keeper.conductor import Conductor
from runback.keeper.recorder import Field
from runback.machine.stop import Latch
from runback.session.states import Phase
from runback.session.totals import Interval


class Outcome(Enum):
    """How it ended; the value is the word in summaries."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    ALARM = "alarm"


EXIT_CODES: dict[Outcome, int] = {Outcome.COMPLETED: 0, Outcome.STOPPED: 3, Outcome.ALARM: 4}


def outcome(conductor: Conductor) -> Outcome:
    """What became of the session, once it is over."""
    machine = conductor.machine
    if conductor.session.phase is Phase.COMPLETED:
        return Outcome.COMPLETED
    latch = machine.latch
    if latch.by_eye:
        return Outcome.ALARM
    resting = machine.belt.speed == 0 and not latch.latched
    at_rest = latch.state is Latch.AT_REST or resting or not conductor.writes or conductor.session.by_clock
    return Outcome.STOPPED if at_rest else Outcome.ALARM


def summary(conductor: Conductor) -> dict[str, Field]:
    """The fields of the last line of `--json`."""
    session, ended = conductor.session, outcome(conductor)
    course = session.course
    return {
        "outcome": ended.value,
        "exit_code": EXIT_CODES[ended],
        "reason": session.stop_reason or session.notice,
        "workout": session.workout.name,
        "planned_s": session.workout.duration,
        "actual_s": round(course.watch.read(conductor.now()), 3),
        "distance_m": round(course.totals.metres, 1),
        "intervals": [_interval(interval) for interval in course.totals.intervals],
        "writes": [
            {"t": round(at, 6), "uuid": short_name(write.uuid), "hex": write.data.hex(), "source": write.source.value}
            for at, write in conductor.writes
        ],
    }


def _interval(interval: Interval) -> dict[str, object]:
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
    }


def lines(conductor: Conductor) -> list[str]:
    """The same for a person to read."""
    session, ended = conductor.session, outcome(conductor)
    course = session.course
    far = "distance not seen" if session.by_clock else f"{course.totals.metres:.0f} m"
    text = [
        f"{session.workout.name}: {ended.value}"
        + (f" ({session.stop_reason})" if session.stop_reason and ended is not Outcome.COMPLETED else "")
        + f", {clock_text(course.watch.read(conductor.now()))} of {clock_text(session.workout.duration)},"
        + f" {far}"
    ]
    for interval in course.totals.intervals:
        average = interval.average_speed
        text.append(
            f"{interval.number:3}  {interval.planned.kind.value:<9}"
            f"  planned {clock_text(interval.planned.duration):>6} at {interval.planned.speed / 100:4.1f} km/h"
            f"  done {clock_text(interval.seconds):>6} at "
            + ("   - km/h" if average is None else f"{average / 100:4.1f} km/h")
        )
    return [*text, last_seen(conductor)]


def last_seen(conductor: Conductor) -> str:
    """What the belt was last seen doing: the last plain line of every session."""
    speed, at = conductor.seen.belt
    if conductor.session.by_clock:
        return "Its belt is not seen from here: look whether it is at rest."
    if speed is None:
        return "The belt was never seen." if conductor.writes else "Nothing was sent to the treadmill."
    if conductor.now() - at <= view.FRESH:
        return "The belt is at rest." if speed == 0 else f"The belt is still at {speed / 100:.1f} km/h."
    ago = f"{conductor.now() - at:.0f} s before the end"
    return f"The belt was last seen {'at rest' if speed == 0 else f'at {speed / 100:.1f} km/h'}, {ago}."


def clock_text(seconds: float) -> str:
    """Minutes and seconds, `5:00`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"
