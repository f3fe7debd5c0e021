"""Seeded faults are found by the search. `tests.search.run --bugs`, a step of `.ci/run`, has it find all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.search.bug_table import BUGS
from tests.search.bugs import Bug, Change, Misfit, changed, hunt, install

pytestmark = pytest.mark.timeout(600)
"""They search, each in a process of its own; a busy computer may take its time over that."""

QUICK = ("a start that failed leaves everything behind", "one record of 0 is rest", "control is claimed ahead of Stop")


@pytest.mark.full
@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.name in QUICK], ids=lambda bug: bug.name)
def test_the_search_finds_the_seeded_fault(bug: Bug, tmp_path: Path) -> None:
    code, said = hunt(bug, tmp_path)
    assert bug.is_found(code, said), said


@pytest.mark.full
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_seeded_fault_still_fits_the_core(bug: Bug, tmp_path: Path) -> None:
    assert (install(bug, tmp_path) / "runback" / bug.changes[0].file).is_file()


def test_at_least_twenty_faults_are_seeded_each_under_its_own_name() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 20
    assert len([bug for bug in BUGS if bug.name in QUICK]) == len(QUICK)


def test_a_fault_that_does_not_fit_the_core_any_more_is_an_error() -> None:
    source = "class A:\n    def f(self):\n        return 1  # as ever\n"
    assert "return 2" in changed(source, Change("a.py", "A.f", "return  1", "return 2"))
    for change in (Change("a.py", "A.g", "", "pass"), Change("a.py", "A.f", "return 3", "pass")):
        with pytest.raises(Misfit):
            changed(source, change)
