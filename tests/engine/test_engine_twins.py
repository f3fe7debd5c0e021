"""Every profile's twin, with the client that obeys the profile: a workout, a pause, a hand at the console, Stop."""

from __future__ import annotations

import pytest

from runback.engine.summary import SessionOutcome
from runback.session.model import Intent, Phase
from runback.workout.model import Step
from tests.support.engine.bench import RUN, WALK, Line, asks, console_speed, number, stops
from tests.support.engine.twins import BY_CLOCK, ENTRIES, SERVED, judge_twin, octets, shipped, speeds, starts

LONG = (Step(WALK, 90, 300), Step(RUN, 60, 600), Step(WALK, 30, 300))
NEAR = 20
"""0.2 km/h: half of the coarsest step."""


def steady(line: Line, begin: float, end: float) -> set[int]:
    return set(line.belt_between(begin, end))


@pytest.mark.full
@pytest.mark.parametrize("name", SERVED)
def test_a_whole_workout_runs_at_the_speeds_it_says_in_kilometres(name: str) -> None:
    line = shipped(name, *LONG).headless()
    assert line.outcome is SessionOutcome.COMPLETED
    began = [number(record, "t") for record in line.events("step")]
    assert len(began) == 3
    for at, step in zip(began, LONG, strict=True):
        end = at + step.duration
        assert all(abs(speed - step.speed) <= NEAR for speed in steady(line, end - 15, end - 1)), (step, line.belt)
    assert len(starts(line)) == 1
    assert line.rested
    judge_twin(line)


@pytest.mark.full
@pytest.mark.parametrize("name", SERVED)
def test_a_pause_rests_the_belt_and_a_resume_walks_first(name: str) -> None:
    line = shipped(name, *LONG).attended((120.0, asks(Intent.PAUSE)), (150.0, asks(Intent.RESUME)), until=400.0)
    assert steady(line, 135.0, 159.5) == {0}
    assert len(starts(line)) == 2
    assert line.outcome is SessionOutcome.COMPLETED
    resumed = starts(line)[1]
    assert max(line.belt_between(resumed, resumed + 9.0)) <= 300 + NEAR
    assert max(line.belt_between(resumed, 400.0)) >= 600 - NEAR
    judge_twin(line)


@pytest.mark.full
@pytest.mark.parametrize("name", SERVED)
def test_a_speed_set_at_the_console_is_held_to_the_next_step(name: str) -> None:
    line = shipped(name, *LONG).attended((60.0, console_speed(400)), until=400.0)
    begun = [number(record, "t") for record in line.events("step")]
    assert line.outcome is SessionOutcome.COMPLETED
    assert all(abs(speed - 400) <= NEAR for speed in steady(line, 68.0, begun[1] - 0.5))
    held = [data for at, data in octets(line) if 60.0 <= at < begun[1] - 0.5 and data.startswith("02")]
    assert held == []
    judge_twin(line)


@pytest.mark.full
@pytest.mark.parametrize("name", SERVED)
@pytest.mark.parametrize("at", [9.99, 10.5, 14.0, 60.0, 120.0])
def test_stop_stops_at_any_time_and_nothing_moves_afterwards(name: str, at: float) -> None:
    line = shipped(name, *LONG).attended((at, stops), until=at + 40.0)
    assert line.rested
    assert max(line.belt_between(at + 9.0, at + 40.0), default=0) == 0
    before, slowed = line.belt_between(at - 0.3, at + 0.3), line.belt_between(at + 2.0, at + 2.5)
    assert slowed == [] or max(slowed) < max(max(before), 1) or max(before) == 0
    assert line.outcome is SessionOutcome.STOPPED
    judge_twin(line)


@pytest.mark.full
@pytest.mark.parametrize("name", SERVED)
def test_stop_in_a_pause_starts_no_belt(name: str) -> None:
    line = shipped(name, *LONG).attended((120.0, asks(Intent.PAUSE)), (140.0, stops), (143.0, stops), until=190.0)
    assert steady(line, 135.0, 190.0) == {0}
    assert line.session.phase is Phase.STOPPED
    assert line.outcome is SessionOutcome.STOPPED
    judge_twin(line)


@pytest.mark.full
@pytest.mark.parametrize("name", SERVED)
def test_a_link_that_is_lost_is_made_again_and_only_asks(name: str) -> None:
    line = shipped(name, *LONG, faults=("link-loss@100+5",)).attended(until=140.0)
    written = [data for at, data in octets(line) if 104.0 <= at < 139.9]
    assert written == []
    assert line.session.phase in (Phase.STOPPED, Phase.REARM)  # a belt that stops by itself needs no Stop
    assert line.rested
    judge_twin(line)


@pytest.mark.full
@pytest.mark.parametrize("name", SERVED)
def test_after_a_lost_link_the_person_goes_on_and_nothing_jumps(name: str) -> None:
    script = ((108.0, asks(Intent.REARM)), (110.0, asks(Intent.REARM)), (112.0, asks(Intent.REARM)))
    line = shipped(name, *LONG, faults=("link-loss@100+5",)).attended(*script, until=400.0)
    assert line.rested
    judge_twin(line)


def test_every_machine_is_served_and_only_two_of_them_by_the_clock() -> None:
    assert all(entry.profile is not None for entry in ENTRIES)
    assert len(SERVED) == len(ENTRIES) - len(BY_CLOCK)


@pytest.mark.parametrize("name", [*SERVED, *BY_CLOCK])
def test_the_client_finds_the_profile_by_what_the_machine_shows(name: str) -> None:
    line = shipped(name).attended(until=5.0, start=False)
    found = line.engine.connection.found
    assert found is not None
    assert found.profile is not None
    assert found.profile.name == name
    assert line.written() == []  # nobody has asked for anything
    assert speeds(line) == []
