"""A clinician's name that is the user's own is asked about once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from runback.rehab.records import Clearance, Cleared
from runback.training_log.own_name import is_own

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWN = ("ada", "Ada Lovelace", "")


@pytest.mark.parametrize("name", ["ada", "ADA", " Ada  Lovelace", "Dr. Ada Lovelace", "adalovelace"])
def test_the_users_own_name_is_asked_about(name: str) -> None:
    assert is_own(name, OWN, ())


@pytest.mark.parametrize("name", ["Dr Lovelace", "Adam", "my clinician", "Dr"])
def test_another_name_is_not(name: str) -> None:
    assert not is_own(name, OWN, ())


def test_it_is_asked_about_once() -> None:
    assert not is_own("Ada", OWN, [Clearance(Cleared.START, NOW, "ada")])
