"""`runback config`, and the settings as the other commands have them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from runback.cli.app import app
from runback.cli.settings_source import UNITS, SettingOption
from runback.settings.model import Settings
from runback.settings.registry import Setting, every, named
from runback.units import Unit
from tests.support.cli.warm_program import run

SHORT = "12s walk 4, 12s run 8"
BROKEN = "units = \n"


class Home:
    """A person's folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "config" / "runback" / "config.toml"

    def has(self, text: str) -> None:
        """The settings' file holds `text`."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(text, encoding="utf-8")

    def says(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """What the program answers."""
        folders = {name: str(self.folder / name.split("_")[1].lower()) for name in
                   ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}  # fmt: skip
        done = run(*arguments, env=os.environ | folders | {"HOME": str(self.folder)} | environment)
        assert "Traceback" not in done.stderr
        return done

    def line(self, *arguments: str, **environment: str) -> str:
        """The one line of a refusal."""
        done = self.says(*arguments, **environment)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        return done.stderr


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.mark.full
def test_every_setting_is_listed_with_its_value_its_origin_and_its_meaning(home: Home) -> None:
    home.has('theme = "light"\n')
    told = [json.loads(line) for line in home.says("config", "--json", RUNBACK_UNITS="mph").stdout.splitlines()]
    assert [each["name"] for each in told] == [each.name for each in every()]
    assert {each["name"]: each["from"] for each in told if each["from"] != "default"} == {
        "units": "environment",
        "theme": "file",
    }
    plain = home.says("config", RUNBACK_UNITS="mph").stdout
    assert 'units = "mph"  (RUNBACK_UNITS)\n' in plain
    assert 'theme = "light"  (file)\n' in plain
    for each in told:
        assert str(each["meaning"]).split()[0] in plain


@pytest.mark.full
def test_a_setting_is_set_shown_and_taken_out_again(home: Home) -> None:
    home.has("# mine\n")
    assert home.says("config", "cues.volume", "60").stdout == "cues.volume = 60  (file)\n"
    assert home.file.read_text() == "# mine\n\n[cues]\nvolume = 60\n"
    assert home.says("config", "cues.volume").stdout.startswith("cues.volume = 60  (file)\n    Of tones")
    assert home.says("config", "--unset", "cues.volume").stdout == "cues.volume = 80  (default)\n"
    assert home.file.read_text().strip() == "# mine"
    assert "it has its default already" in home.line("config", "cues.volume", "--unset")


@pytest.mark.full
def test_a_file_is_made_where_there_is_none_and_a_link_stays_one(home: Home, tmp_path: Path) -> None:
    home.says("config", "units", "pace")
    assert tomllib.loads(home.file.read_text()) == {"units": "min/km"}
    kept = tmp_path / "dotfiles.toml"
    home.file.rename(kept)
    home.file.symlink_to(kept)
    home.says("config", "theme", "light")
    assert home.file.is_symlink()
    assert tomllib.loads(kept.read_text()) == {"units": "min/km", "theme": "light"}


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["config", "cues.volum", "3"], 'there is no setting "cues.volum"; did you mean cues.volume?'),
        (["config", "cues.volum"], "did you mean cues.volume?"),
        (["config", "--unset", "cues.volum"], "did you mean cues.volume?"),
        (["config", "cues.volume", "300"], "cues.volume: it is above 100"),
        (["config", "cues.mute", "moo"], "'moo' cannot be turned off; give one of heads-up"),
        (["config", "keys.pause", "q"], "the key 'q' is fixed; choose another one"),
        (["config", "max_speed", "21"], "runback never goes above 20"),
        (["config", "--unset"], "these do not go together"),
        (["config", "--path", "units", "mph"], "these do not go together"),
        (["config", "units", "mph", "--unset"], "--unset takes no value"),
    ],
)
def test_what_cannot_be_set_is_refused_in_one_line_and_nothing_is_written(
    home: Home, arguments: list[str], said: str
) -> None:
    home.has('theme = "light"\n')
    assert said in home.line(*arguments)
    assert home.file.read_text() == 'theme = "light"\n'


@pytest.mark.full
def test_a_folder_that_cannot_be_written_is_one_line(home: Home) -> None:
    home.file.parent.parent.mkdir(parents=True)
    home.file.parent.write_text("no folder")
    assert "cannot be" in home.line("config", "units", "mph")


@pytest.mark.full
def test_the_example_may_be_written_as_it_is(home: Home) -> None:
    text = home.says("config", "--example").stdout
    home.has(text)
    assert home.says("config").stdout == Home(home.folder / "other").says("config").stdout
    assert home.says("config", "units", "mph").returncode == 0
    assert len(home.file.read_text().splitlines()) == len(text.splitlines()) + 1


@pytest.mark.full
def test_a_broken_file_is_told_by_whatever_asks_for_a_setting_and_can_be_looked_for(home: Home) -> None:
    home.has(BROKEN)
    for arguments in (["run", SHORT, "--headless"], ["workouts"], ["config"], ["config", "units", "mph"]):
        assert f"{home.file}: line 1: broken TOML" in home.line(*arguments)
    assert home.file.read_text() == BROKEN
    for arguments in (
        ["config", "--path"],
        ["config", "--example"],
        ["decode", "2ACD", "8404640014000002"],
        ["--help"],
    ):
        assert home.says(*arguments).returncode == 0


def test_the_commands_that_can_stop_ask_for_no_setting(home: Home) -> None:
    home.has(BROKEN)
    told = home.line("stop", "--treadmill", "sim", RUNBACK_NONSENSE="1")
    assert "lives inside its own session" in told
    for name in ("stop", "watch", "doctor", "config", "completion"):
        assert not any(isinstance(parameter, SettingOption) for parameter in app.commands[name].params), name


@pytest.mark.full
def test_options_win_over_the_environment_which_wins_over_the_file(home: Home) -> None:
    home.has('units = "mph"\n')
    arguments = ["run", SHORT, "--headless", "--speedup", "max"]
    assert " 5.0 mph " in home.says(*arguments).stdout
    assert " 7:30/km " in home.says(*arguments, RUNBACK_UNITS="pace").stdout
    assert " 8.0 km/h " in home.says(*arguments, "--units", "km/h", RUNBACK_UNITS="pace").stdout


@pytest.mark.full
def test_what_programs_read_stays_in_kilometres_an_hour(home: Home) -> None:
    arguments = ["run", SHORT, "--headless", "--speedup", "max", "--json"]
    plain = home.says(*arguments).stdout
    home.has('units = "mph"\ntheme = "light"\n')
    assert home.says(*arguments).stdout == plain


@pytest.mark.full
def test_what_is_said_follows_the_unit_unless_it_was_set(home: Home) -> None:
    arguments = ["cues", "--list", "heads-up"]
    home.has('units = "mph"\n')
    assert "four point seven miles an hour" in home.says(*arguments).stdout
    assert "eight minutes a kilometre" in home.says(*arguments, "--units", "pace").stdout
    assert "seven point five." in home.says(*arguments, "--say", "km/h").stdout
    home.has('units = "mph"\n[cues]\nsay = "min/mi"\n')
    assert "twelve fifty two a mile" in home.says(*arguments).stdout
    home.has('[cues]\nmute = ["heads-up"]\n')
    assert "turned off" in home.says(*arguments).stdout


@pytest.mark.full
def test_sound_that_is_set_refuses_no_sped_up_session_but_an_option_does(home: Home) -> None:
    home.has("[cues]\nsound = true\n")
    arguments = ["run", SHORT, "--headless", "--speedup", "max"]
    assert home.says(*arguments).returncode == 0
    assert "cues keep real time" in home.line(*arguments, "--sound")


@pytest.mark.full
def test_a_cap_of_the_persons_own_refuses_a_faster_workout_and_bounds_plus(home: Home) -> None:
    home.has("max_speed = 7\n")
    told = home.line("run", SHORT, "--headless", "--speedup", "max")
    assert "step 2 (run): 8.0 km/h is above the cap of 7.0 km/h (your max_speed)" in told


@pytest.mark.full
def test_the_default_treadmill_is_the_one_that_is_set(home: Home) -> None:
    home.has('treadmill = "sim:nothing-like-it"\n')
    assert "nothing-like-it" in home.line("run", SHORT, "--headless", "--speedup", "max")
    assert home.says("run", SHORT, "--headless", "--speedup", "max", "-t", "sim").returncode == 0


def test_every_option_with_a_setting_has_the_settings_default() -> None:
    settings, followed = Settings(), set[str]()
    for command in app.commands.values():
        for parameter in command.params:
            if not isinstance(parameter, SettingOption):
                continue
            setting = named(parameter.setting)
            assert isinstance(setting, Setting), (command.name, parameter.name)
            followed.add(setting.name)
            if parameter.name in ("say", "sound", "keyboard"):
                continue
            wanted = setting.write(setting.value(settings))
            context = command.make_context(command.name or "", [], resilient_parsing=True)
            found = parameter.get_default(context)
            assert (list(found) if isinstance(found, tuple) else found) == wanted or not wanted, (command.name, setting)
    assert followed >= {"treadmill", "profile", "strap", "theme", "keyboard", "count_from", "cues.volume", "log_file"}


def test_the_units_that_may_be_said_are_those_there_are() -> None:
    assert set(UNITS) == {*Unit, "pace"}


def test_the_version_tells_what_a_bug_report_needs(home: Home) -> None:
    told = home.says("--version").stdout
    assert told.startswith("runback ")
    assert f"Python {sys.version.split()[0]}" in told
    assert sys.platform in told


def test_help_reads_no_settings_and_no_library_of_theirs(home: Home) -> None:
    home.has(BROKEN)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "runback", "--help"],
        capture_output=True,
        text=True,
        env=os.environ | {"XDG_CONFIG_HOME": str(home.folder / "config")},
        check=False,
    )
    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "runback.cli.app" in imported
    assert not [name for name in imported if name.startswith("runback.cli.commands.")]
    assert not {"pydantic", "tomlkit", "tomllib", "textual", "bleak", "runback.settings.model"} & imported
