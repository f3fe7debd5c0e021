"""Stopping the session that runs on this computer by its own door: the quickest way to its belt.

Rules:
- Stop is the first thing that is said at a door, and nothing is imported for it: it leaves before a link is thought of.
- A session that hangs must not delay Stop: one that says nothing within `ANSWER_WITHIN`, or does not show within
  `ACTS_WITHIN` that it stops, is no answer, and its belt is stopped by the caller.
- Rest is the session's own word: its latch has measured it, or its belt is measured at rest and nothing is under way.
- The session keeps its link. Nothing here talks to a treadmill.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runback.config_files.error_text import CLIP, printable
from runback.ipc.line_decoder import LineDecoder
from runback.watch import socket as door

STOP_LINE = b'{"v":1,"type":"intent","ask":"stop"}\n'
"""A Stop, as a second screen says it (`watchers.STOP_LINE`)."""
ANSWER_WITHIN = 0.2
ACTS_WITHIN = 1.0
_READ = 1 << 16
_IDLE = frozenset({"ready", "completed"})
"""Phases in which nothing is about to move a belt."""


@dataclass(slots=True)
class AskedSession:
    """A session that has been told to stop, and what it has shown since."""

    pid: int
    connected: socket.socket
    since: float
    treadmill: str = ""
    state: str = ""
    """Of its Stop (`messages.StopState`): "stopping", "at rest", "alarm", "not seen"; empty while it shows none."""
    rests: bool = False
    """Its belt is measured at rest."""
    idle: bool = False
    """Nothing was to be stopped: its belt is measured at rest, and nothing is about to move it."""
    gone: bool = False
    snapshots: int = 0
    lines: LineDecoder = field(default_factory=LineDecoder)

    @property
    def answers(self) -> bool:
        """Whether it has shown anything."""
        return bool(self.treadmill)

    @property
    def at_rest(self) -> bool:
        """Whether it has measured its belt at rest, and holds it there or was not about to move it."""
        return self.rests and (self.state == "at rest" or self.idle)

    @property
    def acts(self) -> bool:
        """Whether it has shown that it stops, or that there is nothing to be stopped."""
        return bool(self.state) or self.idle

    def hear(self) -> None:
        """Take what it says."""
        try:
            data = self.connected.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.gone = not data
        for line in self.lines.feed(data):
            with contextlib.suppress(ValueError, RecursionError):
                self._take(json.loads(line or b"null"))

    def _take(self, message: object) -> None:
        if not isinstance(message, Mapping) or message.get("type") != "snapshot":
            return
        self.treadmill = printable(str(message.get("treadmill") or ""), CLIP) or self.treadmill
        stop = message.get("stop")
        self.state = str(stop.get("state")) if isinstance(stop, Mapping) else ""
        self.snapshots += 1
        self.rests = message.get("measured_kmh") == 0
        second = self.snapshots > 1  # the first is shown to everybody who comes, before it has heard what they say
        self.idle = second and stop is None and message.get("phase") in _IDLE


def ask(folders: Iterable[Path], meant: Callable[[int, str | None], bool]) -> list[AskedSession]:
    """Tell the sessions behind the doors in `folders` to stop: those that are `meant`, by process, and by treadmill
    where that has to be known first (None: it is not known yet). Returns those that have answered."""
    if not door.is_supported():
        return []
    asked, undecided = [], []
    for pid, path in door.sessions(tuple(folders)).items():
        if pid == os.getpid():
            continue
        with contextlib.suppress(OSError):
            one = AskedSession(pid, door.connect(path), time.monotonic())
            if meant(pid, None):
                _tell(one)
                asked.append(one)
            else:
                undecided.append(one)
    deadline = time.monotonic() + ANSWER_WITHIN
    while (left := deadline - time.monotonic()) > 0 and not all(one.answers or one.gone for one in asked + undecided):
        listen(asked + undecided, left)
        for one in [one for one in undecided if one.answers]:
            undecided.remove(one)
            if meant(one.pid, one.treadmill):
                _tell(one)
                asked.append(one)
            else:
                one.connected.close()
    answering = [one for one in asked if one.answers and not one.gone]
    for one in asked + undecided:
        if one not in answering:
            one.connected.close()
    return answering


def listen(asked: Iterable[AskedSession], within: float) -> None:
    """Hear what sessions say, for `within` seconds at most."""
    by_fd = {one.connected.fileno(): one for one in asked if not one.gone}
    ready, _, _ = select.select(list(by_fd), [], [], max(0.0, within))
    for fd in ready:
        by_fd[fd].hear()


def follow(one: AskedSession, within: float, alarm: Callable[[], None]) -> bool | None:
    """Whether the session brings its belt to rest within so many seconds; None: it has gone, or does not act. `alarm`
    is called once if it raises one. Closes the connection."""
    alarmed = False
    with one.connected:
        deadline = time.monotonic() + within
        while not one.at_rest and not one.gone and (now := time.monotonic()) < deadline:
            if not one.acts and now >= one.since + ACTS_WITHIN:
                return None
            if one.state == "alarm" and not alarmed:
                alarmed = True
                alarm()
            listen([one], 0.1)
        return True if one.at_rest else None if one.gone else False


def _tell(one: AskedSession) -> None:
    one.since = time.monotonic()
    try:
        one.connected.send(STOP_LINE)  # a few bytes into an empty buffer: all of it, or nothing
    except OSError:
        one.gone = True
