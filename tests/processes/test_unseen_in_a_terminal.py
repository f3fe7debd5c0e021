"""Prompt mode by the clock on the real processes: the screen claims nothing, and the person's word lets go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes.terminal import Terminal, terminal

WORKOUT = "5m walk 4.5, 5m run 7.5"


@pytest.fixture(params=["life-fitness", "urevo-e3"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """A session by the clock, eight times as fast as it would be."""
    twin = ("--treadmill", f"sim:{request.param}")
    with terminal(tmp_path / "trace", "run", WORKOUT, "--start", "--speedup", "8", *twin) as program:
        program.phase("running")
        yield program


def test_stop_is_confirmed_by_the_persons_word_and_nothing_is_claimed(running: Terminal) -> None:
    here = len(running.records)
    running.type(b" ")
    running.phase("stopped", here)
    running.seen(b"cannot see this belt")
    running.type(b"u")
    running.seen(b"yes, it is still")
    running.type(b"\r")
    running.phase("paused", here)
    here, drawn = len(running.records), len(running.output)
    running.type(b" ")
    running.phase("stopped", here)
    running.seen(b"u, then q", drawn)
    drawn = len(running.output)
    running.type(b"u")
    running.seen(b"yes, it is still", drawn)
    running.type(b"q")
    assert running.exit_code() == 4
    words = {record.get("signal") for record in running.records}
    assert "belt at rest after stop" not in words
    assert "the belt does not stop" not in words
