"""Second screens: what they see, that their Stop stops, and that nothing else they do is anything at all."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runback.engine.summary import SessionOutcome
from runback.ipc.messages import Goodbye, SessionDied, Snapshot, TimelineView
from runback.session.model import Intent, Phase
from runback.watch.server import FULL, MOST, READ, READ_EVERY, REASON, WatchServer
from runback.watch.socket import connect, open_door
from runback.workout.model import Step
from tests.support.effort import examples
from tests.support.engine.bench import RUN, WALK, Line, WatchedLoop, asks, number, plan
from tests.support.engine.rules import judge
from tests.support.engine.watching import Audience, audience, said

Act = Callable[[Line], object]
QUICK = settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
UNEVEN = plan(Step(WALK, 12.13, 400), Step(RUN, 15.29, 700), Step(WALK, 10.07, 450))
"""No step of it begins at the moment of a notification: which of two timers of one moment is first, nobody says."""
LONG = plan(Step(WALK, 60, 400), Step(RUN, 60, 700))
RUNNING = 30.0
"""Seconds from the beginning, at which the belt runs."""
STOP = said(Intent.STOP)


@pytest.fixture
def crowd() -> Iterator[Audience]:
    with audience() as here:
        yield here


@pytest.fixture(scope="module")
def undisturbed() -> str:
    """The trace of a session that nobody watches."""
    return Line(UNEVEN).headless().text


def test_a_watcher_is_told_at_once_how_things_stand_and_then_what_a_screen_is_told(crowd: Audience) -> None:
    line = Line(plan()).headless((RUNNING, crowd.comes))
    first, second, *later = crowd.hears()
    assert isinstance(first, TimelineView)
    assert isinstance(second, Snapshot)
    assert (second.t, second.phase) == (RUNNING, Phase.RUNNING)
    assert len(first.steps) == len(line.workout.steps)
    times = [RUNNING, *(each.t for each in later if isinstance(each, Snapshot))]
    assert max(after - before for before, after in pairwise(times)) <= 0.5


def test_a_watcher_and_a_screen_are_told_the_same(crowd: Audience) -> None:
    shown: list[TimelineView | Snapshot | Goodbye | SessionDied] = []

    def looks(line: Line) -> None:
        line.engine.publisher.show = shown.append
        line.session.speed_plan.timeline.changed = True  # as for every screen that is new

    Line(LONG).attended((1.0, crowd.comes), (2.0, looks), (RUNNING, asks(Intent.EASE_OFF)), until=40.0)
    heard = crowd.hears()
    assert shown
    assert heard[heard.index(shown[0]) :] == shown


def test_a_changed_plan_is_told_to_everybody(crowd: Audience) -> None:
    script: list[tuple[float, Act]] = [(5.0, crowd.comes), (6.0, crowd.comes), (RUNNING, asks(Intent.EXTEND))]
    Line(LONG).attended(*script, until=40.0)
    for seat in (0, 1):
        lengths = [
            sum(step.duration_s for step in each.steps) for each in crowd.hears(seat) if isinstance(each, TimelineView)
        ]
        assert lengths[0] == 120.0
        assert lengths[-1] == 150.0


def test_its_stop_brings_the_belt_to_rest_and_ends_a_session_that_nobody_attends(crowd: Audience) -> None:
    line = Line(LONG).headless((5.0, crowd.comes), (RUNNING, crowd.says(STOP)))
    judge(line)
    assert line.outcome is SessionOutcome.STOPPED
    assert line.summary["exit_code"] == 3
    assert line.summary["reason"] == REASON
    stop = line.events("stop")[0]
    assert (stop["t"], stop["reason"], stop["source"]) == (RUNNING, REASON, "person")
    assert {octets for at, octets in line.written() if at >= RUNNING} == {"0801"}
    assert min(at for at, octets in line.written() if octets == "0801") == RUNNING
    seen = [each for each in crowd.hears() if isinstance(each, Snapshot) and each.stop is not None]
    assert {each.stop.reason for each in seen if each.stop is not None} == {REASON}


OTHERWISE = [
    b'{"ask": "stop", "type": "intent", "v": 1}\n',
    b'{"ask":"stop"}\n',
    b"not json\n\n" + STOP,
    said(Intent.START) + STOP,
    b"\xff\xfe\x00\n" + STOP,
    b"x" * (READ - 1) + b"\n" + STOP,
    STOP + STOP + STOP,
]


@pytest.mark.full
@pytest.mark.parametrize("data", OTHERWISE)
def test_a_stop_is_heard_however_it_is_spelled_and_whatever_came_before_it(crowd: Audience, data: bytes) -> None:
    line = Line(LONG).headless((5.0, crowd.comes), (RUNNING, crowd.says(data)))
    assert line.summary["reason"] == REASON
    judge(line)


def test_a_stop_in_two_parts_is_one(crowd: Audience) -> None:
    line = Line(LONG).headless((5.0, crowd.comes), (RUNNING, crowd.says(STOP[:9])), (RUNNING + 1, crowd.says(STOP[9:])))
    assert [record["t"] for record in line.events("stop")] == [RUNNING + 1]


def test_a_stop_behind_a_flood_of_its_own_is_late_and_not_lost(crowd: Audience) -> None:
    flood = b"x\n" * (3 * READ // 2)
    line = Line(LONG).headless((5.0, crowd.comes), (RUNNING, crowd.says(flood + STOP)))
    at = number(line.events("stop")[0], "t")
    assert 2 * READ_EVERY < at - RUNNING < 5 * READ_EVERY


def test_a_stop_while_the_belt_rests_and_nothing_is_about_to_move_it_changes_nothing(crowd: Audience) -> None:
    script = [(5.0, crowd.comes), (6.0, crowd.says(STOP))]
    line = Line(plan()).attended(*script, until=10.0, start=False)
    assert line.events("stop") == []
    assert line.written() == []
    assert line.session.phase is Phase.READY


def test_a_stop_while_the_start_is_counted_down_keeps_it_from_starting(crowd: Audience) -> None:
    line = Line(plan()).headless((1.0, crowd.comes), (4.0, crowd.says(STOP)))
    assert "07" not in {octets for _, octets in line.written()}
    assert line.outcome is SessionOutcome.STOPPED


def test_a_stop_while_paused_holds(crowd: Audience) -> None:
    script: list[tuple[float, Act]] = [
        (5.0, crowd.comes), (RUNNING, asks(Intent.PAUSE)), (50.0, crowd.says(STOP)), (55.0, asks(Intent.RESUME)),
    ]  # fmt: skip
    line = Line(LONG).attended(*script, until=70.0)
    assert [record["t"] for record in line.events("stop")] == [50.0]
    assert line.session.phase is Phase.STOPPED
    judge(line)


noise = st.one_of(
    st.binary(max_size=400),
    st.sampled_from([ask for ask in Intent if ask is not Intent.STOP]).map(said),
    st.text(max_size=60).map(lambda text: text.encode() + b"\n"),
    st.sampled_from([b'{"v":1,"type":"beat","typing":true}\n', b'{"v":2,"type":"intent","ask":"stop"}\n', b"\n" * 300]),
    st.sampled_from([b'{"v":1,"type":"intent","ask":"stop","now":1}\n', b'"stop"\n', b"stop\n", b"{" * 300 + b"\n"]),
).filter(lambda data: b'"ask":"stop"}' not in data)
moments = st.floats(1.0, 55.0).map(lambda at: round(at, 2))


@QUICK
@given(words=st.lists(st.tuples(moments, noise), max_size=12))
def test_whatever_else_watchers_say_and_when_the_session_is_the_same_to_the_byte(
    words: list[tuple[float, bytes]], undisturbed: str
) -> None:
    with audience() as crowd:
        coming: list[tuple[float, Act]] = [(0.5, crowd.comes), (0.75, crowd.comes)]
        words = sorted(words, key=lambda word: word[0])
        says = [(at, crowd.says(data, count % 2)) for count, (at, data) in enumerate(words)]
        assert Line(UNEVEN).headless(*coming, *says).text == undisturbed


@QUICK
@given(
    words=st.lists(st.tuples(moments, noise.filter(lambda data: data.endswith(b"\n"))), max_size=8),
    at=st.floats(13.0, 45.0).map(lambda at: round(at, 2)),
)
def test_only_stop_latches_and_always_does(words: list[tuple[float, bytes]], at: float) -> None:
    with audience() as crowd:
        says = [(when, crowd.says(data)) for when, data in words]
        line = Line(plan()).headless((0.5, crowd.comes), *says, (at, crowd.says(STOP)))
        stops = [number(record, "t") for record in line.events("stop")]
        assert stops
        assert at <= stops[0] <= at + 1.0
        assert line.summary["reason"] == REASON
        judge(line)


def test_a_watcher_that_reads_nothing_holds_up_nothing_and_is_told_the_newest_once_it_reads(
    crowd: Audience, undisturbed: str
) -> None:
    crowd.room = 4096
    late: list[TimelineView | Snapshot | Goodbye | object] = []
    script: list[tuple[float, Act]] = [
        (1.0, crowd.comes), (40.0, lambda _: late.extend(crowd.hears())), (41.0, lambda _: late.extend(crowd.hears())),
    ]  # fmt: skip
    line = Line(UNEVEN).headless(*script)
    assert line.text == undisturbed
    times = [each.t for each in late if isinstance(each, Snapshot)]
    assert len(times) < 40  # of more than a hundred and fifty
    assert any(39.0 <= at <= 40.0 for at in times)
    assert times == sorted(times)


def test_a_watcher_that_goes_changes_nothing_and_nothing_is_made_for_nobody(crowd: Audience, undisturbed: str) -> None:
    made: list[object] = []
    script: list[tuple[float, Act]] = [
        (1.0, crowd.comes), (2.0, crowd.comes), (20.0, crowd.goes(0)), (21.0, crowd.goes(1)),
        (22.0, lambda line: made.append(line.engine.publisher.watched)),
    ]  # fmt: skip
    assert Line(UNEVEN).headless(*script).text == undisturbed
    assert made == [None]


def test_one_that_has_gone_before_it_is_let_in_is_nobody(undisturbed: str) -> None:
    hubs: list[WatchServer] = []

    def comes_and_goes(line: Line) -> None:
        theirs, ours = socket.socketpair()
        theirs.close()
        hubs.append(WatchServer(line.engine))
        hubs[0].admit(ours)

    def is_nobody(line: Line) -> None:
        assert line.engine.publisher.watched is None

    assert Line(UNEVEN).headless((1.0, comes_and_goes), (2.0, is_nobody)).text == undisturbed


def test_a_stop_of_one_that_is_gone_before_it_is_read_is_obeyed(crowd: Audience) -> None:
    def says_and_goes(line: Line) -> None:
        crowd.says(STOP)(line)
        crowd.goes()(line)
        line.engine.publisher.redraw(line.engine.snapshot())  # which finds nobody to read it

    line = Line(LONG).headless((5.0, crowd.comes), (RUNNING, says_and_goes))
    assert [record["t"] for record in line.events("stop")] == [RUNNING]
    judge(line)


def test_one_that_comes_after_everybody_had_gone_is_told_as_the_first_was(crowd: Audience) -> None:
    Line(plan()).headless((1.0, crowd.comes), (2.0, crowd.goes()), (20.0, crowd.comes))
    assert len(crowd.hears(1)) > 50


def test_no_more_than_so_many_are_let_in_and_the_others_are_told_why(crowd: Audience, undisturbed: str) -> None:
    line = Line(UNEVEN).headless(*[(1.0 + count, crowd.comes) for count in range(MOST + 1)])
    assert line.text == undisturbed
    assert crowd.hears(MOST) == [Goodbye(line=FULL)]
    assert len(crowd.hears(MOST - 1)) > 50


STUFFING = b"x\n" * (36_000 // 2)
"""More than is read of one in seven seconds."""


@pytest.mark.full
def test_those_who_have_gone_keep_nobody_out_however_much_they_left_unread(crowd: Audience, undisturbed: str) -> None:
    """Issue 11, point 21: eight stuffed sockets kept a ninth second screen out for 7 s."""

    def stuffs_and_goes(seat: int) -> Act:
        def act(line: Line) -> None:
            crowd.says(STUFFING, seat)(line)
            crowd.goes(seat)(line)

        return act

    coming: list[tuple[float, Act]] = [(1.0 + count / 16, crowd.comes) for count in range(MOST)]
    going: list[tuple[float, Act]] = [(2.0, stuffs_and_goes(seat)) for seat in range(MOST)]
    again: list[tuple[float, Act]] = [(2.1 + count / 16, crowd.comes) for count in range(MOST)]
    line = Line(UNEVEN).headless(*coming, *going, *again)
    assert line.text == undisturbed
    for seat in range(MOST, 2 * MOST):
        assert len(crowd.hears(seat)) > 50


def test_a_stop_behind_the_stuffing_of_one_that_has_gone_is_obeyed_though_its_seat_is_taken(crowd: Audience) -> None:
    def says_and_goes(line: Line) -> None:
        crowd.says(b"x\n" * (3 * READ // 2) + STOP)(line)
        crowd.goes()(line)

    coming: list[tuple[float, Act]] = [(1.0 + count, crowd.comes) for count in range(MOST)]
    line = Line(LONG).headless(*coming, (RUNNING, says_and_goes), (RUNNING + 0.01, crowd.comes))
    assert [RUNNING <= number(record, "t") <= RUNNING + 4 * READ_EVERY for record in line.events("stop")] == [True]
    assert isinstance(crowd.hears(MOST)[0], TimelineView)
    judge(line)


@pytest.mark.full
def test_those_who_stuff_and_stay_are_the_most_there_may_be(crowd: Audience, undisturbed: str) -> None:
    coming: list[tuple[float, Act]] = [(1.0 + count / 16, crowd.comes) for count in range(MOST)]
    stuffed: list[tuple[float, Act]] = [(2.0, crowd.says(STUFFING, seat)) for seat in range(MOST)]
    line = Line(UNEVEN).headless(*coming, *stuffed, (2.1, crowd.comes))
    assert line.text == undisturbed
    assert crowd.hears(MOST) == [Goodbye(line=FULL)]


def test_the_end_is_a_goodbye_with_the_last_line(crowd: Audience) -> None:
    Line(plan()).headless((50.0, crowd.comes))
    assert crowd.hub is not None
    crowd.hears()
    crowd.hub.close("over")
    assert crowd.hears() == [Goodbye(line="over")]
    assert crowd.seats[0].recv(1) == b""


def test_after_the_program_itself_has_failed_a_stop_still_goes_its_way(crowd: Audience) -> None:
    def breaks(line: Line) -> None:
        line.session.speed_plan.timeline.steps = None  # type: ignore[assignment]  # the bug

    script: list[tuple[float, Act]] = [
        (5.0, crowd.comes), (RUNNING, breaks), (RUNNING, crowd.comes), (RUNNING + 0.01, crowd.says(STOP)),
    ]  # fmt: skip
    line = Line(LONG)
    with pytest.raises(ExceptionGroup, match="unhandled"):
        line.headless(*script)
    assert {octets for at, octets in line.written() if at >= RUNNING} == {"0801"}
    assert line.treadmill.belt_speed(RUNNING + 20) == 0


def test_a_stop_to_a_session_that_cannot_say_how_it_stands_is_obeyed_though_it_seems_to_rest(crowd: Audience) -> None:
    def breaks(line: Line) -> None:
        line.session.speed_plan.timeline.steps = None  # type: ignore[assignment]  # the bug

    line = Line(plan())
    with pytest.raises(ExceptionGroup):
        line.attended((2.0, crowd.comes), (5.01, breaks), (5.02, crowd.says(STOP)), start=False)
    assert REASON in line.stream.getvalue()


# -- at the door ----------------------------------------------------------------------------------------------------


async def _heard_at(path: Path) -> bytes:
    """The first line that is heard by one who comes to the door at `path`."""
    with connect(path) as coming:
        data = b""
        while b"\n" not in data:
            more = await asyncio.get_running_loop().sock_recv(coming, 1 << 16)
            if not more:
                break
            data += more
    return data


@pytest.mark.parametrize("stranger", [False, True])
def test_its_own_user_is_let_in_and_a_stranger_is_turned_away_without_a_word(tmp_path: Path, stranger: bool) -> None:
    async def main() -> bytes:
        hub = WatchServer(Line(plan()).engine)
        opened = open_door([tmp_path / "doors"])
        hub.listen(opened, os.geteuid() + stranger)
        try:
            return await _heard_at(opened.path)
        finally:
            hub.close("")

    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        heard = runner.run(main())
    assert heard.startswith(b'{"v":1,"type":"plan"') is not stranger
    assert (heard == b"") is stranger


def test_many_who_knock_at_once_are_let_in_one_after_another(tmp_path: Path) -> None:
    async def main() -> list[int]:
        hub = WatchServer(Line(plan()).engine)
        opened = open_door([tmp_path / "doors"])
        hub.listen(opened, os.geteuid())
        coming: list[socket.socket] = []
        heard: list[int] = []
        try:
            coming += [connect(opened.path) for _ in range(4)]
            heard += [len(await asyncio.get_running_loop().sock_recv(each, 1 << 16)) for each in coming]
        finally:
            for each in coming:
                each.close()
            hub.close("")
        return heard

    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        assert all(runner.run(main()))
