"""The pictures in the README, made by the program itself: `python tests/pictures/pictures_made.py` makes them anew.

They lie in `.readme/`, one SVG each. Textual's screenshots name fonts on somebody's server; those lines are taken out,
so that a picture loads nothing.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from pictures_svg import alone

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".readme"
SIZE = (80, 24)


async def session(name: str, theme: str) -> str:
    """A moment of a session on the cockpit (`tui_scenes.SCENES`)."""
    from tui_scenes import PLAN, SCENES, cockpit

    app, _, _ = cockpit(theme=theme)
    async with app.run_test(size=SIZE) as pilot:
        app.show_plan(PLAN)
        app.show(SCENES[name])
        app.tick()
        await pilot.pause()
        return alone(app.export_screenshot(title="runback run"))


async def today() -> str:
    """Today, before a check-in."""
    from planner_bench import at_the_gate, desk

    from runback.tui.planner.app import PlannerApp

    with tempfile.TemporaryDirectory() as folder:
        app = PlannerApp(at_the_gate(desk(Path(folder))))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            return alone(app.export_screenshot(title="runback today"))


PICTURES: dict[str, Callable[[], Awaitable[str]]] = {
    "session.svg": lambda: session("walk, run announced", "dark"),
    "stop.svg": lambda: session("stopping", "light"),
    "today.svg": today,
}
"""File name -> how its picture is made."""


async def make() -> None:
    """Make all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        (FOLDER / name).write_text(await draw(), encoding="utf-8")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "tests" / room) for room in ("tui", "planner")]
    asyncio.run(make())
