"""The file, the environment and the default: which wins, and how what is wrong is told."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import SettingsError
from runback.settings.key_names import HOW
from runback.settings.load import Origin, load
from runback.settings.model import Settings, SoundMode
from runback.settings.registry import Setting, every, named, sections, unknown
from runback.theme import Theme
from runback.units import Unit

FILE = "config.toml"


def told(tables: str = "", **environment: str) -> str:
    """The one line that is said of a file, or of the environment."""
    with pytest.raises(SettingsError) as found:
        load(tomllib.loads(tables), FILE, environment)
    line = str(found.value)
    assert "\n" not in line
    return line


def test_nothing_set_is_every_default() -> None:
    found = load({}, FILE, {"PATH": "/bin", "RUNBACKUP": "x"})
    assert found.settings == Settings()
    assert {found.origin(each.name) for each in every()} == {Origin.DEFAULT}


def test_the_environment_wins_over_the_file_and_the_file_over_the_default() -> None:
    tables = tomllib.loads('units = "mph"\ntheme = "light"\n[cues]\nvolume = 60\ntones = false')
    found = load(tables, FILE, {"RUNBACK_UNITS": "pace", "RUNBACK_CUES_VOLUME": "20"})
    settings = found.settings
    assert (settings.units, settings.theme) == (Unit.MIN_PER_KM, Theme.LIGHT)
    assert (settings.cues.volume, settings.cues.tones, settings.cues.speech) == (20, False, True)
    assert [found.origin(name) for name in ("units", "theme", "cues.volume", "cues.tones", "cues.speech")] == [
        Origin.ENVIRONMENT,
        Origin.FILE,
        Origin.ENVIRONMENT,
        Origin.FILE,
        Origin.DEFAULT,
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('unit = "mph"', "config.toml: unit: unknown key \"unit\"; did you mean units?"),
        ("[cues]\nvolum = 3", 'config.toml: cues.volum: unknown key "volum"; did you mean volume?'),
        ("volume = 3", 'config.toml: volume: unknown key "volume"; did you mean cues.volume?'),
        ("cues = 3", "config.toml: cues: it is not a table, [cues]; write a table, [cues]"),
        ("[cues]\nvolume = 101", "config.toml: cues.volume: it is above 100; `runback config` says what it may be"),
        ("[cues]\nvolume = -1", "config.toml: cues.volume: it is below 0; `runback config` says what it may be"),
        ('[cues]\nvolume = "60"', "config.toml: cues.volume: it is not a whole number; write a whole number"),
        ("[cues]\ntones = 7", "config.toml: cues.tones: it is not true or false; write true or false"),
        ("treadmill = 7", "config.toml: treadmill: it is not text in quotes; write text in quotes"),
        ('treadmill = ""', "config.toml: treadmill: it is empty; write a name, or take the line out"),
        (
            'theme = "green"',
            'config.toml: theme: it is not a valid value; use "dark", "light", or another that `runback config` names',
        ),
        ("max_speed = 26", "config.toml: max_speed: speed 26 is above 25.0 km/h; write a speed of at most 25.0 km/h"),
        ("[keys]\npause = []", f"config.toml: keys.pause: these are not keys; {HOW}"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_one_line_with_its_place_and_its_hint(text: str, line: str) -> None:
    assert told(text) == line


def test_more_than_one_fault_is_counted() -> None:
    assert "(and 1 more)" in told('theme = "green"\n[cues]\nvolume = 101')


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        ("RUNBACK_UNIT", "mph", "environment: RUNBACK_UNIT: there is no such setting; did you mean RUNBACK_UNITS?"),
        ("RUNBACK_XYZ_QQ", "1", "environment: RUNBACK_XYZ_QQ: there is no such setting; unset it"),
        ("RUNBACK_CUES_VOLUME", "loud", "environment: RUNBACK_CUES_VOLUME: it is not a whole number"),
        ("RUNBACK_CUES_TONES", "perhaps", "environment: RUNBACK_CUES_TONES: it is not true or false"),
        ("RUNBACK_KEYS_PAUSE", "q", "environment: RUNBACK_KEYS_PAUSE: the key 'q' is fixed; choose another one"),
        ("RUNBACK_KEYS_PAUSE", "n", 'environment: RUNBACK_KEYS_PAUSE: the key "n" is that of skip already'),
    ],
)
def test_what_is_wrong_in_the_environment_is_told_with_its_variable(variable: str, text: str, said: str) -> None:
    assert told(**{variable: text}).startswith(said)


@pytest.mark.parametrize(
    ("written", "cap"),
    [(12, 1200), (12.5, 1250), ("12 km/h", 1200), ("7.5 mph", 1207), ("5:00/km", 1200), (20, 2000), ("", None)],
)
def test_a_speed_cap_is_written_in_any_unit(written: object, cap: int | None) -> None:
    assert load({"max_speed": written}, FILE, {}).settings.max_speed == cap


@given(st.floats(20.01, 25.0))
def test_a_speed_cap_only_narrows(kmh: float) -> None:
    with pytest.raises(SettingsError, match="never goes above 20"):
        load({"max_speed": kmh}, FILE, {})


@pytest.mark.parametrize(("said", "sound"), [(True, SoundMode.ON), (False, SoundMode.OFF), ("auto", SoundMode.AUTO)])
def test_sound_may_be_said_with_true_and_false(said: object, sound: SoundMode) -> None:
    assert load({"cues": {"sound": said}}, FILE, {}).settings.cues.sound is sound


def test_every_setting_says_what_it_means_and_every_table_too() -> None:
    for setting in every():
        assert setting.meaning.endswith("."), setting.name
    for section, field in sections().items():
        assert field.annotation is not None
        assert field.annotation.__doc__, section


def test_every_setting_can_be_set_in_the_environment_to_what_it_is() -> None:
    for setting in every():
        value = setting.write(setting.value(Settings()))
        text = ",".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        if text or setting.name in ("profile", "strap", "max_speed", "cues.mute"):
            found = load({}, FILE, {setting.variable: text})
            assert setting.value(found.settings) == setting.value(Settings()), setting.name
            assert found.origin(setting.name) is Origin.ENVIRONMENT


def test_a_cap_is_written_back_in_kilometres_an_hour() -> None:
    setting = named("max_speed")
    assert isinstance(setting, Setting)
    assert setting.write(1207) == 12.07
    assert unknown("x\ny") == 'there is no setting "x\\ny"'


@pytest.mark.parametrize("name", ["treadmil", "cues.volum", "cue.volume", "keys.pauze"])
def test_a_name_that_none_has_is_told_with_the_nearest(name: str) -> None:
    assert str(named(name)).startswith("did you mean ")


def test_a_name_near_to_none_is_told_where_to_look() -> None:
    assert named("xxxxxxxx") == "`runback config` lists them all"
