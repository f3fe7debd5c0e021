"""What the engine and its parts need of one another: ports instead of the things themselves.

Rules:
- A part that waits (the connection, a heart-rate strap), writes (the pump) or carries out (`SessionTurn`) is given its
  port at its construction, and nothing else of the engine. What is not named there it can neither read nor do.
- What the engine drives is a `SessionPort`: a session, or a commissioning that drives one by stages.
- Who speaks for the user speaks to an `EngineControls`: the engine, or a replay, which nobody's word can drive.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from runback.engine.ramp_store import RampStore
from runback.engine.recorder import Recorder
from runback.engine.snapshots import DisplayState
from runback.errors import AttError
from runback.failsafe.safeguard import Missing
from runback.link.protocol import LinkListener
from runback.link.remembered import Remembered
from runback.machine.events import Event
from runback.session.model import Cue, Intent, MachineRequest
from runback.session.session import Session
from runback.source import Source


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


class PumpHost(Protocol):
    """What the write pump asks before it writes, and tells afterwards."""

    def now(self) -> float:
        """The engine's clock, seconds; it never goes back."""
        ...

    def turn(self) -> None:
        """A write has ended: do what follows."""
        ...

    def idle(self) -> None:
        """Nothing more is due."""
        ...

    def refuses_start(self) -> bool:
        """Asked right before Start is written: whether something that a start needs is missing."""
        ...

    def before_moving_write(self) -> None:
        """Called before every write that may move the belt."""
        ...


class LinkKeeper(Protocol):
    """Who makes the link that the pump writes to, and knows what may be written on it."""

    def may_write(self, uuid: str) -> bool:
        """Whether `uuid` may ever be written on this treadmill."""
        ...

    def refused(self, error: AttError) -> None:
        """The treadmill has refused a write."""
        ...

    def lose(self) -> None:
        """The link is no good any more: make it again."""
        ...


class TurnHost(Protocol):
    """What a turn may have the engine do beside it."""

    def stop(self, reason: str, source: Source) -> None:
        """Stop the belt."""
        ...

    def leave(self) -> None:
        """The user wants to go."""
        ...


class EngineControls(Protocol):
    """A session's run, and what a key, a screen or a signal can do to it."""

    async def run(self) -> None:
        """Run to the session's end."""
        ...

    def stop(self, reason: str = ..., source: Source = ...) -> None:
        """Stop the belt."""
        ...

    def ask(self, ask: Intent) -> None:
        """The user asks for something."""
        ...


class Failsafe(Protocol):
    """What stops the belt when this program cannot (`failsafe.dead_mans_switch`)."""

    def missing(self) -> Missing | None:
        """What of it is not there; None if all is."""
        ...

    def may_move(self, machine: Remembered) -> None:
        """The belt of `machine` may move from now on: remember it, should this program die."""
        ...


class Companion(Protocol):
    """Something that runs beside a session and is never on the way to its belt: listens to a heart-rate strap."""

    @property
    def woken(self) -> asyncio.Event:
        """Set after every turn of the engine."""
        ...

    async def keep(self) -> None:
        """Run until the session is over. Never raises, but for being cancelled."""
        ...
