"""What a key means, in every phase: Stop unless the table says otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.ipc.messages import Snapshot, StopState
from runback.key_bindings import (
    CONTROLS,
    DEFAULT_KEYMAP,
    STOP,
    UNSURE,
    KeyContext,
    Keymap,
    UiAction,
    decide,
    hints,
    is_latched,
    key_name,
    keymap,
    local_hints,
    may_move,
    meaning,
    shown_in,
)
from runback.session.model import Intent, Phase
from tests.support.tui.scenes import AT_REST, SCENES, moment, stopped

LOOKS = {"question_mark": UiAction.HELP, "f1": UiAction.HELP, "ctrl+p": UiAction.PALETTE, "t": UiAction.THEME}
STOP_KEYS = ("space", "escape", "ctrl+c", "q")
STRANGERS = (
    "space",
    "a",
    "Z",
    "7",
    "tab",
    "f5",
    "ctrl+z",
    "ctrl+s",
    "ctrl+q",
    "delete",
    "alt+x",
    "home",
    "ctrl+j",
    "é",
)
RUNNING: dict[str, Intent | UiAction] = {
    "p": Intent.PAUSE,
    "e": Intent.EASE_OFF,
    "w": Intent.TROUBLE,
    "plus": Intent.FASTER,
    "equals_sign": Intent.FASTER,
    "up": Intent.FASTER,
    "minus": Intent.SLOWER,
    "down": Intent.SLOWER,
    "n": Intent.SKIP,
    "right": Intent.SKIP,
    "r": Intent.REPEAT,
    "left": Intent.REPEAT,
    "x": Intent.EXTEND,
    "right_square_bracket": Intent.STEEPER,
    "left_square_bracket": Intent.FLATTER,
}
QUIT: dict[str, Intent | UiAction] = {"q": Intent.QUIT, "escape": Intent.QUIT, "ctrl+c": Intent.QUIT}
EXPECTED: dict[str, dict[str, Intent | UiAction]] = {
    "connecting": QUIT,
    "ready": {"enter": Intent.START, **QUIT},
    "countdown": {"enter": UiAction.NOTHING},
    "starting": {"enter": UiAction.NOTHING},
    "run": RUNNING,
    "walk": RUNNING,
    "pausing": {"p": UiAction.NOTHING},
    "paused": {"enter": Intent.RESUME},
    "link lost": {},
    "re-arm": {"enter": Intent.REARM},
    "control lost": {"enter": Intent.REARM},
    "safety key": {"enter": Intent.RESUME},
    "ending": {},
    "completed": {"enter": Intent.QUIT, **QUIT},
    "run, by the clock": RUNNING,
    "completed, by the clock": {"enter": Intent.QUIT, **QUIT},
}
KEYS = sorted(
    {*STRANGERS, *STOP_KEYS, *LOOKS, "u"}
    | {key for control in CONTROLS for key in control.keys}
    | {key for expected in EXPECTED.values() for key in expected}
)


def character(key: str) -> str | None:
    """What a key prints."""
    return " " if key == "space" else key if len(key) == 1 else None


@pytest.mark.parametrize("scene", EXPECTED)
def test_a_key_does_what_its_phase_says_and_any_other_stops_a_belt_that_may_move(scene: str) -> None:
    otherwise = UiAction.NOTHING if scene in AT_REST else Intent.STOP
    expected = {key: EXPECTED[scene].get(key, LOOKS.get(key, otherwise)) for key in KEYS}
    assert {key: decide(key, character(key), KeyContext(SCENES[scene])) for key in KEYS} == expected


def test_every_phase_is_in_the_table() -> None:
    assert {SCENES[scene].phase for scene in EXPECTED} == set(Phase) - {Phase.STOPPED}


@pytest.mark.parametrize("scene", sorted(set(SCENES) - set(AT_REST)))
def test_whatever_is_not_known_to_rest_may_move(scene: str) -> None:
    assert may_move(SCENES[scene])


@pytest.mark.parametrize("scene", AT_REST)
def test_a_belt_seen_at_rest_does_not_move_until_it_is_measured_to(scene: str) -> None:
    assert not may_move(SCENES[scene])
    assert may_move(SCENES[scene].model_copy(update={"measured_kmh": 0.8}))


def test_a_session_that_ended_without_a_word_of_its_stop_may_leave_a_moving_belt() -> None:
    unknown = moment(Phase.STOPPED, measured_kmh=0.0)
    assert may_move(unknown)
    assert decide("u", "u", KeyContext(unknown)) is Intent.STOP


def test_before_the_first_snapshot_the_belt_may_move_and_keys_stop_or_leave() -> None:
    assert decide("space", " ", KeyContext()) is Intent.STOP
    assert decide("q", "q", KeyContext()) is Intent.QUIT


@pytest.mark.parametrize("key", ["enter", "q", "space", "a"])
def test_on_a_belt_that_moves_before_the_start_every_key_stops_and_none_starts(key: str) -> None:
    moving = SCENES["ready"].model_copy(update={"measured_kmh": 0.8})
    assert decide(key, character(key), KeyContext(moving)) is Intent.STOP
    assert shown_in(moving) == ()


def test_capitals_are_the_same_controls() -> None:
    assert decide("P", "P", KeyContext(SCENES["run"])) is Intent.PAUSE
    assert decide("Q", "Q", KeyContext(SCENES["run"])) is Intent.STOP


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_behind_an_open_help_nothing_sets_the_belt_going_and_stop_is_stop(scene: str) -> None:
    now = SCENES[scene]
    for key in KEYS:
        closed = decide(key, character(key), KeyContext(now))
        opened = decide(key, character(key), KeyContext(now, help=True))
        assert opened not in (Intent.START, Intent.RESUME, Intent.REARM, Intent.RESET), key
        if closed is Intent.STOP and may_move(now):
            assert opened is Intent.STOP, key


@pytest.mark.parametrize("scene", AT_REST)
def test_an_open_help_over_a_belt_at_rest_is_closed_by_escape_q_and_enter(scene: str) -> None:
    for key in KEYS:
        does = decide(key, character(key), KeyContext(SCENES[scene], help=True))
        assert (does is UiAction.CLOSE) == (key in ("escape", "q", "enter")), key


def test_an_open_help_hides_what_goes_on_and_nothing_else() -> None:
    for scene in ("paused", "re-arm", "control lost", "safety key"):
        assert decide("enter", "\r", KeyContext(SCENES[scene], help=True)) is UiAction.CLOSE
    for key, does in RUNNING.items():
        assert decide(key, character(key), KeyContext(SCENES["run"], help=True)) is does


def test_the_key_that_opens_the_palette_closes_it_while_the_belt_moves() -> None:
    assert decide("ctrl+p", "\x10", KeyContext(SCENES["run"], palette=True)) is UiAction.CLOSE


def test_what_does_not_print_is_not_typed() -> None:
    assert decide("ctrl+g", "\x07", KeyContext(SCENES["run"], palette=True)) is Intent.STOP


@pytest.mark.parametrize("scene", sorted(set(SCENES) - set(AT_REST)))
def test_stop_is_stop_while_typing_in_the_palette(scene: str) -> None:
    for key in [*STOP_KEYS, "Q", "f5", "ctrl+z", "tab", "delete", "ctrl+s"]:
        assert decide(key, character(key), KeyContext(SCENES[scene], palette=True)) is Intent.STOP, key


@pytest.mark.parametrize("key", ["a", "p", "e", "enter", "backspace", "up", "down", "left", "right", "t", "plus"])
def test_typing_in_the_palette_is_typing(key: str) -> None:
    assert decide(key, {"plus": "+"}.get(key, character(key)), KeyContext(SCENES["run"], palette=True)) is UiAction.TYPE


@pytest.mark.parametrize("key", ["q", "space", "a", "enter"])
def test_with_the_belt_at_rest_q_and_space_can_be_typed(key: str) -> None:
    assert decide(key, character(key), KeyContext(SCENES["ready"], palette=True)) is UiAction.TYPE


@pytest.mark.parametrize("key", ["escape", "ctrl+c", "ctrl+q"])
def test_with_the_belt_at_rest_escape_closes_the_palette_and_nothing_quits_behind_it(key: str) -> None:
    assert decide(key, None, KeyContext(SCENES["ready"], palette=True)) is UiAction.CLOSE


@pytest.mark.parametrize("unlocked", [False, True])
@pytest.mark.parametrize("scene", ["stopping", "stopped", "stopped, not seen", "alarm", "alarm, belt unseen"])
def test_the_latch_is_let_go_of_only_by_enter_after_u_with_the_belt_at_rest_or_on_the_persons_word(
    scene: str, unlocked: bool
) -> None:
    for key in KEYS:
        does = decide(key, character(key), KeyContext(SCENES[scene], unlocked=unlocked))
        lets_go = scene in ("stopped", "stopped, not seen") and unlocked and key == "enter"
        assert (does is Intent.RESET) == lets_go
        assert does not in (Intent.START, Intent.RESUME, Intent.REARM)


def test_while_the_belt_slows_every_key_repeats_stop() -> None:
    assert {decide(key, character(key), KeyContext(SCENES["stopping"])) for key in KEYS} == {Intent.STOP}
    assert {decide(key, character(key), KeyContext(SCENES["alarm"])) for key in KEYS if key != "u"} == {Intent.STOP}


@pytest.mark.parametrize("scene", ["stopped", "stopped, not seen", "alarm", "alarm, belt unseen"])
def test_the_first_step_of_the_release_is_u(scene: str) -> None:
    assert decide("u", "u", KeyContext(SCENES[scene])) is UiAction.UNLOCK


def test_at_rest_the_stop_screen_is_left_by_q_and_repeats_stop_for_strangers() -> None:
    assert decide("q", "q", KeyContext(SCENES["stopped"])) is Intent.QUIT
    assert decide("ctrl+c", "\x03", KeyContext(SCENES["stopped"])) is Intent.QUIT
    assert decide("space", " ", KeyContext(SCENES["stopped"])) is Intent.STOP
    assert decide("enter", "\r", KeyContext(SCENES["stopped"])) is Intent.STOP


@pytest.mark.parametrize("scene", ["alarm", "stopped, not seen"])
def test_a_belt_that_is_not_known_to_rest_is_left_only_on_purpose(scene: str) -> None:
    assert decide("q", "q", KeyContext(SCENES[scene])) is Intent.STOP
    unlocked = KeyContext(SCENES[scene], unlocked=True)
    assert [key for key in KEYS if decide(key, character(key), unlocked) is Intent.QUIT] == ["q"]


def test_at_rest_but_measured_moving_is_not_released() -> None:
    creeping = stopped(StopState.AT_REST, 0.0).model_copy(update={"measured_kmh": 0.5})
    assert decide("enter", "\r", KeyContext(creeping, unlocked=True)) is Intent.STOP


def test_with_the_engine_gone_only_q_and_ctrl_c_do_anything() -> None:
    does = {key: decide(key, character(key), KeyContext(SCENES["run"], gone=True)) for key in KEYS}
    assert does == {key: UiAction.LEAVE if key in ("q", "ctrl+c") else UiAction.NOTHING for key in KEYS}


@pytest.mark.parametrize(
    ("now", "latched"),
    [
        (SCENES["run"], False),
        (SCENES["completed"], False),
        (SCENES["stopping"], True),
        (moment(Phase.STOPPED), True),
        (SCENES["stopping"].model_copy(update={"phase": Phase.ENDING}), False),
        (SCENES["alarm"].model_copy(update={"phase": Phase.ENDING}), True),
        (SCENES["stopped"].model_copy(update={"phase": Phase.COMPLETED}), False),
        (SCENES["stopping"].model_copy(update={"phase": Phase.LINK_LOST}), True),
    ],
)
def test_the_stop_screen_stands_while_the_latch_holds(now: Snapshot, latched: bool) -> None:
    assert is_latched(now) is latched


def test_while_the_stop_screen_stands_no_other_key_is_shown() -> None:
    assert shown_in(SCENES["stopping"].model_copy(update={"phase": Phase.RUNNING})) == ()


def test_the_line_of_keys_joins_keys_of_one_label() -> None:
    assert hints(SCENES["run"]) == (
        "w wrong", "p pause", "e ease off", "+ - speed", "n next", "r repeat", "x +30 s", "] [ incline",
    )  # fmt: skip
    assert hints(SCENES["paused"]) == hints(SCENES["re-arm"]) == ("Enter go on",)
    assert hints(SCENES["ready"]) == ("Enter start", "q leave")
    assert hints(SCENES["connecting"]) == hints(None) == hints(SCENES["completed"]) == ("q leave",)


def test_every_control_says_in_plain_words_what_it_does() -> None:
    assert {(control.what, control.means) for control in CONTROLS} == {
        (Intent.START, "Start, go on"),
        (Intent.RESUME, "Go on"),
        (Intent.REARM, "Go on"),
        (Intent.PAUSE, "Pause"),
        (Intent.EASE_OFF, "Ease off to a walk"),
        (Intent.TROUBLE, "Something is wrong"),
        (Intent.FASTER, "Faster"),
        (Intent.SLOWER, "Slower"),
        (Intent.SKIP, "Next step"),
        (Intent.REPEAT, "This step again"),
        (Intent.EXTEND, "30 s more of it"),
        (Intent.STEEPER, "Steeper"),
        (Intent.FLATTER, "Flatter"),
        (Intent.QUIT, "Leave"),
    }


@given(key=st.text(min_size=1, max_size=12), scene=st.sampled_from(sorted(SCENES)), unlocked=st.booleans())
def test_no_key_at_all_starts_but_enter(key: str, scene: str, unlocked: bool) -> None:
    does = decide(key, character(key), KeyContext(SCENES[scene], unlocked=unlocked))
    if does in (Intent.START, Intent.RESUME, Intent.REARM, Intent.RESET):
        assert key == "enter"


def test_no_map_moves_the_keys_that_start_or_leave() -> None:
    assert keymap({"start": ("z",), "resume": ("z",), "rearm": ("z",), "quit": ("z",)}) == DEFAULT_KEYMAP


def test_of_several_keys_the_first_is_shown() -> None:
    moved = keymap({"theme": ("f5", "y"), "pause": ("f6", "z")})
    assert moved.sign(UiAction.THEME) == "f5"
    assert "f6 pause" in hints(SCENES["run"], moved)
    assert "f5 theme" in local_hints(moved)


def test_what_is_on_no_key_has_no_sign_and_no_keys() -> None:
    assert Keymap(looks=()).sign(UiAction.HELP) == ""
    assert Keymap(looks=()).look("f1") is None
    assert DEFAULT_KEYMAP.keys(UiAction.LEAVE) == ()


def test_every_hint_is_said_in_words() -> None:
    assert [meaning(hint) for hint in hints(SCENES["run"])] == [
        "Something is wrong",
        "Pause",
        "Ease off to a walk",
        "Faster, Slower",
        "Next step",
        "This step again",
        "30 s more of it",
        "Steeper, Flatter",
    ]
    assert [meaning(hint) for hint in local_hints()] == [
        "The keys, and the check before the start",
        "Next theme",
        "What the keys do, to choose from",
    ]
    assert local_hints() == ("F1 help", "t theme", "Ctrl-P commands")
    assert meaning("z nothing") == ""
    assert meaning("Enter go on") == "Go on"
    assert meaning("2 display shows").startswith("The display shows choice 1, The display shows choice 2")


def test_a_key_is_called_what_is_printed_on_it() -> None:
    printed = {
        "plus": "+",
        "equals_sign": "=",
        "minus": "-",
        "up": "↑",
        "down": "↓",
        "left": "←",
        "right": "→",
        "right_square_bracket": "]",
        "left_square_bracket": "[",
        "enter": "Enter",
        "question_mark": "?",
        "f1": "F1",
        "x": "x",
    }
    assert {key: key_name(key) for key in printed} == printed


def test_what_the_screen_says_of_a_key_is_an_octet_that_no_pipe_can_tear() -> None:
    assert (len(STOP), len(UNSURE)) == (1, 1)
    assert STOP != UNSURE


def test_enter_is_the_echo_of_a_press_only_where_a_commissioning_tries_stop() -> None:
    assert decide("enter", "\r", KeyContext()) is Intent.STOP
    assert decide("enter", "\r", KeyContext(moment(Phase.ENDING, measured_kmh=0.0))) is Intent.STOP


def test_at_rest_the_stop_screen_lets_one_look() -> None:
    for key in ("f1", "t", "ctrl+p"):
        assert decide(key, None, KeyContext(SCENES["stopped"])) is LOOKS[key]
