"""The console always wins; a machine that traces its own ramp is not a hand (quirks 24, 36)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runback.machine.console_override import SETTLE
from runback.machine.events import Axis, ConsoleChanged, Signal
from runback.machine.incline_unit import InclineConverter, InclineUnit
from runback.machine.quirks import MachineQuirks, ReportedUnit
from runback.source import Source
from tests.support.machine.driver import COMMON, UREVO, Bench


def test_a_ramp_trace_is_not_taken_for_a_hand() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(300, Source.PLAN)
    assert bench.pump() == ["022c01"]
    bench.answers("800201")
    for speed in range(480, 290, -20):  # every 300 ms: captures.json 2ADA 05d100, Urevo E1L
        bench.wait(0.3)
        bench.says("05" + speed.to_bytes(2, "little").hex()).belt(speed)
    bench.says("052c01")
    assert bench.wait(5.0, belt=300) == []
    assert bench.said() == []


@pytest.mark.parametrize("beyond", [520, 280])
def test_a_hand_that_goes_beyond_our_ramp_and_back_has_set_what_we_wrote(beyond: int) -> None:
    """Search, scene "short", 2026-11-30: faster and slower at once, and the rest of the plan's raise followed."""
    bench = Bench().moving()
    bench.machine.want_speed(300, Source.PLAN)
    assert bench.pump() == ["022c01"]
    bench.answers("800201")
    bench.says("05" + beyond.to_bytes(2, "little").hex()).wait(0.25, belt=480)
    bench.says("052c01")
    bench.machine.want_speed(400, Source.PLAN)
    assert bench.wait(SETTLE - 0.1, belt=400) == []  # it may still move
    assert bench.said() == []
    bench.wait(0.2, belt=300)
    assert bench.said() == [ConsoleChanged(Axis.SPEED, 300)]


@pytest.mark.parametrize("inside", [500, 310])
def test_our_ramp_from_its_first_value_to_its_last_is_no_hand(inside: int) -> None:
    bench = Bench().moving()
    bench.machine.want_speed(300, Source.PLAN)
    assert bench.pump() == ["022c01"]
    bench.answers("800201")
    bench.says("05" + inside.to_bytes(2, "little").hex()).wait(0.25, belt=480)
    bench.says("052c01")
    assert bench.wait(5.0, belt=300) == []
    assert bench.said() == []


def test_a_new_target_of_ours_forgets_the_hand() -> None:
    bench = Bench().moving()
    bench.says("052602").wait(0.25, belt=500)
    bench.machine.want_speed(300, Source.PLAN)
    assert bench.pump() == ["022c01"]
    bench.answers("800201")
    bench.says("052c01")
    assert bench.wait(5.0, belt=300) == []
    assert bench.said() == []


def test_a_foreign_value_that_settles_is_a_hand_and_is_held() -> None:
    bench = Bench().moving()
    bench.says("05bc02")
    bench.wait(SETTLE - 0.1, belt=560)
    assert bench.said() == []
    bench.wait(0.1)
    assert bench.said() == [ConsoleChanged(Axis.SPEED, 700)]
    bench.machine.want_speed(700, Source.CONSOLE)
    assert bench.wait(5.0, belt=700) == []
    bench.machine.want_speed(720, Source.PERSON)  # counted from the console's
    assert bench.pump() == ["02d002"]


def test_a_hands_value_settles_even_if_it_is_told_again_and_again() -> None:
    bench = Bench().moving()
    for _ in range(6):
        bench.says("05bc02").wait(0.3, belt=None)
    assert bench.said() == [ConsoleChanged(Axis.SPEED, 700)]


def test_a_hand_that_goes_on_has_not_settled() -> None:
    bench = Bench().moving()
    for step in range(1, 8):
        bench.says("05" + (500 + 10 * step).to_bytes(2, "little").hex()).wait(1.0)
        bench.belt(500)
    assert bench.said() == []
    bench.wait(0.5)
    assert bench.said() == [ConsoleChanged(Axis.SPEED, 570)]


def test_a_consoles_value_between_two_increments_is_not_written_back() -> None:
    bench = Bench(UREVO).moving(384)
    bench.says("05a001").wait(2.0, belt=416)
    assert bench.said() == [ConsoleChanged(Axis.SPEED, 416)]
    bench.says("05c201").wait(2.0, belt=450)  # 2.8 mph, cut to 0.01 km/h; the grid has 4.48
    assert bench.said() == [ConsoleChanged(Axis.SPEED, 450)]
    bench.machine.want_speed(450, Source.CONSOLE)
    assert bench.wait(5.0, belt=450) == []


def test_our_own_target_as_the_machine_rounds_it_is_no_hand() -> None:
    bench = Bench(UREVO).moving(384)
    bench.says("058201")  # 3.86 = 2.4 mph: less than half an increment from our 3.84
    assert bench.wait(3.0, belt=386) == []
    assert bench.said() == []


@pytest.mark.parametrize("status", ["05", "0500", "050000"])
def test_a_target_of_nothing_is_a_belt_that_stops(status: str) -> None:
    bench = Bench().moving().says(status)  # captures.json 2ADA 050000, Urevo E1L
    assert bench.wait(3.0, belt=500) == []
    assert bench.said() == []


def test_a_stale_first_status_is_ignored() -> None:
    bench = Bench().starting().says("05bc02").says("061e00")  # KS after subscribing (quirk 36)
    bench.wait(3.0, belt=0)
    assert not [event for event in bench.said() if isinstance(event, ConsoleChanged)]


def test_nothing_is_raised_while_a_hand_may_be_at_the_console() -> None:
    bench = Bench().moving()
    bench.says("05bc02").machine.want_speed(900, Source.PLAN)
    bench.machine.want_incline(0, Source.PLAN)
    assert bench.wait(SETTLE - 0.1, belt=560) == ["030000"]


def test_lowering_does_not_wait_for_the_console() -> None:
    bench = Bench().moving()
    bench.says("05bc02").machine.want_speed(300, Source.PERSON)
    assert bench.pump() == ["022c01"]
    assert bench.wait(2.0, belt=500) == []
    assert bench.said() == []  # our newer target has ended the trace


def test_an_incline_set_at_the_console_is_held() -> None:
    bench = Bench().moving()
    bench.machine.want_incline(20, Source.PLAN)
    bench.pump()
    bench.answers("800301").says("061e00").machine.want_incline(50, Source.PLAN)
    assert bench.wait(SETTLE - 0.1, belt=500) == []
    bench.wait(0.1)
    assert bench.said() == [ConsoleChanged(Axis.INCLINE, 30)]
    bench.machine.want_incline(30, Source.CONSOLE)
    assert bench.wait(3.0, belt=500) == []


def test_an_incline_of_nothing_is_no_news() -> None:
    bench = Bench().moving()
    bench.machine.want_incline(20, Source.PLAN)
    bench.pump()
    bench.answers("800301").says("06")
    assert bench.wait(3.0, belt=500) == []
    assert bench.said() == []


@pytest.mark.parametrize("status", ["05bc02", "063c00"])
def test_a_hand_that_has_not_settled_when_the_belt_rests_is_not_told_of(status: str) -> None:
    bench = Bench().moving()
    bench.machine.want_incline(20, Source.PLAN)
    bench.pump()
    bench.answers("800301").says(status).belt(0)
    bench.wait(3.0, belt=0)
    assert bench.signals() == [Signal.BELT_RESTED]


def test_a_newer_incline_of_ours_ends_the_trace_of_the_console() -> None:
    bench = Bench().moving()
    bench.machine.want_incline(50, Source.PLAN)
    bench.pump()
    bench.answers("800301").says("063c00").machine.want_incline(20, Source.PLAN)
    assert bench.wait(0.3) == ["031400"]
    bench.answers("800301")
    assert bench.wait(3.0, belt=500) == []
    assert bench.said() == []


@pytest.mark.parametrize("status", ["05d002", "05d00200"])
def test_a_status_with_our_target_acknowledges_it(status: str) -> None:
    bench = Bench().moving()
    bench.machine.want_speed(720, Source.PLAN)
    assert bench.pump() == ["02d002"]
    bench.says(status)  # 02 is answered by 05: KS (quirk 4)
    assert bench.wait(5.0, belt=600) == []
    assert bench.said() == []


def test_a_status_with_our_incline_acknowledges_it() -> None:
    bench = Bench().moving()
    bench.machine.want_incline(20, Source.PLAN)
    bench.pump()
    bench.says("061400")
    assert bench.wait(5.0, belt=500) == []
    assert bench.said() == []


def test_a_status_of_another_kind_acknowledges_nothing() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    bench.pump()
    bench.says("04").machine.want_speed(450, Source.PLAN)
    assert bench.wait(1.0, belt=500) == []  # still waiting for its answer


def test_a_foreign_status_does_not_acknowledge_our_target() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    bench.pump()
    bench.says("05bc02")
    bench.machine.want_speed(450, Source.PLAN)
    assert bench.wait(1.0, belt=500) == []  # still waiting for its answer
    bench.answers("800201")
    assert bench.pump() == ["02c201"]


def test_an_answer_to_a_target_that_the_console_has_overtaken_changes_nothing() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    bench.pump()
    bench.says("05bc02").wait(SETTLE, belt=700)
    assert bench.said() == [ConsoleChanged(Axis.SPEED, 700)]
    bench.machine.want_speed(700, Source.CONSOLE)
    bench.says("055802")  # the status of ours comes now: not an acknowledgement any more
    bench.says("05bc02").answers("800203")
    assert bench.wait(3.0, belt=700) == []
    assert bench.said() == []


def test_a_target_that_the_console_has_overtaken_is_not_offered_again_with_control() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    bench.pump()
    bench.says("05bc02").wait(SETTLE, belt=700)
    bench.machine.want_speed(700, Source.CONSOLE)
    bench.answers("800205")
    assert bench.wait(0.3, belt=700) == ["00"]
    bench.answers("800001")
    assert bench.wait(3.0, belt=700) == []


def test_a_console_that_has_overtaken_an_unanswered_target_is_not_overwritten() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    bench.pump()
    bench.says("05bc02").wait(SETTLE, belt=700)
    bench.machine.want_speed(700, Source.CONSOLE)
    assert bench.wait(5.0, belt=700) == []


@pytest.mark.parametrize(
    ("status", "signal"),
    [("0201", Signal.CONSOLE_STOPPED), ("0202", Signal.CONSOLE_PAUSED), ("02", Signal.CONSOLE_STOPPED)],
)
def test_a_stop_at_the_console_lets_go_of_every_raise(status: str, signal: Signal) -> None:
    bench = Bench().moving()
    bench.machine.want_speed(1200, Source.PLAN)
    assert bench.pump() == ["022003"]
    bench.answers("800201").says(status)
    assert bench.signals() == [signal]
    assert bench.wait(5.0, belt=400) == []
    assert not bench.gate.open


def test_a_stop_at_the_console_of_a_belt_at_rest_is_no_news() -> None:
    bench = Bench().in_control()
    bench.said()
    bench.says("0201")
    assert bench.said() == []
    assert bench.gate.open


def test_a_start_at_the_console_is_told() -> None:
    bench = Bench().at_rest()
    bench.said()
    bench.says("04")
    assert bench.signals() == [Signal.CONSOLE_STARTED]
    bench.belt(80)
    assert bench.signals() == [Signal.BELT_MOVED]
    bench.says("04")
    assert bench.signals() == []


def test_a_raise_at_the_console_is_no_surge() -> None:
    bench = Bench().moving()
    bench.says("05e803")
    for speed in (600, 700, 800, 900, 1000):
        bench.wait(0.5)
        bench.belt(speed)
    assert bench.wait(5.0, belt=1000) == []


def test_a_raise_at_the_console_is_no_surge_even_before_it_has_settled() -> None:
    bench = Bench().moving()
    bench.says("05e803")
    for _ in range(4):
        bench.wait(0.3)
        bench.belt(700)
    assert bench.signals() == []
    assert bench.wait(3.0, belt=1000) == []


def test_a_speed_lowered_at_the_console_binds_the_watchdog() -> None:
    bench = Bench().moving(1000)
    bench.says("05f401")
    bench.wait(SETTLE, belt=None)
    bench.belt(500).machine.want_speed(500, Source.CONSOLE)
    assert bench.wait(3.0, belt=650)[0] == "0801"


def test_a_belt_started_again_at_the_console_is_not_measured_by_our_old_target() -> None:
    bench = Bench().moving().rests()
    assert bench.wait(5.0, belt=900) == []


def test_a_ramp_trace_leaves_the_watchdog_no_looser_than_before() -> None:
    bench = Bench().moving()
    bench.says("05e803").says("05f401")  # 10 km/h flashes by, then ours again
    assert bench.wait(3.0, belt=700)[0] == "0801"


def test_a_hand_at_the_console_proves_nothing_of_a_machines_units() -> None:
    """It sets 1.29 km/h, which happens to be 0.8 mph, the target, in kilometres."""
    unknown = MachineQuirks(write_unit=ReportedUnit.UNKNOWN, read_unit=ReportedUnit.UNKNOWN)
    bench = Bench(replace(COMMON, quirks=unknown)).starting().belt(80)
    bench.machine.want_speed(400, Source.PLAN)
    assert bench.pump() == ["025000"]
    bench.answers("800201").says("058100")
    assert bench.wait(30.0, belt=129) == []
    assert bench.machine.units.write is ReportedUnit.KMH
    assert not bench.machine.latch.latched


@pytest.mark.parametrize("scale", list(InclineUnit))
@pytest.mark.parametrize("octets", ["06", "0619"])
def test_a_change_of_incline_that_names_none_changes_nothing(octets: str, scale: InclineUnit) -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(inclines=InclineConverter(scale, 10)))).moving()
    bench.machine.want_incline(20, Source.PLAN)
    assert len(bench.pump()) == 1
    bench.answers("800301").said()
    assert bench.says(octets).wait(3.0, belt=500) == []
    assert bench.said() == []


# -- what the console has just set is not raised by what lowers ours (found by search) --------------------------------


def test_slower_does_not_raise_what_the_console_has_just_set() -> None:
    bench = Bench().moving(600)
    bench.says("059001")  # 4.0 km/h, and it may still move
    bench.machine.want_speed(550, Source.PERSON)
    assert bench.wait(1.0, belt=500) == []
    bench.machine.want_speed(350, Source.PERSON)
    assert bench.wait(0.3) == ["025e01"]


def test_a_flatter_incline_does_not_raise_what_the_console_has_just_set() -> None:
    bench = Bench().moving(500)
    bench.machine.want_incline(60, Source.PLAN)
    assert bench.pump() == ["033c00"]
    bench.answers("800301").says("061400")  # 2 %
    bench.machine.want_incline(40, Source.PERSON)
    assert bench.wait(1.0, belt=500) == []
    bench.machine.want_incline(10, Source.PERSON)
    assert bench.wait(0.3) == ["030a00"]
