"""What went wrong in other software (quirks.md): each line of that list cannot go wrong here. `#n` is its issue."""

from __future__ import annotations

import pytest

from runback.engine.summary import SessionOutcome
from runback.errors import WorkoutError
from runback.session.model import Intent
from runback.simulator.treadmill import Treadmill
from runback.workout.files import loads
from runback.workout.model import Step
from tests.support.engine.bench import RUN, WALK, Line, asks, console_speed, number, plan, stops
from tests.support.engine.rules import judge
from tests.support.engine.twins import octets, quirky, speeds, starts, stranger

LONG = (Step(WALK, 60, 400), Step(RUN, 30, 700))
PAUSED_STARTS = '[speed]\nwrite_unit = "km/h"\nread_unit = "km/h"\n[stop]\nwhile_paused = "starts"\n'


def targets(line: Line, begin: float = 0.0, end: float = 1e9) -> list[int]:
    """Speeds written between two moments, 0.01 km/h."""
    found = [(at, bytes.fromhex(data)) for at, data in octets(line) if data.startswith("02")]
    return [int.from_bytes(data[1:], "little") for at, data in found if begin <= at < end]


def test_one_plus_never_goes_to_the_maximum() -> None:
    """#2029."""
    line = Line(plan(*LONG)).attended((30.0, asks(Intent.FASTER)), until=50.0)
    assert targets(line, 30.0, 50.0) == [450]
    assert max(line.belt_between(30.0, 50.0)) == 450
    judge(line)


@pytest.mark.parametrize("presses", [2, 5, 40])
def test_many_plusses_stay_below_the_cap_of_one_command_and_of_all(presses: int) -> None:
    """#2029."""
    line = Line(plan(*LONG)).attended(*((30.0 + each / 50, asks(Intent.FASTER)) for each in range(presses)), until=50.0)
    written = targets(line, 30.0, 50.0)
    steps = [after - before for before, after in zip([400, *written], written, strict=False)]
    assert all(0 < step <= 300 for step in steps)
    assert max(written) <= min(400 + 50 * presses, 2000)
    judge(line)


@pytest.mark.parametrize("measured", [200, 400, 650])
def test_minus_never_makes_it_faster_whatever_the_belt_does(measured: int) -> None:
    """#3382, #1091: computed from the last commanded value; a decrease never raises."""
    script = ((29.0, console_speed(measured)), (29.5, asks(Intent.SLOWER)), (34.0, asks(Intent.SLOWER)))
    line = Line(plan(*LONG)).attended(*script, until=48.0)
    written = targets(line, 29.0, 48.0)
    assert written
    assert written == sorted(written, reverse=True)
    assert max(written) <= max(400, measured)
    judge(line)


def test_minus_at_the_slowest_speed_writes_nothing() -> None:
    """#3382."""
    line = Line(plan(Step(WALK, 60, 80))).attended((30.0, asks(Intent.SLOWER)), until=45.0)
    assert targets(line, 30.0, 45.0) == []


def test_the_console_always_wins_and_its_speed_is_held_to_the_next_step() -> None:
    """#3500, #3731, PR #4553: one writer, which does not fight the user."""
    line = Line(plan(*LONG)).attended((30.0, console_speed(520)), until=120.0)
    began = [number(record, "t") for record in line.events("step")]
    assert targets(line, 30.0, began[1] - 0.1) == []
    assert set(line.belt_between(40.0, began[1] - 0.1)) == {520}
    judge(line)


def test_a_workout_at_six_miles_an_hour_never_runs_at_nine_point_six() -> None:
    """#4000, #1233: the units are checked at walking pace before any running speed."""
    line = stranger('[speed]\nwrite_unit = "mph"\nread_unit = "mph"\n', Step(RUN, 120, 966)).headless()
    assert line.outcome is SessionOutcome.STOPPED
    assert max(speed for _, speed in line.belt) <= 660


def test_setting_a_speed_never_starts_a_belt() -> None:
    """PR #4916."""
    line = Line(plan(*LONG)).attended(
        *(
            (at / 2, asks(each))
            for at, each in enumerate((Intent.FASTER, Intent.SLOWER, Intent.SKIP, Intent.EASE_OFF) * 4)
        ),
        until=20.0,
        start=False,
    )
    assert line.written() == []
    assert {speed for _, speed in line.belt} == {0}


def test_one_wish_starts_a_belt_once_and_only_while_it_is_fresh() -> None:
    """#923: start only from an explicit, expiring, single-use intent."""
    line = Line(plan(*LONG), ("slow-procedure@0+30:30",)).attended(until=80.0)
    assert starts(line) == []
    assert {speed for _, speed in line.belt} == {0}


def test_a_belt_that_comes_to_rest_by_itself_is_not_started_again() -> None:
    """#923."""
    line = Line(plan(*LONG)).attended((30.0, lambda one: press_stop(one.treadmill, one)), until=70.0)
    assert len(starts(line)) == 1
    assert set(line.belt_between(40.0, 70.0)) == {0}


def press_stop(treadmill: Treadmill, line: Line) -> None:
    treadmill.buttons.press_stop(line.engine.now())


@pytest.mark.parametrize("fault", ["refuses-stop@30+6", "refuses-stop@30+6:success", "hung-write@30", "link-loss@30+3"])
def test_a_stop_that_does_not_stop_is_repeated_until_the_measured_speed_is_zero(fault: str) -> None:
    """#923, #2303, #1503: an acknowledgement confirms nothing."""
    line = Line(plan(*LONG), (fault,)).attended((30.1, stops), until=90.0)
    assert line.rested
    assert line.outcome is SessionOutcome.STOPPED
    judge(line)


def test_stop_never_starts_a_belt_that_is_paused() -> None:
    """#470."""
    script = ((40.0, asks(Intent.PAUSE)), (55.0, stops), (56.0, stops))
    line = quirky(PAUSED_STARTS, *LONG).attended(*script, until=90.0)
    assert set(line.belt_between(50.0, 90.0)) == {0}
    assert len(starts(line)) == 1


def test_a_reconnect_reads_only_and_asks() -> None:
    """#609: 9.5 km/h and 8.5 % after a reconnect."""
    line = Line(plan(Step(WALK, 200, 400, 20)), ("link-loss@40+5",)).attended(until=100.0)
    back = next(at for at in line.link.connected_at if at > 40.0)
    assert [data for at, data in octets(line) if back <= at < 99.9] == []
    assert max(line.belt_between(40.0, 100.0)) <= 400


def test_every_change_is_announced() -> None:
    """#3650, #3797."""
    judge(Line(plan(Step(WALK, 20, 400), Step(RUN, 20, 900), Step(WALK, 20, 300))).headless())


def test_a_target_below_the_machines_minimum_is_never_forwarded() -> None:
    """#4599: 0.3 km/h."""
    line = Line(plan(Step(WALK, 30, 30)))
    with pytest.raises(BaseExceptionGroup):
        line.headless()
    assert speeds(line) == []


def test_a_step_without_a_speed_of_its_own_is_refused() -> None:
    """#4835: a walk step kept the running speed."""
    run, walk = '[[step]]\nkind = "run"\nduration = "1m"\nspeed = 8.0\n', '[[step]]\nkind = "walk"\nduration = "1m"\n'
    assert loads(f'name = "x"\n{run}{walk}speed = 4.0\n', "here").duration == 120
    with pytest.raises(WorkoutError, match="speed"):
        loads(f'name = "x"\n{run}{walk}', "here")


# -- point 8 of the issue ----------------------------------------------------------------------------------------------


def test_a_surge_is_stopped() -> None:
    line = Line(plan(*LONG), ("surge@40+20:3",)).attended(until=90.0)
    assert line.outcome is SessionOutcome.STOPPED
    assert "faster than its target" in line.session.stop_reason
    assert line.rested


def test_a_stale_first_status_is_no_hand_at_the_console() -> None:
    line = quirky('[speed]\nwrite_unit = "km/h"\nread_unit = "km/h"\n[data]\nstale_status = true\n', *LONG).headless()
    assert line.outcome is SessionOutcome.COMPLETED
    assert line.events("console") == []


def test_a_ramp_trace_is_not_taken_for_the_persons_hand() -> None:
    line = quirky('[speed]\nwrite_unit = "km/h"\nread_unit = "km/h"\n[data]\nramp_trace = true\n', *LONG).headless()
    assert line.outcome is SessionOutcome.COMPLETED
    assert line.events("console") == []


def test_a_hand_at_a_console_that_traces_its_ramps_is_still_seen() -> None:
    tables = '[speed]\nwrite_unit = "km/h"\nread_unit = "km/h"\n[data]\nramp_trace = true\n'
    line = quirky(tables, *LONG).attended((30.0, console_speed(520)), until=45.0)
    assert [record["value"] for record in line.events("console")] == [520]
