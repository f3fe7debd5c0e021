"""Records, the log of low-impact work and exercises, and the one key for something wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from runback.errors import PlanError
from runback.rehab.activity import ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.exercises import CHECKLIST, POSTURE, Group
from runback.rehab.incident import Incident, IncidentResponse, act_for, check_in
from runback.rehab.records import (
    CheckIn,
    CheckInMoment,
    Clearance,
    Cleared,
    Declaration,
    History,
    LegSymptoms,
    OtherRun,
    Override,
    SessionDone,
)
from runback.rehab.red_flags import RedFlag, StopSign
from tests.support.rehab.story import at

NAIVE = datetime(2026, 1, 5, 18)  # noqa: DTZ001 - a naive one is the point
NOW = at(1)


@pytest.mark.parametrize(
    "make",
    [
        lambda when: CheckIn(CheckInMoment.GATE, when, 0),
        lambda when: SessionDone("p", "1", when, NOW, 60, 60),
        lambda when: SessionDone("p", "1", NOW, when, 60, 60),
        lambda when: LoggedActivity(ActivityKind.CYCLING, 30, when, 0),
        lambda when: ExercisesDone(when, frozenset()),
        lambda when: Declaration(when, leg_symptoms=False, surgery=False),
        lambda when: Clearance(Cleared.PAIN, when),
        lambda when: Override(when, "Wait", NOW, "so"),
        lambda when: Override(NOW, "Wait", when, "so"),
        lambda when: OtherRun(when, NOW, 60, "a run"),
        lambda when: OtherRun(NOW, when, 60, "a run"),
    ],
)
def test_a_moment_without_a_zone_is_refused(make: Callable[[datetime], object]) -> None:
    make(NOW)
    with pytest.raises(PlanError, match="no time zone"):
        make(NAIVE)


@pytest.mark.parametrize("pain", [-1, 11, 2.5, True, None])
def test_pain_off_the_scale_is_refused(pain: int) -> None:
    with pytest.raises(PlanError, match="whole number from 0 to 10"):
        CheckIn(CheckInMoment.GATE, NOW, pain)
    with pytest.raises(PlanError, match="whole number from 0 to 10"):
        LoggedActivity(ActivityKind.CYCLING, 30, NOW, pain)


@pytest.mark.parametrize(("planned", "done"), [(0, 0), (-1, 0), (60, -1), (float("inf"), 0), (60, float("nan"))])
def test_a_running_time_that_cannot_be_is_refused(planned: float, done: float) -> None:
    with pytest.raises(PlanError, match="not a number of seconds"):
        SessionDone("p", "1", NOW, NOW, planned, done)


def test_how_hard_it_was_is_on_the_same_scale_and_may_be_left_out() -> None:
    assert CheckIn(CheckInMoment.DURING, NOW, 1).effort is None
    assert CheckIn(CheckInMoment.DURING, NOW, 1, effort=4).effort == 4
    with pytest.raises(PlanError, match="effort 11 is not on the scale"):
        CheckIn(CheckInMoment.DURING, NOW, 1, effort=11)


def test_a_session_that_ends_before_it_begins_is_a_clocks_fault() -> None:
    with pytest.raises(PlanError, match="check the clock"):
        SessionDone("p", "1", NOW, NOW - timedelta(seconds=1), 60, 60)


@pytest.mark.parametrize("minutes", [0, -5, 1441, float("nan")])
def test_minutes_that_cannot_be_are_refused(minutes: float) -> None:
    with pytest.raises(PlanError, match="are not possible"):
        LoggedActivity(ActivityKind.CYCLING, minutes, NOW, 0)


def test_a_clearance_names_somebody_and_an_override_gives_a_reason() -> None:
    assert Clearance(Cleared.PAIN, NOW).clinician == "my clinician"
    with pytest.raises(PlanError, match="nobody is named"):
        Clearance(Cleared.PAIN, NOW, " ")
    with pytest.raises(PlanError, match="gives no reason"):
        Override(NOW, "Wait", NOW, "\n")


def test_a_history_stands_in_the_order_of_time() -> None:
    late, early = CheckIn(CheckInMoment.GATE, at(2), 0), CheckIn(CheckInMoment.GATE, NOW, 0)
    assert History(check_ins=(late, early)).check_ins == (early, late)
    assert History(check_ins=(late, early)).latest() == at(2)
    assert History().latest() is None


def test_rowing_is_logged_does_not_count_and_says_why() -> None:
    rowing = LoggedActivity(ActivityKind.ROWING, 30, NOW, 0)
    assert not rowing.kind.counts
    assert rowing.note is not None
    assert "does not count" in rowing.note


def test_each_kind_says_whether_it_counts_as_low_impact_work() -> None:
    counting = ("cycling", "elliptical", "brisk walking", "swimming", "aqua-jogging")
    for kind in ActivityKind:
        note = LoggedActivity(kind, 30, NOW, 0).note
        assert kind.counts is (kind.value in counting)
        assert (note is None) is kind.counts
    assert "Take it easier" in str(LoggedActivity(ActivityKind.CYCLING, 30, NOW, 8).note)
    assert "starts the 48 hours" in str(LoggedActivity(ActivityKind.RUNNING, 30, NOW, 0).note)


def test_the_checklist_has_the_articles_core_exercises_and_stretches() -> None:
    ids = {group: [each.id for each in CHECKLIST if each.group is group] for group in Group}
    assert ids == {
        Group.CORE: ["prone-lifts", "all-fours-ball"],
        Group.STRETCH: ["glutes", "hamstrings", "piriformis"],
    }
    assert "Stay tall" in POSTURE


# -- something is wrong ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", list(Incident))
def test_what_ends_a_session_stops_the_belt_also_after_easing_off(trouble: Incident) -> None:
    eases = trouble in (Incident.TIRED, Incident.PAIN)
    assert act_for(IncidentResponse.EASE_OFF, [trouble]) is (
        IncidentResponse.EASE_OFF if eases else IncidentResponse.STOP
    )
    assert act_for(IncidentResponse.STOP, [trouble]) is IncidentResponse.STOP


def test_pain_above_five_stops_the_belt() -> None:
    assert act_for(IncidentResponse.EASE_OFF, [Incident.PAIN], 5) is IncidentResponse.EASE_OFF
    assert act_for(IncidentResponse.EASE_OFF, [Incident.PAIN], 6) is IncidentResponse.STOP
    assert act_for(IncidentResponse.EASE_OFF, []) is IncidentResponse.EASE_OFF


def test_what_is_wrong_becomes_the_check_in_worst_during() -> None:
    told = [Incident.LEG, Incident.LIMP, Incident.SHARP_PAIN, Incident.HEART, Incident.RED_FLAG]
    assert check_in(NOW, told, 4, frozenset({RedFlag.FEVER})) == CheckIn(
        CheckInMoment.DURING,
        NOW,
        4,
        LegSymptoms.FURTHER_DOWN,
        limp=True,
        sharp_pain=True,
        red_flags=frozenset({RedFlag.FEVER}),
        stop_signs=frozenset({StopSign.PALPITATIONS}),
    )
    assert check_in(NOW, [Incident.TIRED], 0) == CheckIn(CheckInMoment.DURING, NOW, 0)


@pytest.mark.parametrize("sign", list(StopSign))
def test_every_stop_sign_is_a_question(sign: StopSign) -> None:
    assert sign.question.endswith("?")
