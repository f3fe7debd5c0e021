"""A session as activity files see it: whole seconds, a timer that pauses, laps, metres per second.

Rules:
- The timer runs while the session is `running`; what lies outside (countdown, pauses, the belt coming to rest) has no
  point. A session whose program was killed ends with the last thing known.
- An interval is a lap, from its beginning to the next one's. What was not measured is None.
- Seconds are counted from the first sample, for everything: points sampled a second apart neither share a second nor
  leave a hole, and nothing changes places. They are at most 1 s from the true time.

Units: `second` whole seconds since 1970 UTC, durations s, distance m, speed m/s, heart rate per minute.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from runback.errors import InputError
from runback.journal.model import IntervalRow, SampleRow, SessionRecord
from runback.workout.model import Kind

RUNNING = "running"
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""FIT counts from the day before; an earlier session was kept by a computer that had lost its time."""
MEND = "export it with --csv or --json"
_BEATS = range(1, 255)
"""A heart rate that activity files can say: FIT's 255 means none, and so does 0."""


class Intensity(Enum):
    """What a lap is for; the value is FIT's (training.md)."""

    ACTIVE = 0
    WARM_UP = 2
    COOL_DOWN = 3
    RECOVERY = 4


_INTENSITIES = {
    Kind.WARM_UP.value: Intensity.WARM_UP,
    Kind.WALK.value: Intensity.RECOVERY,
    Kind.COOL_DOWN.value: Intensity.COOL_DOWN,
}


@dataclass(frozen=True, slots=True)
class Point:
    """One second of it."""

    second: int
    distance: float | None
    speed: float | None
    heart_rate: int | None


@dataclass(frozen=True, slots=True)
class ActivitySpan:
    """The timer ran from `began` to `ended` (ms in the session)."""

    began: int
    ended: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a lap, or all of it, comes to. `elapsed` counts pauses, `timer` does not."""

    began: int
    ended: int
    elapsed: float
    timer: float
    distance: float | None
    mean_speed: float | None
    top_speed: float | None
    mean_heart_rate: int | None
    top_heart_rate: int | None


@dataclass(frozen=True, slots=True)
class Lap:
    """An interval: its figures, what it was for, and its points, one group for each time the timer ran."""

    figures: Figures
    intensity: Intensity
    tracks: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class IntensityStretch:
    """The timer ran from `start` to `stop` (seconds), with these points."""

    start: int
    stop: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """All of it: as the timer ran, and as laps."""

    figures: Figures
    stretches: tuple[IntensityStretch, ...]
    laps: tuple[Lap, ...]
    offset: int
    """Seconds that the local time is ahead of UTC."""


def activity(story: SessionRecord) -> Activity:
    """`story` as an activity. Raises InputError if the belt never ran in it (or nothing was sampled while it did), or
    if its date cannot be told."""
    where = f"session {story.session.id}"
    if story.session.began < OLDEST:
        what = f"its date is {story.session.began:%Y-%m-%d}: the computer's clock was wrong"
        raise InputError(where, what, MEND)
    spans = tuple(_spans(story))
    clock = _Clock(story)
    stretches = tuple(
        IntensityStretch(clock.second(span.began), clock.second(span.ended), tuple(_points(story.samples, span, clock)))
        for span in spans
    )
    if not any(stretch.points for stretch in stretches):
        raise InputError(where, "the belt never ran in it, so there is nothing to export", MEND)
    whole = ActivitySpan(spans[0].began, spans[-1].ended)
    laps = tuple(_laps(story, clock, spans, whole))
    session = story.session
    active = session.active / 1000
    metres = _scaled(session.distance, 10)
    figures = Figures(
        clock.second(whole.began),
        clock.second(whole.ended),
        (whole.ended - whole.began) / 1000,
        active,
        metres,
        None if metres is None or active < 1 else metres / active,
        _scaled(session.top_speed, 360),
        _beats(session.mean_heart_rate),
        _beats(session.top_heart_rate),
    )
    offset = session.began.utcoffset()
    return Activity(
        figures,
        stretches,
        laps,
        0 if offset is None else round(offset.total_seconds()),
    )


class _Clock:
    """From ms in the session to whole seconds since 1970."""

    def __init__(self, story: SessionRecord) -> None:
        self._first = story.samples[0].at if story.samples else 0
        self._zero = math.floor(story.session.began.timestamp() + self._first / 1000 + 0.5)

    def second(self, at: int) -> int:
        """Of a moment."""
        return self._zero + (at - self._first + 500) // 1000


def _spans(story: SessionRecord) -> Iterator[ActivitySpan]:
    began: int | None = None
    for event in story.events:
        if event.word != "phase":
            continue
        running = event.fields.get("phase") == RUNNING
        if running and began is None:
            began = event.at
        elif not running and began is not None:
            yield ActivitySpan(began, event.at)
            began = None
    if began is not None and story.session.length > began:
        yield ActivitySpan(began, story.session.length)


def _laps(story: SessionRecord, clock: _Clock, spans: Sequence[ActivitySpan], whole: ActivitySpan) -> Iterator[Lap]:
    """A lap each interval; one for all of it if no interval is known."""
    free = IntervalRow(1, 1, Kind.FREE.value, whole.began, story.session.planned, 0, 0, actual=story.session.active)
    intervals = story.intervals or (free,)
    runs = any(interval.kind == Kind.RUN for interval in intervals)
    ends = [*(interval.began for interval in intervals[1:]), whole.ended]
    for interval, end in zip(intervals, ends, strict=True):
        began, ended = max(interval.began, whole.began), min(end, whole.ended)
        last = end == whole.ended
        samples = [sample for sample in story.samples if began <= sample.at < ended or (last and sample.at == ended)]
        tracks = (tuple(_points(samples, span, clock)) for span in spans)
        intensity = _INTENSITIES.get(interval.kind, Intensity.ACTIVE)
        if intensity is Intensity.RECOVERY and not runs:
            intensity = Intensity.ACTIVE  # a walk is what this session is for
        yield Lap(
            _figures(interval, samples, clock, ActivitySpan(began, max(began, ended))),
            intensity,
            tuple(filter(None, tracks)),
        )


def _points(samples: Sequence[SampleRow], span: ActivitySpan, clock: _Clock) -> Iterator[Point]:
    for sample in samples:
        if span.began <= sample.at <= span.ended:
            metres, speed = _scaled(sample.distance, 10), _scaled(sample.speed, 360)
            yield Point(clock.second(sample.at), metres, speed, _beats(sample.heart_rate))


def _figures(interval: IntervalRow, samples: Sequence[SampleRow], clock: _Clock, span: ActivitySpan) -> Figures:
    beats = [rate for sample in samples if (rate := _beats(sample.heart_rate)) is not None]
    elapsed = (span.ended - span.began) / 1000
    return Figures(
        clock.second(span.began),
        clock.second(span.ended),
        elapsed,
        elapsed if interval.actual is None else min(elapsed, interval.actual / 1000),
        _scaled(interval.distance, 10),
        _scaled(interval.actual_speed, 360),
        _scaled(interval.top_speed, 360),
        round(sum(beats) / len(beats)) if beats else None,
        max(beats, default=None),
    )


def _scaled(value: int | None, per: int) -> float | None:
    return None if value is None else value / per


def _beats(value: int | None) -> int | None:
    return value if value in _BEATS else None
