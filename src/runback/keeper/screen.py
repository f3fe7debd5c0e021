"""The screen's process, seen from the keeper: one pipe each way, and a heartbeat.

Rules:
- The screen is expendable. It can stop the belt, by an intent, by its end, or by falling silent; it can hold up
  nothing: what it does not read in time is overwritten (newest snapshot wins), never queued.
- Its end of the pipe closed, or no beat for `BEAT_WITHIN` seconds once it has begun to beat, is its loss.
- The terminal it drew on is put back as it was found, however the screen ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from pydantic import TypeAdapter, ValidationError

from runback.lines import Lines
from runback.messages import Beat, Bye, Gone, Intent, Plan, Snapshot, ToKeeper
from runback.session.states import Ask

BEAT_WITHIN = 1.0
"""Seconds of real time. The screen beats ten times a second; its worst redraw takes a third of one (latency.md)."""
READ = 1 << 16
RESTORE = (
    "\x1b[?1049l"  # leave the alternate screen
    "\x1b[?25h\x1b[?7h\x1b[0m"  # cursor back, long lines broken again, colours off
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # mouse off
    "\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[<u"  # paste, focus, resize reports and the kitty keyboard off
)

_TO_KEEPER: TypeAdapter[Intent | Beat] = TypeAdapter(ToKeeper)


class Screen:
    """A running screen. `asked` hears its intents; `gone` hears, once, that it is lost."""

    def __init__(self, asked: Callable[[Ask], None], gone: Callable[[str], None]) -> None:
        self._asked = asked
        self._gone = gone
        self._process: asyncio.subprocess.Process | None = None
        self._lines = Lines()
        self._read_fd = self._write_fd = -1
        self._plan: bytes | None = None
        self._snapshot: bytes | None = None
        self._bye: bytes | None = None
        self._half = b""
        self._lost = False
        self.beats = 0
        self.beaten_at = 0.0
        """When it last beat, on the loop's clock."""
        self.typing = False
        """Whether it says that keys are being typed into a field."""
        self.theme = ""
        """The theme it says is on; empty before its first beat."""

    async def start(self, stdin: int, held: Sequence[int], *arguments: str) -> None:
        """Start the process: it draws on this terminal, has its keys from `stdin`, and gets the descriptors `held`."""
        its_read, self._write_fd = os.pipe()
        self._read_fd, its_write = os.pipe()
        for fd in (self._read_fd, self._write_fd):
            os.set_blocking(fd, False)
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "runback.tui",
                f"--read-fd={its_read}",
                f"--write-fd={its_write}",
                *arguments,
                stdin=stdin,
                pass_fds=(its_read, its_write, *held),
            )
        finally:
            os.close(its_read)
            os.close(its_write)
        asyncio.get_running_loop().add_reader(self._read_fd, self._on_readable)

    def show(self, message: Plan | Snapshot | Gone | Bye) -> None:
        """Give it something to draw; returns at once. A newer snapshot takes the place of one still waiting."""
        line = message.model_dump_json().encode() + b"\n"
        match message:
            case Plan():
                self._plan = line
            case Snapshot() | Gone():
                self._snapshot = line
            case Bye():
                self._bye = line
        self._flush()

    def lose(self, why: str) -> None:
        """Count it as lost, and see to it that it draws no more."""
        if not self._lost:
            self._lost = True
            self._close()
            self._gone(why)
            self._kill()

    async def bury(self) -> None:
        """Wait until a lost one is dead: from then on the terminal is nobody's."""
        self._kill()
        if self._process is not None:
            await self._process.wait()

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def end(self, within: float) -> None:
        """Ask it to leave; kill it after `within` seconds."""
        if not self._lost:
            self.show(Bye(line=""))
            self._lost = True
        if self._process is not None:
            try:
                async with asyncio.timeout(within):
                    await self._process.wait()
            except TimeoutError:
                await self.bury()
        self._close()

    def _flush(self) -> None:
        if self._write_fd < 0:
            return
        while self._half or self._plan or self._snapshot or self._bye:
            if not self._half:
                if self._plan is not None:
                    self._half, self._plan = self._plan, None
                elif self._snapshot is not None:
                    self._half, self._snapshot = self._snapshot, None
                elif self._bye is not None:
                    self._half, self._bye = self._bye, None
            try:
                self._half = self._half[os.write(self._write_fd, self._half) :]
            except BlockingIOError:
                asyncio.get_running_loop().add_writer(self._write_fd, self._flush)
                return
            except OSError:
                self.lose("the screen closed its pipe")
                return
        asyncio.get_running_loop().remove_writer(self._write_fd)

    def _on_readable(self) -> None:
        try:
            data = os.read(self._read_fd, READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            if self._lost:
                self._close()
            self.lose("the screen is gone")
            return
        for line in self._lines.feed(data):
            message = _message(line)
            if isinstance(message, Intent):
                self._asked(message.ask)
            elif message is not None:
                self.beats += 1
                self.beaten_at = asyncio.get_running_loop().time()
                self.typing = message.typing
                self.theme = message.theme

    def _close(self) -> None:
        loop = asyncio.get_running_loop()
        if self._read_fd >= 0:
            loop.remove_reader(self._read_fd)
            os.close(self._read_fd)
            self._read_fd = -1
        if self._write_fd >= 0:
            loop.remove_writer(self._write_fd)
            os.close(self._write_fd)
            self._write_fd = -1


def _message(line: bytes | None) -> Intent | Beat | None:
    if line is None:
        return None
    try:
        return _TO_KEEPER.validate_json(line)
    except ValidationError:
        return None  # a message of another version: never guessed at


@contextlib.contextmanager
def terminal_kept(stream: TextIO) -> Iterator[None]:
    """Whatever happens within, the terminal behind `stream` is afterwards as it was before."""
    try:
        import termios
    except ImportError:  # Windows keeps its console modes per process
        yield
        return
    fd = stream.fileno()
    try:
        attributes = termios.tcgetattr(fd)
    except termios.error:
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(termios.error, OSError):
            sys.stdout.write(RESTORE)
            sys.stdout.flush()
            termios.tcsetattr(fd, termios.TCSANOW, attributes)  # waits for no stalled terminal
