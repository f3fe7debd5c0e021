"""Control: asked for on a person's word only, again after 05, never again by itself after FF (quirks 3-5, 14)."""

from __future__ import annotations

import pytest

from runback.machine.console_override import SETTLE
from runback.machine.events import Garbled, Measured, Signal
from runback.machine.procedure import ANSWER_WITHIN, MAX_CLAIMS, ControlState, StartIntent
from runback.safety.watchdog import TripReason
from runback.source import Source
from tests.support.machine.driver import Bench

BUSY = 0xFE


def test_connecting_writes_nothing() -> None:
    bench = Bench().at_rest()
    assert bench.wait(30.0, belt=0) == []


def test_reconnecting_writes_nothing() -> None:
    bench = Bench().moving().lose()
    bench.wait(2.0)
    bench.connect()
    assert bench.wait(30.0, belt=500) == []
    assert not bench.gate.open


def test_control_does_not_outlive_its_link() -> None:
    bench = Bench().in_control().lose().at_rest()
    assert bench.machine.control is ControlState.NONE
    bench.gate.arm()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.wait(4.0, belt=0) == []


def test_what_was_seen_of_the_belt_does_not_outlive_its_link() -> None:
    bench = Bench().in_control().lose().connect()
    bench.gate.arm()
    bench.machine.request_control()
    assert bench.pump() == ["00"]
    bench.answers("800001").machine.start(StartIntent(bench.now + 5.0))
    assert bench.wait(1.0) == []
    assert bench.rests().pump() == ["07"]


def test_silence_of_the_link_before_does_not_count() -> None:
    bench = Bench().moving().lose()
    bench.now += 10.0
    bench.connect().machine.request_control()
    assert bench.wait(2.0) == ["00"]


def test_a_start_whose_link_is_lost_is_told_as_that() -> None:
    bench = Bench().starting().lose()
    bench.said()
    bench.wait(20.0)
    assert bench.signals() == []


def test_a_gap_does_not_outlive_its_link() -> None:
    bench = Bench(gap=1.5).in_control()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["07"]
    bench.lose().connect().machine.request_control()
    assert bench.pump() == ["00"]


def test_a_lost_link_withdraws_permission_and_says_why() -> None:
    assert Bench().moving().lose().gate.reason == "the link was lost"


def test_a_pause_without_a_link_is_not_kept_for_the_next() -> None:
    bench = Bench()
    bench.machine.pause()
    bench.connect().belt(500).gate.arm()
    bench.machine.request_control()
    assert bench.pump() == ["00"]
    assert bench.answers("800001").wait(3.0, belt=500) == []


def test_a_link_lost_twice_is_lost_once() -> None:
    bench = Bench().connect().lose().lose()
    assert bench.signals() == [Signal.LINK_UP, Signal.LINK_DOWN]


def test_control_is_asked_for_once() -> None:
    bench = Bench().at_rest()
    bench.machine.request_control()
    bench.machine.request_control()
    assert bench.pump() == ["00"]
    bench.answers("800001")
    bench.machine.request_control()
    assert bench.wait(5.0, belt=0) == []
    assert bench.machine.control is ControlState.GRANTED


@pytest.mark.parametrize("result", ["02", "03", "04", "05"])
def test_control_refused_is_told_and_lets_go(result: str) -> None:
    bench = Bench().at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    bench.machine.start(StartIntent(bench.now + 60.0))
    bench.pump()
    bench.answers("8000" + result)
    assert Signal.CONTROL_REFUSED in bench.signals()
    assert bench.machine.control is ControlState.NONE
    assert not bench.gate.open
    assert bench.gate.reason == "the treadmill does not give control"
    assert bench.wait(5.0, belt=0) == []


def test_control_never_answered_is_refused_in_the_end() -> None:
    bench = Bench().at_rest()
    bench.machine.request_control()
    assert bench.pump() + bench.wait(20.0, belt=0) == ["00", "00", "00"]  # Omega Z (quirk 3)
    assert bench.signals()[-1] is Signal.CONTROL_REFUSED
    bench.machine.request_control()
    assert bench.pump() == ["00"]


def test_a_request_whose_writing_hangs_is_given_the_same_time() -> None:
    bench = Bench().at_rest()
    bench.machine.request_control()
    assert bench.offered() == "00"
    assert bench.wait(ANSWER_WITHIN - 0.1, belt=0) == []
    assert bench.wait(0.1) == ["00"]


def test_a_busy_machine_is_asked_for_control_as_long_as_it_takes() -> None:
    bench = Bench().at_rest()
    bench.machine.request_control()
    for _ in range(10):
        assert bench.offered() == "00"
        bench.refuses(BUSY)
        bench.now += 0.25
    assert bench.pump() + bench.wait(20.0, belt=0) == ["00"] * MAX_CLAIMS  # as if nothing had been asked before
    assert bench.machine.control is ControlState.NONE


def test_a_late_grant_counts_for_the_request_that_waits() -> None:
    bench = Bench().at_rest()
    bench.machine.request_control()
    assert bench.pump() + bench.wait(3.1, belt=0) == ["00", "00"]
    bench.answers("800001").answers("800001")
    assert bench.signals().count(Signal.CONTROL_GRANTED) == 1


@pytest.mark.parametrize("status", ["ff", "01", "ff0000"])
def test_control_lost_lets_go_of_everything_and_is_not_asked_for_again(status: str) -> None:
    bench = Bench().moving()
    bench.machine.want_speed(900, Source.PLAN)
    bench.says(status)
    assert bench.signals() == [Signal.CONTROL_LOST]
    assert not bench.gate.open
    assert bench.wait(20.0, belt=500) == []
    bench.machine.request_control()
    assert bench.pump() == ["00"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("ff", "another controller has the treadmill"),
        ("01", "the treadmill was reset"),
        ("03", "the safety key was pulled"),
        ("0201", "the belt was stopped at the console"),
        ("0202", "the belt was stopped at the console"),
    ],
)
def test_permission_that_is_withdrawn_says_why(status: str, reason: str) -> None:
    assert Bench().moving().says(status).gate.reason == reason


def test_control_lost_again_is_told_once() -> None:
    bench = Bench().moving().says("ff").says("ff").says("01")
    assert bench.signals() == [Signal.CONTROL_LOST]


@pytest.mark.parametrize("status", ["ff", "01"])
def test_who_has_no_control_cannot_lose_it(status: str) -> None:
    bench = Bench().at_rest()
    bench.said()
    bench.says(status)  # KS: a stale first status (quirk 36)
    assert bench.signals() == []


def test_a_grant_that_comes_after_control_was_lost_is_nobodys() -> None:
    bench = Bench().at_rest()
    bench.machine.request_control()
    bench.pump()
    bench.says("ff").answers("800001")
    assert bench.machine.control is ControlState.NONE


def test_control_lost_while_the_belt_is_quiet_holds_nothing_back_later() -> None:
    bench = Bench().moving()
    bench.wait(2.1)
    bench.said()
    bench.says("ff").pump()
    assert not bench.gate.held
    assert bench.signals() == [Signal.CONTROL_LOST]


def test_what_another_controller_has_set_is_not_measured_by_our_old_target() -> None:
    bench = Bench().moving().says("ff")
    bench.machine.request_control()
    assert bench.wait(0.3) == ["00"]
    bench.answers("800001").belt(500)
    assert bench.wait(4.0, belt=900) == []


def test_control_lost_in_the_countdown_is_told_as_that() -> None:
    bench = Bench().starting()
    bench.said()
    bench.says("ff")
    assert bench.signals() == [Signal.CONTROL_LOST]
    assert bench.wait(20.0, belt=0) == []
    assert bench.signals() == []


def test_after_not_permitted_control_is_asked_for_and_the_target_offered_again() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    bench.pump()
    bench.answers("800205")
    assert bench.wait(0.3) == ["00"]
    bench.answers("800001")
    assert bench.wait(1.5, belt=500) == ["025802"]


def test_not_permitted_for_ever_is_control_lost() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(450, Source.PLAN)
    bench.pump()
    for _ in range(20):
        bench.answers("800205").answers("800001").belt(500)
        bench.wait(0.3)
    assert [octets for _, octets in bench.log].count("00") == 1 + MAX_CLAIMS
    assert bench.signals()[-1] is Signal.CONTROL_LOST
    assert bench.machine.control is ControlState.NONE


def test_control_asked_for_after_it_was_lost_is_refused_not_lost_again() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(450, Source.PLAN)
    bench.pump()
    bench.answers("800205")
    assert bench.wait(0.3) == ["00"]
    bench.answers("800001").says("ff")
    bench.machine.request_control()
    assert bench.wait(0.3) == ["00"]
    bench.said()
    assert bench.answers("800005").signals() == [Signal.CONTROL_REFUSED]


@pytest.mark.parametrize("overtaken", [False, True])
def test_the_refusal_after_the_last_claim_is_control_lost_at_once(*, overtaken: bool) -> None:
    bench = Bench().moving()
    if overtaken:  # a target that the machine was too busy for, and that the console has overtaken: no claim of ours
        bench.machine.want_speed(600, Source.PLAN)
        bench.offered()
        bench.says("05bc02").wait(SETTLE, belt=500)
        bench.refuses(BUSY)
    bench.machine.want_speed(450, Source.PLAN)
    assert bench.wait(0.3) == ["02c201"]
    for _ in range(MAX_CLAIMS):
        assert bench.answers("800205").wait(0.3) == ["00"]
        assert bench.answers("800001").belt(500).wait(0.3) == ["02c201"]
    bench.said()
    assert bench.answers("800205").signals() == [Signal.CONTROL_LOST]
    assert bench.gate.reason == "the treadmill does not let itself be controlled"


def test_control_that_is_not_given_back_is_lost_not_refused() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(450, Source.PLAN)
    bench.pump()
    bench.answers("800205")
    bench.wait(0.3)
    bench.answers("800005")
    assert bench.signals() == [Signal.CONTROL_LOST]
    assert bench.gate.reason == "the treadmill does not let itself be controlled"


def test_a_procedure_that_works_makes_claims_count_anew() -> None:
    bench = Bench().moving()
    for speed in (450, 440, 430, 420, 410, 400):
        bench.machine.want_speed(speed, Source.PLAN)
        bench.wait(0.3, belt=None)
        bench.answers("800205")
        bench.wait(0.3)
        bench.answers("800001").belt(500)
        bench.wait(0.3)
        bench.answers("800201")
    assert bench.machine.control is ControlState.GRANTED


def test_a_safety_key_lets_go_of_everything_but_control() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(900, Source.PLAN)
    bench.says("03")
    assert bench.signals() == [Signal.SAFETY_KEY]
    assert not bench.gate.open
    assert bench.wait(5.0, belt=500) == []
    assert bench.machine.control is ControlState.GRANTED


def test_what_a_safety_key_has_let_go_of_is_not_taken_up_again_with_new_permission() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(900, Source.PLAN)
    bench.machine.pause()
    bench.machine.want_speed(900, Source.PLAN)
    bench.says("03").gate.arm()
    assert bench.wait(5.0, belt=500) == []


def test_a_safety_key_in_the_countdown_calls_the_start_off() -> None:
    bench = Bench().starting()
    bench.said()
    bench.says("03")
    assert bench.signals() == [Signal.SAFETY_KEY]
    assert bench.wait(20.0, belt=0) == []
    assert bench.signals() == []


# -- what arrives -----------------------------------------------------------------------------------------------------


def test_unreadable_octets_are_noted_and_change_nothing() -> None:
    bench = Bench().moving()
    bench.hears("00002acd-0000-1000-8000-00805f9b34fb", "00").says("").answers("80")
    assert [type(event) for event in bench.said()] == [Garbled, Garbled, Garbled]
    assert bench.measured() == 500


def test_characteristics_and_statuses_nobody_asked_for_are_ignored() -> None:
    bench = Bench().moving()
    bench.hears("00002ad3-0000-1000-8000-00805f9b34fb", "000e").says("08f401").says("77").says("0600")
    assert bench.said() == []


def test_a_split_record_is_measured_once_it_is_whole() -> None:
    # Technogym MyRun, packets 1 and 2 of 2: captures.json
    bench = Bench().connect()
    data = "00002acd-0000-1000-8000-00805f9b34fb"
    bench.hears(data, "1f0084012a00000000000001000000")
    assert bench.measured() is None
    bench.hears(data, "80064e020200ffffff372700")
    assert bench.measured() == 590
    record = bench.machine.take_events()[-1]
    assert record == Measured(bench.now, 590, 0, 42, None, 39)


def test_half_a_record_does_not_outlive_its_link() -> None:
    bench = Bench().connect()
    data = "00002acd-0000-1000-8000-00805f9b34fb"
    bench.hears(data, "1f0084012a00000000000001000000").lose().connect()
    bench.hears(data, "80064e020200ffffff372700")
    assert bench.machine.take_events()[-1] == Measured(bench.now, 590, None, None, None, 39)


def test_a_record_without_a_speed_is_no_news_of_the_belt() -> None:
    bench = Bench().moving()
    for _ in range(4):
        bench.wait(0.5)
        bench.hears("00002acd-0000-1000-8000-00805f9b34fb", "0100")  # More Data, and never its end
    assert Signal.WENT_QUIET in bench.signals()


def test_a_truncated_record_without_its_speed_is_no_news_either() -> None:
    bench = Bench().moving()
    bench.hears("00002acd-0000-1000-8000-00805f9b34fb", "0000")
    assert bench.measured() == 500


# -- the watchdog in the machine --------------------------------------------------------------------------------------


def test_quiet_suspends_raising_and_data_gives_it_back() -> None:
    bench = Bench().moving()
    bench.wait(2.0)
    assert bench.signals() == [Signal.WENT_QUIET]
    bench.machine.want_speed(600, Source.PLAN)
    assert bench.pump() == []
    bench.now += 0.1
    assert bench.belt(500).pump() == ["025802"]
    assert bench.signals() == [Signal.HEARD_AGAIN]


def test_quiet_still_lets_lower() -> None:
    bench = Bench().moving()
    bench.wait(2.5)
    bench.machine.want_speed(400, Source.PLAN)
    assert bench.pump() == ["029001"]


def test_quiet_is_kept_while_control_is_asked_for_again() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(450, Source.PLAN)
    bench.pump()
    bench.wait(2.0)
    bench.answers("800205")
    bench.wait(0.2)
    assert bench.signals() == [Signal.WENT_QUIET]
    assert bench.gate.held


@pytest.mark.parametrize(("speed", "after"), [(None, 5.0), (650, 3.0)])
def test_silence_and_surge_stop_the_belt(speed: int | None, after: float) -> None:
    bench = Bench().moving()
    assert bench.wait(after, belt=speed)[0] == "0801"
    assert bench.writes[-1].source is Source.SAFETY
    assert bench.machine.trip is (TripReason.SILENT if speed is None else TripReason.SURGE)
    assert Signal.LATCHED in bench.signals()


def test_what_the_watchdog_does_is_told_at_once() -> None:
    bench = Bench().moving()
    bench.now += 5.0
    bench.machine.tick(bench.now)
    assert bench.signals() == [Signal.LATCHED]


def test_after_reset_the_watchdog_has_forgotten() -> None:
    bench = Bench().moving()
    bench.wait(3.0, belt=650)
    bench.answers("800801").rests()
    assert bench.machine.reset_stop()
    assert bench.machine.trip is None
    bench.said()
    bench.wait(20.0)
    assert bench.said() == []


def test_a_belt_that_is_not_ours_is_not_stopped() -> None:
    bench = Bench().at_rest().belt(500)
    assert bench.wait(30.0) == []
    bench.belt(2000)
    assert bench.wait(3.0, belt=2000) == []
