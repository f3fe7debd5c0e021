"""Reading a TOML file that a person wrote: its tables, or one line that says what is wrong.

Rules:
- Nothing is read beyond 1 MB, nothing that is not a plain file is opened.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path

from runback.config_files.error_text import printable
from runback.errors import InputError

LARGEST = 1_000_000  # bytes
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_MEND = 'correct that line (text such as "5m" stands in quotes)'


@dataclass(frozen=True, slots=True)
class FileKind:
    """What kind of file is read: the error it raises, what it is called, the command that lists such files."""

    error: type[InputError]
    called: str
    listed_by: str


def read(path: Path, sort: FileKind) -> str:
    """The text of the file at `path`. Raises the sort's error."""
    where = printable(str(path), 200)
    data = _octets(path, where, sort)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise sort.error(f"{where}: line {line}", "this is not UTF-8 text", "save the file as UTF-8") from error


def parse(text: str, where: str, sort: FileKind) -> dict[str, object]:
    """The tables in `text`; `where` is the file. Raises the sort's error."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(text, str(error), where, sort) from error
    except (ValueError, RecursionError) as error:  # an integer of thousands of digits; brackets in brackets in ...
        raise sort.error(where, "a value is too long or too deep to be read", "write plain numbers and text") from error


def _octets(path: Path, where: str, sort: FileKind) -> bytes:
    hint = f"give the path of a {sort.called}"
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise sort.error(where, "this is a folder", hint)
        if not stat.S_ISREG(mode):
            raise sort.error(where, "this is not a plain file", hint)
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise sort.error(where, "there is no such file", f'check the path, or see "{sort.listed_by}"') from error
    except PermissionError as error:
        raise sort.error(where, "this file may not be read", "give yourself permission to read it") from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "this is not a path"
        raise sort.error(where, f"this file cannot be read ({reason})", hint) from error
    if len(data) > LARGEST:
        raise sort.error(where, "the file is larger than 1 MB", hint)
    return data


def _broken(text: str, message: str, where: str, sort: FileKind) -> InputError:
    match = _PLACE.search(message)
    fault = printable(message[: match.start()] if match else message, 100)
    if match and match[1]:
        return sort.error(f"{where}: line {match[1]}", f"broken TOML at column {match[2]}: {fault}", _MEND)
    line = len(text.rstrip().splitlines()) or 1
    return sort.error(f"{where}: line {line}", f"broken TOML at the end of the file: {fault}", _MEND)
