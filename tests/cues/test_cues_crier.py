"""The crier and its process: it never waits, never raises, and leaves nobody behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from runback.cues.client import LOUDSPEAKER, CueClient
from runback.cues.protocol import NO_SOUND, NO_VOICE
from runback.cues.settings import CueSettings
from runback.session.model import Cue, CueKind
from runback.workout.model import Kind
from tests.support.cues import CHATTY, FAILS, HANGS, Players

SOON = 30.0
"""Seconds after which a test gives up waiting."""
AT_ONCE = 0.05
RUN = Cue(0.0, CueKind.RUN, 0.0, 750, Kind.RUN)
TELLS_NOBODY = ("/bin/sh", "-c", "exec /bin/sleep 1000")
"""In place of the player process: a process that reads nothing and never ends."""

ENGINE = """
import sys, time
from runback.cues.client import CueClient
from runback.cues.settings import CueSettings
from runback.session.model import Cue, CueKind
crier = CueClient(CueSettings(), clock=lambda: 0.0, told=lambda line: None)
crier.begin()
crier.known.wait()
crier.cry([Cue(0.0, CueKind(sys.argv[1]))])
print(crier.pid, flush=True)
sys.stdin.read()
crier.close()
"""


class Ears:
    """A crier whose cues are always of now, and all that it told."""

    def __init__(self, environment: dict[str, str], command: Sequence[str]) -> None:
        self.told: list[str] = []
        self.cue_client = CueClient(
            CueSettings(), clock=lambda: 0.0, told=self.told.append, environment=environment, command=command
        )


@pytest.fixture
def players(tmp_path: Path) -> Players:
    return Players(tmp_path / "bin")


@pytest.fixture
def begin(players: Players) -> Iterator[Callable[..., Ears]]:
    """A crier that has begun, with the players as they are."""
    begun: list[Ears] = []

    def make(command: Sequence[str] = LOUDSPEAKER) -> Ears:
        begun.append(Ears(players.environment, command))
        begun[-1].cue_client.begin()
        return begun[-1]

    yield make
    for ears in begun:
        ears.cue_client.close(AT_ONCE)


def test_what_is_cried_is_heard(players: Players, begin: Callable[..., Ears]) -> None:
    players.add("aplay").add("espeak-ng")
    ears = begin()
    assert ears.cue_client.known.wait(SOON)
    assert ears.cue_client.plays == ("aplay", "espeak-ng")
    ears.cue_client.cry([Cue(0.0, CueKind.LAST_INTERVAL), Cue(0.0, CueKind.TIME_LEFT, 300.0)])
    ears.cue_client.close(SOON)
    said = "espeak-ng -s 165 -a 160 Last interval. Five minutes left."
    assert players.calls == ["aplay -q silence.wav", "aplay -q last_interval.wav", said]
    assert ears.told == []


def test_a_cue_of_a_while_ago_is_not_heard(players: Players, begin: Callable[..., Ears]) -> None:
    players.add("aplay").add("espeak-ng")
    ears = begin()
    assert ears.cue_client.known.wait(SOON)
    ears.cue_client.cry([Cue(-1.5, CueKind.COUNTDOWN, 1.0, 750)])
    ears.cue_client.close(SOON)
    assert players.calls == ["aplay -q silence.wav"]


@pytest.mark.full
@pytest.mark.parametrize(
    ("tone", "voice", "told"),
    [(None, "exit 0", NO_SOUND), (FAILS, "exit 0", NO_SOUND), ("exit 0", None, NO_VOICE), (HANGS, "exit 0", NO_SOUND)],
)
def test_what_cannot_be_heard_is_said_once(
    players: Players, begin: Callable[..., Ears], tone: str | None, voice: str | None, told: str
) -> None:
    if tone is not None:
        players.add("aplay", tone)
    if voice is not None:
        players.add("espeak-ng", voice)
    ears = begin()
    assert ears.cue_client.known.wait(SOON)
    for _ in range(5):
        ears.cue_client.cry([RUN])
    ears.cue_client.close(SOON)
    assert ears.told == [told]


@pytest.mark.full
def test_a_loudspeaker_that_reads_nothing_holds_up_nobody(begin: Callable[..., Ears]) -> None:
    ears = begin(TELLS_NOBODY)
    for _ in range(5000):  # more than any pipe holds; whoever waited for it would wait for ever
        ears.cue_client.cry([RUN])
    ears.cue_client.close(AT_ONCE)
    assert ears.told == []


@pytest.mark.parametrize("command", [("/bin/false",), ("/no/such/program",), ("/bin/echo", "what is this")])
def test_a_loudspeaker_that_is_gone_is_said_once_and_crying_goes_on(
    begin: Callable[..., Ears], command: tuple[str, ...]
) -> None:
    ears = begin(command)
    assert ears.cue_client.known.wait(SOON)
    for _ in range(100):
        ears.cue_client.cry([RUN])
    ears.cue_client.close(SOON)
    assert ears.told == [NO_SOUND]


def test_a_loudspeaker_that_is_killed_under_way_is_said_once(players: Players, begin: Callable[..., Ears]) -> None:
    players.add("aplay").add("espeak-ng")
    ears = begin()
    assert ears.cue_client.known.wait(SOON)
    pid = ears.cue_client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    ears.cue_client.join(SOON)
    ears.cue_client.cry([RUN])
    ears.cue_client.cry([RUN])
    assert ears.told == [NO_SOUND]


def test_closing_twice_or_without_having_begun_is_nothing(players: Players) -> None:
    ears = Ears(players.environment, LOUDSPEAKER)
    ears.cue_client.cry([RUN])
    ears.cue_client.close()
    ears.cue_client.close()
    assert ears.told == []


def gone(pid: int) -> bool:
    """Whether process `pid` has ended, or does so soon."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(handle):
        return bool(select.select([handle], [], [], SOON)[0])


@pytest.mark.full
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_engine_leaves_no_loudspeaker_and_no_player(
    players: Players, tmp_path: Path, number: signal.Signals
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    players.add("aplay").holds("espeak-ng", fifo)
    engine = subprocess.Popen(
        [sys.executable, "-c", ENGINE, CueKind.HALFWAY],
        env=players.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with engine, fifo.open("rb") as held:
        assert engine.stdout is not None
        player, player = int(engine.stdout.readline()), int(held.readline())
        assert held.readline() == b"child\n"
        engine.send_signal(number)
        assert held.read() == b""  # neither the player nor its child is left
    assert gone(player)
    assert gone(player)


@pytest.mark.full
def test_nothing_is_written_to_the_terminal_whatever_a_player_says(players: Players) -> None:
    players.add("aplay", CHATTY).add("espeak-ng", CHATTY)
    master, slave = pty.openpty()

    def own_terminal() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    engine = subprocess.Popen(
        [sys.executable, "-c", ENGINE, CueKind.HALFWAY],
        env=players.environment,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        preexec_fn=own_terminal,
    )
    os.close(slave)
    shown = b""
    with engine, contextlib.suppress(OSError):  # at its end a terminal is an error to read
        while not shown.endswith(b"\n"):
            shown += os.read(master, 1000)
        os.write(master, b"\x04")  # end of file: the engine closes its crier and ends
        while data := os.read(master, 1000):
            shown += data
    os.close(master)
    assert engine.returncode == 0
    assert shown.strip().isdigit()
    assert any(call.startswith("espeak-ng") for call in players.calls)


def test_the_loudspeaker_leaves_no_file_behind(players: Players, tmp_path: Path) -> None:
    players.add("aplay")
    here = tmp_path / "tmp"
    here.mkdir()
    ears = Ears(players.environment | {"TMPDIR": str(here)}, LOUDSPEAKER)
    ears.cue_client.begin()
    assert ears.cue_client.known.wait(SOON)
    assert [file.name.startswith("runback-") for file in here.iterdir()] == [True]
    ears.cue_client.close(SOON)
    assert list(here.iterdir()) == []
