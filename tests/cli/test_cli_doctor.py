"""`runback doctor` on a computer that has nothing: every look is a finding, none an error."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.cli.warm_program import run

Finding = dict[str, str]


def doctor(home: Path, **environment: str) -> tuple[int, dict[str, Finding]]:
    """The exit code, and the findings by what was looked at."""
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    bus = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={home}/nobody"}
    done = run("doctor", "--json", env=os.environ | folders | bus | environment)
    assert done.stderr == ""
    return done.returncode, {found["what"]: found for found in map(json.loads, done.stdout.splitlines())}


@pytest.mark.full
def test_without_bluetooth_it_says_so_and_what_to_do_about_it(tmp_path: Path) -> None:
    code, found = doctor(tmp_path)
    assert code == 5
    assert (found["D-Bus"]["state"], found["Bluetooth"]["state"]) == ("bad", "bad")
    assert all(found[what]["mend"] for what in ("D-Bus", "Bluetooth"))


@pytest.mark.full
def test_what_is_in_order_is_said_too_and_nothing_is_left_behind(tmp_path: Path) -> None:
    _, found = doctor(tmp_path)
    assert {found[what]["state"] for what in ("system", "profiles", "settings", "data", "state", "journal")} == {"ok"}
    assert found["belt"]["found"] == "no session has left a belt that may be moving"
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


@pytest.mark.full
def test_whatever_is_not_in_order_comes_with_its_hint(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    empty = tmp_path / "empty"
    empty.mkdir()
    _, found = doctor(tmp_path, XDG_DATA_HOME=str(tmp_path / "file"), PATH=str(empty))
    assert {what for what, each in found.items() if each["state"] != "ok"} >= {"D-Bus", "BlueZ", "data", "speech"}
    assert [what for what, each in found.items() if each["state"] != "ok" and not each["mend"]] == []
    assert [what for what, each in found.items() if each["state"] == "ok" and each["mend"]] == []


@pytest.mark.full
@pytest.mark.parametrize(("player", "what"), [("aplay", "tones"), ("espeak-ng", "speech")])
def test_what_makes_cues_heard_is_told(player: str, what: str, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / player
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    _, found = doctor(tmp_path, PATH=str(programs))
    assert (found[what]["state"], found[what]["found"]) == ("ok", f"by {player}; `runback cues` plays every cue")


@pytest.mark.full
def test_without_anything_that_speaks_it_says_what_to_install(tmp_path: Path) -> None:
    _, found = doctor(tmp_path, PATH=str(tmp_path))
    assert found["speech"]["state"] == "note"
    assert "espeak-ng" in found["speech"]["mend"]


@pytest.mark.full
def test_a_session_that_runs_now_is_told_with_what_to_do(tmp_path: Path) -> None:
    mark = tmp_path / "state" / "runback" / "belt-may-be-moving.json"
    mark.parent.mkdir(parents=True)
    mark.write_text(json.dumps({"treadmill": "Omega Z", "pid": os.getpid()}))
    _, found = doctor(tmp_path)
    assert (found["belt"]["state"], bool(found["belt"]["mend"])) == ("note", True)


def test_a_folder_that_cannot_be_made_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    _, found = doctor(tmp_path, XDG_DATA_HOME=str(tmp_path / "file"))
    assert found["data"]["state"] == "note"
    assert "make this folder writable" in found["data"]["mend"]


@pytest.mark.full
def test_a_belt_that_an_earlier_session_left_is_told(tmp_path: Path) -> None:
    mark = tmp_path / "state" / "runback" / "belt-may-be-moving.json"
    mark.parent.mkdir(parents=True)
    mark.write_text('{"treadmill": "Omega Z", "pid": 0}')
    _, found = doctor(tmp_path)
    assert "Omega Z" in found["belt"]["found"]
    assert "runback stop" in found["belt"]["mend"]


@pytest.mark.full
def test_broken_settings_are_told_with_their_place(tmp_path: Path) -> None:
    file = tmp_path / "config" / "runback" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('theme = "light"\n')
    assert doctor(tmp_path)[1]["config"] == {
        "what": "config", "state": "ok", "found": f"{file}; 1 set, `runback config` shows them", "mend": ""
    }  # fmt: skip
    file.write_text('unit = "mph"\n')
    _, found = doctor(tmp_path)
    assert (found["config"]["state"], found["config"]["mend"]) == ("bad", "did you mean units?")
    assert found["config"]["found"].startswith(str(file))


@pytest.mark.full
def test_a_broken_profile_of_ones_own_is_told_with_its_place(tmp_path: Path) -> None:
    own = tmp_path / "config" / "runback" / "devices" / "mine.toml"
    own.parent.mkdir(parents=True)
    own.write_text("nonsense = 1")
    _, found = doctor(tmp_path)
    assert found["profiles"]["state"] == "note"
    assert "mine.toml" in found["profiles"]["found"]
