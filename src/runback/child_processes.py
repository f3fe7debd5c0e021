"""The one place where a child's command line and environment are made.

A Python that is started with `-m` looks for modules in the current folder before it looks anywhere else. An innocent
`queue.py` in the folder a person happens to be in would end the process that has to stop the belt, and a planted one
would run in it. So what stands in the current folder is nobody's business here.

Rules:
- Our own modules are started with `-P`: neither the current folder nor a script's is on the module path.
- PYTHONPATH keeps its absolute entries. An empty or relative one means the current folder, or one below it, and is left
  out, except where this very package was imported from there: that folder is then named in full.
- PYTHONSTARTUP, PYTHONINSPECT and a relative PYTHONUSERBASE are left out: they run what they name.
- A foreign program is looked for in the absolute folders of PATH alone, and started by its full path.

What cannot be helped from here: a `runback` folder, or a module of the standard library, in the current folder of a
person who types `python -m runback` (the installed `runback` does not look there), and a PYTHONPATH that names the
current folder while this process itself comes up (`sitecustomize`, and every module imported since).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
"""The folder that this package stands in."""
_NEVER = ("PYTHONSTARTUP", "PYTHONINSPECT")
_ENDINGS = ("", ".exe") if sys.platform == "win32" else ("",)


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs our module `name`. To be started with `environment()`."""
    return [sys.executable, "-P", "-m", name, *arguments]


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a child; made of `given`, None: of this process's own."""
    made = dict(os.environ if given is None else given)
    for name in _NEVER:
        made.pop(name, None)
    if not os.path.isabs(made.get("PYTHONUSERBASE", os.sep)):
        del made["PYTHONUSERBASE"]
    path = list(_path(made.get("PYTHONPATH", "")))
    made.pop("PYTHONPATH", None)
    if path:
        made["PYTHONPATH"] = os.pathsep.join(path)
    return made


def _path(entries: str) -> Iterator[str]:
    absolute = [entry for entry in entries.split(os.pathsep) if os.path.isabs(entry)]
    yield from absolute
    # Where the package is found only by the folder that `python -m` puts first, or by a relative entry, a child would
    # not find it at all.
    if not any(_is_root(entry) for entry in (*absolute, *sys.path[1:])) or _by_relative(entries):
        yield ROOT


def _by_relative(entries: str) -> bool:
    relative = (entry for entry in entries.split(os.pathsep) if not os.path.isabs(entry))
    return bool(entries) and any(_is_root(entry or os.curdir) for entry in relative)


def _is_root(folder: str) -> bool:
    return os.path.realpath(folder) == ROOT


def program(name: str, path: str | None = None) -> str | None:
    """The full path of the program `name`, None if it is not here. `path` is searched; None: PATH."""
    for folder in (os.environ.get("PATH", os.defpath) if path is None else path).split(os.pathsep):
        for ending in _ENDINGS if os.path.isabs(folder) else ():
            file = os.path.join(folder, name + ending)
            if os.path.isfile(file) and os.access(file, os.X_OK):
                return file
    return None
