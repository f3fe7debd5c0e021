"""The end of a Windows console, as far as it can be told without one: the system calls us in a thread, and waits."""

from __future__ import annotations

import threading

import pytest

from runback.terminal.windows_console import CLOSED, ENDS, LOGGED_OFF, SHUT_DOWN, ConsoleCloseHandler, stops_at_its_end

SOON = 30.0
"""Seconds after which a test gives up waiting."""
CTRL_C, CTRL_BREAK = 0, 1


@pytest.mark.parametrize("kind", [CLOSED, LOGGED_OFF, SHUT_DOWN])
def test_the_consoles_end_asks_for_stop_and_waits_until_all_is_done(kind: int) -> None:
    asked, done = threading.Event(), threading.Event()
    why: list[str] = []

    def stop(reason: str) -> None:
        why.append(reason)
        asked.set()

    def system(ending: ConsoleCloseHandler) -> None:
        if ending(kind):
            done.set()

    with stops_at_its_end(stop) as ending:
        threading.Thread(target=system, args=(ending,)).start()
        assert asked.wait(SOON)
        assert not done.is_set()
    assert done.wait(SOON)
    assert why == [ENDS[kind]]


@pytest.mark.parametrize("kind", [CTRL_C, CTRL_BREAK])
def test_a_key_at_the_console_is_left_to_its_signal(kind: int) -> None:
    why: list[str] = []
    with stops_at_its_end(why.append) as ending:
        assert not ending(kind)
    assert why == []
