"""Which players are found, and how they are called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runback.cues.players import TONES, VOICES, Player, found
from tests.support.cues import Players

ON_PATH = [player for player in (*TONES, *VOICES) if player.module is None]


def names(players: list[Player]) -> list[str]:
    return [player.name for player in players if player.module is None]


def test_players_are_found_on_path_in_the_order_of_the_table(tmp_path: Path) -> None:
    players = Players(tmp_path)
    for player in reversed(ON_PATH):
        players.add(player.name)
    assert names(found(TONES, players.path)) == ["pw-play", "paplay", "aplay", "afplay"]
    assert names(found(VOICES, players.path)) == ["spd-say", "espeak-ng", "say", "powershell"]


def test_where_nothing_stands_on_path_nothing_is_found(tmp_path: Path) -> None:
    assert names(found((*TONES, *VOICES), str(tmp_path))) == []


@pytest.mark.parametrize("player", [*TONES, *VOICES], ids=lambda player: player.name)
def test_every_player_is_given_the_file_or_the_words_and_nothing_is_left_open(player: Player) -> None:
    command = player.command(file="/tone.wav", words="Run, seven", volume=0.5)
    assert ("/tone.wav" in command) is (player in TONES)
    assert ("Run, seven" in " ".join(command)) is (player in VOICES)
    assert not any("{" in part for part in command)
    assert command[0] == (sys.executable if player.module else player.name)


@pytest.mark.parametrize(
    ("name", "quiet", "loud"),
    [("spd-say", "-100", "100"), ("espeak-ng", "0", "200"), ("say", "[[volm 0]] x", "[[volm 1]] x")],
)
def test_the_volume_of_a_voice_is_on_its_own_scale(name: str, quiet: str, loud: str) -> None:
    (voice,) = (player for player in VOICES if player.name == name)
    assert quiet in voice.command(words="x", volume=0.0)
    assert loud in voice.command(words="x", volume=1.0)


def test_our_own_player_fails_like_any_other_where_it_cannot_play(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "runback.cues.wav_player", "miniaudio", str(tmp_path / "no.wav")]
    assert subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 1
