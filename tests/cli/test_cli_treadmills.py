"""`runback treadmills`, and a twin to run on."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from runback.cli.session_factory import catalog_of
from tests.support.cli.warm_program import run

SOUND = """
title = "Garage treadmill"
unverified = "nothing"
[[evidence]]
source = "its owner"
level = "owner-report"
covers = "everything"
[match]
name_prefix = ["GARAGE"]
[speed]
minimum = 1
maximum = 12
"""


def runback(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"XDG_CONFIG_HOME": str(home), "HOME": str(home)}
    return run(*arguments, env=environment)


@pytest.mark.full
def test_a_named_profile_that_nobody_has_is_told_with_the_nearest_before_anything_is_looked_for(tmp_path: Path) -> None:
    done = runback("run", "first-run", "--treadmill", "Somebody's", "--profile", "urevo-e1", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'runback: treadmill profile "urevo-e1": it does not exist; did you mean "urevo-e1l"?\n'


@pytest.mark.full
@pytest.mark.parametrize("command", [("run", "first-run"), ("today",), ("stop",)])
@pytest.mark.parametrize("treadmill", ["sim", "sim:trx3500"])
def test_a_profile_is_named_for_a_real_treadmill_only(command: tuple[str, ...], treadmill: str, tmp_path: Path) -> None:
    done = runback(*command, "--treadmill", treadmill, "--profile", "trx3500", home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--treadmill sim:trx3500" in done.stderr or command == ("stop",)


@pytest.mark.full
@pytest.mark.parametrize("command", [("run", "first-run"), ("today",)])
@pytest.mark.parametrize("name", ["generic", "GENERIC", " generic "])
def test_the_profile_of_a_stranger_is_not_to_be_named(command: tuple[str, ...], name: str, tmp_path: Path) -> None:
    done = runback(*command, "--treadmill", "Somebody's", "--profile", name, home=tmp_path)
    assert done.returncode == 2
    assert "is not the profile of one treadmill" in done.stderr


@pytest.mark.parametrize("name", ["generic", "nobodys"])
def test_a_stop_is_never_refused_for_the_name_of_a_profile(name: str) -> None:
    catalog = catalog_of("Somebody's", name, stopping=True)
    assert catalog is not None
    assert catalog.named in (None, "generic")
    assert {entry.name for entry in catalog.entries} >= {"urevo-e1l", "generic"}


def own(home: Path, name: str, text: str) -> Path:
    folder = home / "runback" / "devices"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.full
def test_the_list_has_every_model_with_its_evidence(tmp_path: Path) -> None:
    done = runback("treadmills", home=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 23
    (e1l,) = [line for line in lines if line.startswith("urevo-e1l ")]
    assert e1l.split() == ["urevo-e1l", "0.96", "to", "6.43", "km/h", "capture", "Urevo", "E1L"]
    assert any(line.startswith("urevo-e3 ") and "set by hand" in line for line in lines)


@pytest.mark.full
def test_ones_own_profiles_are_listed_and_broken_ones_told(tmp_path: Path) -> None:
    own(tmp_path, "garage", SOUND)
    own(tmp_path, "broken", SOUND.replace("minimum", "minimun"))
    done = runback("treadmills", home=tmp_path)
    assert done.returncode == 0
    assert "garage                 1 to 12 km/h       owner-report      Garage treadmill (yours)" in done.stdout
    assert 'unknown key "minimun"; did you mean minimum?' in done.stdout


@pytest.mark.full
def test_the_list_as_json_is_one_object_a_line(tmp_path: Path) -> None:
    own(tmp_path, "broken", "title = ")
    done = runback("treadmills", "--json", home=tmp_path)
    listed = {entry["name"]: entry for entry in map(json.loads, done.stdout.splitlines())}
    assert listed["urevo-e1l"]["maximum_kmh"] == 6.43
    assert listed["life-fitness"]["prompts"] is True
    assert listed["generic"]["evidence"][0]["level"] == "inferred"
    assert "broken TOML" in listed["broken"]["error"]


@pytest.mark.full
def test_a_sound_file_validates(tmp_path: Path) -> None:
    path = own(tmp_path, "garage", SOUND)
    done = runback("treadmills", "--validate", str(path), home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Garage treadmill" in done.stdout


@pytest.mark.full
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SOUND.replace("maximum = 12", "maximum = 0.5"), "garage.toml: speed: minimum is above maximum; check the two"),
        ("title = ", "garage.toml: line 1: broken TOML at "),
    ],
)
def test_a_broken_file_is_one_line_and_exit_code_2(tmp_path: Path, text: str, told: str) -> None:
    path = own(tmp_path, "garage", text)
    done = runback("treadmills", "--validate", str(path), home=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.full
def test_a_folder_is_checked_to_its_end(tmp_path: Path) -> None:
    own(tmp_path, "broken", "title = ")
    folder = own(tmp_path, "garage", SOUND).parent
    done = runback("treadmills", "--validate", str(folder), home=tmp_path)
    assert done.returncode == 2
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["broken", "garage"]
    (folder / "broken.toml").unlink()
    assert runback("treadmills", "--validate", str(folder), home=tmp_path).returncode == 0


@pytest.mark.full
def test_a_twin_is_run_on_by_its_profiles_name(tmp_path: Path) -> None:
    own(tmp_path, "garage", SOUND)
    workout = ("run", "20s walk 3", "--headless", "--speedup", "max")
    assert runback(*workout, "--treadmill", "sim:garage", home=tmp_path).returncode == 0
    done = runback(*workout, "--treadmill", "sim:garbage", home=tmp_path)
    assert done.returncode == 2
    assert done.stderr == ('runback: treadmill profile "garbage": it does not exist; did you mean "garage"?\n')


@pytest.mark.full
def test_a_twin_keeps_its_limits(tmp_path: Path) -> None:
    done = runback("run", "20s walk 8", "--headless", "--speedup", "max", "-t", "sim:walkingpad-z1", home=tmp_path)
    assert done.returncode == 2
    assert "6.40 km/h" in done.stderr
