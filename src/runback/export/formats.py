"""The formats there are, a line each: what a format is called, what its option says, and which function writes it.

Rules:
- A writer is imported when a file of its format is wanted: the commands' help imports none.
- A format's name is its option (`--fit`) and the end of its files' names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from runback.journal.model import LogRow, SessionRecord


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format. `writer` is a module of this room and its function, which takes a session's story and, if it
    `tells_entries`, the journal's entries, and returns the bytes of a file."""

    name: str
    help: str
    writer: str
    tells_entries: bool = False

    def convert(self, story: SessionRecord, entries: Callable[[], Sequence[LogRow]]) -> bytes:
        """`story` as a file of this format; `entries` are asked for only if it has them. Raises InputError."""
        module, _, function = self.writer.partition(".")
        write = cast("Callable[..., bytes]", getattr(import_module(f"runback.export.{module}"), function))
        return write(story, entries()) if self.tells_entries else write(story)


FORMATS = (
    ExportFormat("fit", "For Garmin, Strava and most others: laps, pauses, heart rate.", "fit.to_fit"),
    ExportFormat("tcx", "For older programs.", "tcx.to_tcx"),
    ExportFormat("csv", "For a spreadsheet: one row a second.", "csv_file.to_csv"),
    ExportFormat("json", "Everything, with every write to the treadmill.", "json_file.to_json", tells_entries=True),
)
