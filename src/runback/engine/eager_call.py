"""A coroutine that is begun at once, though the task that awaits it has its turn only later.

Rules:
- It runs up to where it first waits, in the very call that makes it: what it hands on by then has been handed on.
- All the while the loop takes it for a part of that task: a deadline that it sets for itself is set on the task.
- The task goes on from there by awaiting it, once: results, errors and cancellation are as if it had been awaited from
  the beginning.

From Python 3.12 on a new task can be made so (`eager_start`); this does the same for one that exists, on 3.11 as well.
`_enter_task` and `_leave_task` are asyncio's documented hooks for whoever runs a task's steps ("Extending").
"""

from __future__ import annotations

from asyncio import Task, current_task
from asyncio.tasks import _enter_task, _leave_task
from collections.abc import Callable, Coroutine, Generator
from functools import partial


class EagerCall:
    """`coroutine`, begun for `task`, which awaits this next. To be made while no task runs (`may_begin`)."""

    def __init__(self, coroutine: Coroutine[object, None, None], task: Task[None]) -> None:
        self._coroutine = coroutine
        self._waits_for: object = None
        self._over = False
        self._error: Exception | None = None
        loop = task.get_loop()
        _enter_task(loop, task)
        try:
            self._step(partial(coroutine.send, None))
        except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
            self._error, self._over = error, True
        finally:
            _leave_task(loop, task)

    def __await__(self) -> Generator[object, None, None]:
        # It failed before it had to wait: that belongs to who awaits it, as if it had been begun there.
        if self._error is not None:
            raise self._error
        while not self._over:
            try:
                yield self._waits_for
            except BaseException as thrown:  # noqa: BLE001 - a cancellation above all: the coroutine's to answer
                self._step(partial(self._coroutine.throw, thrown))
            else:
                self._step(partial(self._coroutine.send, None))

    def close(self) -> None:
        """Nobody will await it: let go of it where it waits."""
        self._coroutine.close()

    def _step(self, go_on: Callable[[], object]) -> None:
        try:
            self._waits_for = go_on()
        except StopIteration:
            self._over = True


def may_begin() -> bool:
    """Whether no task runs just now: a callback of the loop does, as for a key, a signal or a second screen."""
    return current_task() is None
