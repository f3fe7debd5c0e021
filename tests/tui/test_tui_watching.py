"""A second screen: what its keys mean, what it says, and that there is nothing but Stop it could ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from textual import events

from runback.ipc.messages import RESCUED, STEP_OFF, SessionDied, Snapshot, StopState
from runback.key_bindings import CONTROLS, KeyContext, UiAction, decide, is_latched, may_move
from runback.session.model import Intent
from runback.tui.cockpit import watch_texts
from runback.tui.cockpit.app import LEFT_ALONE
from tests.support.tui.reading import screen_text
from tests.support.tui.scenes import AT_REST, PLAN, SCENES, cockpit

LOOKS = {"question_mark": UiAction.HELP, "f1": UiAction.HELP, "t": UiAction.THEME}
STOP_KEYS = ("space", "escape", "ctrl+c", "q", "enter", "ctrl+p", "ctrl+q", "u", "a", "Z", "f5", "tab")
KEYS = sorted({*STOP_KEYS, *LOOKS, "l", "L"} | {key for control in CONTROLS for key in control.keys})
DEATHS = {
    "alarm": SessionDied(state=StopState.ALARM, line="Its sentinel stops the belt now."),
    "at rest": SessionDied(state=StopState.AT_REST, line="The belt was at rest."),
    "simulated": SessionDied(state=None, line="It was killed, and its simulated treadmill with it."),
}


def means(key: str, now: Snapshot | None, *, gone: bool = False) -> Intent | UiAction:
    return decide(key, key if len(key) == 1 else None, KeyContext(now, watching=True, gone=gone))


@pytest.mark.parametrize("scene", [*sorted(set(SCENES) - set(AT_REST)), None])
def test_while_the_belt_may_move_every_key_stops_it_but_those_that_look_and_one_that_leaves(scene: str | None) -> None:
    now = None if scene is None else SCENES[scene]
    looks = {} if is_latched(now) else LOOKS
    expected = {key: looks.get(key, UiAction.LEAVE if key in "lL" else Intent.STOP) for key in KEYS}
    assert {key: means(key, now) for key in KEYS} == expected


@pytest.mark.parametrize("scene", sorted(set(SCENES) - set(AT_REST)))
def test_what_stops_at_the_sessions_own_screen_stops_at_a_second_one(scene: str) -> None:
    for key in (key for key in KEYS if key not in "lL"):
        if decide(key, None, KeyContext(SCENES[scene])) is Intent.STOP:
            assert means(key, SCENES[scene]) is Intent.STOP, key


@pytest.mark.parametrize("scene", AT_REST)
def test_with_the_belt_at_rest_q_and_ctrl_c_leave_too_and_the_others_are_still_said(scene: str) -> None:
    leave = ("l", "L", "q", "ctrl+c")
    expected = {key: LOOKS.get(key, UiAction.LEAVE if key in leave else Intent.STOP) for key in KEYS}
    assert {key: means(key, SCENES[scene]) for key in KEYS} == expected


@given(
    key=st.sampled_from(KEYS) | st.text(min_size=1, max_size=9),
    scene=st.none() | st.sampled_from(sorted(SCENES)).map(SCENES.__getitem__),
    gone=st.booleans(),
)
def test_no_key_at_all_asks_for_anything_but_stop(key: str, scene: Snapshot | None, gone: bool) -> None:
    does = means(key, scene, gone=gone)
    assert does in (Intent.STOP, UiAction.HELP, UiAction.THEME, UiAction.LEAVE, UiAction.NOTHING)
    assert (does is Intent.STOP) <= (not gone)


def test_with_the_sessions_program_gone_a_key_leaves_or_does_nothing() -> None:
    does = {key: means(key, SCENES["run"], gone=True) for key in KEYS}
    assert does == {key: UiAction.LEAVE if key in ("l", "L", "q", "ctrl+c") else UiAction.NOTHING for key in KEYS}


@pytest.mark.full
async def test_keys_and_presses_of_the_mouse_ask_for_stop_and_for_nothing_else() -> None:
    app, outbox, _ = cockpit(watching=True)
    async with app.run_test(size=(80, 24)) as pilot:
        for scene in SCENES.values():
            app.show(scene)
            app.tick()
            await pilot.press("enter", "plus", "p", "n", "u", "enter", "e", "w", "x", "ctrl+p", "ctrl+q")
            for y in (1, 10, 21):
                app.post_message(events.MouseDown(None, 10, y, 0, 0, 1, shift=False, meta=False, ctrl=False))
            await pilot.pause()
        app.action_quit()
        for command in app.get_system_commands(app.screen):
            if command.title not in ("Help", "Next theme"):
                command.callback()
        assert set(outbox.asks) == {Intent.STOP}
        assert app.is_running


@pytest.mark.full
async def test_each_state_at_80_by_24(snapshot: SnapshotAssertion) -> None:
    app, _, _ = cockpit(watching=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert screen_text(app) == snapshot(name="waiting")
        app.show_plan(PLAN)
        for scene in (
            "ready",
            "countdown",
            "run",
            "paused",
            "re-arm",
            "control lost",
            "safety key",
            "completed",
            "stopping",
            "stopped",
            "alarm",
        ):
            app.show(SCENES[scene])
            app.tick()
            await pilot.pause()
            assert screen_text(app) == snapshot(name=scene)


@pytest.mark.full
async def test_the_help(snapshot: SnapshotAssertion) -> None:
    app, _, _ = cockpit(watching=True)
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(SCENES["run"])
        await pilot.press("f1")
        assert screen_text(app) == snapshot


@pytest.mark.full
@pytest.mark.parametrize("death", DEATHS)
async def test_the_death_of_the_sessions_program(death: str, snapshot: SnapshotAssertion) -> None:
    app, _, _ = cockpit(watching=True)
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(SCENES["run"])
        app.show_death(DEATHS[death])
        await pilot.pause()
        assert screen_text(app) == snapshot
        assert (STEP_OFF in screen_text(app)) == (death == "alarm")


async def test_an_alarm_at_the_death_is_taken_back_once_the_belt_is_known_to_rest() -> None:
    app, _, _ = cockpit(watching=True)
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(SCENES["run"])
        app.show_death(DEATHS["alarm"])
        await pilot.pause()
        app.show_death(SessionDied(state=StopState.AT_REST, line=RESCUED))
        await pilot.pause()
        assert STEP_OFF not in screen_text(app)
        assert "belt at rest" in screen_text(app)


async def test_with_its_own_process_dead_it_leaves_and_says_that_the_session_goes_on() -> None:
    app, _, _ = cockpit(watching=True)
    async with app.run_test(size=(80, 24)):
        app.show(SCENES["run"])
        app.show_gone()
    assert app.last_line == LEFT_ALONE
    assert not app.said_goodbye


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_it_never_asks_for_a_key_that_only_the_sessions_own_terminal_has(scene: str) -> None:
    now = SCENES[scene]
    page = watch_texts.stop_page(now)
    guide = watch_texts.guide(now, PLAN)
    said = " ".join([page.hint, watch_texts.remark(now), *watch_texts.bar(now), *watch_texts.hints(now)])
    said += " ".join((guide.title, *guide.lines)) if guide else ""
    for key in ("u, then", "ENTER:", "Enter goes", "Enter or q"):
        assert key not in said
    leave = watch_texts.hints(now)[0].split()[0]
    assert means(leave, now) is UiAction.LEAVE
    assert ("ANY KEY STOPS" in watch_texts.bar(now)[0]) == may_move(now)
