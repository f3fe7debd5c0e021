"""What the screen needs of whoever drives the treadmill: a way to say something, at once."""

from __future__ import annotations

from typing import Protocol

from runback.ipc.messages import Beat, Intent


class Port(Protocol):
    """The way out of the screen."""

    def send(self, message: Intent | Beat) -> None:
        """Hand the message over; returns at once and never raises. A Stop is never lost, a Beat may be."""
        ...
