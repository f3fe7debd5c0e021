"""A profile written is the profile read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.devices.library import available, loads
from runback.devices.profile import Profile
from runback.devices.serialization import text
from tests.support.devices import profile

SHIPPED = [entry.profile for entry in available(None) if entry.profile is not None]


@pytest.mark.parametrize("made", SHIPPED, ids=lambda made: made.name)
def test_every_profile_that_ships_reads_back_as_it_was(made: Profile) -> None:
    assert loads(text(made), "own", made.name) == made


@settings(deadline=None)
@given(
    st.integers(0, 3000), st.integers(-400, 400), st.text(min_size=1, max_size=30), st.binary(min_size=1, max_size=20)
)
def test_whatever_it_holds_reads_back_as_it_was(speed: int, incline: int, name: str, key: bytes) -> None:
    line = " ".join("".join(each for each in name if each.isprintable()).split()) or "x"
    made = profile()
    made = replace(
        made,
        title=line,
        match=replace(made.match, name_prefix=(line,)),
        speed=replace(made.speed, minimum=speed),
        incline=replace(made.incline, minimum=incline),
        control=replace(made.control, key=key),
    )
    assert loads(text(made), "own", made.name) == made


def test_what_is_not_known_is_not_written() -> None:
    assert "[speed]" not in text(profile())
    assert "name" not in text(profile())
