"""Several sessions at once, each with its own treadmill, terminal and state folder: most of a sample is waiting."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from samples import Program
from treadmills import Treadmills

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
