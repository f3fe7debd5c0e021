"""Stop in the thread that reads the keyboard: nobody's loop has to be awake."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator

import pytest
from textual import events
from textual.app import App
from textual.command import CommandPalette
from textual.drivers.headless_driver import HeadlessDriver
from textual.message import Message

from runback.key_bindings import STOP, UNSURE
from runback.tui.cockpit.app import CockpitApp
from runback.tui.cockpit.stop_key_driver import StopPressed, platform_driver, with_stop_keys
from runback.tui.cockpit.stop_keys import StopKeys
from tests.support.tui.scenes import PLAN, SCENES, Outbox

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
    assert os.read(pipe.hears, 10) == UNSURE
    await app.more.wait()
    assert [type(message) for message in app.had] == [events.Key]


async def test_without_a_engine_a_key_is_the_screens_again(pipe: Pipe) -> None:
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


@pytest.mark.full
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
