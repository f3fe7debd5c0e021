"""Keys put elsewhere: what may be, and that Stop loses none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from runback.errors import SettingsError
from runback.ipc.messages import Snapshot, StopState, StopView
from runback.key_bindings import (
    DEFAULT_KEYMAP,
    FIXED,
    KEY_NAMES,
    REMAPPABLE,
    UI_BINDINGS,
    KeyContext,
    Keymap,
    UiAction,
    decide,
    hints,
    keymap,
    may_move,
    shown_in,
)
from runback.preferences import Preferences, taste
from runback.session.model import Intent, Phase
from runback.settings.key_names import USABLE, read_keys, write_key
from runback.settings.load import load
from runback.settings.model import Settings
from runback.terminal.key_parser import key_name
from runback.units import Unit


def map_of(**keys: object) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = load({"keys": keys}, "file", {}).settings.keys.model_dump()
    return found


def running(phase: Phase = Phase.RUNNING, kmh: float = 7.5) -> Snapshot:
    return Snapshot(t=1.0, phase=phase, treadmill="sim", measured_kmh=kmh)


PAUSE_ON_G = keymap(map_of(pause="g"))


def test_nothing_chosen_is_the_usual_map() -> None:
    assert keymap(map_of()) == keymap({}) == DEFAULT_KEYMAP
    assert DEFAULT_KEYMAP.chosen() == {}


def test_a_control_goes_where_it_was_put_and_its_old_key_stops_the_belt() -> None:
    scene = KeyContext(running(), keymap=PAUSE_ON_G)
    assert decide("g", "g", scene) is Intent.PAUSE
    assert decide("p", "p", scene) is Intent.STOP
    assert decide("g", "g", KeyContext(running())) is Intent.STOP


def test_the_echo_of_a_pause_that_was_put_elsewhere_is_not_a_stop() -> None:
    scene = KeyContext(running(Phase.PAUSING), keymap=PAUSE_ON_G)
    assert (decide("g", "g", scene), decide("p", "p", scene)) == (UiAction.NOTHING, Intent.STOP)


def test_the_line_of_keys_names_the_persons_keys() -> None:
    keys = keymap(map_of(pause=["g", "up"], faster="+", theme="y", help="h"))
    assert "g pause" in hints(running(), keys)
    assert [keys.sign(what) for what in (UiAction.THEME, UiAction.HELP, UiAction.PALETTE)] == ["y", "h", "Ctrl-P"]
    assert {control.shown for control in shown_in(running(), keys) if control.what is Intent.PAUSE} == {"g"}


def test_a_look_goes_where_it_was_put() -> None:
    keys = keymap(map_of(theme="y"))
    assert decide("y", "y", KeyContext(running(), keymap=keys)) is UiAction.THEME
    assert decide("t", "t", KeyContext(running(), keymap=keys)) is Intent.STOP


@pytest.mark.parametrize("key", [" ", "space", "Esc", "escape", "ctrl-c", "ctrl+c", "q", "Q", "Enter", "u", "ctrl+p"])
@pytest.mark.parametrize("action", ["pause", "faster", "help"])
def test_the_keys_that_stop_start_and_let_go_are_never_given_away(action: str, key: str) -> None:
    with pytest.raises(SettingsError, match="is fixed; choose another one"):
        map_of(**{action: key})


@pytest.mark.parametrize("key", ["ctrl+x", "f5", "tab", "ä", "", "pp", "!", "\x1b", "a" * 500])
def test_a_key_that_engine_and_screen_do_not_both_know_is_refused(key: str) -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        map_of(pause=key)


@pytest.mark.parametrize("keys", [7, [], [7], {"a": 1}, None])
def test_what_is_no_key_is_refused(keys: Keymap) -> None:
    with pytest.raises(SettingsError):
        map_of(pause=keys)


def test_a_key_in_two_actions_is_refused_with_both() -> None:
    with pytest.raises(SettingsError) as found:
        map_of(pause="g", skip=["n", "g"])
    assert str(found.value) == (
        'file: keys.skip: the key "g" is that of pause already; choose another one, or move pause too'
    )


def test_two_actions_may_change_places() -> None:
    keys = keymap(map_of(pause="n", skip="p"))
    assert decide("n", "n", KeyContext(running(), keymap=keys)) is Intent.PAUSE
    assert decide("p", "p", KeyContext(running(), keymap=keys)) is Intent.SKIP


@pytest.mark.parametrize("key", sorted(USABLE))
def test_a_key_is_written_as_it_is_read(key: str) -> None:
    if key not in FIXED:
        assert read_keys(write_key(key)) == (key,)


def test_every_control_of_a_running_belt_is_a_setting_and_no_other() -> None:
    assert set(Settings().keys.model_dump()) == {what.name.lower() for what in REMAPPABLE}
    assert {look.what for look in UI_BINDINGS} - set(REMAPPABLE) == {UiAction.PALETTE}


MAPS = st.permutations(sorted(USABLE - FIXED)).map(
    lambda keys: keymap({what.name.lower(): (keys[at],) for at, what in enumerate(REMAPPABLE)})
)
STOPS = st.sampled_from(["space", "escape", "ctrl+c", "q"])
STOP_VIEWS = st.builds(
    StopView,
    state=st.sampled_from(StopState),
    reason=st.just(""),
    since_s=st.just(1.0),
    measured_kmh=st.none() | st.floats(0.1, 20),
)


@given(MAPS, STOPS, st.sampled_from(Phase), st.booleans(), st.booleans(), st.none() | STOP_VIEWS)
def test_no_map_takes_a_stop_key_away(
    keys: Keymap, key: str, phase: Phase, helping: bool, typing: bool, stop: StopView | None
) -> None:
    now = Snapshot(t=1.0, phase=phase, treadmill="sim", measured_kmh=5.0, stop=stop)
    assert may_move(now)
    scenes = [KeyContext(now, help=helping, palette=typing, keymap=each) for each in (keys, DEFAULT_KEYMAP)]
    assert decide(key, None, scenes[0]) is decide(key, None, scenes[1])
    if phase not in (Phase.CONNECTING, Phase.COMPLETED) and stop is None:  # there leaving is one of their meanings
        assert decide(key, None, scenes[0]) is Intent.STOP


@given(MAPS, st.sampled_from([*sorted(USABLE), "f7", "ctrl+x", "tab"]))
def test_what_is_on_no_control_stops_whatever_the_map(keys: Keymap, key: str) -> None:
    scene = KeyContext(running(), keymap=keys)
    taken = {each for control in scene.keymap.controls if Phase.RUNNING in control.phases for each in control.keys}
    if key not in taken and scene.keymap.look(key) is None:
        assert decide(key, None, scene) is Intent.STOP


STILL = st.sampled_from([Phase.READY, Phase.PAUSED, Phase.REARM, Phase.CONTROL_LOST, Phase.SAFETY_KEY])


@given(MAPS, STILL, st.sampled_from(sorted((USABLE | FIXED) - {"enter"})))
def test_no_map_starts_a_belt_with_anything_but_enter(keys: Keymap, phase: Phase, key: str) -> None:
    scene = KeyContext(running(phase, 0.0), keymap=keys)
    assert decide(key, None, scene) not in (Intent.START, Intent.RESUME, Intent.REARM)


@given(MAPS, st.sampled_from(Unit), st.sampled_from(["dark", "light"]))
def test_the_screen_is_told_exactly_what_the_engine_goes_by(keys: Keymap, unit: Unit, theme: str) -> None:
    told = Preferences(theme, unit, keys)
    words = [word.partition("=")[::2] for word in told.arguments()]
    said = [value for name, value in words if name == "--key"]
    assert taste(dict(words)["--theme"], dict(words)["--unit"], said) == told


def test_the_names_of_keys_are_those_of_people() -> None:
    assert len(set(KEY_NAMES.values())) == len(KEY_NAMES)


OCTETS = {"up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D", "f1": b"\x1bOP", "enter": b"\r"}


@pytest.mark.parametrize("key", sorted(USABLE))
def test_engine_and_screen_have_one_name_for_each_key_that_can_be_chosen(key: str) -> None:
    octets = OCTETS.get(key) or KEY_NAMES.get(key, key).encode()
    assert key_name(octets) == key
    (event,) = [each for each in XTermParser().feed(octets.decode()) if isinstance(each, events.Key)]
    assert event.key == key
