"""Faults that are put into the core again, to see that the search finds them.

A fault is one function changed: a piece of it, or its whole body, in the syntax tree, so that comments and layout do
not matter. Where the core has changed so much that the piece is not there any more, or more than once, `Misfit` says
so: then the fault has to be put in another way, not be left out.

A faulty core is a folder of links to the real one, with the changed files in their place; a process that is told to
look there first (PYTHONPATH) runs it.
"""

from __future__ import annotations

import ast
import os
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.child import command as program

SEARCH: Final = Path(__file__).parent
SOURCE: Final = SEARCH.parent.parent / "src" / "runback"
WITHIN: Final = 300.0
"""Seconds that one search may take; it takes some, and a busy computer may take its time."""


class Misfit(Exception):
    """A fault that cannot be put into the core as it is now."""


@dataclass(frozen=True, slots=True)
class Change:
    """`old` becomes `new` in the function `where` ("Class.function") of `file`; `old` empty: its whole body does."""

    file: str
    where: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Bug:
    """One fault: what it does, where it came from, the changes, and the search that has to find it."""

    name: str
    source: str
    changes: tuple[Change, ...]
    scene: str = "short"
    departures: int = 1
    acts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """The rules of which one has to be found broken; empty: any."""

    def is_found(self, code: int, said: str) -> bool:
        """Whether a search that ended with `code` and said so much has found it."""
        return code == 1 and (not self.rules or any(f"!!! {rule}: " in said for rule in self.rules))


def changed(source: str, change: Change) -> str:
    """`source` with `change` made. Raises Misfit."""
    tree = ast.parse(source)
    function = _function(tree, change)
    if change.old:
        body = "\n".join(ast.unparse(each) for each in function.body if not _is_doc(each))
        old, new = _normal(change.old), change.new
        if body.count(old) != 1:
            raise Misfit(f"{change.file}, {change.where}: {body.count(old)} times {old!r}")
        text = body.replace(old, new)
    else:
        text = change.new
    function.body = ast.parse(textwrap.dedent(text)).body
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_doc(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _normal(piece: str) -> str:
    try:
        return ast.unparse(ast.parse(piece))
    except SyntaxError:
        return piece  # a part of a statement


def _function(tree: ast.Module, change: Change) -> ast.FunctionDef:
    nodes: list[ast.stmt] = tree.body
    found: ast.stmt | None = None
    for name in change.where.split("."):
        found = next(
            (each for each in nodes if isinstance(each, (ast.ClassDef, ast.FunctionDef)) and each.name == name), None
        )
        nodes = found.body if isinstance(found, (ast.ClassDef, ast.FunctionDef)) else []
    if not isinstance(found, ast.FunctionDef):
        raise Misfit(f"{change.file} has no {change.where}")
    return found


def install(bug: Bug, folder: Path) -> Path:
    """Make a faulty core in `folder`; what PYTHONPATH has to begin with. Raises Misfit."""
    files: dict[Path, str] = {}
    for change in bug.changes:
        path = Path(change.file)
        files[path] = changed(files.get(path) or (SOURCE / path).read_text(encoding="utf-8"), change)
    _mirror(SOURCE, folder / "runback", {path.parent for path in files})
    for path, text in files.items():
        made = folder / "runback" / path
        made.unlink()
        made.write_text(text, encoding="utf-8")
    return folder


def _mirror(source: Path, target: Path, rooms: set[Path], here: Path = Path()) -> None:
    """Links to everything in `source`, real folders where something in them is changed."""
    target.mkdir(parents=True)
    for each in source.iterdir():
        if each.name == "__pycache__":
            continue
        inside = here / each.name
        if inside in rooms:
            _mirror(each, target / each.name, rooms, inside)
        else:
            (target / each.name).symlink_to(each)


def hunt(bug: Bug, folder: Path) -> tuple[int, str]:
    """Search the faulty core in `folder`; the exit code of the search, and what it said."""
    command = [
        *program("tests.search.run"),
        "--processes",
        "1",
        "--first",
        "1",
        "--scene",
        bug.scene,
    ]
    command += ["--departures", str(bug.departures), *(f"--act={act}" for act in bug.acts)]
    path = os.pathsep.join([str(install(bug, folder))])
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, timeout=WITHIN, check=False
    )
    return done.returncode, done.stdout + done.stderr
