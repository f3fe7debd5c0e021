"""The reaction to a run is told in one line (training.md: "a good 48 hours to see any reaction")."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given

from runback.rehab.evaluation import judge, judged_in_turn
from runback.rehab.reaction import Reaction, reaction
from runback.rehab.records import CheckInMoment, History
from tests.support.rehab.examples import B, D, G, M
from tests.support.rehab.story import LENGTH, PLAN, Story, at
from tests.support.rehab.strategies import QUICK, asked

ENDED = at(1) + LENGTH
HOUR = timedelta(hours=1)


def reacted(story: Story, hours: float = 60) -> Reaction:
    judged = judge(PLAN, story.history, ENDED + hours * HOUR)
    assert judged is not None
    return reaction(judged.case)


def after(*told: tuple[CheckInMoment, float, int], b: int | None = 1) -> Story:
    story = Story().run("1", at(1))
    if b is not None:
        story.say(B, at(1, -0.1), b)
    for moment, hours, pain in told:
        story.say(moment, ENDED + hours * HOUR, pain)
    return story


@pytest.mark.parametrize(
    ("story", "sentence"),
    [
        (
            after((D, 0, 1), (M, 13, 2), (G, 30, 1)),
            "before 1, worst 1, next morning 2, now 1: settled in 30 h",
        ),
        (after((D, 0, 1), (M, 13, 1), (G, 48, 0)), "before 1, worst 1, next morning 1, now 0: no reaction"),
        (after((D, 0, 3), (M, 13, 1)), "before 1, worst 3, next morning 1, now 1: settled in 13 h"),
        (
            after((D, 0, 1), (M, 13, 4), (G, 48, 3)),
            "before 1, worst 1, next morning 4, now 3: 2 above before, not settled yet",
        ),
        (
            after((D, 0, 1), (M, 13, 1), (G, 48, 2), (G, 50, 1)),
            "before 1, worst 1, next morning 1, now 1: settled in 50 h",
        ),
        (
            after((D, 0, 4)),
            "before 1, worst 4, next morning –, now –: 3 above before at its worst, the next answers are still to come",
        ),
        (after(), "before 1, worst –, next morning –, now –: the answers are still to come"),
        (after((D, 0, 2), b=None), "before –, worst 2, next morning –, now –: nobody knows how it was before"),
        (after((D, 0.5, 2), (G, 0.6, 1)), "before 1, worst 2, next morning –, now 1: settled in 1 h"),
    ],
)
def test_the_reaction_in_a_line(story: Story, sentence: str) -> None:
    assert reacted(story).sentence == sentence


@pytest.mark.parametrize(
    ("story", "sentence"),
    [
        (after((D, 0, 1)), "before 1, worst 1, next morning –, now –: the next answers are still to come"),
        (after((D, 0, 1), (M, 13, 1)), "before 1, worst 1, next morning 1, now 1: no reaction so far"),
    ],
)
def test_before_the_48_hours_are_answered_no_reaction_is_only_so_far(story: Story, sentence: str) -> None:
    assert reacted(story, hours=20).sentence == sentence


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ((), "before 1, worst –, next morning –, last –: nothing was said after it"),
        (((D, 0, 1),), "before 1, worst 1, next morning –, last –: nothing was said after it"),
        (
            ((D, 0, 3),),
            "before 1, worst 3, next morning –, last –: 2 above before at its worst, nothing was said after it",
        ),
        (((D, 0, 1), (M, 13, 1)), "before 1, worst 1, next morning 1, last 1: no reaction in these answers"),
        (((D, 0, 1), (M, 13, 1), (G, 48, 1)), "before 1, worst 1, next morning 1, last 1: no reaction"),
        (((D, 0, 1), (M, 13, 3)), "before 1, worst 1, next morning 3, last 3: 2 above before at the last answer"),
    ],
)
def test_of_a_run_that_another_followed_nothing_is_said_about_now(
    told: tuple[tuple[CheckInMoment, float, int], ...], sentence: str
) -> None:
    story = after(*told).run("1", at(4))
    first = next(judged_in_turn(PLAN, story.history, at(5)))
    assert reaction(first.case).sentence == sentence


def test_the_curve_is_every_answer_in_hours_from_the_end() -> None:
    curve = reacted(after((D, 0, 3), (M, 13, 2), (G, 48, 1))).curve
    assert [(each.after / HOUR, each.pain) for each in curve] == [(-1 / 3, 1), (0, 3), (13, 2), (48, 1)]


def test_what_was_said_after_the_next_run_is_no_part_of_it() -> None:
    story = after((D, 0, 1), (M, 13, 1), (G, 48, 1)).session("2", at(4), d=9)
    judged = judge(PLAN, story.history, at(4, -1))
    assert judged is not None
    assert reaction(judged.case).worst == 1


@QUICK
@given(asked())
def test_settled_is_back_at_before(case: tuple[History, datetime]) -> None:
    judged = judge(PLAN, *case)
    if judged is None:
        return
    found = reaction(judged.case)
    assert found.sentence.isprintable()
    if found.settled is not None:
        assert found.rose
        assert found.before is not None
        assert found.now is not None
        assert found.now <= found.before
