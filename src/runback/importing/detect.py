"""Bytes in, what they say out: which format they are is read from them, not from the file's name.

Rules:
- More than 5 MB is refused before anything is parsed.
- Whatever comes in, the answer is an `Imported` or a WorkoutError of one line.
"""

from __future__ import annotations

from runback.config_files.error_text import quoted
from runback.errors import WorkoutError
from runback.importing import fit, intervals_icu, qz, safe_xml, zwo
from runback.importing.draft import Imported, SpeedUnit

LARGEST = 5_000_000  # bytes
_MEND = "give a Zwift .zwo, QZ .xml, FIT workout or intervals.icu text"


def read(data: bytes, name: str, where: str, *, unit: SpeedUnit | None = None, by: str | None = None) -> Imported:
    """What the file `where` holds. `name` is its name unless it says one; `unit` is what QZ speeds count in, `by`
    ("time", "distance") what Zwift durations do. Raises WorkoutError."""
    if len(data) > LARGEST:
        raise WorkoutError(where, "the file is larger than 5 MB", "workouts are smaller: give another file")
    if data[8:12] == fit.MAGIC:
        return fit.read(data, name, where)
    if not data.strip():
        raise WorkoutError(where, "the file is empty", _MEND)
    if _is_markup(data):
        root = safe_xml.parse(data, where)
        if root.name == zwo.ROOT:
            return zwo.read(root, name, where, by)
        if root.name == qz.ROOT:
            return qz.read(root, name, where, unit)
        raise WorkoutError(where, f"{quoted(root.name)} is not a workout that runback knows", _MEND)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not intervals_icu.is_text(text):
        raise WorkoutError(where, "this is not a workout that runback knows", _MEND)
    return intervals_icu.read(text, name, where)


def _is_markup(data: bytes) -> bool:
    """Whether the first thing in it is a tag; in UTF-16, too."""
    head = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"<") or data.startswith((b"\xff\xfe<\x00", b"\xfe\xff\x00<"))
