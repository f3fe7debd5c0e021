"""A desk with a person's history on it, a clock that stands still, and sessions as the journal keeps them.

`python -m tests.support.planner [SESSIONS]` makes so many sessions and tells how long the screens take to open.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from runback.journal.database import open_to_write
from runback.journal.inserts import Store
from runback.journal.model import (
    Ended,
    Event,
    IntervalRow,
    Json,
    MachineRow,
    ProgressUpdate,
    Record,
    SampleRow,
    SessionStart,
)
from runback.journal.plan_runs import Purpose
from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.records import CheckIn, CheckInMoment, Declaration
from runback.rehab.red_flags import RedFlag
from runback.tui.planner.plan_data import PlanData
from tests.support.tui.home import today_app

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 10, 2, 18, 20, tzinfo=LONDON)
PLAN = "return-to-running"
STEPS = (("warm-up", 60, 450), ("run", 60, 750), ("walk", 60, 500), ("run", 60, 750), ("cool-down", 60, 400))


def ago(*, days: float = 0.0, hours: float = 0.0, minutes: float = 0.0) -> datetime:
    """So long before now."""
    return NOW - timedelta(days=days, hours=hours, minutes=minutes)


def session(
    began: datetime, *, stage: str = "1", events: Sequence[tuple[int, str, dict[str, Json]]] = (), every: int = 1,
    outcome: str = "completed", plan: str | None = PLAN,
) -> list[Record]:  # fmt: skip
    """The records of a session of five minutes, a sample each `every` seconds; `events` are (ms, word, fields)."""
    name = "first-run" if plan is None else f"{plan} {stage}"
    records: list[Record] = [SessionStart(began, name, "5m", 300_000, simulated=False, program="1")]
    records.append(MachineRow("Treadmill", "AA:BB:CC:DD:EE:FF"))
    if plan is not None:
        records.append(Purpose(plan, stage, 120_000, 500).event())
    at, metres, intervals = 0, 0.0, []
    for number, (kind, seconds, speed) in enumerate(STEPS, 1):
        done = IntervalRow(
            number, number, kind, at * 1000, seconds * 1000, speed, 0, seconds * 1000, speed - 10, speed, 900
        )
        intervals.append(done)
        records.append(done)
        for second in range(0, seconds, every):
            measured = min(speed, 400 + second * 40)
            metres += measured / 360 * every
            records.append(
                SampleRow(
                    (at + second) * 1000,
                    (at + second) * 1000,
                    measured,
                    speed,
                    0,
                    round(metres * 10),
                    120 + second % 30,
                )
            )
        at += seconds
    records += [Event(order, *event) for order, event in enumerate(events, 1)]
    records.append(ProgressUpdate(at * 1000, at * 1000, round(metres * 10), 750, 131, 149, intervals[-1]))
    reason = None if outcome == "completed" else "you stopped the belt"
    return [*records, Ended(at * 1000, outcome, reason, at * 1000, round(metres * 10), tuple(intervals))]


def keep(path: Path, *sessions: Sequence[Record]) -> None:
    """Put `sessions` into the journal at `path`."""
    connection = open_to_write(path)
    connection.execute("PRAGMA synchronous = OFF")
    for records in sessions:
        Store().write(connection, records, 0)
    connection.close()


def desk(folder: Path, now: datetime = NOW) -> PlanData:
    """A new one, with nothing on it."""
    return PlanData(folder / "journal.db", lambda: now, LONDON)


def chosen(at: PlanData) -> PlanData:
    """The plan is chosen and nothing has been done for it."""
    at.book.choose(PLAN, ago(days=40))
    return at


def at_the_gate(at: PlanData) -> PlanData:
    """A month of cycling, and the walk still to do."""
    chosen(at).book.add(Declaration(ago(days=40), leg_symptoms=False, surgery=False, risks=frozenset()))
    for days in range(34, 3, -2):
        at.book.add(LoggedActivity(ActivityKind.CYCLING, 30.0, ago(days=days), 1))
    return at


def through_the_gate(at: PlanData) -> PlanData:
    """All that the gate asks for is there."""
    at_the_gate(at).book.add(LoggedActivity(ActivityKind.WALKING, 35.0, ago(days=3), 1, rise_next_morning=False))
    at.book.add(CheckIn(CheckInMoment.GATE, ago(hours=3), 1))  # too long ago to serve as "before" as well
    return at


def about_to_run(at: PlanData) -> PlanData:
    """And the check-in before the run as well."""
    through_the_gate(at).book.add(CheckIn(CheckInMoment.BEFORE, ago(minutes=50), 1))
    return at


def has_run(at: PlanData, *events: tuple[int, str, dict[str, Json]]) -> PlanData:
    """Stage 1 was run half an hour ago."""
    keep(about_to_run(at).path, session(ago(minutes=30), events=events))
    return at


def resting(at: PlanData) -> PlanData:
    """And it is said how that was."""
    has_run(at).book.add(CheckIn(CheckInMoment.DURING, ago(minutes=10), 2))
    return at


def the_day_after(at: PlanData) -> PlanData:
    """Stage 1 was run yesterday, and the morning after was good."""
    at_the_gate(at).book.add(LoggedActivity(ActivityKind.WALKING, 35.0, ago(days=3), 1, rise_next_morning=False))
    keep(at.path, session(ago(days=1)))
    for moment, hours in ((CheckInMoment.BEFORE, 24.1), (CheckInMoment.DURING, 23.8), (CheckInMoment.MORNING, 10.0)):
        at.book.add(CheckIn(moment, ago(hours=hours), 1))
    return at


def flagged(at: PlanData, flag: RedFlag = RedFlag.SADDLE_NUMBNESS) -> PlanData:
    """A red flag stands."""
    resting(at).book.add(CheckIn(CheckInMoment.GATE, ago(minutes=5), 2, red_flags=frozenset({flag})))
    return at


def for_weeks(at: PlanData, sessions: int = 12, every: int = 1) -> PlanData:
    """Weeks of running, with four check-ins about each run."""
    at.book.choose(PLAN, ago(days=3 * sessions + 40))
    runs = []
    for number in range(sessions):
        began = ago(days=3 * (sessions - number), hours=1)
        runs.append(session(began, every=every))
        for moment, hours, pain in (
            (CheckInMoment.BEFORE, -0.2, number % 3),
            (CheckInMoment.DURING, 0.2, 2 + number % 4),
            (CheckInMoment.MORNING, 13.0, number % 3),
            (CheckInMoment.GATE, 49.0, number % 2),
        ):
            at.book.add(CheckIn(moment, began + timedelta(hours=hours), pain))
        at.book.add(LoggedActivity(ActivityKind.CYCLING, 30.0, began + timedelta(days=1), 1))
    keep(at.path, *runs)
    return at


async def _opened(at: PlanData) -> tuple[float, float]:
    began = time.perf_counter()
    app = today_app(at)
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        ready = time.perf_counter()
        await pilot.press("h")
        await pilot.pause()
        return ready - began, time.perf_counter() - ready


def main(sessions: int) -> None:
    """Tell how long the screens take."""
    with tempfile.TemporaryDirectory() as folder:
        at = for_weeks(desk(Path(folder)), sessions)
        times = [asyncio.run(_opened(at)) for _ in range(5)]
        for name, taken in zip(("today", "history"), zip(*times, strict=True), strict=True):
            spread = f"{statistics.median(taken):.2f} s, first {taken[0]:.2f}, slowest {max(taken):.2f}"
            sys.stdout.write(f"{name} with {sessions} sessions: {spread}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
