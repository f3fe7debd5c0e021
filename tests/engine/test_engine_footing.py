"""Stepped off, on the whole line: twins that count steps, a person who walks away, and the belt that follows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runback.engine.summary import SessionOutcome
from runback.session.model import CountFrom, Intent
from runback.workout.model import Kind, Step
from tests.support.effort import examples
from tests.support.engine.bench import Line, asks, number
from tests.support.engine.rules import judge
from tests.support.engine.twins import KNOWN, quirky, shipped

STEPS = (Step(Kind.WALK, 60, 300), Step(Kind.RUN, 120, 600), Step(Kind.WALK, 30, 300))
RSC = KNOWN + '[data]\nsource = "both"\n'
TWO_OCTETS = KNOWN + "[data]\nstep_octets = 2\n"


def kinds(line: Line) -> list[object]:
    return [cue["kind"] for cue in line.events("cue")]


def speed_at(line: Line, at: float) -> int:
    return line.belt_between(at - 0.3, at + 0.3)[-1]


@pytest.mark.full
@pytest.mark.parametrize("text", [RSC, TWO_OCTETS], ids=["cadence", "step count"])
def test_nobody_on_the_belt_is_asked_then_slowed_then_paused(text: str) -> None:
    line = quirky(text, *STEPS, faults=("steps-off@90",)).attended(until=150.0)
    asked = [number(cue, "t") for cue in line.events("cue") if cue["kind"] == "stepped off"]
    assert len(asked) == 2
    assert 98.0 < asked[0] < 103.0
    assert asked[1] - asked[0] == pytest.approx(10.0, abs=1.1)
    assert speed_at(line, asked[0]) == 600
    assert speed_at(line, asked[1] + 8) == 300
    assert [octets for at, octets in line.written() if asked[1] + 5 < at < 140] == ["0802"]
    assert line.rested
    assert [record["phase"] for record in line.events("phase")][-2:] == ["pausing", "paused"]


def test_a_twin_of_a_pad_that_counts_steps_does_the_same() -> None:
    line = shipped("urevo-e1l", *STEPS, faults=("steps-off@90",)).attended(until=150.0)
    assert kinds(line).count("stepped off") == 2
    assert speed_at(line, 130.0) == 0


def test_back_on_in_time_the_session_goes_on_to_its_end() -> None:
    line = quirky(TWO_OCTETS, *STEPS, faults=("steps-off@90+14",)).headless()
    assert kinds(line).count("stepped off") == 1
    assert line.outcome is SessionOutcome.COMPLETED


def test_with_nobody_to_resume_the_pause_becomes_a_stop() -> None:
    line = quirky(TWO_OCTETS, *STEPS, faults=("steps-off@90",)).headless()
    assert line.outcome is SessionOutcome.STOPPED
    assert line.rested


def test_after_the_pause_only_the_persons_word_starts_the_belt() -> None:
    line = quirky(TWO_OCTETS, *STEPS, faults=("steps-off@90+60",))
    line.attended((170.0, asks(Intent.RESUME)), until=200.0)
    starts = [at for at, octets in line.written() if octets == "07"]
    assert len(starts) == 2
    assert starts[1] == pytest.approx(180.0, abs=0.5)


@pytest.mark.full
def test_a_machine_that_counts_no_steps_is_never_judged() -> None:
    line = Line(quirky(KNOWN, *STEPS).workout, ("steps-off@60",)).headless()
    assert "stepped off" not in kinds(line)
    assert line.outcome is SessionOutcome.COMPLETED


def test_where_the_profile_says_nothing_of_steps_what_stands_behind_bit_13_is_nothing() -> None:
    line = quirky(TWO_OCTETS, *STEPS, faults=("steps-off@60",))
    unknown = quirky(KNOWN, *STEPS, faults=("steps-off@60",))
    unread = Line(unknown.workout, ("steps-off@60",), spec=line.spec, catalog=unknown.catalog).headless()
    assert "stepped off" not in kinds(unread)


moments, spans = st.integers(15, 120), st.none() | st.integers(1, 45)
absences = st.lists(
    st.builds(lambda at, span: f"steps-off@{at}" + (f"+{span}" if span else ""), moments, spans), max_size=3
)
wishes = st.sampled_from([Intent.FASTER, Intent.SKIP, Intent.RESUME, Intent.RESUME, Intent.EASE_OFF, Intent.EXTEND])


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    faults=absences,
    script=st.lists(st.tuples(moments.map(float), wishes.map(asks)), max_size=5),
    mode=st.sampled_from(CountFrom),
)
def test_whoever_comes_and_goes_every_promise_holds(
    faults: list[str], script: list[tuple[float, Callable[[Line], object]]], mode: CountFrom
) -> None:
    made = quirky(TWO_OCTETS, *STEPS, faults=tuple(faults))
    line = Line(made.workout, made.faults, spec=made.spec, catalog=made.catalog, count_from=mode)
    judge(line.attended(*script, until=200.0))
