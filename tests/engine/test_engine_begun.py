"""A coroutine begun at once for a task that goes on with it later: as if the task had awaited it from the start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress

import pytest

from runback.engine.eager_call import EagerCall, may_begin
from tests.support.engine.bench import WatchedLoop


def begin_in_a_callback(
    make: Callable[[list[str]], Coroutine[object, None, None]],
    meanwhile: Callable[[asyncio.Task[None]], Awaitable[None]] | None = None,
) -> list[str]:
    """Begin what `make` gives in a callback of the loop, let a task await it; what happened, in order."""
    said: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        made: asyncio.Future[EagerCall] = loop.create_future()

        async def goes_on() -> None:
            begun = await made
            said.append("goes on")
            try:
                await begun
            except (LookupError, TimeoutError) as error:
                said.append(type(error).__name__)

        task = loop.create_task(goes_on())

        def callback() -> None:
            assert may_begin()
            made.set_result(EagerCall(make(said), task))
            said.append("begun")

        loop.call_later(1.0, callback)
        assert not may_begin()
        if meanwhile is not None:
            await meanwhile(task)
        with suppress(asyncio.CancelledError):
            await task
        said.append(f"over at {loop.time():g}")

    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        runner.run(main())
    return said


def test_it_runs_to_where_it_first_waits_before_anybody_awaits_it() -> None:
    async def work(said: list[str]) -> None:
        said.append("first")
        await asyncio.sleep(2.0)
        said.append("second")
        await asyncio.sleep(3.0)
        said.append("third")

    assert begin_in_a_callback(work) == ["first", "begun", "goes on", "second", "third", "over at 6"]


def test_what_never_waits_is_over_at_once() -> None:
    async def work(said: list[str]) -> None:
        said.append("all")

    assert begin_in_a_callback(work) == ["all", "begun", "goes on", "over at 1"]


def test_its_errors_are_raised_where_it_is_awaited() -> None:
    async def fails_at_once(_: list[str]) -> None:
        raise LookupError

    async def fails_later(said: list[str]) -> None:
        await asyncio.sleep(0)
        said.append("waited")
        raise LookupError

    assert begin_in_a_callback(fails_at_once) == ["begun", "goes on", "LookupError", "over at 1"]
    assert begin_in_a_callback(fails_later) == ["begun", "goes on", "waited", "LookupError", "over at 1"]


def test_who_awaits_it_can_be_cancelled_and_it_hears_of_that() -> None:
    async def work(said: list[str]) -> None:
        try:
            await asyncio.sleep(9.0)
        except asyncio.CancelledError:
            said.append("cancelled")
            await asyncio.sleep(1.0)
            said.append("cleaned up")
            raise

    async def cancel(task: asyncio.Task[None]) -> None:
        await asyncio.sleep(2.0)
        task.cancel()

    said = begin_in_a_callback(work, cancel)
    assert said == ["begun", "goes on", "cancelled", "cleaned up", "over at 3"]


def test_a_deadline_that_it_sets_itself_is_the_tasks() -> None:
    async def work(said: list[str]) -> None:
        async with asyncio.timeout(0.5):
            said.append("in time")
            await asyncio.sleep(9.0)

    assert begin_in_a_callback(work) == ["in time", "begun", "goes on", "TimeoutError", "over at 1.5"]


def test_what_nobody_will_await_is_let_go_of_where_it_waits() -> None:
    left: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(9.0)
        finally:
            left.append("left")

    async def main() -> None:
        task = asyncio.get_running_loop().create_task(asyncio.sleep(0.1))
        begun: list[EagerCall] = []
        asyncio.get_running_loop().call_soon(lambda: begun.append(EagerCall(work(), task)))
        await task
        begun[0].close()

    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        runner.run(main())
    assert left == ["left"]


@pytest.mark.parametrize("own", [True, False])
def test_the_loop_takes_it_for_a_part_of_the_task_and_of_no_other(own: bool) -> None:
    seen: list[asyncio.Task[None] | None] = []

    async def work(said: list[str]) -> None:
        seen.append(asyncio.current_task())
        if not own:
            await asyncio.sleep(0)
            seen[0] = asyncio.current_task()
        said.append("seen")

    tasks: list[asyncio.Task[None]] = []

    async def note(task: asyncio.Task[None]) -> None:
        tasks.append(task)

    assert "seen" in begin_in_a_callback(work, note)
    assert seen == tasks
