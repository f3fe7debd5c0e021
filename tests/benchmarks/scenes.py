"""What a screen may be up to while somebody wants the belt to stop."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.samples import Program, nothing

Burden = Callable[[Program], AbstractContextManager[Callable[[], None]]]
"""Entered for a whole scene; what it gives is called right before each sample."""
SIZES = ((24, 80), (40, 120), (50, 160), (30, 100))
RESIZE_EVERY = 0.02
INTO_IT = 0.05
"""Seconds from the signal that hangs the screen to the key: the signal has come, the hang has not ended."""


@contextlib.contextmanager
def idle(_: Program) -> Iterator[Callable[[], None]]:
    """The cockpit as it is."""
    yield nothing


@contextlib.contextmanager
def widgets(program: Program) -> Iterator[Callable[[], None]]:
    """60 widgets that change ten times a second."""
    os.kill(program.screen, signal.SIGRTMIN)
    time.sleep(1.0)
    yield nothing


@contextlib.contextmanager
def resize_storm(terminal: PseudoTerminal) -> Iterator[None]:
    """The window changes size fifty times a second."""
    over = threading.Event()

    def resize() -> None:
        count = 0
        while not over.wait(RESIZE_EVERY):
            count += 1
            terminal.resize(*SIZES[count % len(SIZES)])

    thread = threading.Thread(target=resize)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def resized(program: Program) -> Iterator[Callable[[], None]]:
    """A resize storm, between samples as well."""
    with resize_storm(program.terminal):
        yield nothing


@contextlib.contextmanager
def heavy(program: Program) -> Iterator[Callable[[], None]]:
    """Both: the 60 widgets, which the scene before has left there, laid out again for every size."""
    with resized(program) as burden:
        yield burden


def _hit_by(number: int) -> Burden:
    @contextlib.contextmanager
    def scene(program: Program) -> Iterator[Callable[[], None]]:
        screen = program.screen

        def hit() -> None:
            os.kill(screen, number)
            time.sleep(INTO_IT)

        yield hit

    return scene


HEAVY = "60 widgets, resized"
SCENES: dict[str, Burden] = {
    "idle": idle,
    "resized": resized,
    "hung": _hit_by(signal.SIGUSR1),
    "GIL held": _hit_by(signal.SIGUSR2),
    "60 widgets": widgets,  # they stay
    HEAVY: heavy,
}
OVER = 0.5
"""Seconds after which a hang has ended, if the scene hangs."""
HANGS = frozenset({"hung", "GIL held"})
