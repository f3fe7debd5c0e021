"""`runback export`: a session of the journal as files for other programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from runback.cli.files import save
from runback.errors import InputError
from runback.journal.database import default_path
from runback.journal.model import SessionRecord

FORMATS = ("fit", "tcx", "csv", "json")


def export_session(session: str, formats: Sequence[str], output: str | None, journal: Path | None = None) -> int:
    """Write `session` (its number, or `last`) of `journal` in each of `formats`: to `output` (`-`: standard output), or
    to a file of its own in the present folder. Nothing that exists is overwritten. Raises InputError."""
    from runback.journal.queries import story

    if not formats:
        raise InputError("export", "no format is given", "add --fit, --tcx, --csv or --json")
    if output is not None and len(formats) > 1:
        raise InputError(
            "--output", f"{len(formats)} formats do not fit in one file", "give one format, or no --output"
        )
    path = default_path() if journal is None else journal
    told = story(path, session)
    for name in formats:
        octets = _convert(name, told, path)
        if output == "-":
            sys.stdout.buffer.write(octets)
            sys.stdout.buffer.flush()
        else:
            save(Path(output) if output else Path(_name(told, name)), octets)
    return 0


def _convert(name: str, told: SessionRecord, path: Path) -> bytes:
    from runback.export.csv_file import to_csv
    from runback.export.fit import to_fit
    from runback.export.json_file import to_json
    from runback.export.tcx import to_tcx
    from runback.journal.log_entries import entries

    converters: dict[str, Callable[[SessionRecord], bytes]] = {
        "fit": to_fit,
        "tcx": to_tcx,
        "csv": to_csv,
        "json": lambda told: to_json(told, entries(path)),
    }
    return converters[name](told)


def _name(told: SessionRecord, extension: str) -> str:
    return f"runback-{told.session.id}-{told.session.began:%Y-%m-%d}.{extension}"
