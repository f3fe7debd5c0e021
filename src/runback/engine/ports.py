"""What the engine's parts need of the engine: a port instead of the engine itself, so that no part imports it.

Rules:
- A part that waits (the connection, the heart-rate strap) is given this at its construction, and nothing else of the
  engine. What is not named here it can neither read nor do; above all it can neither start nor raise anything.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from runback.engine.ramp_store import RampStore
from runback.engine.recorder import Recorder
from runback.engine.snapshots import DisplayState
from runback.link.protocol import LinkListener
from runback.session.session import Session


class EnginePort(LinkListener, Protocol):
    """The engine, as its parts see it. Attributes are read; only `seen.remark_line` is written."""

    @property
    def session(self) -> Session:
        """The session under way."""
        ...

    @property
    def recorder(self) -> Recorder:
        """Where to write down what happened."""
        ...

    @property
    def seen(self) -> DisplayState:
        """What the user is shown beside the session."""
        ...

    @property
    def ramps(self) -> RampStore:
        """What is known of how fast belts change their speed."""
        ...

    @property
    def over(self) -> asyncio.Event:
        """Set at the end of the session."""
        ...

    @property
    def spares_radio(self) -> bool:
        """Whether the treadmill can do without the radio for a while: it is connected, and not being stopped."""
        ...

    def now(self) -> float:
        """The engine's clock, seconds; it never goes back."""
        ...

    def turn(self) -> None:
        """Do what is due now: something may have changed."""
        ...

    def remark(self, line: str) -> None:
        """Let the user see `line`."""
        ...
