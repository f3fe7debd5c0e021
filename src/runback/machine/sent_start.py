"""What became of the newest Start (07) that was written: the belt has to show it.

Rules:
- A Start is unseen from the moment it is handed to the link until the belt is measured moving.
- A Start is given up when the machine refuses it, its time is over, or the person calls it off. It may still come: a
  belt that moves then is stopped, and nobody leaves as if it were at rest.
- Only this settles a Start that was given up: the belt moves after all; or Stop has been written, and nothing but 0
  has been measured since for as long as a start may take.
- The loss of the link settles nothing.

Source: issue "What trials broke", points 1 and 2 (a treadmill that starts 22 s after it was told to). Units: s.
"""

from __future__ import annotations

from enum import Enum


class StartState(Enum):
    """Where the newest Start stands."""

    SETTLED = "settled"  # none was written, or the belt has shown what became of it
    SENT = "sent"  # on its way: the belt should move soon
    GIVEN_UP = "given up"  # nobody waits for it any more, and it may still come


class SentStart:
    """The newest Start of one treadmill."""

    __slots__ = ("_rests_since", "state")

    def __init__(self) -> None:
        self.state = StartState.SETTLED
        self._rests_since: float | None = None

    @property
    def unseen(self) -> bool:
        """Whether a Start was written, and nobody knows yet what became of it."""
        return self.state is not StartState.SETTLED

    @property
    def given_up(self) -> bool:
        """Whether it would now come unannounced."""
        return self.state is StartState.GIVEN_UP

    def sent(self) -> None:
        """Start is handed to the link."""
        self.state = StartState.SENT
        self._rests_since = None

    def give_up(self) -> None:
        """Nobody waits for it any more."""
        if self.unseen:
            self.state = StartState.GIVEN_UP

    def moved(self) -> None:
        """The belt is measured moving."""
        self.state = StartState.SETTLED

    def rested(self, now: float, *, stopped: bool, within: float) -> None:
        """0 is measured, with Stop written (`stopped`) or not; a start may take `within` seconds."""
        if self._rests_since is None:
            self._rests_since = now if stopped else None
        elif now >= self._rests_since + within:
            self.state = StartState.SETTLED

    def unlinked(self) -> None:
        """The link is gone, and with it what was seen of the belt."""
        self._rests_since = None
