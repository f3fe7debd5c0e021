"""Records, the log of low-impact work and exercises, and the one key for something wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from rehab_story import at

from runback.errors import PlanError
from runback.rehab.activity import Activity, ActivityKind, ExercisesDone
from runback.rehab.exercises import CHECKLIST, POSTURE, Group
from runback.rehab.incident import Act, Trouble, act_for, check_in
from runback.rehab.records import (
    CheckIn,
    Clearance,
    Cleared,
    Declaration,
    History,
    LegSymptoms,
    Moment,
    Override,
    SessionDone,
)
from runback.rehab.red_flags import RedFlag, StopSign

NAIVE = datetime(2026, 1, 5, 18)  # noqa: DTZ001 - a naive one is the point
NOW = at(1)


@pytest.mark.parametrize(
    "make",
    [
        lambda when: CheckIn(Moment.GATE, when, 0),
        lambda when: SessionDone("p", "1", when, NOW, 60, 60),
        lambda when: SessionDone("p", "1", NOW, when, 60, 60),
        lambda when: Activity(ActivityKind.CYCLING, 30, when, 0),
        lambda when: ExercisesDone(when, frozenset()),
        lambda when: Declaration(when, leg_symptoms=False, surgery=False),
        lambda when: Clearance(Cleared.PAIN, when),
        lambda when: Override(when, "Wait", NOW, "so"),
        lambda when: Override(NOW, "Wait", when, "so"),
    ],
)
def test_a_moment_without_a_zone_is_refused(make: Callable[[datetime], object]) -> None:
    make(NOW)
    with pytest.raises(PlanError, match="no time zone"):
        make(NAIVE)


@pytest.mark.parametrize("pain", [-1, 11, 2.5, True, None])
def test_pain_off_the_scale_is_refused(pain: int) -> None:
    with pytest.raises(PlanError, match="whole number from 0 to 10"):
        CheckIn(Moment.GATE, NOW, pain)
    with pytest.raises(PlanError, match="whole number from 0 to 10"):
        Activity(ActivityKind.CYCLING, 30, NOW, pain)


@pytest.mark.parametrize(("planned", "done"), [(0, 0), (-1, 0), (60, -1), (float("inf"), 0), (60, float("nan"))])
def test_a_running_time_that_cannot_be_is_refused(planned: float, done: float) -> None:
    with pytest.raises(PlanError, match="no number of seconds"):
        SessionDone("p", "1", NOW, NOW, planned, done)


def test_a_session_that_ends_before_it_begins_is_a_clocks_fault() -> None:
    with pytest.raises(PlanError, match="check the clock"):
        SessionDone("p", "1", NOW, NOW - timedelta(seconds=1), 60, 60)


@pytest.mark.parametrize("minutes", [0, -5, 1441, float("nan")])
def test_minutes_that_cannot_be_are_refused(minutes: float) -> None:
    with pytest.raises(PlanError, match="are not possible"):
        Activity(ActivityKind.CYCLING, minutes, NOW, 0)


def test_a_clearance_names_somebody_and_an_override_gives_a_reason() -> None:
    assert Clearance(Cleared.PAIN, NOW).clinician == "my clinician"
    with pytest.raises(PlanError, match="nobody is named"):
        Clearance(Cleared.PAIN, NOW, " ")
    with pytest.raises(PlanError, match="gives no reason"):
        Override(NOW, "Wait", NOW, "\n")


def test_a_history_stands_in_the_order_of_time() -> None:
    late, early = CheckIn(Moment.GATE, at(2), 0), CheckIn(Moment.GATE, NOW, 0)
    assert History(check_ins=(late, early)).check_ins == (early, late)
    assert History(check_ins=(late, early)).latest() == at(2)
    assert History().latest() is None


def test_rowing_is_logged_does_not_count_and_says_why() -> None:
    rowing = Activity(ActivityKind.ROWING, 30, NOW, 0)
    assert not rowing.kind.counts
    assert rowing.note is not None
    assert "does not count" in rowing.note
    others = [kind for kind in ActivityKind if kind is not ActivityKind.ROWING]
    assert all(kind.counts and Activity(kind, 30, NOW, 0).note is None for kind in others)


def test_the_checklist_has_the_articles_core_exercises_and_stretches() -> None:
    ids = {group: [each.id for each in CHECKLIST if each.group is group] for group in Group}
    assert ids == {
        Group.CORE: ["prone-lifts", "all-fours-ball"],
        Group.STRETCH: ["glutes", "hamstrings", "piriformis"],
    }
    assert "Stay tall" in POSTURE


# -- something is wrong ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", list(Trouble))
def test_what_ends_a_session_stops_the_belt_also_after_easing_off(trouble: Trouble) -> None:
    eases = trouble in (Trouble.TIRED, Trouble.PAIN)
    assert act_for(Act.EASE_OFF, [trouble]) is (Act.EASE_OFF if eases else Act.STOP)
    assert act_for(Act.STOP, [trouble]) is Act.STOP


def test_pain_above_five_stops_the_belt() -> None:
    assert act_for(Act.EASE_OFF, [Trouble.PAIN], 5) is Act.EASE_OFF
    assert act_for(Act.EASE_OFF, [Trouble.PAIN], 6) is Act.STOP
    assert act_for(Act.EASE_OFF, []) is Act.EASE_OFF


def test_what_is_wrong_becomes_the_check_in_worst_during() -> None:
    told = [Trouble.LEG, Trouble.LIMP, Trouble.SHARP_PAIN, Trouble.HEART, Trouble.RED_FLAG]
    assert check_in(NOW, told, 4, frozenset({RedFlag.FEVER})) == CheckIn(
        Moment.DURING,
        NOW,
        4,
        LegSymptoms.FURTHER_DOWN,
        limp=True,
        sharp_pain=True,
        red_flags=frozenset({RedFlag.FEVER}),
        stop_signs=frozenset({StopSign.PALPITATIONS}),
    )
    assert check_in(NOW, [Trouble.TIRED], 0) == CheckIn(Moment.DURING, NOW, 0)


@pytest.mark.parametrize("sign", list(StopSign))
def test_every_stop_sign_is_a_question(sign: StopSign) -> None:
    assert sign.question.endswith("?")
