"""A record's stream is written by a thread of its own: nobody who reads it, and no disk, holds up the engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runback.ipc.background_writer import BackgroundWriter

SOON = 30.0
"""Seconds after which a test gives up waiting."""
AT_ONCE = 0.05
"""Seconds a test gives a thread that is stuck for good."""


def test_everything_is_written_in_order(tmp_path: Path) -> None:
    with (tmp_path / "record").open("wb") as file:
        drain = BackgroundWriter(file.fileno())
        for number in range(2000):
            drain.write(f"{number}\n")
            drain.flush()
        assert drain.close(SOON) is None
    assert (tmp_path / "record").read_text() == "".join(f"{number}\n" for number in range(2000))


def test_a_reader_that_has_stopped_reading_holds_up_nobody() -> None:
    read_fd, write_fd = os.pipe()
    drain = BackgroundWriter(write_fd)
    text = "x" * 1000 + "\n"
    for _ in range(1000):  # more than any pipe holds; whoever waited for it would wait for ever
        drain.write(text)
    assert drain.close(AT_ONCE) == "its end could not be written in time"
    received = b""
    while len(received) < 1000 * len(text):
        received += os.read(read_fd, 1 << 20)
    assert received == (text * 1000).encode()
    assert drain.close(SOON) is None
    os.close(write_fd)
    os.close(read_fd)


def test_a_record_nobody_reads_is_given_up_before_it_fills_the_memory() -> None:
    read_fd, write_fd = os.pipe()
    drain = BackgroundWriter(write_fd, most=1 << 20)
    drain.write("x" * ((1 << 20) - 1))
    with pytest.raises(OSError, match="stopped reading"):
        drain.write("xx")
    with pytest.raises(OSError, match="stopped reading"):
        drain.write("later")
    os.close(read_fd)  # lets the thread go: its write fails
    assert drain.close(SOON) == "its reader has stopped reading"
    os.close(write_fd)


def test_a_full_disk_is_told_by_a_later_write_and_by_the_end() -> None:
    fd = os.open("/dev/full", os.O_WRONLY)
    drain = BackgroundWriter(fd)
    drain.write("a line\n")
    assert drain.close(SOON) == "No space left on device"
    with pytest.raises(OSError, match="No space left on device"):
        drain.write("another")
    os.close(fd)


def test_an_end_without_anything_written_is_one() -> None:
    assert BackgroundWriter(2).close(SOON) is None
