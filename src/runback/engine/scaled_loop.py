"""Event loops whose time is not the wall's: for the simulator, where half an hour may pass in a second.

Rules:
- Only time is different. Callbacks, signals and file descriptors behave as on any asyncio loop.
- With an infinite `speedup` time stands still while anything can be done and then jumps to the next timer: the same
  inputs give the same order and the same times, always.
- A treadmill that is not simulated is never driven by such a loop (the command line refuses it).
"""

from __future__ import annotations

import asyncio
import math
import selectors
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike


class _ScaledSelector(selectors.BaseSelector):
    """A selector that waits a fraction of the time it is told to, or none at all."""

    def __init__(self, speedup: float) -> None:
        self._real = selectors.DefaultSelector()
        self._speedup = speedup
        self._jumped = 0.0
        self._began = time.monotonic()

    def now(self) -> float:
        """Seconds on the scaled clock, from 0."""
        if math.isinf(self._speedup):
            return self._jumped
        return (time.monotonic() - self._began) * self._speedup

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for file descriptors; a virtual `timeout` is jumped over."""
        if timeout is None or timeout <= 0:
            return self._real.select(timeout)
        if not math.isinf(self._speedup):
            return self._real.select(timeout / self._speedup)
        ready = self._real.select(0)
        if not ready:
            self._jumped += timeout
        return ready

    def register(self, fileobj: FileDescriptorLike, events: int, data: object = None) -> selectors.SelectorKey:
        """As the real one."""
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: FileDescriptorLike) -> selectors.SelectorKey:
        """As the real one."""
        return self._real.unregister(fileobj)

    def modify(self, fileobj: FileDescriptorLike, events: int, data: object = None) -> selectors.SelectorKey:
        """As the real one."""
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[FileDescriptorLike, selectors.SelectorKey]:
        """As the real one."""
        return self._real.get_map()

    def close(self) -> None:
        """As the real one."""
        self._real.close()


class ScaledLoop(asyncio.SelectorEventLoop):
    """An event loop on which time passes `speedup` times as fast; `math.inf` for as fast as the work allows."""

    def __init__(self, speedup: float = math.inf) -> None:
        selector = _ScaledSelector(speedup)
        self._scaled = selector
        super().__init__(selector)

    def time(self) -> float:
        """Seconds on the scaled clock."""
        return self._scaled.now()
