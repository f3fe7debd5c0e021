"""The second screen's end of the socket, and the slots on the engine's."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runback.ipc.messages import Goodbye, Phase, SessionDied, Snapshot, StopState, TimelineView
from runback.ipc.watched_pipes import WatchedWriter
from runback.watch.client import WatchClient
from runback.watch.screen import ALARM, BY_HAND, SIMULATED, UNTOUCHED, WAS_AT_REST, after_death
from runback.watch.server import STOP_LINE


def snapshot(t: float, **changes: object) -> Snapshot:
    return Snapshot.model_validate({"t": t, "phase": Phase.RUNNING, "treadmill": "TM11GY"} | changes)


def line(message: TimelineView | Snapshot | Goodbye | SessionDied) -> bytes:
    return message.model_dump_json().encode() + b"\n"


@dataclass
class Other:
    """The session's end of a visit, and what the visitor was told."""

    end: socket.socket
    path: Path
    told: list[object] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, what: object) -> None:
        self.told.append(what)
        self.more.set()

    async def until(self, count: int) -> list[object]:
        while len(self.told) < count:
            self.more.clear()
            await self.more.wait()
        return self.told


@pytest.fixture
async def visited(tmp_path: Path) -> AsyncIterator[tuple[WatchClient, Other]]:
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)  # noqa: FBT003
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    path = tmp_path / "door"
    path.touch()
    other = Other(theirs, path)
    visit = WatchClient(ours, path, other.hear, lambda said: other.hear(("ended", said)))
    yield visit, other
    visit.close()
    theirs.close()


async def test_of_the_snapshots_in_one_read_the_newest_is_told_and_noise_is_passed_over(
    visited: tuple[WatchClient, Other],
) -> None:
    _, other = visited
    plan = TimelineView(workout="a", steps=())
    other.end.send(b"noise\n" + line(snapshot(1)) + line(plan) + line(snapshot(2)) + b"\xff\n" + line(snapshot(3)))
    assert await other.until(2) == [plan, snapshot(3)]


async def test_a_goodbye_ends_it_with_its_line(visited: tuple[WatchClient, Other]) -> None:
    _, other = visited
    other.end.send(line(Goodbye(line="over")))
    assert await other.until(1) == [("ended", "over")]


async def test_an_end_without_goodbye_is_a_dead_program(visited: tuple[WatchClient, Other]) -> None:
    _, other = visited
    other.end.close()
    assert await other.until(1) == [("ended", None)]


async def test_an_end_without_goodbye_or_door_is_a_goodbye_that_found_no_room(
    visited: tuple[WatchClient, Other],
) -> None:
    _, other = visited
    other.path.unlink()
    other.end.close()
    assert await other.until(1) == [("ended", "The session has ended.")]


async def test_a_stop_is_a_line_and_one_to_nobody_is_no_error(visited: tuple[WatchClient, Other]) -> None:
    visit, other = visited
    visit.stop()
    visit.stop()
    assert other.end.recv(999) == (STOP_LINE + b"\n") * 2
    other.end.close()
    visit.stop()
    await other.until(1)
    visit.stop()


async def test_a_stop_without_room_goes_as_soon_as_there_is_some(visited: tuple[WatchClient, Other]) -> None:
    visit, other = visited
    for _ in range(2000):
        visit.stop()
    heard = b""
    while len(heard) < 4096 or not heard.endswith(b"\n"):
        try:
            heard += other.end.recv(1 << 16)
        except BlockingIOError:
            break
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    last = other.end.recv(1 << 16)
    assert (heard + last).replace(STOP_LINE + b"\n", b"") == b""
    assert last


async def test_of_each_kind_one_line_waits_and_one_that_was_begun_is_ended() -> None:
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    outlet = WatchedWriter(writing, asyncio.get_running_loop())
    long = b"a" * (1 << 17) + b"\n"
    outlet.give(long, "snapshot")
    for number in range(9):
        outlet.give(b"%d\n" % number, "snapshot")
        outlet.give(b"p%d\n" % number, "plan")
    heard = b""
    while not heard.endswith(b"p8\n8\n"):
        with contextlib.suppress(BlockingIOError):
            heard += os.read(reading, 1 << 20)
        await asyncio.sleep(0)
    assert heard == long + b"p8\n8\n"  # a plan before the snapshots that speak of it
    os.close(reading)
    outlet.give(b"9\n", "snapshot")
    os.close(writing)
    outlet.give(b"10\n", "snapshot")  # to nobody, and no error


@pytest.mark.parametrize(
    ("last", "marked", "state", "said"),
    [
        (snapshot(1, measured_kmh=7.0), True, StopState.ALARM, ALARM),
        (None, True, StopState.ALARM, ALARM),
        (snapshot(1, measured_kmh=7.0, simulated=True), False, None, SIMULATED),
        (snapshot(1, phase=Phase.READY, measured_kmh=7.0), False, StopState.ALARM, BY_HAND),  # started at its console
        (snapshot(1, phase=Phase.READY), False, None, UNTOUCHED),  # never measured: nobody may call that rest
        (snapshot(1, phase=Phase.READY), True, StopState.ALARM, ALARM),
        (None, False, None, UNTOUCHED),
        (snapshot(1, phase=Phase.READY, measured_kmh=0.0), True, StopState.AT_REST, WAS_AT_REST),
        (snapshot(1, phase=Phase.READY, measured_kmh=0.0), False, StopState.AT_REST, WAS_AT_REST),
    ],
)
def test_after_the_program_has_died_the_mark_says_whether_a_belt_may_move(
    last: Snapshot | None, marked: bool, state: StopState | None, said: str
) -> None:
    assert after_death(last, lambda: marked) == SessionDied(state=state, line=said)
