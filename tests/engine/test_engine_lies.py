"""A treadmill that lies, ignores or delays what it is told, and a person at its console: the whole line.

Source: issue "What trials broke", points 1, 2, 4, 5, 12 and 18.
"""

from __future__ import annotations

import pytest

from runback.engine.snapshots import WATCHED
from runback.engine.summary import SessionOutcome
from runback.session.model import Intent, Phase
from runback.workout.model import Step
from tests.support.engine.bench import RUN, WALK, Line, asks, number, plan, stops
from tests.support.engine.twins import KNOWN, octets, quirky, speeds

SLOWEST = "025000"
"""0.8 km/h: what a belt that stands after its start is told, once, announced (quirk 52)."""
SIX = (Step(RUN, 600, 600),)


def press_start(line: Line) -> None:
    line.treadmill.buttons.press_start(line.engine.now())


def data(line: Line) -> list[str]:
    return [written for _, written in line.written()]


def after(line: Line, at: float) -> list[str]:
    return [written for when, written in line.written() if when > at]


# -- starts that fail -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["ignores-start", "starts-late:20"])
def test_targets_do_not_outlive_a_start_that_failed(fault: str) -> None:
    """Point 1: `run "10m run 6"`, 07 is not obeyed, and 15 s later a person presses START on the console."""
    line = Line(plan(*SIX), faults=(fault,)).attended((45.0, press_start), until=90.0)
    start = next(at for at, written in line.written() if written == "07")
    assert set(after(line, start)) <= {SLOWEST, "0801"}
    assert "0801" in after(line, start)
    assert line.session.phase is Phase.STOPPED
    assert line.session.stop_reason == "the belt did not start"
    assert max(speed for _, speed in line.belt) <= line.treadmill.spec.speed_min
    assert line.rested


def test_nor_a_resume_that_failed() -> None:
    line = Line(plan(Step(WALK, 600, 450)), faults=("ignores-start@40",))
    line.attended((30.0, asks(Intent.PAUSE)), (45.0, asks(Intent.RESUME)), (100.0, press_start), until=130.0)
    resumed = [at for at, written in line.written() if written == "07"][1]
    assert set(after(line, resumed)) <= {SLOWEST, "0801"}
    assert max(line.belt_between(90.0, 130.0)) <= line.treadmill.spec.speed_min


def test_a_start_can_be_asked_for_again_once_its_stop_was_let_go_of() -> None:
    line = Line(plan(Step(WALK, 20, 400)), faults=("ignores-start@0+30",))
    line.attended((50.0, asks(Intent.RESET)), (52.0, asks(Intent.START)), until=150.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert data(line).count("07") == 2


@pytest.mark.parametrize("late", [22.0, 27.0])
def test_a_start_that_is_not_seen_is_not_left_alone(late: float) -> None:
    """Point 2: "did not start", `q`, and the belt started later with nobody there."""
    line = Line(plan(*SIX), faults=(f"starts-late:{late}",))
    line.attended((27.0, lambda line: line.engine.leave()), until=27.0)
    start = next(at for at, written in line.written() if written == "07")
    assert "0801" in after(line, start)
    assert line.ended_at > start + late  # it was waited for, seen, and stopped
    assert line.rested
    assert line.outcome is SessionOutcome.STOPPED


@pytest.mark.parametrize("late", [22.0, 40.0])
def test_headless_a_start_that_is_not_seen_is_not_left_alone(late: float) -> None:
    """One that comes later than twice the longest start on record is not waited for."""
    line = Line(plan(*SIX), faults=(f"starts-late:{late}",)).headless()
    assert (line.ended_at > 10.0 + late) is (late < 30.0)
    assert line.rested
    assert line.outcome is SessionOutcome.STOPPED
    assert line.summary["reason"] == "the belt did not start"


def test_the_person_is_told_why_the_belt_is_watched_after_a_start_that_failed() -> None:
    line = Line(plan(*SIX), faults=("ignores-start",))
    told: list[str] = []

    def note(line: Line) -> None:
        stop = line.engine.snapshot().stop
        told.append("" if stop is None else stop.reason)

    line.attended((30.0, note), (60.0, note), until=61.0)
    assert told == ["the belt did not start; " + WATCHED, "the belt did not start"]


# -- speeds that are none ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed", [900, 450])
def test_one_zero_in_a_run_ends_no_session(speed: int) -> None:
    """Point 4."""
    line = Line(plan(Step(RUN, 30, speed)), faults=("wrong-speed@25:0",)).attended(until=90.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert [str(record["why"])[:4] for record in line.events("garbled")][-1] == "0.00"
    assert line.events("alarm") == []
    assert number(line.summary, "actual_s") == 30.0


def test_one_zero_after_stop_is_not_told_as_rest() -> None:
    line = Line(plan(Step(RUN, 60, 900)), faults=("wrong-speed@40.5:0", "slow-stop:1.5"))
    line.attended((40.2, stops), until=41.0)
    rest = next(number(one, "t") for one in line.events("signal") if one["signal"] == "belt at rest after stop")
    moving = max(at for at, speed in line.belt if speed > 0)
    assert rest > moving


@pytest.mark.parametrize("said", [655.35, 99.0, 15.0])
def test_a_speed_no_belt_can_have_is_no_distance_and_no_top_speed(said: float) -> None:
    """Point 18: six records of 0000ffff were 158 m for 7 m."""
    line = Line(plan(Step(RUN, 30, 600)), faults=(f"wrong-speed@25:{said}", f"wrong-speed@29:{said}"))
    line.attended(until=90.0)
    assert line.outcome is SessionOutcome.COMPLETED
    interval = line.summary["intervals"]
    assert isinstance(interval, list)
    assert interval[0]["top_kmh"] <= 6.1
    assert number(line.summary, "distance_m") == pytest.approx(50.0, abs=6.0)


def test_such_speeds_one_after_another_stop_the_belt() -> None:
    line = Line(plan(Step(RUN, 60, 600)), faults=("wrong-speed@30+3:655.35",)).attended(until=60.0)
    assert line.outcome is SessionOutcome.STOPPED
    assert line.session.stop_reason == "the belt is faster than its target"
    assert line.rested


# -- what does not obey -----------------------------------------------------------------------------------------------


def test_a_machine_that_knows_no_stop_is_slowed_down_and_the_alarm_stands() -> None:
    """Point 5: Stop answered 800802 while 02 works: the belt was left at 6 km/h."""
    line = Line(plan(*SIX), faults=("refuses-stop@30:unsupported",)).attended((40.0, stops), until=41.0)
    assert line.outcome is SessionOutcome.ALARM
    assert line.belt[-1][1] == line.treadmill.spec.speed_min
    assert [one["reason"] for one in line.events("alarm")] == ["this treadmill does not know Stop"]


STANDS = KNOWN + "[start]\nneeds_target = true\n"


def test_quirk_52_a_belt_that_stands_until_told_a_speed_is_run() -> None:
    line = quirky(STANDS, Step(WALK, 20, 300)).attended(until=120.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert max(speed for _, speed in line.belt) == 300


def test_quirk_52_the_same_of_a_machine_that_nobody_has_described() -> None:
    """Its slowest speed is written 10 s after Start, and announced three seconds before."""
    line = Line(plan(Step(WALK, 20, 300)), spec=quirky(STANDS, Step(WALK, 20, 300)).spec).attended(until=120.0)
    assert line.outcome is SessionOutcome.COMPLETED
    start = next(at for at, written in octets(line) if written == "07")
    assert speeds(line)[0] == SLOWEST
    told_at = next(at for at, written in octets(line) if written == SLOWEST)
    assert told_at == pytest.approx(start + 10.0, abs=0.3)
    said = [one for one in line.events("cue") if one["kind"] == "countdown" and start < number(one, "t") <= told_at]
    assert [number(one, "seconds") for one in said] == [3.0, 2.0, 1.0]


def test_quirk_16_a_machine_that_drops_the_link_for_it_is_left_standing() -> None:
    line = quirky(STANDS + 'spin_up = "drops"\n', Step(WALK, 20, 300)).attended(until=60.0)
    assert speeds(line) == []
    assert line.outcome is SessionOutcome.STOPPED
