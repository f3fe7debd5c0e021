"""The screen's end of the pipes: real descriptors, real bytes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.ipc.engine_pipe import EnginePipe
from runback.ipc.line_decoder import LineDecoder
from runback.ipc.messages import Goodbye, Heartbeat, IntentMessage, SessionDied, Snapshot, StopState, TimelineView
from runback.ipc.pipe_pair import WatchedPair
from runback.session.model import Intent
from tests.support.tui.scenes import PLAN, SCENES, moment


class Seen:
    """A display that remembers, and can be waited for."""

    def __init__(self) -> None:
        self.shown: list[object] = []
        self.more = asyncio.Event()

    def _add(self, what: object) -> None:
        self.shown.append(what)
        self.more.set()

    def show_plan(self, plan: TimelineView) -> None:
        self._add(plan)

    def show(self, snapshot: Snapshot) -> None:
        self._add(snapshot)

    def show_gone(self) -> None:
        self._add("gone")

    def show_death(self, gone: SessionDied) -> None:
        self._add(gone)

    def show_refused(self) -> None:
        self._add("refused")

    def say_goodbye(self, line: str) -> None:
        self._add(line)

    async def count(self, number: int) -> list[object]:
        while len(self.shown) < number:
            self.more.clear()
            await self.more.wait()
        return self.shown


@dataclass
class Engine:
    """The other ends, and the pipe under test."""

    pipe: EnginePipe
    says: int
    hears: int
    closed: set[int] = field(default_factory=set)

    def say(self, *messages: TimelineView | Snapshot | Goodbye | SessionDied | bytes) -> None:
        data = b"".join(m if isinstance(m, bytes) else m.model_dump_json().encode() + b"\n" for m in messages)
        os.write(self.says, data)

    def heard(self) -> list[bytes]:
        os.set_blocking(self.hears, False)
        data = b""
        while True:
            try:
                more = os.read(self.hears, 1 << 20)
            except BlockingIOError:
                break
            if not more:
                break
            data += more
        return data.splitlines(keepends=True)

    def close(self, end: int) -> None:
        if end not in self.closed:
            self.closed.add(end)
            os.close(end)


@pytest.fixture
def engine() -> Iterator[Engine]:
    to_screen, says = os.pipe()
    hears, to_engine = os.pipe()
    engine = Engine(EnginePipe(WatchedPair(to_screen, to_engine)), says, hears)
    yield engine
    engine.pipe.close()
    engine.close(says)
    engine.close(hears)


BEAT = Heartbeat().model_dump_json().encode() + b"\n"


def line(ask: Intent) -> bytes:
    """The intent's line."""
    return IntentMessage(ask=ask).model_dump_json().encode() + b"\n"


def fill(pipe: EnginePipe) -> None:
    """Beat until there is no room left: a pipe holds 64 KiB on Linux."""
    for _ in range(5000):
        pipe.send(Heartbeat())


async def test_what_the_engine_says_is_shown(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.say(PLAN, SCENES["run"])
    assert await seen.count(2) == [PLAN, SCENES["run"]]


async def test_the_death_of_a_watched_program_is_shown_and_may_be_followed_by_more(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    deaths = [SessionDied(state=state, line="what is known") for state in (StopState.ALARM, StopState.AT_REST, None)]
    engine.say(*deaths)
    assert await seen.count(3) == deaths


async def test_of_the_snapshots_in_one_read_only_the_newest_is_shown(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.say(*(moment(left_s=float(left)) for left in range(20, 10, -1)))
    assert await seen.count(1) == [moment(left_s=11.0)]


async def test_a_line_in_two_parts_is_one_message(engine: Engine) -> None:
    seen = Seen()
    data = SCENES["run"].model_dump_json().encode() + b"\n"
    engine.pipe.start(seen)
    engine.say(PLAN, data[:40])
    assert await seen.count(1) == [PLAN]
    engine.say(data[40:])
    assert await seen.count(2) == [PLAN, SCENES["run"]]


@pytest.mark.parametrize(
    "garbage",
    [b"{}\n", b"not json\n", b'{"type":"snapshot","v":2}\n', b"\xff\xfe\n", b'{"type":"intent","ask":"stop"}\n'],
)
async def test_what_is_no_message_is_refused_and_the_next_is_shown(engine: Engine, garbage: bytes) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.say(garbage, PLAN)
    assert await seen.count(2) == ["refused", PLAN]


async def test_end_of_file_without_goodbye_is_a_dead_engine(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.say(SCENES["run"])
    engine.close(engine.says)
    assert await seen.count(2) == [SCENES["run"], "gone"]


async def test_after_goodbye_end_of_file_is_no_alarm(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.say(Goodbye(line="done"))
    engine.close(engine.says)
    await seen.count(1)
    await asyncio.sleep(0)
    assert seen.shown == ["done"]


async def test_a_engine_that_reads_no_more_is_dead(engine: Engine) -> None:
    seen = Seen()
    engine.pipe.start(seen)
    engine.close(engine.hears)
    engine.pipe.send(IntentMessage(ask=Intent.STOP))
    assert await seen.count(1) == ["gone"]
    engine.pipe.send(IntentMessage(ask=Intent.STOP))  # and says nothing more


def test_intents_and_beats_are_lines(engine: Engine) -> None:
    engine.pipe.send(Heartbeat())
    engine.pipe.send(IntentMessage(ask=Intent.PAUSE))
    assert engine.heard() == [BEAT, line(Intent.PAUSE)]


def test_a_beat_without_room_is_dropped_and_no_line_is_torn(engine: Engine) -> None:
    fill(engine.pipe)
    heard = engine.heard()
    assert 0 < len(heard) < 5000
    assert set(heard[:-1]) == {BEAT}
    engine.pipe.send(Heartbeat())
    assert set((b"".join([heard[-1], *engine.heard()])).splitlines(keepends=True)) == {BEAT}


async def test_a_stop_without_room_is_written_as_soon_as_there_is_some_and_overtakes_what_waits(engine: Engine) -> None:
    engine.pipe.start(Seen())
    fill(engine.pipe)
    engine.pipe.send(IntentMessage(ask=Intent.FASTER))
    engine.pipe.send(IntentMessage(ask=Intent.STOP))
    fill(engine.pipe)  # not even a Beat goes before it
    heard = engine.heard()
    while line(Intent.STOP) not in heard:
        await asyncio.sleep(0)
        heard = b"".join([*heard, *engine.heard()]).splitlines(keepends=True)
    assert line(Intent.FASTER) not in heard
    assert set(heard[:-1]) == {BEAT}
    assert heard[-1] == line(Intent.STOP)


async def test_other_intents_without_room_keep_their_order(engine: Engine) -> None:
    engine.pipe.start(Seen())
    fill(engine.pipe)
    engine.pipe.send(IntentMessage(ask=Intent.SLOWER))
    engine.pipe.send(IntentMessage(ask=Intent.PAUSE))
    heard = engine.heard()
    while line(Intent.PAUSE) not in heard:
        await asyncio.sleep(0)
        heard = b"".join([*heard, *engine.heard()]).splitlines(keepends=True)
    assert heard[-2:] == [line(Intent.SLOWER), line(Intent.PAUSE)]


@given(texts=st.lists(st.binary(max_size=20).map(lambda b: b.replace(b"\n", b".")), max_size=8), data=st.data())
def test_however_lines_are_cut_in_reading_they_come_out_whole(texts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(text + b"\n" for text in texts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    lines = LineDecoder()
    got: list[bytes | None] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        got += lines.feed(stream[start:end])
    assert got == [text for text in texts if text]


def test_an_over_long_line_is_refused_once_and_skipped_to_its_end() -> None:
    lines = LineDecoder(longest=10)
    assert lines.feed(b"short\n12345678901") == [b"short", None]
    assert lines.feed(b"2345678901234567890") == []
    assert lines.feed(b"56\nshort\n") == [b"short"]
    assert lines.feed(b"1234567890\n") == [b"1234567890"]
