"""From what the keeper records to what the journal keeps.

Rules:
- A session begins in the journal with its treadmill: at `connected`, or the first octets. What was recorded before that
  (looking for it, a key) is kept with a time before 0, if the session begins at all.
- Snapshots become samples, one a second however many come; octets become octets; a step an interval; everything else
  stays an event, in its own words.
- Totals and the interval under way are carried along each second, so that a killed program leaves them right.
- `put` never raises for what it is given: a field that is missing is a thing not known.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from runback.journal.model import Begun, Ended, Event, Interval, Json, Machine, Octets, Progress, Record, Sample
from runback.journal.writer import LAST_WAIT, Writer
from runback.workout.model import Workout
from runback.workout.notation import to_notation

BEFORE = 100
"""Events before the treadmill answered that are kept."""
_BEGINS = frozenset({"connected", "write", "notification"})

Fields = Mapping[str, object]


class Recording:
    """One session on its way into the journal. `clock` tells the wall's time (aware), asked once, when the session
    begins; `address` is the treadmill's, if it is known; `program` the version that runs."""

    def __init__(
        self,
        writer: Writer,
        workout: Workout,
        clock: Callable[[], datetime],
        *,
        simulated: bool,
        program: str,
        address: str = "",
    ) -> None:
        self._writer = writer
        self._workout = workout
        self._clock = clock
        self._simulated = simulated
        self._program = program
        self._address = address
        self._before: deque[tuple[float, str, Fields]] = deque(maxlen=BEFORE)
        self._zero: float | None = None
        self._order = 0
        self._totals = _Totals()
        self._ended = False

    @property
    def failed(self) -> str | None:
        """Why the journal is not complete, in one line; None if it is. Final after `close`."""
        return self._writer.failed

    @property
    def session(self) -> int | None:
        """The session's id in the journal, once it is written."""
        return self._writer.session

    def put(self, t: float, event: str, fields: Fields) -> None:
        """Take what the recorder records: `event` at `t` (s), with its `fields`."""
        if self._ended:
            return
        if self._zero is None:
            if event not in _BEGINS:
                self._before.append((t, event, fields))
                return
            self._begin(t)
        self._take(t, event, fields)

    def close(self, timeout: float = LAST_WAIT) -> None:
        """The session is over: write what is left. Never raises."""
        self._ended = True
        self._writer.close(timeout)

    def _begin(self, t: float) -> None:
        self._zero = t
        workout = self._workout
        planned = round(workout.duration * 1000)
        name, plan = _text(workout.name), to_notation(workout)
        self._writer.put(Begun(self._clock(), name, plan, planned, self._simulated, self._program))
        while self._before:
            self._take(*self._before.popleft())

    def _take(self, t: float, event: str, fields: Fields) -> None:
        at = round((t - (self._zero or 0.0)) * 1000)
        match event:
            case "snapshot":
                for record in self._totals.snapshot(at, fields):
                    self._writer.put(record)
            case "write" | "notification" if (data := _octets(_text(fields.get("hex")))) is not None:
                source = fields.get("source")
                told = None if source is None else _text(source)
                self._writer.put(Octets(self._next(), at, _text(fields.get("uuid")), data, told))
            case "summary":
                self._writer.put(self._totals.ended(at, fields))
            case _:
                if event == "connected":
                    self._writer.put(Machine(_text(fields.get("treadmill")), self._address))
                elif event == "step":
                    self._writer.put(self._totals.begin(at, fields))
                self._writer.put(Event(self._next(), at, event, _json(fields)))

    def _next(self) -> int:
        self._order += 1
        return self._order - 1


class _Totals:
    """What is carried along: the totals so far, and the interval under way."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._seconds = -1
        self._intervals: list[Interval] = []
        self._position = 0
        self._distance = 0
        self._began_position = 0
        self._began_distance = 0
        self._top: int | None = None
        self._beats = 0
        self._beating = 0
        self._top_beat: int | None = None

    def snapshot(self, at: int, fields: Fields) -> list[Record]:
        """The records of one more snapshot: none if this second has had its own."""
        if self._first is None:
            self._first = at
        seconds = (at - self._first + 500) // 1000
        if seconds <= self._seconds:
            return []
        self._seconds = seconds
        sample = Sample(
            at,
            _scaled(fields.get("elapsed_s"), 1000) or 0,
            _scaled(fields.get("measured_kmh"), 100),
            _scaled(fields.get("target_kmh"), 100) or None,  # the recorder's 0 is "nothing is asked for"
            _scaled(fields.get("incline_percent"), 10),
            _scaled(fields.get("distance_m"), 10),
            _scaled(fields.get("heart_rate_bpm"), 1),
        )
        self._add(sample)
        mean = round(self._beats / self._beating) if self._beating else None
        under_way = self._intervals[-1] if self._intervals else None
        return [sample, Progress(at, self._position, sample.distance, self._top, mean, self._top_beat, under_way)]

    def _add(self, sample: Sample) -> None:
        self._position = sample.position
        if sample.distance is not None:
            self._distance = sample.distance
        if sample.speed is not None:
            self._top = max(sample.speed, self._top or 0)
        if sample.heart_rate is not None:
            self._beats += sample.heart_rate
            self._beating += 1
            self._top_beat = max(sample.heart_rate, self._top_beat or 0)
        if self._intervals:
            actual = max(0, sample.position - self._began_position)
            distance = max(0, self._distance - self._began_distance)
            top = self._intervals[-1].top_speed if sample.speed is None else sample.speed
            self._intervals[-1] = replace(
                self._intervals[-1],
                actual=actual,
                actual_speed=round(distance * 360 / actual * 100) if actual >= 1000 else None,
                top_speed=None if top is None else max(top, self._intervals[-1].top_speed or 0),
                distance=distance,
            )

    def begin(self, at: int, fields: Fields) -> Interval:
        """A step begins."""
        self._began_position, self._began_distance = self._position, self._distance
        number = _scaled(fields.get("number"), 1) or 0
        planned = _scaled(fields.get("duration_s"), 1000) or 0
        speed = _scaled(fields.get("speed_kmh"), 100) or 0
        incline = _scaled(fields.get("incline_percent"), 10) or 0
        ordinal = len(self._intervals) + 1
        begun = Interval(ordinal, number, _text(fields.get("kind")), at, planned, speed, incline)
        self._intervals.append(begun)
        return begun

    def ended(self, at: int, fields: Fields) -> Ended:
        """The summary, which knows the intervals to the millisecond."""
        reason = fields.get("reason")
        listed = fields.get("intervals")
        done = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
        return Ended(
            at,
            _text(fields.get("outcome")),
            None if reason is None else _text(reason),
            _scaled(fields.get("actual_s"), 1000) or 0,
            _scaled(fields.get("distance_m"), 10) or 0,
            tuple(_done(kept, one) for kept, one in zip(self._intervals, done, strict=False)),
        )


def _done(kept: Interval, fields: Fields) -> Interval:
    planned = _scaled(fields.get("planned_s"), 1000)
    return replace(
        kept,
        planned=kept.planned if planned is None else planned,
        actual=_scaled(fields.get("actual_s"), 1000),
        actual_speed=_scaled(fields.get("actual_kmh"), 100),
        top_speed=_scaled(fields.get("top_kmh"), 100),
        distance=_scaled(fields.get("distance_m"), 10),
    )


def _scaled(value: object, scale: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return round(value * scale)


def _text(value: object) -> str:
    """As text that can be stored: what is no Unicode (a name from a broken terminal) is replaced."""
    return ("" if value is None else str(value)).encode("utf-8", "replace").decode()


def _octets(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _json(value: object) -> dict[str, Json]:
    return {str(key): _plain(each) for key, each in value.items()} if isinstance(value, Mapping) else {}


def _plain(value: object) -> Json:
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, Mapping):
        return _json(value)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return str(value)


def record(
    path: Path,
    workout: Workout,
    clock: Callable[[], datetime],
    *,
    simulated: bool,
    program: str,
    address: str = "",
) -> Recording:
    """A recording of a session of `workout` into the journal at `path`."""
    return Recording(Writer(path), workout, clock, simulated=simulated, program=program, address=address)
