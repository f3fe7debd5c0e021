"""Stop: the first promise. After `stop()` nothing but Stop is written, at once, until the belt is seen at rest.

Read this one first. Bytes: 08 01 is Stop, 80 08 01 its success, 80 08 05 "control not permitted", 00 asks for control
(ftms.md, 2AD9). `test_stop_exhaustive.py` says the same of every state that can be reached.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from runback.machine.events import Signal
from runback.machine.procedure import START_WITHIN, StartIntent
from runback.machine.quirks import AckEvidence, MachineQuirks
from runback.machine.stop_latch import BUSY_RETRY, RETRY, Alarm, LatchState
from runback.machine.stop_monitor import FALL_WITHIN, LAG, UNSEEN_AFTER, StopMonitor
from runback.source import Source
from tests.support.machine.driver import COMMON, Bench

BUSY = 0xFE


def stopped(speed: int = 500) -> Bench:
    """Running at `speed`, Stop pressed and written; nothing has answered yet."""
    bench = Bench().moving(speed)
    bench.machine.stop()
    assert bench.offered() == "0801"
    bench.machine.written(bench.now)
    return bench


# -- at once, and before everything -----------------------------------------------------------------------------------


def test_stop_is_the_next_thing_written() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(900, Source.PLAN)
    bench.machine.stop()
    assert bench.offered() == "0801"
    assert bench.writes[-1].stop
    assert bench.writes[-1].source is Source.PERSON
    assert bench.gate.reason == "the belt was stopped"


def test_stop_overtakes_a_hung_procedure() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    assert bench.offered() == "025802"
    bench.machine.stop()  # neither written nor answered
    assert bench.offered() == "0801"


def test_stop_ignores_the_gap() -> None:
    bench = Bench(gap=1.5).in_control()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["07"]
    bench.machine.stop()
    assert bench.pump() == ["0801"]


def test_stop_waits_for_no_answer_to_an_earlier_pause() -> None:
    bench = Bench().moving()
    bench.machine.pause()
    assert bench.pump() == ["0802"]
    bench.machine.stop()
    bench.answers("800801")  # the pause's: it must not stand for a Stop that is not out yet
    assert bench.pump() == ["0801"]


def test_a_refusal_of_the_pause_before_it_does_not_make_stop_ask_for_control_first() -> None:
    bench = Bench().moving()
    bench.machine.pause()
    assert bench.pump() == ["0802"]
    bench.machine.stop()
    bench.answers("800805")
    assert bench.pump() == ["0801"]


@pytest.mark.parametrize("status", ["0201", "0202", "03"])
def test_a_stop_at_the_console_does_not_stand_for_ours(status: str) -> None:
    bench = Bench().moving()
    bench.machine.stop()
    bench.says(status)
    assert bench.pump() == ["0801"]


@pytest.mark.parametrize("code", [BUSY, 0x0E])
def test_an_earlier_writes_refusal_does_not_put_stop_off(code: int) -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    assert bench.offered() == "025802"
    bench.machine.stop()
    bench.refuses(code)
    assert bench.pump() == ["0801"]


def test_stop_without_a_link_goes_out_first_on_the_next_one() -> None:
    bench = Bench().moving().lose()
    bench.machine.stop()
    assert bench.pump() == []
    assert bench.alarm() is Alarm.NO_LINK
    bench.now += 4.0
    assert bench.connect().pump() == ["0801"]


def test_stop_before_the_first_link_goes_out_first_on_it() -> None:
    bench = Bench()
    bench.machine.stop()
    assert bench.pump() == []
    assert bench.alarm() is Alarm.NO_LINK
    assert bench.signals() == [Signal.LATCHED, Signal.STOP_ALARM]
    assert bench.connect().pump() == ["0801"]


def test_stop_goes_out_again_on_a_fresh_link_if_its_write_hung() -> None:
    bench = Bench().moving()
    bench.machine.stop()
    assert bench.offered() == "0801"  # never returns
    bench.now += 1.0
    bench.lose().now += 0.2
    assert bench.connect().pump() == ["0801"]


def test_stop_goes_out_again_on_a_fresh_link_even_if_it_was_accepted() -> None:
    bench = stopped().answers("800801")
    assert bench.lose().connect().pump() == ["0801"]


def test_stop_goes_out_again_on_a_link_whose_predecessor_was_never_told_lost() -> None:
    bench = stopped().answers("800801")
    assert bench.connect().pump() == ["0801"]


def test_stop_is_idempotent_and_tags_its_first_source() -> None:
    bench = Bench().moving()
    bench.machine.stop_as(Source.SAFETY)
    bench.machine.stop_as(Source.PLAN)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.writes[-1].source is Source.SAFETY
    assert bench.signals() == [Signal.LATCHED]


def test_stop_needs_neither_control_nor_a_session() -> None:
    bench = Bench().connect()
    bench.machine.stop()
    assert bench.pump() == ["0801"]


# -- nothing but Stop -------------------------------------------------------------------------------------------------


def test_nothing_wanted_after_stop_is_written() -> None:
    bench = stopped()
    bench.gate.arm()
    bench.machine.request_control()
    bench.machine.start(StartIntent(bench.now + 60.0))
    bench.machine.want_speed(1200, Source.PERSON)
    bench.machine.want_incline(50, Source.PERSON)
    bench.machine.pause()
    bench.answers("800801").rests()
    assert bench.wait(3.0, belt=0) == []


def test_after_reset_nothing_wanted_before_it_is_written() -> None:
    bench = Bench().at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    bench.machine.start(StartIntent(bench.now + 600.0))
    bench.machine.stop()  # the request for control has not even been written
    bench.machine.request_control()
    assert bench.pump() == ["0801"]
    bench.answers("800801").rests()
    assert bench.machine.reset_stop()
    assert bench.wait(20.0, belt=0) == []


def test_nothing_wanted_while_stop_holds_is_written_after_the_next_start() -> None:
    bench = Bench().in_control()
    bench.machine.stop()
    bench.machine.want_speed(500, Source.PERSON)
    bench.machine.want_incline(20, Source.PERSON)
    bench.machine.pause()
    assert bench.pump() == ["0801"]
    bench.answers("800801").rests()
    assert bench.machine.reset_stop()
    bench.gate.arm()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["07"]
    assert bench.answers("800701").belt(80).wait(3.0, belt=80) == []


def test_while_stop_holds_nothing_else_is_judged() -> None:
    bench = Bench().starting()
    bench.machine.stop()
    bench.said()
    assert set(bench.wait(20.0)) == {"0801"}
    assert bench.signals() == [Signal.LATCHED, Signal.STOP_ALARM]
    assert bench.machine.trip is None


def test_stop_is_repeated_until_it_is_accepted() -> None:
    bench = stopped()
    assert bench.wait(1.0, belt=450) == ["0801", "0801"]
    bench.answers("800801")
    assert bench.wait(1.0, belt=400) == []


def test_an_acceptance_is_not_believed_if_the_belt_does_not_slow_down() -> None:
    bench = stopped().answers("800801")
    assert bench.wait(1.4) == []
    assert bench.wait(3.0, belt=500) == ["0801", "0801", "0801"]
    assert bench.alarm() is Alarm.NOT_FALLING


@pytest.mark.parametrize("status", ["020100", "0201", "0202", "03"])
def test_a_status_accepts_stop_as_well_as_an_answer(status: str) -> None:
    bench = stopped().says(status)  # quirk 4; padded as by a Urevo (quirk 34)
    assert bench.latch() is LatchState.ACCEPTED
    bench.belt(450)
    assert bench.wait(0.9) == []


@pytest.mark.parametrize("status", ["0201", "0202"])
def test_the_status_of_our_stop_is_not_told_as_somebody_elses(status: str) -> None:
    bench = stopped()
    bench.signals()
    bench.says(status).says(status)
    assert bench.signals() == [Signal.STOP_ANSWERED]


def test_a_busy_machine_is_asked_again_soon() -> None:
    bench = Bench().moving()
    bench.machine.stop()
    assert bench.offered() == "0801"
    bench.refuses(BUSY)
    assert bench.pump() == []
    assert bench.wait(0.1) == ["0801"]


def test_an_answer_to_the_pause_before_it_does_not_accept_a_stop_that_was_refused_as_busy() -> None:
    bench = Bench().moving()
    bench.machine.pause()
    assert bench.pump() == ["0802"]
    bench.machine.stop()
    assert bench.offered() == "0801"
    bench.refuses(BUSY)
    bench.answers("800801")
    assert bench.pump() == ["0801"]


@pytest.mark.parametrize("code", [0x0E, 0xFF])
def test_a_refused_write_is_tried_again(code: int) -> None:
    bench = Bench().moving()
    bench.machine.stop()
    assert bench.offered() == "0801"
    bench.refuses(code)
    assert bench.wait(0.4) == []
    assert bench.wait(0.1) == ["0801"]


def test_a_repeat_that_is_refused_is_put_off_without_losing_the_acceptance() -> None:
    bench = stopped().answers("800801")
    bench.now += 2.0
    bench.belt(500).machine.tick(bench.now)
    assert bench.offered() == "0801"
    bench.refuses(BUSY)
    assert bench.latch() is LatchState.ACCEPTED
    assert bench.wait(0.1) == ["0801"]


def test_control_is_asked_for_only_after_stop_was_not_permitted() -> None:
    bench = stopped().answers("800805")
    assert bench.pump() == ["00"]
    bench.answers("800001")
    assert bench.pump() == ["0801"]
    bench.answers("800801").belt(450)
    assert bench.wait(1.0) == []


def test_a_refusal_that_bluez_repeats_asks_for_control_once() -> None:
    bench = stopped().answers("800805").answers("800805")  # bluez.md 1
    assert bench.pump() == ["00"]
    bench.answers("800805").answers("800001")
    assert bench.pump() == ["0801"]


def test_a_request_for_control_that_is_not_answered_is_followed_by_stop() -> None:
    bench = stopped().answers("800805")
    assert bench.pump() == ["00"]  # Omega Z never answers it (quirk 3)
    assert bench.wait(0.4) == []
    assert bench.wait(0.7) == ["0801", "0801"]


def test_refused_again_after_control_the_next_request_waits_its_time() -> None:
    bench = stopped().answers("800805")
    assert bench.pump() == ["00"]
    bench.answers("800001")
    assert bench.pump() == ["0801"]
    bench.answers("800805")
    assert bench.wait(0.4) == []
    assert bench.wait(0.1) == ["00"]


def test_a_late_answer_to_something_else_does_not_make_it_forget_to_ask_for_control() -> None:
    bench = stopped().answers("800805").answers("800201")
    assert bench.pump() == ["00"]


def test_a_refusal_after_an_acceptance_takes_it_back() -> None:
    bench = stopped().answers("800801").answers("800805").belt(0)
    assert bench.latch() is LatchState.WRITTEN
    assert bench.pump() == ["00"]
    assert bench.wait(0.5) == ["0801"]


def test_a_machine_that_stops_after_all_is_not_asked_for_control() -> None:
    bench = stopped().answers("800805").says("0201")
    assert bench.belt(450).wait(1.0) == []


def test_a_request_for_control_that_became_needless_does_not_come_before_a_stop_that_is_repeated() -> None:
    bench = stopped().answers("800805").says("0201")
    written = bench.wait(FALL_WITHIN + 1.0, belt=500)
    assert bench.alarm() is not None
    assert written[:1] == ["0801"]


def test_refused_for_ever_stop_and_the_request_alternate_without_flooding() -> None:
    bench = stopped()
    for _ in range(5):
        bench.answers("800805")
        written = bench.wait(0.5)
        assert written[0] == "00"
        assert set(written) <= {"00", "0801"}
        assert len(written) <= 2
        if written[-1] == "00":
            bench.answers("800001")
            assert bench.pump() == ["0801"]


@pytest.mark.parametrize("result", ["00", "03", "77"])
def test_any_other_refusal_is_answered_with_the_next_stop(result: str) -> None:
    bench = stopped().answers("8008" + result)
    assert bench.wait(0.4) == []
    assert bench.wait(0.1) == ["0801"]


def test_a_late_answer_to_something_else_means_the_machine_is_free_again() -> None:
    bench = stopped().answers("800201")  # bluez.md 5: 800201 after 0801
    assert bench.pump() == ["0801"]
    assert bench.latch() is LatchState.WRITTEN


def test_a_late_refusal_of_a_speed_from_before_stop_asks_for_no_control() -> None:
    """Found by search."""
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    assert bench.pump() == ["025802"]
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.answers("800205").pump() == ["0801"]


def test_garbled_answers_change_nothing() -> None:
    bench = stopped()
    for octets in ("", "80", "8008", "0801", "ff0801"):
        bench.answers(octets)
    assert bench.latch() is LatchState.WRITTEN
    assert bench.pump() == []


# -- at rest ----------------------------------------------------------------------------------------------------------


def test_at_rest_is_a_measured_zero_after_the_acceptance() -> None:
    bench = stopped().rests()
    assert bench.latch() is LatchState.WRITTEN
    bench.answers("800801")
    assert bench.latch() is LatchState.ACCEPTED
    bench.belt(0)
    assert bench.latch() is LatchState.AT_REST
    assert bench.signals()[-1] is Signal.STOP_CONFIRMED
    assert bench.wait(5.0, belt=0) == []


def test_rest_is_told_once() -> None:
    bench = stopped().answers("800801").rests()
    bench.wait(5.0, belt=0)
    assert bench.signals() == [Signal.LATCHED, Signal.STOP_ANSWERED, Signal.BELT_RESTED, Signal.STOP_CONFIRMED]


def test_failed_means_nothing_to_stop_if_the_speed_says_so_too() -> None:
    bench = Bench().at_rest()
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800804").rests()
    assert bench.latch() is LatchState.AT_REST


def test_without_any_answer_five_seconds_of_zeros_are_rest() -> None:
    bench = stopped()
    bench.wait(6.9, belt=0)  # the first 0 is no evidence yet
    assert bench.latch() is LatchState.WRITTEN
    bench.wait(0.1, belt=None)
    bench.belt(0)
    assert bench.latch() is LatchState.AT_REST


def test_zeros_that_a_moving_belt_interrupts_begin_anew() -> None:
    bench = stopped()
    bench.wait(3.0, belt=0)
    bench.belt(1)
    bench.wait(4.0, belt=0)
    assert bench.latch() is LatchState.WRITTEN
    bench.wait(2.0, belt=0)
    assert bench.latch() is LatchState.AT_REST


def test_one_zero_and_then_silence_is_not_rest() -> None:
    bench = stopped().belt(0)
    bench.wait(20.0)
    assert bench.latch() is LatchState.WRITTEN
    assert bench.alarm() is Alarm.NOT_FALLING


@pytest.mark.parametrize("late", ["800801", "800804", "800805", "800001"])
def test_answers_that_come_at_rest_change_nothing(late: str) -> None:
    bench = stopped().answers("800801").rests().answers(late)
    assert bench.wait(5.0, belt=0) == []
    assert bench.machine.reset_stop()


def test_zeros_of_the_link_before_do_not_count() -> None:
    bench = stopped().belt(0).lose()
    bench.now += 6.0
    bench.connect().belt(0)
    assert bench.latch() is LatchState.DUE
    assert bench.alarm() is Alarm.NO_LINK


@pytest.mark.parametrize("speed", [1, 90])
def test_a_belt_that_moves_again_is_stopped_again(speed: int) -> None:
    bench = stopped().answers("800801").rests()
    assert bench.pump() == []
    bench.now += 1.0
    assert bench.belt(speed).pump() == ["0801"]
    assert bench.alarm() is Alarm.RISING
    bench.answers("800801").rests()
    assert bench.latch() is LatchState.AT_REST
    assert bench.alarm() is None


def test_stop_asked_again_at_rest_does_not_poke_a_belt_that_is_seen() -> None:
    bench = stopped().answers("800801").rests()  # quirk 19: stop while paused started one
    bench.machine.stop()
    assert bench.wait(5.0, belt=0) == []


def test_stop_asked_again_at_rest_goes_out_if_nobody_can_see_the_belt() -> None:
    bench = stopped().answers("800801").rests()
    bench.now += 2.0
    bench.machine.stop()
    assert not bench.machine.reset_stop()
    assert bench.machine.deadline(bench.now) == bench.now
    assert bench.pump() == ["0801"]
    assert bench.alarm() is Alarm.UNSEEN


def test_stop_asked_again_at_rest_goes_out_on_a_link_that_has_told_nothing_yet() -> None:
    bench = stopped().answers("800801").rests().lose().connect()
    assert bench.pump() == []
    bench.machine.stop()
    assert bench.pump() == ["0801"]


# -- alarm: exactly when training.md says -----------------------------------------------------------------------------


def test_a_belt_that_falls_raises_no_alarm() -> None:
    bench = stopped().answers("800801")
    for speed in range(450, -1, -50):
        bench.wait(1.0)
        bench.belt(speed).machine.tick(bench.now)
        assert bench.alarm() is None
    assert bench.latch() is LatchState.AT_REST


def test_not_falling_within_a_second_and_a_half_is_an_alarm() -> None:
    bench = stopped().answers("800801")
    bench.wait(1.0, belt=500)
    bench.wait(0.4)
    assert bench.alarm() is None
    bench.wait(0.1)
    assert bench.alarm() is Alarm.NOT_FALLING
    assert bench.signals()[-1] is Signal.STOP_ALARM


@pytest.mark.parametrize(("speed", "falls"), [(490, True), (491, False)])
def test_a_tenth_of_a_kmh_less_is_falling(speed: int, *, falls: bool) -> None:
    bench = stopped().answers("800801")
    bench.wait(1.2)
    bench.belt(speed).wait(0.4)
    assert (bench.alarm() is None) == falls


def test_a_trembling_figure_is_not_falling() -> None:
    bench = stopped(800).answers("800801")
    for speed in (799, 798, 797, 796, 795, 794):
        bench.wait(0.3)
        bench.belt(speed)
    assert bench.alarm() is Alarm.NOT_FALLING


def test_what_a_belt_falls_from_is_not_what_it_trembled_to() -> None:
    bench = stopped().answers("800801")
    for speed in (495, 490):
        bench.wait(0.6)
        bench.belt(speed)
    bench.wait(0.4)
    assert bench.alarm() is None


def test_the_last_hundredths_are_no_fall() -> None:
    bench = stopped(100).answers("800801")
    for speed in (5, 1):
        bench.wait(1.0)
        bench.belt(speed)
    bench.wait(0.5)
    assert bench.alarm() is Alarm.NOT_FALLING


def test_a_rise_counts_from_zero_however_the_belt_crept_there() -> None:
    bench = stopped(100)
    bench.wait(1.0)
    bench.belt(5).belt(0)
    bench.wait(1.0)
    bench.belt(31)
    assert bench.alarm() is Alarm.RISING


@pytest.mark.parametrize(("before", "after"), [(400, 440), (540, 575)])
def test_a_belt_that_is_faster_after_a_lost_link_is_rising(before: int, after: int) -> None:
    bench = stopped()
    bench.wait(0.5)
    bench.belt(before).lose().connect()
    assert bench.alarm() is Alarm.NO_LINK
    bench.wait(0.6)
    bench.belt(after)
    assert bench.alarm() is Alarm.RISING


def test_the_first_reason_for_the_alarm_stands() -> None:
    bench = stopped().answers("800801")
    bench.wait(1.0)
    bench.belt(600).wait(2.0)
    assert bench.alarm() is Alarm.RISING


def test_a_belt_that_stops_falling_on_its_way_is_an_alarm() -> None:
    bench = stopped(800).answers("800801")
    bench.wait(1.0)
    bench.belt(700)
    bench.wait(1.0)
    bench.belt(700)
    bench.wait(0.5)
    assert bench.alarm() is Alarm.NOT_FALLING


def test_rising_is_an_alarm() -> None:
    bench = stopped().answers("800801")
    bench.wait(1.0)
    bench.belt(400)
    bench.wait(0.5)
    bench.belt(430)
    assert bench.alarm() is None
    bench.belt(431)
    assert bench.alarm() is Alarm.RISING


def test_records_still_on_their_way_up_are_no_alarm_in_the_first_second() -> None:
    bench = stopped().answers("800801")
    for speed in (540, 580):
        bench.wait(0.4)
        bench.belt(speed)
    assert bench.alarm() is None
    bench.wait(0.6)
    bench.belt(560)
    bench.wait(0.5)
    assert bench.alarm() is None
    bench.belt(620)
    assert bench.alarm() is Alarm.RISING


def test_a_second_after_stop_a_faster_record_is_an_alarm() -> None:
    bench = stopped()
    bench.now += LAG
    assert bench.belt(540).alarm() is Alarm.RISING


def test_a_belt_no_link_ever_told_of_is_unseen_two_seconds_after_stop() -> None:
    descent = StopMonitor()
    seen = []
    for now in (10.0, 10.0 + UNSEEN_AFTER - 0.1, 10.0 + UNSEEN_AFTER):
        descent.judge(now, online=True)
        seen.append(descent.alarm)
    assert seen == [None, None, Alarm.UNSEEN]


def test_data_older_than_two_seconds_is_an_alarm() -> None:
    bench = Bench().moving()
    bench.wait(1.5)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800801")
    bench.wait(0.4)
    assert bench.alarm() is None
    bench.wait(0.1)
    assert bench.alarm() is Alarm.UNSEEN


def test_a_belt_never_heard_of_is_an_alarm_after_two_seconds() -> None:
    bench = Bench().connect()
    bench.machine.stop()
    bench.wait(1.9)
    assert bench.alarm() is None
    bench.wait(0.1)
    assert bench.alarm() is Alarm.UNSEEN


def test_the_first_record_after_stop_is_what_the_belt_falls_from() -> None:
    bench = Bench().connect()
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800801").belt(600)
    bench.wait(1.0)
    bench.belt(550)
    bench.wait(0.5)
    assert bench.alarm() is None


def test_a_lost_link_is_an_alarm_at_once_and_stays_one_until_rest() -> None:
    bench = stopped().lose()
    assert bench.alarm() is Alarm.NO_LINK
    assert bench.connect().pump() == ["0801"]
    bench.answers("800801").belt(300)
    assert bench.alarm() is Alarm.NO_LINK
    bench.rests()
    assert bench.alarm() is None


def test_an_alarm_is_told_at_once_while_the_writing_of_stop_hangs() -> None:
    bench = Bench().moving()
    bench.machine.stop()
    assert bench.offered() == "0801"
    bench.now += FALL_WITHIN
    bench.machine.tick(bench.now)
    assert bench.signals() == [Signal.LATCHED, Signal.STOP_ALARM]


def test_a_lost_link_is_told_as_an_alarm_at_once() -> None:
    assert stopped().lose().signals() == [Signal.LATCHED, Signal.LINK_DOWN, Signal.STOP_ALARM]


def test_a_lost_link_is_the_newest_reason_for_the_alarm() -> None:
    bench = stopped()
    bench.wait(2.0, belt=500)
    assert bench.alarm() is Alarm.NOT_FALLING
    assert bench.lose().alarm() is Alarm.NO_LINK
    assert bench.signals().count(Signal.STOP_ALARM) == 1


def test_a_link_lost_at_rest_is_no_alarm() -> None:
    bench = stopped().answers("800801").rests().lose()
    assert bench.alarm() is None
    assert bench.connect().pump() == []


# -- a link that is no good -------------------------------------------------------------------------------------------


def test_a_link_that_swallows_every_stop_is_useless() -> None:
    bench = stopped()
    for _ in range(3):
        assert not bench.machine.latch.link_unresponsive()
        bench.wait(0.5, belt=500)
    assert bench.alarm() is Alarm.NOT_FALLING
    assert bench.machine.latch.link_unresponsive()


def test_a_link_has_four_tries_even_if_the_alarm_stands_already() -> None:
    bench = stopped().lose().connect()
    for _ in range(4):
        assert not bench.machine.latch.link_unresponsive()
        assert bench.wait(0.5) == ["0801"]
    assert bench.machine.latch.link_unresponsive()


def test_an_acceptance_is_given_its_second_even_if_the_alarm_stands_already() -> None:
    bench = stopped().lose().connect()
    assert bench.pump() == ["0801"]
    bench.answers("800801")
    assert bench.wait(0.9) == []
    assert bench.wait(0.2) == ["0801"]


@pytest.mark.parametrize("sign", ["800801", "800803", "800805", "800201", "0201"])
def test_a_link_on_which_the_machine_answers_is_not_useless(sign: str) -> None:
    bench = stopped()
    for _ in range(12):
        bench.answers(sign) if sign.startswith("80") else bench.says(sign)
        bench.wait(1.0, belt=500)
        assert not bench.machine.latch.link_unresponsive()


@pytest.mark.parametrize("sign", ["800803", "0201"])
def test_after_an_answer_a_link_has_four_tries_anew(sign: str) -> None:
    bench = stopped()
    bench.wait(2.0, belt=500)
    assert bench.machine.latch.link_unresponsive()
    bench.answers(sign) if sign.startswith("80") else bench.says(sign)
    for _ in range(4):
        assert not bench.machine.latch.link_unresponsive()
        while not bench.wait(0.1):
            pass
    assert bench.machine.latch.link_unresponsive()


def test_a_belt_that_falls_makes_no_link_useless() -> None:
    bench = stopped()
    for speed in (400, 300, 200, 100):
        bench.wait(1.0, belt=speed)
    assert not bench.machine.latch.link_unresponsive()


# -- letting go -------------------------------------------------------------------------------------------------------


def test_reset_is_refused_until_the_belt_is_at_rest() -> None:
    bench = Bench().moving()
    assert not bench.machine.reset_stop()  # there is nothing to let go of
    bench.machine.stop()
    assert not bench.machine.reset_stop()
    bench.pump()
    assert not bench.machine.reset_stop()
    bench.answers("800801")
    assert not bench.machine.reset_stop()
    bench.rests()
    assert bench.machine.reset_stop()
    assert not bench.machine.latch.latched
    assert bench.machine.latch.since is None


def test_reset_is_refused_while_nobody_knows_of_the_belt() -> None:
    bench = stopped().answers("800801").rests().lose()
    assert not bench.machine.reset_stop()
    assert not bench.connect().machine.reset_stop()
    assert not bench.belt(0).machine.reset_stop()
    bench.now += 1.0
    assert bench.belt(0).machine.reset_stop()


def test_reset_starts_nothing_and_leaves_no_permission() -> None:
    bench = stopped().answers("800801").rests()
    assert bench.machine.reset_stop()
    assert not bench.gate.open
    assert bench.wait(20.0, belt=0) == []
    assert Signal.START_FAILED not in bench.signals()


def test_a_start_stopped_in_its_countdown_leaves_nothing_behind() -> None:
    bench = Bench().starting()
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800801").rests()
    assert bench.machine.reset_stop()
    bench.said()
    assert bench.wait(20.0, belt=0) == []
    assert bench.said() == []
    bench.gate.arm()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["07"]


def test_a_stop_after_a_reset_is_the_persons_whoever_stopped_before() -> None:
    bench = Bench().moving()
    bench.machine.stop_as(Source.SAFETY)
    assert bench.pump() == ["0801"]
    bench.answers("800801").rests()
    assert bench.machine.reset_stop()
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.writes[-1].source is Source.PERSON


def test_a_stop_after_a_reset_that_loses_its_link_is_told_with_its_alarm() -> None:
    bench = stopped().answers("800801").rests()
    assert bench.machine.reset_stop()
    bench.said()
    bench.machine.stop()
    assert bench.lose().signals() == [Signal.LINK_DOWN, Signal.LATCHED, Signal.STOP_ALARM]


def test_after_a_reset_a_belt_started_at_the_console_is_not_measured_by_our_old_target() -> None:
    bench = Bench().starting()
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800801").rests()
    bench.wait(START_WITHIN, belt=0)  # by then its start is not to come any more
    assert bench.machine.reset_stop()
    assert bench.wait(5.0, belt=500) == []


def test_the_latch_can_be_pulled_again_after_a_reset() -> None:
    bench = stopped().answers("800801").rests()
    assert bench.machine.reset_stop()
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.writes[-1].source is Source.PERSON
    assert bench.signals().count(Signal.LATCHED) == 2


# -- time -------------------------------------------------------------------------------------------------------------


def test_a_stop_not_yet_asked_for_is_due_now() -> None:
    bench = Bench().moving()
    bench.machine.stop()
    assert bench.machine.deadline(bench.now) == bench.now


def test_a_stop_that_is_not_answered_is_called_for_again_at_rest_as_well() -> None:
    bench = Bench().at_rest()
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.machine.deadline(bench.now) == bench.now + RETRY


def test_a_stop_refused_as_busy_is_called_for_in_a_tenth_of_a_second() -> None:
    bench = Bench().moving()
    bench.machine.stop()
    assert bench.offered() == "0801"
    bench.refuses(BUSY)
    assert bench.machine.deadline(bench.now) == bench.now + BUSY_RETRY


def test_a_stop_is_called_for_on_a_fresh_link_though_its_write_hung_on_the_last() -> None:
    bench = Bench().moving()
    bench.machine.stop()
    assert bench.offered() == "0801"
    bench.now += 1.0
    assert bench.lose().connect().machine.deadline(bench.now) == bench.now


def test_a_stop_under_way_is_waited_for_not_called_for() -> None:
    bench = Bench().moving()
    bench.machine.stop()
    assert bench.offered() == "0801"
    bench.now += 0.6  # past its repetition, the write still hangs
    bench.machine.tick(bench.now)
    at = bench.machine.deadline(bench.now)
    assert at is not None
    assert at > bench.now  # the alarm's
    bench.machine.written(bench.now)
    assert bench.machine.deadline(bench.now) == bench.now


def test_an_accepted_stop_is_not_called_for_while_the_belt_falls() -> None:
    bench = stopped().answers("800801")
    bench.wait(1.1)
    bench.belt(400).machine.tick(bench.now)
    at = bench.machine.deadline(bench.now)
    assert at is not None
    assert at > bench.now + 1.0  # the alarm's, in a second and a half


def test_the_alarm_of_a_belt_that_does_not_fall_is_called_for_when_it_is_due() -> None:
    bench = stopped().answers("800801")
    assert bench.machine.deadline(bench.now) == bench.now + FALL_WITHIN


def test_the_alarm_of_a_belt_that_falls_silent_is_called_for_when_it_is_due() -> None:
    bench = Bench().moving()
    heard, bench.now = bench.now, bench.now + 1.5
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.answers("800801").machine.deadline(bench.now) == heard + UNSEEN_AFTER


def test_a_belt_that_has_told_nothing_is_not_called_for_as_one_that_does_not_fall() -> None:
    bench = Bench().connect()
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.answers("800801").machine.deadline(bench.now) == bench.now + UNSEEN_AFTER


def test_a_latch_that_is_clear_awaits_nothing() -> None:
    assert Bench().moving().machine.latch.deadline(100.0, writing=False) is None


def test_at_rest_nothing_is_awaited() -> None:
    bench = stopped().answers("800801").rests()
    assert bench.machine.deadline(bench.now) is None


def test_offline_nothing_is_awaited() -> None:
    bench = stopped().lose()
    assert bench.machine.deadline(bench.now) is None


def test_a_stop_that_is_accepted_and_not_obeyed_is_repeated_for_as_long_as_it_takes() -> None:
    bench = stopped().answers("800801")
    for _ in range(20):
        bench.wait(3.0, belt=500)
        bench.answers("800801")
    assert bench.wait(1.2, belt=500) == ["0801"]
    assert bench.alarm() is not None


@pytest.mark.parametrize("answer", ["800804", None])
def test_a_belt_that_was_told_to_start_and_does_not_take_stop_is_not_at_rest_for_its_zeros(answer: str | None) -> None:
    """Its countdown may still run (quirk 16): a Start was taken, and nothing said that it has been called off."""
    bench = Bench().starting().belt(0)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    for _ in range(14):
        if answer is not None:
            bench.answers(answer)
        assert set(bench.wait(1.0, belt=0)) == {"0801"}
    assert bench.latch() is LatchState.WRITTEN
    assert bench.belt(80).latch() is LatchState.WRITTEN
    assert bench.pump() in ([], ["0801"])
    bench.answers("800801").rests()
    assert bench.latch() is LatchState.AT_REST


@pytest.mark.parametrize("answer", ["800804", None])
def test_a_start_that_came_to_nothing_is_at_rest_once_no_countdown_can_be_that_long(answer: str | None) -> None:
    bench = Bench().starting().belt(0)
    bench.machine.stop()
    bench.pump()
    for _ in range(17):
        if answer is not None:
            bench.answers(answer)
        bench.wait(1.0, belt=0)
    assert bench.latch() is LatchState.AT_REST


def test_an_accepted_stop_in_the_countdown_is_at_rest_with_the_next_zero() -> None:
    bench = Bench().starting().belt(0)
    bench.machine.stop()
    bench.pump()
    bench.answers("800801").rests()
    assert bench.latch() is LatchState.AT_REST


def test_who_says_yes_to_everything_is_not_believed_in_the_countdown() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(proof=AckEvidence.BELT))).starting().belt(0)
    bench.machine.stop()
    bench.pump()
    bench.answers("800801").rests()
    assert bench.latch() is LatchState.WRITTEN
