"""What the machine core makes of a machine's habits (quirks.md), in literal bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runback.ftms import assigned_numbers
from runback.machine.belt import BeltPhase
from runback.machine.client import Capabilities
from runback.machine.events import Measured, Refused, Signal
from runback.machine.procedure import ControlState, StartIntent
from runback.machine.quirks import AckEvidence, ControlRequestPolicy, MachineQuirks, StartAuthority, Unlock, VendorWrite
from runback.machine.stop_latch import Alarm, LatchState
from runback.machine.unlock import UnlockSequence
from runback.source import Source
from tests.support.machine.driver import COMMON, POINT, Bench

VENDOR = "0000fff1-0000-1000-8000-00805f9b34fb"
REPLIES = "0000fff2-0000-1000-8000-00805f9b34fb"
PREAMBLE = VendorWrite(VENDOR, b"\xe0")


def at_rest(quirks: MachineQuirks, *, ask: bool = True) -> Bench:
    """Measured at rest; permission is there, and control has been asked for."""
    bench = Bench(replace(COMMON, quirks=quirks)).at_rest()
    if ask:
        bench.gate.arm()
        bench.machine.request_control()
    return bench


def start(bench: Bench, seconds: float = 5.0) -> Bench:
    bench.machine.start(StartIntent(bench.now + seconds))
    return bench


def later(bench: Bench, seconds: float = 0.3, belt: int = 0) -> Bench:
    bench.now += seconds
    return bench.belt(belt)


# -- asking for control ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["800004", "800002", None])
def test_quirk_3_a_claim_that_is_refused_or_never_answered_does_not_block_a_start(answer: str | None) -> None:
    bench = start(at_rest(MachineQuirks(obeys_unclaimed=True)), 9.0)
    assert bench.pump() == ["00"]
    if answer is not None:
        assert later(bench.answers(answer)).pump() == ["07"]
    else:
        assert bench.wait(4.0, belt=0) == ["07"]
    assert Signal.CONTROL_REFUSED not in bench.signals()


def test_quirk_3_where_nobody_claims_control_is_simply_there() -> None:
    bench = start(at_rest(MachineQuirks(claim=ControlRequestPolicy.NEVER)))
    assert Signal.CONTROL_GRANTED in bench.signals()
    assert bench.pump() == ["07"]
    bench.answers("800705")  # "not permitted" is answered by no claim
    assert bench.wait(3.0, belt=0) == []
    assert Signal.CONTROL_LOST in bench.signals()


def test_quirk_7_control_is_claimed_twice_before_it_counts() -> None:
    bench = at_rest(MachineQuirks(claim=ControlRequestPolicy.TWICE))
    assert bench.pump() == ["00"]
    bench.answers("800001")
    assert Signal.CONTROL_GRANTED not in bench.signals()
    assert later(bench).pump() == ["00"]
    bench.answers("800001")
    assert Signal.CONTROL_GRANTED in bench.signals()


def test_quirk_7_control_is_claimed_before_each_command() -> None:
    bench = start(at_rest(MachineQuirks(claim=ControlRequestPolicy.EACH)))
    assert bench.pump() == ["00"]
    assert later(bench.answers("800001")).pump() == ["07"]
    bench.answers("800701").belt(80).machine.want_speed(300, Source.PLAN)
    assert later(bench, belt=80).pump() == ["00"]
    assert later(bench.answers("800001"), belt=80).pump() == ["022c01"]
    assert bench.wait(4.0, belt=300) == []  # nothing is claimed for nothing


def test_quirk_9_a_key_follows_the_claim() -> None:
    bench = at_rest(MachineQuirks(key=bytes.fromhex("93f051e81b42928e")))
    assert bench.pump() == ["0093f051e81b42928e"]
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.answers("800805").pump() == ["0093f051e81b42928e"]


def test_quirk_14_where_a_claim_starts_the_belt_it_is_written_as_the_start_and_never_before() -> None:
    bench = at_rest(MachineQuirks(claim=ControlRequestPolicy.STARTS))
    assert bench.wait(5.0, belt=0) == []
    assert start(bench).pump() == ["00"]
    assert bench.machine.belt.state is BeltPhase.STARTING
    bench.answers("800001")
    assert bench.wait(2.0) == []  # no 07 after it
    bench.belt(80)
    assert Signal.BELT_MOVED in bench.signals()
    bench.machine.want_speed(300, Source.PLAN)
    assert bench.pump() == ["022c01"]


def test_quirk_14_such_a_claim_is_one_start_only() -> None:
    bench = start(at_rest(MachineQuirks(claim=ControlRequestPolicy.STARTS)))
    assert bench.pump() == ["00"]
    bench.answers("800005")
    assert set(bench.wait(8.0, belt=0)) == {"0801"}  # a start that is given up is answered with Stop
    assert {Signal.START_FAILED, Signal.CONTROL_REFUSED} <= set(bench.signals())


def test_quirk_14_nothing_is_claimed_of_a_belt_that_moves_or_is_not_seen() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(claim=ControlRequestPolicy.STARTS))).connect()
    bench.gate.arm()
    bench.machine.request_control()
    assert start(bench).wait(6.0) == []
    bench.belt(300).machine.request_control()
    assert bench.wait(3.0, belt=300) == []
    assert Signal.CONTROL_REFUSED in bench.signals()


def test_quirk_14_control_that_is_not_permitted_is_not_claimed_again() -> None:
    bench = start(at_rest(MachineQuirks(claim=ControlRequestPolicy.STARTS)))
    bench.pump()
    bench.answers("800001").belt(80).machine.want_speed(300, Source.PLAN)
    assert later(bench, belt=80).pump() == ["022c01"]
    bench.answers("800205")
    assert bench.wait(3.0, belt=80) == []
    assert Signal.CONTROL_LOST in bench.signals()


def test_quirk_14_a_stop_that_is_not_permitted_claims_of_a_moving_belt_only() -> None:
    for belt, then in ((300, "00"), (0, "0801")):
        bench = at_rest(MachineQuirks(claim=ControlRequestPolicy.STARTS)).belt(belt)
        bench.machine.stop()
        assert bench.pump() == ["0801"]
        bench.answers("800805").belt(belt)
        assert bench.pump() == [then]


def test_quirk_14_a_belt_that_its_own_button_starts_before_the_claim_is_not_claimed() -> None:
    bench = at_rest(MachineQuirks(claim=ControlRequestPolicy.STARTS)).belt(80)
    assert Signal.CONTROL_REFUSED in bench.signals()
    assert bench.wait(3.0, belt=80) == []


def test_quirk_14_a_claim_whose_answer_is_lost_is_known_by_the_belt() -> None:
    bench = start(at_rest(MachineQuirks(claim=ControlRequestPolicy.STARTS)))
    assert bench.pump() == ["00"]
    assert bench.wait(4.0, belt=80) == []
    assert bench.machine.control is ControlState.GRANTED


def test_quirk_14_a_claim_that_is_not_answered_and_starts_nothing_gives_no_control() -> None:
    bench = start(at_rest(MachineQuirks(claim=ControlRequestPolicy.STARTS)))
    assert bench.pump() == ["00"]
    assert bench.wait(4.0, belt=0) == []
    assert bench.machine.control is not ControlState.GRANTED


def test_a_belt_that_moves_answers_for_no_claim_that_starts_nothing() -> None:
    bench = at_rest(MachineQuirks()).belt(300)
    assert bench.pump() == ["00"]
    assert bench.wait(8.0, belt=300) == ["00", "00"]
    assert bench.machine.control is not ControlState.GRANTED
    assert bench.wait(3.0, belt=300) == []
    assert Signal.CONTROL_REFUSED in bench.signals()


def test_quirk_3_obeying_without_a_claim_answers_for_claims_only() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(obeys_unclaimed=True))).moving(300)
    bench.machine.want_speed(500, Source.PLAN)
    assert bench.pump() == ["02f401"]
    assert bench.wait(4.0, belt=300) == ["02f401"]  # unanswered, and the belt does not show it


# -- starting --------------------------------------------------------------------------------------------------------


def test_quirk_15_after_its_own_button_00_and_07_follow_and_not_before() -> None:
    bench = at_rest(MachineQuirks(start_by=StartAuthority.CONSOLE_FIRST))
    assert bench.pump() == ["00"]
    start(bench.answers("800001"), 60.0)
    assert bench.wait(10.0, belt=0) == []
    bench.says("0201")  # its button
    assert bench.pump() == ["00"]
    assert later(bench.answers("800001")).pump() == ["07"]
    bench.says("0201")  # again, on the way: the start is off
    assert Signal.START_FAILED in bench.signals()


def test_quirk_15_each_start_wants_its_own_press() -> None:
    bench = start(at_rest(MachineQuirks(start_by=StartAuthority.CONSOLE_FIRST, claim=ControlRequestPolicy.NEVER)))
    assert bench.says("0201").pump() == ["07"]
    later(bench.answers("800701"), 3.0, belt=80)
    bench.machine.pause()
    assert bench.pump() == ["0802"]
    later(bench.answers("800801")).gate.arm()
    assert start(bench).wait(2.0, belt=0) == []
    assert bench.says("0201").pump() == ["07"]


def test_quirk_15_its_button_without_a_wish_to_start_starts_nothing() -> None:
    bench = at_rest(MachineQuirks(start_by=StartAuthority.CONSOLE_FIRST))
    bench.pump()
    bench.answers("800001").says("0201")
    assert bench.wait(5.0, belt=0) == []
    start(bench, 2.0)
    assert bench.wait(5.0, belt=0) == []  # that press is not counted for a later wish
    bench.machine.stop()
    bench.says("0201")
    assert set(bench.wait(3.0, belt=0)) <= {"0801"}


def test_quirk_15_where_nobody_claims_only_07_follows_the_button() -> None:
    bench = start(at_rest(MachineQuirks(start_by=StartAuthority.CONSOLE_FIRST, claim=ControlRequestPolicy.NEVER)))
    assert bench.says("0201").pump() == ["07"]


def test_quirk_15_its_button_claims_nothing_that_nobody_has_asked_for() -> None:
    bench = start(at_rest(MachineQuirks(start_by=StartAuthority.CONSOLE_FIRST), ask=False), 60.0)
    bench.gate.arm()
    assert bench.says("0201").pump() == []
    assert bench.wait(5.0, belt=0) == []
    assert bench.machine.control is ControlState.NONE


def test_quirk_15_control_that_is_not_given_again_after_its_button_is_lost() -> None:
    bench = at_rest(MachineQuirks(start_by=StartAuthority.CONSOLE_FIRST))
    bench.pump()
    start(bench.answers("800001"), 60.0).said()
    bench.now += 0.3
    assert bench.says("0201").pump() == ["00"]
    bench.answers("800004")
    assert Signal.CONTROL_LOST in bench.signals()
    assert bench.machine.control is ControlState.NONE
    assert bench.wait(5.0, belt=0) == []


def test_quirk_19_where_a_pause_is_a_stop_it_is_a_pauses_octets_that_differ_and_nothing_else() -> None:
    bench = start(at_rest(MachineQuirks(pause_by_stop=True, claim=ControlRequestPolicy.NEVER)))
    assert bench.pump() == ["07"]
    later(bench.answers("800701"), 3.0, belt=80).machine.pause()
    assert bench.pump() == ["0801"]
    assert not bench.writes[-1].stop
    assert bench.latch() is LatchState.CLEAR


def test_quirk_16_a_start_may_take_as_long_as_has_been_seen() -> None:
    bench = start(at_rest(MachineQuirks(claim=ControlRequestPolicy.NEVER, start_within=25.0)))
    assert bench.pump() == ["07"]
    bench.answers("800701").wait(24.0, belt=0)
    assert Signal.START_FAILED not in bench.signals()
    bench.wait(2.0, belt=0)
    assert Signal.START_FAILED in bench.signals()


def test_quirk_17_where_only_its_button_starts_07_is_never_written() -> None:
    bench = start(at_rest(MachineQuirks(start_by=StartAuthority.CONSOLE)))
    assert bench.pump() == ["00"]
    bench.answers("800001")
    assert bench.wait(4.0, belt=0) == []
    bench.belt(80).machine.want_speed(300, Source.PLAN)
    assert later(bench, belt=80).pump() == ["022c01"]


# -- keeping it going ------------------------------------------------------------------------------------------------


def fed(speed: int = 300) -> Bench:
    """A belt with a keepalive of a second, driven at `speed`."""
    bench = start(at_rest(MachineQuirks(keepalive=1.0)))
    assert bench.pump() == ["00"]
    assert later(bench.answers("800001")).pump() == ["07"]
    bench.answers("800701").machine.want_speed(speed, Source.PLAN)
    return bench


def answer_all(bench: Bench, seconds: int, belt: int) -> list[str]:
    seen = len(bench.log)
    for _ in range(seconds):
        bench.now += 1.0
        bench.belt(belt)
        while sent := bench.pump():
            bench.answers(f"80{sent[0][:2]}01")
            bench.now += 0.3
    return [octets for _, octets in bench.log[seen:]]


def test_quirk_13_start_is_repeated_while_the_belt_is_driven_and_seen_moving() -> None:
    bench = fed()
    assert answer_all(bench, 3, 0) == []  # not in the countdown
    sent = answer_all(bench, 6, 300)
    assert sent.count("07") == 6
    assert sent.count("022c01") == 1


def test_quirk_13_the_next_start_is_called_for_when_it_is_due() -> None:
    bench = fed()
    answer_all(bench, 4, 300)
    last = max(at for at, octets in bench.log if octets == "07")
    assert bench.machine.deadline(bench.now) == pytest.approx(last + 1.0)


@pytest.mark.parametrize("ends", ["stop", "pause", "console", "withdrawn", "silence", "slow"])
def test_quirk_13_the_keepalive_ends_with_whatever_ends_the_drive(ends: str) -> None:
    bench = fed()
    answer_all(bench, 4, 300)
    match ends:
        case "stop":
            bench.machine.stop()
        case "pause":
            bench.machine.pause()
        case "console":
            bench.says("0201")
        case "withdrawn":
            bench.gate.withdraw("enough")
        case _:
            pass
    if ends == "silence":
        bench.now += 2.1
        assert "07" not in bench.pump()
        return
    assert "07" not in answer_all(bench, 4, 70 if ends == "slow" else 300)


def test_quirk_13_the_keepalive_is_due_to_the_moment_at_the_lowest_speed_and_on_a_record_two_seconds_old() -> None:
    bench = fed()
    began = bench.now
    assert later(bench, 0.5, belt=80).pump()
    bench.answers("800201")
    bench.now = began + 0.999
    assert "07" not in bench.pump()
    bench.answers("800201").now = began + 1.0
    assert bench.pump() == ["07"]
    bench.answers("800701").belt(80)
    bench.now = began + 1.0 + 2.0
    assert bench.pump() == ["07"]


def test_quirk_13_a_belt_that_somebody_else_started_is_not_kept_going() -> None:
    bench = at_rest(MachineQuirks(keepalive=1.0, claim=ControlRequestPolicy.NEVER)).belt(300)
    bench.machine.want_speed(300, Source.PLAN)
    assert "07" not in bench.wait(4.0, belt=300)


def test_quirk_13_no_start_goes_to_a_belt_that_this_link_has_not_started() -> None:
    bench = fed()
    answer_all(bench, 4, 300)
    bench.lose().connect().belt(300).gate.arm()
    bench.machine.request_control()
    bench.machine.want_speed(300, Source.PLAN)
    assert answer_all(bench, 4, 300) == ["00", "022c01"]


def test_quirk_13_nothing_else_is_written_before_a_keepalive_is_answered_or_three_seconds_old() -> None:
    bench = fed()
    answer_all(bench, 4, 300)
    bench.machine.want_speed(250, Source.PLAN)
    bench.now += 1.0
    while (sent := bench.belt(300).offered()) != "07":
        assert sent is not None
        bench.answers(f"80{sent[:2]}01")
        bench.now += 0.3
    bench.machine.want_speed(200, Source.PLAN)
    bench.machine.tick(bench.now)
    assert later(bench, 0.9, belt=300).offered() is None


def test_quirk_13_a_keepalive_that_fails_is_no_failed_start() -> None:
    bench = fed()
    answer_all(bench, 2, 300)
    bench.said()
    bench.now += 1.0
    assert "07" in bench.belt(300).pump()
    bench.answers("800704")
    assert bench.said() == []
    assert bench.machine.deadline(bench.now) is not None


# -- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("proof", [AckEvidence.STATUS, AckEvidence.BELT])
def test_quirks_4_and_5_silence_of_the_control_point_is_no_failure(proof: AckEvidence) -> None:
    bench = start(at_rest(MachineQuirks(claim=ControlRequestPolicy.NEVER, proof=proof)))
    assert bench.pump() == ["07"]
    bench.says("04").now += 3.0
    bench.belt(80).machine.want_speed(300, Source.PLAN)
    assert bench.pump() == ["022c01"]
    assert bench.wait(8.0, belt=250) == []  # neither resent nor called refused
    bench.machine.pause()
    assert bench.pump() == ["0802"]
    bench.wait(5.0, belt=250)
    assert not [event for event in bench.said() if isinstance(event, Refused) or event is Signal.PAUSE_REFUSED]


def raised_in_steps(proof: AckEvidence) -> Bench:
    return Bench(replace(COMMON, quirks=MachineQuirks(proof=proof))).raised_in_steps(lambda _: "800201")


def test_a_yes_means_that_the_next_failure_is_the_first() -> None:
    bench = raised_in_steps(AckEvidence.ANY)
    assert bench.said() == []
    assert bench.wait(1.0, belt=900) == ["02b004"]


def test_quirk_5_a_yes_that_proves_nothing_resets_no_count() -> None:
    bench = raised_in_steps(AckEvidence.BELT)
    assert [type(event) for event in bench.said()] == [Refused]  # it was the third
    assert bench.wait(3.0, belt=900) == []


def test_quirk_5_a_yes_that_proves_nothing_is_no_reason_to_write_again() -> None:
    bench = start(at_rest(MachineQuirks(claim=ControlRequestPolicy.NEVER, proof=AckEvidence.BELT)))
    bench.pump()
    bench.answers("800701").belt(80).machine.want_speed(300, Source.PLAN)
    assert later(bench, belt=80).pump() == ["022c01"]
    bench.answers("800201")
    assert bench.machine.speed.sent == 300
    bench.machine.want_speed(350, Source.PLAN)
    assert later(bench, belt=300).pump() == ["025e01"]  # it ends the procedure all the same


def test_quirk_5_a_belt_that_never_follows_is_told_of_once() -> None:
    bench = Bench().moving(300)
    bench.machine.want_speed(500, Source.PLAN)
    bench.pump()
    bench.answers("800201").wait(28.0, belt=300)
    assert bench.signals() == []
    bench.wait(60.0, belt=300)
    assert bench.signals() == [Signal.NOT_FOLLOWING]
    bench.wait(2.0, belt=500)
    assert bench.signals() == []


def test_quirk_5_after_a_lost_link_a_yes_to_stop_is_followed_by_a_claim_and_another_stop() -> None:
    """Without control such a machine says yes, and runs on."""
    bench = at_rest(MachineQuirks(proof=AckEvidence.BELT)).belt(300).lose().connect().belt(300)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.answers("800801").pump() == ["00"]
    assert bench.answers("800001").pump() == ["0801"]
    bench.answers("800801")
    assert bench.wait(1.0) == []
    assert bench.latch() is LatchState.ACCEPTED


def test_quirk_5_in_control_a_yes_to_stop_is_believed_until_the_belt_shows_otherwise() -> None:
    bench = at_rest(MachineQuirks(proof=AckEvidence.BELT))
    bench.pump()
    bench.answers("800001").belt(300)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800801")
    assert bench.wait(1.0) == []
    assert bench.latch() is LatchState.ACCEPTED


# -- before it obeys -------------------------------------------------------------------------------------------------


def test_quirk_7_the_preamble_goes_before_each_command_and_never_alone() -> None:
    bench = start(at_rest(MachineQuirks(preamble=PREAMBLE)))
    assert bench.pump() == ["e0", "00"]
    assert later(bench.answers("800001")).pump() == ["e0", "07"]
    bench.answers("800701").belt(80).machine.want_speed(300, Source.PLAN)
    assert later(bench, belt=80).pump() == ["e0", "022c01"]
    assert bench.answers("800201").wait(4.0, belt=300) == []
    bench.machine.stop()
    assert bench.pump() == ["e0", "0801"]
    assert [write.uuid for write in bench.writes if write.ahead] == [VENDOR] * 4


def test_quirk_7_a_preamble_once_is_written_once_on_each_link() -> None:
    quirks = MachineQuirks(preamble=PREAMBLE, preamble_once=True)
    bench = at_rest(quirks)
    assert bench.pump() == ["e0", "00"]
    start(later(bench.answers("800001")))
    assert bench.pump() == ["07"]
    bench.lose().connect().machine.stop()
    assert bench.pump() == ["e0", "0801"]


def test_quirk_7_what_is_called_off_after_the_preamble_is_not_written() -> None:
    bench = start(at_rest(MachineQuirks(preamble=PREAMBLE, claim=ControlRequestPolicy.NEVER)))
    assert bench.offered() == "e0"
    bench.machine.pause()
    bench.machine.written(bench.now)
    assert bench.wait(4.0, belt=0) == []


def test_quirk_7_a_preamble_that_is_refused_holds_up_neither_command_nor_stop() -> None:
    bench = start(at_rest(MachineQuirks(preamble=PREAMBLE, claim=ControlRequestPolicy.NEVER)))
    assert bench.offered() == "e0"
    bench.refuses(0x0E)
    assert bench.pump() == ["07"]
    bench.machine.stop()
    assert bench.offered() == "e0"
    bench.refuses(0x0E)
    assert bench.pump() == ["0801"]


ASKED = Unlock(VendorWrite(VENDOR, b"\xe1"), REPLIES, b"\x71\x80")
PLAIN = Unlock(VendorWrite(VENDOR, b"\xe2"), wait=1.0)


def test_quirk_6_unlocking_waits_for_the_persons_word_and_then_for_the_answer() -> None:
    bench = at_rest(MachineQuirks(unlock=(ASKED,)), ask=False)
    assert bench.wait(5.0, belt=0) == []
    bench.gate.arm()
    bench.machine.request_control()
    assert bench.pump() == ["e1"]
    assert bench.hears(REPLIES, "7181").wait(1.0) == []
    assert bench.hears(REPLIES, "718000").pump() == ["00"]
    assert bench.hears(REPLIES, "718000").wait(1.0) == []


@pytest.mark.parametrize("uuid", [VENDOR, "0000fff3-0000-1000-8000-00805f9b34fb"])
def test_quirk_6_only_the_characteristic_that_answers_unlocks(uuid: str) -> None:
    bench = at_rest(MachineQuirks(unlock=(ASKED,)))
    assert bench.pump() == ["e1"]
    assert bench.hears(uuid, "718000").wait(1.0) == []
    assert bench.hears(REPLIES, "718000").pump() == ["00"]


def test_quirk_6_where_no_answer_is_described_any_will_do() -> None:
    bench = at_rest(MachineQuirks(unlock=(Unlock(VendorWrite(VENDOR, b"\xe1"), REPLIES),)))
    assert bench.pump() == ["e1"]
    assert not bench.writes[-1].response
    assert not bench.writes[-1].stop
    assert later(bench.hears(REPLIES, "55")).pump() == ["00"]


def test_quirk_8_where_no_time_is_described_four_tenths_of_a_second_are_left() -> None:
    bench = at_rest(MachineQuirks(unlock=(Unlock(VendorWrite(VENDOR, b"\xe2")),)))
    assert bench.pump() == ["e2"]
    assert later(bench, 0.39).pump() == []
    assert later(bench, 0.011).pump() == ["00"]
    assert MachineQuirks().gap == 0.0  # nobody knows of one


def test_quirk_6_after_an_answer_the_usual_gap_is_enough() -> None:
    bench = at_rest(MachineQuirks(unlock=(ASKED, PLAIN)))
    assert bench.pump() == ["e1"]
    assert later(bench.hears(REPLIES, "718000"), 0.24).pump() == []
    assert later(bench, 0.01).pump() == ["e2"]
    assert later(bench, 0.9).pump() == []


def test_quirk_8_unlocking_without_an_answer_leaves_the_time_it_wants() -> None:
    bench = at_rest(MachineQuirks(unlock=(PLAIN, ASKED)))
    assert bench.pump() == ["e2"]
    assert bench.wait(0.9) == []
    assert bench.wait(0.2) == ["e1"]


@pytest.mark.parametrize("fails", ["silence", "refused"])
def test_quirk_6_a_machine_that_stays_locked_is_not_controlled(fails: str) -> None:
    bench = start(at_rest(MachineQuirks(unlock=(ASKED,))), 9.0)
    assert bench.offered() == "e1"
    if fails == "refused":
        bench.refuses(0x0E)
    else:
        bench.machine.written(bench.now)
    assert bench.wait(8.0, belt=0) == []
    assert bench.signals().count(Signal.CONTROL_REFUSED) == 1
    bench.gate.arm()
    bench.machine.request_control()  # on a person's word it is tried again
    assert bench.pump() == ["e1"]


def test_quirk_6_a_machine_that_says_nothing_before_can_be_asked_to_speak() -> None:
    bench = at_rest(MachineQuirks(unlock=(ASKED,)), ask=False)
    bench.machine.listen()
    assert bench.pump() == ["e1"]
    assert bench.hears(REPLIES, "7180").wait(3.0) == []
    bench.machine.listen()
    assert bench.wait(3.0) == []


def test_quirk_6_ahead_of_stop_unlocking_waits_for_nothing() -> None:
    bench = at_rest(MachineQuirks(unlock=(PLAIN, ASKED)), ask=False).belt(300)
    bench.machine.stop()
    assert bench.pump() == ["e2", "e1", "0801"]
    bench.hears(REPLIES, "7180")
    assert bench.wait(0.5) == ["0801"]


def prefaced(quirks: MachineQuirks) -> UnlockSequence:
    unlock = UnlockSequence()
    unlock.take(quirks)
    return unlock


def is_locked(unlock: UnlockSequence) -> bool:
    return unlock.locked


def ahead_of_stop(unlock: UnlockSequence) -> list[bytes]:
    """What goes ahead of a Stop, which is then written."""
    found = []
    while (write := unlock.ahead_of_stop()) is not None:
        found.append(write.data)
    unlock.commanded()
    return found


def test_quirk_6_each_stop_asks_again_for_what_was_not_answered() -> None:
    unlock = prefaced(MachineQuirks(unlock=(PLAIN, ASKED)))
    assert ahead_of_stop(unlock) == [b"\xe2", b"\xe1"]
    assert is_locked(unlock)
    assert ahead_of_stop(unlock) == [b"\xe1"]
    unlock.heard(REPLIES, b"\x71\x80")
    assert not is_locked(unlock)
    assert ahead_of_stop(unlock) == []


def test_quirk_6_ahead_of_stop_only_what_is_missing_is_written() -> None:
    unlock = prefaced(MachineQuirks(unlock=(PLAIN, ASKED)))
    assert unlock.unlocking(10.0) is PLAIN
    assert unlock.reply_by is None
    assert ahead_of_stop(unlock) == [b"\xe1"]
    assert unlock.unlocking(10.0) is ASKED
    assert unlock.reply_by == 13.0


def test_quirk_6_what_stop_writes_behind_an_answer_that_is_missing_unlocks_nothing() -> None:
    unlock = prefaced(MachineQuirks(unlock=(ASKED, PLAIN)))
    assert ahead_of_stop(unlock) == [b"\xe1", b"\xe2"]
    assert is_locked(unlock)
    unlock.heard(REPLIES, b"\x71\x80")
    assert ahead_of_stop(unlock) == [b"\xe2"]
    assert not is_locked(unlock)


def test_quirk_6_each_stop_writes_again_what_stands_behind_an_answer_that_is_missing() -> None:
    unlock = prefaced(MachineQuirks(unlock=(ASKED, PLAIN)))
    assert [ahead_of_stop(unlock), ahead_of_stop(unlock)] == [[b"\xe1", b"\xe2"]] * 2


def test_quirk_7_only_a_preamble_that_was_written_counts() -> None:
    once = prefaced(MachineQuirks(preamble=PREAMBLE, preamble_once=True))
    once.commanded()
    assert [once.preamble(), once.preamble()] == [PREAMBLE, None]
    once.commanded()
    assert [once.preamble()] == [None]
    each = prefaced(MachineQuirks(preamble=PREAMBLE))
    assert [each.preamble(), each.preamble()] == [PREAMBLE, None]
    each.commanded()
    assert each.preamble() is PREAMBLE


def test_quirk_42_a_machine_that_wants_a_pause_between_writes_gets_it() -> None:
    bench = start(at_rest(MachineQuirks(gap=0.4)))
    assert bench.pump() == ["00"]
    assert later(bench.answers("800001"), 0.3).pump() == []
    assert later(bench, 0.11).pump() == ["07"]
    bench.machine.stop()
    assert bench.pump() == ["0801"]  # Stop ignores the gap


def test_quirk_42_a_claim_after_stop_leaves_the_gap() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(gap=0.4))).connect().belt(300)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.answers("800805").pump() == []
    assert bench.wait(0.4) == ["00"]


def test_quirk_42_the_stop_after_a_claim_leaves_the_gap_too() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(gap=0.4))).connect().belt(300)
    bench.machine.stop()
    bench.pump()
    bench.answers("800805")
    assert bench.wait(0.4) == ["00"]
    bench.answers("800001")
    assert bench.wait(0.3) == []
    assert bench.wait(0.2) == ["0801"]
    bench.answers("800805")
    assert bench.wait(0.3) == []
    assert bench.wait(0.2) == ["00"]


# -- what it reports -------------------------------------------------------------------------------------------------


def test_quirk_39_the_speed_is_that_of_running_speed_and_cadence() -> None:
    """2A53: flags 00, 2.8 m/s in 1/256 (cd02), cadence 0."""
    bench = Bench(replace(COMMON, quirks=MachineQuirks(speed_from_rsc=True))).connect()
    bench.belt(0)
    assert bench.machine.belt.state is BeltPhase.UNKNOWN  # 2ACD's speed is none
    bench.hears(assigned_numbers.RSC_MEASUREMENT, "00cd0200")
    assert bench.measured() == 1008
    assert [event.speed for event in bench.events + bench.machine.take_events() if isinstance(event, Measured)] == [
        None,
        1008,
    ]


@pytest.mark.parametrize(("tells", "incline"), [(True, 25), (False, None)])
def test_quirk_28_a_reported_incline_counts_only_where_it_is_the_decks(*, tells: bool, incline: int | None) -> None:
    """2ACD: flags 0800, 3 km/h, 2.5 %, 0 degrees."""
    bench = Bench(replace(COMMON, quirks=MachineQuirks(tells_incline=tells))).connect()
    bench.hears(assigned_numbers.TREADMILL_DATA, "0800" + "2c01" + "1900" + "0000")
    assert bench.machine.belt.incline == incline
    assert [event.incline for event in bench.machine.take_events() if isinstance(event, Measured)] == [incline]


def test_quirk_39_elsewhere_running_speed_and_cadence_is_not_listened_to() -> None:
    bench = Bench().at_rest().hears(assigned_numbers.RSC_MEASUREMENT, "00cd0200")
    assert bench.measured() == 0


def told(bench: Bench) -> list[tuple[int | None, int | None, int | None]]:
    records = [event for event in bench.events + bench.machine.take_events() if isinstance(event, Measured)]
    return [(record.speed, record.steps, record.cadence) for record in records]


def test_quirk_39_a_cadence_is_told_with_the_speed_it_came_with() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(speed_from_rsc=True))).connect()
    bench.hears(assigned_numbers.RSC_MEASUREMENT, "00cd026e")
    assert told(bench) == [(1008, None, 110)]


def test_quirk_39_beside_treadmill_data_a_cadence_is_told_once_with_the_next_record() -> None:
    bench = Bench().connect()
    bench.hears(assigned_numbers.RSC_MEASUREMENT, "00cd026e")
    bench.belt(300)
    bench.belt(300)
    assert told(bench) == [(300, None, 110), (300, None, None)]


def test_quirk_29_steps_are_told_where_the_machine_is_known_to_count_them() -> None:
    steps = "0020" + "2c01" + "fa0100"
    bench = Bench(replace(COMMON, quirks=MachineQuirks(step_octets=3))).connect()
    bench.hears(assigned_numbers.TREADMILL_DATA, steps).hears(assigned_numbers.TREADMILL_DATA, "0000" + "2c01")
    assert told(bench) == [(300, 506, None), (300, None, None)]
    unknown = Bench().connect().hears(assigned_numbers.TREADMILL_DATA, steps)
    assert told(unknown) == [(300, None, None)]


def test_quirk_29_a_count_in_the_first_part_of_a_split_record_is_told_with_the_whole() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(step_octets=2))).connect()
    bench.hears(assigned_numbers.TREADMILL_DATA, "0120" + "fa01").hears(
        assigned_numbers.TREADMILL_DATA, "0000" + "2c01"
    )
    assert told(bench) == [(300, 506, None)]


def test_steps_of_a_lost_link_are_not_told_on_the_next() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(step_octets=2))).connect()
    bench.hears(assigned_numbers.TREADMILL_DATA, "0120" + "fa01")
    bench.machine.disconnected(bench.now)
    bench.connect().hears(assigned_numbers.TREADMILL_DATA, "0000" + "2c01")
    assert told(bench)[-1] == (300, None, None)


def test_quirk_38_a_reported_zero_is_no_evidence_on_a_blind_machine() -> None:
    bench = start(at_rest(MachineQuirks(blind=True, claim=ControlRequestPolicy.NEVER)))
    assert bench.wait(5.0, belt=0) == []
    assert bench.measured() is None
    bench.machine.stop()
    assert set(bench.wait(30.0, belt=0)) == {"0801"}
    assert bench.latch() is not LatchState.AT_REST


def stopped_unseen() -> Bench:
    bench = at_rest(MachineQuirks(blind=True), ask=False)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800801")
    assert bench.machine.deadline(bench.now) == bench.now + 1.0  # once more
    return bench


def test_quirk_38_an_accepted_stop_is_repeated_a_bounded_number_of_times_when_nobody_can_see() -> None:
    bench = stopped_unseen()
    assert bench.wait(30.0, belt=0) == ["0801"] * 5
    assert bench.alarm() is None  # its silence is no news, and an alarm without end would be none
    assert bench.latch() is LatchState.ACCEPTED  # nor is it rest
    assert bench.machine.latch.spent
    assert bench.machine.deadline(bench.now) is None
    assert [each for each in bench.events if each is Signal.STOP_UNSEEN] == [Signal.STOP_UNSEEN]


def test_quirk_38_the_person_is_called_to_look_in_time_though_the_link_is_gone() -> None:
    bench = stopped_unseen().lose()
    assert bench.machine.deadline(bench.now) == 106.0
    bench.now = 106.0
    bench.machine.tick(bench.now)
    assert bench.signals()[-1] is Signal.STOP_UNSEEN


def test_quirk_38_nothing_is_called_for_between_two_stops() -> None:
    bench = stopped_unseen()
    bench.wait(2.5)  # a machine that is listened to would be unseen by now
    assert bench.machine.deadline(bench.now) == 103.0
    bench.belt(300).wait(2.1)  # and stuck
    assert bench.machine.deadline(bench.now) == 105.0


def test_quirk_38_an_unanswered_stop_is_repeated_a_bounded_number_of_times_too() -> None:
    bench = at_rest(MachineQuirks(blind=True), ask=False)
    bench.machine.stop()
    written = bench.wait(30.0)
    assert set(written) == {"0801"}
    assert 4 < len(written) <= 13
    assert bench.machine.latch.spent
    assert not bench.machine.latch.link_unresponsive()  # nobody could tell whether a new link does better
    assert bench.machine.deadline(bench.now) is None


def test_quirk_38_an_alarm_from_before_the_machine_was_known_does_not_stay() -> None:
    bench = Bench(replace(COMMON, controllable=False, quirks=MachineQuirks(blind=True)))
    bench.machine.stop()
    bench.wait(1.0)
    assert bench.alarm() is Alarm.NO_LINK
    bench.connect().wait(1.0)
    assert bench.alarm() is None
    assert bench.machine.latch.spent


def test_quirk_38_a_belt_that_it_says_gets_faster_is_an_alarm_all_the_same() -> None:
    bench = stopped_unseen()
    bench.belt(300)
    bench.wait(2.0, belt=300)
    bench.belt(400).wait(0.5)
    assert bench.alarm() is Alarm.RISING


@pytest.mark.parametrize(
    ("able", "by_hand"),
    [
        (COMMON, False),
        (replace(COMMON, controllable=False), True),
        (replace(COMMON, quirks=MachineQuirks(stop_by_hand=True)), True),
    ],
)
def test_quirks_9_and_19_where_only_its_own_stop_stops_it_a_hand_is_waited_for(
    able: Capabilities, *, by_hand: bool
) -> None:
    assert Bench(able).connect().machine.latch.by_hand is by_hand


def test_quirks_7_and_42_a_command_leaves_the_gap_after_its_preamble() -> None:
    quirks = MachineQuirks(gap=0.4, preamble=VendorWrite("fff1", b"\x01\x02"), claim=ControlRequestPolicy.NEVER)
    bench = start(at_rest(quirks))
    assert bench.pump() == ["0102"]
    bench.now += 0.39
    assert bench.pump() == []
    bench.now += 0.02
    assert bench.pump() == ["07"]


def test_quirk_38_stop_asked_for_again_is_written_again() -> None:
    bench = stopped_unseen()
    bench.wait(30.0)
    bench.machine.stop()
    assert not bench.machine.reset_stop()  # not before it has gone out
    assert bench.pump() == ["0801"]
    assert not bench.machine.latch.spent


def test_quirk_38_a_new_link_gets_the_stop_again() -> None:
    bench = stopped_unseen()
    bench.wait(30.0)
    bench.lose().connect()
    assert bench.pump() == ["0801"]


def test_quirk_38_the_persons_word_is_what_lets_go_and_leads_to_no_write() -> None:
    bench = stopped_unseen()
    assert bench.machine.reset_stop()
    assert bench.wait(30.0) == []
    assert bench.latch() is LatchState.CLEAR


def test_quirk_38_no_word_counts_against_a_belt_that_is_measured_moving() -> None:
    bench = stopped_unseen()
    bench.belt(300)
    assert not bench.machine.reset_stop()


def test_quirk_38_no_word_lets_go_before_stop_has_been_asked_for_or_written() -> None:
    bench = at_rest(MachineQuirks(blind=True), ask=False)
    assert not bench.machine.reset_stop()
    assert not bench.machine.latch.confirmed_by_person
    bench.machine.stop()
    assert not bench.machine.reset_stop()
    assert bench.pump() == ["0801"]
    assert bench.machine.reset_stop()


def test_quirk_38_a_word_lets_go_of_a_stop_that_no_link_can_take() -> None:
    bench = at_rest(MachineQuirks(blind=True), ask=False).lose()
    bench.machine.stop()
    assert bench.pump() == []
    assert bench.machine.reset_stop()
    assert bench.connect().wait(3.0) == []


def test_quirk_38_after_the_persons_word_nobody_is_told_to_look_again() -> None:
    bench = stopped_unseen()
    bench.wait(30.0)
    bench.said()
    assert bench.machine.reset_stop()
    assert not bench.machine.latch.spent
    bench.wait(3.0)
    assert bench.said() == []


@pytest.mark.parametrize("controllable", [True, False])
def test_quirk_38_nobody_is_told_to_look_before_stop_has_been_asked_for(*, controllable: bool) -> None:
    bench = Bench(replace(COMMON, controllable=controllable, quirks=MachineQuirks(blind=True))).at_rest()
    bench.said()
    bench.wait(9.0)
    assert bench.said() == []
    assert bench.machine.latch.since is None


def test_quirk_38_a_stop_asked_for_again_goes_out_whatever_the_machine_has_just_said_of_its_belt() -> None:
    bench = stopped_unseen()
    bench.wait(30.0)
    assert bench.belt(300).pump() == []
    bench.machine.stop()
    assert bench.pump() == ["0801"]


def test_quirk_38_what_was_done_on_a_blind_link_does_not_count_on_one_that_sees() -> None:
    bench = stopped_unseen()
    bench.wait(30.0)
    assert bench.machine.latch.spent
    bench.able = COMMON
    assert bench.lose().connect().pump() == ["0801"]
    assert not bench.machine.latch.spent


def test_quirk_10_without_a_control_point_or_a_word_from_it_only_the_person_stops_the_belt() -> None:
    bench = Bench(replace(COMMON, controllable=False, quirks=MachineQuirks(blind=True))).connect()
    bench.machine.stop()
    assert bench.wait(30.0) == []
    assert bench.machine.latch.spent
    assert bench.alarm() is None
    assert bench.machine.reset_stop()
    assert Signal.STOP_UNSEEN in bench.signals()
    bench.machine.stop()
    assert bench.pump() == []
    assert bench.signals() == [Signal.LATCHED, Signal.STOP_UNSEEN]  # each time


def test_quirk_16_a_target_waits_for_training_status_where_that_says_that_it_is_taken() -> None:
    bench = at_rest(MachineQuirks(ready_by_status=True, claim=ControlRequestPolicy.NEVER))
    bench.machine.want_speed(300, Source.PLAN)
    assert start(bench).pump() == ["07"]
    bench.hears(assigned_numbers.TRAINING_STATUS, "000e")
    assert bench.wait(3.0, belt=80) == []
    for code in ("0001", "0000", "000f", "0010", "0011", "00"):
        bench.hears(assigned_numbers.TRAINING_STATUS, code)
        assert bench.wait(0.3, belt=80) == [], code
    bench.hears(assigned_numbers.TRAINING_STATUS, "000d")
    assert bench.wait(0.3, belt=80) == ["022c01"]


def test_quirk_16_stop_and_pause_wait_for_no_training_status() -> None:
    for act, octets in (("pause", "0802"), ("stop", "0801")):
        bench = at_rest(MachineQuirks(ready_by_status=True, claim=ControlRequestPolicy.NEVER))
        start(bench).pump()
        bench.wait(2.0, belt=80)
        getattr(bench.machine, act)()
        assert bench.pump() == [octets]


def test_quirk_16_a_training_status_that_never_comes_is_not_waited_for_for_ever() -> None:
    bench = at_rest(MachineQuirks(ready_by_status=True, claim=ControlRequestPolicy.NEVER))
    bench.machine.want_speed(300, Source.PLAN)
    start(bench).pump()
    assert bench.wait(24.9, belt=80) == []
    assert bench.machine.deadline(bench.now) == 125.0  # 25 s after the start
    bench.now = 125.0
    assert bench.belt(80).pump() == ["022c01"]


def test_quirk_16_on_a_new_link_a_belt_that_moves_is_not_waited_for() -> None:
    bench = at_rest(MachineQuirks(ready_by_status=True, claim=ControlRequestPolicy.NEVER))
    assert start(bench).pump() == ["07"]
    bench.answers("800701").wait(2.0, belt=80)
    bench.lose().connect().belt(80).gate.arm()
    bench.machine.request_control()
    bench.machine.want_speed(300, Source.PLAN)
    assert bench.pump() == ["022c01"]


def test_quirk_16_a_belt_that_somebody_else_started_is_not_waited_for() -> None:
    bench = at_rest(MachineQuirks(ready_by_status=True, claim=ControlRequestPolicy.NEVER))
    bench.wait(1.0, belt=80)
    bench.machine.want_speed(300, Source.PLAN)
    assert "022c01" in bench.wait(1.0, belt=80)


def test_quirk_9_without_a_control_point_stop_only_watches() -> None:
    bench = Bench(replace(COMMON, controllable=False)).connect().belt(300)
    bench.machine.stop()
    assert bench.pump() == []
    assert bench.wait(9.0, belt=300) == []
    assert bench.wait(0.9) == []
    assert bench.alarm() is None  # a hand has to reach its own button first
    assert bench.wait(0.2) == []
    assert bench.alarm() is Alarm.NOT_FALLING
    assert {write.uuid for write in bench.writes} <= {POINT}
    bench.wait(7.0, belt=0)
    assert bench.latch() is LatchState.AT_REST


def test_quirk_35_ranges_that_are_read_later_hold_from_then_on() -> None:
    bench = Bench(replace(COMMON, speed=None, incline=None)).moving(300)
    bench.machine.learned(COMMON)
    bench.machine.want_speed(505, Source.PLAN)
    assert bench.pump() == ["02f401"]
    assert bench.gate.caps.machine == 2000
    bench.lose().machine.learned(COMMON)
    assert bench.machine.capabilities is None


# -- Stop that starts ------------------------------------------------------------------------------------------------


def test_quirk_19_a_stop_that_would_start_a_paused_belt_is_not_written_to_one_at_rest() -> None:
    bench = at_rest(MachineQuirks(stop_starts=True), ask=False)
    bench.machine.stop()
    assert bench.wait(4.0, belt=0) == []
    assert bench.latch() is LatchState.DUE
    bench.wait(2.0, belt=0)
    assert bench.latch() is LatchState.AT_REST
    assert bench.belt(90).pump() == ["0801"]  # it moves after all


def test_quirk_19_a_belt_counts_as_seen_at_rest_for_two_seconds_and_no_longer() -> None:
    bench = at_rest(MachineQuirks(stop_starts=True), ask=False)
    bench.machine.stop()
    assert bench.pump() == []
    assert bench.machine.deadline(bench.now) == 102.0  # it has been seen at 100
    bench.now = 101.99
    assert bench.pump() == []
    bench.now = 102.0
    assert bench.pump() == ["0801"]


def test_quirk_19_in_the_countdown_of_our_own_start_stop_is_written() -> None:
    bench = start(at_rest(MachineQuirks(stop_starts=True, claim=ControlRequestPolicy.NEVER)))
    assert bench.pump() == ["07"]
    bench.answers("800701").belt(0)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    assert bench.machine.deadline(bench.now) == bench.now + 0.5  # and again


def test_quirk_19_a_belt_that_is_no_longer_seen_at_rest_gets_its_stop() -> None:
    bench = at_rest(MachineQuirks(stop_starts=True), ask=False)
    bench.machine.stop()
    assert bench.wait(1.9) == []
    assert bench.wait(0.2) == ["0801"]


@pytest.mark.parametrize(("heard", "sent"), [(0, []), (90, ["0801"]), (None, ["0801"])])
def test_quirk_19_on_a_new_link_to_a_belt_that_lay_still_it_is_listened_first(
    heard: int | None, sent: list[str]
) -> None:
    bench = at_rest(MachineQuirks(stop_starts=True), ask=False)
    bench.machine.stop()
    bench.pump()
    bench.lose().connect()
    assert bench.pump() == []
    assert bench.machine.deadline(bench.now) == bench.now + 1.5
    if heard is not None:
        bench.belt(heard)
        assert bench.pump() == sent
    assert bench.wait(1.6) == ([] if heard is not None else sent) or bench.log[-1][1] == "0801"


def test_quirk_19_a_belt_that_is_heard_moving_is_listened_to_no_longer_and_called_to_again() -> None:
    bench = at_rest(MachineQuirks(stop_starts=True), ask=False)
    bench.machine.stop()
    bench.pump()
    bench.lose().connect().belt(90)
    assert bench.machine.deadline(bench.now) == bench.now
    assert bench.pump() == ["0801"]
    assert bench.machine.deadline(bench.now) == bench.now + 0.5


def test_quirk_19_on_a_new_link_to_a_belt_that_moved_stop_is_written_at_once() -> None:
    bench = at_rest(MachineQuirks(stop_starts=True), ask=False).belt(300).lose()
    bench.machine.stop()
    assert bench.connect().pump() == ["0801"]


def test_quirk_19_on_a_new_link_to_a_belt_that_was_being_started_stop_is_written_at_once() -> None:
    bench = start(at_rest(MachineQuirks(stop_starts=True, claim=ControlRequestPolicy.NEVER)))
    assert bench.pump() == ["07"]
    bench.answers("800701").belt(0).lose()
    bench.machine.stop()
    assert bench.connect().pump() == ["0801"]


def test_quirk_19_it_is_listened_for_a_second_and_a_half_and_no_longer() -> None:
    bench = at_rest(MachineQuirks(stop_starts=True), ask=False)
    bench.machine.stop()
    bench.pump()
    bench.lose().connect()
    bench.now += 1.499
    assert bench.pump() == []
    bench.now = 101.5  # it has been there since 100
    assert bench.pump() == ["0801"]


def test_quirk_19_on_the_first_link_nothing_is_known_of_the_belt_and_stop_is_written_at_once() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(stop_starts=True)))
    bench.machine.stop()
    assert bench.connect().pump() == ["0801"]


def test_quirk_13_a_keepalive_that_finds_the_machine_busy_ends_nothing() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(keepalive=6.0))).moving(500)
    bench.now += 1.0
    assert bench.belt(500).offered() == "07"
    bench.refuses(0xFE)
    assert bench.signals() == []
    assert bench.gate.open
    assert bench.machine.speed.wanted == 500
    assert "07" in bench.wait(7.0, belt=500)
