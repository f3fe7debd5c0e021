"""A channel and real players: who is called, who is killed, who is given up. Time is an argument."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from runback.cues.cue_sounds import Rank
from runback.cues.playback_slot import PlaybackSlot, Sound
from runback.cues.players import Player
from tests.support.cues import FAILS, HANGS, WELL, Players

NAMES = ("one", "two", "three")


def sound(name: str, *, start: float = 0.0, until: float = 1.0, length: float = 1.0, rank: Rank = Rank.CUE) -> Sound:
    """A sound whose player is called with `name`."""
    return Sound(lambda player: player.command(words=name), start, until, length, rank)


@pytest.fixture
def players(tmp_path: Path) -> Players:
    return Players(tmp_path / "bin")


@pytest.fixture
def channel(players: Players) -> Iterator[PlaybackSlot]:
    """One that knows three players, whether or not they are there."""
    rows = [Player(name, (f"{players.path}/{name}", "{words}")) for name in NAMES]
    made = PlaybackSlot(rows, players.environment)
    yield made
    made.give_up()


def played_out(channel: PlaybackSlot, now: float) -> None:
    """Until no player is under way, while the time stays `now`."""
    while channel.sounding:
        channel.tick(now)


def play(channel: PlaybackSlot, *sounds: Sound, now: float = 0.0) -> None:
    """Offer `sounds` together, and let them play out at `now`."""
    for each in sounds:
        channel.offer(each)
    channel.tick(now)
    played_out(channel, now)


def left(channel: PlaybackSlot) -> str | None:
    """The player that would be called next."""
    return None if channel.player is None else channel.player.name


def test_a_sound_is_played_once_by_the_first_player(players: Players, channel: PlaybackSlot) -> None:
    players.add("one").add("two")
    play(channel, sound("a"))
    channel.tick(0.5)
    assert (players.calls, channel.heard, channel.idle) == (["one a"], True, True)


def test_what_the_first_cannot_play_the_next_plays_at_once(players: Players, channel: PlaybackSlot) -> None:
    players.add("one", FAILS).add("two", FAILS).add("three")
    play(channel, sound("a"))
    assert (players.calls, left(channel)) == (["one a", "two a", "three a"], "three")


def test_what_cannot_even_be_started_counts_as_failed(players: Players, channel: PlaybackSlot) -> None:
    players.add("two")
    (players.folder / "one").mkdir()
    play(channel, sound("a"))
    assert (players.calls, left(channel)) == (["two a"], "two")


def test_with_all_players_failing_there_is_nobody_left_and_nothing_is_tried_again(
    players: Players, channel: PlaybackSlot
) -> None:
    players.add("one", FAILS).add("two", FAILS)
    play(channel, sound("a"))
    play(channel, sound("b"))
    assert (players.calls, left(channel), channel.heard, channel.idle) == (["one a", "two a"], None, False, True)


def test_a_player_that_was_heard_is_given_up_only_at_its_second_failure_in_a_row(
    players: Players, channel: PlaybackSlot
) -> None:
    players.add("two")
    for script, name, still in [(WELL, "a", "one"), (FAILS, "b", "one"), (WELL, "c", "one"), (FAILS, "d", "one")]:
        players.add("one", script)
        play(channel, sound(name))
        assert left(channel) == still
    play(channel, sound("e"))
    assert left(channel) == "two"
    assert players.calls == ["one a", "one b", "two b", "one c", "one d", "two d", "one e", "two e"]


def test_a_player_that_hangs_is_killed_at_its_bound_with_all_it_started(
    players: Players, channel: PlaybackSlot, tmp_path: Path
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    players.holds("one", fifo).add("two")
    channel.offer(sound("a", length=1.0))
    channel.tick(0.0)
    with fifo.open("rb") as held:
        assert [held.readline()[-1:], held.readline()] == [b"\n", b"child\n"]
        channel.tick(0.99)
        assert channel.sounding
        assert channel.deadline() == 1.0
        channel.tick(1.0)
        assert held.read() == b""  # nobody is left who holds it
    assert left(channel) == "two"


def test_what_a_hanging_player_was_to_play_is_not_played_late_by_another(
    players: Players, channel: PlaybackSlot
) -> None:
    players.add("one", HANGS).add("two")
    channel.offer(sound("a", until=0.3))
    channel.tick(0.0)
    channel.tick(1.0)
    assert (channel.idle, left(channel)) == (True, "two")
    play(channel, sound("b", start=1.0, until=2.0), now=1.0)
    assert players.calls[-1] == "two b"
    assert "two a" not in players.calls


def test_a_newer_sound_overtakes(players: Players, channel: PlaybackSlot) -> None:
    players.add("one", 'test "$1" = b || exec /bin/sleep 1000')
    channel.offer(sound("a", length=100.0))
    channel.tick(0.0)
    play(channel, sound("b"), now=0.5)
    assert players.calls[-1] == "one b"
    assert channel.heard


def test_of_two_sounds_that_wait_the_newer_is_played(players: Players, channel: PlaybackSlot) -> None:
    players.add("one")
    play(channel, sound("a"), sound("b"))
    channel.tick(0.5)
    assert players.calls == ["one b"]


def test_a_call_waits_for_what_is_more_important_and_is_dropped_when_it_is_late(
    players: Players, channel: PlaybackSlot
) -> None:
    players.add("one", HANGS)
    channel.offer(sound("cue", length=100.0))
    channel.tick(0.0)
    channel.offer(sound("call", until=4.0, rank=Rank.CALL))
    channel.tick(4.0)
    assert not channel.idle
    assert channel.deadline() == 4.0
    channel.tick(4.1)
    assert channel.deadline() == 100.0


def test_a_call_is_played_once_what_was_more_important_is_over(players: Players, channel: PlaybackSlot) -> None:
    players.add("one")
    channel.offer(sound("cue", length=100.0))
    channel.tick(0.0)
    channel.offer(sound("call", until=4.0, rank=Rank.CALL))
    while not channel.idle:
        channel.tick(3.0)
    assert players.calls == ["one cue", "one call"]


def test_a_call_never_takes_the_place_of_what_waits_and_is_more_important(
    players: Players, channel: PlaybackSlot
) -> None:
    players.add("one")
    play(channel, sound("stop", rank=Rank.STOP), sound("cue"), sound("call", rank=Rank.CALL))
    assert players.calls == ["one stop"]


def test_a_sound_is_never_played_before_its_time_nor_after_it(players: Players, channel: PlaybackSlot) -> None:
    players.add("one")
    channel.offer(sound("a", start=2.0, until=3.0))
    channel.tick(1.9)
    assert (channel.sounding, channel.deadline()) == (False, 2.0)
    channel.tick(3.1)
    assert (channel.idle, channel.deadline(), players.calls) == (True, None, [])


def test_a_channel_that_is_given_up_is_silent_for_good(players: Players, channel: PlaybackSlot) -> None:
    players.add("one", HANGS)
    channel.offer(sound("a", length=100.0))
    channel.tick(0.0)
    channel.offer(sound("b", start=5.0, until=9.0))
    channel.give_up()
    channel.offer(sound("c"))
    channel.tick(5.0)
    assert (channel.idle, left(channel), channel.deadline()) == (True, None, None)
