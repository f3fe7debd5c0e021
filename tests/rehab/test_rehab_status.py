"""Words for a person: local times, clock changes, help, overrides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from runback.rehab.decision import DecisionKind, DueQuestion, override
from runback.rehab.progression import decide
from runback.rehab.records import CheckInMoment, Cleared
from runback.rehab.red_flags import RedFlag
from runback.rehab.status import local_time, status_lines, wait_words
from tests.support.rehab.story import LENGTH, Story, at

LONDON, NEW_YORK, TOKYO = ZoneInfo("Europe/London"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")


def ran(ended: datetime, *, morning: bool = True) -> Story:
    """A session that ended at `ended`, and what was said about it so far."""
    ended = ended.astimezone(UTC)
    began = ended - LENGTH
    story = Story().run("1", began).say(CheckInMoment.BEFORE, began, 1).say(CheckInMoment.DURING, ended, 1)
    return story.say(CheckInMoment.MORNING, ended + timedelta(hours=12), 1) if morning else story


@pytest.mark.parametrize(
    ("ended", "told", "changes"),
    [
        (datetime(2026, 1, 5, 18, tzinfo=LONDON), "Wednesday 7 January, 18:00 (GMT)", False),
        # clocks go forward on 29 March: 48 hours end an hour later by the clock on the wall
        (datetime(2026, 3, 28, 18, tzinfo=LONDON), "Monday 30 March, 19:00 (BST)", True),
        # and back on 25 October: an hour earlier
        (datetime(2026, 10, 24, 18, tzinfo=LONDON), "Monday 26 October, 17:00 (GMT)", True),
        # into the hour that is there twice, the second time
        (datetime(2026, 10, 23, 2, 30, tzinfo=LONDON), "Sunday 25 October, 01:30 (GMT)", True),
        # a run that ended in the second of the two hours
        (datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=LONDON), "Tuesday 27 October, 01:30 (GMT)", False),
        (datetime(2026, 10, 25, 1, 30, fold=0, tzinfo=LONDON), "Tuesday 27 October, 00:30 (GMT)", True),
    ],
)
def test_48_hours_are_48_hours_across_every_clock_change(ended: datetime, told: str, changes: bool) -> None:
    decision = ran(ended, morning=False).ask(ended.astimezone(UTC) + timedelta(minutes=1))
    assert decision.earliest == ended.astimezone(UTC) + timedelta(hours=48)
    line = next(line for line in status_lines(decision, LONDON) if line.startswith("At the earliest"))
    assert told in line
    assert ("the clocks change" in line) is changes


def test_a_traveller_reads_the_same_moment_in_the_zone_they_are_in() -> None:
    decision = ran(datetime(2026, 1, 5, 18, tzinfo=LONDON)).ask(datetime(2026, 1, 6, 21, tzinfo=NEW_YORK))
    assert decision.kind is DecisionKind.WAIT
    lines = {zone: status_lines(decision, zone)[1] for zone in (LONDON, NEW_YORK, TOKYO)}
    assert "Wednesday 7 January, 18:00 (GMT), in 16 hours" in lines[LONDON]
    assert "Wednesday 7 January, 13:00 (EST), in 16 hours" in lines[NEW_YORK]
    assert "Thursday 8 January, 03:00 (JST), in 16 hours" in lines[TOKYO]


def test_the_wait_is_rounded_up() -> None:
    for wait, words in [
        (timedelta(days=1, hours=3, minutes=20), "1 day 3 hours"),
        (timedelta(hours=2, minutes=4, seconds=1), "2 hours 5 minutes"),
        (timedelta(seconds=1), "1 minute"),
        (timedelta(0), "0 minutes"),
        (timedelta(days=2), "2 days"),
    ]:
        assert wait_words(wait) == words


@pytest.mark.parametrize(
    ("ended", "asked", "zone", "morning"),
    [
        (datetime(2026, 1, 5, 8, tzinfo=LONDON), datetime(2026, 1, 5, 15, tzinfo=LONDON), LONDON, False),
        (datetime(2026, 1, 5, 8, tzinfo=LONDON), datetime(2026, 1, 6, 6, tzinfo=LONDON), LONDON, True),
        (datetime(2026, 1, 5, 22, tzinfo=LONDON), datetime(2026, 1, 6, 1, tzinfo=LONDON), LONDON, False),
        (datetime(2026, 1, 5, 22, tzinfo=LONDON), datetime(2026, 1, 6, 4, tzinfo=LONDON), LONDON, True),
        (datetime(2026, 1, 5, 22, tzinfo=LONDON), datetime(2026, 1, 6, 4, tzinfo=LONDON), NEW_YORK, False),  # 23:00
    ],
)
def test_the_next_morning_is_asked_for_on_a_later_day_where_the_person_is(
    ended: datetime, asked: datetime, zone: ZoneInfo, morning: bool
) -> None:
    story = ran(ended, morning=False)
    decision = decide(story.plan, story.history, asked, tz=zone)
    assert (decision.ask is DueQuestion.MORNING) is morning


def test_a_red_flags_words_come_first_and_its_way_out_last() -> None:
    decision = Story().say(CheckInMoment.GATE, at(1), flags=frozenset({RedFlag.BLADDER_OR_BOWEL})).ask(at(1))
    lines = status_lines(decision, LONDON)
    assert lines[0] == "Get help now."
    assert lines[-1].endswith(f"a clinician's clearance {Cleared.RED_FLAG.value}.")
    assert not any("go ahead" in line for line in lines)


def test_a_wait_offers_the_override_and_an_override_is_never_silent() -> None:
    story = ran(at(1))
    decision = story.ask(at(2))
    assert any("goes on record" in line for line in status_lines(decision, LONDON))
    story.add(overrides=(override(decision, at(2), "my race"),))
    lines = status_lines(story.ask(at(2)), LONDON)
    assert "said why: my race" in lines[0]
    assert "You chose to go ahead at Tuesday 6 January, 18:00 (GMT); it is on record." in lines


def test_a_wrong_clock_is_told_with_both_times() -> None:
    lines = status_lines(ran(at(1)).ask(at(0.5)), LONDON)
    assert any("says Monday 5 January, 06:00 (GMT), and a record says Tuesday 6 January" in line for line in lines)


def test_the_start_says_that_this_is_no_medical_advice() -> None:
    lines = status_lines(Story().gate(at(1)).ask(at(1, 2)), LONDON)
    assert "This is not medical advice. If you are unsure, ask a clinician." in lines
    assert "Before you run: how is your back now?" in lines


def test_a_decision_that_lets_run_does_not_tell_a_time_that_is_past() -> None:
    lines = status_lines(Story().session("1", at(1)).ask(at(3, 1)), LONDON)
    assert lines[0] == "Go on to stage 2: stage 1 went well."
    assert not any(line.startswith("At the earliest") for line in lines)


def test_local_time_speaks_english_wherever_it_is() -> None:
    assert local_time(datetime(2026, 5, 1, tzinfo=UTC), TOKYO) == "Friday 1 May, 09:00 (JST)"


def test_nothing_is_told_twice() -> None:
    lines = status_lines(Story().ask(at(1)), LONDON)
    assert lines[:2] == (
        "Before your first run: please say whether you had leg symptoms or back surgery.",
        "Did you have symptoms in a leg, or back surgery, and how is your health?",
    )
    assert len([line for line in lines if "eg symptoms" in line]) == 1
    assert any("cycling, elliptical and brisk walking count" in line for line in lines)


def test_whoever_is_sent_back_to_the_gate_is_told_why() -> None:
    first = status_lines(Story().session("1", at(1)).ask(at(47)), LONDON)[0]
    assert first.startswith(
        "Welcome back: before you run again, as 45 days have passed since the last session: please say whether you had"
    )
