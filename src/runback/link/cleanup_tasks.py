"""Clean-ups that outlive the call that caused them.

Rules:
- Every task is held until it ends: none is collected half-way, none is an orphan.
- A chore's failure interests nobody who does not await it; it is never reported as lost by the event loop.
- Whoever comes next waits for the chores, but not for ever: what is late is cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class CleanupTasks:
    """The unfinished clean-ups of one owner. `bound`: seconds that `finish` waits for them."""

    __slots__ = ("_bound", "_tasks")

    def __init__(self, bound: float) -> None:
        self._bound = bound
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run `work` as a task of its own."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def perform(self, work: Coroutine[None, None, None]) -> None:
        """Await `work` and raise what it raises. If cancelled, `work` is cancelled too and ends in its own time."""
        task = self.start(work)
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.cancel()
            raise
        task.result()

    async def finish(self) -> None:
        """Wait for all chores, within the bound."""
        if self._tasks:
            _, late = await asyncio.wait(tuple(self._tasks), timeout=self._bound)
            for task in late:
                task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()
