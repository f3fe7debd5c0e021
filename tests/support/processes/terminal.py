"""The real program in a real pseudo-terminal, as a person would have it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.processes.bench import LIMIT as LIMIT

MODULE = (sys.executable, "-m", "runback")
OWN_TERMINAL = (shutil.which("setsid") or "setsid", "--ctty")
"""A session of its own, whose terminal is its input (util-linux). Python's `preexec_fn` would do, but may hang where
other threads run."""
INSTALLED = (str(Path(sys.executable).parent / "runback"),)
Record = dict[str, object]


class Terminal:
    """`python -m runback ARGUMENTS --trace FILE` in a terminal of 80 x 24; with no `trace`, nothing is recorded. In a
    folder `cwd` it is the installed `runback`, as a person has it: `python -m` would look for modules there."""

    def __init__(
        self, trace: Path | None, *arguments: str, env: dict[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(slave)
        self._slave: int | None = slave
        self._trace = trace
        self._read = 0
        self.records: list[Record] = []
        self.output = b""
        self.beside: list[Terminal] = []
        """Terminals that are looked at whenever this one is."""
        self.process = subprocess.Popen(
            [
                *OWN_TERMINAL,
                *(MODULE if cwd is None else INSTALLED),
                *arguments,
                *([] if trace is None else ["--trace", str(trace)]),
            ],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", **(env or {})},
        )

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self.master, keys)

    def hold(self, *, over: bool = False) -> None:
        """Take nothing that is written, until that is `over`."""
        assert self._slave is not None
        termios.tcflow(self._slave, termios.TCOON if over else termios.TCOOFF)

    def settings(self) -> list[object]:
        """The terminal's modes as they are now."""
        assert self._slave is not None
        return list(termios.tcgetattr(self._slave))

    def wait_for(self, found: Callable[[Record], bool], after: int = 0) -> int:
        """Read until a record after the first `after` satisfies `found`; returns its index."""
        deadline = time.monotonic() + LIMIT
        while True:
            self.collect()
            for index in range(after, len(self.records)):
                if found(self.records[index]):
                    return index
            assert time.monotonic() < deadline, f"never seen; {self.told()}"
            self.listen(0.05)

    def told(self) -> str:
        """What the program has written down and shown last, for a test that fails."""
        self.collect()
        told = [record for record in self.records if record.get("event") not in {"snapshot", "notification"}]
        lines = "\n".join(json.dumps(record) for record in told[-25:])
        return f"last records:\n{lines}\nscreen: {self.output[-300:]!r}"

    def phase(self, name: str, after: int = 0) -> int:
        """Wait until the session enters phase `name`."""
        return self.wait_for(lambda record: record.get("event") == "phase" and record.get("phase") == name, after)

    def seen(self, text: bytes, after: int = 0) -> None:
        """Wait until the terminal has been sent `text`, after its first `after` bytes."""
        deadline = time.monotonic() + LIMIT
        while text not in self.output[after:]:
            assert time.monotonic() < deadline, f"{text!r} never shown: {self.output[-300:]!r}"
            self.listen(0.05)

    def exit_code(self) -> int:
        """Wait for the program's end."""
        deadline = time.monotonic() + LIMIT
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"the program does not end: {self.output[-500:]!r}"
            self.listen(0.05)
        shown = -1
        while shown != len(self.output):  # a terminal gives its bytes in portions
            shown = len(self.output)
            self.listen(0.05)
        self.collect()
        return int(self.process.returncode)

    def writes(self, after: int) -> list[str]:
        """What was written to the treadmill from record `after` on."""
        return [str(record["hex"]) for record in self.records[after:] if record.get("event") == "write"]

    def child(self, module: str) -> int:
        """The process of the engine's newest child that runs `module`."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        for pid in reversed(children.split()):
            if module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                return int(pid)
        raise LookupError(f"no child runs {module}")

    def screen_pid(self) -> int:
        """The screen's process."""
        return self.child("runback.tui.cockpit")

    def sentinel_pid(self) -> int:
        """The sentinel's."""
        return self.child("runback.cli.sentinel")

    def hang_up(self) -> None:
        """Close the terminal's window."""
        if self._slave is not None:
            os.close(self._slave)
            self._slave = None
        os.close(self.master)
        self.master = -1

    def close(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.master >= 0:
            self.hang_up()

    @contextlib.contextmanager
    def at_once_with(self, other: Terminal) -> Iterator[None]:
        """Within, whoever looks at one of the two looks at both."""
        self.beside.append(other)
        other.beside.append(self)
        try:
            yield
        finally:
            other.beside.remove(self)

    def listen(self, seconds: float) -> None:
        """Take what the terminal is sent, for at most `seconds`, and those `beside` it; nothing that draws has to wait
        for room."""
        self._take(seconds)
        for other in self.beside:
            other._take(0.0)

    def _take(self, seconds: float) -> None:
        if self.master < 0:
            select.select([], [], [], seconds)
            return
        ready, _, _ = select.select([self.master], [], [], seconds)
        if ready:
            with contextlib.suppress(OSError):
                self.output += os.read(self.master, 1 << 16)

    def collect(self) -> None:
        if self._trace is not None and self._trace.exists():
            text = self._trace.read_bytes()
            whole = text[self._read : text.rfind(b"\n") + 1]
            self._read += len(whole)
            self.records += [json.loads(line) for line in whole.splitlines()]


@contextlib.contextmanager
def terminal(
    trace: Path | None, *arguments: str, env: dict[str, str] | None = None, cwd: Path | None = None
) -> Iterator[Terminal]:
    """A running program, ended afterwards whatever happened."""
    running = Terminal(trace, *arguments, env=env, cwd=cwd)
    try:
        yield running
    finally:
        running.close()
