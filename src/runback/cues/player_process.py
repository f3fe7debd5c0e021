"""`python -m runback.cues.player_process SETTINGS`: a process of its own that plays what the engine cues.

Rules:
- It hears the engine on standard input and ends with it: at the end of that pipe it kills what sounds. So a engine that
  is killed leaves no player behind.
- Whether there is sound at all is found out before the first cue, by playing nothing. Voices are trusted only where a
  tone player works: espeak-ng ends well also where there is no sound device.
- What the engine should know is told on standard output, a line each: what plays, and once each what does not.
- It never writes to a terminal, belongs to none, and cannot be ended by Ctrl-C or a hang-up.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from runback.cues import players, protocol, tones
from runback.cues.cue_sounds import CUE_SOUNDS, AudibleCue, Rank, length, saying
from runback.cues.playback_slot import PlaybackSlot, Sound
from runback.cues.players import Player
from runback.cues.protocol import NO_SOUND, NO_VOICE, PLAYS, TROUBLE
from runback.cues.settings import CueSettings
from runback.ipc.line_decoder import LineDecoder
from runback.ipc.threaded_pipes import PipeReader
from runback.session.model import Cue, CueKind

GRACE = 0.8
"""Seconds a player may take longer than its tone. A player too slow for that would be heard too late."""
PROBE_WITHIN = 2.0
WORD = 0.6
"""Seconds a word takes at most, and `VOICE_GRACE` for the voice to begin."""
VOICE_GRACE = 1.5
LOOK = 0.02
"""Seconds between two looks at a player that is under way."""


class CuePlayer:
    """Tones and a voice. `folder` takes the tones' files, `path` is searched for players; None: PATH."""

    def __init__(self, settings: CueSettings, folder: Path, path: str | None = None) -> None:
        self._settings = settings
        self._folder = folder
        environment = None if path is None else os.environ | {"PATH": path}
        self.tones = PlaybackSlot(players.found(players.TONES, path), environment)
        self.voice = PlaybackSlot(players.found(players.VOICES, path) if settings.speech else [], environment)
        self._told: set[str] = set()

    def begin(self, now: float) -> None:
        """Make the tones, and play nothing to find out who can. Raises OSError if the folder takes no files."""
        for kind, part in CUE_SOUNDS.items():
            self._file(kind).write_bytes(tones.wav(part.notes, self._settings.volume))
        silence = self._folder / "silence.wav"
        silence.write_bytes(tones.wav(tones.SILENCE, 0.0))
        self.tones.offer(_tone(silence, now, now + PROBE_WITHIN, PROBE_WITHIN, Rank.CALL))
        self.tick(now)

    @property
    def idle(self) -> bool:
        """Whether nothing sounds or waits."""
        return self.tones.idle and self.voice.idle

    def hear(self, cues: Sequence[Cue], now: float) -> None:
        """The engine said `cues`, in one turn."""
        heard = saying(cues, self._settings, now)
        if heard is not None:
            self._play(heard)

    def tick(self, now: float) -> None:
        """Bring everything up to `now`."""
        self.tones.tick(now)
        if self.tones.player is None:
            self.voice.give_up()
        self.voice.tick(now)

    def wait(self, now: float) -> float | None:
        """Seconds until `tick` will have something to do."""
        if self.tones.sounding or self.voice.sounding:
            return LOOK
        times = [at for at in (self.tones.deadline(), self.voice.deadline()) if at is not None]
        return max(0.0, min(times) - now) if times else None

    def news(self) -> Iterator[str]:
        """What the engine should be told and has not been."""
        tone, voice = self.tones.player, self.voice.player
        told: list[str] = []
        if tone is None:
            told.append(f"{TROUBLE} {NO_SOUND}")
        elif self.tones.heard:  # before that nobody knows
            if self._settings.speech and voice is None:
                told.append(f"{TROUBLE} {NO_VOICE}")
            told.append(f"{PLAYS} {' '.join(player.name for player in (tone, voice) if player is not None)}")
        for line in told:
            if line not in self._told:
                self._told.add(line)
                yield line

    def close(self) -> None:
        """Silence."""
        self.tones.give_up()
        self.voice.give_up()

    def _file(self, kind: CueKind) -> Path:
        return self._folder / f"{kind.name.lower()}.wav"

    def _play(self, heard: AudibleCue) -> None:
        at = heard.at
        if heard.tone is not None:
            seconds = length(heard.tone)
            file, until = self._file(heard.tone), at + heard.tone_patience
            self.tones.offer(_tone(file, at, until, seconds + GRACE, heard.rank))
            at += seconds
        if heard.words:
            self.voice.offer(_speech(heard, at, self._settings.volume))


def _tone(file: Path, start: float, until: float, within: float, rank: Rank) -> Sound:
    return Sound(lambda player: player.command(file=str(file)), start, until, within, rank)


def _speech(heard: AudibleCue, start: float, volume: float) -> Sound:
    def command(player: Player) -> list[str]:
        return player.command(words=heard.words, volume=volume)

    within = WORD * len(heard.words.split()) + VOICE_GRACE
    return Sound(command, start, start + heard.words_patience, within, heard.rank)


def serve(player: CuePlayer) -> None:
    """Play what comes on standard input, until its end."""
    heard, lines = queue.SimpleQueue[bytes](), LineDecoder()
    # Not through `sys.stdin`: its lock, held by a waiting thread, aborts the end. The number 0 stays taken.
    PipeReader(os.dup(0), heard.put, name="runback cues")
    leaving = False
    while True:
        player.tick(time.monotonic())
        for told in player.news():
            print(told, flush=True)  # noqa: T201 - standard output is the engine's pipe
        if leaving and player.idle:
            return
        for data in _arrived(heard, player.wait(time.monotonic())):
            if not data:
                return
            for line in lines.feed(data):
                if line == protocol.BYE.rstrip():
                    leaving = True
                elif line is not None:
                    player.hear(protocol.read(line), time.monotonic())


def _arrived(heard: queue.SimpleQueue[bytes], within: float | None) -> Iterator[bytes]:
    """All that has come, or comes first within `within` seconds (None: whenever)."""
    with contextlib.suppress(queue.Empty):
        yield heard.get(timeout=within)
        while True:
            yield heard.get_nowait()


def main() -> int:
    """Serve until the engine's end; returns the exit code."""
    for number in (signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="runback-") as folder:
        player = CuePlayer(protocol.read_settings(sys.argv[1]), Path(folder))
        try:
            player.begin(time.monotonic())
            serve(player)
        finally:
            player.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
