"""People at the command line, shared by the tests of the plan."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.cli.person import Person


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Somebody who has come as far as the first run of a rehearsal: everything but the check-in before it is there."""
    person = Person(tmp_path_factory.mktemp("month"))
    person.does("plan", "start", "return-to-running", "--rehearse")
    person.passes_the_gate(0, month=True)
    assert "4 weeks done" in person.does("plan")
    return person


@pytest.fixture
def ready(month: Person, tmp_path: Path) -> Person:
    """The same with a journal of their own."""
    shutil.copytree(month.home, tmp_path, dirs_exist_ok=True)
    return Person(tmp_path)
