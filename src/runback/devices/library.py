"""Where profiles come from: those that ship with runback, and a person's own folder.

Rules:
- A person's own file takes the place of a shipped one of the same name, and is asked first when a machine is matched.
- A person's broken file is one broken entry of the list, never the end of it. None of the shipped ones is broken.
- The person's folder is an argument: this room does not know where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from runback.config_files import toml_file
from runback.config_files.error_text import CLIP, nearest, printable, quoted
from runback.devices.profile import SHIPPED, Profile, ProfileEntry
from runback.errors import DeviceError

FILE = toml_file.FileKind(DeviceError, "treadmill profile", "runback treadmills")
_ENDING = ".toml"


def shipped_folder() -> Traversable:
    """The profiles that come with runback: in the wheel beside the package's rooms, in a checkout at its top."""
    package = resources.files("runback")
    packed = package / "_devices"
    return packed if packed.is_dir() else package / ".." / ".." / "devices"


def load(path: Path) -> Profile:
    """The profile in the file at `path`. Raises DeviceError, also for a file that cannot be read."""
    return loads(toml_file.read(path, FILE), printable(str(path), 200), path.stem)


def loads(text: str, where: str, name: str) -> Profile:
    """The profile called `name` that the TOML `text` describes. Raises DeviceError."""
    data = toml_file.parse(text, where, FILE)
    from runback.devices.schema import profile_from

    return profile_from(data, name, where)


def read(path: Path) -> ProfileEntry:
    """The file at `path` as an entry. Raises DeviceError, also for a file that cannot be read."""
    return ProfileEntry(path.stem, printable(str(path), 200), load(path))


def load_folder(folder: Path | None) -> list[ProfileEntry]:
    """Every profile in `folder`, by name; a broken one with its error."""
    entries = []
    for path in _own(folder):
        try:
            entries.append(read(path))
        except DeviceError as error:
            entries.append(ProfileEntry(printable(path.stem, CLIP), printable(str(path), 200), None, error))
    return entries


def available(folder: Path | None) -> list[ProfileEntry]:
    """Every profile by name: the shipped ones, each replaced by a file of its name in `folder`, and the other files."""
    entries = {entry.name: entry for entry in (*_shipped(), *load_folder(folder))}
    return [entries[name] for name in sorted(entries)]


def find(name: str, folder: Path | None) -> Profile:
    """The profile called `name`. Raises DeviceError: there is none, or its file is broken."""
    asked = name.strip().casefold()
    for path in _own(folder):
        if path.stem.casefold() == asked:
            return load(path)
    shipped = {file.name.removesuffix(_ENDING): file for file in _shipped_files()}
    if asked in shipped:
        return loads(shipped[asked].read_text("utf-8"), f"shipped {asked}", asked)
    near = nearest(asked, [*shipped, *(path.stem for path in _own(folder))])
    hint = f"did you mean {quoted(near)}?" if near else 'see "runback treadmills"'
    raise DeviceError(f"treadmill profile {quoted(name)}", "it does not exist", hint)


def _shipped_files() -> list[Traversable]:
    return sorted(
        (file for file in shipped_folder().iterdir() if file.name.endswith(_ENDING)), key=lambda file: file.name
    )


def _shipped() -> Iterator[ProfileEntry]:
    for file in _shipped_files():
        name = file.name.removesuffix(_ENDING)
        yield ProfileEntry(name, SHIPPED, loads(file.read_text("utf-8"), f"shipped {name}", name))


def _own(folder: Path | None) -> list[Path]:
    """The TOML files in `folder`, by name; none if it is not there or cannot be read."""
    if folder is None:
        return []
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == _ENDING)
    except OSError:
        return []
