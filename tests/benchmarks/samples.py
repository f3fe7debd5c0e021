"""Samples of "key to Stop at the link", of the bare floor and of the whole program, over the same bench."""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tests.benchmarks.pseudo_terminal import PATIENCE, PseudoTerminal, is_running
from tests.benchmarks.treadmills import STOP, Write
from tests.support.bluez.commissioned import commissioned

HERE = Path(__file__).parent
LOAD = HERE.parent / "support" / "load"
LATE = 2.0
"""Seconds after which a Stop counts as not come."""
WORKOUT = "30m walk 4, 30m walk 5"
KEY = b"z"
MEDIAN, P99 = 1.5, 3.0
"""How many times the floor's, at most, whatever the screen is up to (issue 11)."""
ENOUGH = 300
"""Samples that a 99th percentile is told of; fewer say nothing of it."""
TELEMETRY = ("--speed", "4")
"""The simulated treadmills live four times as fast, so they report 4 times a second, as the quickest real ones do."""
AFTERMATH = 0.1
"""Seconds: the answer to the floor's Stop wakes everybody on the bus; the program's sample comes after it."""
HOW = (
    "key octet written to the pty master -> WriteValue 08 01 at the bench; real program, unmodified bleak, private "
    "dbus-daemon; {}; floor: blocking read of a pty, then the same bleak write, in turn with it"
)


def nothing() -> None:
    """No burden."""


class Bench(Protocol):
    """Whoever sees what is written to a treadmill: the bench itself (`treadmills`), or who listens on the bus."""

    @property
    def seen(self) -> int:
        """How many writes there have been: where to look from."""

    def first(self, address: str, data: str, seen: int, within: float) -> Write | None:
        """Wait up to `within` seconds for `data` at `address`, after the first `seen` writes."""


class Floor:
    """The bare process of `floor.py` on the treadmill at `address`."""

    def __init__(self, bench: Bench, address: str) -> None:
        self._bench = bench
        self._address = address
        self._go, its = socket.socketpair()
        self._go.settimeout(PATIENCE)
        self._terminal = PseudoTerminal(
            [sys.executable, str(HERE / "floor.py"), address, str(its.fileno())], {}, pass_fds=[its.fileno()]
        )
        its.close()
        assert self._go.recv(1) == b"r", self._terminal.tail

    def sample(self, pause: float, burden: Callable[[], None] = nothing) -> float:
        """Seconds from a key to Stop at the bench. The key is pressed `pause` seconds after the floor has begun to wait
        for one, right after `burden`, which it sits through as the program does."""
        self._go.send(b"?")
        assert self._go.recv(1) == b"g"
        time.sleep(0.002 + pause)
        burden()
        seen = self._bench.seen
        at = self._terminal.press(KEY)
        write = self._bench.first(self._address, STOP, seen, LATE)
        assert write is not None, "the floor did not write"
        return write.at - at

    def close(self) -> None:
        """End it."""
        self._go.close()
        self._terminal.close()


class Program:
    """`python -m runback run … --treadmill ADDRESS` in a pseudo-terminal, started by Enter like a person's."""

    def __init__(
        self,
        bench: Bench,
        address: str,
        state: Path,
        *arguments: str,
        seed: int = 0,
        size: tuple[int, int] = (40, 120),
        named: str = "Simulated Treadmill",
    ) -> None:
        self.address = address
        self._bench = bench
        self._random = random.Random(seed)
        self._sentinel: int | None = None
        state.mkdir(parents=True, exist_ok=True)
        self.terminal = PseudoTerminal(
            [sys.executable, "-m", "runback", "run", WORKOUT, "--treadmill", address, *arguments],
            {
                "XDG_STATE_HOME": str(state),
                "XDG_DATA_HOME": str(state),
                "XDG_CONFIG_HOME": str(commissioned(state / "config", named)),
                "BURDEN_SECONDS": "0.4",  # less than the engine's patience with its screen
                "PYTHONPATH": os.pathsep.join((str(LOAD), os.environ.get("PYTHONPATH", ""))),
            },
            size=size,
        )

    @property
    def screen(self) -> int:
        """The process that draws."""
        return self.terminal.child("runback.tui.cockpit")

    def ready(self) -> None:
        """Wait until it shows that it can be started."""
        assert self.terminal.shows(b"safety key clipped on"), self.terminal.tail
        self._sentinel = self.terminal.child("runback.cli.sentinel")
        time.sleep(0.5)

    def start(self) -> None:
        """Press Enter, and wait until its belt has been told to move."""
        seen = self._bench.seen
        self.terminal.press(b"\r")
        assert self._bench.first(self.address, "07", seen, PATIENCE) is not None, self.terminal.tail

    def run(self) -> None:
        """Start, and go on until the belt runs at the workout's speed."""
        seen = self._bench.seen
        self.start()
        assert self._bench.first(self.address, "02", seen, PATIENCE) is not None, self.terminal.tail
        time.sleep(0.5 + self._random.random())

    def let_go(self) -> None:
        """Release a stop whose belt is at rest: `u`, then Enter. Nothing moves."""
        for key in (b"u", b"\r"):
            self.terminal.press(key)
            time.sleep(0.25)

    def count_down(self) -> None:
        """From a stopped belt: let go of the stop, go on by Enter, and wait for a random moment of the ten seconds in
        which the belt is announced. A key is Stop there, and Stop is written at once."""
        self.let_go()
        self.terminal.press(b"\r")
        time.sleep(0.25 + 0.3 * self._random.random())

    def stop(self, key: bytes = KEY) -> float | None:
        """Press; seconds to Stop at the bench, or None if none came."""
        seen = self._bench.seen
        at = self.terminal.press(key)
        write = self._bench.first(self.address, STOP, seen, LATE)
        return None if write is None else write.at - at

    def close(self) -> None:
        """End it and everything under it; its sentinel, which outlives it to stop the belt, first."""
        if self._sentinel is not None and is_running(self._sentinel, "runback.cli.sentinel"):
            os.kill(self._sentinel, signal.SIGKILL)
        self.terminal.close()
