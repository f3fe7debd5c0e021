"""The computer's own time zone, with its clock changes, and moments as people type them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest

from runback.cli.local_time import moment
from runback.errors import InputError

HERE = timezone(timedelta(hours=1), "CET")
NOW = datetime(2026, 3, 2, 12, 0, 30, tzinfo=HERE)
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, NOW),
        ("11:30", datetime(2026, 3, 2, 11, 30, tzinfo=HERE)),
        ("today 9:05", datetime(2026, 3, 2, 9, 5, tzinfo=HERE)),
        ("Yesterday 23:59", datetime(2026, 3, 1, 23, 59, tzinfo=HERE)),
        ("2026-03-01 18:30", datetime(2026, 3, 1, 18, 30, tzinfo=HERE)),
        ("2026-03-01T18:30:15+00:00", datetime(2026, 3, 1, 18, 30, 15, tzinfo=UTC)),
        (" 12:00 ", datetime(2026, 3, 2, 12, 0, tzinfo=HERE)),
    ],
)
def test_a_moment_is_local_unless_it_says_otherwise(text: str | None, expected: datetime) -> None:
    assert moment(text, NOW) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("12:01", "future"),
        ("2026-03-03 01:00", "future"),
        ("2026-03-02T11:30+00:00", "future"),
        ("24:00", "not a date and time"),
        ("12:61", "not a date and time"),
        ("", "not a date and time"),
        ("tomorrow", "not a date and time"),
        ("2026-02-30 10:00", "not a date and time"),
        ("2026-03-01", "no time of day"),
        ("0001-01-01T00:00+20:00", "not a date and time"),
    ],
)
def test_what_is_no_moment_or_has_not_come_yet_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        moment(text, NOW)
    assert "\n" not in str(caught.value)


def there(program: str) -> list[str]:
    """What `program` prints on a computer in Berlin; `zone`, `moment` and `datetime` are at hand."""
    start = "from datetime import *; from runback.cli.local_time import *; zone = SystemZone()\n"
    done = subprocess.run(
        [sys.executable, "-c", start + program],
        capture_output=True,
        text=True,
        env=os.environ | {"TZ": BERLIN},
        check=True,
    )
    return done.stdout.splitlines()


def test_the_zone_knows_that_the_clocks_change() -> None:
    shown = there(
        "for hour in (0, 1, 2):\n"
        "    for day in ((2026, 3, 29), (2026, 10, 25)):\n"
        "        at = datetime(*day, hour, 30, tzinfo=UTC).astimezone(zone)\n"
        "        print(at.isoformat(), at.tzname(), at.astimezone(UTC).hour)\n"
        "print((datetime(2026, 3, 30, 12, tzinfo=UTC).astimezone(zone)).utcoffset(), zone.dst(None), zone.tzname(None))"
    )
    assert shown == [
        "2026-03-29T01:30:00+01:00 CET 0",
        "2026-10-25T02:30:00+02:00 CEST 0",
        "2026-03-29T03:30:00+02:00 CEST 1",
        "2026-10-25T02:30:00+01:00 CET 1",
        "2026-03-29T04:30:00+02:00 CEST 2",
        "2026-10-25T03:30:00+01:00 CET 2",
        "2:00:00 None None",
    ]


def test_a_time_that_the_clocks_skipped_is_refused_and_one_that_came_twice_is_the_first() -> None:
    shown = there(
        "now = datetime(2026, 11, 1, 12, tzinfo=zone)\n"
        "for text in ('2026-03-29 02:30', '2026-10-25 02:30', '2026-03-29 03:00'):\n"
        "    try:\n"
        "        print(moment(text, now).astimezone(UTC).isoformat())\n"
        "    except Exception as error:\n"
        "        print(error)"
    )
    assert shown == [
        '--at: "2026-03-29 02:30" did not exist: the clocks skipped it; give the time as it was',
        "2026-10-25T00:30:00+00:00",
        "2026-03-29T01:00:00+00:00",
    ]
