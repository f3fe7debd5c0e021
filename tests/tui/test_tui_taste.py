"""The screen in a person's own units and with their own keys."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from runback.ipc.messages import StopState
from runback.key_bindings import keymap
from runback.preferences import Preferences
from runback.session.model import Intent, Phase
from runback.tui.cockpit import instructions, texts
from runback.units import Unit
from tests.support.tui.reading import screen_text
from tests.support.tui.scenes import PLAN, SCENES, cockpit, moment, still, stopped

SHOWN = ("ready", "run", "walk, run announced", "link lost", "completed", "stopping", "stopped", "alarm")
FOREIGN = {
    Unit.MPH: r"km|/mi\b|min/",
    Unit.MIN_PER_KM: r"km/h|mph|\bmi\b",
    Unit.MIN_PER_MILE: r"km|mph",
}


@pytest.mark.full
@pytest.mark.parametrize("unit", [Unit.MPH, Unit.MIN_PER_KM], ids=["mph", "pace"])
async def test_the_main_states_at_80_by_24(unit: Unit, snapshot: SnapshotAssertion) -> None:
    app, _, _ = cockpit(taste=Preferences(unit=unit))
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_plan(PLAN)
        for scene in SHOWN:
            app.show(SCENES[scene])
            app.tick()
            await pilot.pause()
            assert screen_text(app) == snapshot(name=scene)


@pytest.mark.full
@pytest.mark.parametrize("unit", FOREIGN)
async def test_no_state_mixes_units(unit: Unit) -> None:
    app, _, _ = cockpit(taste=Preferences(unit=unit))
    async with app.run_test(size=(120, 40)) as pilot:
        app.show_plan(PLAN)
        for name, scene in SCENES.items():
            app.show(scene.model_copy(update={"notice": None}))  # notices are the session's words
            app.tick()
            await pilot.pause()
            assert not re.search(FOREIGN[unit], screen_text(app)), name


@pytest.mark.parametrize(
    ("unit", "belt"), [(Unit.KMH, "3.2 km/h"), (Unit.MPH, "2.0 mph"), (Unit.MIN_PER_KM, "18:45/km")]
)
def test_the_stop_and_the_alarm_say_what_the_belt_is_measured_at_in_the_persons_unit(unit: Unit, belt: str) -> None:
    assert (
        instructions.stop_page(stopped(StopState.STOPPING, 3.2), unlocked=False, unit=unit).belt == f"stopping … {belt}"
    )
    assert belt in instructions.stop_page(stopped(StopState.ALARM, 3.2), unlocked=False, unit=unit).belt


@pytest.mark.parametrize("unit", Unit)
def test_an_alarm_never_says_that_a_belt_that_creeps_is_at_rest(unit: Unit) -> None:
    page = instructions.stop_page(stopped(StopState.ALARM, 0.02), unlocked=False, unit=unit)
    assert "rest" not in page.belt
    assert " 0.0 " not in page.belt
    assert texts.speed(0.02, unit) != texts.speed(0.0, unit)


@pytest.mark.parametrize(
    ("unit", "unseen", "apart", "length"),
    [
        (Unit.KMH, "-.-", "▼ -0.2", "1.23"),
        (Unit.MPH, "-.-", "▼ -0.2", "0.77"),
        (Unit.MIN_PER_KM, "-:--", "▼ 0:13", "1.23"),
        (Unit.MIN_PER_MILE, "-:--", "▼ 0:22", "0.77"),
    ],
)
def test_the_figures_of_a_moment(unit: Unit, unseen: str, apart: str, length: str) -> None:
    now = moment()
    assert texts.speed(None, unit) == unseen
    assert texts.difference(now, unit) == apart
    assert texts.distance(now, unit) == length


@pytest.mark.parametrize("unit", [Unit.MIN_PER_KM, Unit.MIN_PER_MILE])
def test_a_belt_at_rest_is_not_compared_with_a_pace(unit: Unit) -> None:
    assert texts.difference(still(Phase.RUNNING).model_copy(update={"target_kmh": 7.5}), unit) == "▼ at rest"


@given(st.integers(1, 2000), st.integers(1, 2000), st.sampled_from(Unit))
def test_a_belt_off_its_target_is_never_said_to_be_off_by_nothing(belt: int, target: int, unit: Unit) -> None:
    said = texts.difference(moment(measured_kmh=belt / 100, target_kmh=target / 100), unit)
    assert (said == "= target") == (abs(belt - target) <= 15)
    assert said.endswith(("target", "99:59")) or not re.search(r"[^\d]0[.:]00?$", said) or min(belt, target) < 62


@pytest.mark.full
async def test_the_persons_keys_stand_in_the_line_in_the_help_and_in_the_palette(snapshot: SnapshotAssertion) -> None:
    keys = keymap({"pause": ("g",), "help": ("h",), "theme": ("y",), "faster": ("up", "plus")})
    app, outbox, _ = cockpit(taste=Preferences(keymap=keys))
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_plan(PLAN)
        app.show(SCENES["run"])
        app.tick()
        await pilot.press("g", "y")
        assert outbox.asks == [Intent.PAUSE]
        assert app.theme == "runback-light"
        assert screen_text(app) == snapshot(name="line")
        assert "Key g" in {command.help for command in app.get_system_commands(app.screen)}
        await pilot.press("h")
        assert screen_text(app) == snapshot(name="help")
        await pilot.press("p")
        assert outbox.asks == [Intent.PAUSE, Intent.STOP]


@pytest.mark.full
async def test_each_beat_tells_the_theme_that_is_on() -> None:
    app, outbox, _ = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(SCENES["ready"])
        app.tick()
        await pilot.pause()
        app._beat()
        await pilot.press("t")
        app._beat()
        assert outbox.themes[0] == "dark"
        assert outbox.themes[-1] == "light"
