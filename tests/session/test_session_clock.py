"""The session's clock: it never goes back, by construction.

Issue 12, point 6: with sums of floats a position went back from 26.189848817347425 to 26.18984881734741 s, where an
interval that counts from its speed had stopped the clock at the end of a warm-up of 15.520582105642857 s.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runback.session.model import CountFrom
from runback.session.timeline import Stopwatch, Timeline, whole
from tests.support.session.stage import FREE, WALK, WARM_UP, Stage, plan

moments = st.floats(0, 1e7)
lengths = st.floats(0, 1e5)


@given(began=moments, position=lengths)
def test_it_reads_a_position_at_the_moment_it_said_to_the_last_bit(began: float, position: float) -> None:
    watch = Stopwatch()
    watch.run(began)
    assert watch.read(watch.when(whole(position))) == whole(position)


@given(began=moments, acts=st.lists(st.tuples(st.booleans(), lengths, lengths), max_size=12))
def test_whenever_it_is_halted_and_read_it_never_goes_back(began: float, acts: list[tuple[bool, float, float]]) -> None:
    watch, now, before = Stopwatch(), began, 0.0
    watch.run(now)
    for at_a_position, ahead, wait in acts:
        if at_a_position:
            now = max(now, watch.when(whole(before + ahead)))
        else:
            now += ahead
        assert watch.read(now) >= before
        watch.halt(now)
        before = watch.read(now)
        now += wait
        assert watch.read(now) == before
        watch.run(now)


@given(st.lists(st.floats(0.5, 1e4), min_size=1, max_size=9))
def test_each_step_begins_where_the_one_before_it_ended_and_the_last_ends_at_the_total(durations: list[float]) -> None:
    timeline = Timeline(plan(*((WALK, each, 400) for each in durations)))
    total = timeline.total
    timeline.advance()
    while not timeline.finished:
        end = timeline.end
        timeline.advance()
        assert timeline.start == end == whole(end)
    assert timeline.start == total


@given(st.lists(st.floats(0.01, 30.0), min_size=1, max_size=8))
def test_a_session_that_counts_from_its_speed_never_goes_back(waits: list[float]) -> None:
    steps = ((WARM_UP, 15.520582105642857, 380), (FREE, 27.0, 80), *((WARM_UP, 1.0, 80),) * 4)
    stage, before = Stage(plan(*steps), count_from=CountFrom.SPEED).started(), 0.0
    for number, wait in enumerate([17.89, 5.47, 10.58, *waits]):
        stage.wait(wait)
        assert stage.position >= before
        stage.measure((380, 80)[number % 2])
        assert stage.position >= before
        before = stage.position
