"""What the thread that reads the keyboard says about a key to the engine, before any screen has had it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.ipc.messages import StopState
from runback.key_bindings import (
    CONTROLS,
    DEFAULT_KEYMAP,
    STOP,
    UNSURE,
    KeyContext,
    Keymap,
    decide,
    is_latched,
    keymap,
    stop_pipe_byte,
    stops,
)
from runback.session.model import Intent
from tests.support.tui.scenes import AT_REST, SCENES, stopped
from tests.tui.test_tui_keys import STRANGERS

MOVING = [name for name in SCENES if name not in AT_REST]
LATCHED = ("stopping", "stopped", "alarm", "alarm, belt unseen")
KEYS = sorted(
    {*STRANGERS, *(key for control in CONTROLS for key in control.keys), "question_mark", "f1", "ctrl+p", "t"}
)


def printed(key: str) -> str | None:
    return key if len(key) == 1 else None


@pytest.mark.full
@pytest.mark.parametrize("scene", [name for name in MOVING if name != "stopped"])
@pytest.mark.parametrize("key", STRANGERS)
def test_a_key_that_is_no_control_is_stop_while_the_belt_may_move(scene: str, key: str) -> None:
    assert stop_pipe_byte(key, printed(key), SCENES[scene], typing=False) == STOP


@given(
    key=st.sampled_from(KEYS) | st.text(min_size=1, max_size=3),
    typing=st.booleans(),
    name=st.sampled_from(list(SCENES)),
    keys=st.sampled_from([DEFAULT_KEYMAP, keymap({"pause": ("z",), "help": ("7",)})]),
)
def test_stop_is_judged_by_the_short_way_as_by_the_tables(key: str, typing: bool, name: str, keys: Keymap) -> None:
    snapshot = SCENES[name]
    latched = is_latched(snapshot)
    scene = KeyContext(snapshot, palette=typing, unlocked=latched, keymap=keys)
    rests = latched and (snapshot.stop is None or snapshot.stop.state is StopState.AT_REST)
    by_the_tables = decide(key, printed(key), scene) is Intent.STOP and not rests
    assert stops(key, printed(key), snapshot, typing=typing, keymap=keys) is by_the_tables


@given(key=st.sampled_from(KEYS), typing=st.booleans(), name=st.sampled_from(["ready", "completed"]))
def test_a_belt_that_rests_is_never_sent_a_stop(key: str, typing: bool, name: str) -> None:
    assert stop_pipe_byte(key, printed(key), SCENES[name], typing=typing) != STOP


@given(key=st.sampled_from(KEYS), typing=st.booleans())
def test_the_stop_screens_keys_are_its_own_once_the_belt_rests(key: str, typing: bool) -> None:
    assert stop_pipe_byte(key, printed(key), SCENES["stopped"], typing=typing) == b""
    assert not stops(key, printed(key), SCENES["stopped"].model_copy(update={"stop": None}), typing=typing)


@given(typing=st.booleans(), name=st.sampled_from(list(SCENES)))
def test_enter_that_begins_something_is_never_a_word(typing: bool, name: str) -> None:
    snapshot = SCENES[name]
    begins = [each for each in CONTROLS if each.keys == ("enter",) and snapshot.phase in each.phases]
    if begins and name not in LATCHED:
        assert stop_pipe_byte("enter", None, snapshot, typing=typing) == b""


@pytest.mark.parametrize("key", ["space", "z", "7", "tab", "w"])
def test_a_key_that_does_nothing_while_nothing_moves_is_told_as_doubt(key: str) -> None:
    assert stop_pipe_byte(key, printed(key), SCENES["ready"], typing=False) == UNSURE


@pytest.mark.parametrize("key", ["enter", "question_mark", "ctrl+p", "t", "q", "escape", "ctrl+c"])
def test_a_control_is_no_word_while_nothing_moves(key: str) -> None:
    assert stop_pipe_byte(key, printed(key), SCENES["ready"], typing=False) == b""


@pytest.mark.parametrize(
    ("key", "word"), [("a", b""), ("backspace", b""), ("space", STOP), ("escape", STOP), ("q", STOP)]
)
def test_in_a_field_letters_are_typed_and_the_stop_keys_are_stop(key: str, word: bytes) -> None:
    assert stop_pipe_byte(key, printed(key), SCENES["run"], typing=True) == word


def test_before_the_first_snapshot_a_key_is_stop() -> None:
    assert stop_pipe_byte("space", " ", None, typing=False) == STOP


@pytest.mark.parametrize("key", ["u", "enter", "z"])
def test_nothing_lets_go_of_a_stop_that_is_not_obeyed_but_the_screen(key: str) -> None:
    assert stop_pipe_byte(key, key, stopped(StopState.STOPPING, 3.0), typing=False) == STOP
    assert stop_pipe_byte(key, key, stopped(StopState.ALARM, 3.0), typing=False) == (b"" if key == "u" else STOP)


@pytest.mark.parametrize(("key", "scene"), [("enter", "countdown"), ("enter", "starting"), ("p", "pausing")])
def test_the_echo_of_a_press_is_no_word(key: str, scene: str) -> None:
    assert stop_pipe_byte(key, printed(key), SCENES[scene], typing=False) == b""
