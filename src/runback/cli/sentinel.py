"""`python -m runback.cli.sentinel`: a small process that outlives the engine, and stops the belt if the engine cannot.

Rules:
- It listens on a pipe whose other end only the engine holds, and there hears the engine's loop beat.
- Silence for `HUNG_AFTER` while a belt may be moving: the engine hangs, is frozen, or its interpreter is held. The end
  of the pipe: it was killed or crashed. In both cases the link is still up (bluez.md 2) and the belt still moves; it is
  stopped from here. A belt the engine knew at rest is left alone: a Stop can start some (quirk 19).
- "Bye" ends it.
- It is told what is known of the treadmill, and finds it by that: a connected one may have another name.
- It has everything imported before it is needed, belongs to no terminal, and cannot be ended by a hang-up or Ctrl-C.
- It says so, once, on a pipe of its own (`HERE`): before that no belt is started. That pipe's end is its own end.
- How it goes is told on a second pipe, a line each, to whoever shows a screen.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import signal
import sys
import time
from collections.abc import Callable

from runback.cli.rescue import stop_for
from runback.cli.session_factory import catalog_of
from runback.errors import RunbackError
from runback.failsafe.dead_mans_switch import ATOMIC, BYE, END, HERE, MACHINE, MOVING
from runback.failsafe.heartbeat import HUNG_AFTER
from runback.ipc.messages import RESCUED
from runback.ipc.threaded_pipes import PipeReader, receive_handle
from runback.link import ble as ble  # imported now, so that it costs nothing later
from runback.link.remembered import Remembered

TRIES = 60
AGAIN_AFTER = 1.0
FAILED = "The program that drove the treadmill is gone and the belt could not be stopped: PULL THE SAFETY KEY."


def main() -> int:
    """Watch until the engine's end; returns the exit code."""
    parser = argparse.ArgumentParser(prog="runback.cli.sentinel")
    parser.add_argument("--engine-fd", type=int, required=True, help="the pipe only the engine holds the other end of")
    parser.add_argument("--status-fd", type=int, required=True, help="where to tell how a rescue goes")
    parser.add_argument("--ready-fd", type=int, required=True, help="where to say that everything needed is here")
    parser.add_argument("--treadmill", required=True)
    parser.add_argument("--profile", help="what it is, where the person has said so")
    options = parser.parse_args()
    for number in (signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])):
        signal.signal(number, signal.SIG_IGN)
    catalog = catalog_of(options.treadmill, options.profile, stopping=True)  # read now, for the same reason
    engine, status = receive_handle(options.engine_fd, reads=True), receive_handle(options.status_fd, reads=False)
    known: list[Remembered] = []
    owner = os.getppid()

    def stop() -> int:
        return stop_for(options.treadmill, catalog, known[-1:], owner, lambda: _say(status, RESCUED))

    with contextlib.suppress(OSError):  # the engine is gone already, which `watch` is told
        os.write(receive_handle(options.ready_fd, reads=False), HERE)
    return 0 if watch(engine, lambda: rescue(stop, status), known.append) else 4


def _unheard(_: Remembered) -> None:
    pass


def watch(
    engine_fd: int,
    rescue: Callable[[], bool],
    known: Callable[[Remembered], None] = _unheard,
    *,
    hung_after: float = HUNG_AFTER,
) -> bool:
    """Listen to the engine's beats until its end, and call `rescue` where it is needed; whether all ended well. `known`
    hears what the engine knows of the treadmill. `engine_fd` is closed at its end."""
    may_move = rescued = False
    beats = EngineLines(known)
    heard = queue.SimpleQueue[bytes]()
    PipeReader(engine_fd, heard.put, name="engine's beats")  # not every system can wait for a pipe, but a queue
    while True:
        try:
            words = heard.get(timeout=hung_after if may_move and not rescued else None)
        except queue.Empty:
            rescued = rescue()
            continue
        if not words:
            return rescued or not may_move or rescue()
        words = beats.words(words)
        if BYE in words:
            return True
        if words:
            may_move, rescued = words.endswith(MOVING), False


class EngineLines:
    """Tells the engine's words from what it says of the treadmill."""

    def __init__(self, known: Callable[[Remembered], None]) -> None:
        self._known = known
        self._rest = b""

    def words(self, data: bytes) -> bytes:
        """The words in `data`; what comes between is told, once it is complete."""
        found, data, self._rest = b"", self._rest + data, b""
        while MACHINE in data:
            before, _, after = data.partition(MACHINE)
            found += before
            told, end, data = after.partition(END)
            if not end:
                self._rest = MACHINE + told[:ATOMIC]
                return found
            machine = _machine(told)
            if machine is not None:
                self._known(machine)
        return found + data


def _machine(told: bytes) -> Remembered | None:
    try:
        known = json.loads(told)
        names = tuple(str(name) for name in known["names"])
        return Remembered(str(known["address"]), known["advertised"] and str(known["advertised"]), names)
    except (ValueError, KeyError, TypeError):
        return None


def rescue(stop: Callable[[], int], status_fd: int) -> bool:
    """Call `stop`, however often it takes; whether the belt was measured at rest."""
    for number in range(1, TRIES + 1):
        _say(status_fd, f"Stopping the belt from another process: attempt {number} …")
        try:
            if stop() == 0:
                _say(status_fd, RESCUED)
                return True
        except RunbackError as error:
            _say(status_fd, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next attempt may do better
            _say(status_fd, repr(error))
        time.sleep(AGAIN_AFTER)
    _say(status_fd, FAILED)
    return False


def _say(fd: int, line: str) -> None:
    with contextlib.suppress(OSError):
        os.write(fd, (" ".join(line.split()) + "\n").encode())


if __name__ == "__main__":
    sys.exit(main())
