"""Cues are never on the control path: whatever becomes of those who play them, the session is the same to the byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runback.cues.client import LOUDSPEAKER, CueClient
from runback.cues.settings import CueSettings
from runback.session.model import CountFrom, Cue, CueKind, Intent
from runback.workout.model import Step, Workout
from tests.support.cues import FAILS, FAILS_UNDER_WAY, HANGS, HANGS_UNDER_WAY, SLOW, WELL, Players
from tests.support.effort import examples
from tests.support.engine.bench import RUN, WALK, Line, asks, plan
from tests.support.engine.rules import increases_are_announced, judge

SOON = 30.0
AT_ONCE = 0.05
READS_NOTHING = ("/bin/sh", "-c", "exec /bin/sleep 1000")
BACKENDS: dict[str, tuple[str, Sequence[str]]] = {
    # what the players do, and what is started as the player process
    "plays": (WELL, LOUDSPEAKER),
    "fails": (FAILS, LOUDSPEAKER),
    "fails under way": (FAILS_UNDER_WAY, LOUDSPEAKER),
    "hangs": (HANGS, LOUDSPEAKER),
    "hangs under way": (HANGS_UNDER_WAY, LOUDSPEAKER),
    "slow": (SLOW, LOUDSPEAKER),
    "reads nothing": (WELL, READS_NOTHING),
    "is gone": (WELL, ("/bin/false",)),
    "is not there": (WELL, ("/no/such/program",)),
}

moments = st.floats(0.5, 90.0).map(lambda at: round(at, 2))
steps = st.builds(
    Step, st.sampled_from([RUN, WALK]), st.floats(2.0, 30.0), st.integers(10, 120).map(lambda tenth: tenth * 10)
)
workouts = st.lists(steps, min_size=1, max_size=4).map(lambda some: plan(*some))
wishes = st.sampled_from(
    [Intent.FASTER, Intent.SLOWER, Intent.SKIP, Intent.PAUSE, Intent.RESUME, Intent.EASE_OFF, Intent.STOP, Intent.RESET]
)
scripts = st.lists(st.tuples(moments, wishes.map(asks)), max_size=8)


class Ears:
    """A crier that is joined to one line after another."""

    def __init__(self, players: Players, command: Sequence[str]) -> None:
        self.told: list[str] = []
        self._line: Line | None = None
        environment = players.environment
        self.cue_client = CueClient(
            CueSettings(), clock=self._now, told=self.told.append, environment=environment, command=command
        )

    def joined(self, line: Line) -> Line:
        """`line`, which is heard from now on."""
        self._line = line
        return line.equipped(cues=self.cue_client.cry)

    def _now(self) -> float:
        assert self._line is not None
        return self._line.engine.now()


@pytest.fixture(params=list(BACKENDS), scope="module")
def ears(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ears]:
    """One for each way in which cues can fail."""
    script, command = BACKENDS[request.param]
    folder: Path = tmp_path_factory.mktemp("players")
    made = Ears(Players(folder / "bin").add("aplay", script).add("espeak-ng", script), command)
    made.cue_client.begin()
    yield made
    made.cue_client.close(AT_ONCE)


@pytest.mark.full
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(workout=workouts, script=scripts, mode=st.sampled_from(CountFrom))
def test_announce_then_move_holds_and_nothing_differs_whatever_the_cues_do(
    ears: Ears, workout: Workout, script: list[tuple[float, Callable[[Line], object]]], mode: CountFrom
) -> None:
    line = ears.joined(Line(workout, count_from=mode)).attended(*script)
    increases_are_announced(line)
    judge(line)
    assert line.text == Line(workout, count_from=mode).attended(*script).text


@pytest.mark.full
def test_what_a_line_on_virtual_time_cues_is_really_played(tmp_path: Path) -> None:
    players = Players(tmp_path / "bin").add("aplay").add("espeak-ng")
    ears = Ears(players, LOUDSPEAKER)
    ears.cue_client.begin()
    assert ears.cue_client.known.wait(SOON)
    ears.joined(Line(plan(Step(WALK, 30, 400)))).headless()
    ears.cue_client.close(SOON)
    assert players.calls[-2:] == ["aplay -q completed.wav", "espeak-ng -s 165 -a 160 Finished. Well done."]
    assert ears.told == []


def test_every_cue_of_the_record_is_cried_once_in_its_order() -> None:
    line, cried = Line(plan(Step(WALK, 30, 400), Step(RUN, 60, 700), Step(WALK, 40, 400))), list[Cue]()
    line.equipped(cues=cried.extend).headless()
    assert [cue.kind.value for cue in cried] == [record["kind"] for record in line.events("cue")]
    assert {CueKind.HEADS_UP, CueKind.COUNTDOWN, CueKind.RUN, CueKind.POSTURE} <= {cue.kind for cue in cried}


def test_an_increase_is_cried_before_the_belt_is_told() -> None:
    line = Line(plan(Step(WALK, 30, 400), Step(RUN, 30, 700)))
    written: dict[CueKind, int] = {}

    def cry(cues: Sequence[Cue]) -> None:
        for cue in cues:
            if cue.speed == 700:
                written.setdefault(cue.kind, sum(octets == "02bc02" for _, octets in line.written()))

    line.equipped(cues=cry).headless()
    assert written[CueKind.HEADS_UP] == written[CueKind.COUNTDOWN] == 0
    assert any(octets == "02bc02" for _, octets in line.written())


def test_a_remark_stands_until_the_next_cue_and_never_hides_a_notice() -> None:
    line = Line(plan(Step(WALK, 30, 400)))
    notices: list[tuple[float, str | None]] = []

    def look(then: Line) -> None:
        notices.append((then.engine.now(), then.engine.snapshot().notice))

    line.attended(
        (1.0, lambda then: then.engine.remark("no sound device: cues are shown only")),
        (2.0, look),
        (3.0, asks(Intent.EXTEND)),
        (3.1, look),
        (3.2, asks(Intent.START)),
        (3.3, look),
        start=False,
        until=20.0,
    )
    assert [notice for _, notice in notices] == [
        "no sound device: cues are shown only",
        "extend is not possible now (ready)",
        None,
    ]
    assert [record["line"] for record in line.events("remark")] == ["no sound device: cues are shown only"]
