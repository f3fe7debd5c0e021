"""Which profile a machine has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.devices.identity import Identity
from runback.devices.library import available
from runback.devices.matching import choose
from runback.devices.profile import SHIPPED, ProfileEntry
from runback.errors import DeviceError
from tests.support.devices import entry

FITNESS = "00001826-0000-1000-8000-00805f9b34fb"
CYCLING = "00001816-0000-1000-8000-00805f9b34fb"
GENERIC = entry("generic", "")


def chosen(identity: Identity, *entries: ProfileEntry, named: str | None = None) -> str:
    return choose(identity, [GENERIC, *entries], named).name


def test_a_name_matches_by_its_beginning_whatever_the_case() -> None:
    wellfit = entry("wellfit", 'name_prefix = ["WELLFIT TM"]')
    assert chosen(Identity("Wellfit TM-2"), wellfit) == "wellfit"
    assert chosen(Identity("My Wellfit TM"), wellfit) == "generic"


def test_a_pattern_must_fit_the_whole_name() -> None:
    gym = entry("gym", 'name_regex = "LF.{4}"\nname_example = "LF1234"')
    assert chosen(Identity("lf5678"), gym) == "gym"
    assert chosen(Identity("LF56789"), gym) == "generic"


def test_the_longer_beginning_wins() -> None:
    entries = entry("wide", 'name_prefix = ["FS-"]'), entry("narrow", 'name_prefix = ["FS-BT-T4"]')
    assert chosen(Identity("FS-BT-T4"), *entries) == "narrow"
    assert chosen(Identity("FS-BT-T5"), *entries) == "wide"


def test_more_kinds_of_criteria_win() -> None:
    entries = (
        entry("by-name", 'name_prefix = ["KS-HD-Z1D"]'),
        entry("by-firmware", 'name_prefix = ["KS"]\nfirmware = ["V0.0.6"]'),
    )
    assert chosen(Identity("KS-HD-Z1D", firmware="v0.0.6"), *entries) == "by-firmware"
    assert chosen(Identity("KS-HD-Z1D", firmware="V9"), *entries) == "by-name"


@pytest.mark.parametrize("key", ["model", "manufacturer", "firmware"])
def test_what_is_not_known_of_a_machine_matches_nothing(key: str) -> None:
    one = entry("one", f'{key} = ["X 1"]')
    assert chosen(Identity("X 1"), one) == "generic"
    assert chosen(Identity(**{key: "x 1"}), one) == "one"  # type: ignore[arg-type]
    assert chosen(Identity(**{key: "x 2"}), one) == "generic"  # type: ignore[arg-type]


def test_a_machine_without_a_name_is_known_by_its_services() -> None:
    omega = entry("omega", 'anonymous = true\nservices = ["1816", "1826"]')
    both = frozenset({FITNESS, CYCLING})
    assert chosen(Identity(None, both), omega) == "omega"
    assert chosen(Identity("Somebody", both), omega) == "generic"
    assert chosen(Identity(None, frozenset({FITNESS})), omega) == "generic"


def test_two_that_fit_equally_well_are_an_error_that_names_both() -> None:
    entries = entry("left", 'name_prefix = ["AB"]'), entry("right", 'name_prefix = ["ab", "XY"]')
    with pytest.raises(DeviceError) as refused:
        chosen(Identity("AB-1"), *entries)
    assert "left, right" in str(refused.value)
    assert '"AB-1"' in str(refused.value)


def test_a_persons_own_profile_is_asked_first() -> None:
    shipped = entry("shipped", 'name_prefix = ["KS-HD-Z1D"]')
    own = entry("mine", 'name_prefix = ["KS"]', own=True)
    assert chosen(Identity("KS-HD-Z1D"), shipped, own) == "mine"


def test_a_profile_that_is_named_is_taken_as_it_is() -> None:
    one = entry("one", 'name_prefix = ["AB"]')
    assert chosen(Identity("ZZ"), one, named="One") == "one"
    with pytest.raises(DeviceError, match='it does not exist; did you mean "one"'):
        chosen(Identity("AB"), one, named="onee")
    with pytest.raises(DeviceError, match="runback treadmills"):
        chosen(Identity("AB"), one, named="xxxxxxxx")


def test_a_broken_profile_matches_nothing_and_says_why_when_it_is_named() -> None:
    broken = ProfileEntry("broken", "broken.toml", None, DeviceError("broken.toml", "it is broken", "correct it"))
    assert chosen(Identity("broken"), broken) == "generic"
    with pytest.raises(DeviceError, match="it is broken"):
        chosen(Identity("AB"), broken, named="broken")


def test_an_empty_match_matches_nothing() -> None:
    assert chosen(Identity("AB", frozenset({FITNESS}), "m", "n", "f"), entry("nobody", "")) == "generic"


@given(name=st.none() | st.text(max_size=30), services=st.frozensets(st.sampled_from([FITNESS, CYCLING])))
def test_every_machine_has_exactly_one_of_the_shipped_profiles(name: str | None, services: frozenset[str]) -> None:
    entries = [one for one in SHELF if one.source == SHIPPED]
    assert choose(Identity(name, services), entries).name


SHELF = available(None)
