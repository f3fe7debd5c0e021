"""The list of explained survivors is about the code as it is, and nothing of the stop path is left out of the run."""

from __future__ import annotations

import pytest

from tests.mutation.rooms import ROOMS, ROOT, SOURCE, STOP_PATH, all_files
from tests.mutation.survivors import Name, explained, stands


@pytest.mark.full
def test_every_explained_survivor_names_a_line_that_is_there() -> None:
    assert [name for name in explained() if not stands(ROOT, name)] == []


def test_every_explanation_is_a_sentence() -> None:
    assert [why for why in explained().values() if len(why.split()) < 5 or not why.endswith(".")] == []


def test_every_explained_survivor_is_of_a_file_that_is_mutated() -> None:
    assert {name.file for name in explained()} <= set(all_files())


def test_one_survivor_is_explained_once() -> None:
    entry = '[[survivor]]\nfile = "a"\nwhere = "b"\nline = "c"\nbecomes = "d"\nwhy = "e"\n'
    assert explained(entry) == {Name("a", "b", "c", "d"): "e"}
    with pytest.raises(ValueError, match="explained twice"):
        explained(entry * 2)


@pytest.mark.parametrize(
    ("where", "line", "nth", "there"),
    [
        ("test_one_survivor_is_explained_once", "explained(entry * 2)", 1, True),
        ("test_one_survivor_is_explained_once", "explained(entry * 2)", 2, False),
        ("test_one_survivor_is_explained_once", "explained(entry * 3)", 1, False),
        ("test_every_explanation_is_a_sentence", "explained(entry * 2)", 1, False),
    ],
)
def test_a_line_is_looked_for_in_its_own_function(where: str, line: str, nth: int, *, there: bool) -> None:
    assert stands(ROOT, Name("tests/mutation/test_mutation_survivors.py", where, line, "", nth)) == there


def test_a_file_that_is_gone_has_no_line() -> None:
    assert not stands(ROOT, Name("src/runback/gone.py", "", "pass", ""))


def test_the_whole_of_machine_and_safety_and_every_way_to_stop_is_mutated() -> None:
    rooms = [file for room in ("machine", "safety") for file in (ROOT / SOURCE / room).glob("*.py")]
    wanted = {str(file.relative_to(ROOT)) for file in rooms if file.name != "__init__.py"}
    assert sorted(all_files()) == sorted(wanted | {f"{SOURCE}/{file}" for file in STOP_PATH})


def test_every_test_that_judges_is_there() -> None:
    named = {part for room in ROOMS for part in (*room.tests(), *room.sources)}
    assert [part for part in sorted(named) if not (ROOT / part).exists()] == []
