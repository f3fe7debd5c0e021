"""The hours within which each check-in counts."""

from __future__ import annotations

import pytest

from runback.rehab.decision import DecisionKind, DueQuestion
from runback.rehab.records import CheckInMoment
from tests.support.rehab.examples import ADVANCE, HOLD, B, D, G, M
from tests.support.rehab.story import Story, at


@pytest.mark.parametrize(
    ("moment", "hours", "kind"),
    [
        (B, -12, ADVANCE),
        (B, -12.01, HOLD),
        (B, 0, ADVANCE),
        (B, 0.33, ADVANCE),  # before its end: of a run without runback only that is known
        (B, 0.34, HOLD),
        (D, 0, ADVANCE),
        (D, 36 + 1 / 3, ADVANCE),
        (D, 36.35, ADVANCE),  # given late
        (M, 6.34, ADVANCE),
        (M, 6.3, HOLD),
        (M, 36 + 1 / 3, ADVANCE),
        (M, 48.9, ADVANCE),
    ],
)
def test_a_check_in_counts_within_its_hours(moment: CheckInMoment, hours: float, kind: DecisionKind) -> None:
    answers = {each: None if each is moment else 0 for each in CheckInMoment}
    story = Story().session("1", at(1), answers[B], answers[D], answers[M], answers[G])
    assert story.say(moment, at(1, hours), 0).ask(at(3, 1)).kind is kind


def test_what_was_forgotten_is_asked_for_36_hours_and_may_be_given_later() -> None:
    story = Story().session("1", at(1), d=None, g=None)
    assert story.ask(at(1, 36 + 1 / 3)).ask is DueQuestion.DURING
    assert story.ask(at(1, 36.35)).ask is None
    story.say(G, at(3, 0.5), 1)
    held = story.ask(at(3, 1))
    assert held.kind is HOLD
    assert held.sentence == "Stay at stage 1: the answer how it was during the run is missing; you can still give it"
    assert story.say(D, at(3, 2), 1).ask(at(3, 2)).kind is ADVANCE
