"""Every machine that is known of, commissioned: as one that is known, and as one that nobody knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runback.commissioning.stages import CommissioningStage
from runback.devices.library import available, find, loads
from runback.devices.profile import Profile
from runback.devices.serialization import text
from runback.session.model import Phase
from runback.simulator.spec import MachineSpec
from runback.units import KM_PER_MILE
from runback.workout.model import Kind, Step, Workout
from tests.support.commissioning.bench import GENERIC, STRANGER, Run, judge, knowing, twin_of, workout_on

NAMES = [entry.name for entry in available(None)]
DRIVABLE = [name for name in NAMES if not find(name, None).prompts]
ENDS_EARLY = {
    # known as what they are, and still not seen through: what they do at rest cannot be seen without moving them
    "citysports-linker": "the treadmill did not take Stop",
    "walkingpad-mc21": "the treadmill did not take Stop",
    "walkingpad-z1": "the treadmill did not say for three seconds that its belt is at rest",
}


def commissioned(name: str, *, stranger: bool) -> Run:
    """The twin of `name`, its display showing its slowest speed."""
    spec = twin_of(name)
    display = f"{spec.speed_min / 100:.1f}"
    catalog = STRANGER if stranger else knowing(find(name, None))
    run = Run(spec, catalog, display).go()
    judge(run)
    return run


def written(profile: Profile) -> Profile:
    """The profile as it is read back from its file."""
    return loads(text(profile), "own.toml", profile.name)


@pytest.mark.full
@pytest.mark.parametrize("name", DRIVABLE)
def test_a_known_machine_is_seen_through_and_then_runs_by_its_own_profile(name: str) -> None:
    run = commissioned(name, stranger=False)
    assert run.procedure.why == ENDS_EARLY.get(name)
    if name in ENDS_EARLY:
        assert run.profile(find(name, None)) is None
        return
    made = run.profile(find(name, None))
    assert made is not None
    assert written(made) == made
    low = run.spec.speed_min
    session = workout_on(run.spec, written(made), Workout("after", (Step(Kind.WALK, 30.0, low + 100),)))
    assert session.phase is Phase.COMPLETED


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_a_machine_that_nobody_knows_is_seen_through_or_ends_in_one_line_at_rest(name: str) -> None:
    run = commissioned(name, stranger=True)
    made = run.profile()
    assert (made is None) is not run.through
    if made is None:
        assert run.procedure.why
        assert "\n" not in run.procedure.why
        return
    assert written(made) == made
    session = workout_on(run.spec, made, Workout("after", (Step(Kind.WALK, 30.0, run.spec.speed_min + 100),)))
    assert session.phase is Phase.COMPLETED


@pytest.mark.parametrize("name", [name for name in NAMES if name not in DRIVABLE])
def test_a_machine_that_cannot_be_used_is_refused_before_anything_is_written(name: str) -> None:
    run = Run(twin_of(name), knowing(find(name, None))).go()
    assert run.refused is not None
    assert run.written == []


def test_a_request_for_control_that_starts_the_belt_is_found_out_with_nobody_on_it() -> None:
    run = commissioned("citysports-linker", stranger=True)
    assert run.procedure.why == "the belt moved without being started from here"
    assert run.procedure.findings.passed == (CommissioningStage.READ, CommissioningStage.STOP)
    assert "07" not in run.written


@pytest.mark.parametrize("name", ["apollo-11-max", "jftm-t202", "bowflex-t9"])
def test_targets_in_miles_are_found_and_stand_in_the_profile(name: str) -> None:
    made = commissioned(name, stranger=True).profile()
    assert made is not None
    assert (made.speed.write_unit, made.speed.read_unit) == ("mph", "km/h")


def test_what_the_machine_was_measured_to_do_stands_in_the_profile() -> None:
    run = Run().go()
    judge(run)
    made = run.profile()
    assert made is not None
    assert run.written == ["0801", "00", "0801", "00", "07", "025000", "025a00", "025000", "030500", "030000", "0801"]
    assert made.start.countdown is not None
    assert run.spec.countdown <= made.start.countdown <= run.spec.countdown + 1.5
    assert made.stop.within is not None
    assert made.speed.up_within is not None
    assert made.speed.down_within is not None
    assert made.incline.controllable is True
    assert (made.speed.minimum, made.speed.maximum) == (80, 2000)
    assert "speeds above 0.9 km/h" in made.unverified
    assert made.name == "simulated-treadmill"


def test_an_incline_that_is_not_seen_to_move_stays_locked() -> None:
    made = commissioned("mobvoi-tmp", stranger=True).profile()
    assert made is not None
    assert made.incline.controllable is False
    assert "incline" in made.unverified


def test_both_in_miles_is_seen_on_the_display_and_the_second_time_goes_through() -> None:
    from tests.support.commissioning.miles import BOTH_IN_MILES, as_in_miles

    run = Run(BOTH_IN_MILES, STRANGER, "0.8 mph").go()
    judge(run)
    assert "counts in miles" in str(run.procedure.why)
    assert run.profile() is None
    again = Run(BOTH_IN_MILES, as_in_miles(), "0.8 mph").go()
    judge(again)
    assert again.through, again.procedure.why
    made = again.profile(as_in_miles().entries[0].profile or GENERIC)
    assert made is not None
    assert (made.speed.write_unit, made.speed.read_unit, made.speed.range_unit) == ("mph", "mph", "mph")
    assert made.speed.minimum == round(80 * KM_PER_MILE)
    assert written(made) == made
    session = workout_on(BOTH_IN_MILES, made, Workout("after", (Step(Kind.WALK, 30.0, 300),)))
    assert session.phase is Phase.COMPLETED


def test_both_in_miles_and_a_display_read_wrongly_is_found_by_the_distance() -> None:
    from tests.support.commissioning.miles import BOTH_IN_MILES

    run = Run(BOTH_IN_MILES, STRANGER, "0.8").go()
    judge(run)
    assert run.profile() is None
    assert "does not seem to count speed in km/h" in str(run.procedure.why)


def test_quirk_52_a_machine_that_stands_until_told_a_speed_is_found_out_and_run() -> None:
    """Issue "What trials broke", point 12: commissioning sat 75 s, and blamed the slowest speed."""
    usual = MachineSpec()
    spec = replace(usual, habits=replace(usual.habits, needs_target=True))
    run = Run(spec).go()
    judge(run)
    assert run.through, run.procedure.why
    made = run.profile()
    assert made is not None
    assert made.start.needs_target is True
    assert made.start.countdown is None
    assert written(made) == made
    session = workout_on(spec, written(made), Workout("after", (Step(Kind.WALK, 30.0, 300),)))
    assert session.phase is Phase.COMPLETED
