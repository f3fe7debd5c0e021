"""The core's own door: what a wish may do, what is called for and when, and what ends with a Stop or a link."""

from __future__ import annotations

from dataclasses import replace

from runback.machine.client import Capabilities
from runback.machine.events import Signal
from runback.machine.procedure import ControlState, StartIntent
from runback.machine.quirks import ControlRequestPolicy, MachineQuirks, ReportedUnit, Unlock, VendorWrite
from runback.machine.stop_latch import LatchState
from runback.machine.targets import SupportedRange
from runback.safety.watchdog import TripReason
from runback.source import Source
from tests.support.machine.driver import COMMON, UNKNOWN, Bench

SERVICE = "0000fff1-0000-1000-8000-00805f9b34fb"
REPLIES = "0000fff2-0000-1000-8000-00805f9b34fb"
ASKED = Unlock(VendorWrite(SERVICE, b"\xe1"), REPLIES, b"\x71\x80")
MILES = MachineQuirks(write_unit=ReportedUnit.MPH, read_unit=ReportedUnit.MPH)


def locked() -> Bench:
    """Control has been asked for of a machine that has to be unlocked first; the unlocking write is under way."""
    bench = Bench(replace(COMMON, quirks=MachineQuirks(unlock=(ASKED,)))).at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    assert bench.offered() == "e1"
    return bench


def control_of(bench: Bench) -> ControlState:
    return bench.machine.control


# -- asking for control -----------------------------------------------------------------------------------------------


def test_quirk_14_a_claim_that_starts_is_refused_at_once_where_the_belt_moves_already() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(claim=ControlRequestPolicy.STARTS))).connect().belt(300)
    bench.gate.arm()
    bench.machine.request_control()
    assert bench.signals()[-1] is Signal.CONTROL_REFUSED
    assert control_of(bench) is ControlState.NONE
    assert bench.wait(3.0, belt=300) == []


def test_quirk_14_asking_again_while_the_claim_that_starts_is_under_way_changes_nothing() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(claim=ControlRequestPolicy.STARTS))).at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["00"]
    bench.belt(80).machine.request_control()
    bench.answers("800001")
    assert control_of(bench) is ControlState.GRANTED
    bench.machine.request_control()
    assert control_of(bench) is ControlState.GRANTED


def test_quirk_7_asking_again_begins_no_new_count_of_claims() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(claim=ControlRequestPolicy.TWICE))).at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    assert bench.pump() == ["00"]
    bench.answers("800001").machine.request_control()
    bench.now += bench.gap
    assert bench.pump() == ["00"]
    bench.answers("800001")
    assert control_of(bench) is ControlState.GRANTED


# -- unlocking --------------------------------------------------------------------------------------------------------


def test_quirk_6_an_unlocking_write_that_is_refused_is_a_no_at_once() -> None:
    bench = locked().refuses(0x0E)
    assert bench.signals()[-1] is Signal.CONTROL_REFUSED


def test_quirk_6_an_answer_is_waited_for_to_the_moment_and_called_for_then() -> None:
    bench = locked()
    bench.machine.written(bench.now)
    until = bench.now + 3.0
    bench.now = until - 0.001
    assert bench.pump() == []
    assert bench.signals()[-1:] != [Signal.CONTROL_REFUSED]
    assert bench.machine.deadline(bench.now) == until
    bench.now = until
    assert bench.pump() == []
    assert bench.signals()[-1] is Signal.CONTROL_REFUSED


def test_quirk_6_what_goes_ahead_of_stop_is_marked_as_stop() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(unlock=(ASKED,)))).at_rest().belt(300)
    bench.machine.stop()
    assert bench.pump() == ["e1", "0801"]
    assert [write.stop for write in bench.writes] == [True, True]


# -- what a machine counts in -----------------------------------------------------------------------------------------


def puzzling() -> Bench:
    """A belt that runs neither as told nor in miles, and has just been found out."""
    bench = Bench(replace(COMMON, quirks=UNKNOWN)).told_to_walk()
    bench.wait(14.0, belt=105)
    assert bench.machine.trip is None
    for _ in range(6):
        bench.now += 1.0
        bench.belt(105)
        if bench.machine.deadline(bench.now) == bench.now:
            break
        bench.pump()
    return bench


def test_quirk_22_a_finding_is_called_for_at_once_and_stops_the_belt() -> None:
    bench = puzzling()
    assert bench.machine.trip is None
    assert bench.pump() == ["0801"]
    assert bench.machine.trip is TripReason.UNITS


def test_quirk_22_a_stop_that_was_let_go_of_is_not_asked_for_by_the_same_finding_again() -> None:
    bench = puzzling()
    assert bench.pump() == ["0801"]
    bench.answers("800801").rests()
    assert bench.pump() == []
    assert bench.machine.reset_stop()
    bench.gate.arm()
    bench.machine.request_control()
    assert bench.wait(1.0, belt=0) == []
    assert bench.latch() is LatchState.CLEAR
    assert bench.machine.trip is None


def test_quirk_22_without_a_grid_a_target_in_miles_comes_back_within_two_roundings() -> None:
    bench = Bench(Capabilities(speed=None, incline=None, quirks=MILES)).starting()
    bench.now += 2.0
    bench.belt(249)
    bench.machine.want_speed(400, Source.PLAN)
    assert bench.pump() == ["02f900"]
    bench.answers("800201").said()
    bench.says("05f900")  # 4.01 km/h
    bench.wait(3.0, belt=249)
    assert bench.said() == []


# -- ranges that are read later ---------------------------------------------------------------------------------------


def test_quirk_35_an_incline_that_is_learned_of_later_can_be_wanted_from_then_on() -> None:
    bench = Bench(replace(COMMON, incline=None)).moving(300)
    bench.machine.want_incline(20, Source.PLAN)
    assert bench.pump() == []
    bench.machine.learned(replace(COMMON, incline=SupportedRange(0, 120, 5)))
    bench.machine.want_incline(20, Source.PLAN)
    assert bench.pump() == ["031400"]


# -- what is called for -----------------------------------------------------------------------------------------------


def test_quirk_13_a_keepalive_is_not_called_for_before_the_belt_moves() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(keepalive=1.0))).starting()
    [started] = [at for at, octets in bench.log if octets == "07"]
    bench.machine.want_speed(300, Source.PLAN)
    bench.belt(0).pump()
    due = bench.machine.deadline(bench.now)
    assert due is not None
    assert due > started + 1.0
