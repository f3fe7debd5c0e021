"""What it costs to have it on a screen, and to start it. Reported; there is nothing here to miss."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Spread
from tests.benchmarks.pseudo_terminal import PseudoTerminal

pytestmark = pytest.mark.timeout(1800)

TICK = os.sysconf("SC_CLK_TCK")
FIRST = b"30m walk 4"
"""What the first frame shows."""
COMMAND = [sys.executable, "-m", "runback", "run", "30m walk 4"]


def cpu_seconds(pid: int) -> float:
    """Of one process so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_mib(pid: int) -> float:
    """Resident memory of one process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


SIZES = {"80x24": (24, 80), "120x40": (40, 120)}
STARTED = 16.0
"""Seconds from Enter to a belt at its speed: the countdown, the start, the ramp."""


class Watched:
    """A cockpit, and what its two processes have used so far."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.terminal = PseudoTerminal(COMMAND, {}, size=size)
        assert self.terminal.shows(FIRST), self.terminal.tail
        self._pids = {"screen": self.terminal.child("runback.tui.cockpit"), "engine": self.terminal.process.pid}
        self.mark()

    def mark(self) -> None:
        """Count from here."""
        self._cpu = {name: cpu_seconds(pid) for name, pid in self._pids.items()}
        self._written, self._began = self.terminal.written, time.monotonic()

    def used(self) -> dict[str, object]:
        """Since the mark."""
        passed = time.monotonic() - self._began
        facts: dict[str, object] = {
            "bytes a second to the terminal": round((self.terminal.written - self._written) / passed)
        }
        for name, pid in self._pids.items():
            facts[f"{name}, CPU %"] = round(100 * (cpu_seconds(pid) - self._cpu[name]) / passed, 2)
            facts[f"{name}, RSS MiB"] = round(resident_mib(pid), 1)
        return facts


def test_what_a_cockpit_costs(keep: Callable[[Figure], None], count: Callable[[str, int], int]) -> None:
    seconds = count("cost-seconds", 4)
    watched: dict[str, Watched] = {}
    try:
        for name, size in SIZES.items():
            watched[name] = Watched(size)
        for state, wait in (("at rest", 2.0), ("running", STARTED)):
            time.sleep(wait)
            for one in watched.values():
                one.mark()
            time.sleep(seconds)
            for name, one in watched.items():
                how = f"simulated treadmill, real time, a pty each, {seconds} s"
                keep(Figure(f"cost of the cockpit, {name}, {state}", how, facts=one.used()))
                if state == "at rest":
                    one.terminal.press(b"\r")
    finally:
        for one in watched.values():
            one.terminal.close()


def run_time(*arguments: str) -> float:
    """Seconds from starting the interpreter with `arguments` to its end."""
    began = time.monotonic()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def first_frame() -> float:
    """Seconds from starting the program to a painted cockpit."""
    began = time.monotonic()
    terminal = PseudoTerminal(COMMAND, {})
    try:
        assert terminal.shows(FIRST), terminal.tail
        return time.monotonic() - began
    finally:
        terminal.close()


def test_how_long_it_takes_to_start(keep: Callable[[Figure], None], count: Callable[[str, int], int]) -> None:
    figure = Figure("start-up", "process started -> it has ended, or painted the cockpit; in turn with the interpreter")
    took: dict[str, list[float]] = {"bare interpreter": [], "--help": [], "first frame": []}
    for _ in range(count("starts", 4)):
        took["bare interpreter"].append(run_time("-c", "pass"))
        took["--help"].append(run_time("-m", "runback", "--help"))
        took["first frame"].append(first_frame())
    figure.spreads = {name: Spread.of_seconds(times) for name, times in took.items()}
    figure.facts = {
        f"{name}, times the interpreter": round(figure.ratio(name, "bare interpreter"), 1)
        for name in ("--help", "first frame")
    }
    keep(figure)
