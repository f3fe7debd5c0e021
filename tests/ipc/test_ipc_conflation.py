"""The one rule for lines that wait, and the loop's forms of reader and writer: real descriptors, real bytes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.ipc.conflating_writer import KINDS, WaitingLines
from runback.ipc.watched_pipes import WatchedReader, WatchedWriter

FILLING = b"x" * 4096
"""As much as a pipe takes whole or not at all."""


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    reads, writes = os.pipe()
    for fd in (reads, writes):
        os.set_blocking(fd, False)
    yield reads, writes
    for fd in (reads, writes):
        os.close(fd)


def fill(fd: int) -> int:
    """Write until there is no room left; how many bytes that took."""
    filled = 0
    while True:
        try:
            filled += os.write(fd, FILLING)
        except BlockingIOError:
            return filled


async def heard_after(filled: int, reads: int) -> bytes:
    """What comes after `filled` bytes, once the loop has had the time to write it."""
    while filled:
        filled -= len(os.read(reads, filled))
    for _ in range(3):
        await asyncio.sleep(0)
    return os.read(reads, 1 << 16)


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=12))
def test_the_newest_of_each_kind_waits_in_the_order_of_kinds_and_nothing_before_one_alone(
    given: list[tuple[str, bool]],
) -> None:
    waiting, expected = WaitingLines(), dict[tuple[str, int], bytes]()
    for number, (kind, alone) in enumerate(given):
        line = b"%d" % number
        waiting.put(line, kind, alone=alone)
        if alone:
            expected.clear()
        expected[kind, 0 if kind else number] = line
    lines = [line for _, line in sorted(expected.items(), key=lambda each: (KINDS.index(each[0][0]), each[0][1]))]
    assert len(waiting) == len(lines)
    taken = []
    while first := waiting.first:
        taken.append(waiting.take())
        assert taken[-1] == first
    assert taken == lines
    assert waiting.take() == b""


async def test_a_line_that_is_not_begun_gives_way_to_a_newer_one(ends: tuple[int, int]) -> None:
    reads, writes = ends
    filled = fill(writes)
    writer = WatchedWriter(writes, asyncio.get_running_loop())
    for number in range(3):
        writer.give(b"%d\n" % number, "snapshot")
    assert writer.busy
    assert await heard_after(filled, reads) == b"2\n"
    assert not writer.busy


async def test_an_offered_line_goes_at_once_or_never(ends: tuple[int, int]) -> None:
    reads, writes = ends
    writer = WatchedWriter(writes, asyncio.get_running_loop())
    writer.offer(b"now\n")
    assert os.read(reads, 99) == b"now\n"
    filled = fill(writes)
    writer.offer(b"late\n")
    assert not writer.busy
    writer.give(b"stop\n", alone=True)
    writer.offer(b"behind it\n")
    assert await heard_after(filled, reads) == b"stop\n"


async def test_a_writer_without_a_loop_yet_writes_once_it_has_one(ends: tuple[int, int]) -> None:
    reads, writes = ends
    filled = fill(writes)
    writer = WatchedWriter(writes, None)
    writer.give(b"waits\n", within=0.001)
    writer.watch(asyncio.get_running_loop())
    assert await heard_after(filled, reads) == b"waits\n"


async def test_a_writer_says_once_that_nobody_reads_and_then_takes_nothing() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    told: list[str] = []
    writer = WatchedWriter(writes, asyncio.get_running_loop(), lambda: told.append("broken"))
    for _ in range(2):
        writer.give(b"line\n")
        writer.offer(b"line\n")
    assert (told, writer.busy) == (["broken"], False)
    os.close(writes)


async def test_what_is_closed_twice_leaves_a_descriptor_of_the_same_number_alone() -> None:
    loop = asyncio.get_running_loop()
    reads, writes = os.pipe()
    writer, reader = WatchedWriter(writes, loop), WatchedReader(reads, lambda _: None)
    writer.close()
    reader.close()
    os.close(writes)
    os.close(reads)
    again = os.pipe()
    assert set(again) == {reads, writes}
    loop.add_reader(again[0], lambda: None)
    loop.add_writer(again[1], lambda: None)
    writer.close()
    reader.close()
    assert loop.remove_reader(again[0])
    assert loop.remove_writer(again[1])
    for fd in again:
        os.close(fd)


async def test_a_reader_tells_the_end_once_and_last() -> None:
    reads, writes = os.pipe()
    os.set_blocking(reads, False)
    heard: list[bytes] = []
    reader = WatchedReader(reads, heard.append)
    os.write(writes, b"word")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    os.close(writes)
    for _ in range(5):
        await asyncio.sleep(0)
    assert heard == [b"word", b""]
    reader.close()
    os.close(reads)


async def test_a_reader_takes_no_more_than_it_may_and_then_looks_away(ends: tuple[int, int]) -> None:
    reads, writes = ends
    heard: list[bytes] = []
    reader = WatchedReader(reads, heard.append, most=4, pause=3600.0)
    os.write(writes, b"abcdefgh")
    for _ in range(5):
        await asyncio.sleep(0)
    assert heard == [b"abcd"]
    reader.close()
