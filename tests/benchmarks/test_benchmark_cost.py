"""What it costs to have it on a screen, and to start it. Reported; there is nothing here to miss."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from figures import Figure, Spread
from pseudo_terminal import PseudoTerminal

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


@pytest.mark.parametrize("size", [(24, 80), (40, 120)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("running", [False, True], ids=["at rest", "running"])
def test_what_a_cockpit_costs(
    size: tuple[int, int],
    running: bool,
    keep: Callable[[Figure], None],
    count: Callable[[str, int], int],
) -> None:
    seconds = count("cost-seconds", 5)
    terminal = PseudoTerminal([*COMMAND, *(["--start"] if running else [])], {}, size=size)
    try:
        assert terminal.shows(FIRST), terminal.tail
        time.sleep(16.0 if running else 2.0)  # the countdown, the start, the belt up to speed
        pids = {"screen": terminal.child("runback.tui"), "keeper": terminal.process.pid}
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        written, began = terminal.written, time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - began
        state = "running" if running else "at rest"
        figure = Figure(f"cost of the cockpit, {size[1]}x{size[0]}, {state}", "simulated treadmill, real time, a pty")
        figure.facts["bytes a second to the terminal"] = round((terminal.written - written) / passed)
        for name, pid in pids.items():
            figure.facts[f"{name}, CPU %"] = round(100 * (cpu_seconds(pid) - before[name]) / passed, 2)
            figure.facts[f"{name}, RSS MiB"] = round(resident_mib(pid), 1)
    finally:
        terminal.close()
    keep(figure)


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
