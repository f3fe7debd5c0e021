"""A strap beside the session, on virtual time: its figure is shown, its troubles are its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from runback.engine.heart_rate_task import AGAIN_AFTER, AT_MOST, CONNECT_BOUND, RENEW_AFTER
from runback.engine.summary import SessionOutcome
from runback.heart_rate.monitor import FROZEN_AFTER, SILENT_AFTER, HeartRateLoss, HeartRateSource
from runback.session.model import Intent
from runback.simulator.spec import MachineSpec
from runback.workout.model import Step, Workout
from tests.support.engine.bench import RUN, WALK, Line, asks, number, plan, stops
from tests.support.engine.rules import judge
from tests.support.engine.straps import (
    STRAPS,
    Breaks,
    Eye,
    Fails,
    Flaps,
    Hangs,
    NeverSubscribes,
    NoStrap,
    Refuses,
    StrapLink,
    without_strap,
    worn,
)

Act = Callable[[Line], object]
LONG = plan(Step(WALK, 120, 400))
OFFBEAT = MachineSpec(telemetry_period=0.9701)
"""Never speaks in the instant in which a session's second begins: what happens in one instant has no order to compare,
as asyncio's own timers have none."""
SOON = 0.05
"""Seconds in which what is given up at once has been."""


def remarks(line: Line) -> list[str]:
    return [str(record["line"]) for record in line.events("remark")]


def test_its_heart_rate_is_shown_and_wins_over_the_treadmill_s() -> None:
    eye = Eye(2.5, 5.0, 20.0)
    link = StrapLink("strap-silent@0+3")
    worn(Line(LONG, spec=MachineSpec(heart_rate=True)), link).attended(*eye.script, until=21.0)
    assert (eye.seen[2.5].heart_rate_sensor, eye.seen[2.5].heart_rate_bpm) == (HeartRateSource.TREADMILL, 68)
    for at in (5.0, 20.0):
        assert eye.seen[at].heart_rate_sensor is HeartRateSource.STRAP
        assert eye.seen[at].heart_rate_bpm in range(59, 66)
        assert eye.seen[at].heart_rate_lost is None


def test_without_a_strap_the_treadmill_s_own_is_shown_and_named() -> None:
    eye = Eye(20.0)
    Line(LONG, spec=MachineSpec(heart_rate=True)).attended(*eye.script, until=21.0)
    assert (eye.seen[20.0].heart_rate_sensor, eye.seen[20.0].heart_rate_lost) == (HeartRateSource.TREADMILL, None)
    assert eye.seen[20.0].heart_rate_bpm


@pytest.mark.full
@pytest.mark.parametrize(
    ("faults", "after", "loss"),
    [
        (("strap-no-contact@20+40",), 1.1, HeartRateLoss.NO_CONTACT),
        (("strap-silent@20+12",), SILENT_AFTER + 1, HeartRateLoss.SILENT),
        (("strap-lost@20+12",), 0.6, HeartRateLoss.NO_LINK),
        (("strap-misreads@20+40",), 1.1, HeartRateLoss.IMPLAUSIBLE),
        (("strap-frozen@20+40",), FROZEN_AFTER + 1, HeartRateLoss.FROZEN),
        (("strap-frozen@20+40", "strap-no-beats"), FROZEN_AFTER + 1, HeartRateLoss.FROZEN),
        (("strap-no-contact@20+40", "strap-no-bits"), 11.1, HeartRateLoss.FROZEN),
    ],
    ids=lambda each: "-and-".join(each) if isinstance(each, tuple) else "",
)
def test_what_is_lost_is_shown_as_lost_with_why_and_comes_back(
    faults: tuple[str, ...], after: float, loss: HeartRateLoss
) -> None:
    eye = Eye(19.0, 20.8 + after, 68.0)
    line = worn(Line(LONG, spec=MachineSpec(heart_rate=True)), StrapLink(*faults))
    line.attended(*eye.script, until=70.0)
    before, during, again = eye.seen.values()
    assert before.heart_rate_bpm is not None
    assert (during.heart_rate_bpm, during.heart_rate_lost, during.heart_rate_sensor) == (
        None,
        loss,
        HeartRateSource.STRAP,
    )
    assert again.heart_rate_bpm is not None
    assert again.heart_rate_lost is None
    assert sum("Heart rate lost" in said for said in remarks(line)) == 1
    judge(line)


def test_the_same_trouble_is_said_once_and_taken_back_when_it_is_over() -> None:
    eye = Eye(25.0, 34.0, 45.0)
    faults = [f"strap-no-contact@{at}+8" for at in (20, 40, 60, 80)]
    line = worn(Line(LONG), StrapLink(*faults)).attended(*eye.script, until=100.0)
    assert remarks(line) == ["Heart rate lost: the strap does not feel the skin. Adjust it at rest."]
    assert eye.seen[25.0].notice == remarks(line)[0]
    assert eye.seen[34.0].notice is None
    assert eye.seen[45.0].notice is None
    assert eye.seen[45.0].heart_rate_lost is HeartRateLoss.NO_CONTACT


def test_an_electrode_that_shifts_for_a_moment_is_not_worth_a_word() -> None:
    line = worn(Line(LONG), StrapLink(*(f"strap-no-contact@{at}+2" for at in range(10, 90, 5))))
    assert remarks(line.attended(until=95.0)) == []


def test_nothing_is_said_of_a_strap_over_an_increase_that_is_announced() -> None:
    """The belt moves from some 14 s on and walks to 26; the run is announced from 16 on."""
    eye = Eye(24.9, 25.9)
    line = worn(Line(plan()), StrapLink("strap-no-contact@18+20")).attended(*eye.script, until=45.0)
    (said,) = line.events("remark")
    raised = [number(each, "t") for each in line.events("write") if each["hex"] == "02bc02"]
    assert raised[0] - 0.1 <= number(said, "t") <= raised[0] + 1
    for now in eye.seen.values():
        assert now.heart_rate_lost is HeartRateLoss.NO_CONTACT
        assert now.announcement is not None
        assert now.notice is None


def test_a_strap_that_is_worn_too_dry_from_the_start_is_told_of_once() -> None:
    eye = Eye(5.0, 20.0)
    line = worn(Line(LONG), StrapLink("strap-no-contact")).attended(*eye.script, until=30.0)
    assert remarks(line) == ["No heart rate yet: the strap does not feel the skin; wet it at rest."]
    assert (eye.seen[20.0].heart_rate_bpm, eye.seen[20.0].heart_rate_lost) == (None, None)


def test_it_is_looked_for_only_once_the_treadmill_is_there() -> None:
    link = StrapLink()
    line = worn(Line(LONG), link).attended(until=20.0)
    (connected,) = line.events("connected")
    assert link.asked_at == [pytest.approx(number(connected, "t"))]


@pytest.mark.parametrize("link", [Hangs, NeverSubscribes])
def test_a_stop_ends_the_looking_at_once_and_keeps_it_from_beginning_again(link: type[StrapLink]) -> None:
    strap = link()
    line = worn(Line(LONG), strap).attended((18.0, stops), until=18.0)
    assert line.rested
    assert [at for at in strap.asked_at if at > 18.0] == []
    assert line.events("strap")[-1]["why"] == "given up: the treadmill comes first"
    assert 18.0 <= number(line.events("strap")[-1], "t") <= 18.0 + SOON


def test_it_is_looked_for_again_once_the_stop_has_been_released() -> None:
    strap = Hangs()
    line = worn(Line(LONG), strap)
    line.attended((18.0, stops), (30.0, asks(Intent.RESET)), until=40.0)
    assert [at for at in strap.asked_at if 18.0 < at < 30.0] == []
    assert [at for at in strap.asked_at if 30.0 <= at < 33.0]


def test_the_treadmill_s_lost_link_ends_the_looking_until_it_is_back() -> None:
    strap = Hangs()
    line = worn(Line(LONG, ("link-loss@18+6",)), strap).attended(until=40.0)
    lost = number(line.events("link lost")[0], "t")
    back = number(line.events("connected")[1], "t")
    assert any(lost <= at <= lost + SOON for at in strap.given_up_at)
    assert [at for at in strap.asked_at if lost <= at < back] == []
    assert [at for at in strap.asked_at if back <= at < back + 2 * AGAIN_AFTER]


def test_a_strap_that_is_connected_stays_so_through_a_stop_and_a_lost_treadmill() -> None:
    link, eye = StrapLink(), Eye(22.0, 32.0)
    worn(Line(LONG, ("link-loss@18+6",)), link).attended((28.0, stops), *eye.script, until=35.0)
    assert len(link.asked_at) == 1
    assert eye.seen[22.0].heart_rate_bpm is not None
    assert eye.seen[32.0].heart_rate_bpm is not None


@pytest.mark.full
def test_one_that_is_not_found_is_looked_for_less_and_less_often_and_told_of_once() -> None:
    strap = Fails()
    line = worn(Line(plan(Step(WALK, 400, 400))), strap).attended(until=400.0)
    pauses = [round(later - at - 0.5, 2) for at, later in zip(strap.asked_at, strap.asked_at[1:], strict=False)]
    assert pauses == [AGAIN_AFTER, 4, 8, 16, 32, *[AT_MOST] * (len(pauses) - 5)]
    assert len(pauses) > 7
    assert remarks(line) == ["No heart rate: nothing called “Polar” was heard in 10 s; switch it on, close other apps"]


def test_one_that_hangs_is_given_up_within_its_bound() -> None:
    strap = Hangs()
    worn(Line(LONG), strap).attended(until=60.0)
    assert strap.given_up_at[0] == pytest.approx(strap.asked_at[0] + CONNECT_BOUND)


def test_one_that_tells_no_heart_rate_is_asked_once() -> None:
    strap = NoStrap()
    line = worn(Line(LONG), strap).attended(until=60.0)
    assert len(strap.asked_at) == 1
    assert remarks(line) == ["No heart rate: Simulated Strap tells none. The session goes on without it."]


def test_one_that_refuses_is_told_of_and_asked_again_less_and_less_often() -> None:
    strap = Refuses()
    line = worn(Line(LONG), strap).attended(until=60.0)
    assert remarks(line) == ["No heart rate: refused: Not paired"]
    assert 3 <= len(strap.asked_at) <= 6


def test_one_that_breaks_what_carries_it_ends_alone() -> None:
    line = worn(Line(LONG), Breaks()).attended(until=150.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert remarks(line) == ["No heart rate: the strap cannot be listened to. The session goes on without it."]
    assert [record["state"] for record in line.events("strap")] == ["failed", "not released"]


def test_a_connection_that_says_nothing_is_made_anew_but_less_and_less_often() -> None:
    link, eye = StrapLink("strap-silent@5"), Eye(90.0)
    worn(Line(plan(Step(WALK, 300, 400))), link).attended(*eye.script, until=300.0)
    first, second, third, *_ = link.asked_at
    assert RENEW_AFTER < second - first < RENEW_AFTER + 10
    assert third - second > second - first - 5
    assert len(link.asked_at) < 8
    assert eye.seen[90.0].heart_rate_lost is not None


def test_one_that_flaps_is_heard_in_between() -> None:
    link = Flaps()
    line = worn(Line(LONG), link).attended(until=60.0)
    assert len(link.asked_at) < 12
    assert line.rested


def test_a_headless_session_hears_it_too_and_ends_with_it() -> None:
    link, eye = StrapLink(), Eye(20.0)
    line = worn(Line(plan(Step(WALK, 20, 400))), link).headless(*eye.script)
    assert eye.seen[20.0].heart_rate_bpm is not None
    assert line.outcome is SessionOutcome.COMPLETED
    assert link.radio.peripheral.advertisement(line.ended_at + 1) is not None


def exactly(happened: Iterable[tuple[float, object]]) -> list[tuple[float, object]]:
    """To the microsecond: the virtual clock adds up waits, and more of them are other last digits."""
    return [(round(at, 6), what) for at, what in happened]


def same(line: Line, bare: Line) -> None:
    """What was written, recorded and received is the same, what the belt did too, and the promises hold."""
    assert exactly(line.written()) == exactly(bare.written())
    differ = [(one, other) for one, other in zip(without_strap(line), bare.trace, strict=True) if one != other]
    assert differ[:1] == []
    lives = [exactly((each.at, (each.data, each.result)) for each in one.treadmill.received) for one in (line, bare)]
    assert lives[0] == lives[1]
    assert exactly(line.belt[: len(bare.belt) - 1]) == exactly(bare.belt[:-1])
    assert line.outcome is bare.outcome
    judge(bare)


def pressed(straps: str | None, at: float, *faults: str) -> Line:
    """A session that is stopped at `at`, with that strap or none."""
    line = Line(plan(), faults, OFFBEAT)
    if straps is not None:
        worn(line, STRAPS[straps]())
    return line.attended((at, stops), until=at)


@pytest.mark.full
@pytest.mark.parametrize("fault", ["", "hung-write@{}", "link-loss@{}+6"])
@pytest.mark.parametrize("at", [0.5, 11.3, 20.3, 27.3])
@pytest.mark.parametrize("straps", STRAPS)
def test_a_stop_is_the_same_to_the_byte_with_a_strap_and_without(straps: str, at: float, fault: str) -> None:
    faults = (fault.format(round(at - 0.301, 6)),) if fault else ()
    same(pressed(straps, at, *faults), pressed(None, at, *faults))


moments = st.integers(0, 90).map(lambda at: round(at * 1.0011 + 0.37, 4))
"""No two a whole number of seconds apart: a key in the very instant of a countdown that another key began has no order
to compare either."""
steps = st.builds(
    Step, st.sampled_from([RUN, WALK]), st.floats(2.0, 30.0), st.integers(10, 120).map(lambda tenth: tenth * 10)
)
workouts = st.lists(steps, min_size=1, max_size=4).map(lambda some: plan(*some))
wishes = st.sampled_from(
    [Intent.FASTER, Intent.SLOWER, Intent.SKIP, Intent.PAUSE, Intent.RESUME, Intent.EASE_OFF, Intent.STOP, Intent.RESET]
)
scripts = st.lists(st.tuples(moments, wishes.map(asks)), max_size=6, unique_by=lambda each: each[0])
troubles = st.lists(
    st.sampled_from(["link-loss@12+4", "hung-write@20", "control-taken@25", "safety-key@30", "dead-telemetry@15+9"]),
    max_size=2,
    unique=True,
).map(tuple)


@pytest.mark.full
@pytest.mark.parametrize("straps", STRAPS)
@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(workout=workouts, script=scripts, faults=troubles)
def test_no_session_differs_by_what_its_strap_does(
    straps: str, workout: Workout, script: list[tuple[float, Act]], faults: tuple[str, ...]
) -> None:
    bare = Line(workout, faults, OFFBEAT).attended(*script, until=95.3)
    same(worn(Line(workout, faults, OFFBEAT), STRAPS[straps]()).attended(*script, until=95.3), bare)
