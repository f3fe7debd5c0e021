"""What a machine counts speed in (quirks 22, 23): converted at the wire, and found out at walking pace if not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runback.machine.client import Capabilities
from runback.machine.procedure import StartIntent
from runback.machine.quirks import MachineQuirks, ReportedUnit
from runback.machine.speed_unit import DetectionStage, SpeedUnitDetector, UnitMismatch
from runback.machine.stop_latch import LatchState
from runback.machine.targets import SupportedRange
from runback.safety.watchdog import TripReason
from runback.source import Source
from tests.support.machine.driver import COMMON, DATA, UNKNOWN, Bench

MILES = MachineQuirks(write_unit=ReportedUnit.MPH, read_unit=ReportedUnit.MPH)


class Walk(Bench):
    """A bench whose belt counts metres of its own."""

    odometer = 0.0


def driven(quirks: MachineQuirks, able: Capabilities = COMMON) -> Walk:
    """Started, and a speed of 4 km/h wanted."""
    one = Walk(replace(able, quirks=quirks))
    one.starting().belt(80)
    one.machine.want_speed(400, Source.PLAN)
    return one


def run(one: Walk, seconds: int, speed: int, *, metres: float | None = 0.22) -> list[str]:
    """The belt runs at `speed` as reported; its own distance grows by `metres` a second, if it tells one."""
    seen = len(one.log)
    for _ in range(seconds):
        one.now += 1.0
        if metres is None:
            one.belt(speed)
        else:
            one.odometer += metres
            distance = int(one.odometer).to_bytes(3, "little").hex()
            one.hears(DATA, "0400" + speed.to_bytes(2, "little").hex() + distance)
        if one.pump():
            one.answers("800201")
    return [octets for _, octets in one.log[seen:]]


def test_a_machine_in_miles_is_written_and_read_in_miles() -> None:
    """4 km/h are 2.49 mph."""
    one = driven(MILES)
    assert one.measured() == 129  # 80 hundredths of a mile
    assert one.pump() == ["02f900"]
    one.answers("800201").belt(249)
    assert one.measured() == 401


def test_what_a_machine_in_miles_repeats_of_our_target_is_no_hand_at_the_console() -> None:
    one = driven(MILES)
    one.pump()
    one.answers("800201").says("05f900").said()
    one.wait(3.0, belt=249)
    assert one.said() == []


def test_a_hand_at_a_console_in_miles_is_held_in_kilometres() -> None:
    one = driven(MILES)
    one.pump()
    one.answers("800201").says("05c800").said()
    one.wait(3.0, belt=200)
    assert one.machine.speed.wanted == 322


def test_where_units_are_not_known_the_first_target_is_the_lowest_speed() -> None:
    assert driven(UNKNOWN).pump() == ["025000"]


def test_without_a_range_it_is_one_kilometre_an_hour() -> None:
    assert driven(UNKNOWN, Capabilities()).pump() == ["026400"]


def test_nothing_higher_is_asked_for_until_the_belt_runs_as_told() -> None:
    one = driven(UNKNOWN)
    one.pump()
    one.answers("800201")
    assert run(one, 2, 80) == []
    assert run(one, 2, 80) == ["027c01", "029001"]  # to walking pace, as fast as the gate lets it
    assert one.machine.walks_only == 400


def test_until_units_are_known_no_more_is_asked_for_than_is_wanted() -> None:
    one = driven(UNKNOWN)
    one.machine.want_speed(300, Source.PLAN)
    one.pump()
    one.answers("800201")
    assert run(one, 12, 80)[-1] == "022c01"
    assert one.machine.walks_only == 400
    assert one.machine.speed.sent == 300


def test_walking_pace_is_never_rounded_up_to_the_machines_grid() -> None:
    one = driven(UNKNOWN, Capabilities(speed=SupportedRange(100, 2000, 80)))
    one.machine.want_speed(1000, Source.PLAN)
    assert one.pump() == ["026400"]
    one.answers("800201")
    run(one, 12, 100)
    assert one.machine.walks_only == 400
    assert one.machine.speed.sent == 340


def test_a_ramp_is_no_comparison() -> None:
    one = driven(UNKNOWN)
    one.pump()
    one.answers("800201")
    for speed in (20, 40, 60, 80):
        assert run(one, 1, speed) == []
    assert one.machine.units.stage is DetectionStage.LOWEST


def test_without_a_distance_of_its_own_a_machine_that_runs_as_told_is_believed() -> None:
    one = driven(UNKNOWN)
    one.pump()
    one.answers("800201")
    run(one, 5, 80, metres=None)
    assert one.machine.walks_only == 400
    run(one, 4, 400, metres=None)
    assert one.machine.walks_only is None


def test_a_machine_that_takes_targets_for_miles_is_found_out_and_told_in_miles() -> None:
    """0.8 sent, 1.29 measured: what went wrong elsewhere at 6 mph (#4000) is found at the lowest speed."""
    one = driven(UNKNOWN)
    assert one.pump() == ["025000"]
    one.answers("800201")
    assert run(one, 5, 129) == ["023200"]  # 0.50 mph
    assert run(one, 4, 80) == ["02ec00", "02f900"]  # 4 km/h are 2.49 mph
    assert one.machine.speed.sent == 400


def test_a_machine_that_reports_miles_is_found_out_and_read_in_miles() -> None:
    one = driven(UNKNOWN)
    one.pump()
    one.answers("800201")
    assert run(one, 5, 50) == []
    assert one.measured() == 80
    assert run(one, 3, 50) == ["027c01", "029001"]


def test_a_unit_that_the_profile_knows_is_not_changed_by_a_measurement() -> None:
    one = driven(MachineQuirks(write_unit=ReportedUnit.KMH, read_unit=ReportedUnit.UNKNOWN))
    one.pump()
    one.answers("800201")
    run(one, 25, 129)
    assert one.machine.trip is TripReason.UNITS
    assert one.latch() is not LatchState.CLEAR


def test_a_belt_that_neither_runs_as_told_nor_in_miles_is_stopped() -> None:
    one = driven(UNKNOWN)
    one.pump()
    one.answers("800201")
    sent = run(one, 20, 105)
    assert sent[-1] == "0801"
    assert one.machine.trip is TripReason.UNITS


def walking(metres: float, seconds: int) -> Walk:
    """Found to run as told, at 4 km/h, with a distance of its own that grows by `metres` a second."""
    one = driven(UNKNOWN)
    one.pump()
    one.answers("800201")
    run(one, 6, 80)
    run(one, seconds, 400, metres=metres)
    return one


def test_a_machine_that_counts_everything_in_miles_betrays_itself_by_its_distance() -> None:
    """4.00 mph told and reported as 4.00 goes 1.79 m a second, where 4 km/h go 1.11."""
    one = walking(1.79, 30)
    assert one.machine.trip is TripReason.UNITS
    assert one.log[-1][1] == "0801"


def test_a_distance_that_fits_proves_the_units() -> None:
    one = walking(1.11, 10)
    assert one.machine.walks_only == 400
    one = walking(1.11, 20)
    assert one.machine.walks_only is None


def test_a_distance_in_steps_of_a_hundredth_of_a_mile_is_compared_from_step_to_step() -> None:
    """Quirk 37: 16 m each."""
    one = driven(UNKNOWN)
    one.pump()
    one.answers("800201")
    run(one, 6, 80)
    for second in range(1, 60):
        one.now += 1.0
        steps = int(5 + second * 1.11 / 16.09)
        one.hears(DATA, "04009001" + round(steps * 16.09).to_bytes(3, "little").hex())
        one.pump()
    assert one.machine.walks_only is None
    assert one.machine.trip is None


@pytest.mark.parametrize("metres", [0.0, 0.4, 6.0])
def test_a_distance_that_fits_nothing_is_taken_for_none(metres: float) -> None:
    assert walking(metres, 20).machine.walks_only == 400
    one = walking(metres, 80)
    assert one.machine.walks_only is None
    assert one.machine.trip is None


def test_a_distance_that_starts_again_is_compared_anew() -> None:
    one = walking(1.11, 10)
    one.odometer = 0.0
    run(one, 30, 400, metres=1.11)
    assert one.machine.walks_only is None


def test_one_record_without_a_distance_proves_nothing() -> None:
    one = walking(1.11, 3)
    run(one, 8, 400, metres=None)
    assert one.machine.walks_only == 400


def test_what_has_been_found_out_outlives_a_pause_and_a_lost_link() -> None:
    one = walking(1.11, 20)
    one.machine.pause()
    one.belt(0).lose().connect()
    assert one.machine.walks_only is None


def test_another_rest_before_anything_is_known_begins_the_comparison_anew() -> None:
    one = driven(UNKNOWN)
    one.pump()
    one.answers("800201")
    run(one, 2, 80)
    one.rests().gate.arm()
    one.machine.start(StartIntent(one.now + 5.0))
    one.pump()
    one.answers("800701").belt(80)
    one.machine.want_speed(400, Source.PLAN)
    one.now += 1.0
    assert one.pump() == ["025000"]


# -- the comparison by itself ----------------------------------------------------------------------------------------


def of(write: ReportedUnit, read: ReportedUnit) -> SpeedUnitDetector:
    units = SpeedUnitDetector()
    units.take(MachineQuirks(write_unit=write, read_unit=read))
    return units


def told(
    target: int = 80, write: ReportedUnit = ReportedUnit.UNKNOWN, read: ReportedUnit = ReportedUnit.UNKNOWN
) -> SpeedUnitDetector:
    """`target` has been written at 100 s."""
    units = of(write, read)
    units.told(target, 100.0)
    return units


def stage_of(units: SpeedUnitDetector) -> DetectionStage:
    return units.stage


def heard(units: SpeedUnitDetector, speed: int, *times: float) -> list[UnitMismatch | None]:
    return [units.heard(speed, None, at) for at in times]


def test_before_any_machine_all_is_kilometres() -> None:
    units = SpeedUnitDetector()
    assert (units.to_wire(400), units.target(400), units.measured(400), units.slack) == (400, 400, 400, 0)
    assert (units.stage, units.cap(80), units.walks_only(80)) == (DetectionStage.PROVEN, None, None)


@pytest.mark.parametrize(("write", "slack"), [(ReportedUnit.MPH, 4), (ReportedUnit.KMH, 0), (ReportedUnit.UNKNOWN, 0)])
def test_only_targets_in_miles_are_rounded_on_their_way(write: ReportedUnit, slack: int) -> None:
    assert of(write, ReportedUnit.KMH).slack == slack


def test_without_a_target_nothing_is_compared() -> None:
    units = of(ReportedUnit.UNKNOWN, ReportedUnit.UNKNOWN)
    assert heard(units, 129, 100.0, 105.0, 130.0) == [None, None, None]
    units.told(80, 130.0)
    units.overruled()
    assert heard(units, 129, 131.0, 134.0, 150.0) == [None, None, None]
    assert stage_of(units) is DetectionStage.LOWEST


def test_what_is_measured_counts_from_a_second_after_the_target_and_once_it_is_steady_for_two() -> None:
    units = told()
    heard(units, 80, 100.9, 101.0, 102.9)
    assert stage_of(units) is DetectionStage.LOWEST
    heard(units, 80, 103.0)
    assert stage_of(units) is DetectionStage.WALKING


@pytest.mark.parametrize(
    ("first", "stage"), [(70, DetectionStage.WALKING), (90, DetectionStage.WALKING), (69, DetectionStage.LOWEST)]
)
def test_a_tenth_of_a_kilometre_an_hour_is_steady_and_more_is_not(first: int, stage: DetectionStage) -> None:
    units = told()
    heard(units, first, 101.0)
    heard(units, 80, 103.0)
    assert stage_of(units) is stage


@pytest.mark.parametrize(("speed", "agrees"), [(86, False), (87, True), (115, True), (116, False)])
def test_what_is_between_87_and_115_percent_of_the_target_agrees_with_it(speed: int, agrees: bool) -> None:
    units = told(100)
    heard(units, speed, 101.0, 103.0)
    assert (stage_of(units) is DetectionStage.WALKING) is agrees


@pytest.mark.parametrize(
    ("write", "read", "speed"),
    [(ReportedUnit.KMH, ReportedUnit.UNKNOWN, 129), (ReportedUnit.UNKNOWN, ReportedUnit.KMH, 50)],
    ids=["write", "read"],
)
def test_a_unit_that_is_known_is_never_doubted_and_after_fifteen_seconds_something_is_wrong(
    write: ReportedUnit, read: ReportedUnit, speed: int
) -> None:
    units = told(80, write, read)
    assert heard(units, speed, 101.0, 103.0, 114.9, 115.0) == [None, None, None, UnitMismatch.WRONG]
    assert (units.write, units.read) == (ReportedUnit.KMH, ReportedUnit.KMH)


def test_targets_are_found_to_be_in_miles_once_and_waited_for_to_be_told_again() -> None:
    units = told()
    assert heard(units, 129, 101.0, 103.0, 130.0) == [None, UnitMismatch.RETELL, None]
    units.told(80, 130.0)
    assert heard(units, 129, 131.0, 133.0, 144.9, 145.0) == [None, None, None, UnitMismatch.WRONG]
    assert (units.write, units.read) == (ReportedUnit.MPH, ReportedUnit.KMH)


def test_reports_are_found_to_be_in_miles_once_and_the_comparison_begins_anew() -> None:
    units = told()
    assert heard(units, 50, 101.0, 103.0) == [None, None]
    assert (units.write, units.read) == (ReportedUnit.KMH, ReportedUnit.MPH)
    assert heard(units, 50, 104.0, 106.0, 117.9, 118.0) == [None, None, None, UnitMismatch.WRONG]


def agreed() -> SpeedUnitDetector:
    """Targets and reports agree; only a distance is missing."""
    units = told(100)
    heard(units, 100, 101.0, 103.0)
    assert stage_of(units) is DetectionStage.WALKING
    return units


def go(units: SpeedUnitDetector, *metres: int | None, since: int = 200) -> list[UnitMismatch | None]:
    """A metre a second, 3.6 km/h, while the machine's own distance is told as `metres`."""
    return [units.heard(360, each, float(since + second)) for second, each in enumerate(metres)]


def test_five_records_without_a_distance_and_none_with_one_are_a_machine_that_tells_none() -> None:
    units = agreed()
    go(units, *[None] * 4)
    assert stage_of(units) is DetectionStage.WALKING
    go(units, None)
    assert stage_of(units) is DetectionStage.PROVEN


def test_a_distance_is_compared_over_fifteen_metres_from_its_first_step_on() -> None:
    units = agreed()
    go(units, *range(7, 7 + 16))
    assert stage_of(units) is DetectionStage.WALKING
    go(units, 7 + 16, since=216)
    assert stage_of(units) is DetectionStage.PROVEN


def test_fifteen_metres_are_counted_to_the_centimetre() -> None:
    units = agreed()
    for metres, at in ((7, 200.0), (8, 201.0), (23, 215.98)):
        units.heard(360, metres, at)
    assert stage_of(units) is DetectionStage.WALKING
    units.heard(360, 24, 217.0)
    assert stage_of(units) is DetectionStage.PROVEN


def test_a_distance_in_miles_is_wrong_after_fifteen_metres() -> None:
    assert go(agreed(), *(round(second * 1.609) for second in range(17))) == [None] * 16 + [UnitMismatch.WRONG]


def test_what_is_known_is_not_doubted_for_a_distance() -> None:
    assert go(SpeedUnitDetector(), *(round(second * 1.609) for second in range(90))) == [None] * 90


@pytest.mark.parametrize(
    ("metres", "after"), [([5] * 61, 60), ([second // 2 for second in range(63)], 62)], ids=["none", "half"]
)
def test_a_distance_that_fits_nothing_is_given_up_after_sixty_metres(metres: list[int], after: int) -> None:
    units = agreed()
    assert set(go(units, *metres[:-1])) == {None}
    assert stage_of(units) is DetectionStage.WALKING
    assert go(units, metres[-1], since=200 + after) == [None]
    assert stage_of(units) is DetectionStage.PROVEN


def test_a_distance_that_begins_again_is_compared_from_there() -> None:
    units = agreed()
    go(units, *range(100, 110), *range(15))
    assert stage_of(units) is DetectionStage.WALKING
    go(units, 15, since=225)
    assert stage_of(units) is DetectionStage.PROVEN


def test_a_rest_forgets_what_was_walked_and_told() -> None:
    units = agreed()
    go(units, *range(16))
    units.rested()
    go(units, *range(16, 32), since=216)
    assert stage_of(units) is DetectionStage.WALKING
    go(units, 32, since=232)
    assert stage_of(units) is DetectionStage.PROVEN
    units = agreed()
    go(units, *[None] * 4)
    units.rested()
    go(units, *[None] * 4)
    assert stage_of(units) is DetectionStage.WALKING
    units = agreed()
    go(units, *[5] * 60)
    units.rested()
    go(units, 6, 6, since=260)
    assert stage_of(units) is DetectionStage.WALKING
    units = agreed()
    go(units, 5)
    units.rested()
    go(units, *[None] * 5)
    assert stage_of(units) is DetectionStage.PROVEN
