"""The pictures in the README, made by the program itself: `python -m tests.support.pictures` makes them again.

They lie in `.readme/`, one SVG each. Textual's screenshots name fonts on somebody's server; those lines are taken out,
so that a picture loads nothing.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.support.picture_svg import alone

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".readme"
SIZE = (80, 24)


async def session(name: str, theme: str) -> str:
    """A moment of a session on the cockpit (`tests.support.tui.scenes.SCENES`)."""
    from tests.support.tui.scenes import PLAN, SCENES, cockpit

    app, _, _ = cockpit(theme=theme)
    async with app.run_test(size=SIZE) as pilot:
        app.show_plan(PLAN)
        app.show(SCENES[name])
        app.tick()
        await pilot.pause()
        return alone(app.export_screenshot(title="runback run"))


async def today() -> str:
    """Today, before a check-in."""
    from tests.support.planner import at_the_gate, desk
    from tests.support.tui.home import today_app

    with tempfile.TemporaryDirectory() as folder:
        app = today_app(at_the_gate(desk(Path(folder))))
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
    asyncio.run(make())
