"""The player process with real players, on a clock that is an argument."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runback.cues.cue_sounds import length
from runback.cues.player_process import GRACE, PROBE_WITHIN, CuePlayer
from runback.cues.protocol import NO_SOUND, NO_VOICE
from runback.cues.settings import CueSettings
from runback.session.model import Cue, CueKind
from runback.workout.model import Kind
from tests.support.cues import FAILS, HANGS, Players

Make = Callable[..., CuePlayer]
RUN = Cue(10.0, CueKind.RUN, 0.0, 750, Kind.RUN)


@pytest.fixture
def players(tmp_path: Path) -> Players:
    return Players(tmp_path / "bin")


@pytest.fixture
def make(tmp_path: Path, players: Players) -> Iterator[Make]:
    """A player process that has found out at 0 who can play."""
    made: list[CuePlayer] = []

    def begun(settings: CueSettings = CueSettings(), *, now: float = 0.0) -> CuePlayer:  # noqa: B008 - frozen
        made.append(CuePlayer(settings, tmp_path, players.path))
        made[-1].begin(now)
        play_out(made[-1], now)
        return made[-1]

    yield begun
    for each in made:
        each.close()


def play_out(player: CuePlayer, now: float) -> None:
    """Until no player is under way, while the time stays `now`."""
    while player.tones.sounding or player.voice.sounding:
        player.tick(now)


def hear(player: CuePlayer, *cues: Cue, now: float) -> None:
    """`cues` come at `now`; all of their tone and words is let be heard."""
    player.hear(cues, now)
    while not player.idle:
        player.tick(now)
        wait = player.wait(now)
        if wait is not None and not (player.tones.sounding or player.voice.sounding):
            now += wait


def test_nothing_is_played_first_to_find_out_who_can(players: Players, make: Make) -> None:
    players.add("pw-play", FAILS).add("paplay").add("aplay").add("espeak-ng")
    assert list(make().news()) == ["plays paplay espeak-ng"]
    assert players.calls == ["pw-play silence.wav", "paplay silence.wav"]


def test_the_tone_comes_first_then_the_words(players: Players, make: Make) -> None:
    players.add("aplay").add("espeak-ng")
    player = make(CueSettings(volume=0.5))
    hear(player, RUN, now=10.0)
    assert players.calls[1:] == ["aplay -q run.wav", "espeak-ng -s 165 -a 100 Run, seven point five."]


def test_words_wait_for_the_end_of_their_tone(players: Players, make: Make) -> None:
    players.add("aplay").add("espeak-ng")
    player = make()
    player.hear([RUN], 10.0)
    player.tick(10.0)
    play_out(player, 10.0)
    assert player.wait(10.0) == pytest.approx(length(CueKind.RUN))
    assert not any(call.startswith("espeak") for call in players.calls)


def test_without_a_player_there_is_no_sound_and_it_is_said_once(make: Make) -> None:
    player = make()
    assert list(player.news()) == [f"trouble {NO_SOUND}"]
    hear(player, RUN, now=10.0)
    assert list(player.news()) == []


def test_a_voice_is_not_trusted_where_no_tone_can_be_played(players: Players, make: Make) -> None:
    players.add("aplay", FAILS).add("espeak-ng")
    player = make()
    hear(player, RUN, now=10.0)
    assert list(player.news()) == [f"trouble {NO_SOUND}"]
    assert players.calls == ["aplay -q silence.wav"]


def test_without_a_voice_there_are_tones_and_it_is_said_once(players: Players, make: Make) -> None:
    players.add("aplay")
    player = make()
    assert list(player.news()) == [f"trouble {NO_VOICE}", "plays aplay"]
    hear(player, RUN, now=10.0)
    assert list(player.news()) == []
    assert players.calls[1:] == ["aplay -q run.wav"]


def test_a_voice_that_fails_is_given_up_and_said_once(players: Players, make: Make) -> None:
    players.add("aplay").add("spd-say", FAILS)
    player = make()
    assert list(player.news()) == ["plays aplay spd-say"]
    hear(player, RUN, now=10.0)
    assert list(player.news()) == [f"trouble {NO_VOICE}", "plays aplay"]


def test_where_no_speech_is_wanted_no_voice_is_missed(players: Players, make: Make) -> None:
    players.add("aplay").add("espeak-ng")
    player = make(CueSettings(speech=False))
    assert list(player.news()) == ["plays aplay"]
    hear(player, RUN, now=10.0)
    assert players.calls[1:] == ["aplay -q run.wav"]


def test_a_player_that_hangs_at_the_beginning_gives_way_to_the_next(players: Players, tmp_path: Path) -> None:
    players.add("pw-play", HANGS).add("aplay")
    player = CuePlayer(CueSettings(speech=False), tmp_path, players.path)
    player.begin(0.0)
    assert list(player.news()) == []
    player.tick(PROBE_WITHIN)
    play_out(player, PROBE_WITHIN)
    assert list(player.news()) == ["plays aplay"]


def test_a_count_whose_player_hangs_is_killed_before_the_next_count(players: Players, make: Make) -> None:
    players.add("aplay")
    player = make(CueSettings(speech=False))
    players.add("aplay", HANGS)
    player.hear([Cue(7.0, CueKind.COUNTDOWN, 3.0, 750)], 7.0)
    player.tick(7.0)
    assert player.tones.deadline() == pytest.approx(7.0 + length(CueKind.COUNTDOWN) + GRACE)
    player.tick(7.95)
    assert player.idle
    player.hear([Cue(8.0, CueKind.COUNTDOWN, 2.0, 750)], 8.0)
    player.tick(8.0)
    player.tick(8.95)
    assert list(player.news())[-1] == f"trouble {NO_SOUND}"


def test_words_on_posture_do_not_cut_off_a_heads_up(players: Players, make: Make) -> None:
    players.add("aplay").add("espeak-ng")
    player = make()
    player.hear([Cue(10.0, CueKind.HEADS_UP, 10.0, 750, Kind.RUN)], 10.0)
    player.hear([Cue(10.0, CueKind.POSTURE, number=2)], 10.0)
    hear(player, now=10.0)
    assert [call for call in players.calls if "Stay" in call] == []
    assert "Run in ten seconds" in players.calls[-1]


def test_with_tones_turned_off_there_are_words_alone(players: Players, make: Make) -> None:
    players.add("aplay").add("espeak-ng")
    hear(make(CueSettings(tones=False)), RUN, now=10.0)
    assert [call.split()[0] for call in players.calls[1:]] == ["espeak-ng"]
