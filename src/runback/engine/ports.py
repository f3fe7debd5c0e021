"""What the engine's parts need of the engine: a port instead of the engine itself, so that no part imports it.

Rules:
- A part that waits (the connection, the heart-rate strap) is given this at its construction, and nothing else of the
  engine. What is not named here it can neither read nor do; above all it can neither start nor raise anything.
- What the engine drives is a `SessionPort`: a session, or a commissioning that drives one by stages.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from runback.engine.ramp_store import RampStore
from runback.engine.recorder import Recorder
from runback.engine.snapshots import DisplayState
from runback.link.protocol import LinkListener
from runback.machine.events import Event
from runback.session.model import Cue, Intent, MachineRequest
from runback.session.session import Session


class SessionPort(Protocol):
    """What the engine tells, and what it wants to know of, as a session has it. Times are the engine's, seconds."""

    @property
    def target(self) -> int | None:
        """The belt's speed from now on, 0.01 km/h; None while nothing is wanted of it."""
        ...

    @property
    def incline(self) -> int | None:
        """The incline from now on, 0.1 %; None while nothing is wanted of it."""
        ...

    def apply(self, ask: Intent, now: float) -> None:
        """The user asks for something."""
        ...

    def observe(self, event: Event, now: float) -> None:
        """The machine core tells a fact."""
        ...

    def stopped(self, reason: str, now: float) -> None:
        """The stop latch has been pulled."""
        ...

    def released(self) -> None:
        """It has been released: nothing moves."""
        ...

    def refuse_start(self, why: str, now: float) -> None:
        """What a start needs is not there."""
        ...

    def restrict(self, limit: int | None, now: float) -> None:
        """Nothing faster than `limit` until it is None."""
        ...

    def tick(self, now: float) -> None:
        """Time has passed."""
        ...

    def deadline(self, now: float) -> float | None:
        """When `tick` will next have something to do, if nothing happens."""
        ...

    def take_orders(self) -> list[MachineRequest]:
        """What was ordered since the last call."""
        ...

    def take_cues(self) -> list[Cue]:
        """What was said since the last call."""
        ...


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
