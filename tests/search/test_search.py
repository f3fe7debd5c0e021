"""A small slice of the search, and what the search rests on. `tests.search.run`, a step of `.ci/run`, does more."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from runback.session.model import Intent, Phase
from runback.session.transitions import ALLOWED
from tests.search.alphabet import ACTS, ON, play, possible
from tests.search.copying import copied, fingerprint
from tests.search.explore import Explorer
from tests.search.scenes import SCENES
from tests.search.shell import BEGAN, State
from tests.search.story import parsed, replayed, told
from tests.search.witness import Violation

pytestmark = pytest.mark.timeout(600)
"""They search; a busy computer may take its time over that."""

STORIES = tomllib.loads((Path(__file__).parent / "stories.toml").read_text(encoding="utf-8"))["story"]


@pytest.mark.full
def test_no_rule_is_broken_whatever_goes_wrong_once_in_a_short_session() -> None:
    result = Explorer(SCENES["short"], departures=1).run()
    assert not result.found, "\n\n".join(told(each) for each in result.found)
    assert result.complete == 1
    assert result.states > 5000


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])
def test_a_story_that_once_broke_a_rule_ends_well(story: dict[str, object]) -> None:
    steps = story["steps"]
    assert isinstance(steps, list)
    lines, violation = replayed(str(story["scene"]), [parsed(line) for line in steps])
    assert violation is None, "\n".join(lines)


def well_behaved(scene: str, steps: int) -> State:
    state = State(SCENES[scene], log=[])
    for _ in range(steps):
        play(state, ON)
    return state


def writes_of(state: State) -> list[str]:
    assert state.log is not None
    return [line.split("--> ")[1] for line in state.log if "--> " in line]


def test_a_session_in_which_everybody_behaves_writes_what_it_should() -> None:
    state = well_behaved("plain", 70)
    assert state.session.phase is Phase.COMPLETED
    assert writes_of(state) == ["00", "07", "027c01", "029001", "025802", "022c01", "0801"]


@pytest.mark.full
@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_comes_to_its_end_if_everybody_behaves(scene: str) -> None:
    state = well_behaved(scene, 300)
    assert state.session.phase is Phase.COMPLETED or state.left


def test_a_copy_goes_its_own_way_and_the_same_way() -> None:
    for steps in range(0, 60, 3):
        state = well_behaved("plain", steps)
        mark = fingerprint(state, state.now)
        twins = [copied(state, {}) for _ in range(2)]
        for twin in twins:
            for _ in range(20):
                play(twin, ON)
        assert fingerprint(state, state.now) == mark
        assert len({fingerprint(twin, twin.now) for twin in twins}) == 1


def test_the_same_situation_an_hour_later_is_the_same_state() -> None:
    early = State(SCENES["plain"])
    late = State(SCENES["plain"], at=BEGAN + 4096.0)
    for _ in range(60):
        play(early, ON)
        play(late, ON)
        assert fingerprint(early, early.now) == fingerprint(late, late.now)


def core_of(state: State) -> int:
    return fingerprint((state.machine, state.session, state.gate), state.now)


@pytest.mark.full
def test_what_is_not_allowed_in_a_phase_changes_nothing_but_a_notice() -> None:
    left_out = 0
    for steps in range(60):
        state = well_behaved("plain", steps)
        state.serve(lambda _: None)
        for ask in Intent:
            name = f"person: {ask.value}"
            if name in ACTS and ask not in ALLOWED[state.session.phase] and ask is not Intent.STOP:
                twin = copied(state, {})
                play(twin, name)
                left_out += not possible(state, name)
                assert core_of(twin) == core_of(state), (state.session.phase, ask)
    assert left_out


def test_what_breaks_a_rule_is_found_and_told() -> None:
    state = well_behaved("plain", 40)
    state.witness.void()
    with pytest.raises(Violation, match="without the person's word"):
        state.witness.write(b"\x02\x20\x03", state.now, goal=600, ahead=False, stop=False)
