"""The link over Bluetooth, through bleak.

What BlueZ taught (numbers: reference bluez.md), and what is done about it here:
- Loss always ends in `disconnect()` of the old client, at once and by us: bleak keeps its bus after a loss, and BlueZ
  then sends every notification once more for each session left behind (1).
- A device that is connected already is invisible to a scan (2): the connected ones are asked for first. This is how a
  second process takes over the belt of one that died, in tens of milliseconds.
- A BLEDevice goes stale after 30 s (3): none is kept; each `connect` finds the device again. Once connected, a link
  returns to that address only, so a reconnect never lands on a neighbour's treadmill of the same name. An address that
  BlueZ still knows is connected to without a scan.
- A dead bluetoothd says nothing (7): the first operation that meets its absence is the loss. bleak's picture of
  connected devices is then a dead daemon's, and not asked until a scan has found the device again.
- bleak repeats reads and writes that meet `InProgress` every 10 ms, in no order (6): one writer, please. A write that
  was cancelled has left already or never will, so the next one cannot overtake it. Subscriptions are repeated here.
- A connection in which an operation hangs serves no other until it ends (4), and an ordinary disconnect takes 2 s (9):
  such a connection is cut (`bluez_bus.cut`).
- ServicesResolved may come before the objects it speaks of (14): a connection without services is made again at once.
- The name changes once connected (13): the device is found by its address, wherever that is known.
- BlueZ delivers the value of a read as a notification too, where subscribed. A repeated packet must change nothing.
- A daemon that hangs answers no clean-up, so nobody who cancels waits for one: clean-ups are chores, waited for
  (briefly) by the next `connect` or `disconnect`.
- What bleak raises is not only BleakError: a bus that closes under a call gives EOFError, AttributeError or
  AssertionError. This file is the edge where all of them become a LinkError.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDBusError

from runback.config_files.error_text import CLIP, printable
from runback.errors import AttError, LinkBusy, LinkError, LinkLost, NoServices, TreadmillNotFound
from runback.link import bluez_bus, bluez_errors
from runback.link.ble_client import abandon, by_uuid, forgotten, path_of, properties_of, release, released, translated
from runback.link.ble_scan import CHORE_BOUND, RETRY, at_adapter, connected, listening
from runback.link.ble_scan import scan as scan  # where a reader looks for it
from runback.link.cleanup_tasks import CleanupTasks
from runback.link.protocol import AdvertisedIdentity, LinkListener, Services
from runback.link.remembered import Remembered
from runback.link.scan_result import FITNESS_MACHINE, ScanResult, choose

_FOREVER = 24 * 3600.0
"""bleak insists on a connect timeout, in seconds; the one that counts is the caller's."""
_HANGS_AFTER = 0.25
"""Seconds after which an operation that is given up counts as one that hangs; 20-57 ms are usual (bluez.md)."""
_NAMES_AFTER = (0.0, 2.0)
"""Seconds after a connection, and after the first look, until it is looked for other names."""
_SERVICE_TRIES = 4
"""Connections made in a row to a device that shows none of its services."""

Found = tuple[BLEDevice, ScanResult]


class BleLink:
    """A treadmill, or whatever offers `service`, by name, beginning of name, or address; see `scan_result.choose`.

    `scan_for`: seconds of listening before `connect` raises TreadmillNotFound; None listens until cancelled.
    `settle`: seconds to go on listening for a namesake after a match by name; an address never waits.
    `beside`: a link whose device is never taken for this one.
    `remembered`: what is known of treadmills; those that answer to `wanted` are found by their addresses.
    `direct_for`: seconds for a connection to a remembered address without a scan.
    `spares`: asked by `disconnect` whether a connection that was there before is to be left as it was.
    """

    def __init__(
        self,
        wanted: str,
        *,
        service: str = FITNESS_MACHINE,
        scan_for: float | None = 10.0,
        settle: float = 0.7,
        beside: BleLink | None = None,
        remembered: Iterable[Remembered] = (),
        direct_for: float = 2.0,
        spares: Callable[[], bool] = lambda: False,
    ) -> None:
        self._wanted = wanted
        self._service = service
        self._device = "the treadmill" if service == FITNESS_MACHINE else "the strap"
        self._beside = beside
        self._scan_for = scan_for
        self._settle = settle
        self._name = printable(wanted, CLIP)
        self._remembered = [one for one in remembered if one.address and one.answers_to(wanted)]
        self._direct_for = direct_for
        self._spares = spares
        self._home: str | None = None
        self._shown = AdvertisedIdentity()
        self._trust_connected = True
        self._client: BleakClient | None = None
        self._device_found: BLEDevice | None = None
        self._learning: asyncio.Future[None] | None = None
        self._stuck = False
        """Whether an operation on this connection hangs."""
        self._listener: LinkListener | None = None
        self._characteristics: dict[str, BleakGATTCharacteristic] = {}
        self._chores = CleanupTasks(CHORE_BOUND)

    @property
    def name(self) -> str:
        """The advertised name, printable, else the address; before the first connection, what was asked for."""
        return self._name

    @property
    def shown(self) -> AdvertisedIdentity:
        """See `Link.shown`."""
        return self._shown

    async def _learn_names(self, address: str) -> None:
        """The system learns the device's own name (2A00) while it is being connected, or soon after (13)."""
        for wait in _NAMES_AFTER:
            await asyncio.sleep(wait)
            for one in await bluez_bus.in_time(bluez_bus.known_devices()):
                if one.address == address:
                    self._shown = replace(self._shown, names=tuple(dict.fromkeys((*self._shown.names, *one.names))))

    async def connect(self, listener: LinkListener) -> Services:
        """Find the device and connect to it; see `Link.connect`. Lets go of an earlier connection first."""
        await self.disconnect()
        await asyncio.sleep(0)  # bleak may refuse without a pause; whoever tries again at once must not stop the loop
        client, (device, sighting), characteristics = await self._reach_services()
        found = frozenset(one.service_uuid.lower() for one in characteristics.values())
        advertised = self._advertised(sighting)
        self._name = printable(advertised or "", CLIP).strip() or sighting.address
        names = (advertised, sighting.raw_name, *sighting.also)
        self._shown = AdvertisedIdentity(
            advertised,
            sighting.services | found,
            device.address,
            tuple(name for name in names if name),
            borrowed=sighting.connected,
        )
        self._home = device.address
        self._client, self._device_found = client, device
        self._stuck = False
        self._learning = asyncio.ensure_future(self._learn_names(device.address))
        self._listener = listener
        self._characteristics = characteristics
        return {uuid: properties_of(characteristic) for uuid, characteristic in characteristics.items()}

    def resume(self, listener: LinkListener) -> Services | None:
        """Deliver to `listener` from now on, and return what `connect` did; None if nothing is connected."""
        if self._client is None:
            return None
        self._listener = listener
        return {uuid: properties_of(characteristic) for uuid, characteristic in self._characteristics.items()}

    async def _reach_services(self) -> tuple[BleakClient, Found, dict[str, BleakGATTCharacteristic]]:
        """A connection to the device, with what it offers. Raises NoServices."""
        for _ in range(_SERVICE_TRIES):
            client, found, characteristics = await self._reach()
            offered = {one.service_uuid.lower() for one in characteristics.values()}
            if offered and not {self._service} & found[1].services - offered:
                return client, found, characteristics
            await self._chores.perform(released(client))  # what is missing is late, and comes with the next connection
        raise NoServices(f"{self._device} is connected, and shows none of its services: switch it off and on")

    async def _reach(self) -> tuple[BleakClient, Found, dict[str, BleakGATTCharacteristic]]:
        """A connection to the device, and what it offers."""
        with at_adapter():
            known = await self._known()
        if known is not None:
            # Without a scan it is faster, which counts when Stop waits. It is worth a try, and no more.
            with contextlib.suppress(TimeoutError, LinkBusy, LinkLost, TreadmillNotFound):  # the scan may do better
                async with asyncio.timeout(None if known[1].connected else self._direct_for):
                    return await self._connect_to(known)
        with at_adapter():
            found = await self._heard()
        return await self._connect_to(found)

    async def _connect_to(self, found: Found) -> tuple[BleakClient, Found, dict[str, BleakGATTCharacteristic]]:
        client = BleakClient(found[0], self._on_disconnected, timeout=_FOREVER)
        connecting = self._chores.start(client.connect())
        try:
            with self._translating(None, connecting=True):
                await asyncio.wait({connecting})
                connecting.result()
                # A loss in this very moment has been told before there was anybody here to hear of it.
                if not client.is_connected:
                    raise LinkLost(f"{self._device} went away while connecting")
                return client, found, by_uuid(client, self._service)
        except BaseException:
            connecting.cancel()
            self._chores.start(abandon(connecting, client))
            raise

    def _advertised(self, sighting: ScanResult) -> str | None:
        """The name that it advertises: a connected device has another (13)."""
        for one in self._remembered:
            if one.advertised and one.address.casefold() == sighting.address.casefold():
                return one.advertised
        # Connected, it shows the name of its own that profiles do not match (13): the one from the air stands.
        if sighting.connected and self._home == sighting.address and self._shown.name:
            return self._shown.name
        return sighting.raw_name

    async def subscribe(self, uuid: str) -> None:
        """See `Link.subscribe`. What the device does not offer is an AttError, as if it had refused."""
        client, characteristic = self._at(uuid)

        def deliver(_: BleakGATTCharacteristic, data: bytearray) -> None:
            # A client that is being released still delivers for a while (9): its packets are another connection's.
            if self._client is client and self._listener is not None:
                self._listener.notified(uuid, bytes(data))

        with self._translating(client):
            while True:
                try:
                    return await client.start_notify(characteristic, deliver)
                except BleakDBusError as error:
                    if error.dbus_error != bluez_errors.IN_PROGRESS:
                        raise
                await asyncio.sleep(RETRY)

    async def read(self, uuid: str) -> bytes:
        """See `Link.read`."""
        client, characteristic = self._at(uuid)
        with self._translating(client):
            return bytes(await client.read_gatt_char(characteristic))

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """See `Link.write`. Without `response` it returns when BlueZ has taken the bytes."""
        client, characteristic = self._at(uuid)
        with self._translating(client):
            await client.write_gatt_char(characteristic, data, response)

    async def disconnect(self) -> None:
        """See `Link.disconnect`. Takes 2 s on BlueZ (bluez.md 9), less where an operation hangs; if cancelled, the
        device is let go all the same."""
        client, self._client, self._listener = self._client, None, None
        self._characteristics = {}
        if self._learning is not None:
            self._learning.cancel()
        if client is not None:
            with contextlib.suppress(LinkError), self._translating(None):
                await self._chores.perform(self._let_go(client))
        await self._chores.finish()

    async def _let_go(self, client: BleakClient) -> None:
        path = path_of(self._device_found)
        # An ordinary disconnect waits behind the operation that hangs (4, 9): Stop on a new link cannot.
        if self._stuck and path is not None:
            await asyncio.wait({asyncio.ensure_future(bluez_bus.cut(path))}, timeout=bluez_bus.WITHIN)
        # Somebody else's connection, which worked: it is left as it was found.
        if self._shown.borrowed and not self._stuck and self._spares():
            await forgotten(client)
        else:
            await client.disconnect()

    async def _known(self) -> Found | None:
        """The wanted device, connected already, or known to the system at an address it is remembered at. Raises
        TreadmillNotFound: several may be meant."""
        if self._trust_connected:
            services = dict.fromkeys((FITNESS_MACHINE, self._service))
            here = [one for one in await connected(*services) if self._may_be(one[1])]
            if match := self._match(one for _, one in here if self._service in one.services):
                return next(one for one in here if one[1] is match)
        homes = {home.casefold() for home in self._homes}
        # Connected to this computer without its services, or not connected and not forgotten yet.
        for one in await bluez_bus.in_time(bluez_bus.known_devices()):
            sighting = ScanResult(one.address, one.name, None, one.services, connected=one.connected, also=one.names)
            meant = one.address.casefold() in homes or (one.connected and self._match([sighting]) is not None)
            if meant and self._may_be(sighting):
                # Left so by a program that was killed while it cut the link (`bluez_bus`).
                if one.blocked:
                    await bluez_bus.unblock(one.path)
                return BLEDevice(one.address, sighting.raw_name, {"path": one.path, "props": one.props}), sighting
        return None

    async def _heard(self) -> Found:
        """The wanted device, heard now. Raises TreadmillNotFound."""
        devices: dict[str, BLEDevice] = {}
        sightings: dict[str, ScanResult] = {}
        heard = asyncio.Event()

        def note(device: BLEDevice, sighting: ScanResult) -> None:
            if self._may_be(sighting):
                devices[device.address] = device
                sightings[device.address] = sighting
                heard.set()

        async with listening(note, self._chores):
            try:
                async with asyncio.timeout(self._scan_for):
                    while not (match := self._match(sightings.values())):
                        heard.clear()
                        await heard.wait()
            except TimeoutError:
                asked = printable(self._wanted, CLIP)
                raise TreadmillNotFound(
                    f"nothing called “{asked}” was heard in {self._scan_for:g} s; switch it on, close other apps"
                ) from None
            sure = {self._wanted.strip().casefold(), *(home.casefold() for home in self._homes)}
            # By name alone it may be a neighbour's treadmill: wait for a namesake before one of them is chosen.
            if match.address.casefold() not in sure:
                await asyncio.sleep(self._settle)
                match = self._match(sightings.values()) or match
        self._trust_connected = True
        return devices[match.address], match

    @property
    def _homes(self) -> tuple[str, ...]:
        """Addresses at which it is known to be."""
        return (self._home,) if self._home is not None else tuple(one.address for one in self._remembered)

    def _may_be(self, sighting: ScanResult) -> bool:
        return self._beside is None or sighting.address != self._beside._home

    def _match(self, sightings: Iterable[ScanResult]) -> ScanResult | None:
        wanted = self._home or self._wanted  # once connected, only ever the same
        return choose(wanted, sightings, self._service, self._homes)

    def _at(self, uuid: str) -> tuple[BleakClient, BleakGATTCharacteristic]:
        if self._client is None:
            raise LinkLost("not connected")
        characteristic = self._characteristics.get(uuid)
        if characteristic is None:
            raise AttError(0x0A, f"the device has no characteristic {uuid}")  # Attribute Not Found
        return self._client, characteristic

    def _on_disconnected(self, client: BleakClient) -> None:
        self._lose(client, f"the connection to {self._device} broke")

    def _lose(self, client: BleakClient, reason: str) -> None:
        """The one way a connection ends that nobody asked to end. Says so once, and never from inside a call."""
        listener = self._listener
        # A former connection, or a loss that has been told: each is told once.
        if client is not self._client or listener is None:
            return
        self._client, self._listener = None, None
        self._characteristics = {}
        self._chores.start(release(client))
        # From the loop: whoever is inside `write` just now must not be called back before that has returned.
        asyncio.get_running_loop().call_soon(listener.lost, reason)

    @contextlib.contextmanager
    def _translating(self, client: BleakClient | None, *, connecting: bool = False) -> Iterator[None]:
        """Errors of bleak and below leave as ours. One that means the end of `client`'s connection ends it here."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            yield
        except asyncio.CancelledError:
            hangs = client is not None and client is self._client and loop.time() - began >= _HANGS_AFTER
            self._stuck = self._stuck or hangs
            raise
        except Exception as error:  # the edge to bleak: see the last rule of this file
            ours = translated(error, self._device, connecting=connecting)
            # BlueZ fails what was under way with this when the link goes (4, 8): no refusal by the machine.
            if isinstance(ours, AttError) and ours.code == bluez_errors.UNLIKELY_ERROR and self._client is not client:
                ours = LinkLost(f"the connection broke before {self._device} answered")
            if isinstance(ours, LinkLost) and client is not None:
                # It may be the daemon that is gone (7): which devices are connected, bleak then only remembers.
                self._trust_connected = self._trust_connected and not isinstance(error, BleakDBusError)
                self._lose(client, ours.reason)
            raise ours from error
