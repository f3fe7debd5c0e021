"""A session as the engine's recorder tells it, small enough to know by heart, and a journal to put it in.

A treadmill is found 3 s before anything is written. The timer runs from 12.5 to 40 s and, after a pause, from 52 to
64.5 s: 40 s of a workout of three steps. Belt speed is unknown at 20-22 s, heart rate at 25-29 s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from runback.journal.model import SessionRecord
from runback.journal.queries import story
from runback.journal.recording import Recording
from runback.journal.writer import Writer
from runback.workout.model import Kind, Step, Workout

Told = tuple[float, str, dict[str, object]]

ZERO = 1000.0
"""Monotonic seconds at which the treadmill answers."""
BEGAN = datetime(2026, 3, 1, 23, 59, 30, 250_000, timezone(timedelta(hours=2), "EET"))
WORKOUT = Workout(
    "Thursday", (Step(Kind.WARM_UP, 20.0, 450), Step(Kind.RUN, 10.0, 750, 10), Step(Kind.WALK, 10.0, 500))
)
SPANS = ((12.5, 40.0), (52.0, 64.5))
STEPS = (("warm-up", 12.5, 20.0, 4.5, 0.0), ("run", 32.5, 10.0, 7.5, 1.0), ("walk", 54.5, 10.0, 5.0, 0.0))
LAST = 68
"""The last snapshot, in seconds."""


def position(t: float) -> float:
    """The session's clock at `t`."""
    return sum(max(0.0, min(t, ended) - began) for began, ended in SPANS)


def running(t: float) -> bool:
    """Whether the timer runs at `t`."""
    return any(began <= t < ended for began, ended in SPANS)


def speed(t: float) -> float | None:
    """The measured belt speed at `t`, km/h."""
    if 20 <= t < 23:
        return None
    if not running(t):
        return 0.0
    return next(each[3] for each in reversed(STEPS) if each[1] <= t)


def metres(t: float) -> float:
    """The distance at `t`: 1 m a second of the session's clock."""
    return round(position(t), 1)


def beats(t: float) -> int | None:
    """The heart rate at `t`."""
    return None if 25 <= t < 30 else 90 + int(t)


def snapshots(*, heart_rate: bool = True, each: float = 1.0) -> Iterator[Told]:
    """The snapshots, as the recorder leaves out what is not known."""
    for count in range(int(LAST / each) + 1):
        t = count * each
        fields = {
            "elapsed_s": round(position(t), 3),
            "target_kmh": speed(t) or 0.0 if running(t) else 0.0,
            "measured_kmh": speed(t),
            "incline_percent": 0.5,
            "distance_m": metres(t),
            "heart_rate_bpm": beats(t) if heart_rate else None,
        }
        yield ZERO + t, "snapshot", {key: value for key, value in fields.items() if value is not None}


def happenings() -> Iterator[Told]:
    """Everything but snapshots and the summary."""
    yield ZERO - 3.0, "no link", {"reason": "not found"}
    yield ZERO, "connected", {"treadmill": "Köhler Läufer 3"}
    yield ZERO, "write", {"uuid": "2AD9", "hex": "00", "source": "person"}
    yield ZERO + 0.05, "notification", {"uuid": "2AD9", "hex": "800001"}
    yield ZERO + 10.0, "write", {"uuid": "2AD9", "hex": "07", "source": "plan"}
    yield ZERO + 10.04, "notification", {"uuid": "2ACD", "hex": "0000e803"}
    yield ZERO + 10.05, "notification", {"uuid": "2AD9", "hex": "800701"}
    yield ZERO + 12.0, "write", {"uuid": "2AD9", "hex": "02c201", "source": "plan"}
    yield ZERO + 12.05, "notification", {"uuid": "2AD9", "hex": "800204"}
    for began, ended in SPANS:
        yield ZERO + began, "phase", {"phase": "running", "notice": None}
        yield ZERO + ended, "phase", {"phase": "pausing" if ended < 60 else "ending", "notice": "held"}
    for number, (kind, began, planned, kmh, incline) in enumerate(STEPS, 1):
        step = {"of": 3, "number": number, "kind": kind, "duration_s": planned}
        yield ZERO + began, "step", step | {"speed_kmh": kmh, "incline_percent": incline}
    yield ZERO + 64.6, "write", {"uuid": "2AD9", "hex": "0801", "source": "plan"}
    yield ZERO + 65.6, "write hung", {"hex": "0801"}
    yield ZERO + 66.0, "phase", {"phase": "completed", "notice": None}


def summary() -> Told:
    """The last thing told."""
    done = (("warm-up", 20.0, 4.4, 4.5, 24.0), ("run", 10.0, None, 7.5, 19.5), ("walk", 10.0, 5.1, 6.0, 14.0))
    intervals = [
        {"number": number, "kind": kind, "planned_s": seconds, "actual_s": seconds}
        | {"actual_kmh": kmh, "top_kmh": top, "distance_m": distance}
        for number, (kind, seconds, kmh, top, distance) in enumerate(done, 1)
    ]
    totals = {"outcome": "completed", "reason": None, "actual_s": 40.0, "distance_m": 57.5}
    return ZERO + LAST, "summary", totals | {"intervals": intervals}


def events(*, heart_rate: bool = True, each: float = 1.0) -> list[Told]:
    """The whole session, in the order of its times."""
    told = [*happenings(), *snapshots(heart_rate=heart_rate, each=each)]
    return [*sorted(told, key=lambda one: one[0]), summary()]


def begin(path: Path, *, began: datetime = BEGAN, writer: Writer | None = None) -> Recording:
    """A recording into the journal at `path`."""
    clock: Callable[[], datetime] = lambda: began  # noqa: E731 - said with its type
    return Recording(
        Writer(path) if writer is None else writer, WORKOUT, clock, simulated=False, program="1.2.3", address="AA:BB"
    )


def keep(path: Path, told: list[Told] | None = None, *, began: datetime = BEGAN) -> SessionRecord:
    """Put a session into the journal at `path`, and read it back."""
    recording = begin(path, began=began)
    for t, event, fields in events() if told is None else told:
        recording.put(t, event, fields)
    recording.close()
    assert recording.failed is None
    return story(path, str(recording.session))
