"""Put on PYTHONPATH by a test, this lets it burden a process of the unmodified program from outside.

SIGUSR1 blocks the main thread, and with it the loop, for `BLOCKED` seconds; SIGUSR2 holds the interpreter (no other
thread runs) for about as long.
"""

from __future__ import annotations

import signal
import time

BLOCKED = 5.0
HELD = 250_000_000
"""Numbers to add up in one call of C code: some five seconds."""


def _block(*_: object) -> None:
    time.sleep(BLOCKED)


def _hold(*_: object) -> None:
    sum(range(HELD))


signal.signal(signal.SIGUSR1, _block)
signal.signal(signal.SIGUSR2, _hold)
