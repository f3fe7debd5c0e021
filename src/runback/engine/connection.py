"""The connection: makes the link, and makes it again whenever it is lost, until it is released.

Rules:
- Connecting only listens and reads; what the treadmill is, and so how it is talked to, is decided once, then kept.
  Ranges that could not be read are read again once the belt moves (quirk 35).
- With the stop latch set the order changes: the control point's indications, then Stop, then the rest. Nothing is read
  before it: what is not known of the machine's ranges is read once that is done.
- A connection without a control point is made once more: it may only be late (bluez.md 14).
- A treadmill that drops whoever does not write what nobody has published (quirk 10) is let go of once it is known.
- A lost link is released with `disconnect` before the next attempt, or BlueZ doubles every notification (bluez.md 1).
- The first attempt's failure is the caller's, unless it is one that passes (bluez.md 15): that is told and tried again,
  for `PASSES_WITHIN` seconds, and while Stop waits, whatever the reason, for `STOP_WITHIN`. Later ones always are.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace

from runback.config_files.error_text import CLIP, printable
from runback.devices.identity import Identity
from runback.engine import profile_adapter
from runback.engine.discovery import LISTEN_TO, ConnectedTreadmill, read_capabilities, read_number, read_treadmill
from runback.engine.ports import EnginePort
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.recorder import Field
from runback.errors import (
    PAIR_FIRST,
    AdapterUnavailable,
    AttError,
    LinkBusy,
    LinkError,
    LinkLost,
    LinkTimeout,
    NoServices,
    PairingWanted,
    TreadmillNotFound,
)
from runback.ftms.assigned_numbers import FITNESS_MACHINE_CONTROL_POINT, TREADMILL_DATA
from runback.link.protocol import AdvertisedIdentity, Link, Services
from runback.link.remembered import Remembered
from runback.machine.client import Machine
from runback.machine.stop_latch import LatchState
from runback.session.model import ManualMode

CONNECT_BOUND = 20.0
SUBSCRIBE_BOUND = 5.0
STOP_FIRST = 1.0
"""The same while Stop is waiting: it goes out whether or not its answer can be heard."""
RELEASE_BOUND = 3.0
"""A normal BlueZ disconnect takes 2.0-2.1 s (bluez.md 9)."""
AGAIN_AFTER = 1.0
SOON = 0.3
"""The same after a failure that passes by itself."""
PASSES_WITHIN = 10.0
STOP_WITHIN = 60.0
BEST = "pull the safety key if the belt moves"
STARTS_ITSELF = "this treadmill may start its belt when something connects: feet on the side rails"
"""Quirk 18. Said once it is known which treadmill it is; before that nobody can."""


_DRIVEN = frozenset({ManualMode.NOTHING, ManualMode.START})
"""Where its speed is set from here."""


class _Reader:
    """What is read through `link`; `refused` hears of each refusal."""

    def __init__(self, link: Link, refused: Callable[[AttError], None]) -> None:
        self._link = link
        self._refused = refused

    @property
    def shown(self) -> AdvertisedIdentity:
        """The link's."""
        return self._link.shown

    async def read(self, uuid: str) -> bytes:
        """As the link's."""
        try:
            return await self._link.read(uuid)
        except AttError as error:
            self._refused(error)
            raise


class ConnectionManager:
    """Keeps `machine` connected through `link`; `engine` hears what arrives. `told` hears that connecting failed and is
    tried again, while that matters to a person (None: it is a remark)."""

    def __init__(
        self,
        link: Link,
        machine: Machine,
        engine: EnginePort,
        catalog: ProfileCatalog | None = None,
        *,
        told: Callable[[str], None] | None = None,
    ) -> None:
        self._link = link
        self._machine = machine
        self._engine = engine
        self._catalog = catalog
        self.unpaired = False
        """Whether it has refused something for want of pairing."""
        self._deaf = False
        """Whether that was to answer at its control point."""
        self.found: ConnectedTreadmill | None = None
        """What the treadmill is and can do, once it has been read."""
        self._writable = profile_adapter.may_write(None)
        self._services: Services = {}
        self._lost = asyncio.Event()
        self._moved = asyncio.Event()
        self._doubted = False
        """Whether a missing control point has been asked for again."""
        self.failed: LinkError | None = None
        """Why the last attempt to connect failed; None once one has worked."""
        self._told = engine.remark if told is None else told
        self.ready = asyncio.Event()
        """Set once the treadmill has been connected, and read or told to stop, for the first time."""

    @property
    def name(self) -> str:
        """What a person would call the treadmill."""
        return self._link.name

    @property
    def machine(self) -> Remembered:
        """What is known of the treadmill, so that it is found again. Without an address before the first connection,
        and of a simulated one."""
        shown, identity = self._link.shown, Identity() if self.found is None else self.found.identity
        known = Remembered(shown.address, shown.name, (), identity.model, identity.serial)
        return known.also(shown.name, *shown.names)

    async def read_number(self) -> None:
        """Read model and serial number, if a Stop was in too much of a hurry for it. A failure changes nothing."""
        if self.found is None or self.found.identity.serial is not None:
            return
        with contextlib.suppress(LinkError):
            identity = await read_number(self._link, self._services, self.found.identity)
            self.found = replace(self.found, identity=identity)

    def may_write(self, uuid: str) -> bool:
        """Whether `uuid` may be written on this treadmill at all."""
        return uuid in self._writable

    def moved(self) -> None:
        """The belt moves, or has been stopped: what could not be read before perhaps can be now."""
        self._moved.set()

    def lose(self) -> None:
        """The link is gone, or useless: let the machine know at once, the rest follows."""
        self._machine.disconnected(self._engine.now())
        self._lost.set()

    async def keep(self) -> None:
        """Connect, wait for the loss, connect again; for ever. Raises LinkError if the very first attempt fails for a
        reason that does not pass."""
        began = self._engine.now()
        while True:
            self._lost.clear()
            try:
                await self._connect()
            except LinkError as error:
                self.failed = error
                # The user is waiting for the first attempt: what another cannot change is better said at once.
                if not self.ready.is_set() and not self._passes(error, self._engine.now() - began):
                    raise
                self._engine.recorder.put(self._engine.now(), "no link", reason=str(error))
                if not self.ready.is_set():
                    self._told(f"{error}; trying again: {BEST}")
                await self.let_go()
                await asyncio.sleep(SOON if isinstance(error, LinkBusy) else AGAIN_AFTER)
                continue
            self.failed = None
            # Whoever stays connected is dropped (10), or keeps its START from working (18): all that is known is read.
            if self._hands_off:
                await self.let_go()
                await asyncio.Event().wait()
            await self._until_lost()
            await self.let_go()

    def _passes(self, error: LinkError, so_far: float) -> bool:
        """Whether a first attempt that failed is worth another, `so_far` seconds after it began."""
        # These stay as they are until the user does something: waiting would only put the advice off.
        if isinstance(error, (AdapterUnavailable, TreadmillNotFound, AttError)):
            return False
        # With Stop waiting anything is tried, and for longer: nobody is served by a program that has given up.
        if self._machine.latch.latched:
            return so_far < STOP_WITHIN
        return isinstance(error, (LinkBusy, NoServices)) and so_far < PASSES_WITHIN

    @property
    def _hands_off(self) -> bool:
        profile = None if self.found is None else self.found.profile
        return profile is not None and profile_adapter.is_left_alone(profile)

    async def let_go(self) -> None:
        """Release the link, however dead it is."""
        try:
            async with asyncio.timeout(RELEASE_BOUND):
                await self._link.disconnect()
        except TimeoutError:
            self._engine.recorder.put(self._engine.now(), "no link", reason="disconnecting took too long")

    async def _connect(self) -> None:
        services = await self._services_of()
        for uuid in LISTEN_TO:
            await self._listen(services, uuid)
            # Stop does not wait for the other subscriptions, nor for anything that is read: it goes out from here.
            if self._machine.latch.latched and not self._lost.is_set():
                self._online(self.found or await self._find_out(services))
        found = self.found or await self._find_out(services)
        for uuid in () if found.profile is None else profile_adapter.listens_to(found.profile):
            await self._listen(services, uuid)
        self._services = services
        self._online(found)

    async def _services_of(self) -> Services:
        """What the treadmill offers, connected."""
        try:
            async with asyncio.timeout(CONNECT_BOUND):
                services = await self._link.connect(self._engine)
        except TimeoutError:
            raise LinkTimeout(f"{self._link.name} does not answer") from None
        lacks = FITNESS_MACHINE_CONTROL_POINT not in services
        # Some treadmills have data and no control point; but it may only be late (14), so it is looked for once more.
        if lacks and TREADMILL_DATA in services and not self._doubted and not self._link.shown.borrowed:
            self._doubted = True
            await self.let_go()
            return await self._services_of()
        return services

    async def _find_out(self, services: Services) -> ConnectedTreadmill:
        """What it is and can do; in a hurry, no more than Stop needs."""
        recorder, now = self._engine.recorder, self._engine.now
        recorder.offers(now(), services)
        hurry = self._machine.latch.latched
        reader = _Reader(self._link, self.refused)
        found = await read_treadmill(
            reader, services, self._catalog, lambda uuid, data: recorder.read(now(), uuid, data), hurry=hurry
        )
        # What it answers would never be heard, so nothing could be set from here: pair first, then drive.
        if self._deaf and found.by_hand in _DRIVEN and not self._machine.latch.latched:
            raise PairingWanted  # whatever it is told, its answers are not heard: it could be stopped at most
        self.found = found
        self._writable = profile_adapter.may_write(found.profile)
        if self.unpaired:
            self._engine.remark(PAIR_FIRST)
        if found.profile is not None:
            recorder.put(now(), "profile", name=found.profile.name)
        name = self._link.shown.name or self._link.name
        self._engine.ramps.join(self._engine.session, found, name, recorder, now())
        return found

    async def _until_lost(self) -> None:
        latch = self._machine.latch
        while (found := self.found) is not None and found.capabilities.speed is None and not self._lost.is_set():
            self._moved.clear()
            async with asyncio.TaskGroup() as group:
                waiting = [group.create_task(event.wait()) for event in (self._moved, self._lost)]
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in waiting:
                    task.cancel()
            # Reading would hold Stop up, since ATT takes one request at a time.
            if not self._lost.is_set() and (not latch.latched or latch.state is LatchState.AT_REST):
                await self._read_again(found)
        await self._lost.wait()

    async def _read_again(self, found: ConnectedTreadmill) -> None:
        with contextlib.suppress(LinkError):
            capabilities = await read_capabilities(_Reader(self._link, self.refused), self._services, found.profile)
            self.found = replace(found, capabilities=capabilities)
            self._machine.learned(capabilities)
            self._engine.turn()

    def _online(self, found: ConnectedTreadmill) -> None:
        # Once for each connection: in a hurry this comes twice, before and after the rest has been subscribed.
        if self._machine.capabilities is None and not self._lost.is_set():
            self._engine.session.by_hand = found.by_hand
            if found.profile is not None and found.profile.start.on_connect:
                self._engine.remark(STARTS_ITSELF)
            self._machine.connected(found.capabilities, self._engine.now())
            machine = self.machine
            names: list[object] = [printable(name, CLIP) for name in machine.names]
            known: dict[str, Field] = {"address": machine.address, "names": names} if machine.address else {}
            self._engine.recorder.put(self._engine.now(), "connected", treadmill=self._link.name, **known)
            self.ready.set()
            self._engine.turn()

    def refused(self, error: AttError) -> None:
        """The treadmill has refused to be read, written or heard."""
        self.unpaired = self.unpaired or error.wants_pairing

    async def _listen(self, services: Services, uuid: str) -> None:
        if not {"notify", "indicate"} & services.get(uuid, frozenset()):
            return
        first = self._machine.latch.latched and uuid == FITNESS_MACHINE_CONTROL_POINT
        try:
            async with asyncio.timeout(STOP_FIRST if first else SUBSCRIBE_BOUND):
                await self._link.subscribe(uuid)
        except AttError as error:
            self.refused(error)
            self._deaf = self._deaf or (uuid == FITNESS_MACHINE_CONTROL_POINT and error.wants_pairing)
            self._engine.recorder.put(self._engine.now(), "cannot listen", reason=str(error))
        except TimeoutError:
            # Ahead of Stop a subscription that hangs is passed over: Stop goes out even if its answer cannot be heard.
            if not first:
                raise LinkLost("the treadmill does not answer a subscription") from None
            self._engine.recorder.put(self._engine.now(), "cannot listen", reason="no answer")
