"""Every quirk of quirks.md, 1 to 44 and 52, has a field, and every field names its quirks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from runback.devices import control, data, identity, link, speed_incline
from runback.devices import profile as profile_module
from runback.devices.profile import Profile
from runback.devices.quirk_index import FIELDS

MODULES = (speed_incline, control, data, identity, link, profile_module)
ALWAYS = {"profile.name", "profile.title", "profile.evidence", "profile.unverified"}
"""What every profile has, quirk or none; so with the evidence's and the unlocking steps' own keys below."""
ALWAYS |= {"evidence.source", "evidence.level", "evidence.covers"}


def tables(table: type = Profile, prefix: str = "profile") -> Iterator[tuple[str, type]]:
    yield prefix, table
    for one in fields(table):
        hint = get_type_hints(table)[one.name]
        inner = next((part for part in (hint, *get_args(hint)) if is_dataclass(part) and isinstance(part, type)), None)
        if inner is not None:
            yield from tables(inner, one.name)


def docstrings() -> dict[str, str]:
    """Table and field, to the string under it."""
    found: dict[str, str] = {}
    names = {table.__name__: prefix for prefix, table in tables()}
    for module in MODULES:
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        for node in tree.body:
            if not isinstance(node, ast.ClassDef) or node.name not in names:
                continue
            for before, after in zip(node.body, node.body[1:], strict=False):
                if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name):
                    text = after.value if isinstance(after, ast.Expr) else None
                    string = text.value if isinstance(text, ast.Constant) else None
                    found[f"{names[node.name]}.{before.target.id}"] = string if isinstance(string, str) else ""
    return found


DOCS = docstrings()
EVERYTHING = {f"{prefix}.{one.name}" for prefix, table in tables() for one in fields(table)}


SOURCE = Path(str(profile_module.__file__)).parents[1]
CLIENT = (
    *(f"devices/{name}.py" for name in ("matching", "identity", "limits", "profile", "link")),
    *(f"engine/{name}.py" for name in ("profile_adapter", "connection", "discovery")),
    "cli/commands/treadmills.py",
)
TWIN = ("simulator/twin.py",)


def read_in(files: tuple[str, ...]) -> set[str]:
    """The names of attributes that are read in `files`."""
    nodes = (node for file in files for node in ast.walk(ast.parse((SOURCE / file).read_text("utf-8"))))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


BY_CLIENT, BY_TWIN = read_in(CLIENT), read_in(TWIN)


def numbers(text: str) -> set[int]:
    """The numbers a docstring gives as quirks: in brackets, or after the word."""
    spans = re.findall(r"\(([0-9, to]+)\)|[Qq]uirks? ([0-9]+)", text)
    found: set[int] = set()
    for bracket, word in spans:
        for first, last in re.findall(r"(\d+)(?: to (\d+))?", bracket or word):
            found |= set(range(int(first), int(last or first) + 1))
    return found


def test_every_quirk_from_1_to_44_and_52_is_covered_by_a_field() -> None:
    assert list(FIELDS) == [*range(1, 45), 52]
    assert all(FIELDS.values())


@pytest.mark.parametrize("number", FIELDS)
def test_each_field_that_covers_a_quirk_exists_and_says_so(number: int) -> None:
    for path in FIELDS[number]:
        dotted = path if "." in path else f"profile.{path}"
        assert dotted in EVERYTHING, dotted
        assert number in numbers(DOCS[dotted]), f"{dotted} does not name quirk {number}"


@pytest.mark.parametrize("dotted", sorted(EVERYTHING))
def test_every_field_has_a_docstring_that_names_its_quirks(dotted: str) -> None:
    assert DOCS.get(dotted), f"{dotted} has no docstring"
    assert dotted in ALWAYS or numbers(DOCS[dotted]), f"{dotted} names no quirk"


@pytest.mark.parametrize("dotted", sorted(EVERYTHING))
def test_every_field_is_obeyed_by_the_client_or_says_that_it_is_not(dotted: str) -> None:
    name, said = dotted.partition(".")[2], DOCS[dotted]
    for_people, for_twin = said.endswith("Documentation."), said.endswith("For the twin.")
    if for_people:
        assert name not in BY_TWIN
    elif for_twin:
        assert name in BY_TWIN, f"{dotted} makes no twin misbehave"
    else:
        assert name in BY_CLIENT, f"{dotted} is obeyed by nobody"


def test_every_quirk_has_a_test_named_for_it_on_its_twin_and_on_the_whole_client_before_it() -> None:
    rooms = Path(__file__).parents[1]
    for room in ("simulator", "engine"):
        text = "\n".join(path.read_text("utf-8") for path in (rooms / room).glob("test_*.py"))
        named = {
            int(digits) for each in re.findall(r"quirks?_([0-9_and]+)", text) for digits in re.findall(r"\d+", each)
        }
        assert set(FIELDS) - named == set(), room
