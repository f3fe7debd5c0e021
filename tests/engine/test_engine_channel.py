"""The engine's ends of the pipes to a screen: watched by the loop or by threads, they promise the same."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable

import pytest

from runback.ipc.messages import Goodbye, Snapshot, TimelineView
from runback.ipc.pipe_pair import PipePair, ThreadedPair, WatchedPair
from runback.ipc.screen_channel import ScreenChannel
from runback.ipc.threaded_pipes import PipeReader, PipeWriter, detached, into, pass_handles
from runback.session.model import Phase

FORMS: list[Callable[[int, int], PipePair]] = [WatchedPair, ThreadedPair]
MORE = 5000
"""Snapshots: many times what a pipe holds."""
SOON = 30.0
"""Seconds after which a test gives up waiting."""


def snapshot(number: int) -> Snapshot:
    """One that can be told from others."""
    return Snapshot(t=float(number), phase=Phase.READY, treadmill="X")


class Ends:
    """A channel, the screen's ends of it, and what the engine heard."""

    def __init__(self, channel: ScreenChannel) -> None:
        self.channel = channel
        self.reads, self.writes = channel.theirs
        self.heard = asyncio.Queue[bytes]()
        channel.open(self.heard.put_nowait)

    async def read_until(self, text: bytes) -> bytes:
        """What the screen reads, until `text` is in it."""
        data = b""
        while text not in data:
            data += await asyncio.to_thread(os.read, self.reads, 1 << 16)
        return data

    def close(self) -> None:
        self.channel.close()
        for fd in (self.reads, self.writes):
            if fd >= 0:
                os.close(fd)

    def hang_up(self) -> None:
        """The screen's process ends."""
        os.close(self.reads)
        os.close(self.writes)
        self.reads = self.writes = -1


@pytest.fixture(params=FORMS, ids=["watched", "threaded"])
async def ends(request: pytest.FixtureRequest) -> AsyncIterator[Ends]:
    ends = Ends(ScreenChannel(request.param))
    yield ends
    ends.close()


async def test_what_the_screen_says_is_heard_and_so_is_its_end(ends: Ends) -> None:
    os.write(ends.writes, b"beat\n")
    assert await ends.heard.get() == b"beat\n"
    ends.hang_up()
    assert await ends.heard.get() == b""


async def test_what_is_said_is_written_a_line_each(ends: Ends) -> None:
    ends.channel.put(snapshot(1))
    assert await ends.read_until(b"\n") == snapshot(1).model_dump_json().encode() + b"\n"


async def test_a_screen_that_reads_nothing_holds_up_nobody_and_then_reads_the_newest(ends: Ends) -> None:
    for number in range(MORE):
        ends.channel.put(snapshot(number))
    ends.channel.put(Goodbye(line="over"))
    lines = (await ends.read_until(b'"over"}\n')).splitlines()
    shown = [Snapshot.model_validate_json(line).t for line in lines[:-1]]
    assert shown == sorted(shown)
    assert shown[-1] == MORE - 1
    assert len(shown) < MORE


@pytest.mark.full
async def test_a_plan_goes_before_the_snapshot_that_waits(ends: Ends) -> None:
    for number in range(MORE):
        ends.channel.put(snapshot(number))
    ends.channel.put(TimelineView(workout="new", steps=()))
    ends.channel.put(snapshot(MORE))
    text = await ends.read_until(f'"t":{float(MORE)}'.encode())
    assert text.index(b'"new"') < text.index(f'"t":{float(MORE)}'.encode())


async def test_a_screen_that_has_closed_its_end_is_gone(ends: Ends) -> None:
    os.close(ends.reads)
    ends.reads = -1
    ends.channel.put(snapshot(1))
    assert await ends.heard.get() == b""


async def test_after_closing_nothing_is_heard_and_the_screen_sees_the_end(ends: Ends) -> None:
    ends.channel.close()
    ends.channel.close()
    assert await asyncio.to_thread(os.read, ends.reads, 1) == b""
    ends.channel.put(snapshot(1))
    if ends.heard.empty():
        ends.hang_up()
    await asyncio.sleep(0)
    assert ends.heard.empty()


async def test_a_channel_that_never_opened_leaves_no_descriptor() -> None:
    for form in FORMS:
        channel = ScreenChannel(form)
        for fd in channel.theirs:
            os.close(fd)
        channel.close()
        channel.close()


def test_a_loop_that_has_ended_is_told_nothing() -> None:
    """The screen's last word may come after the engine's loop."""
    loop = asyncio.new_event_loop()
    loop.close()
    told: list[str] = []
    into(loop, lambda: told.append("late"))
    assert told == []


def test_a_listener_tells_the_end_last_and_closes() -> None:
    reads, writes = os.pipe()
    heard: list[bytes] = []
    os.write(writes, b"word")
    os.close(writes)
    listener = PipeReader(reads, heard.append, name="test")
    listener.join(SOON)
    assert heard == [b"word", b""]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(reads)


def test_a_closed_listener_tells_nothing() -> None:
    reads, writes = os.pipe()
    heard: list[bytes] = []
    listener = PipeReader(reads, heard.append, name="test")
    listener.close()
    os.close(writes)
    listener.join(SOON)
    assert heard == []


def test_a_speaker_says_all_that_waits_then_closes() -> None:
    reads, writes = os.pipe()
    speaker = PipeWriter(writes, lambda: None, name="test")
    for number in range(100):
        speaker.give(b"%d\n" % number)
    speaker.close()
    speaker.give(b"late\n")
    with os.fdopen(reads, "rb") as stream:
        assert stream.read() == b"".join(b"%d\n" % number for number in range(100))
    assert not speaker.busy


def test_a_speaker_is_busy_while_nobody_reads() -> None:
    reads, writes = os.pipe()
    speaker = PipeWriter(writes, lambda: None, name="test")
    speaker.give(b"x" * (1 << 20))
    assert os.read(reads, 1) == b"x"
    assert speaker.busy
    speaker.give(b"waits")
    speaker.give(b"alone", alone=True)
    speaker.close()
    with os.fdopen(reads, "rb") as stream:
        assert stream.read()[(1 << 20) - 1 :] == b"alone"


def test_a_child_has_what_it_was_handed() -> None:
    reads, writes = os.pipe()
    (number,), handing = pass_handles(writes)
    said = (
        "import os; from runback.ipc.threaded_pipes import receive_handle; "
        f"os.write(receive_handle({number}, reads=False), b'here')"
    )
    child = subprocess.Popen([sys.executable, "-c", said], **handing)
    os.close(writes)
    assert child.wait(SOON) == 0
    assert os.read(reads, 10) == b"here"
    os.close(reads)


def test_a_child_that_outlives_is_of_another_session() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, **detached())
    assert os.getsid(child.pid) == child.pid
    child.communicate(b"\n", SOON)
