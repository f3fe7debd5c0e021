"""What each ending forgets. Source: issue "What trials broke", points 1, 2, 5 and 12."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from runback.machine.belt import BeltPhase
from runback.machine.client import Capabilities
from runback.machine.endings import ENDINGS, Forget, ProcedureEnding
from runback.machine.events import Signal
from runback.machine.procedure import START_WITHIN, ControlState, StartIntent
from runback.machine.quirks import ControlRequestPolicy, MachineQuirks, ReportedUnit, StartAuthority
from runback.machine.stop_latch import Alarm, LatchState
from runback.machine.targets import SupportedRange
from runback.safety.watchdog import TripReason
from runback.source import Source
from tests.support.machine.driver import COMMON, Bench


def wanting() -> Bench:
    """Start is written and answered, and 6 km/h and 2 % are wanted of a belt that does not move."""
    bench = Bench().starting()
    bench.machine.want_speed(600, Source.PLAN)
    bench.machine.want_incline(20, Source.PLAN)
    return bench


def not_started() -> Bench:
    bench = wanting()
    bench.wait(START_WITHIN, belt=0)
    assert bench.latch() is not LatchState.CLEAR
    return bench


# -- a start that failed ----------------------------------------------------------------------------------------------


def test_nothing_of_a_start_that_failed_is_written_to_a_belt_started_at_the_console() -> None:
    """Point 1: 15 s later somebody pressed START on the console, and the belt was taken to 6 km/h."""
    bench = not_started()
    assert bench.machine.trip is TripReason.NOT_STARTED
    bench.answers("800801").wait(15.0, belt=0)
    written = bench.says("04").wait(1.0, belt=80) + bench.wait(20.0, belt=80)
    assert set(written) == {"0801"}  # it may be our start, come late


def test_let_go_of_a_start_that_failed_leaves_a_belt_started_at_the_console_alone() -> None:
    bench = not_started()
    bench.answers("800801").wait(START_WITHIN + 2.0, belt=0)
    assert not bench.machine.start_unseen
    assert bench.machine.reset_stop()
    assert bench.wait(20.0, belt=80) == []


@pytest.mark.parametrize("answer", ["800801", "800804", "800802", None])
def test_a_start_that_failed_is_answered_with_stop(answer: str | None) -> None:
    bench = wanting()
    written = bench.wait(START_WITHIN, belt=0)
    assert written[0] == "0801"
    if answer is not None:
        bench.answers(answer)
    assert set(bench.wait(30.0, belt=0)) <= {"0801"}
    assert bench.latch() is LatchState.AT_REST


def test_a_start_that_comes_late_is_stopped_even_after_the_stop_was_let_go_of() -> None:
    """Point 2: a treadmill that starts 22 s after it was told to, whatever it was told since."""
    bench = not_started()
    bench.answers("800801").wait(2.0, belt=0)
    assert bench.latch() is LatchState.AT_REST
    assert bench.machine.reset_stop()
    assert bench.machine.start_unseen
    bench.now += 1.0
    assert bench.belt(80).pump() == ["0801"]
    assert bench.machine.trip is TripReason.LATE_START


def test_a_start_is_unseen_until_the_belt_moves_or_has_rested_long_enough_after_stop() -> None:
    bench = Bench().starting()
    assert bench.machine.start_unseen
    assert not Bench().moving().machine.start_unseen
    bench.machine.stop()
    bench.pump()
    bench.answers("800801").wait(START_WITHIN, belt=0)
    assert bench.machine.start_unseen  # its zeros count from the first after Stop was taken
    bench.wait(2.0, belt=0)
    assert not bench.machine.start_unseen


def test_a_lost_link_settles_no_start() -> None:
    bench = Bench().starting().lose()
    assert bench.machine.start_unseen
    bench.connect().wait(3.0, belt=0)
    assert bench.machine.start_unseen


def test_zeros_of_two_links_are_not_added_up() -> None:
    bench = Bench().starting()
    bench.machine.stop()
    bench.pump()
    bench.answers("800801").wait(10.0, belt=0)
    bench.lose().connect()
    bench.wait(10.0, belt=0)
    assert bench.machine.start_unseen


# -- the table --------------------------------------------------------------------------------------------------------


def pressed_late(bench: Bench) -> None:
    bench.machine.start(StartIntent(bench.now + 0.5))
    bench.wait(1.0, belt=500)


ENDED: dict[ProcedureEnding, Callable[[Bench], object]] = {
    ProcedureEnding.STOPPED: lambda bench: bench.machine.stop(),
    ProcedureEnding.LINK_LOST: lambda bench: bench.lose().connect(),
    ProcedureEnding.CONTROL_LOST: lambda bench: bench.says("ff"),
    ProcedureEnding.SAFETY_KEY: lambda bench: bench.says("03"),
    ProcedureEnding.CONSOLE_STOPPED: lambda bench: bench.says("0201"),
    ProcedureEnding.START_UNSENT: pressed_late,
    ProcedureEnding.PAUSED: lambda bench: bench.machine.pause(),
    ProcedureEnding.RESTED: lambda bench: bench.rests(),
}
"""How each comes about on a belt at 5 km/h of which 8 km/h and 2 % are wanted."""


def test_every_ending_has_its_row_and_takes_permission_and_targets() -> None:
    assert set(ENDINGS) == set(ProcedureEnding)
    assert all(Forget.PERMISSION | Forget.TARGETS in what for what in ENDINGS.values())
    assert {ending for ending, what in ENDINGS.items() if Forget.GO_ON in what} == {
        ProcedureEnding.STOPPED,
        ProcedureEnding.START_FAILED,
    }


@pytest.mark.parametrize("ending", list(ENDED))
def test_after_any_ending_nothing_is_raised_however_the_console_moves_the_belt(ending: ProcedureEnding) -> None:
    bench = Bench().moving(500)
    bench.machine.want_speed(800, Source.PLAN)
    bench.machine.want_incline(20, Source.PLAN)
    ENDED[ending](bench)
    seen = len(bench.log)
    assert not bench.gate.open
    assert (bench.machine.speed.wanted, bench.machine.incline.wanted) == (None, None)
    bench.wait(5.0, belt=0)
    bench.answers("800001").answers("800801").answers("800201")
    bench.says("04").wait(5.0, belt=300)
    bench.wait(5.0, belt=500)
    assert {octets[:2] for _, octets in bench.log[seen:]} <= {"08"}


def test_a_refused_claim_takes_everything() -> None:
    bench = Bench().at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    bench.machine.want_speed(500, Source.PLAN)
    bench.machine.start(StartIntent(bench.now + 60.0))
    for _ in range(3):
        bench.pump()
        bench.answers("800004")
        bench.now += 1.0
    assert Signal.CONTROL_REFUSED in bench.signals()
    assert bench.machine.control is ControlState.NONE
    assert not bench.gate.open
    assert bench.wait(10.0, belt=0) == []


# -- a machine that knows no Stop (point 5) ---------------------------------------------------------------------------


def knows_no_stop() -> Bench:
    bench = Bench().moving(500)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800802")
    return bench


def test_a_machine_that_knows_no_stop_is_told_its_slowest_speed_and_the_alarm_stands() -> None:
    bench = knows_no_stop()
    assert bench.alarm() is Alarm.CANNOT_STOP
    assert bench.pump() == ["025000"]
    bench.answers("800201").wait(0.5)
    for speed in (400, 300, 200, 100, 80, 80, 80, 80):
        bench.now += 1.0
        bench.belt(speed).pump()
        bench.answers("800802")
        assert bench.alarm() is not None
    assert bench.latch() is not LatchState.AT_REST
    slow = [at for at, octets in bench.log if octets == "025000"]
    assert all(later - sooner >= 1.0 for sooner, later in pairwise(slow))
    at = bench.now
    bench.wait(10.0, belt=80)
    assert "025000" not in [octets for when, octets in bench.log if when > at]  # slower it cannot be told
    bench.rests()
    bench.wait(6.0, belt=0)
    assert bench.latch() is LatchState.AT_REST
    assert bench.alarm() is None


def test_a_machine_that_knows_no_stop_is_not_flooded_with_it_at_its_slowest() -> None:
    """Found by search: Stop, its refusal, Stop, as fast as the link answers."""
    bench = knows_no_stop()
    bench.pump()
    bench.answers("800201").wait(1.0)
    for speed in (400, 200, 80):
        bench.now += 1.0
        bench.belt(speed).pump()
        bench.answers("800802")
    seen, began = len(bench.log), bench.now
    for _ in range(100):
        bench.now += 0.02
        if bench.pump():
            bench.answers("800802")
    assert 3 <= len(bench.log) - seen <= (bench.now - began) / 0.5 + 1


def test_without_control_the_slowest_speed_is_followed_by_a_claim() -> None:
    bench = knows_no_stop()
    assert bench.pump() == ["025000"]
    bench.answers("800205")
    assert bench.pump() == ["00"]
    assert bench.answers("800001").pump()[0] == "0801"


def test_a_belt_that_was_told_to_be_faster_and_is_not_heard_is_told_its_slowest() -> None:
    """Search, scene "claim each": the belt was last seen at its slowest, told 3.8 km/h, and not heard again."""
    bench = Bench().moving(80)
    bench.machine.want_speed(300, Source.PLAN)
    assert bench.pump() == ["022c01"]
    bench.answers("800201")
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800802")
    assert bench.pump() == ["025000"]
    bench.answers("800201")
    assert set(bench.wait(3.0)) == {"0801"}  # it has taken that, and is heard no better for being told again


def test_without_a_known_range_nothing_but_stop_is_written() -> None:
    bench = Bench(Capabilities()).moving(300)
    bench.machine.stop()
    bench.pump()
    bench.answers("800802")
    assert set(bench.wait(3.0, belt=300)) == {"0801"}


def test_a_belt_that_lies_still_needs_no_stop_and_no_alarm() -> None:
    bench = Bench().at_rest()
    bench.machine.stop()
    bench.pump()
    bench.answers("800802").wait(10.0, belt=0)
    assert bench.alarm() is None
    assert bench.latch() is LatchState.AT_REST


# -- a belt that stands until it is told a speed (point 12, quirk 52) -------------------------------------------------


def stands(quirks: MachineQuirks | None = None) -> Bench:
    bench = Bench(COMMON if quirks is None else replace(COMMON, quirks=quirks)).starting()
    bench.machine.want_speed(300, Source.PLAN)
    bench.said()
    return bench


def test_quirk_52_a_belt_that_stands_is_told_of_and_then_told_its_slowest_speed() -> None:
    bench = stands()
    assert bench.wait(7.0, belt=0) == []
    assert bench.signals() == [Signal.STANDS]
    assert bench.wait(3.0, belt=0) == []  # nothing before it has been announced
    bench.machine.rouse()
    assert bench.pump() == ["025000"]
    bench.answers("800201")
    bench.now += 1.0
    assert bench.belt(80).pump() == ["022c01"]


def test_quirk_52_where_a_claim_starts_the_belt_its_answer_confirms_the_start() -> None:
    """Found by search."""
    bench = Bench(replace(COMMON, quirks=MachineQuirks(claim=ControlRequestPolicy.STARTS))).at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["00"]
    bench.answers("800001").wait(7.0, belt=0)
    assert Signal.STANDS in bench.signals()


def test_quirk_52_a_start_that_was_not_confirmed_is_not_followed_by_a_speed() -> None:
    bench = Bench().in_control()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["07"]
    bench.wait(12.0, belt=0)
    assert Signal.STANDS not in bench.signals()


def test_quirk_16_a_machine_that_drops_the_link_for_it_is_not_told() -> None:
    bench = stands(MachineQuirks(rouse_after=None))
    bench.wait(12.0, belt=0)
    assert Signal.STANDS not in bench.signals()


def test_quirk_52_told_once_and_only_while_it_is_waited_for() -> None:
    bench = stands()
    bench.wait(7.0, belt=0)
    bench.machine.rouse()
    assert bench.pump() == ["025000"]
    bench.answers("800201")
    assert set(bench.wait(9.0, belt=0)) == {"0801"}  # given up
    bench.machine.rouse()
    assert "025000" not in bench.wait(5.0, belt=0)


def test_quirk_52_a_belt_that_is_not_heard_is_not_told() -> None:
    bench = stands()
    bench.wait(4.0, belt=0)
    bench.wait(2.5)
    bench.machine.rouse()
    assert bench.pump() == []


def test_quirk_52_without_a_known_slowest_speed_nothing_is_written() -> None:
    bench = Bench(Capabilities(speed=None)).starting()
    bench.wait(7.0, belt=0)
    bench.machine.rouse()
    assert bench.wait(3.0, belt=0) == []


def test_quirk_52_in_miles() -> None:
    quirks = MachineQuirks(write_unit=ReportedUnit.MPH, read_unit=ReportedUnit.MPH)
    bench = Bench(Capabilities(speed=SupportedRange(80, 2000, 10), quirks=quirks)).starting()
    bench.wait(7.0, belt=0)
    bench.machine.rouse()
    assert bench.pump() == ["023200"]  # 0.5 mph


@pytest.mark.parametrize("start_by", [StartAuthority.CONSOLE])
def test_a_start_by_hand_that_runs_out_leaves_nothing_and_sends_nothing(start_by: StartAuthority) -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(start_by=start_by))).in_control()
    bench.machine.start(StartIntent(bench.now + 5.0))
    bench.machine.want_speed(500, Source.PLAN)
    assert bench.wait(6.0, belt=0) == []
    assert bench.machine.belt.state is BeltPhase.AT_REST
    assert not bench.gate.open
    assert bench.wait(10.0, belt=100) == []
