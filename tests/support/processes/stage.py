"""Everything at once and for real: the program in a pseudo-terminal, its screen and its sentinel, unmodified bleak on a
private D-Bus, and a treadmill behind a bluetoothd in another process."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.support.bluez.commissioned import commissioned
from tests.support.cues import HANGS_UNDER_WAY, Players
from tests.support.processes.bench import LIMIT, Bench, bench
from tests.support.processes.terminal import Record, Terminal, terminal

NAME = "Simulated Treadmill"
GIVEN_UP = frozenset({"stop", "start refused"})
"""The events of a session that does not get to where a row begins."""
LOAD = Path(__file__).parent.parent / "load"


class Starved(Exception):
    """A busy computer: the program has stopped, or refused to start, before anything had befallen it. That is what it
    must do where the screen or the sentinel gets no turn for a second; the row can only be played again."""


class Stage:
    """One session on one treadmill, and what may befall it."""

    def __init__(self, program: Terminal, treadmill: Bench, folder: Path) -> None:
        self.program = program
        self.treadmill = treadmill
        self.folder = folder
        self.here = 0
        """How many records there were when it happened."""
        self.env: dict[str, str] = {}
        """Where everything of this session is."""
        self.written = 0
        """How many writes the bluetoothd had been given by then."""

    # -- getting somewhere ---------------------------------------------------------------------------------------

    def ready(self) -> None:
        """The treadmill is connected, and the screen shows it."""
        self._reach(phase="ready")
        self._reach(signal="belt at rest")
        self.program.seen(b"Enter")

    def counting(self) -> None:
        """The start is being counted down."""
        self.ready()
        self.program.type(b"\r")
        self._reach(phase="countdown")

    def running(self) -> None:
        """The belt moves, at its first target."""
        self.counting()
        self._reach(phase="running")
        self.until("the belt reaches its target", lambda: self.treadmill.speed >= 290 or self._starved() is not None)
        self._check()

    def paused(self) -> None:
        """A pause has brought the belt to rest."""
        self.running()
        self.program.type(b"p")
        self._reach(phase="paused")

    def _reach(self, **fields: object) -> None:
        """Wait for a record with these fields, on the way to where a row begins."""
        self.program.wait_for(lambda record: fields.items() <= record.items() or record.get("event") in GIVEN_UP)
        self._check()

    def _starved(self) -> Record | None:
        self.program.collect()
        return next((record for record in self.program.records if record.get("event") in GIVEN_UP), None)

    def _check(self) -> None:
        if (given_up := self._starved()) is not None:
            raise Starved(given_up)

    def now(self) -> None:
        """From here on it counts."""
        assert self.treadmill.speed >= 0  # which also collects what has been written so far
        self.here = len(self.program.records)
        self.written = len(self.treadmill.writes)

    # -- what befalls it -----------------------------------------------------------------------------------------

    def press(self, keys: bytes) -> None:
        """Keys, from here on it counts."""
        self.now()
        self.program.type(keys)

    def signal(self, pid: int, number: signal.Signals) -> None:
        """A signal to one of the processes, from here on it counts."""
        self.now()
        os.kill(pid, number)
        if number == signal.SIGSTOP:  # a thread on another core may go on for a moment
            self.until("it is frozen", lambda: _states(pid) <= {"T"})

    @contextlib.contextmanager
    def watched(self, cwd: Path | None = None) -> Iterator[Terminal]:
        """Somebody watches, at a second screen that shows the session, begun in the folder `cwd`."""
        with terminal(None, "watch", env=self.env, cwd=cwd) as second, second.at_once_with(self.program):
            second.seen(b"leave, belt goes on")
            yield second

    # -- what has to be seen -------------------------------------------------------------------------------------

    def until(self, what: str, met: Callable[[], bool]) -> None:
        """Wait until `met`, and let the program's terminal be read meanwhile."""
        deadline = time.monotonic() + LIMIT
        while not met():
            assert time.monotonic() < deadline, f"never: {what}; {self.program.told()}"
            self.program.listen(0.02)

    def stopped_by(self, reason: str) -> None:
        """The program stopped the belt, for that reason."""
        stop = self.program.wait_for(lambda record: record.get("event") == "stop", self.here)
        assert reason in str(self.program.records[stop]["reason"]), self.program.records[stop]

    def belt_rests(self) -> None:
        """The treadmill's own belt comes to rest, by nothing but Stop."""
        self.until("the belt rests", lambda: self.treadmill.speed == 0 and "0801" in self._written)
        since = self._written
        assert set(since[since.index("0801") :]) <= {"0801", "00"}, since

    @property
    def _written(self) -> list[str]:
        """What the bluetoothd has been given since it counts, as far as it was asked."""
        return self.treadmill.writes[self.written :]

    def alarmed(self) -> None:
        """The program raises the alarm."""
        self.recorded(event="alarm")

    def recorded(self, **fields: object) -> None:
        """The record has a line with these fields, since it counts."""

        def found(record: Record) -> bool:
            return fields.items() <= record.items()

        self.program.wait_for(found, self.here)

    def marked(self) -> bool:
        """Whether a mark on disk says that the belt may be moving."""
        return any(self.folder.rglob("*.json"))


def _states(pid: int) -> set[str]:
    """What the threads of a process are at, as /proc/PID/task/TID/stat has it."""
    stats = [file.read_text(encoding="ascii") for file in Path(f"/proc/{pid}/task").glob("*/stat")]
    return {stat.rpartition(")")[2].split()[0] for stat in stats}


@contextlib.contextmanager
def stage(
    folder: Path,
    workout: str,
    *faults: str,
    options: Sequence[str] = (),
    cwd: Path | None = None,
    also: Mapping[str, str] | None = None,
) -> Iterator[Stage]:
    """The curtain is up: the program has been started and looks for the treadmill. Whatever plays its cues hangs. `cwd`
    is the folder it is started in, `also` more of its environment."""
    (folder / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    players = Players(folder / "bin").add("aplay", HANGS_UNDER_WAY).add("espeak-ng", HANGS_UNDER_WAY)
    misbehaves = [part for fault in faults for part in ("--fault", fault)]
    with bench(*misbehaves) as treadmill:
        env = {
            "DBUS_SYSTEM_BUS_ADDRESS": str(treadmill.bus),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "XDG_CONFIG_HOME": str(commissioned(folder / "config")),
            "XDG_DATA_HOME": str(folder / "data"),
            "PYTHONPATH": str(LOAD),
            "PATH": players.path,
            **(also or {}),
        }
        told = ("run", workout, "--treadmill", NAME, *options)
        with terminal(folder / "trace", *told, env=env, cwd=cwd) as program:
            played = Stage(program, treadmill, folder / "state")
            played.env = env
            yield played
