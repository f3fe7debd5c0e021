"""A person at the command line, with a journal of their own and a clock in Kolkata (no daylight saving there)."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import select
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from runback.rehab.status import local_time
from tests.support.cli.warm_program import run

HERE = timezone(timedelta(hours=5, minutes=30), "IST")
"""The same as `TZ` says, in the notation that needs no files."""
TZ = "IST-5:30"
LIMIT = 30.0


class Person:
    """Types commands. `now` is taken once, when the story begins."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.now = datetime.now(HERE).replace(second=0, microsecond=0)
        self.environment = os.environ | {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            "TZ": TZ,
        }

    @property
    def journal(self) -> Path:
        return self.home / "data" / "runback" / "journal.db"

    def ago(self, *, days: float = 0, hours: float = 0) -> str:
        """A moment before now, as it is typed: local, without a zone."""
        return f"{self.now - timedelta(days=days, hours=hours):%Y-%m-%d %H:%M}"

    def shown(self, *, hours: float) -> str:
        """A moment after now, as it is shown."""
        return local_time(self.now + timedelta(hours=hours), HERE)

    def types(self, *arguments: str, largest: int | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command; nobody can be asked. No file may grow beyond `largest` KiB, as on a full disk."""
        return run(*arguments, env=self.environment, largest=largest)

    def does(self, *arguments: str) -> str:
        """Run a command that must succeed; what it printed."""
        done = self.types(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), (arguments, done)
        return done.stdout

    def fails(self, *arguments: str) -> str:
        """Run a command that must be refused, in one line and with exit code 2; that line."""
        done = self.types(*arguments)
        assert (done.returncode, done.stdout) == (2, ""), (arguments, done)
        assert done.stderr.count("\n") == 1, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def talks(self, *arguments: str, answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
        """Run a command in a terminal: wait for each question in turn and type its answer. Exit code and screen."""
        master, slave = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "runback", *arguments],
            env=self.environment | {"TERM": "dumb"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        ) as process:
            os.close(slave)
            screen = ""
            try:
                for question, reply in answers:
                    heard = ""
                    while question not in heard:
                        portion = _listen(master)
                        assert portion, f"{question!r} was never asked; the screen says: {screen[-1500:]}"
                        heard, screen = heard + portion, screen + portion
                    os.write(master, f"{reply}\n".encode())
                while portion := _listen(master):
                    screen += portion
            finally:
                os.close(master)
                if process.poll() is None:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(LIMIT)
                    process.kill()
        return process.returncode, screen.replace("\r\n", "\n")

    def status(self) -> dict[str, Any]:
        """What the plan says, as a program is told."""
        told: dict[str, Any] = json.loads(self.does("plan", "status", "--json"))
        return told

    def history(self, *options: str) -> list[dict[str, Any]]:
        """The rows of the history, as a program is told."""
        return [json.loads(line) for line in self.does("history", "--json", *options).splitlines()]

    def records(self) -> list[dict[str, Any]]:
        """Every record, in the order it was recorded."""
        rows = [row for row in self.history("--all") if row["type"] == "record"]
        return sorted(rows, key=lambda row: int(row["record"]))

    def passes_the_gate(self, day: float, *, month: bool = False) -> None:
        """No leg symptoms, a month of cycling (or a clinician's word instead), the walk, a quiet back: all of it up to
        `day` days ago."""
        healthy = ("--no-leg-symptoms", "--no-surgery", "--risk", "none")
        self.does("checkin", "declaration", *healthy, "--at", self.ago(days=day + 30))
        for number in range(12 if month else 0):
            back = day + 28.5 - 7 * (number // 3) - 2 * (number % 3)
            self.does("log", "cycling", "40", "--pain", "1", "--at", self.ago(days=back))
        if not month:
            self.does("plan", "clear", "--clinician", "Dr X", "--what", "start", "--at", self.ago(days=day + 2))
        self.does("log", "walking", "35", "--pain", "1", "--no-worse", "--at", self.ago(days=day + 1))
        self.does("checkin", "48h", "--pain", "1", "--at", self.ago(days=day, hours=3))

    def runs(self, days: float, *pains: int) -> str:
        """Run the stage that was due then, without runback, over `days` ago; `pains` are before, during, next morning
        and at 48 hours, as many as are given. What was said of the session."""
        before, *after = pains
        self.does("checkin", "before", "--pain", str(before), "--at", self.ago(days=days, hours=0.5))
        said = self.does("log", "session", "--at", self.ago(days=days)).splitlines()[0]
        for moment, hours, pain in zip(("during", "morning", "48h"), (0, 13, 48), after, strict=False):
            self.does("checkin", moment, "--pain", str(pain), "--at", self.ago(days=days, hours=-hours))
        return said


def _listen(master: int) -> str:
    """What the terminal is sent next; "" at its end."""
    ready, _, _ = select.select([master], [], [], LIMIT)
    if not ready:
        return ""
    try:
        return os.read(master, 1 << 16).decode("utf-8", "replace")
    except OSError:  # the program has ended
        return ""
