"""The pages' words, made from records: today, the diary, one session, and the plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.journal.model import Event, IntervalRow, SampleRow, SessionRecord, SessionRow
from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import DecisionKind, DueQuestion
from runback.rehab.library import load, names
from runback.rehab.records import CheckIn, CheckInMoment, Cleared, History
from runback.rehab.red_flags import RedFlag, help_for
from runback.tui.planner import calendar, plan_overview, session_detail
from runback.tui.planner.calendar import SessionMark
from runback.tui.planner.today_page import stage_line, today
from runback.tui.styled_text import bar
from runback.units import Unit
from tests.support.planner import LONDON, NOW, PLAN, ago, at_the_gate, desk, keep, resting, session, through_the_gate


def test_the_decisions_sentence_stands_there_word_for_word(tmp_path: Path) -> None:
    view = resting(desk(tmp_path)).view()
    assert view is not None
    page = today(view.decision, view.plan, view.gate, LONDON)
    assert page.sentence == f"{view.decision.sentence}."
    assert page.words == "REST"
    assert "In 1 day 23 hours: Sunday 4 October, 17:55 (BST), not before." in [line.text for line in page.lines]


REACTIONS = [
    ((2, 2, 1), "before 1, worst 2, next morning 2, now 1: settled in 48 h"),
    ((2, 4, 3), "before 1, worst 2, next morning 4, now 3: 2 above before, not settled yet"),
    ((1, None, None), "before 1, worst 1, next morning –, now –: the next answers are still to come"),
]


@pytest.mark.parametrize(("said", "sentence"), REACTIONS)
def test_today_and_the_session_tell_how_the_back_reacted(
    said: tuple[int | None, ...], sentence: str, tmp_path: Path
) -> None:
    at = at_the_gate(desk(tmp_path))
    at.book.add(LoggedActivity(ActivityKind.WALKING, 35.0, ago(days=4), 1, rise_next_morning=False))
    began = ago(days=2, hours=2)
    keep(at.path, session(began))
    at.book.add(CheckIn(CheckInMoment.BEFORE, began - timedelta(minutes=10), 1))
    for moment, hours, pain in zip(list(CheckInMoment)[1:], (0.1, 13.0, 48.1), said, strict=True):
        if pain is not None:
            at.book.add(CheckIn(moment, began + timedelta(hours=hours), pain))
    view = at.view()
    assert view is not None
    page = today(view.decision, view.plan, view.gate, LONDON, view.reaction)
    assert f"Pain last time, 0-10: {sentence}." in [line.text for line in page.lines]
    assert session_detail.reacted(at.reaction_to(1))[0].text == f"Pain, 0-10: {sentence}."


def test_before_the_first_run_there_is_no_reaction_to_tell(tmp_path: Path) -> None:
    at = through_the_gate(desk(tmp_path))
    keep(at.path, session(ago(days=1), plan=None))
    view = at.view()
    assert view is not None
    assert view.reaction is None
    assert session_detail.reacted(at.reaction_to(1)) == []


@pytest.mark.full
@pytest.mark.parametrize(
    ("changes", "words", "enter"),
    [
        ({"ask": None}, "RUN TODAY", "run stage 1"),
        ({"ask": DueQuestion.DECLARATION, "kind": DecisionKind.ASK}, "CHECK IN", "answer"),
        ({"kind": DecisionKind.FINISHED}, "WELL DONE", "check in"),
        ({"kind": DecisionKind.WAIT, "ask": None, "ahead": NOW}, "CHECK THE CLOCK", ""),
        ({"kind": DecisionKind.WAIT, "ask": None}, "BUILD UP", ""),
        ({"kind": DecisionKind.LOCKED, "ask": None, "clearance": Cleared.PAIN}, "SEE A CLINICIAN", ""),
        ({"kind": DecisionKind.LOCKED, "ask": None, "help": help_for([RedFlag.FEVER])}, "SEE A DOCTOR", ""),
        ({"kind": DecisionKind.LOCKED, "ask": None, "help": help_for([RedFlag.CHEST_PAIN])}, "GET HELP NOW", ""),
    ],
)
def test_a_word_or_two_says_what_to_do(changes: dict[str, object], words: str, enter: str, tmp_path: Path) -> None:
    view = through_the_gate(desk(tmp_path)).view()
    assert view is not None
    decision = replace(view.decision, **changes)  # type: ignore[arg-type]
    page = today(decision, view.plan, view.gate, LONDON)
    assert (page.words, page.enter) == (words, enter)
    assert page.full == (decision.help is not None)
    if decision.help is not None:
        shown = " ".join([page.words.capitalize(), *(line.text for line in page.lines)])
        assert all(line.rstrip(".") in shown for line in decision.help.lines)


def test_a_clock_change_during_the_wait_is_said(tmp_path: Path) -> None:
    view = resting(desk(tmp_path)).view()
    assert view is not None
    later = replace(view.decision, earliest=NOW + timedelta(days=30))
    lines = [line.text for line in today(later, view.plan, (), LONDON).lines]
    assert "The clocks change before then; the wait is as long as it says." in lines


@pytest.mark.parametrize("name", names())
def test_every_plan_says_its_stages_its_rules_and_its_source(name: str) -> None:
    plan = load(name)
    told = [line.text for line in plan_overview.about(plan)]
    assert plan.source in told
    assert set(plan.rules.says) <= set(told)
    assert all(f"! {each}" in told for each in plan.exclusions)
    listed = plan_overview.stages(plan, plan.start, cautious=False)
    assert len(listed) == len(plan.stages) + 1
    assert sum("you are here" in line.text for line in listed) == 1


def test_a_stage_is_read_in_minutes() -> None:
    plan = load(PLAN)
    assert stage_line(plan, plan.stages[plan.index("2")]) == "4 × (1:30 run, 1:00 walk): 6:00 of running"
    assert stage_line(load("military"), load("military").stages[0]).startswith("2:00 walk, 3:00 run")


RUNS = [
    SessionMark(3, ago(days=1), "return-to-running 1", 5.0, "completed", simulated=False),
    SessionMark(2, ago(days=1, hours=2), "a workout with a very long name", 0.0, "cut off", simulated=True),
]


def test_a_day_has_a_mark_for_each_thing_done() -> None:
    check_ins = (
        CheckIn(CheckInMoment.GATE, ago(days=4), 3),
        CheckIn(CheckInMoment.GATE, ago(days=5), 3, red_flags=frozenset({RedFlag.FEVER})),
    )
    days = calendar.days(RUNS, History(check_ins=check_ins), LONDON)
    assert {day: found.mark for day, found in days.items()} == {
        date(2026, 10, 1): "●",
        date(2026, 9, 28): "?",
        date(2026, 9, 27): "!",
    }


@given(st.integers(1970, 2100), st.integers(1, 12))
def test_a_month_has_each_of_its_days_once_and_one_shape(year: int, number: int) -> None:
    rows = calendar.month(year, number, {}, date(2026, 10, 2))
    assert len(rows) == calendar.MONTH_HEIGHT
    assert {len(row) for row in rows} == {calendar.MONTH_WIDTH}
    days = " ".join(rows[2:]).replace("▸", " ").split()
    assert days == [str(day) for day in range(1, len(days) + 1)]
    assert 28 <= len(days) <= 31


def test_months_go_back_over_the_turn_of_the_year() -> None:
    assert calendar.months((2026, 2), 3) == [(2025, 11), (2026, 0), (2026, 1)]


def test_the_list_marks_the_simulator_and_cuts_long_names() -> None:
    heading, first, second = calendar.listed(RUNS, calendar.days(RUNS, History(), LONDON), LONDON)
    assert heading.split() == ["no.", "date", "workout", "running", "pain", "ended"]
    assert "return-to-running 1" in first
    assert "sim a workout with a ve…" in second
    assert max(map(len, (heading, first, second))) <= 76


def test_pain_is_plotted_by_when_it_was_asked() -> None:
    told = [CheckIn(CheckInMoment.BEFORE, ago(days=2), 1), CheckIn(CheckInMoment.DURING, ago(days=1), 4)]
    series = calendar.pain_series(told, NOW.date(), LONDON)
    assert [(each.name, each.values) for each in series] == [("before", (1.0,)), ("worst during", (4.0,))]
    assert series[0].days[0] == pytest.approx(-2 + (18 * 60 + 20) / 1440)
    assert calendar.run_series(RUNS, NOW.date(), LONDON).values == (5.0,)
    assert calendar.ticks(date(2026, 9, 29), 0.0, 2.0, 3)[1] == ["29 Sep", "30 Sep", "1 Oct"]


@given(st.integers(0, 120), st.integers(0, 30))
def test_the_picture_fills_its_room_and_no_more(width: int, height: int) -> None:
    samples = tuple(SampleRow(at * 1000, at * 1000, at * 10, 750, 0, at, None) for at in range(60))
    interval = IntervalRow(1, 1, "run", 0, 60_000, 750, 0)
    story = SessionRecord(_session(), (interval,), samples, (), ())
    rows = session_detail.picture(story, width, height)
    assert len(rows) == (height if width else 0)
    assert all(sum(len(part.text) for part in row) == width for row in rows)


def test_a_second_that_was_not_measured_is_a_gap() -> None:
    samples = tuple(SampleRow(at * 1000, at * 1000, None if at >= 30 else 700, 750, 0, at, None) for at in range(60))
    story = SessionRecord(_session(), (), samples, (), ())
    bottom = "".join(part.text for part in session_detail.picture(story, 60, 4)[-1])
    assert bottom[:30].strip()
    assert not bottom[31:].strip()


def _session() -> SessionRow:
    return SessionRow(
        id=7, began=NOW, workout="first-run", plan="", planned=60_000, simulated=True, program="1", treadmill=None,
        address=None, length=60_000, active=60_000, distance=1000, top_speed=750, mean_heart_rate=130,
        top_heart_rate=150, outcome="stopped", reason="why", lost=0,
    )  # fmt: skip


def test_how_it_ended_is_said_in_words() -> None:
    assert session_detail.ended(_session()) == "Stopped, belt at rest. Why: why."
    assert session_detail.ended(replace(_session(), outcome=None, reason=None)).startswith("It was cut off")
    assert session_detail.headline(_session()) == (
        "1:00 of 1:00, 0.10 km, top 7.5 km/h, heart 130 on average, 150 at most, simulated: no treadmill moved"
    )


@pytest.mark.parametrize(
    ("unit", "headline", "figure", "speeds"),
    [
        (Unit.MPH, "0.06 mi, top 4.7 mph", "4.7", "cool-down 5:00 at 2.5 mph; never faster than 6.2."),
        (Unit.MIN_PER_KM, "0.10 km, top 8:00/km", "8:00", "cool-down 5:00 at 15:00/km; never faster than 6:00."),
    ],
)
def test_the_pages_are_in_the_persons_unit(unit: Unit, headline: str, figure: str, speeds: str) -> None:
    assert headline in session_detail.headline(_session(), unit)
    interval = IntervalRow(1, 1, "run", 0, 60_000, 750, 0, 60_000, 750, 750, 1_000)
    assert figure in session_detail.table([interval], unit)[0]
    assert any(line.text.endswith(speeds) for line in plan_overview.about(load("return-to-running"), unit))
    assert not any("km/h" in line.text for line in plan_overview.about(load("return-to-running"), unit))


def test_what_is_worth_knowing_is_told_and_the_rest_left_out() -> None:
    events = [
        Event(1, 61_000, "ask", {"ask": "something is wrong"}),
        Event(2, 62_000, "ask", {"ask": "faster"}),
        Event(3, 63_000, "stop", {"reason": "you stopped the belt"}),
        Event(4, 64_000, "signal", {"signal": "safety key pulled"}),
        Event(5, 65_000, "link lost", {}),
        Event(6, 66_000, "cue", {}),
    ]
    assert [line.text for line in session_detail.worth_knowing(events)] == [
        "  1:01  You said that something is wrong; the belt was made slower.",
        "  1:03  ■ Stopped: you stopped the belt.",
        "  1:04  The safety key was pulled.",
        "  1:05  The link was lost.",
    ]


def test_running_is_read_for_each_session(tmp_path: Path) -> None:
    at = desk(tmp_path)
    keep(at.path, session(ago(days=1)), session(ago(days=2), plan=None, outcome="stopped"))
    assert [(each.running, each.outcome) for each in at.ran()] == [(2.0, "completed"), (2.0, "stopped")]


@given(st.floats(-1, 2), st.integers(0, 40))
def test_a_bar_is_as_wide_as_it_should_be(part: float, width: int) -> None:
    assert len(bar(part, width)) == width
