"""A treadmill on a private D-Bus, in a process of its own (`tests/bluez/serve.py`), for tests without a loop."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.child import command

LIMIT = 90.0
"""Seconds after which a test gives up waiting; nothing is asserted about how long things take."""


class Bench:
    """A running bench. `writes` are the bytes (hexadecimal) that its bluetoothd was given."""

    def __init__(self, *arguments: str) -> None:
        self.writes: list[str] = []
        self._process = subprocess.Popen(
            command("tests.support.bluez.serve", *arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self._fd = self._process.stdout.fileno()
        self._rest = b""
        _, self.bus = self._answer()

    def ask(self, line: str) -> object:
        """Send one order (`serve.py` lists them) and return its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        what, answer = self._answer()
        assert what != "error", answer
        return answer

    @property
    def speed(self) -> int:
        """What the belt itself does, 0.01 km/h."""
        truth = self.ask("truth")
        assert isinstance(truth, dict)
        return int(truth["speed"])

    def kill_bus(self) -> None:
        """SIGKILL of the dbus-daemon."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text(encoding="ascii")
        for child in children.split():
            os.kill(int(child), signal.SIGKILL)

    def close(self) -> None:
        """End it, whatever state it is in."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _answer(self) -> tuple[str, object]:
        """The next line that is no write."""
        deadline = time.monotonic() + LIMIT
        while True:
            line, found, rest = self._rest.partition(b"\n")
            if not found:
                ready, _, _ = select.select([self._fd], [], [], max(0.0, deadline - time.monotonic()))
                data = os.read(self._fd, 1 << 16) if ready else b""
                assert data, "the bench says nothing"
                self._rest += data
                continue
            self._rest = rest
            ((what, content),) = json.loads(line).items()
            if what != "write":
                return str(what), content
            self.writes.append(str(content["data"]))


@contextlib.contextmanager
def bench(*arguments: str) -> Iterator[Bench]:
    """A running bench, ended afterwards."""
    running = Bench(*arguments)
    try:
        yield running
    finally:
        running.close()
