"""A process in a pseudo-terminal of its own, watched as little as possible while it is measured.

Rules:
- A thread takes whatever the process writes, so that it never waits for a reader.
- A key's time is CLOCK_MONOTONIC right before the bytes are written to the terminal's other end.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROWS, COLUMNS = 40, 120
PATIENCE = 30.0


def before_strangers(pid: int) -> bool:
    """Let the session of `pid` go before other sessions of this computer, where Linux groups by session (autogroup) and
    lets us; says whether it does. Done alike to bench, floor and program: what else runs here is not what is measured.
    Between the processes of one session, a screen and its engine, nothing is changed."""
    return _weigh(pid, -19)


def like_strangers(pid: int) -> bool:
    """Take that back."""
    return _weigh(pid, 0)


def _weigh(pid: int, nice: int) -> bool:
    try:
        Path(f"/proc/{pid}/autogroup").write_text(str(nice), encoding="ascii")
    except OSError:
        return False
    return True


def is_running(pid: int, module: str) -> bool:
    """Whether process `pid` exists and runs `module`."""
    try:
        return module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _own_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class PseudoTerminal:
    """`command` in a terminal of `size` rows and columns; `pass_fds` are the child's too."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        size: tuple[int, int] = (ROWS, COLUMNS),
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        self.written = 0
        """Bytes it has written so far."""
        self._tail = b""
        self._news = threading.Condition()
        try:
            self.process = subprocess.Popen(
                command,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env={**os.environ, "TERM": "xterm-256color", **environment},
                pass_fds=pass_fds,
                preexec_fn=_own_terminal,
            )
        finally:
            os.close(slave)
        before_strangers(self.process.pid)
        self._drain = threading.Thread(target=self._read, daemon=True)
        self._drain.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self.master, 1 << 16)
            except OSError:
                return
            if not data:
                return
            with self._news:
                self.written += len(data)
                self._tail = (self._tail + data)[-(1 << 18) :]
                self._news.notify_all()

    def press(self, keys: bytes) -> float:
        """Press keys; returns when, CLOCK_MONOTONIC seconds."""
        at = time.monotonic()
        os.write(self.master, keys)
        return at

    def resize(self, rows: int, columns: int) -> None:
        """Change the window's size, as its owner does."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def forget(self) -> None:
        """What has been shown so far does not count for `shows`."""
        with self._news:
            self._tail = b""

    def shows(self, *texts: bytes, within: float = PATIENCE) -> bool:
        """Whether it writes one of `texts` within so many seconds; a frame may break a text that only changes."""
        deadline = time.monotonic() + within
        with self._news:
            while not any(text in self._tail for text in texts):
                left = deadline - time.monotonic()
                if left <= 0 or self.process.poll() is not None:
                    return any(text in self._tail for text in texts)
                self._news.wait(min(left, 0.5))
            return True

    @property
    def tail(self) -> bytes:
        """The newest of what it wrote, for a message."""
        return self._tail[-400:]

    def child(self, module: str) -> int:
        """The process that runs `module` for it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            pid = self.process.pid
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
                if is_running(int(child), module):
                    return int(child)
            time.sleep(0.01)
        raise TimeoutError(f"no {module} under {self.process.pid}: {self.tail!r}")

    def close(self) -> None:
        """Leave nothing of its session behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.master)
        self._drain.join(PATIENCE)
