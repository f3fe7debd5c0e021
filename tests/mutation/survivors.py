"""The list of explained survivors, `survivors.toml`: mutants no test kills, each with the reason why none has to.

A mutant is named by its file, the function, the changed line (or lines, joined) as it is and as it became; `nth` tells
equal lines of a function apart. `becomes` may list several changes of one line that have one reason.
"""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).parent / "survivors.toml"


@dataclass(frozen=True, slots=True)
class Name:
    """What a mutant is called."""

    file: str
    where: str
    line: str
    becomes: str
    nth: int = 1


def explained(text: str | None = None) -> dict[Name, str]:
    """The list: why each of them may live."""
    entries = tomllib.loads(LIST.read_text(encoding="utf-8") if text is None else text).get("survivor", [])
    found: dict[Name, str] = {}
    for entry in entries:
        become = entry["becomes"]
        for becomes in [become] if isinstance(become, str) else become:
            name = Name(entry["file"], entry["where"], entry["line"], becomes, entry.get("nth", 1))
            if name in found:
                raise ValueError(f"explained twice: {name}")
            found[name] = entry["why"]
    return found


def functions(source: str) -> dict[int, tuple[str, int]]:
    """For each row (from 1) in a class or function: its qualified name, and the row before which it begins."""
    found: dict[int, tuple[str, int]] = {}

    def look(node: ast.AST, names: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                inner = (*names, child.name)
                begin = min([child.lineno, *(each.lineno for each in child.decorator_list)])
                for row in range(begin, (child.end_lineno or begin) + 1):
                    found[row] = (".".join(inner), begin - 1)
                look(child, inner)
            else:
                look(child, names)

    look(ast.parse(source), ())
    return found


def stands(root: Path, name: Name) -> bool:
    """Whether the line of `name` is still in its file and function, often enough."""
    path = root / name.file
    if not path.is_file():
        return False
    source = path.read_text(encoding="utf-8")
    rows = functions(source)
    inside = [
        line.strip()
        for row, line in enumerate(source.splitlines(), 1)
        if rows.get(row, ("", 0))[0] == name.where and line.strip()
    ]
    return f" {' '.join(inside)} ".count(f" {name.line} ") >= name.nth
