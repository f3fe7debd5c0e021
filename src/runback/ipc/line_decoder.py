"""Lines out of a stream of bytes, sans-IO.

Rules:
- A line that has not ended yet is kept for the next read. An over-long one is refused once and skipped to its end.
"""

from __future__ import annotations

LONGEST = 1 << 20
"""Bytes. A plan of a thousand steps is a tenth of it."""


class LineDecoder:
    """Cuts what is fed to it into lines."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._kept = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes | None]:
        """The lines that `data` completes, without their ends; None for one that was refused."""
        whole: list[bytes | None] = []
        *ended, rest = data.split(b"\n")
        for piece in ended:
            self._take(piece, whole)
            if not self._skipping and self._kept:
                whole.append(bytes(self._kept))
            self._kept.clear()
            self._skipping = False
        self._take(rest, whole)
        return whole

    def _take(self, piece: bytes, whole: list[bytes | None]) -> None:
        if self._skipping:
            return
        self._kept += piece
        if len(self._kept) > self._longest:
            self._kept.clear()
            self._skipping = True
            whole.append(None)
