"""Unlocking bytes, against the one machine they were seen on."""

from __future__ import annotations

import pytest

from runback.devices.library import find
from runback.devices.link import payload


def test_a_z1_is_unlocked_by_octets_made_from_its_name() -> None:
    """slandau3/z1-walkingpad-mcp docs/protocol.md: KS-HD-Z1D takes 71 00 05 01 2e 5a 31 44 74."""
    (step,) = find("walkingpad-z1", None).unlock
    assert payload(step, "KS-HD-Z1D").hex(" ") == "71 00 05 01 2e 5a 31 44 74"


def test_a_merach_is_unlocked_by_the_same_octets_whatever_its_name() -> None:
    (step,) = find("merach-t", None).unlock
    assert payload(step, "MRK-T10-D59A").hex(" ") == "aa 01 00 01 55"


@pytest.mark.parametrize("name", ["", "Z", "KS-Ü", "\U0010ffff" * 4, "\xff\xff\xff\xff"])
def test_whatever_the_name_the_octets_have_their_length(name: str) -> None:
    (step,) = find("walkingpad-z1", None).unlock
    assert len(payload(step, name)) == 9
