"""A channel: what sounds one at a time, played by a process under bounds.

Rules:
- A slot, not a queue: one sound waits at most, the newer one, unless its rank is lower. It overtakes what sounds by the
  same rule, and is dropped once it would be late.
- A player that fails, or is not done in time and is killed, gives way to the next one, at once if the sound is not late
  yet. One that has never been heard is given up then; one that has, at the second time in a row.
- A player has no terminal: all its streams are the null device. It is killed with whatever it has started.

Time is an argument. Nothing here waits, but for a killed process to be gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from runback import child_processes
from runback.cues.cue_sounds import Rank
from runback.cues.players import Player

GONE_WITHIN = 0.5
"""Seconds that a killed process is waited for; one stuck in the kernel is left there."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One thing to play. It begins at `start` or up to `until`; `length` is the longest it may take, s.
    `command` says what to call to have it played by a player."""

    command: Callable[[Player], list[str]]
    start: float
    until: float
    length: float
    rank: Rank


@dataclass(slots=True)
class _PlayerState:
    """A player, and how it has done."""

    player: Player
    heard: bool = False
    failures: int = 0

    def fail(self) -> bool:
        """Note a failure; whether it may be tried again."""
        self.failures += 1
        return self.heard and self.failures < 2


class PlaybackSlot:
    """Plays sounds with whichever of `players` can. `environment` is theirs; None: ours."""

    def __init__(self, players: Sequence[Player], environment: Mapping[str, str] | None = None) -> None:
        self._hands = [_PlayerState(player) for player in players]
        self._environment = environment
        self._waiting: Sound | None = None
        self._sound: Sound | None = None
        self._hand: _PlayerState | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._kill_at = 0.0

    @property
    def player(self) -> Player | None:
        """The one that would be called next; None if none is left."""
        return self._hands[0].player if self._hands else None

    @property
    def heard(self) -> bool:
        """Whether anything has been played to its end."""
        return any(hand.heard for hand in self._hands)

    @property
    def sounding(self) -> bool:
        """Whether a player is under way."""
        return self._process is not None

    @property
    def idle(self) -> bool:
        """Whether nothing sounds or waits."""
        return self._process is None and self._waiting is None

    def offer(self, sound: Sound) -> None:
        """Play `sound`, unless something more important comes before it."""
        if self._hands and (self._waiting is None or sound.rank >= self._waiting.rank):
            self._waiting = sound

    def tick(self, now: float) -> None:
        """Bring everything up to `now`."""
        self._reap(now)
        waiting = self._waiting
        if waiting is None or now < waiting.start:
            return
        if now > waiting.until:
            self._waiting = None
        elif self._sound is None or waiting.rank >= self._sound.rank:
            self.hush()
            self._waiting = None
            self._begin(waiting, now, 0)

    def deadline(self) -> float | None:
        """When `tick` will next have something to do, if no player ends before."""
        times = [] if self._process is None else [self._kill_at]
        if self._waiting is not None:
            times.append(self._waiting.start if self._sound is None else self._waiting.until)
        return min(times, default=None)

    def hush(self) -> None:
        """Kill what sounds."""
        process, self._process, self._sound = self._process, None, None
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GONE_WITHIN)

    def give_up(self) -> None:
        """Kill what sounds, and play nothing any more."""
        self.hush()
        self._waiting = None
        self._hands.clear()

    def _reap(self, now: float) -> None:
        if self._process is None or self._sound is None or self._hand is None:
            return
        code = self._process.poll()
        if code is None and now < self._kill_at:
            return
        sound, hand = self._sound, self._hand
        self.hush()
        if code == 0:
            hand.heard, hand.failures = True, 0
            return
        place = self._hands.index(hand)
        if hand.fail():
            place += 1
        else:
            self._hands.remove(hand)
        if now <= sound.until:
            self._begin(sound, now, place)

    def _begin(self, sound: Sound, now: float, place: int) -> None:
        """Have `sound` played by the first player from `place` on that can be called."""
        while place < len(self._hands):
            hand = self._hands[place]
            try:
                self._process = subprocess.Popen(
                    sound.command(hand.player),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=child_processes.environment(self._environment),
                    process_group=None if sys.platform == "win32" else 0,
                )
            except OSError:
                if hand.fail():
                    place += 1
                else:
                    self._hands.remove(hand)
                continue
            self._sound, self._hand, self._kill_at = sound, hand, now + sound.length
            return
