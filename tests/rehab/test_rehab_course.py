"""Whole courses: the ideal patient, the cautious one, the gate, overrides, clocks that are wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from rehab_story import DAY_1, LENGTH, PLAN, SAME, Story, at

from runback.errors import PlanError
from runback.rehab.activity import Activity, ActivityKind
from runback.rehab.decision import Decision, Question, Ruling, override
from runback.rehab.gate import Month, month
from runback.rehab.progress import decide
from runback.rehab.records import CheckIn, Clearance, Cleared, Declaration, LegSymptoms, Moment, SessionDone
from runback.rehab.signs import RedFlag

DAYS = (1, 3, 5, 8, 10, 12, 15, 17, 19)
CYCLING, ROWING, WALKING = ActivityKind.CYCLING, ActivityKind.ROWING, ActivityKind.WALKING


def follow(story: Story, now: datetime) -> Decision:
    """Do what is decided at `now`: answer well what is asked, and run if that is the decision."""
    decision = story.ask(now)
    while decision.ask is not None:
        story.say(Moment(decision.ask.value), now)
        decision = story.ask(now)
    if decision.may_run:
        assert decision.stage is not None
        story.run(decision.stage.id, now)
        story.say(Moment.DURING, now + LENGTH, 1).say(Moment.MORNING, now + timedelta(hours=14))
    return decision


def test_the_ideal_patient_runs_ten_minutes_on_day_17_and_confirms_on_day_19() -> None:
    story = Story().gate(at(1))
    for number, day in enumerate(DAYS):
        assert story.ask(at(day, number)).kind is not Ruling.WAIT
        decision = follow(story, at(day, number))
        assert decision.kind is (Ruling.START if number == 0 else Ruling.ADVANCE)
    done = story.history.sessions
    assert [each.stage for each in done] == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    assert [stage.day for stage in PLAN.stages[PLAN.start :]] == list(DAYS)
    assert [(each.began - DAY_1).days + 1 for each in done] == list(DAYS)
    assert [each.done_run for each in done].index(600) == 7
    last = follow(story, at(22))
    assert (last.kind, last.stage and last.stage.id) == (Ruling.FINISHED, "9")


def test_cautious_mode_does_every_stage_twice_in_about_five_weeks() -> None:
    story, now = Story(cautious=True).gate(at(1)), at(1)
    decision = follow(story, now)
    while decision.kind is not Ruling.FINISHED:
        now += timedelta(hours=49)
        decision = follow(story, now)
        assert decision.may_run
    stages = [each.stage for each in story.history.sessions][:-1]
    assert stages == [str(stage) for stage in range(1, 10) for _ in range(2)]
    assert 33 <= (story.history.sessions[-2].began - DAY_1).days + 1 <= 42


def test_cautious_mode_says_why_a_good_session_is_done_again() -> None:
    decision = Story(cautious=True).session("1", at(1)).ask(at(3, 1))
    assert (decision.kind, decision.rule) == (Ruling.REPEAT, 5)
    assert decision.sentence == "Repeat stage 1: it went well 1 of 2 times"


def test_a_session_ahead_of_the_plan_does_not_move_it() -> None:
    decision = Story().session("1", at(1)).session("7", at(4)).ask(at(6, 1))
    assert (decision.kind, decision.stage and decision.stage.id) == (Ruling.ADVANCE, "3")


def test_a_session_below_the_plan_goes_on_from_there() -> None:
    story = Story().session("1", at(1)).session("2", at(4)).session("1", at(7))
    decision = story.ask(at(9, 1))
    assert (decision.kind, decision.stage and decision.stage.id) == (Ruling.ADVANCE, "2")


def test_a_run_of_another_plan_makes_this_one_wait() -> None:
    story = Story().session("1", at(1))
    other = SessionDone("couch-to-5k", "w1", at(4), at(4, 0.5), 480, 480)
    decision = story.add(sessions=(other,)).ask(at(5))
    assert (decision.kind, decision.earliest) == (Ruling.WAIT, at(6, 0.5))
    assert decision.stage is not None
    assert decision.stage.id == "1"


def test_a_stage_that_the_plan_does_not_have_is_refused() -> None:
    done = SessionDone(PLAN.name, "12", at(1), at(1, 0.5), 300, 300)
    with pytest.raises(PlanError, match='there is no stage "12"'):
        Story().add(sessions=(done,)).ask(at(3))


# -- the 48 hours ---------------------------------------------------------------------------------------------------


def test_the_48_hours_count_from_the_end_to_the_second() -> None:
    story = Story().session("1", at(1))
    ended = at(1) + LENGTH
    just_before = story.ask(ended + timedelta(hours=48, seconds=-1))
    assert (just_before.kind, just_before.earliest) == (Ruling.WAIT, ended + timedelta(hours=48))
    assert story.ask(ended + timedelta(hours=48)).kind is Ruling.ADVANCE


def test_an_override_is_recorded_in_the_persons_words_and_holds_the_stage() -> None:
    story = Story().session("1", at(1), g=None)
    decision = story.ask(at(2))
    assert decision.can_override
    assert not decision.may_run
    record = override(decision, at(2), "  my  holiday\nends ")
    story.add(overrides=(record,))
    over = story.ask(at(2, 0.1))
    assert (over.kind, over.may_run, over.overridden) == (Ruling.WAIT, True, record)
    assert over.sentence == f"{decision.sentence}; you go ahead all the same, and said why: my holiday ends"
    assert over.stage is not None
    assert over.stage.id == "1"
    assert over.ask is Question.BEFORE
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
    story.run("1", at(2, 0.1)).say(Moment.DURING, at(2, 0.5))
    assert not story.ask(at(2, 0.6)).may_run


def test_what_cannot_be_overridden_is_refused_with_its_reason() -> None:
    locked = Story().say(Moment.GATE, at(1), flags=frozenset({RedFlag.FEVER})).ask(at(1))
    with pytest.raises(PlanError, match=r"cannot be overridden \(The plan is locked"):
        override(locked, at(1), "please")
    with pytest.raises(PlanError, match="in your own words"):
        override(Story().session("1", at(1), g=None).ask(at(2)), at(2), " ")


def test_after_an_override_the_session_before_is_held_for_its_missing_gate() -> None:
    story = Story().session("1", at(1), g=None).session("1", at(2, 1))
    story.session("1", at(5), g=2)
    decision = story.ask(at(7, 1))
    assert (decision.kind, decision.rule) == (Ruling.HOLD, 6)  # stage 1 went well in between, 2 was due: 1 was done


# -- clocks ---------------------------------------------------------------------------------------------------------


def test_a_clock_set_back_is_said_and_nothing_goes_on() -> None:
    decision = Story().session("1", at(1)).ask(datetime.fromisoformat("1970-01-01T00:10:00+00:00"))
    assert (decision.kind, decision.earliest, decision.can_override) == (Ruling.WAIT, None, False)
    assert "check the clock" in decision.sentence
    assert decision.ahead == at(3, 1 / 3)


def test_a_clock_off_by_a_minute_is_not_worth_a_word() -> None:
    story = Story().session("1", at(1))
    story.say(Moment.BEFORE, at(3, 1) + timedelta(minutes=1))
    assert story.ask(at(3, 1)).kind is Ruling.ADVANCE


def test_a_clock_doubt_before_the_first_session_names_the_first_stage() -> None:
    decision = Story().gate(at(1)).ask(at(0))
    assert decision.kind is Ruling.WAIT
    assert decision.stage == PLAN.stages[PLAN.start]


def test_sessions_that_overlap_hold_the_stage_and_say_that_the_clock_was_changed() -> None:
    story = Story().session("1", at(1)).session("1", at(1, 0.1))
    decision = story.ask(at(3, 1))
    assert decision.kind is not Ruling.ADVANCE
    assert any("clock was changed" in note for note in decision.notes)


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(PlanError, match="no time zone"):
        Story().ask(datetime(2026, 1, 1))  # noqa: DTZ001 - a naive one is the point


# -- the gate -------------------------------------------------------------------------------------------------------


def rides(*days: float, kind: ActivityKind = CYCLING, minutes: float = 30) -> tuple[Activity, ...]:
    return tuple(Activity(kind, minutes, at(day), 1) for day in days)


GOOD_WEEKS = [day + 7 * week for week in range(4) for day in (1, 3, 5)]


@pytest.mark.parametrize(
    ("activities", "now", "expected"),
    [
        ((), 29, Month(0, 0, None)),
        (rides(*GOOD_WEEKS), 29.1, Month(28, 0, at(1))),
        (rides(*GOOD_WEEKS), 28.9, Month(27, 3, at(1))),
        (rides(1, 3, 5, 8, 10, 12, 15, 17), 20, Month(19, 2, at(1))),
        (rides(1, 3, 8, 10, 12, 15), 16, Month(8, 1, at(8))),  # the first week had two
        (rides(*GOOD_WEEKS, kind=ROWING), 29.1, Month(0, 0, None)),
        (rides(*GOOD_WEEKS, minutes=9), 29.1, Month(0, 0, None)),
        (rides(1, 1.2, 1.4), 8.1, Month(0, 0, None)),  # three on one day are one
        (rides(1, 1.2, 1.4), 7.9, Month(6, 1, at(1))),
        (rides(*GOOD_WEEKS), 40, Month(0, 0, None)),  # not kept up
        (rides(*GOOD_WEEKS), 0, Month(0, 0, None)),  # all of it in the future
    ],
)
def test_the_28_days_count_in_weeks_with_three(activities: tuple[Activity, ...], now: float, expected: Month) -> None:
    assert month(activities, 3, at(now)) == expected


def test_the_gate_opens_when_all_is_there_and_says_so() -> None:
    decision = Story().gate(at(1)).ask(at(1))
    assert (decision.kind, decision.ask, decision.stage and decision.stage.id) == (Ruling.START, Question.BEFORE, "1")
    assert len(decision.notes) == 4


def gate_without(name: str, *new: object) -> Decision:
    return Story().gate(at(1)).only(**{name: new}).ask(at(1))


WALK = Activity(WALKING, 30, at(0), 2, rise_next_morning=False)


@pytest.mark.parametrize(
    ("walk", "kind", "says"),
    [
        (WALK, Ruling.START, "done"),
        (replace(WALK, pain=3), Ruling.WAIT, "the last one was 3/10"),
        (replace(WALK, rise_next_morning=True), Ruling.WAIT, "worse next morning"),
        (replace(WALK, rise_next_morning=None), Ruling.ASK, "next morning will tell"),
        (replace(WALK, rise_next_morning=None, at=at(1, -3)), Ruling.WAIT, "next morning will tell"),
        (replace(WALK, minutes=29), Ruling.WAIT, "still to do"),
        (replace(WALK, kind=CYCLING), Ruling.WAIT, "still to do"),
        (replace(WALK, at=at(-30)), Ruling.WAIT, "still to do"),
    ],
)
def test_the_brisk_walk(walk: Activity, kind: Ruling, says: str) -> None:
    story = Story().gate(at(1))
    others = [each for each in story.history.activities if each.kind is not WALKING]
    story.history = replace(story.history, activities=(*others, walk))
    decision = story.ask(at(1))
    assert decision.kind is kind
    assert any(says in note for note in decision.notes)


def test_the_last_walk_is_the_one_that_counts() -> None:
    story = Story().gate(at(1)).add(activities=(replace(WALK, pain=5, at=at(0.5)),))
    assert story.ask(at(1)).kind is Ruling.WAIT


def test_progress_towards_the_gate_is_told() -> None:
    decision = gate_without("activities", *rides(-18, -16, -14, -11, -9, -7, -4, -2), WALK)
    assert decision.kind is Ruling.WAIT
    assert decision.sentence == "Wait at the gate; low-impact work: 19 of 28 days, 3 of 3 this week"
    assert decision.earliest == at(10)


def test_a_month_of_rowing_does_not_open_the_gate() -> None:
    decision = gate_without("activities", *rides(*[day - 29 for day in GOOD_WEEKS], kind=ROWING), WALK)
    assert decision.kind is Ruling.WAIT
    assert "1 of 28 days" in decision.notes[1]  # the walk of yesterday is the first


@pytest.mark.parametrize(
    ("clearance", "opens"),
    [
        (Clearance(Cleared.START, at(0), "Dr Lee"), True),
        (Clearance(Cleared.START, at(-28)), False),  # too long ago
        (Clearance(Cleared.PAIN, at(0)), False),
    ],
)
def test_my_clinician_says_start_replaces_the_28_days_alone(clearance: Clearance, opens: bool) -> None:
    story = Story().gate(at(1)).add(clearances=(clearance,))
    story.history = replace(story.history, activities=(WALK,))
    assert (story.ask(at(1)).kind is Ruling.START) is opens
    story.history = replace(story.history, activities=())
    assert story.ask(at(1)).kind is Ruling.WAIT


def test_leg_symptoms_or_surgery_are_asked_for_first() -> None:
    assert gate_without("declarations").ask is Question.DECLARATION


@pytest.mark.parametrize(("leg", "surgery"), [(True, False), (False, True)])
def test_declared_leg_symptoms_or_surgery_need_a_clinician(leg: bool, surgery: bool) -> None:
    story = Story().gate(at(1)).add(declarations=(Declaration(at(0), leg, surgery),))
    decision = story.ask(at(1))
    assert (decision.kind, decision.clearance) == (Ruling.WAIT, Cleared.LEG_SYMPTOMS)
    assert story.clear(Cleared.START, at(0, 1)).ask(at(1)).kind is Ruling.WAIT
    assert story.clear(Cleared.LEG_SYMPTOMS, at(0), "Dr Lee").ask(at(1)).kind is Ruling.START
    assert "Leg symptoms or back surgery: cleared by Dr Lee" in story.ask(at(1)).notes


def test_leg_symptoms_told_at_the_gate_need_a_clinician_too() -> None:
    story = Story().gate(at(1)).say(Moment.GATE, at(1), leg=SAME)
    assert story.ask(at(1)).clearance is Cleared.LEG_SYMPTOMS
    assert story.clear(Cleared.LEG_SYMPTOMS, at(0)).ask(at(1)).kind is Ruling.START
    further = story.say(Moment.GATE, at(0, 12), leg=LegSymptoms.FURTHER_DOWN)
    assert further.ask(at(1)).clearance is Cleared.LEG_SYMPTOMS


def test_nobody_starts_without_having_been_asked_for_red_flags() -> None:
    assert gate_without("check_ins").ask is Question.GATE
    assert gate_without("check_ins", CheckIn(Moment.GATE, at(-2), 0)).ask is Question.GATE
    assert gate_without("check_ins", CheckIn(Moment.BEFORE, at(0.9), 0)).ask is Question.GATE


@pytest.mark.parametrize("bad", [CheckIn(Moment.GATE, at(1), 3), CheckIn(Moment.BEFORE, at(1), 0, limp=True)])
def test_a_sore_back_at_the_gate_waits_for_the_next_day(bad: CheckIn) -> None:
    story = Story().gate(at(1)).add(check_ins=(bad,))
    decision = story.ask(at(1, 1))
    assert (decision.kind, decision.earliest) == (Ruling.WAIT, at(1, 20))
    story.say(Moment.GATE, at(1, 2))
    assert story.ask(at(1, 3)).kind is Ruling.WAIT  # a better answer an hour later is no next day
    story.history = replace(story.history, check_ins=(bad,))
    assert story.ask(at(1, 21)).ask is Question.GATE
    assert story.say(Moment.GATE, at(1, 21)).ask(at(1, 21)).kind is Ruling.START


def test_the_gate_waits_for_a_run_of_another_plan() -> None:
    other = SessionDone("couch-to-5k", "w1", at(0), at(0, 0.5), 480, 480)
    story = Story().gate(at(1)).add(sessions=(other,))
    story.say(Moment.GATE, at(1))
    decision = story.ask(at(1))
    assert (decision.kind, decision.earliest, decision.can_override) == (Ruling.WAIT, at(2, 0.5), True)


def test_after_more_than_28_days_the_plan_starts_again_at_the_gate() -> None:
    story = Story().session("1", at(-40)).session("2", at(-37)).gate(at(1))
    decision = story.ask(at(1))
    assert (decision.kind, decision.rule, decision.stage and decision.stage.id) == (Ruling.START, 8, "1")
    assert decision.sentence.startswith("Start with stage 1 again, as 37 days have passed since the last session")
    story.session("1", at(1, 1))
    assert story.ask(at(3, 2)).sentence == "Go on to stage 2: stage 1 went well"


def test_a_clinicians_start_from_before_the_gap_does_not_count_after_it() -> None:
    story = Story().session("1", at(-28)).gate(at(1)).clear(Cleared.START, at(-28, -1))
    story.history = replace(story.history, activities=(WALK,))
    assert story.ask(at(1, 12)).kind is Ruling.WAIT


def test_step_backs_are_forgotten_at_the_gate() -> None:
    story = Story().session("1", at(-60), d=7).session("0b", at(-56), d=7).gate(at(1)).session("1", at(1, 1), d=7)
    assert story.ask(at(5)).kind is Ruling.STEP_BACK
