"""Several sessions at once, each with its own treadmill, terminal and state folder: most of a sample is waiting."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.samples import Program
from tests.benchmarks.treadmills import Treadmills

ABREAST = 4


@contextlib.contextmanager
def side_by_side(bench: Treadmills, folder: Path, *, trace: bool = False) -> Iterator[list[Program]]:
    """`ABREAST` programs that have shown themselves ready, ended afterwards."""
    programs: list[Program] = []
    try:
        for number, address in enumerate(bench.addresses[:ABREAST]):
            told = ["--trace", str(trace_of(folder, address))] if trace else []
            programs.append(Program(bench, address, folder / address[-2:], *told, seed=number))
        for program in programs:
            program.ready()
        yield programs
    finally:
        for program in programs:
            program.close()


def trace_of(folder: Path, address: str) -> Path:
    """Where the program of `address` keeps its trace."""
    return folder / f"{address[-2:]}.trace"


class Trace:
    """The end of a program's trace: what it says of itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self.phase = ""
        self.stopped_at_rest = False

    def catch_up(self) -> None:
        """Read what is new."""
        with self._path.open("rb") as stream:
            stream.seek(self._read)
            text = stream.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            record = json.loads(line)
            if record["event"] == "phase":
                self.phase = record["phase"]
                self.stopped_at_rest = False
            elif record.get("signal") == "belt at rest after stop":
                self.stopped_at_rest = True


def until(program: Program, trace: Trace, met: Callable[[], bool]) -> None:
    """Follow the trace until it says so."""
    deadline = time.monotonic() + 20.0
    while not met():
        assert time.monotonic() < deadline, f"{trace.phase} {program.terminal.tail!r}"
        time.sleep(0.02)
        trace.catch_up()


def counting_down(program: Program, trace: Trace) -> None:
    """Release a stop and go on; again if the screen was not that far."""
    for _ in range(10):
        until(program, trace, lambda: trace.stopped_at_rest or trace.phase == "paused")
        time.sleep(0.1)
        if trace.phase != "paused":  # let go of already, and only the Enter after it came too early
            program.let_go()
        program.terminal.press(b"\r")
        for _ in range(20):
            trace.catch_up()
            if trace.phase == "countdown":
                return
            time.sleep(0.02)
    raise AssertionError(f"cannot let go: {trace.phase} {program.terminal.tail!r}")
