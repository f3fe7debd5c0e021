"""The 48 hours, overrides, and clocks that are wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from runback.errors import PlanError
from runback.rehab.decision import DecisionKind, DueQuestion, override
from runback.rehab.progression import decide
from runback.rehab.records import CheckInMoment
from runback.rehab.red_flags import RedFlag
from tests.support.rehab.story import LENGTH, PLAN, Story, at


def test_the_48_hours_count_from_the_end_to_the_second() -> None:
    story = Story().session("1", at(1))
    ended = at(1) + LENGTH
    just_before = story.ask(ended + timedelta(hours=48, seconds=-1))
    assert (just_before.kind, just_before.earliest) == (DecisionKind.WAIT, ended + timedelta(hours=48))
    assert story.ask(ended + timedelta(hours=48)).kind is DecisionKind.ADVANCE


def test_an_override_is_recorded_in_the_persons_words_and_holds_the_stage() -> None:
    story = Story().session("1", at(1), g=None)
    decision = story.ask(at(2))
    assert decision.can_override
    assert not decision.may_run
    record = override(decision, at(2), "  my  holiday\nends ")
    story.add(overrides=(record,))
    over = story.ask(at(2, 0.1))
    assert (over.kind, over.may_run, over.overridden) == (DecisionKind.WAIT, True, record)
    assert over.sentence == f"{decision.sentence}; you go ahead all the same, and said why: my holiday ends"
    assert over.stage is not None
    assert over.stage.id == "1"
    assert over.ask is DueQuestion.BEFORE
    story.session("1", at(2, 0.2))
    assert story.ask(at(4, 1)).rule == 5


@pytest.mark.parametrize(("hours", "counts"), [(0.9, True), (1.1, False), (-0.1, False)])
def test_an_override_counts_for_an_hour(hours: float, counts: bool) -> None:
    story = Story().session("1", at(1), g=None)
    story.overrode(story.ask(at(2)), at(2))
    now = at(2, hours)
    history = replace(story.history, overrides=tuple(each for each in story.history.overrides if each.at <= now))
    assert decide(PLAN, history, now).may_run is counts


def test_an_override_of_one_wait_does_not_count_for_the_next() -> None:
    story = Story().session("1", at(1), g=None)
    story.overrode(story.ask(at(2)), at(2))
    story.run("1", at(2, 0.1)).say(CheckInMoment.DURING, at(2, 0.5))
    assert not story.ask(at(2, 0.6)).may_run


def test_what_cannot_be_overridden_is_refused_with_its_reason() -> None:
    locked = Story().say(CheckInMoment.GATE, at(1), flags=frozenset({RedFlag.FEVER})).ask(at(1))
    with pytest.raises(PlanError, match=r"cannot be overridden \(The plan is locked"):
        override(locked, at(1), "please")
    with pytest.raises(PlanError, match="in your own words"):
        override(Story().session("1", at(1), g=None).ask(at(2)), at(2), " ")


def test_after_an_override_the_session_before_is_held_for_its_missing_gate() -> None:
    story = Story().session("1", at(1), g=None).session("1", at(2, 1))
    story.session("1", at(5), g=2)
    decision = story.ask(at(7, 1))
    assert (decision.kind, decision.rule) == (
        DecisionKind.HOLD,
        6,
    )  # stage 1 went well in between, 2 was due: 1 was done


# -- clocks ---------------------------------------------------------------------------------------------------------


def test_a_clock_set_back_is_said_and_nothing_goes_on() -> None:
    decision = Story().session("1", at(1)).ask(datetime.fromisoformat("1970-01-01T00:10:00+00:00"))
    assert (decision.kind, decision.earliest, decision.can_override) == (DecisionKind.WAIT, None, False)
    assert "check the clock" in decision.sentence
    assert decision.ahead == at(3, 1 / 3)


def test_a_clock_off_by_a_minute_is_not_worth_a_word() -> None:
    story = Story().session("1", at(1))
    story.say(CheckInMoment.BEFORE, at(3, 1) + timedelta(minutes=1))
    assert story.ask(at(3, 1)).kind is DecisionKind.ADVANCE


def test_a_clock_doubt_before_the_first_session_names_the_first_stage() -> None:
    decision = Story().gate(at(1)).ask(at(0))
    assert decision.kind is DecisionKind.WAIT
    assert decision.stage == PLAN.stages[PLAN.start]


def test_sessions_that_overlap_hold_the_stage_and_say_that_the_clock_was_changed() -> None:
    story = Story().session("1", at(1)).session("1", at(1, 0.1))
    decision = story.ask(at(3, 1))
    assert decision.kind is not DecisionKind.ADVANCE
    assert any("clock was changed" in note for note in decision.notes)


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(PlanError, match="no time zone"):
        Story().ask(datetime(2026, 1, 1))  # noqa: DTZ001 - a naive one is the point


@pytest.mark.parametrize(("seconds", "doubted"), [(120, False), (121, True)])
def test_a_record_may_be_two_minutes_ahead(seconds: int, doubted: bool) -> None:
    story = Story().session("1", at(1)).run("2", at(4))
    decision = story.ask(at(4) + LENGTH - timedelta(seconds=seconds))
    assert (decision.ahead is not None) is doubted
    assert not decision.may_run
