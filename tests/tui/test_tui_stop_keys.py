"""Stop in the thread that reads the keyboard: what it says about a key, and that nobody's loop has to be awake."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_tui_keys import STRANGERS
from textual import events
from textual.app import App
from textual.command import CommandPalette
from textual.drivers.headless_driver import HeadlessDriver
from textual.message import Message
from tui_scenes import AT_REST, PLAN, SCENES, Outbox, stopped

from runback.keys import CONTROLS, DOUBT, STOP, stops, word_for
from runback.messages import StopState
from runback.tui.app import CockpitApp
from runback.tui.stop_keys import StopKeys, StopPressed, platform_driver, with_stop_keys

MOVING = [name for name in SCENES if name not in AT_REST]
LATCHED = ("stopping", "stopped", "alarm", "alarm, belt unseen")
KEYS = sorted(
    {*STRANGERS, *(key for control in CONTROLS for key in control.keys), "question_mark", "f1", "ctrl+p", "t"}
)


def printed(key: str) -> str | None:
    return key if len(key) == 1 else None


# -- what a key means ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", [name for name in MOVING if name != "stopped"])
@pytest.mark.parametrize("key", STRANGERS)
def test_a_key_that_is_no_control_is_stop_while_the_belt_may_move(scene: str, key: str) -> None:
    if scene == "connecting" and key == "escape":
        return
    assert word_for(key, printed(key), SCENES[scene], typing=False) == STOP


@given(key=st.sampled_from(KEYS), typing=st.booleans(), name=st.sampled_from(["ready", "completed"]))
def test_a_belt_that_rests_is_never_sent_a_stop(key: str, typing: bool, name: str) -> None:
    assert word_for(key, printed(key), SCENES[name], typing=typing) != STOP


@given(key=st.sampled_from(KEYS), typing=st.booleans())
def test_the_stop_screens_keys_are_its_own_once_the_belt_rests(key: str, typing: bool) -> None:
    assert word_for(key, printed(key), SCENES["stopped"], typing=typing) == b""
    assert not stops(key, printed(key), SCENES["stopped"].model_copy(update={"stop": None}), typing=typing)


@given(typing=st.booleans(), name=st.sampled_from(list(SCENES)))
def test_enter_that_begins_something_is_never_a_word(typing: bool, name: str) -> None:
    snapshot = SCENES[name]
    begins = [each for each in CONTROLS if each.keys == ("enter",) and snapshot.phase in each.phases]
    if begins and name not in LATCHED:
        assert word_for("enter", None, snapshot, typing=typing) == b""


@pytest.mark.parametrize("key", ["space", "z", "7", "tab", "w"])
def test_a_key_that_does_nothing_while_nothing_moves_is_told_as_doubt(key: str) -> None:
    assert word_for(key, printed(key), SCENES["ready"], typing=False) == DOUBT


@pytest.mark.parametrize("key", ["enter", "question_mark", "ctrl+p", "t", "q", "escape", "ctrl+c"])
def test_a_control_is_no_word_while_nothing_moves(key: str) -> None:
    assert word_for(key, printed(key), SCENES["ready"], typing=False) == b""


@pytest.mark.parametrize(
    ("key", "word"), [("a", b""), ("backspace", b""), ("space", STOP), ("escape", STOP), ("q", STOP)]
)
def test_in_a_field_letters_are_typed_and_the_stop_keys_are_stop(key: str, word: bytes) -> None:
    assert word_for(key, printed(key), SCENES["run"], typing=True) == word


def test_before_the_first_snapshot_a_key_is_stop() -> None:
    assert word_for("space", " ", None, typing=False) == STOP


@pytest.mark.parametrize("key", ["u", "enter", "z"])
def test_nothing_lets_go_of_a_stop_that_is_not_obeyed_but_the_screen(key: str) -> None:
    assert word_for(key, key, stopped(StopState.STOPPING, 3.0), typing=False) == STOP
    assert word_for(key, key, stopped(StopState.ALARM, 3.0), typing=False) == (b"" if key == "u" else STOP)


# -- the thread ----------------------------------------------------------------------------------------------------


class Pipe:
    """The pipe for Stop, and what knows it."""

    def __init__(self) -> None:
        self.hears, self.says = os.pipe()
        self.keys = StopKeys(self.says)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    os.close(pipe.says)
    if pipe.hears >= 0:
        os.close(pipe.hears)


class Remembers(App[None]):
    """An app that remembers what its driver hands on."""

    def __init__(self) -> None:
        super().__init__()
        self.had: list[Message] = []
        self.more = asyncio.Event()

    def post_message(self, message: Message) -> bool:
        self.had.append(message)
        self.more.set()
        return True


def have(pipe: Pipe, app: App[None], *messages: Message) -> threading.Thread:
    """The driver's input thread has these."""
    driver = with_stop_keys(HeadlessDriver, pipe.keys)(app)

    def run() -> None:
        for message in messages:
            driver.process_message(message)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def mouse(kind: type[events.MouseEvent]) -> events.MouseEvent:
    return kind(None, 1, 1, 0, 0, 1, shift=False, meta=False, ctrl=False, screen_x=1, screen_y=1)


async def test_a_stop_leaves_while_the_screens_loop_is_blocked(pipe: Pipe) -> None:
    app = Remembers()
    pipe.keys.show(SCENES["run"])
    have(pipe, app, events.Key("space", " "))
    assert os.read(pipe.hears, 10) == STOP  # which blocks this loop until it comes
    assert app.had == []
    await app.more.wait()
    assert [type(message) for message in app.had] == [StopPressed]


async def test_other_keys_and_the_mouse_are_handed_on_and_its_way_is_not(pipe: Pipe) -> None:
    app = Remembers()
    pipe.keys.show(SCENES["run"])
    moved, pressed, key = mouse(events.MouseMove), mouse(events.MouseDown), events.Key("p", "p")
    thread = have(pipe, app, moved, pressed, key)
    while len(app.had) < 2:
        app.more.clear()
        await app.more.wait()
    thread.join()
    assert app.had == [pressed, key]


async def test_a_key_that_does_nothing_is_told_and_handed_on(pipe: Pipe) -> None:
    app = Remembers()
    pipe.keys.show(SCENES["ready"])
    have(pipe, app, events.Key("space", " "))
    assert os.read(pipe.hears, 10) == DOUBT
    await app.more.wait()
    assert [type(message) for message in app.had] == [events.Key]


async def test_without_a_keeper_a_key_is_the_screens_again(pipe: Pipe) -> None:
    app = Remembers()
    os.close(pipe.hears)
    pipe.hears = -1
    have(pipe, app, events.Key("q", "q"))
    await app.more.wait()
    assert [type(message) for message in app.had] == [events.Key]


def test_the_driver_of_this_system_can_be_had() -> None:
    assert platform_driver() is App.get_driver_class(App())


# -- the screen ----------------------------------------------------------------------------------------------------


def cockpit(pipe: Pipe) -> tuple[CockpitApp, Outbox]:
    outbox = Outbox()
    return CockpitApp(outbox, clock=lambda: 100.0, stop_keys=pipe.keys), outbox


async def test_a_stop_from_the_thread_closes_what_is_open_and_is_asked_for_once(pipe: Pipe) -> None:
    thread = threading.Thread(target=os.read, args=(pipe.hears, 1), name="textual-input", daemon=True)
    thread.start()
    app, outbox = cockpit(pipe)
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_plan(PLAN)
        app.show(SCENES["run"])
        app.tick()
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
        typing = pipe.keys.typing
        app.post_message(StopPressed())
        await pilot.pause()
        assert len(app.screen_stack) == 1
        assert (typing, pipe.keys.typing) == (True, False)
        assert outbox.asks == []
    os.write(pipe.says, b".")
    thread.join()


async def test_a_screen_whose_keyboard_nobody_reads_leaves(pipe: Pipe) -> None:
    app, outbox = cockpit(pipe)
    await app.run_async(headless=True)
    assert outbox.asks == []
    assert not app.said_goodbye
