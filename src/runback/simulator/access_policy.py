"""Who is heard: vendors' unlocking, preambles and pace, before a command reaches the control point.

Rules, in the order they are asked, of every write but the CCCDs:
1. Sooner than `gap` after the last one that was taken: ignored, or the link is dropped.
2. A vendor's characteristic: it may be the next step of unlocking, or the preamble.
3. A command before unlocking: ATT accepts it, and nothing comes of it.
4. A command without its preamble: control not permitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from runback.devices.quirk_values import TooFast
from runback.simulator.connections import Client
from runback.simulator.quirks import AccessRules


class WriteVerdict(Enum):
    """What becomes of a write."""

    HEARD = "heard"
    IGNORED = "ignored"
    BARRED = "barred"
    DROPPED = "dropped"


_EARLY: dict[TooFast | None, WriteVerdict] = {
    TooFast.IGNORED: WriteVerdict.IGNORED,
    TooFast.DROPS: WriteVerdict.DROPPED,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a vendor's characteristic says back."""

    uuid: str
    data: bytes


class AccessPolicy:
    """The door of one machine; what each client has done so far is kept with the client."""

    def __init__(self, door: AccessRules) -> None:
        self._door = door

    def welcome(self, client: Client) -> None:
        """A new connection."""
        client.muted = self._door.muted

    def open_for(self, client: Client) -> bool:
        """Whether the machine has been unlocked on this connection."""
        return client.unlocked >= len(self._door.unlock)

    def pace(self, client: Client, now: float) -> WriteVerdict:
        """Whether a write comes at a time when it is taken."""
        early = now < client.wrote_at + self._door.gap
        hearing = _EARLY.get(self._door.too_fast, WriteVerdict.HEARD) if early else WriteVerdict.HEARD
        if hearing is WriteVerdict.HEARD:
            client.wrote_at = now
        return hearing

    def vendor(self, client: Client, uuid: str, data: bytes) -> Reply | None:
        """A write to a vendor's characteristic."""
        door = self._door
        if uuid == door.preamble and data == door.preamble_octets:
            client.primed = True
        if self.open_for(client):
            return None
        step = door.unlock[client.unlocked]
        if (uuid, data) != (step.uuid, step.octets):
            return None
        client.unlocked += 1
        if self.open_for(client):
            client.muted = False
        return None if step.reply_on is None else Reply(step.reply_on, step.reply)

    def command(self, client: Client) -> WriteVerdict:
        """A write to the control point, in time."""
        door = self._door
        if not self.open_for(client):
            return WriteVerdict.IGNORED
        if door.preamble is not None:
            if not client.primed:
                return WriteVerdict.BARRED
            client.primed = not door.preamble_each
        return WriteVerdict.HEARD
