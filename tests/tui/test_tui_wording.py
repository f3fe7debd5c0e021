"""Words, numbers and pictures made from snapshots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.ipc.messages import Announcement, Snapshot, SpeedRampView, StepView, TimelineView
from runback.session.coaching_cues import posture
from runback.session.model import CueKind, Phase
from runback.tui.big_text import biggest
from runback.tui.cockpit import instructions, texts, watch_texts
from runback.tui.timeline_chart import picture
from runback.workout.model import Kind
from tests.support.tui.scenes import PLAN, SCENES, moment


def test_run_walk_ease_paused_and_stopped_differ_by_word_shape_and_mood() -> None:
    heads = [texts.headline(SCENES[name]) for name in ("run", "walk", "ease", "paused")]
    heads.append(texts.headline(moment(Phase.STOPPED)))
    for part in ("word", "shape", "mood"):
        assert len({getattr(head, part) for head in heads}) == 5, part


def test_every_phase_has_its_own_word() -> None:
    words = [texts.headline(moment(phase)).word for phase in Phase]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("seconds", "text"), [(-3, "0:00"), (0, "0:00"), (59.9, "0:59"), (60, "1:00"), (3599, "59:59"), (3661, "1:01:01")]
)
def test_clock(seconds: float, text: str) -> None:
    assert texts.clock(seconds) == text


@pytest.mark.parametrize(("left", "text"), [(0.0, "0:00"), (0.1, "0:01"), (1.0, "0:01"), (59.2, "1:00")])
def test_the_countdown_shows_a_second_until_it_is_over(left: float, text: str) -> None:
    assert texts.countdown(moment(left_s=left)) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [(0, "3 intervals ahead"), (1, "interval 1 of 3"), (2, "interval 1 of 3"), (3, "interval 2 of 3"),
     (5, "interval 3 of 3"), (6, "interval 3 of 3")],
)  # fmt: skip
def test_a_run_and_the_walk_after_it_are_one_interval(at: int, text: str) -> None:
    assert texts.interval(PLAN, moment(at=at)) == text


def test_eased_off_the_step_is_not_said_to_be_run() -> None:
    assert texts.place(PLAN, SCENES["ease"]) == "interval 2 of 3   5.0 km/h, a walk to the end"


def test_without_intervals_steps_are_counted() -> None:
    walk = StepView(number=1, kind=Kind.WALK, duration_s=60.0, speed_kmh=5.0)
    plan = TimelineView(workout="walk", steps=(walk, walk.model_copy(update={"number": 2})))
    assert texts.interval(plan, moment(step=plan.steps[1])) == "step 2 of 2"


@pytest.mark.parametrize(
    ("measured", "mark"), [(7.5, "= target"), (7.4, "= target"), (7.9, "▲ +0.4"), (6.5, "▼ -1.0"), (None, "no data")]
)
def test_the_belt_is_marked_against_its_target(measured: float | None, mark: str) -> None:
    assert texts.difference(moment(measured_kmh=measured)) == mark


@pytest.mark.parametrize("in_s", [3.0, 2.1, 0.2])
def test_the_last_three_seconds_before_a_run_say_so(in_s: float) -> None:
    head = texts.headline(moment(at=4, announcement=Announcement(in_s=in_s, speed_kmh=7.5, kind=Kind.RUN)))
    assert head.word == f"RUN IN {int(in_s) if in_s == int(in_s) else int(in_s) + 1}"
    assert head.flash


def test_a_cue_flashes_for_a_second() -> None:
    assert texts.headline(moment(cue=CueKind.RUN, cue_at=99.5)).flash
    assert not texts.headline(moment(cue=CueKind.RUN, cue_at=98.9)).flash


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("cue", CueKind)
def test_every_cue_flashes_in_every_phase_and_changes_what_is_drawn_at_once(cue: CueKind, phase: Phase) -> None:
    before, now = moment(phase), moment(phase, cue=cue, cue_at=100.0)
    assert texts.headline(now).flash
    assert texts.urgent(now) != texts.urgent(before)


@pytest.mark.parametrize(("left", "text"), [(300.4, "5 minutes left."), (59.0, "One minute left.")])
def test_the_time_left_is_shown_as_it_is_said(left: float, text: str) -> None:
    now = moment(cue=CueKind.TIME_LEFT, cue_at=99.0, total_s=900.0, elapsed_s=900.0 - left)
    assert texts.remark(now) == text


@pytest.mark.parametrize(
    ("ramp", "line"),
    [
        (SpeedRampView(speed_kmh=7.5, in_s=3.2, counts_then=True), "At 7.5 km/h in 4 s; the time counts from there."),
        (
            SpeedRampView(speed_kmh=7.5, counts_then=True),
            "At 7.5 km/h as soon as the belt is; the time counts from there.",
        ),
        (SpeedRampView(speed_kmh=5.0, in_s=1.4), "At 5.0 km/h in 2 s."),
        (SpeedRampView(speed_kmh=5.0), ""),
        (None, ""),
    ],
)
def test_a_change_of_speed_says_when_it_is_over_where_that_is_known(ramp: SpeedRampView | None, line: str) -> None:
    assert texts.remark(moment(reaching=ramp)) == line
    assert texts.remark(moment(reaching=ramp, notice="Something else.")) == "Something else."


def test_both_clocks_are_shown_what_counts_below_and_what_the_belt_ran_beside() -> None:
    now = moment(left_s=120.0, changing_s=12.4, elapsed_s=480.0, total_s=1020.0)
    assert (texts.countdown(now), texts.elapsed(now)) == ("2:00", ("8:12", "of 17:12"))
    assert texts.elapsed(moment(elapsed_s=480.0, total_s=1020.0)) == ("8:00", "of 17:00")
    ahead = now.model_copy(update={"changing_ahead_s": 20.0})
    assert texts.elapsed(ahead) == ("8:12", "of 17:32")
    assert texts.elapsed(moment(elapsed_s=0.0, total_s=0.0)) == ("0:00", "")


def test_words_on_posture_are_shown_as_they_are_said() -> None:
    now = moment(at=1, cue=CueKind.POSTURE, cue_at=99.0)
    assert now.step is not None
    assert texts.remark(now) == f"{posture(now.step.number)}."
    assert texts.remark(moment(at=1, cue=CueKind.POSTURE, cue_at=90.0)) == ""


@pytest.mark.parametrize(("age", "late"), [(0.4, False), (2.0, False), (2.1, True), (None, True)])
def test_a_link_not_heard_for_more_than_two_seconds_warns(age: float | None, late: bool) -> None:
    assert texts.link(moment(link_age_s=age))[1] is late


def test_a_heart_rate_that_is_lost_is_a_word_never_an_old_figure_nor_a_dash() -> None:
    assert texts.heart(SCENES["run, heart rate from a strap"]) == ("168", "bpm")
    assert texts.heart(SCENES["run, heart rate lost"]) == ("LOST", "")


def test_what_the_machine_does_not_report_is_a_dash() -> None:
    now = SCENES["run, nothing reported"]
    assert (texts.speed(now.measured_kmh), texts.distance(now), texts.heart(now)) == ("-.-", "-", ("-", "bpm"))
    assert texts.incline(now)[0] == "-"


@pytest.mark.parametrize(
    ("scene", "belt"),
    [
        ("stopping", "stopping … 3.2 km/h"),
        ("stopped", "belt at rest"),
        (
            "stopped, not seen",
            "runback cannot see this belt. Moving? Pull the key.",
        ),
        ("alarm", "STEP OFF - PULL THE SAFETY KEY   belt 6.8 km/h"),
        ("alarm, belt unseen", "STEP OFF - PULL THE SAFETY KEY   belt speed unknown"),
    ],
)
def test_the_stop_screen_says_what_the_belt_does(scene: str, belt: str) -> None:
    assert instructions.stop_page(SCENES[scene], unlocked=False).belt == belt


def test_of_a_belt_that_is_not_seen_nothing_is_claimed() -> None:
    run, done = SCENES["run, by the clock"], SCENES["completed, by the clock"]
    assert texts.difference(run) == "not seen"
    assert texts.link(run) == ("! unseen: use its own STOP", True)
    guide = instructions.guide(done, PLAN)
    assert guide is not None
    assert guide.lines[-1] == "Press STOP on the treadmill."
    last = run.model_copy(update={"next_step": None})
    assert texts.following(last).detail == "press STOP"
    page = instructions.stop_page(SCENES["stopped, not seen"], unlocked=True)
    assert "yes, it is still" in page.hint
    assert not page.rest
    assert not page.alarm
    assert "PRESS ITS STOP" in instructions.too_small(run)
    assert "not seen" in instructions.too_small(SCENES["stopped, not seen"])


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_called_an_emergency_stop(scene: str) -> None:
    now = SCENES[scene]
    page = instructions.stop_page(now, unlocked=False)
    lines = (texts.headline(now), texts.remark(now), instructions.guide(now, PLAN), page, instructions.too_small(now))
    said = " ".join(str(each) for each in lines)
    assert "emergency" not in said.lower()


@given(
    text=st.text("0123456789:.-+ABCDEFGHIJKLMNOPQRSTUVWXYZ !■»›▲▼▽‖○✓◆%", min_size=1, max_size=14),
    width=st.integers(1, 200),
    height=st.integers(1, 30),
)
def test_a_large_word_fits_its_room_or_is_plain(text: str, width: int, height: int) -> None:
    rows = biggest(text, width, height)
    assert rows == [text] or (len(rows) <= height and {len(row) for row in rows} <= set(range(width + 1)))


@given(text=st.from_regex(r"[0-9]{1,2}:[0-5][0-9]", fullmatch=True), factor=st.integers(2, 5))
def test_more_room_never_makes_a_word_smaller(text: str, factor: int) -> None:
    assert len(biggest(text, 30 * factor, 5 * factor)) >= len(biggest(text, 30, 5))


@given(elapsed=st.floats(-10, 5000), width=st.integers(1, 200), height=st.integers(2, 12))
def test_the_picture_fills_its_room_and_marks_now_once(elapsed: float, width: int, height: int) -> None:
    rows = ["".join(part.text for part in row) for row in picture(PLAN, elapsed, width, height)]
    assert len(rows) == height
    assert {len(row) for row in rows} == {width}
    assert "".join(rows).count("▼") == 1


def test_in_the_picture_run_and_walk_differ_in_texture_and_height() -> None:
    rows = ["".join(part.text for part in row) for row in picture(PLAN, 0.0, 102, 5)]
    assert rows[1].replace(" ", "") == "█" * 36  # three runs of 12 cells reach the top
    assert set(rows[-1]) == {"█", "▒"}
    assert rows[-1].count("▒") == 66


@given(
    steps=st.lists(st.tuples(st.sampled_from(Kind), st.floats(1, 3600), st.floats(0.5, 25)), min_size=1, max_size=60),
    width=st.integers(1, 120),
)
def test_any_plan_can_be_drawn(steps: list[tuple[Kind, float, float]], width: int) -> None:
    views = tuple(
        StepView(number=number, kind=kind, duration_s=duration, speed_kmh=speed)
        for number, (kind, duration, speed) in enumerate(steps, start=1)
    )
    rows = picture(TimelineView(workout="any", steps=views), 0.0, width, 4)
    assert [sum(len(part.text) for part in row) for row in rows] == [width] * 4


def test_an_empty_plan_draws_nothing() -> None:
    assert picture(TimelineView(workout="none", steps=()), 0.0, 80, 4) == []


def test_a_counted_second_is_urgent_and_a_metre_is_not() -> None:
    now = SCENES["run"]

    def changed(**changes: object) -> Snapshot:
        return Snapshot.model_validate(now.model_dump() | changes)

    assert texts.urgent(changed(step_remaining_s=101.0)) != texts.urgent(now)
    assert texts.urgent(changed(distance_m=1240.0, measured_kmh=7.4, link_age_s=0.6)) == texts.urgent(now)


@pytest.mark.parametrize(
    ("linked", "phase", "said", "late"),
    [
        (True, Phase.REARM, "○ nothing heard yet", True),  # beside "The link is back" (issue 11, point 11)
        (True, Phase.READY, "○ nothing heard yet", False),
        (False, Phase.LINK_LOST, "○ no link", True),
        (False, Phase.CONNECTING, "○ no link", False),
    ],
)
def test_a_link_without_a_record_yet_is_not_called_missing(linked: bool, phase: Phase, said: str, late: bool) -> None:
    assert texts.link(moment(phase, link_age_s=None, linked=linked)) == (said, late)


@pytest.mark.parametrize(
    ("measured", "said"),
    [(0.0, "The belt is at rest."), (4.0, "The belt moves: 4.0 km/h."), (None, "The belt came to rest.")],
)
def test_after_the_end_rest_is_said_of_a_belt_that_is_measured_at_rest(measured: float | None, said: str) -> None:
    shown = instructions.guide(moment(Phase.COMPLETED, measured_kmh=measured), None)
    assert shown is not None
    assert shown.lines[-1] == said


@pytest.mark.parametrize("phase", [Phase.READY, Phase.COMPLETED])
def test_a_second_screen_does_not_say_rest_of_a_belt_nobody_has_measured(phase: Phase) -> None:
    assert "AT REST" not in watch_texts.bar(moment(phase, measured_kmh=None))[0]
    assert watch_texts.bar(moment(phase, measured_kmh=0.0))[0] == "■ AT REST"
