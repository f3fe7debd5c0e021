"""What each cue says, and what is heard where several come at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.cues import protocol, speech
from runback.cues.cue_sounds import CUE_SOUNDS, Rank, saying
from runback.cues.settings import NEVER_MUTED, CueSettings
from runback.session.model import Cue, CueKind
from runback.units import Unit
from runback.workout.model import Kind

HEADS_UP = Cue(5.0, CueKind.HEADS_UP, 10.0, 750, Kind.RUN)
ALL = CueSettings()
cues = st.builds(
    Cue,
    st.floats(0.0, 1e6).map(lambda at: round(at, 3)),
    st.sampled_from(CueKind),
    st.floats(0.0, 700.0),
    st.none() | st.integers(0, 65_535),
    st.none() | st.sampled_from(Kind),
    st.integers(0, 400),
)
wishes = st.builds(
    CueSettings,
    st.booleans(),
    st.booleans(),
    st.frozensets(st.sampled_from(CueKind)),
    st.sampled_from(Unit),
    st.floats(0.0, 1.0),
)


def words(*said: Cue, settings: CueSettings = ALL) -> str:
    """What is said of `said` at once."""
    heard = saying(said, settings, max(cue.at for cue in said))
    return "" if heard is None else heard.words


@pytest.mark.parametrize(
    ("cue", "said"),
    [
        (HEADS_UP, "Run in ten seconds, seven point five."),
        (Cue(0.0, CueKind.HEADS_UP, 9.96, 500, Kind.WALK), "Walk in ten seconds, five."),
        (Cue(0.0, CueKind.HEADS_UP, 3.0, 800), "Faster in three seconds, eight."),
        (Cue(0.0, CueKind.HEADS_UP, 1.0, 1250, Kind.FREE), "Free in one second, twelve point five."),
        (Cue(0.0, CueKind.COUNTDOWN, 3.0, 750, Kind.RUN), ""),
        (Cue(0.0, CueKind.RUN, 0.0, 750, Kind.RUN), "Run, seven point five."),
        (Cue(0.0, CueKind.WALK, 0.0, 450, Kind.WARM_UP), "Warm up, four point five."),
        (Cue(0.0, CueKind.WALK, 0.0, 400, Kind.COOL_DOWN), "Cool down, four."),
        (Cue(0.0, CueKind.WALK), "Walk."),
        (Cue(0.0, CueKind.EASED, 0.0, 500), "Easing off. Walk, five."),
        (Cue(0.0, CueKind.HALFWAY), "Halfway."),
        (Cue(0.0, CueKind.LAST_INTERVAL), "Last interval."),
        (Cue(0.0, CueKind.TIME_LEFT, 300.0), "Five minutes left."),
        (Cue(0.0, CueKind.TIME_LEFT, 60.0), "One minute left."),
        (Cue(0.0, CueKind.POSTURE, number=2), "Stay tall."),
        (Cue(0.0, CueKind.STOPPED), "Stopping."),
        (Cue(0.0, CueKind.ALARM), "Step off. Pull the safety key."),
    ],
)
def test_what_a_cue_says(cue: Cue, said: str) -> None:
    assert words(cue) == said


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (Unit.KMH, "seven point five"),
        (Unit.MPH, "four point seven miles an hour"),
        (Unit.MIN_PER_KM, "eight minutes a kilometre"),
        (Unit.MIN_PER_MILE, "twelve fifty two a mile"),
    ],
)
def test_a_speed_is_said_in_the_unit_that_was_asked_for(unit: Unit, said: str) -> None:
    assert words(HEADS_UP, settings=CueSettings(unit=unit)) == f"Run in ten seconds, {said}."


@pytest.mark.parametrize(
    ("speed", "said"),
    [
        (0, "standing"),
        (1189, "five oh three a kilometre"),
        (6000, "one minute a kilometre"),
        (30, "ninety nine fifty nine"),
    ],
)
def test_a_pace_is_said_as_runners_say_it(speed: int, said: str) -> None:
    assert speech.speed(speed, Unit.MIN_PER_KM).startswith(said)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "zero"),
        (0.04, "zero"),
        (7.96, "eight"),
        (12.3, "twelve point three"),
        (21.0, "twenty one"),
        (30.0, "thirty"),
    ],
)
def test_numbers_are_said_to_one_decimal(value: float, said: str) -> None:
    assert speech.decimal(value) == said


@given(said=st.lists(cues, min_size=1, max_size=4), settings=wishes)
def test_words_have_no_digit_or_sign_that_a_voice_or_a_shell_could_take_wrongly(
    said: list[Cue], settings: CueSettings
) -> None:
    heard = words(*said, settings=settings)
    assert set(heard) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,.'")
    assert not heard.startswith("-")


def test_every_kind_of_cue_is_in_the_score_and_is_heard() -> None:
    assert set(CUE_SOUNDS) == set(CueKind)
    heard = {kind: saying([Cue(0.0, kind)], ALL, 0.0) for kind in CueKind}
    assert [kind for kind, each in heard.items() if each is None] == []
    assert [kind for kind, each in heard.items() if each is not None and each.tone is None] == [CueKind.POSTURE]


def test_a_run_that_is_the_last_rises_and_says_both() -> None:
    heard = saying([Cue(0.0, CueKind.RUN, 0.0, 750, Kind.RUN), Cue(0.0, CueKind.LAST_INTERVAL)], ALL, 0.0)
    assert heard is not None
    assert (heard.tone, heard.words, heard.rank) == (CueKind.RUN, "Run, seven point five. Last interval.", Rank.CUE)


def test_a_heads_up_in_the_moment_of_a_count_does_not_hide_the_count() -> None:
    heard = saying([Cue(0.0, CueKind.HEADS_UP, 3.0, 800), Cue(0.0, CueKind.COUNTDOWN, 3.0, 800)], ALL, 0.0)
    assert heard is not None
    assert (heard.tone, heard.words) == (CueKind.COUNTDOWN, "Faster in three seconds, eight.")


def test_beside_a_stop_nothing_else_is_said() -> None:
    heard = saying([Cue(0.0, CueKind.WITHDRAWN), Cue(0.0, CueKind.STOPPED)], ALL, 0.0)
    assert heard is not None
    assert (heard.tone, heard.words, heard.rank) == (CueKind.STOPPED, "Stopping.", Rank.STOP)


@pytest.mark.parametrize("kind", CueKind)
def test_a_cue_that_is_late_is_not_heard(kind: CueKind) -> None:
    patience = CUE_SOUNDS[kind].patience
    assert saying([Cue(10.0, kind)], ALL, 10.0 + patience - 0.01) is not None
    assert saying([Cue(10.0, kind)], ALL, 10.0 + patience + 0.01) is None


def test_a_count_that_is_late_does_not_spoil_what_is_not() -> None:
    heard = saying([Cue(9.0, CueKind.COUNTDOWN, 1.0, 750), Cue(10.0, CueKind.RUN, 0.0, 750)], ALL, 10.0)
    assert heard is not None
    assert heard.tone is CueKind.RUN


@pytest.mark.parametrize("kind", CueKind)
def test_each_can_be_turned_off_but_stop_and_alarm(kind: CueKind) -> None:
    heard = saying([Cue(0.0, kind)], CueSettings(muted=frozenset(CueKind)), 0.0)
    assert (heard is not None) is (kind in NEVER_MUTED)


def test_tones_and_speech_can_be_turned_off_by_themselves() -> None:
    silent = saying([HEADS_UP], CueSettings(speech=False), 5.0)
    toneless = saying([HEADS_UP], CueSettings(tones=False), 5.0)
    assert silent is not None
    assert toneless is not None
    assert (silent.tone, silent.words) == (CueKind.HEADS_UP, "")
    assert (toneless.tone, toneless.words) == (None, "Run in ten seconds, seven point five.")
    assert saying([HEADS_UP], CueSettings(tones=False, speech=False), 5.0) is None


@given(said=st.lists(cues, max_size=6), later=st.floats(-1e6, 1e6))
def test_cues_cross_the_pipe_whole_on_the_other_clock(said: list[Cue], later: float) -> None:
    line = protocol.pack(said, later)
    assert line.count(b"\n") == 1
    back = protocol.read(line)
    assert [cue.at for cue in back] == pytest.approx([cue.at + later for cue in said], abs=0.001)
    assert [(c.kind, c.seconds, c.speed, c.step, c.number) for c in back] == [
        (c.kind, c.seconds, c.speed, c.step, c.number) for c in said
    ]


@given(settings=wishes)
def test_settings_cross_whole(settings: CueSettings) -> None:
    assert protocol.read_settings(protocol.pack_settings(settings)) == settings


def test_a_turn_of_many_cues_fits_what_every_pipe_takes_at_once() -> None:
    turn = [HEADS_UP] * 6
    assert len(protocol.pack(turn, 1e6)) <= 512
