"""The whole program: `runback cues`, and a session in a terminal that is heard or says that it is not."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runback.cues.protocol import NO_SOUND, NO_VOICE
from runback.session.model import CueKind
from tests.support.cues import CHATTY, FAILS, Players
from tests.support.processes.terminal import Terminal, terminal

WORKOUT = "5m walk 4, 5m run 6"


@pytest.fixture
def players(tmp_path: Path) -> Players:
    return Players(tmp_path / "bin")


def runback(players: Players, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the program with only `players` on PATH."""
    command = [sys.executable, "-m", "runback", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=players.environment, stdin=subprocess.DEVNULL, check=False
    )


# -- runback cues -------------------------------------------------------------------------------------------


@pytest.mark.full
def test_cues_are_played_and_named_with_what_plays_them(players: Players) -> None:
    players.add("aplay").add("espeak-ng")
    done = runback(players, "cues", "last-interval", "halfway")
    assert (done.returncode, done.stderr) == (0, "")
    assert "tones: aplay" in done.stdout
    assert "playing with aplay and espeak-ng" in done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()[-2:]] == ["last-interval", "halfway"]
    tones = [call for call in players.calls if call.startswith("aplay")]
    assert tones == ["aplay -q silence.wav", "aplay -q last_interval.wav", "aplay -q halfway.wav"]
    assert players.calls[-1] == "espeak-ng -s 165 -a 160 Halfway."


def test_without_sound_the_cues_are_named_and_it_is_said_once_and_is_no_error(players: Players) -> None:
    players.add("aplay", FAILS)
    done = runback(players, "cues")
    assert (done.returncode, done.stderr) == (0, f"{NO_SOUND}\n")
    assert "playing with nothing" in done.stdout
    assert len(done.stdout.splitlines()) == 3 + len(CueKind)


@pytest.mark.full
def test_without_a_voice_the_tones_are_played_and_it_is_said_once(players: Players) -> None:
    players.add("aplay")
    done = runback(players, "cues", "halfway")
    assert (done.returncode, done.stderr) == (0, f"{NO_VOICE}\n")
    assert players.calls[-1] == "aplay -q halfway.wav"


@pytest.mark.full
def test_list_plays_nothing_and_quiet_prints_nothing(players: Players) -> None:
    players.add("aplay").add("espeak-ng")
    listed = runback(players, "cues", "--list", "--mute", "halfway")
    assert (listed.returncode, players.calls) == (0, [])
    words = {line.split()[0]: line for line in listed.stdout.splitlines()[2:]}
    assert set(words) == {kind.value.replace(" ", "-") for kind in CueKind}
    assert words["heads-up"].endswith("Run in ten seconds, seven point five.")
    assert words["halfway"].endswith("turned off")
    toneless = runback(players, "cues", "--list", "--no-tones", "--no-speech", "halfway")
    assert toneless.stdout.splitlines()[-1].endswith("turned off")
    quiet = runback(players, "cues", "--quiet", "halfway", "--say", "mph", "--volume", "50")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    assert "aplay -q halfway.wav" in players.calls


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["cues", "trumpet"], "'trumpet' is not a cue"),
        (["cues", "--mute", "stopped"], "cannot be turned off"),
        (["run", WORKOUT, "--headless", "--speedup", "max", "--sound"], "cues keep real time"),
        (["run", WORKOUT, "--headless", "--sound", "--mute", "trumpet"], "cannot be turned off"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(players: Players, arguments: list[str], told: str) -> None:
    done = runback(players, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr


# -- a session ----------------------------------------------------------------------------------------------


Run = Callable[..., Terminal]


@pytest.fixture
def run(tmp_path: Path, players: Players) -> Iterator[Run]:
    """A session in a terminal, in real time."""
    with contextlib.ExitStack() as stack:

        def begin(*options: str) -> Terminal:
            path = {"PATH": players.path}
            return stack.enter_context(terminal(tmp_path / "trace", "run", WORKOUT, *options, env=path))

        yield begin


@pytest.mark.full
def test_a_session_is_heard_and_nothing_a_player_says_is_on_the_screen(run: Run, players: Players) -> None:
    players.add("aplay", CHATTY).add("espeak-ng", CHATTY)
    program = run("--start")
    while not any(call.startswith("espeak-ng") for call in players.calls):
        program.listen(0.05)  # the heads-up of the start, or whatever is said later
    tones = [call for call in players.calls if call.startswith("aplay")]
    assert len(tones) > 1
    assert tones[0] == "aplay -q silence.wav"
    program.type(b"z")
    program.wait_for(lambda record: record.get("kind") == "stopped")
    assert b"LOUD" not in program.output
    assert not [record for record in program.records if record["event"] == "remark"]


@pytest.mark.full
def test_a_session_without_sound_says_so_once_on_the_screen(run: Run) -> None:
    program = run()
    program.wait_for(lambda record: record.get("line") == NO_SOUND)
    program.seen(NO_SOUND.encode())
    assert sum(record["event"] == "remark" for record in program.records) == 1


@pytest.mark.full
@pytest.mark.parametrize("option", [["--no-sound"], ["--speedup", "20"]])
def test_a_session_that_is_not_to_be_heard_starts_no_loudspeaker_and_misses_none(
    run: Run, players: Players, option: list[str]
) -> None:
    players.add("aplay")
    program = run("--start", *option)
    program.phase("countdown")
    with pytest.raises(LookupError):
        program.child("runback.cues.player_process")
    assert players.calls == []
