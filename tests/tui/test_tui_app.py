"""The screen through its public doors: keys, mouse and snapshots in, asks and text out."""

from __future__ import annotations

import pytest
from textual import events
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input

from runback.ipc.messages import Snapshot, StopState
from runback.key_bindings import hints, local_hints, meaning
from runback.session.model import Intent
from runback.theme import Theme
from runback.tui.cockpit.app import CockpitApp
from runback.tui.cockpit.widgets import KeyLine, StopBar
from tests.support.tui.reading import screen_text
from tests.support.tui.scenes import PLAN, SCENES, cockpit, moment, stopped

SIZE = (80, 24)


async def see(app: CockpitApp, pilot: Pilot[None], now: Snapshot) -> None:
    """Show a snapshot and let it be drawn."""
    app.show_plan(PLAN)
    app.show(now)
    app.tick()
    await pilot.pause()


def press(app: CockpitApp, x: int, y: int) -> None:
    """Press the mouse as a terminal's driver does (Pilot's clicks enter further in)."""
    app.post_message(events.MouseDown(None, x, y, 0, 0, 1, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y))


@pytest.mark.full
async def test_any_key_that_is_not_a_control_stops_a_running_belt() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        for key in ("space", "escape", "ctrl+c", "q", "a", "7", "tab", "f5", "ctrl+z", "ctrl+q", "enter"):
            outbox.asks.clear()
            await pilot.press(key)
            assert outbox.asks == [Intent.STOP], key
            assert app.is_running, key


async def test_controls_are_handed_on_and_do_not_stop() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        await pilot.press("p", "e", "w", "plus", "up", "minus", "down", "n", "right", "r", "left", "x", "]", "[")
        faster, slower, skip, repeat = Intent.FASTER, Intent.SLOWER, Intent.SKIP, Intent.REPEAT
        assert outbox.asks == [
            Intent.PAUSE, Intent.EASE_OFF, Intent.TROUBLE, faster, faster, slower, slower, skip, skip, repeat, repeat,
            Intent.EXTEND, Intent.STEEPER, Intent.FLATTER,
        ]  # fmt: skip


@pytest.mark.full
async def test_enter_starts_only_from_ready() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["ready"])
        await pilot.press("a", "space", "enter")
        await see(app, pilot, SCENES["countdown"])
        await pilot.press("enter")
        assert outbox.asks == [Intent.START]


@pytest.mark.full
async def test_stop_overtakes_an_open_help() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        for key in ("space", "escape", "ctrl+c", "q", "a", "f5"):
            await pilot.press("f1")
            assert "Not an emergency stop. Wear the safety key." in screen_text(app)
            outbox.asks.clear()
            await pilot.press(key)
            assert outbox.asks == [Intent.STOP], key
            assert "Not an emergency stop." not in screen_text(app), key


@pytest.mark.full
async def test_stop_overtakes_a_palette_whose_input_has_the_focus() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        for key in ("space", "escape", "ctrl+c", "q", "ctrl+z", "tab"):
            outbox.asks.clear()
            await pilot.press("ctrl+p", "p", "a")
            assert isinstance(app.focused, Input)
            assert app.focused.value == "pa"
            assert outbox.asks == []
            await pilot.press(key)
            assert outbox.asks == [Intent.STOP], key
            assert not isinstance(app.screen, CommandPalette)


@pytest.mark.full
async def test_with_the_belt_at_rest_typing_is_typing() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["ready"])
        await pilot.press("ctrl+p", "q", "space", "p")
        assert isinstance(app.focused, Input)
        assert app.focused.value == "q p"
        await pilot.press("escape")
        assert not isinstance(app.screen, CommandPalette)
        assert outbox.asks == []


async def test_the_palette_asks_for_what_the_keys_do_but_never_sets_the_belt_going() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE):
        offered = {}
        for scene in ("ready", "run", "paused"):
            app.show(SCENES[scene])
            for command in app.get_system_commands(app.screen):
                offered[command.title] = command.callback
        for title, callback in offered.items():
            if title not in ("Help", "Next theme"):
                callback()
        assert {Intent.STOP, Intent.PAUSE, Intent.EASE_OFF, Intent.SKIP, Intent.QUIT} <= set(outbox.asks)
        assert not {Intent.START, Intent.RESUME, Intent.REARM, Intent.RESET} & set(outbox.asks)


async def test_a_press_on_the_stop_bar_stops() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        press(app, 30, app.screen.query_one(StopBar).region.y + 1)
        assert outbox.asks == [Intent.STOP]  # at once: before anything was queued or awaited
        await pilot.click(StopBar)
        assert outbox.asks == [Intent.STOP, Intent.STOP]


@pytest.mark.full
async def test_a_press_on_the_stop_bar_stops_with_the_help_open() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        bar = app.screen.query_one(StopBar).region
        await pilot.press("f1")
        press(app, 30, bar.y + 1)
        assert outbox.asks == [Intent.STOP]


@pytest.mark.full
async def test_a_press_elsewhere_is_no_stop_and_at_rest_neither_is_one_on_the_bar() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        press(app, 10, 8)
        await pilot.pause()
        await see(app, pilot, SCENES["ready"])
        press(app, 30, app.screen.query_one(StopBar).region.y + 1)
        await pilot.click(StopBar)
        assert outbox.asks == []


@pytest.mark.full
async def test_paste_focus_resize_and_the_mouse_moving_do_not_stop() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        app.post_message(events.Paste("stop q \x1b"))
        app.post_message(events.AppBlur())
        app.post_message(events.AppFocus())
        await pilot.hover(offset=(20, 10))
        await pilot.resize_terminal(120, 40)
        assert outbox.asks == []


async def test_the_stop_latch_is_let_go_of_in_two_steps() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["stopped"])
        await pilot.press("u")
        assert "Enter within 5 s: unlock" in screen_text(app)
        assert outbox.asks == []
        await pilot.press("enter")
        assert outbox.asks == [Intent.RESET]
        assert "belt at rest" in screen_text(app)  # until the engine says that it holds no more


async def test_the_release_locks_again_after_five_seconds() -> None:
    app, outbox, clock = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["stopped"])
        await pilot.press("u")
        clock.now += 5.0
        app.tick()
        await pilot.press("enter")
        assert outbox.asks == [Intent.STOP]


async def test_another_key_after_u_locks_again() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["stopped"])
        await pilot.press("u", "a", "enter")
        assert outbox.asks == [Intent.STOP, Intent.STOP]


@pytest.mark.full
async def test_an_unlocked_release_does_not_outlive_its_stop() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["stopped"])
        await pilot.press("u")
        await see(app, pilot, SCENES["ready"])
        await see(app, pilot, SCENES["stopped"])
        await pilot.press("enter")
        assert outbox.asks == [Intent.STOP]


@pytest.mark.full
async def test_a_stop_closes_whatever_is_open_and_fills_the_screen() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        await pilot.press("ctrl+p")
        await see(app, pilot, SCENES["stopping"])
        assert "stopping … 3.2 km/h" in screen_text(app)
        assert "TARGET" not in screen_text(app)


async def test_the_alarm_says_step_off_and_blinks_without_losing_a_word() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["alarm"])
        before = screen_text(app)
        assert "STEP OFF - PULL THE SAFETY KEY" in before
        app.blink()
        await pilot.pause()
        assert screen_text(app) == before


@pytest.mark.full
async def test_a_dead_engine_is_an_alarm_that_only_a_key_ends() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        app.show_gone()
        await pilot.pause()
        assert "The program that drives the treadmill is gone." in screen_text(app)
        assert "STEP OFF - PULL THE SAFETY KEY" in screen_text(app)
        await pilot.press("space", "enter", "escape")
        assert app.is_running
        await pilot.press("q")
        assert outbox.asks == []
    assert not app.said_goodbye


@pytest.mark.full
async def test_goodbye_ends_the_screen_and_keeps_the_last_line() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["completed"])
        app.say_goodbye("20:00 done, 2.35 km.")
        await pilot.pause()
    assert app.said_goodbye
    assert app.last_line == "20:00 done, 2.35 km."


async def test_a_silent_engine_is_said_to_be_silent() -> None:
    app, _, clock = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        clock.now += 3.0
        app.tick()
        await pilot.pause()
        assert "The program has not answered for 3 s." in screen_text(app)
        await see(app, pilot, SCENES["run"])
        assert "No word" not in screen_text(app)


async def test_a_engine_that_falls_silent_while_stopping_is_an_alarm() -> None:
    app, _, clock = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["stopping"])
        clock.now += 3.0
        app.tick()
        await pilot.pause()
        assert "STEP OFF - PULL THE SAFETY KEY" in screen_text(app)


async def test_something_not_understood_is_said_and_the_rest_still_shown() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        app.show_refused()
        await see(app, pilot, SCENES["run"])
        assert "! garbled" in screen_text(app)
        assert "ANY KEY" not in screen_text(app)  # drawn large, not printed
        assert "TARGET" in screen_text(app)


@pytest.mark.full
@pytest.mark.parametrize(
    "change",
    [
        moment(left_s=101.0),
        SCENES["paused"],
        SCENES["walk, run announced"],
        moment(notice="Target refused."),
        stopped(StopState.STOPPING, 7.0),
    ],
)
async def test_what_matters_is_drawn_at_once_without_a_tick(change: Snapshot) -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        before = screen_text(app)
        app.show(change)
        await pilot.pause()
        assert screen_text(app) != before


async def test_of_many_snapshots_between_two_ticks_the_newest_is_drawn() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        for tenth in range(10):
            app.show(moment(distance_m=2000.0 + 100.0 * tenth))
        app.tick()
        await pilot.pause()
        assert "2.90 km" in screen_text(app)


@pytest.mark.full
async def test_the_heart_of_the_screen_beats_from_its_loop() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["ready"])
        first = outbox.beats
        while outbox.beats < first + 3:
            await pilot.pause(0.01)


async def test_the_screen_begins_to_beat_with_its_first_picture() -> None:
    """Issue 11, point 14: on a busy computer that picture came more than a beat's time after the first beat."""
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        app._beat()
        assert outbox.beats == 0
        await see(app, pilot, SCENES["ready"])
        assert outbox.beats


@pytest.mark.full
async def test_t_takes_one_theme_after_the_other_and_the_words_stay() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        dark = screen_text(app)
        await pilot.press("t")
        assert app.theme == "runback-light"
        assert screen_text(app) == dark
        for _ in range(len(Theme) - 1):
            await pilot.press("t")
            assert screen_text(app) == dark
        assert app.theme == "runback-dark"
        assert outbox.asks == []


@pytest.mark.full
async def test_a_dead_engine_stays_dead_whatever_is_pressed_in_an_open_palette() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        await pilot.press("ctrl+p")
        app.show_gone()
        await pilot.pause()
        assert not isinstance(app.screen, CommandPalette)
        assert "is gone" in screen_text(app)


@pytest.mark.full
@pytest.mark.parametrize("key", ["question_mark", "ctrl+p"])
async def test_a_stop_that_is_at_rest_when_the_screen_hears_of_it_shuts_what_stands_in_front(key: str) -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        await pilot.press(key)
        await pilot.pause()
        assert len(app.screen_stack) == 2
        await see(app, pilot, stopped(StopState.AT_REST, 0.0))
        await pilot.pause()
        assert len(app.screen_stack) == 1
        outbox.asks.clear()
        await pilot.press("u", "enter")
        assert outbox.asks == [Intent.RESET]


async def test_help_may_be_opened_over_a_stop_at_rest() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, stopped(StopState.AT_REST, 0.0))
        await pilot.press("question_mark")
        await see(app, pilot, stopped(StopState.AT_REST, 0.0))
        await pilot.pause()
        assert len(app.screen_stack) == 2


@pytest.mark.full
async def test_the_mouse_is_told_what_the_keys_mean_but_never_in_front_of_a_stop() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
        row = screen_text(app).splitlines()[-1]
        line = app.screen.query_one(KeyLine)
        told = {"w wrong": "Something is wrong", "+ - speed": "Faster, Slower", "F1 help": meaning("F1 help")}
        for words, means in told.items():
            await pilot.hover(offset=(row.index(words), SIZE[1] - 1))
            assert line.tooltip == means
        await see(app, pilot, stopped(StopState.STOPPING, 4.2))
        assert line.tooltip is None


@pytest.mark.parametrize("name", SCENES)
def test_every_key_in_the_line_of_keys_has_a_meaning(name: str) -> None:
    assert all(meaning(hint) for hint in (*hints(SCENES[name]), *local_hints()))


async def test_a_timer_that_fires_while_the_screen_ends_ends_nothing() -> None:
    """On a busy computer the parts of the screen were gone before its timers were, and it ended with an error."""
    app, _, _ = cockpit()
    async with app.run_test(size=SIZE) as pilot:
        await see(app, pilot, SCENES["run"])
    assert not app.is_running
    app.blink()
    app.show(SCENES["ready"])
    app.tick()
