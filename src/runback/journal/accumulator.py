"""What is carried along as a session goes: its totals, and the interval under way.

Rules:
- Whenever the program is killed, what was written last is right: it needs no summary.
- One sample a second, however many snapshots come and however late one is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from runback.journal.coercion import Fields, scaled, text
from runback.journal.model import Ended, IntervalRow, ProgressUpdate, Record, SampleRow


class SessionAccumulator:
    """The totals so far. Each call returns what is to be written."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._seconds = -1
        self._intervals: list[IntervalRow] = []
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
        sample = SampleRow(
            at,
            _ran(fields, "elapsed_s"),
            scaled(fields.get("measured_kmh"), 100),
            scaled(fields.get("target_kmh"), 100) or None,  # the recorder's 0 is "nothing is asked for"
            scaled(fields.get("incline_percent"), 10),
            scaled(fields.get("distance_m"), 10),
            scaled(fields.get("heart_rate_bpm"), 1),
        )
        self._add(sample)
        mean = round(self._beats / self._beating) if self._beating else None
        under_way = self._intervals[-1] if self._intervals else None
        return [sample, ProgressUpdate(at, self._position, sample.distance, self._top, mean, self._top_beat, under_way)]

    def _add(self, sample: SampleRow) -> None:
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

    def begin(self, at: int, fields: Fields) -> IntervalRow:
        """A step begins."""
        self._began_position, self._began_distance = self._position, self._distance
        number = scaled(fields.get("number"), 1) or 0
        planned = scaled(fields.get("duration_s"), 1000) or 0
        speed = scaled(fields.get("speed_kmh"), 100) or 0
        incline = scaled(fields.get("incline_percent"), 10) or 0
        ordinal = len(self._intervals) + 1
        begun = IntervalRow(ordinal, number, text(fields.get("kind")), at, planned, speed, incline)
        self._intervals.append(begun)
        return begun

    def ended(self, at: int, fields: Fields) -> Ended:
        """The summary, which knows the intervals to the millisecond."""
        reason = fields.get("reason")
        listed = fields.get("intervals")
        done = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
        return Ended(
            at,
            text(fields.get("outcome")),
            None if reason is None else text(reason),
            _ran(fields, "actual_s"),
            scaled(fields.get("distance_m"), 10) or 0,
            tuple(_done(kept, one) for kept, one in zip(self._intervals, done, strict=False)),
        )


def _ran(fields: Fields, counted: str) -> int:
    """How long the belt ran, ms: the journal keeps that, whatever of it counted."""
    return (scaled(fields.get(counted), 1000) or 0) + (scaled(fields.get("changing_s"), 1000) or 0)


def _done(kept: IntervalRow, fields: Fields) -> IntervalRow:
    planned = scaled(fields.get("planned_s"), 1000)
    return replace(
        kept,
        planned=kept.planned if planned is None else planned,
        actual=None if fields.get("actual_s") is None else _ran(fields, "actual_s"),
        actual_speed=scaled(fields.get("actual_kmh"), 100),
        top_speed=scaled(fields.get("top_kmh"), 100),
        distance=scaled(fields.get("distance_m"), 10),
    )
