"""Machines that say nothing of their belt (quirks 10, 38): prompt mode by the clock, on their twins.

runback never claims to see such a belt move or rest, writes nothing but Stop (to Life Fitness, which drops whoever
stays, not even that), and leaves the alarm to what can be judged.
"""

from __future__ import annotations

import pytest

from runback.engine import profile_adapter
from runback.engine.discovery import ConnectedTreadmill
from runback.engine.fallback_prompt import lines
from runback.engine.summary import SessionOutcome
from runback.ipc.messages import Snapshot, StopState
from runback.machine.client import Capabilities
from runback.machine.stop_latch import LatchState
from runback.session.manual_prompts import UNSEEN_STOP
from runback.session.model import Intent, ManualMode, Phase
from runback.workout.model import Step
from tests.support.engine.bench import RUN, WALK, Line, asks, console_speed, number, stops
from tests.support.engine.twins import BY_CLOCK, octets, profile_of, quirky, shipped

STEPS = (Step(WALK, 45, 300), Step(RUN, 30, 600), Step(WALK, 20, 300))
BEGUN = 10.0
"""The countdown; from here the clock counts."""
E3, LF = "urevo-e3", "life-fitness"
STOP = {"0801", "00"}
"""Stop, and control where it was refused for want of it."""
both = pytest.mark.parametrize("name", BY_CLOCK)


def press_start(line: Line) -> None:
    assert line.treadmill.buttons.press_start(line.engine.now())


def press_stop(line: Line) -> None:
    line.treadmill.buttons.press_stop(line.engine.now())


PERSON = (
    (BEGUN + 1, press_start),
    (BEGUN + 5, console_speed(300)),
    (BEGUN + 46, console_speed(600)),
    (BEGUN + 76, console_speed(300)),
)
"""Does what is asked."""


class Looks:
    """What a screen would have shown, moment by moment."""

    def __init__(self) -> None:
        self.shown: list[Snapshot] = []

    def __call__(self, line: Line) -> None:
        self.shown.append(line.engine.snapshot())


def cues(line: Line) -> list[str]:
    return [str(record["kind"]) for record in line.events("cue")]


def signals(line: Line) -> list[str]:
    return [str(record["signal"]) for record in line.events("signal")]


@both
def test_a_whole_workout_is_said_and_counted_by_the_clock_and_the_person_sets_the_belt(name: str) -> None:
    look = Looks()
    at = [(BEGUN + into, look) for into in (0.5, 20, 46, 77)]
    line = shipped(name, *STEPS).attended(*PERSON, *at, (BEGUN + 96, press_stop), until=200.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert [number(record, "t") for record in line.events("step")] == pytest.approx([10.0, 55.0, 85.0], abs=0.5)
    assert [each.notice for each in look.shown] == [
        "press START on the treadmill, then set 3.0 km/h on the treadmill",
        "press START on the treadmill, then set 3.0 km/h on the treadmill",
        "set 6.0 km/h on the treadmill",
        "set 3.0 km/h on the treadmill",
    ]
    assert all(each.unseen and each.measured_kmh is None for each in look.shown)
    assert "heads-up" in cues(line)
    assert max(speed for _, speed in line.belt) == pytest.approx(600, abs=20)


@both
def test_the_belt_is_never_moved_from_here(name: str) -> None:
    line = shipped(name, *STEPS).headless()
    assert line.outcome is SessionOutcome.COMPLETED
    assert {speed for _, speed in line.belt} == {0}
    assert {data for _, data in octets(line)} <= STOP


def test_life_fitness_is_let_go_of_before_it_drops_anybody_and_nothing_is_ever_written() -> None:
    line = shipped(LF, *STEPS).attended(*PERSON, (60.0, stops), until=90.0)
    assert line.written() == []
    assert len(line.link.connected_at) == 1
    assert "link down" not in signals(line)
    assert line.rested is False  # nobody pressed its button, and nothing else stops it


def test_the_end_of_the_workout_is_a_stop_where_one_can_be_written_and_claims_no_rest() -> None:
    line = shipped(E3, *STEPS).attended(*PERSON, until=200.0)
    assert {data for at, data in octets(line) if at > BEGUN + 94} == STOP
    assert [data for at, data in octets(line) if at < BEGUN + 94] == []
    assert line.session.phase is Phase.COMPLETED
    assert line.session.notice == UNSEEN_STOP
    assert "belt at rest after stop" not in signals(line)


@both
def test_a_pause_halts_the_clock_and_says_what_to_press(name: str) -> None:
    look = Looks()
    script = (
        *PERSON[:2],
        (30.0, asks(Intent.PAUSE)),
        (31.0, look),
        (50.0, look),
        (60.0, asks(Intent.RESUME)),
        (71.0, look),
    )
    line = shipped(name, *STEPS).attended(*script, until=80.0)
    early, late, after = look.shown
    assert early.phase is Phase.PAUSED
    assert early.notice == "press PAUSE or STOP on the treadmill"
    assert early.elapsed_s == pytest.approx(20.0, abs=0.5)
    assert early.elapsed_s == late.elapsed_s
    assert after.phase is Phase.RUNNING
    assert after.notice == "press START on the treadmill, then set 3.0 km/h on the treadmill"
    assert [data for at, data in octets(line) if at < 79.0] == []


@both
def test_stop_says_press_its_own_stop_and_never_claims_rest_nor_alarms(name: str) -> None:
    look = Looks()
    line = shipped(name, *STEPS).attended(*PERSON[:2], (30.0, stops), (30.5, look), (45.0, look), until=60.0)
    for shown in look.shown:
        assert shown.phase is Phase.STOPPED
        assert shown.notice == UNSEEN_STOP
        assert shown.stop is not None
        assert shown.stop.state is StopState.UNSEEN
    assert "alarm" not in cues(line)
    assert line.engine.machine.latch.state is not LatchState.AT_REST
    assert line.outcome is SessionOutcome.ALARM  # exit code 4: it was not seen at rest


def test_stop_goes_to_a_machine_that_takes_it_at_once_and_again_when_asked_again() -> None:
    line = shipped(E3, *STEPS).attended(*PERSON[:2], (30.0, stops), (45.0, stops), until=46.0)
    written = [at for at, _ in line.written()]
    assert written[0] == pytest.approx(30.0, abs=0.01)
    assert any(at == pytest.approx(45.0, abs=0.01) for at in written)
    assert not any(38.0 < at < 44.9 for at in written)  # no Stop without end
    assert line.rested


@both
def test_the_person_confirms_rest_by_the_release_and_may_go_on(name: str) -> None:
    look = Looks()
    script = (*PERSON[:2], (30.0, stops), (32.0, press_stop), (40.0, asks(Intent.RESET)), (41.0, look))
    line = shipped(name, *STEPS).attended(*script, (42.0, asks(Intent.RESUME)), (53.0, look), until=60.0)
    released, again = look.shown
    assert (released.phase, released.stop) == (Phase.PAUSED, None)
    assert again.phase is Phase.RUNNING
    assert number(line.events("reset")[0], "t") == pytest.approx(40.0)
    assert set(line.belt_between(36.0, 60.0)) == {0}  # nothing was started


@both
def test_after_the_persons_word_the_session_ends_as_stopped(name: str) -> None:
    script = (*PERSON[:2], (30.0, stops), (32.0, press_stop), (40.0, asks(Intent.RESET)), (41.0, asks(Intent.QUIT)))
    line = shipped(name, *STEPS).attended(*script, until=100.0)
    assert line.ended_at == pytest.approx(41.0, abs=0.2)
    assert line.outcome is SessionOutcome.STOPPED


@both
def test_whoever_leaves_without_a_word_leaves_once_all_has_been_done(name: str) -> None:
    script = (*PERSON[:2], (30.0, stops), (31.0, asks(Intent.QUIT)))
    line = shipped(name, *STEPS).attended(*script, until=200.0)
    assert line.ended_at < 38.0
    assert line.outcome is SessionOutcome.ALARM


@both
def test_a_signal_ends_a_session_without_a_screen_and_says_that_nobody_saw_the_belt(name: str) -> None:
    line = shipped(name, *STEPS).headless(*PERSON[:2], (30.0, stops))
    assert line.outcome is SessionOutcome.ALARM
    assert line.ended_at < 38.0


@both
def test_the_last_lines_claim_neither_a_distance_nor_rest(name: str) -> None:
    line = shipped(name, *STEPS).headless()
    assert "distance not seen" in line.lines[0]
    assert line.lines[-1] == "Its belt is not seen from here: look whether it is at rest."


def test_a_lost_link_halts_no_clock() -> None:
    line = shipped(E3, *STEPS, faults=("link-loss@40+10",)).attended(*PERSON, until=200.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert "re-arm" not in [record["phase"] for record in line.events("phase")]


def test_a_stop_while_the_link_is_lost_is_the_first_thing_written_on_the_next() -> None:
    line = shipped(E3, *STEPS, faults=("link-loss@40+6",)).attended(*PERSON[:2], (41.0, stops), until=80.0)
    back = next(at for at in line.link.connected_at if at > 40.0)
    at, octets_of_it = line.written()[0]
    assert octets_of_it == "0801"
    assert at == pytest.approx(back, abs=0.1)


def test_without_a_screen_the_lines_claim_nothing_either() -> None:
    said: list[tuple[str, ...]] = []

    def look(line: Line) -> None:
        said.append(lines(line.engine, "the screen is gone"))

    shipped(E3, *STEPS).attended(*PERSON[:2], (30.0, stops), (31.0, look), (40.0, look), until=50.0)
    early, late = (each[0] for each in said)
    assert "not seen from here" in early
    assert "press its own STOP" in early
    assert "any key sends Stop again" in early
    assert "q leaves" in late


def test_a_safety_key_that_it_tells_of_halts_the_clock() -> None:
    line = shipped(E3, *STEPS, faults=("safety-key@30",)).attended(*PERSON[:2], until=50.0)
    assert line.events("phase")[-1]["phase"] == "safety key"
    assert number(line.summary, "actual_s") < 21.0


def test_a_machine_of_another_protocol_that_tells_nothing_goes_by_the_clock() -> None:
    profile = profile_of("[protocol]\nftms = false\n")
    assert profile_adapter.by_hand(profile, {}, controllable=False) is ManualMode.UNSEEN


def test_what_says_nothing_of_a_belt_and_has_no_such_profile_is_no_treadmill_to_run_on() -> None:
    by_hand = profile_adapter.by_hand(None, {}, controllable=False)
    found = ConnectedTreadmill(Capabilities(controllable=False), by_hand=by_hand, tells=profile_adapter.tells({}))
    assert found.refusal == "says nothing of a belt"


def test_a_treadmill_without_a_control_point_that_nobody_knows_is_run_by_hand() -> None:
    line = quirky("[protocol]\ncontrol_point = false\n")
    line.catalog = None
    line.attended(until=5.0, start=False)
    found = line.engine.connection.found
    assert found is not None
    assert (found.by_hand, found.refusal) == (ManualMode.EVERYTHING, None)
