"""The link over Bluetooth, through bleak. The only file that imports it.

What BlueZ taught (numbers: reference bluez.md), and what is done about it here:
- Loss always ends in `disconnect()` of the old client, at once and by us: bleak keeps its bus after a loss, and BlueZ
  then sends every notification once more for each session left behind (1).
- A device that is connected already is invisible to a scan (2): the connected ones are asked for first. This is how a
  second process takes over the belt of one that died, in tens of milliseconds.
- A BLEDevice goes stale after 30 s (3): none is kept; each `connect` finds the device anew. Once connected, a link
  returns to that address only, so a reconnect never lands on a neighbour's treadmill of the same name.
- A dead bluetoothd says nothing (7): the first operation that meets its absence is the loss. bleak's picture of
  connected devices is then a dead daemon's, and not asked until a scan has found the device again.
- bleak repeats reads and writes that meet `InProgress` every 10 ms, in no order (6): one writer, please. A write that
  was cancelled has left already or never will, so the next one cannot overtake it. Subscriptions are repeated here.
- BlueZ delivers the value of a read as a notification too, where subscribed. A repeated packet must change nothing.
- One program scans once at a time: a second scan, of another link, is refused until the first has been stopped, and
  asked for again here. Whoever has to give way is cancelled, which stops its scan.
- A cancelled StartDiscovery is carried out nevertheless, and the next one then fails: starting a scan is never
  cancelled, but followed by its stop. And a daemon that hangs answers no clean-up, so nobody who cancels waits for
  one: clean-ups are chores, waited for (briefly) by the next `connect` or `disconnect`.
- What bleak raises is not only BleakError: a bus that closes under a call gives EOFError, AttributeError or
  AssertionError. This file is the edge where all of them become a LinkError.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from runback.errors import AttError, LinkError, LinkLost, LinkTimeout, NoAdapter, NoTreadmill
from runback.link import bluez_errors
from runback.link.chores import Chores
from runback.link.protocol import Listener, Properties, Property, Services, Shown
from runback.link.sighting import FITNESS_MACHINE, HEART_RATE, Sighting, choose, says_treadmill
from runback.quoting import CLIP, printable

_FOREVER = 24 * 3600.0
"""bleak insists on a connect timeout, in seconds; the one that counts is the caller's."""
_CHORE_BOUND = 1.0
"""How long, in seconds, what went before is waited for; a loss is cleaned up in milliseconds."""
_RETRY = 0.01
"""Seconds between attempts at something BlueZ is too busy for; bleak's own figure."""
_PROPERTIES: tuple[Property, ...] = ("read", "write", "write-without-response", "notify", "indicate")
_UNAVAILABLE = {
    BleakBluetoothNotAvailableReason.POWERED_OFF: f"Bluetooth is off; {bluez_errors.TURN_ON}",
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "this computer has no Bluetooth adapter; plug one in",
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: (
        "this Bluetooth adapter cannot do Low Energy; plug in one that can"
    ),
}
_DENIED = f"Bluetooth is denied to this program; {bluez_errors.GIVE_LEAVE}"


async def scan(duration: float, seen: Callable[[Sighting], None] | None = None) -> list[Sighting]:
    """Listen for `duration` seconds: the newest sighting of each device, connected ones first, then the strongest.

    `seen` is called with each sighting as it comes, for a live list. Raises NoAdapter, LinkLost.
    """
    found: dict[str, Sighting] = {}

    def note(_: BLEDevice, sighting: Sighting) -> None:
        found[sighting.address] = sighting
        if seen is not None:
            seen(sighting)

    chores = Chores(_CHORE_BOUND)
    with _at_adapter():
        for device, sighting in await _connected(FITNESS_MACHINE, HEART_RATE):
            note(device, sighting)
        async with _listening(note, chores):
            await asyncio.sleep(duration)
        await chores.finish()
    return sorted(found.values(), key=lambda one: (not one.connected, -one.rssi if one.rssi is not None else 0))


class BleLink:
    """A treadmill, or whatever offers `service`, by name, beginning of name, or address; see `sighting.choose`.

    `scan_for`: seconds of listening before `connect` raises NoTreadmill; None listens until cancelled.
    `settle`: seconds to go on listening for a namesake after a match by name; an address never waits.
    `beside`: a link whose device is never taken for this one.
    """

    def __init__(
        self,
        wanted: str,
        *,
        service: str = FITNESS_MACHINE,
        scan_for: float | None = 10.0,
        settle: float = 0.7,
        beside: BleLink | None = None,
    ) -> None:
        self._wanted = wanted
        self._service = service
        self._device = "the treadmill" if service == FITNESS_MACHINE else "the strap"
        self._beside = beside
        self._scan_for = scan_for
        self._settle = settle
        self._name = printable(wanted, CLIP)
        self._home: str | None = None
        self._shown = Shown()
        self._trust_connected = True
        self._client: BleakClient | None = None
        self._listener: Listener | None = None
        self._characteristics: dict[str, BleakGATTCharacteristic] = {}
        self._chores = Chores(_CHORE_BOUND)

    @property
    def name(self) -> str:
        """The advertised name, printable, else the address; before the first connection, what was asked for."""
        return self._name

    @property
    def shown(self) -> Shown:
        """See `Link.shown`."""
        return self._shown

    async def connect(self, listener: Listener) -> Services:
        """Find the device and connect to it; see `Link.connect`. Lets go of an earlier connection first."""
        await self.disconnect()
        await asyncio.sleep(0)  # bleak may refuse without a pause; whoever tries again at once must not stop the loop
        with _at_adapter():
            device, sighting = await self._find()
        client = BleakClient(device, self._on_disconnected, timeout=_FOREVER)
        connecting = self._chores.start(client.connect())
        try:
            with self._translating(None):
                await asyncio.wait({connecting})
                connecting.result()
                if not client.is_connected:
                    raise LinkLost(f"{self._device} went away while connecting")
                characteristics = _by_uuid(client, self._service)
        except BaseException:
            connecting.cancel()
            self._chores.start(_abandon(connecting, client))
            raise
        self._name = sighting.name or sighting.address
        found = frozenset(one.service_uuid.lower() for one in characteristics.values())
        self._shown = Shown(sighting.raw_name, sighting.services | found)
        self._home = device.address
        self._client = client
        self._listener = listener
        self._characteristics = characteristics
        return {uuid: _properties(characteristic) for uuid, characteristic in characteristics.items()}

    async def subscribe(self, uuid: str) -> None:
        """See `Link.subscribe`. What the device does not offer is an AttError, as if it had refused."""
        client, characteristic = self._at(uuid)

        def deliver(_: BleakGATTCharacteristic, data: bytearray) -> None:
            if self._client is client and self._listener is not None:
                self._listener.notified(uuid, bytes(data))

        with self._translating(client):
            while True:
                try:
                    return await client.start_notify(characteristic, deliver)
                except BleakDBusError as error:
                    if error.dbus_error != bluez_errors.IN_PROGRESS:
                        raise
                await asyncio.sleep(_RETRY)

    async def read(self, uuid: str) -> bytes:
        """See `Link.read`."""
        client, characteristic = self._at(uuid)
        with self._translating(client):
            return bytes(await client.read_gatt_char(characteristic))

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """See `Link.write`. Without `response` it returns when BlueZ has taken the octets."""
        client, characteristic = self._at(uuid)
        with self._translating(client):
            await client.write_gatt_char(characteristic, data, response)

    async def disconnect(self) -> None:
        """See `Link.disconnect`. Takes 2 s on BlueZ (bluez.md 9); if cancelled, the device is let go all the same."""
        client, self._client, self._listener = self._client, None, None
        self._characteristics = {}
        if client is not None:
            with contextlib.suppress(LinkError), self._translating(None):
                await self._chores.perform(client.disconnect())
        await self._chores.finish()

    async def _find(self) -> tuple[BLEDevice, Sighting]:
        """The wanted device, connected already or heard now. Raises NoTreadmill."""
        wanted = self._home or self._wanted
        devices: dict[str, BLEDevice] = {}
        sightings: dict[str, Sighting] = {}
        heard = asyncio.Event()

        def note(device: BLEDevice, sighting: Sighting) -> None:
            if self._beside is not None and device.address == self._beside._home:
                return
            devices[device.address] = device
            sightings[device.address] = sighting
            heard.set()

        def best() -> Sighting | None:
            return choose(wanted, sightings.values(), self._service)

        if self._trust_connected:
            for device, sighting in await _connected(*dict.fromkeys((FITNESS_MACHINE, self._service))):
                if self._service in sighting.services:
                    note(device, sighting)
            if match := best():
                return devices[match.address], match
        async with _listening(note, self._chores):
            try:
                async with asyncio.timeout(self._scan_for):
                    while not (match := best()):
                        heard.clear()
                        await heard.wait()
            except TimeoutError:
                asked = printable(wanted, CLIP)
                raise NoTreadmill(
                    f"nothing called “{asked}” was heard in {self._scan_for:g} s; switch it on, close other apps"
                ) from None
            if match.address.casefold() != wanted.strip().casefold():
                await asyncio.sleep(self._settle)
                match = best() or match
        self._trust_connected = True
        return devices[match.address], match

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
        if client is not self._client or listener is None:
            return
        self._client, self._listener = None, None
        self._characteristics = {}
        self._chores.start(_release(client))
        asyncio.get_running_loop().call_soon(listener.lost, reason)

    @contextlib.contextmanager
    def _translating(self, client: BleakClient | None) -> Iterator[None]:
        """Errors of bleak and below leave as ours. One that means the end of `client`'s connection ends it here."""
        try:
            yield
        except Exception as error:  # the edge to bleak: see the last rule of this file
            ours = _translated(error, self._device)
            if isinstance(ours, AttError) and ours.code == bluez_errors.UNLIKELY_ERROR and self._client is not client:
                ours = LinkLost(f"the connection broke before {self._device} answered")
            if isinstance(ours, LinkLost) and client is not None:
                self._trust_connected = self._trust_connected and not isinstance(error, BleakDBusError)
                self._lose(client, ours.reason)
            raise ours from error


async def _connected_devices(service: str) -> list[BLEDevice]:
    """Devices with `service` that are connected to this computer, whoever connected them."""
    try:
        adapter = await BleakAdapter.get()
        return await adapter.get_connected_devices([service])
    except (NotImplementedError, KeyError):  # a backend without it; or a device object without the property
        return []


async def _connected(*services: str) -> list[tuple[BLEDevice, Sighting]]:
    """The devices with one of `services` that are connected already, each with those of them that it offers."""
    devices: dict[str, BLEDevice] = {}
    offered: dict[str, set[str]] = {}
    for service in services:
        for device in await _connected_devices(service):
            devices[device.address] = device
            offered.setdefault(device.address, set()).add(service)
    return [
        (device, Sighting(address, device.name, None, frozenset(offered[address]), connected=True))
        for address, device in devices.items()
    ]


@contextlib.asynccontextmanager
async def _listening(note: Callable[[BLEDevice, Sighting], None], chores: Chores) -> AsyncIterator[None]:
    """Scan while inside. The scan is started and stopped by a task of its own, which no cancellation interrupts."""

    def heard(device: BLEDevice, advert: AdvertisementData) -> None:
        services = frozenset(uuid.lower() for uuid in (*advert.service_uuids, *advert.service_data))
        data = advert.service_data.get(FITNESS_MACHINE)
        name = advert.local_name or device.name
        kind = says_treadmill(data)
        note(device, Sighting(device.address, name, advert.rssi, services, kind, service_data=data))

    scanner = BleakScanner(heard)
    started, enough = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        patience = asyncio.get_running_loop().time() + _CHORE_BOUND
        while not enough.is_set():
            try:
                await scanner.start()
            except BleakDBusError as error:
                if error.dbus_error != bluez_errors.IN_PROGRESS or asyncio.get_running_loop().time() > patience:
                    raise
                await asyncio.sleep(_RETRY)
            else:
                started.set()
                await enough.wait()
                await scanner.stop()

    task = chores.start(run())
    try:
        ready = asyncio.ensure_future(started.wait())
        try:
            await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if task.done():
            task.result()
        yield
    finally:
        enough.set()


async def _release(client: BleakClient) -> None:
    """Close what bleak keeps open after a loss, so that no packet arrives twice (bluez.md 1)."""
    async with asyncio.timeout(_CHORE_BOUND):
        await client.disconnect()


async def _abandon(connecting: asyncio.Task[None], client: BleakClient) -> None:
    """Undo a connection nobody waits for any more. One that did not come up, bleak has undone itself."""
    await asyncio.wait({connecting})
    if not connecting.cancelled() and connecting.exception() is None:
        await client.disconnect()


def _by_uuid(client: BleakClient, service: str) -> dict[str, BleakGATTCharacteristic]:
    """The device's characteristics by UUID; of several the one in `service`, else the first by handle."""
    found = sorted(client.services.characteristics.values(), key=lambda one: (one.service_uuid != service, one.handle))
    return {characteristic.uuid.lower(): characteristic for characteristic in reversed(found)}


def _properties(characteristic: BleakGATTCharacteristic) -> Properties:
    return frozenset(name for name in _PROPERTIES if name in characteristic.properties)


@contextlib.contextmanager
def _at_adapter() -> Iterator[None]:
    """Errors before there is a device: no bus, no service, no adapter, no leave."""
    try:
        yield
    except LinkError:
        raise
    except BleakBluetoothNotAvailableError as error:
        raise NoAdapter(_UNAVAILABLE.get(error.reason, _DENIED)) from error
    except BleakDBusError as error:
        raise bluez_errors.of_adapter(error.dbus_error, _details(error)) from error
    except BleakError as error:
        raise LinkLost(f"Bluetooth: {error}") from error
    except Exception as error:  # the edge to bleak: no socket, no leave, a bus address that is none
        raise NoAdapter(f"no way to the Bluetooth service ({error}); {bluez_errors.START}") from error


def _translated(error: Exception, device: str) -> LinkError:
    """What an error of an operation on `device` means."""
    match error:
        case LinkError():
            return error
        case BleakGATTProtocolError():
            return AttError(int(error.code))
        case BleakDBusError():
            return bluez_errors.of_operation(error.dbus_error, _details(error), device)
        case BleakDeviceNotFoundError():
            return NoTreadmill(f"{device} went away before it was connected")
        case BleakError():
            return LinkLost(f"Bluetooth: {error}")
        case TimeoutError():
            return LinkTimeout("Bluetooth did not answer in time")
        case _:
            return LinkLost(f"the Bluetooth service closed the connection ({type(error).__name__})")


def _details(error: BleakDBusError) -> str:
    """The message of a D-Bus error. Not bleak's `str` of it, which raises on some texts."""
    return " ".join(str(part) for part in error.args[1:])
