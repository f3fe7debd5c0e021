"""Lines on their way to a reader who may be slow, hang, or be gone: one rule for every pipe and socket of ours.

Rules:
- `give` takes a line and returns. One line of each kind waits at most, and a newer one takes its place ("conflation":
  the newest wins). What waits goes in the order of `KINDS`: a plan before the snapshots that speak of it, a goodbye
  last. What has no kind waits its turn.
- A line that is given `alone` throws away whatever waits: nothing stands before a Stop.
- A line that is `offered` goes now or never: late, a heartbeat would say that a hung process was alive.
- A line that has been begun is ended before the next.

A writer has two forms: the loop watches its descriptor (`watched_pipes.WatchedWriter`), or a thread writes to it
(`threaded_pipes.PipeWriter`). Not among them, because they promise something else: `background_writer` keeps every line
of a record; the engine's words to the sentinel and to the cue player are a few bytes that go whole or are lost.
"""

from __future__ import annotations

from typing import Protocol

KINDS = ("", "plan", "snapshot", "gone", "bye")


class ConflatingWriter(Protocol):
    """Either form."""

    @property
    def busy(self) -> bool:
        """Whether something waits, or is half written."""

    def give(self, line: bytes, kind: str = "", *, alone: bool = False, within: float = 0.0) -> None:
        """Send `line` as soon as there is room, unless a newer one of its `kind` comes first. `alone`: forget whatever
        waits. `within`: seconds that a caller whose loop writes may be held up for room."""

    def offer(self, line: bytes) -> None:
        """Send `line` if there is room for it now, else not at all."""

    def close(self) -> None:
        """Take nothing more."""


class WaitingLines:
    """What waits, sans-IO."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, bytes]] = []

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def first(self) -> bytes:
        """The line whose turn it is; empty if none waits."""
        return self._lines[self._turn()][1] if self._lines else b""

    def put(self, line: bytes, kind: str = "", *, alone: bool = False) -> None:
        """Let `line` wait, in the place of an older one of its `kind`; `alone`: of everything."""
        kept = [] if alone else [each for each in self._lines if not kind or each[0] != kind]
        self._lines = [*kept, (kind, line)]

    def take(self) -> bytes:
        """The first line, which waits no longer; empty if none does."""
        return self._lines.pop(self._turn())[1] if self._lines else b""

    def clear(self) -> None:
        """Forget everything."""
        self._lines.clear()

    def _turn(self) -> int:
        """The place of the line that goes next: of those that come first in `KINDS`, the one that waits longest."""
        return min(range(len(self._lines)), key=lambda place: KINDS.index(self._lines[place][0]))
