"""Whether an intent that sets the belt going is as fresh as it has to be.

Rules:
- What sets a belt going is an Enter, and only as long as nothing else has been pressed since: whoever presses another
  key has changed their mind, even if a busy screen has yet to see either.
- It holds for `HOLDS`, and once.
- Where the screen has the keyboard this is its own business: nothing else has seen the keys.
"""

from __future__ import annotations

from runback.key_bindings import STARTS_BELT
from runback.session.model import Intent

HOLDS = 2.0
"""Seconds of real time from the Enter to what the screen makes of it; it takes a hundredth (latency.md)."""
START_EXPIRED = "that Enter came too late to count: press it again"


class StartKeyGuard:
    """The last key, as far as it matters. `speedup` is the clock's."""

    def __init__(self, speedup: float) -> None:
        self._holds = HOLDS * speedup
        self._entered: float | None = None

    def pressed(self, key: str, now: float) -> None:
        """The person has pressed `key`."""
        self._entered = now if key == "enter" else None

    def allows(self, ask: Intent, now: float) -> bool:
        """Whether `ask` may be carried out at `now`; one Enter allows one."""
        if ask not in STARTS_BELT:
            return True
        entered, self._entered = self._entered, None
        return entered is not None and now <= entered + self._holds
