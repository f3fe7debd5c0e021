"""The program's standard streams, made so that nothing a person has at their other end can end the program.

Rules:
- What cannot be written (a full disk, a closed descriptor) is not raised where it is written: a session goes on, its
  exit code stays its own, and it is said once, at the end.
- A reader who has gone (`| head`) ends the program as usual.
- A stream that was closed gets a descriptor to which nothing can be written: else the next file that is opened would
  have its number, and would be written to.
- A character that the terminal's encoding does not have is spelled with others (`→` as `->`), or escaped as JSON would;
  bytes that are no text are read as U+FFFD.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SPELLED = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "×": "x", "·": ".", "…": "...", "→": "->", "←": "<-", "↑": "^", "↓": "v"}
    | {"′": "'", "’": "'", "‘": "'", "“": '"', "”": '"', "●": "*", "○": "o", "≤": "<=", "≥": ">="}
)
"""What stands in for a character of ours that a terminal does not have."""
HANDLER = "runback"


class Output(io.FileIO):
    """The descriptor `fd`. `failed` says why something could not be written to it, once something could not."""

    def __init__(self, fd: int) -> None:
        super().__init__(fd, "wb", closefd=False)
        self.failed: str | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        """Write `data`, or forget it. Raises BrokenPipeError: whoever read it has gone."""
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            raise
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EINTR):
                raise
            self.failed = self.failed or error.strerror or str(error)
            return memoryview(data).nbytes


class Streams:
    """Puts itself in the place of the standard streams."""

    def __init__(self) -> None:
        codecs.register_error(HANDLER, _spelled)
        for fd in (0, 1, 2):
            _fill(fd)
        self._out = _replaced("stdout", 1)
        self._err = _replaced("stderr", 2)
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")

    def close(self) -> str | None:
        """Write what is left; why standard output is not complete, if it is not."""
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read standard output has gone; keep the interpreter from complaining on its way out.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (OSError, ValueError):
            pass
        return None if self._out is None else self._out.failed


def _fill(fd: int) -> None:
    try:
        os.fstat(fd)
    except OSError:
        opened = os.open(os.devnull, os.O_RDONLY)  # the lowest number that is free is this one
        if opened != fd:
            os.dup2(opened, fd)
            os.close(opened)


def _replaced(name: str, fd: int) -> Output | None:
    """The stream called `name`, replaced; None if something else has been put there already."""
    there: TextIO | None = getattr(sys, name)
    if there is not None:
        try:
            if there.fileno() != fd:
                return None
        except (OSError, ValueError):  # no descriptor behind it
            return None
        with contextlib.suppress(OSError):
            there.flush()
    output = Output(fd)
    encoding = getattr(there, "encoding", None) or "utf-8"
    stream = io.TextIOWrapper(
        io.BufferedWriter(output),
        encoding=encoding,
        errors=HANDLER,
        newline=None if os.name == "nt" else "\n",
        line_buffering=name == "stderr" or os.isatty(fd),
    )
    setattr(sys, name, stream)
    return output


def _spelled(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_spell(character) for character in text), error.end


def _spell(character: str) -> str:
    instead = character.translate(SPELLED)
    if instead != character:
        return instead
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
