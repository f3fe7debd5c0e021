"""CSV: one row a second, the units in the header.

Rules:
- Every sample is a row, those before the start and in pauses too. What was not measured is an empty cell.
- Numbers have a point whatever the country; lines end as RFC 4180 says.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from datetime import UTC, timedelta

from runback.journal.model import SampleRow, SessionRecord

COLUMNS = (
    "time (UTC)",
    "since beginning (s)",
    "session clock (s)",
    "interval",
    "kind",
    "speed (km/h)",
    "target speed (km/h)",
    "incline (%)",
    "distance (m)",
    "heart rate (bpm)",
)


def to_csv(story: SessionRecord) -> bytes:
    """`story` as a table, UTF-8."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    begins = [interval.began for interval in story.intervals]
    for sample in story.samples:
        index = bisect_right(begins, sample.at) - 1
        interval = story.intervals[index] if index >= 0 else None
        when = (story.session.began + timedelta(milliseconds=sample.at)).astimezone(UTC)
        time = when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        step = ("", "") if interval is None else (interval.ordinal, interval.kind)
        writer.writerow((time, *_clocks(sample), *step, *_measured(sample)))
    return stream.getvalue().encode()


def _clocks(sample: SampleRow) -> tuple[str, str]:
    return f"{sample.at / 1000:.3f}", f"{sample.position / 1000:.3f}"


def _measured(sample: SampleRow) -> tuple[str, ...]:
    speeds = (_cell(sample.speed, 2), _cell(sample.target, 2), _cell(sample.incline, 1))
    return (*speeds, _cell(sample.distance, 1), _cell(sample.heart_rate, 0))


def _cell(value: int | None, decimals: int) -> str:
    return "" if value is None else f"{value / 10**decimals:.{decimals}f}"
