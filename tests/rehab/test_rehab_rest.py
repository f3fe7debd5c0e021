"""A good 48 hours: from the end of the first run, then from start to start with an hour's tolerance (training.md)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from runback.rehab.decision import DecisionKind
from runback.rehab.evaluation import judge
from runback.rehab.progression import decide
from tests.support.rehab.examples import B, D, M
from tests.support.rehab.story import LENGTH, Story, at
from tests.support.rehab.strategies import QUICK

LONDON = ZoneInfo("Europe/London")


def live(story: Story, now: datetime, *, zone: ZoneInfo = LONDON) -> bool:
    """Answer well whatever is asked at `now`, and run if that is what is decided; whether there was a run."""
    decision = decide(story.plan, story.history, now, tz=zone)
    while decision.ask is not None and decision.ask.moment is not None:
        story.say(decision.ask.moment, now)
        decision = decide(story.plan, story.history, now, tz=zone)
    if not decision.ready or decision.stage is None:
        return False
    story.run(decision.stage.id, now)
    story.say(D, now + LENGTH, 1).say(M, now + timedelta(hours=14), 0)
    return True


def stage_days(story: Story) -> dict[str, int]:
    """On which day after the first run each stage was done first."""
    first = story.history.sessions[0].began.astimezone(LONDON).date()
    found: dict[str, int] = {}
    for each in story.history.sessions:
        found.setdefault(each.stage, (each.began.astimezone(LONDON).date() - first).days + 1)
    return found


@QUICK
@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_who_runs_every_other_day_at_seven_reaches_ten_minutes_by_day_21(day: date) -> None:
    """In every week of the year: the clocks change in two of them."""
    story, tried = Story(), datetime.combine(day, time(19), LONDON)
    story.gate(tried.astimezone(UTC))
    refused = 0
    while "8" not in {each.stage for each in story.history.sessions}:
        ran = live(story, tried.astimezone(UTC))
        refused += not ran
        tried += timedelta(days=2 if ran else 1)  # the wall clock's days
    assert stage_days(story)["8"] <= 21
    assert refused <= 1  # the second run alone is pushed to a third day; not where the clocks give it an hour


def test_who_goes_out_as_soon_as_they_may_reaches_ten_minutes_by_day_17() -> None:
    story, now = Story().gate(at(1)), at(1)
    while "8" not in {each.stage for each in story.history.sessions}:
        assert live(story, now)
        earliest = story.ask(now + timedelta(hours=15)).earliest
        assert earliest is not None
        now = earliest
    assert stage_days(story)["8"] <= 17


def test_the_second_run_waits_from_the_end_of_the_first_and_later_ones_from_start_to_start() -> None:
    story = Story().session("1", at(1), g=None)
    assert story.ask(at(2)).earliest == at(1) + LENGTH + timedelta(hours=48)
    story.session("2", at(4), g=None)
    assert story.ask(at(5)).earliest == at(6, -1)
    assert story.ask(at(6, -1.01)).kind is DecisionKind.WAIT


def test_after_a_month_without_a_run_the_next_is_a_first_one_again() -> None:
    for gap, earliest in ((28, at(31, -1)), (30, at(31) + LENGTH)):
        story = Story().session("1", at(29 - gap)).gate(at(29)).session("1", at(29), g=None)
        assert story.ask(at(29, 15)).earliest == earliest


def test_the_check_in_at_48_hours_serves_as_before() -> None:
    story = Story().session("1", at(1), 2, 2, 2, 2)
    began = at(3, 2)
    story.run("2", began).say(D, began + LENGTH, 2).say(M, began + timedelta(hours=14), 2)
    story.say(B, began + timedelta(hours=49), 2)
    judged = judge(story.plan, story.history, began + timedelta(hours=50))
    assert judged is not None
    assert judged.case.before == 2
