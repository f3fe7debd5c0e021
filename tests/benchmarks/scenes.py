"""What a screen may be up to while somebody wants the belt to stop."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from samples import Program

Burden = Callable[[Program], AbstractContextManager[Callable[[], None]]]
"""Entered for a whole scene; what it gives is called right before each sample."""
SIZES = ((24, 80), (40, 120), (50, 160), (30, 100))
RESIZE_EVERY = 0.02
INTO_IT = 0.05
"""Seconds from the signal that hangs the screen to the key: the signal has come, the hang has not ended."""


def _nothing() -> None:
    pass


@contextlib.contextmanager
def idle(_: Program) -> Iterator[Callable[[], None]]:
    """The cockpit as it is."""
    yield _nothing


@contextlib.contextmanager
def widgets(program: Program) -> Iterator[Callable[[], None]]:
    """60 widgets that change ten times a second."""
    os.kill(program.screen, signal.SIGUSR1)
    time.sleep(1.0)
    yield _nothing


@contextlib.contextmanager
def resized(program: Program) -> Iterator[Callable[[], None]]:
    """Its window changes size fifty times a second. Between samples as well."""
    over = threading.Event()

    def resize() -> None:
        count = 0
        while not over.wait(RESIZE_EVERY):
            count += 1
            program.terminal.resize(*SIZES[count % len(SIZES)])

    thread = threading.Thread(target=resize)
    thread.start()
    try:
        yield _nothing
    finally:
        over.set()
        thread.join()


def _hit_by(number: int) -> Burden:
    @contextlib.contextmanager
    def scene(program: Program) -> Iterator[Callable[[], None]]:
        screen = program.screen

        def hit() -> None:
            os.kill(screen, number)
            time.sleep(INTO_IT)

        yield hit

    return scene


SCENES: dict[str, Burden] = {
    "idle": idle,
    "resized": resized,
    "hung": _hit_by(signal.SIGUSR2),
    "GIL held": _hit_by(signal.SIGRTMIN),
    "60 widgets": widgets,  # the last: they stay
}
OVER = 0.5
"""Seconds after which a hang has ended, if the scene hangs."""
HANGS = frozenset({"hung", "GIL held"})
