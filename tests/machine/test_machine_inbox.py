"""What the core makes of what arrives, at the edges: records without a speed, repeated targets, a belt left behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runback.ftms.assigned_numbers import RSC_MEASUREMENT
from runback.machine.client import Capabilities
from runback.machine.events import Measured, Refused, Signal
from runback.machine.procedure import StartIntent
from runback.machine.quirks import AckEvidence, MachineQuirks, ReportedUnit
from runback.machine.speed_unit import DetectionStage
from runback.safety.watchdog import OBEY_WITHIN
from runback.source import Source
from tests.support.machine.driver import COMMON, DATA, UNKNOWN, Bench

MILES = MachineQuirks(write_unit=ReportedUnit.MPH, read_unit=ReportedUnit.MPH)
NO_SPEED = "0000"
"""Flags that promise a speed, and nothing behind them (quirk 36)."""


def records(bench: Bench) -> list[Measured]:
    return [event for event in bench.events + bench.machine.take_events() if isinstance(event, Measured)]


# -- records ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quirks", [MachineQuirks(), MILES, MachineQuirks(blind=True)])
def test_quirk_36_a_record_without_a_speed_says_nothing_of_the_belt(quirks: MachineQuirks) -> None:
    bench = Bench(replace(COMMON, quirks=quirks)).connect().belt(300)
    before = bench.measured()
    bench.hears(DATA, NO_SPEED)
    assert bench.measured() == before
    assert records(bench)[-1].speed is None


@pytest.mark.parametrize("quirks", [MachineQuirks(), MILES])
def test_a_status_that_names_no_target_changes_none(quirks: MachineQuirks) -> None:
    bench = Bench(replace(COMMON, quirks=quirks)).starting()
    bench.now += 2.0
    bench.belt(249)
    bench.machine.want_speed(400, Source.PLAN)
    bench.pump()
    bench.answers("800201").said()
    wanted = bench.machine.speed.wanted
    bench.says("05").says("050000")
    bench.wait(3.0, belt=249)
    assert bench.machine.speed.wanted == wanted
    assert bench.signals() == []


def test_quirk_39_what_treadmill_data_told_stays_with_the_speed_that_comes_beside_it() -> None:
    """2ACD with a distance of 21 m; 2A53: 2.8 m/s."""
    bench = Bench(replace(COMMON, quirks=MachineQuirks(speed_from_rsc=True))).connect()
    bench.hears(DATA, "0400" + "2c01" + "150000").hears(RSC_MEASUREMENT, "00cd0200")
    assert [(record.speed, record.distance) for record in records(bench)] == [(None, 21), (1008, 21)]


# -- units ------------------------------------------------------------------------------------------------------------


def walking() -> Bench:
    """Found to run as told, and set to 4 km/h; its own distance is not known yet."""
    bench = Bench(replace(COMMON, quirks=UNKNOWN)).told_to_walk()
    bench.goes(4, 80)
    bench.pump()
    assert bench.machine.walks_only == 400
    return bench


def test_quirk_22_the_time_at_rest_is_no_walk() -> None:
    """At 4 km/h a minute's rest would be 66 m that the machine's own distance does not have."""
    bench = walking()
    bench.goes(8, 400)
    bench.belt(0).pump()
    bench.wait(60.0, belt=0)
    bench.gate.arm()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["07"]
    bench.answers("800701").belt(80)
    bench.machine.want_speed(400, Source.PLAN)
    bench.goes(12, 400, begin=9)
    assert bench.machine.walks_only == 400
    assert bench.machine.trip is None
    bench.goes(20, 400, begin=22)
    assert bench.machine.walks_only is None


def test_quirk_22_records_of_a_belt_at_rest_are_no_machine_that_tells_no_distance() -> None:
    bench = walking()
    bench.wait(20.0, belt=0)
    assert bench.machine.walks_only == 400


def test_quirk_22_a_belt_that_is_being_stopped_is_compared_with_nothing() -> None:
    bench = Bench(replace(COMMON, quirks=UNKNOWN)).starting().belt(80)
    bench.machine.want_speed(400, Source.PLAN)
    assert bench.pump() == ["025000"]  # and no answer to it yet
    for _ in range(3):
        bench.now += 1.0
        bench.belt(80)
    assert bench.machine.units.stage is DetectionStage.WALKING
    bench.machine.stop()
    bench.wait(12.0, belt=70)  # the fifth without a distance would be a machine that tells none
    assert bench.machine.walks_only == 400


def test_quirk_22_a_target_found_to_be_in_miles_comes_back_within_two_roundings() -> None:
    bench = Bench(Capabilities(speed=None, incline=None, quirks=UNKNOWN)).starting().belt(100)
    bench.machine.want_speed(400, Source.PLAN)
    assert bench.pump() == ["026400"]
    bench.answers("800201")
    while bench.pump() != ["023e00"]:  # 0.62 mph
        bench.now += 1.0
        bench.belt(161)
    bench.answers("800201")
    while bench.pump() != ["02f900"]:  # 2.49 mph, as soon as it is seen to run as told
        bench.now += 1.0
        bench.belt(100)
    bench.answers("800201").said()
    bench.says("05f900")  # 4.01 km/h
    bench.wait(1.5, belt=400)
    assert bench.said() == []
    assert bench.machine.speed.source is Source.PLAN


# -- a belt that is behind --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("speed", "follows"), [(399, False), (400, True), (500, True)])
def test_quirk_5_a_belt_follows_within_one_kilometre_an_hour(speed: int, *, follows: bool) -> None:
    bench = Bench().moving(300)
    bench.machine.want_speed(500, Source.PLAN)
    bench.pump()
    bench.answers("800201")
    bench.wait(OBEY_WITHIN + 5.0, belt=speed)
    assert (Signal.NOT_FOLLOWING in bench.signals()) is not follows


def test_quirk_5_a_belt_that_does_not_follow_is_told_of_at_the_thirtieth_second() -> None:
    bench = Bench().moving(500)
    bench.belt(500)
    since = bench.now
    bench.machine.want_speed(800, Source.PLAN)
    bench.pump()
    bench.answers("800201").now = since + OBEY_WITHIN - 0.25
    bench.belt(500)
    assert Signal.NOT_FOLLOWING not in bench.signals()
    bench.now = since + OBEY_WITHIN
    bench.belt(500)
    assert Signal.NOT_FOLLOWING in bench.signals()


# -- status -----------------------------------------------------------------------------------------------------------


def test_a_stop_at_the_console_is_one_whatever_start_is_waiting() -> None:
    bench = Bench().in_control().belt(300)
    bench.machine.start(StartIntent(bench.now + 5.0))
    bench.said()
    bench.says("0201")
    assert bench.signals() == [Signal.CONSOLE_STOPPED]
    assert bench.wait(4.0, belt=0) == []


@pytest.mark.parametrize(("proof", "refused"), [(AckEvidence.ANY, 0), (AckEvidence.BELT, 1)])
def test_a_status_that_repeats_the_target_is_a_yes_as_an_answer_is(proof: AckEvidence, refused: int) -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(proof=proof))).raised_in_steps(lambda step: "05" + step[2:])
    assert [type(event) for event in bench.said()] == [Refused] * refused
