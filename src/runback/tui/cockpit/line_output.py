"""Lines on a terminal, broken between words: what a plain screen writes to.

Rules:
- Nothing but text and line ends is written. Where the terminal's encoding is not UTF-8, what it may not have is "?".
- `write` returns at once (`BackgroundWriter`); what the terminal has not taken yet is known.
"""

from __future__ import annotations

import os
import textwrap

from runback.ipc.background_writer import BackgroundWriter

NARROWEST = 20
UNKNOWN = 80
"""Columns of a terminal that does not say how many it has."""


class LineOutput:
    """Writes to the descriptor `fd`, whose terminal understands `encoding`."""

    def __init__(self, fd: int, encoding: str) -> None:
        self._fd = fd
        self._ascii = encoding.lower().replace("-", "") != "utf8"
        self._writer = BackgroundWriter(fd)

    def write(self, line: str) -> None:
        """Take `line`. Raises OSError once the terminal is given up."""
        if self._ascii:
            line = line.encode("ascii", "replace").decode()
        parts = textwrap.wrap(line, self._width(), break_long_words=False, break_on_hyphens=False) or [""]
        self._writer.write("".join(f"{part}\n" for part in parts))

    @property
    def waiting(self) -> int:
        """Bytes that the terminal has not taken yet."""
        return self._writer.waiting

    def close(self, within: float) -> None:
        """Wait up to `within` seconds for all to be taken."""
        self._writer.close(within)

    def _width(self) -> int:
        try:
            columns = os.get_terminal_size(self._fd).columns
        except OSError:
            columns = 0
        return max(NARROWEST, (columns or UNKNOWN) - 1)
