"""Five lives with the plan, told day by day: each sentence that the program says is here (training.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import Decision, override
from runback.rehab.low_impact_month import MonthDone
from runback.rehab.progression import decide
from runback.rehab.records import Cleared, Declaration
from runback.rehab.status import status_lines
from tests.support.rehab.examples import B, D, G, M
from tests.support.rehab.story import SAME, Story, at

LONDON = ZoneInfo("Europe/London")
HEALTHY = Declaration(at(-29), leg_symptoms=False, surgery=False, risks=frozenset())
CALL = (
    "If it does not get better in a few days, gets worse, or moves down a leg, please call your physiotherapist or "
    "doctor."
)
AHEAD = "You can go ahead before that if you say why; it goes on record."


def asked(story: Story, when: datetime) -> Decision:
    return decide(story.plan, story.history, when, tz=LONDON)


def says(story: Story, when: datetime, *, lines: int | None = None) -> list[str]:
    """What the program says at `when`, the first `lines` of it."""
    return list(status_lines(asked(story, when), LONDON))[:lines]


def ride(day: float) -> LoggedActivity:
    return LoggedActivity(ActivityKind.CYCLING, 30, at(day), 1)


def test_the_ideal_life_from_the_first_day_of_the_month() -> None:
    story = Story()
    assert says(story, at(-30), lines=2) == [
        "Before your first run: please say whether you had leg symptoms or back surgery.",
        "Did you have symptoms in a leg, or back surgery, and how is your health?",
    ]
    story.add(declarations=(HEALTHY,))
    assert says(story, at(-29)) == [
        "Before your first run: low-impact work: 3 days a week for 4 weeks; cycling, elliptical and brisk walking "
        "count.",
        "Leg symptoms or back surgery: none",
        "Your health: nothing that needs a clinician first",
        "A brisk walk of 30 minutes at 2/10 or less, no worse next morning: still to do",
        "No red flag, and a quiet back today: asked before you start",
    ]
    told = {}
    for day in range(-29, -1, 2):
        story.add(activities=(ride(day),))
        told[day] = says(story, at(day, 1), lines=1)[0]
    first = "your first run can be on Saturday 3 January at the earliest."
    work = "Before your first run: low-impact work: "
    assert told[-29] == f"{work}0 of 4 weeks done, 1 of 3 days in this one; {first}"
    assert told[-21] == f"{work}1 of 4 weeks done, 1 of 3 days in this one; {first}"
    assert told[-11] == f"{work}2 of 4 weeks done, 3 of 3 days in this one; {first}"
    walk = LoggedActivity(ActivityKind.WALKING, 35, at(-1), 1)
    story.add(activities=(walk,))
    name = "a brisk walk of 30 minutes at 2/10 or less, no worse next morning"
    assert says(story, at(-1, 1), lines=2) == [
        f"Before your first run: {name}: done, next morning will tell.",
        "At the earliest: Sunday 4 January, 00:00 (GMT), in 5 hours.",
    ]
    assert says(story, at(0, -10), lines=2)[1] == "Was it worse the morning after your brisk walk?"
    answered = replace(walk, rise_next_morning=False)
    story.history = replace(story.history, activities=(*story.history.activities[:-1], answered))
    assert says(story, at(1), lines=2) == [
        "Before your first run: no red flag, and a quiet back today: asked before you start.",
        "How is your back now, and is any warning sign new since last time?",
    ]
    ready = says(story.say(G, at(1), 1), at(1))
    assert ready[0] == "You're ready for stage 1."
    assert "Low-impact work: 4 weeks done, with 3 days or more in each" in ready
    assert ready[-1] == "This is not medical advice. If you are unsure, ask a clinician."
    story.run("1", at(1))
    earliest = "At the earliest: Wednesday 7 January, 18:20 (GMT), in"
    assert says(story, at(1, 0.4)) == [
        "Say how it was at its worst during the run.",
        f"{earliest} 1 day 23 hours.",
        "How was it at its worst during the run?",
    ]
    rest = "Rest for now: a good 48 hours show how your back has taken the run."
    assert says(story.say(D, at(1, 0.4), 1), at(1, 0.5)) == [rest, f"{earliest} 1 day 23 hours."]
    assert says(story, at(2, -11)) == [
        "Say how you are this morning, the one after the run.",
        f"{earliest} 1 day 11 hours.",
        "How are you this morning?",
    ]
    assert says(story.say(M, at(2, -11), 1), at(2, -10)) == [rest, f"{earliest} 1 day 10 hours.", AHEAD]
    assert says(story, at(3, 0.5)) == [
        "Time for the 48 h check: say how you are now.",
        "How is your back now, and is any warning sign new since last time?",
    ]
    assert says(story.say(G, at(3, 0.5), 1), at(3, 0.5)) == ["Go on to stage 2: stage 1 went well."]
    assert says(story, at(3, 3)) == ["Go on to stage 2: stage 1 went well.", "Before you run: how is your back now?"]


def test_who_has_done_the_month_begins_today() -> None:
    """The reader whom the physiotherapist answered: three months out, seen by somebody, cycling for weeks."""
    story = Story().add(declarations=(Declaration(at(1), leg_symptoms=True, surgery=False, risks=frozenset()),))
    assert says(story, at(1), lines=2) == [
        "Before your first run: leg symptoms or back surgery: a clinician has to clear you to run first.",
        "To unlock it, record a clinician's clearance to run after leg symptoms or surgery.",
    ]
    story.clear(Cleared.LEG_SYMPTOMS, at(-10), "Jo Smith, physiotherapist")  # the day of the visit
    story.add(months=(MonthDone(at(1), at(-60).date(), at(-1).date()),))
    story.add(activities=(LoggedActivity(ActivityKind.WALKING, 35, at(-1), 1, rise_next_morning=False),))
    story.say(G, at(1), 1, leg=SAME)
    assert says(story, at(1)) == [
        "You're ready for stage 1.",
        "Leg symptoms or back surgery: cleared by Jo Smith, physiotherapist",
        "Your health: nothing that needs a clinician first",
        "Low-impact work: you say you did your month from Wednesday 5 November to Saturday 3 January (self-reported)",
        "A brisk walk of 30 minutes at 2/10 or less, no worse next morning: done",
        "No red flag, and a quiet back today: yes",
        "This is not medical advice. If you are unsure, ask a clinician.",
    ]


def test_four_of_ten_next_morning_and_a_leg() -> None:
    story = (
        Story().gate(at(1)).say(B, at(1, -0.1), 1).run("1", at(1)).say(D, at(1, 0.4), 2).say(M, at(2, -10), 4, leg=SAME)
    )
    morning = asked(story, at(2, -10))
    assert says(story, at(2, -10)) == [
        "Rest today: leg symptoms that were not there before; your pain the morning after was 4, 3 more than before "
        "the run.",
        "At the earliest: Friday 9 January, 08:00 (GMT), in 3 days.",
        CALL,
    ]
    assert (morning.can_override, morning.may_run) == (False, False)
    story.say(G, at(3, 1), 2, leg=SAME)
    assert says(story, at(3, 1)) == [
        "The plan is locked: your leg symptoms are still there 48 hours after the run, please see a clinician.",
        "To unlock it, record a clinician's clearance to run after leg symptoms or surgery.",
    ]
    story.clear(Cleared.LEG_SYMPTOMS, at(4), "Jo Smith")
    again = says(story, at(4, 1), lines=2)
    assert again[0].startswith("Say how you are today: leg symptoms that were not there before; your pain the morning")
    story.say(G, at(4, 1), 1)
    assert says(story, at(4, 2), lines=1) == [
        "Wait, then go back to stage 0b: leg symptoms that were not there before."
    ]
    assert says(story, at(6, 20), lines=1) == ["Go back to stage 0b: leg symptoms that were not there before."]


def test_four_of_ten_next_morning_alone() -> None:
    story = Story().gate(at(1)).say(B, at(1, -0.1), 1).run("1", at(1)).say(D, at(1, 0.4), 2).say(M, at(2, -10), 4)
    assert says(story, at(2, -10)) == [
        "Rest today: your pain the morning after was 4, 3 more than before the run.",
        "At the earliest: Wednesday 7 January, 18:20 (GMT), in 1 day 10 hours.",
        CALL,
    ]
    story.say(G, at(3, 1), 2)
    assert says(story, at(3, 1), lines=1) == [
        "Rest today: your pain the morning after was 4, 3 more than before the run, and it has not settled yet."
    ]
    assert says(story.say(G, at(4, 1), 1), at(4, 1)) == ["Repeat stage 1: pain rose by 3 next morning."]


def test_two_weeks_missed() -> None:
    story = Story().gate(at(1)).session("1", at(1)).session("2", at(3, 1)).session("3", at(6), g=None)
    welcome = "Welcome back: go back to stage 1, as 15 days have passed since the last session"
    assert says(story, at(21, 1)) == [
        "Time for the 48 h check: say how you are now.",
        "How is your back now, and is any warning sign new since last time?",
        f"So far: {welcome}",
    ]
    assert says(story.say(G, at(21, 1), 1), at(21, 1)) == [f"{welcome}."]
    week = Story().gate(at(1)).session("1", at(1)).session("2", at(4), m=None)
    assert says(week, at(6, 1)) == [
        "Stay at stage 2: the check-in of the next morning is missing; you can still give it."
    ]
    assert says(week.say(M, at(6, 1), 1), at(6, 1)) == ["Go on to stage 3: stage 2 went well."]
    long = Story().gate(at(1)).session("1", at(1))
    assert says(long, at(45), lines=1)[0].startswith(
        "Welcome back: before you run again, as 43 days have passed since the last session: low-impact work: 3 days a"
    )


def test_who_goes_ahead() -> None:
    story = Story().gate(at(1)).session("1", at(1), g=None)
    decision = asked(story, at(2))
    assert says(story, at(2))[-1] == AHEAD
    story.add(overrides=(override(decision, at(2), "my holiday ends"),))
    rest = "Rest for now: a good 48 hours show how your back has taken the run"
    assert says(story, at(2, 0.1)) == [
        f"{rest}; you go ahead all the same, and said why: my holiday ends.",
        "At the earliest: Wednesday 7 January, 18:20 (GMT), in 1 day.",
        "You chose to go ahead at Tuesday 6 January, 18:00 (GMT); it is on record.",
        "Before you run: how is your back now?",
    ]
    story.say(B, at(2, 0.15), 1).run("1", at(2, 0.2)).say(D, at(2, 0.6), 1)
    assert says(story, at(2, 0.7)) == [
        f"{rest}.",
        "At the earliest: Thursday 8 January, 17:12 (GMT), in 1 day 22 hours.",
    ]
    for hours in (0.7, 2, 5):
        assert not asked(story, at(2, hours)).can_override  # never a second time on one day
    story.say(M, at(3, -10), 6)
    assert says(story, at(3, -10)) == [
        "Rest today: your pain the morning after was 6, 5 more than before the run.",
        "At the earliest: Thursday 8 January, 17:12 (GMT), in 1 day 9 hours.",
        CALL,
    ]
    assert not asked(story, at(3, 5)).can_override
    assert asked(story, at(3) + timedelta(hours=47)).kind.value in ("ask", "wait until")
