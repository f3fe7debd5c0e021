"""Where profiles come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from runback.devices.identity import Match
from runback.devices.library import available, find, load, load_folder, shipped_folder
from runback.devices.profile import SHIPPED
from runback.devices.speed_incline import Speed
from runback.errors import DeviceError
from tests.support.devices import HEAD

MODELS = {
    "urevo-e1l",
    "urevo-e3",
    "walkingpad-z1",
    "walkingpad-mc21",
    "yesoul-w2-pro",
    "sperax-rm01",
    "horizon-omega-z",
    "apollo-11-max",
    "jftm-t202",
    "fitshow",
    "bowflex-t9",
    "merach-t",
    "mobvoi-tmp",
    "tunturi-t80",
    "citysports-linker",
    "kettler-alpha-run-600",
    "matrix",
    "life-fitness",
    "technogym-myrun",
    "trx3500",
    "wellfit-tm",
    "runback-simulator",
}


def write(folder: Path, name: str, text: str = HEAD) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


def test_all_models_ship_and_every_one_is_sound() -> None:
    entries = available(None)
    assert {entry.name for entry in entries} == MODELS | {"generic"}
    assert len(MODELS) == 22
    assert [str(entry.error) for entry in entries if entry.error] == []


def test_the_shipped_folder_is_the_one_that_the_wheel_takes() -> None:
    assert {file.name.removesuffix(".toml") for file in shipped_folder().iterdir()} == MODELS | {"generic"}


def test_the_generic_profile_knows_nothing_and_matches_nobody() -> None:
    generic = find("generic", None)
    assert generic.match == Match()
    assert generic.speed == Speed()
    assert not generic.prompts


def test_every_profile_names_a_source_a_level_and_what_is_unverified() -> None:
    for entry in available(None):
        assert entry.profile is not None
        assert all(len(one.source) > 10 and len(one.covers) > 10 for one in entry.profile.evidence)
        assert entry.profile.unverified


def test_a_persons_own_file_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    write(tmp_path, "generic", HEAD.replace("A machine", "Mine"))
    write(tmp_path, "garage")
    entries = {entry.name: entry for entry in available(tmp_path)}
    assert entries["generic"].own
    assert entries["generic"].profile is not None
    assert entries["generic"].profile.title == "Mine"
    assert entries["urevo-e1l"].source == SHIPPED
    assert find("Generic", tmp_path).title == "Mine"
    assert find("garage", tmp_path).name == "garage"


def test_a_broken_file_is_one_broken_entry_of_the_list(tmp_path: Path) -> None:
    write(tmp_path, "broken", "title = ")
    write(tmp_path, "sound")
    (tmp_path / "notes.txt").write_text("no profile", "utf-8")
    broken, sound = load_folder(tmp_path)
    assert broken.profile is None
    assert "broken TOML" in str(broken.error)
    assert sound.profile is not None
    with pytest.raises(DeviceError, match="broken TOML"):
        find("broken", tmp_path)


def test_a_folder_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    assert load_folder(tmp_path / "nowhere") == load_folder(None) == []
    assert len(available(tmp_path / "nowhere")) == len(available(None))


def test_a_name_nobody_has_is_told_with_the_nearest() -> None:
    with pytest.raises(DeviceError) as refused:
        find("urevo-e1", None)
    assert str(refused.value) == ('treadmill profile "urevo-e1": it does not exist; did you mean "urevo-e1l"?')
    with pytest.raises(DeviceError, match='see "runback treadmills"'):
        find("qqqqqqqqq", None)


def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="there is no such file"):
        load(tmp_path / "nowhere.toml")
    with pytest.raises(DeviceError, match="give the path of a treadmill profile"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("name", "prompts", "blind"),
    [
        ("generic", False, False),
        ("urevo-e3", True, True),
        ("life-fitness", True, False),
        ("citysports-linker", False, False),
    ],
)
def test_what_must_not_be_driven_is_said_by_the_profile(name: str, *, prompts: bool, blind: bool) -> None:
    profile = find(name, None)
    assert (profile.prompts, profile.blind) == (prompts, blind)
