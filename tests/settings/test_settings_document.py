"""The file as text: what is written into it leaves everything else as it is."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.settings.load import load
from runback.settings.model import Settings
from runback.settings.registry import Setting, every, named
from runback.settings.toml_edit import example, toml, with_setting, without

MINE = """\
# my settings

theme = "dark"  # the cellar has no window

# what I hear
[cues]  # quiet
# not at night
volume = 60

[keys]
pause = "g"
"""


def setting(name: str) -> Setting:
    found = named(name)
    assert isinstance(found, Setting)
    return found


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("theme", "light", 'theme = "light"  # the cellar has no window'),
        ("units", "mph", 'units = "mph"'),
        ("cues.volume", 20, "volume = 20"),
        ("cues.mute", ["run"], 'mute = ["run"]'),
        ("keys.skip", ["n", "up"], 'skip = ["n", "up"]'),
    ],
)
def test_a_setting_is_written_and_all_else_stays(name: str, value: object, line: str) -> None:
    after = with_setting(MINE, setting(name), value)
    assert line in after.splitlines()
    key = name.rpartition(".")[2]
    assert [each for each in after.splitlines() if each != line] == [
        each for each in MINE.splitlines() if not each.startswith(f"{key} =")
    ]
    section = tomllib.loads(after)
    assert (section[name.partition(".")[0]] if "." in name else section)[key] == value


@pytest.mark.parametrize(
    "text",
    ["", "# only words\n", "[cues]\nvolume = 3\n", 'theme = "dark"', "cues.volume = 3\n", "cues = {volume = 3}\n"],
)
@pytest.mark.parametrize("name", ["units", "cues.say"])
def test_whatever_the_file_looks_like_it_holds_both_afterwards(text: str, name: str) -> None:
    after = tomllib.loads(with_setting(text, setting(name), "mph"))
    before = tomllib.loads(text)
    found = load(after, "file", {}).settings
    assert setting(name).value(found) == "mph"
    kept = load(before, "file", {}).settings
    assert (found.theme, found.cues.volume) == (kept.theme, kept.cues.volume)
    assert set(before) <= set(after)


def test_a_new_key_stands_below_a_value_of_several_lines() -> None:
    text = 'treadmill = """\nOmega \\\n  Z"""\n# of the cues\n[cues]\n'
    after = with_setting(text, setting("units"), "mph")
    assert after == text.replace("# of", 'units = "mph"\n# of')


def test_a_new_key_does_not_stand_behind_the_comment_of_a_table() -> None:
    lines = with_setting(MINE, setting("units"), "mph").splitlines()
    assert lines.index('units = "mph"') == lines.index('theme = "dark"  # the cellar has no window') + 1
    assert lines[lines.index("[cues]  # quiet") - 1] == "# what I hear"


def test_what_is_taken_out_is_gone_and_a_table_left_empty_too() -> None:
    assert without(MINE, "keys.pause") == MINE[: MINE.index("[keys]")]
    assert without(MINE, "theme") == MINE.replace('theme = "dark"  # the cellar has no window\n', "")
    assert without("colour = 3\n", "colour") == ""


@pytest.mark.parametrize("name", ["units", "cues.say", "keys.skip", "nothing", "nothing.at.all", "theme.x"])
def test_what_is_not_there_cannot_be_taken_out(name: str) -> None:
    assert without(MINE, name) is None


def test_the_example_is_a_file_that_sets_nothing() -> None:
    tables = tomllib.loads(example())
    assert load(tables, "example", {}).settings == Settings()
    assert set(tables) == {"cues", "keys"}


def test_the_example_with_its_marks_taken_away_is_every_default() -> None:
    lines = (
        line[1:] if line.startswith("#") and not line.startswith("# ") else line for line in example().splitlines()
    )
    tables = tomllib.loads("\n".join(line for line in lines if line != 'say = ""'))
    found = load(tables, "example", {})
    assert found.settings == Settings()
    assert len(found.origins) == len(list(every())) - 1


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40))
def test_whatever_a_treadmill_is_called_it_is_read_back_as_it_was_written(name: str) -> None:
    text = with_setting(MINE, setting("treadmill"), name)
    assert tomllib.loads(text)["treadmill"] == name
    assert tomllib.loads(f"x = {toml(name)}")["x"] == name
