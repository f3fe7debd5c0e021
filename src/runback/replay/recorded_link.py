"""The link of a replay: it delivers what was recorded, when it was, and whatever is written to it goes nowhere.

Rules:
- It opens nothing: no radio, no socket, no file. Nothing real can be driven by it.
- What happens to it, and when, the playback says: a connection comes up or fails (`connecting`), a write has met its
  fate (`fated`): accepted, refused or failed; a hanging one hangs. What was read is answered from the record.
- A write is the recorded one of the same bytes within `comparison.NEAR`. One that is not in the record is accepted,
  and nothing follows from it.
"""

from __future__ import annotations

import asyncio
import contextlib

from runback.errors import AttError, LinkLost
from runback.ftms.assigned_numbers import short_name
from runback.link.protocol import AdvertisedIdentity, LinkListener, Services
from runback.replay.comparison import NEAR
from runback.replay.script import Connecting, Script, WriteFate

NOT_FOUND = 0x0A
"""ATT "attribute not found" (Core vol 3 F 3.4.1.1)."""


class RecordedLink:
    """Implements `link.protocol.Link`. Notifications are not its business: `playback` feeds them."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._zero = 0.0
        self._up = False
        """The recorded connection is there, and nobody here has asked for it yet."""
        self._connecting: asyncio.Future[Services] | None = None
        self._next_write = 0
        self._came = asyncio.Event()
        self._fates: dict[int, asyncio.Future[None]] = {}

    # -- what the record says ----------------------------------------------------------------------------------------

    def begin(self, zero: float) -> None:
        """The session's time 0 is the loop's `zero`."""
        self._zero = zero

    def connecting(self, news: Connecting) -> None:
        """A connection came up, or an attempt failed."""
        waiting, self._connecting = self._connecting, None
        if waiting is None or waiting.done():
            self._up = news.reason is None
        elif news.reason is None:
            waiting.set_result(self._script.services)
        else:
            waiting.set_exception(LinkLost(news.reason))

    def fated(self, place: int) -> None:
        """The write that is number `place` in the record has met its fate."""
        fate = self._fate(place)
        if not fate.done():
            fate.set_result(None)

    async def caught_up(self, writes: int, until: float) -> None:
        """Wait for that many of the recorded writes, to the loop's time `until`; then go on without."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                while self._next_write < writes:
                    self._came.clear()
                    await self._came.wait()
        self._next_write = max(self._next_write, writes)

    def _fate(self, place: int) -> asyncio.Future[None]:
        return self._fates.setdefault(place, asyncio.get_running_loop().create_future())

    # -- what the engine asks of it ----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What it is, for whoever looks at a screen."""
        session = self._script.session
        return f"REPLAY of session {session.id} ({session.treadmill or 'unknown treadmill'})"

    async def connect(self, listener: LinkListener) -> Services:  # noqa: ARG002 - what was heard is fed by the playback
        """Wait for the recorded connection. Raises LinkLost where that failed."""
        if self._up:
            self._up = False
            return self._script.services
        self._connecting = asyncio.get_running_loop().create_future()
        return await self._connecting

    async def subscribe(self, uuid: str) -> None:
        """Nothing to do."""

    async def read(self, uuid: str) -> bytes:
        """The recorded value. Raises AttError where none was read."""
        if uuid not in self._script.values:
            raise AttError(NOT_FOUND)
        return self._script.values[uuid]

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:  # noqa: ARG002 - the record knows
        """What became of the recorded write. Raises AttError, LinkLost."""
        place = self._found(short_name(uuid), data)
        if place is None:
            return
        write = self._script.writes[place]
        await asyncio.shield(self._fate(place))  # one of a hanging write never comes: its caller gives up, as then
        if write.fate is WriteFate.REFUSED:
            raise AttError(write.code)
        if write.fate is WriteFate.FAILED:
            raise LinkLost(write.reason)
        if write.fate is WriteFate.HUNG:
            await asyncio.get_running_loop().create_future()

    @property
    def shown(self) -> AdvertisedIdentity:
        """What the treadmill was called, which some unlocking bytes are made from."""
        return AdvertisedIdentity(self._script.session.treadmill)

    async def disconnect(self) -> None:
        """Nothing to let go of."""

    def _found(self, uuid: str, data: bytes) -> int | None:
        now = (asyncio.get_running_loop().time() - self._zero) * 1000
        for place in range(self._next_write, len(self._script.writes)):
            write = self._script.writes[place]
            if (write.uuid, write.data) == (uuid, data) and abs(write.at - now) <= NEAR:
                self._next_write = place + 1
                self._came.set()
                return place
        return None
