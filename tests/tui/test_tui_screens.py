"""Each state as it stands on the screen, kept as plain text: no colours, no escape codes, no Textual internals."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.support.tui.reading import screen_text
from tests.support.tui.scenes import PLAN, SCENES, cockpit


@pytest.mark.full
async def test_each_state_at_80_by_24(snapshot: SnapshotAssertion) -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_plan(PLAN)
        for scene in SCENES:
            app.show(SCENES[scene])
            app.tick()
            await pilot.pause()
            assert screen_text(app) == snapshot(name=scene)


@pytest.mark.full
@pytest.mark.parametrize("size", [(120, 40), (200, 60), (60, 20), (40, 12)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_main_states_in_other_windows(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    app, _, _ = cockpit("light")
    async with app.run_test(size=size) as pilot:
        app.show_plan(PLAN)
        for scene in (
            "ready",
            "run",
            "walk, three before the run",
            "run, not counting yet",
            "run, stepped off",
            "link lost",
            "stopped",
            "alarm",
        ):
            app.show(SCENES[scene])
            app.tick()
            await pilot.pause()
            assert screen_text(app) == snapshot(name=scene)


async def test_the_help(snapshot: SnapshotAssertion) -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_plan(PLAN)
        app.show(SCENES["ready"])
        await pilot.press("f1")
        assert screen_text(app) == snapshot


async def test_before_the_first_snapshot_and_after_the_engine_died(snapshot: SnapshotAssertion) -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert screen_text(app) == snapshot(name="waiting")
        app.show_gone()
        await pilot.pause()
        assert screen_text(app) == snapshot(name="gone")
