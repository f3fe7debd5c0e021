"""Five years of sessions, made at once: `python -m tests.support.journal.years [SESSIONS]` tells sizes and times.

The numbers are like those of real sessions (a heart rate that wanders, a distance that grows), and the bytes those of
a treadmill that speaks once a second.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from runback.journal.database import open_to_write
from runback.journal.inserts import Store
from runback.journal.model import (
    Event,
    IntervalRow,
    MachineRow,
    Packet,
    ProgressUpdate,
    Record,
    SampleRow,
    SessionStart,
)
from runback.journal.queries import history, story, treadmills
from runback.journal.writer import Writer

SECONDS = 1800
YEARS_BEGAN = datetime(2026, 1, 1, 18, tzinfo=UTC)
TREADMILL_DATA = bytes.fromhex("9e04c201b30168000000000000000000000500f800045600")


def session(number: int, *, octets: bool = True, seconds: int = SECONDS) -> list[Record]:
    """The records of one session."""
    began = YEARS_BEGAN + timedelta(days=number)
    records: list[Record] = [SessionStart(began, "Thursday", "30m walk 5", 1_800_000, simulated=False, program="1.0.0")]
    records.append(MachineRow("Treadmill", "AA:BB:CC:DD:EE:FF"))
    order = 0
    for second in range(seconds):
        speed = 500 if second // 60 % 2 else 750
        distance = second * 17 + number % 5
        records.append(
            SampleRow(second * 1000, second * 1000, speed, speed, 0, distance, 110 + (second * 7 + number) % 60)
        )
        if second % 60 == 0:
            ordinal = second // 60 + 1
            records.append(
                IntervalRow(ordinal, ordinal, "run", second * 1000, 60_000, speed, 0, 60_000, speed, speed, 900)
            )
        if octets:
            data = TREADMILL_DATA[:2] + speed.to_bytes(2, "little") + TREADMILL_DATA[4:]
            records.append(Packet(order, second * 1000, "2ACD", data, None))
            order += 1
            if second % 20 == 0:
                records.append(
                    Event(order, second * 1000, "cue", {"kind": "heads-up", "seconds": 10.0, "speed_kmh": 7.5})
                )
                order += 1
    return [*records, ProgressUpdate(seconds * 1000, seconds * 1000, seconds * 17, 750, 130, 169, None)]


def fill(path: Path, sessions: int, *, octets: bool = True) -> None:
    """Put `sessions` into a new journal at `path`, each in one transaction."""
    connection = open_to_write(path)
    connection.execute("PRAGMA synchronous = OFF")
    for number in range(sessions):
        Store().write(connection, session(number, octets=octets), 0)
    connection.close()


def _timed(what: Callable[[], object], times: int = 5) -> str:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        what()
        taken.append(time.perf_counter() - began)
    return f"{statistics.median(taken) * 1000:.1f} ms (slowest of {times}: {max(taken) * 1000:.1f})"


def _puts(path: Path) -> str:
    writer = Writer(path)
    taken = []
    for record in session(0):
        began = time.perf_counter_ns()
        writer.put(record)
        taken.append((time.perf_counter_ns() - began) / 1000)
    writer.close()
    taken.sort()
    return f"{statistics.median(taken):.1f} µs, p99 {taken[len(taken) * 99 // 100]:.1f}, slowest {taken[-1]:.0f}"


def main(sessions: int) -> None:
    """Tell sizes and times."""
    with tempfile.TemporaryDirectory() as folder:
        bare, path = Path(folder) / "bare.db", Path(folder) / "journal.db"
        fill(bare, min(sessions, 20), octets=False)
        fill(path, sessions)
        lines = (
            f"{sessions} sessions of {SECONDS} s: {path.stat().st_size / 1e6:.1f} MB, "
            f"{path.stat().st_size / sessions / 1000:.1f} kB each; "
            f"samples alone {bare.stat().st_size / min(sessions, 20) / 1000:.1f} kB each",
            f"history, all: {_timed(lambda: history(path))}",
            f"history, newest 50: {_timed(lambda: history(path, limit=50))}",
            f"treadmills: {_timed(lambda: treadmills(path))}",
            f"one whole session: {_timed(lambda: story(path, 'last'))}",
            f"one put: {_puts(path)}",
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
