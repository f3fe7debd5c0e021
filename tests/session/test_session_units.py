"""What the session says has speeds in the person's unit; what it does has none."""

from __future__ import annotations

import pytest

from runback.machine.events import Axis, Refused
from runback.session.model import Intent, ManualMode
from runback.units import Unit
from tests.support.session.stage import Stage

UNITS = pytest.mark.parametrize(
    ("unit", "limit", "slowest", "console", "set_it", "refused"),
    [
        (Unit.KMH, "4.7 km/h", "0.8 km/h", "6.2 km/h", "4.5 km/h", "12.5 km/h"),
        (Unit.MPH, "2.9 mph", "0.5 mph", "3.9 mph", "2.8 mph", "7.8 mph"),
        (Unit.MIN_PER_KM, "12:46/km", "75:00/km", "9:41/km", "13:20/km", "4:48/km"),
    ],
)


@UNITS
def test_its_notices_are_in_the_persons_unit_and_a_limit_is_never_shown_looser(
    unit: Unit, limit: str, slowest: str, console: str, set_it: str, refused: str
) -> None:
    stage = Stage(unit=unit)
    stage.session.set_range(80, 470)
    stage.started().ask(Intent.FASTER).wait(3.0).ask(Intent.FASTER)
    assert stage.session.notice == f"{limit} is the limit"
    stage.ask(*[Intent.SLOWER] * 20)
    assert stage.session.notice == f"{slowest} is the slowest"
    stage.console(620)
    assert stage.session.notice == f"the console set {console}: kept until the next step"
    stage.hear(Refused(Axis.SPEED, 1250, "the treadmill refused it"))
    assert stage.session.notice == f"speed {refused}: the treadmill refused it"
    by_hand = Stage(unit=unit)
    by_hand.session.by_hand = ManualMode.EVERYTHING
    by_hand.started()
    assert by_hand.session.notice == f"set {set_it} on the treadmill"
    by_hand.measure(450)
    assert by_hand.session.notice is None


@pytest.mark.parametrize("unit", Unit)
def test_plus_and_minus_are_half_a_kilometre_an_hour_in_every_unit(unit: Unit) -> None:
    stage = Stage(unit=unit).started().ask(Intent.FASTER).wait(3.0)
    assert stage.speed == 500
    assert stage.ask(Intent.SLOWER).speed == 450


@pytest.mark.parametrize("unit", Unit)
def test_the_unit_changes_no_target_no_order_and_no_cue(unit: Unit) -> None:
    def whole(one: Stage) -> tuple[object, ...]:
        one.started().wait(400.0)
        return one.targets, one.orders, one.cues

    assert whole(Stage(unit=unit)) == whole(Stage())
