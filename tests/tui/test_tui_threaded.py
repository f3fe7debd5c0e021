"""The screen's end of the pipes where a thread watches each: real descriptors, real bytes."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from runback.ipc.engine_pipe import EnginePipe
from runback.ipc.messages import Goodbye, Heartbeat, IntentMessage, Snapshot, TimelineView
from runback.ipc.pipe_pair import ThreadedPair
from runback.session.model import Intent
from tests.support.tui.scenes import PLAN, SCENES, moment
from tests.tui.test_tui_pipe import BEAT, Seen, line

SOON = 30.0
"""Seconds after which a test gives up waiting."""
MORE = 5000
"""Lines: more than a pipe holds."""


@dataclass
class Engine:
    """The other ends, and the pipe under test."""

    says: int
    hears: int
    pipe: EnginePipe
    newest: list[Snapshot]
    told: threading.Event
    closed: set[int] = field(default_factory=set)

    def say(self, *messages: TimelineView | Snapshot | Goodbye | bytes) -> None:
        data = b"".join(m if isinstance(m, bytes) else m.model_dump_json().encode() + b"\n" for m in messages)
        os.write(self.says, data)

    def heard_until(self, last: bytes) -> list[bytes]:
        """All lines up to `last`."""
        data = b""
        while last not in data:
            data += os.read(self.hears, 1 << 16)
        return data.splitlines(keepends=True)

    def close(self, end: int) -> None:
        if end not in self.closed:
            self.closed.add(end)
            os.close(end)


@pytest.fixture
def engine() -> Iterator[Engine]:
    to_screen, says = os.pipe()
    hears, to_engine = os.pipe()
    newest: list[Snapshot] = []
    told = threading.Event()

    def tell(snapshot: Snapshot) -> None:
        newest.append(snapshot)
        told.set()

    engine = Engine(says, hears, EnginePipe(ThreadedPair(to_screen, to_engine), tell), newest, told)
    yield engine
    engine.pipe.close()
    engine.close(says)
    engine.close(hears)


async def test_what_the_engine_says_is_shown_and_the_newest_snapshot_only(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.say(PLAN, b"garbage\n", *(moment(left_s=float(left)) for left in range(20, 10, -1)))
    assert await seen.count(3) == [PLAN, "refused", moment(left_s=11.0)]
    assert engine.newest == [moment(left_s=11.0)]


async def test_a_snapshot_is_known_while_the_loop_is_blocked(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.say(SCENES["run"])
    assert engine.told.wait(SOON)  # which blocks this loop
    assert (engine.newest, seen.shown) == ([SCENES["run"]], [])
    assert await seen.count(1) == [SCENES["run"]]


async def test_end_of_file_without_goodbye_is_a_dead_engine_there_too(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.say(SCENES["run"])
    engine.close(engine.says)
    assert await seen.count(2) == [SCENES["run"], "gone"]


async def test_after_goodbye_nothing_is_shown(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.say(Goodbye(line="done"), PLAN, SCENES["run"])
    await seen.count(1)
    await asyncio.sleep(0)
    assert seen.shown == ["done"]
    engine.pipe.send(IntentMessage(ask=Intent.STOP))  # and says nothing more
    assert os.read(engine.hears, 1) == b""


async def test_a_engine_that_hears_no_more_is_dead(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.close(engine.hears)
    engine.pipe.send(IntentMessage(ask=Intent.STOP))
    assert await seen.count(1) == ["gone"]


def test_intents_are_said_in_order(engine: Engine) -> None:
    for ask in (Intent.FASTER, Intent.FASTER, Intent.PAUSE):
        engine.pipe.send(IntentMessage(ask=ask))
    assert engine.heard_until(line(Intent.PAUSE)) == [line(Intent.FASTER), line(Intent.FASTER), line(Intent.PAUSE)]


def test_a_beat_is_said(engine: Engine) -> None:
    engine.pipe.send(Heartbeat())
    assert engine.heard_until(b"\n") == [BEAT]


def test_a_stop_throws_away_what_waits_and_a_beat_is_dropped(engine: Engine) -> None:
    for _ in range(MORE):
        engine.pipe.send(IntentMessage(ask=Intent.FASTER))
    engine.pipe.send(IntentMessage(ask=Intent.STOP))
    engine.pipe.send(Heartbeat())
    heard = engine.heard_until(line(Intent.STOP))
    assert heard[-1] == line(Intent.STOP)
    assert set(heard[:-1]) == {line(Intent.FASTER)}
    assert len(heard) < MORE
