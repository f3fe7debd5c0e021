"""Finding devices through bleak: who is on the air, who is connected already, and what goes wrong before there is a
device at all.

What BlueZ taught (reference bluez.md, by number):
- A device that is connected already is invisible to a scan (2): the connected ones are asked for apart.
- One program scans once at a time: a second scan is refused until the first has been stopped, and asked for again here.
- A cancelled StartDiscovery is carried out nevertheless, and the next one then fails: starting a scan is never
  cancelled, but followed by its stop.
- A connected device has another name than it advertised (13): all of them are told.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

from bleak import BleakAdapter, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError, BleakError

from runback.errors import AdapterUnavailable, LinkError, LinkLost
from runback.link import bluez_bus, bluez_errors
from runback.link.cleanup_tasks import CleanupTasks
from runback.link.scan_result import FITNESS_MACHINE, HEART_RATE, ScanResult, says_treadmill

CHORE_BOUND = 1.0
"""How long, in seconds, what went before is waited for; a loss is cleaned up in milliseconds."""
RETRY = 0.01
"""Seconds between attempts at something BlueZ is too busy for; bleak's own figure."""
_UNAVAILABLE = {
    BleakBluetoothNotAvailableReason.POWERED_OFF: f"Bluetooth is off; {bluez_errors.TURN_ON}",
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "this computer has no Bluetooth adapter; plug one in",
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: (
        "this Bluetooth adapter cannot do Low Energy; plug in one that can"
    ),
}
_DENIED = f"Bluetooth is denied to this program; {bluez_errors.GIVE_LEAVE}"


async def scan(duration: float, seen: Callable[[ScanResult], None] | None = None) -> list[ScanResult]:
    """Listen for `duration` seconds: the newest sighting of each device, connected ones first, then the strongest.

    `seen` is called with each sighting as it comes, for a live list. Raises AdapterUnavailable, LinkLost.
    """
    found: dict[str, ScanResult] = {}

    def note(_: BLEDevice, sighting: ScanResult) -> None:
        found[sighting.address] = sighting
        if seen is not None:
            seen(sighting)

    chores = CleanupTasks(CHORE_BOUND)
    with at_adapter():
        for device, sighting in await connected(FITNESS_MACHINE, HEART_RATE):
            note(device, sighting)
        async with listening(note, chores):
            await asyncio.sleep(duration)
        await chores.finish()
    return sorted(found.values(), key=lambda one: (not one.connected, -one.rssi if one.rssi is not None else 0))


async def connected_machines() -> list[ScanResult]:
    """The fitness machines that this computer is connected to already. Raises AdapterUnavailable, LinkLost."""
    with at_adapter():
        found = {sighting.address: sighting for _, sighting in await connected(FITNESS_MACHINE)}
    for one in await bluez_bus.in_time(bluez_bus.known_devices()):  # one whose services are late is not among those
        if one.connected and FITNESS_MACHINE in one.services:
            found.setdefault(one.address, ScanResult(one.address, one.name, None, one.services, connected=True))
    return list(found.values())


async def nearest(within: float, settle: float = 0.7) -> list[ScanResult]:
    """The treadmills that are heard, the strongest first; `settle` seconds after the first of them, or after `within`.
    Raises AdapterUnavailable, LinkLost."""
    found: dict[str, ScanResult] = {}
    heard = asyncio.Event()

    def note(_: BLEDevice, sighting: ScanResult) -> None:
        if sighting.is_treadmill:
            found[sighting.address] = sighting
            heard.set()

    chores = CleanupTasks(CHORE_BOUND)
    with at_adapter():
        async with listening(note, chores):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await heard.wait()
            if found:
                await asyncio.sleep(settle)
        await chores.finish()
    return sorted(found.values(), key=lambda one: -one.rssi if one.rssi is not None else 0)


async def _connected_by(service: str) -> list[BLEDevice]:
    """Devices with `service` that are connected to this computer, whoever connected them."""
    try:
        adapter = await BleakAdapter.get()
        return await adapter.get_connected_devices([service])
    except (NotImplementedError, KeyError):  # a backend without it; or a device object without the property
        return []


async def connected(*services: str) -> list[tuple[BLEDevice, ScanResult]]:
    """The devices with one of `services` that are connected already, each with those of them that it offers."""
    devices: dict[str, BLEDevice] = {}
    offered: dict[str, set[str]] = {}
    for service in services:
        for device in await _connected_by(service):
            devices[device.address] = device
            offered.setdefault(device.address, set()).add(service)
    return [(device, seen_connected(device, frozenset(offered[address]))) for address, device in devices.items()]


def seen_connected(device: BLEDevice, services: frozenset[str]) -> ScanResult:
    """A device that this computer is connected to already; it advertises nothing."""
    return ScanResult(device.address, device.name, None, services, connected=True, also=own_names(device))


def own_names(device: BLEDevice) -> tuple[str, ...]:
    """The names the system has for it beside the one bleak gives: BlueZ has an Alias and a Name (13)."""
    found = device.details.get("props") if isinstance(device.details, dict) else None
    names = [found.get(key) for key in ("Name", "Alias")] if isinstance(found, dict) else []
    unnamed = device.address.replace(":", "-")  # what BlueZ calls a device that has no name
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name and name != unnamed))


@contextlib.asynccontextmanager
async def listening(note: Callable[[BLEDevice, ScanResult], None], chores: CleanupTasks) -> AsyncIterator[None]:
    """Scan while inside. The scan is started and stopped by a task of its own, which no cancellation interrupts."""

    def heard(device: BLEDevice, advert: AdvertisementData) -> None:
        services = frozenset(uuid.lower() for uuid in (*advert.service_uuids, *advert.service_data))
        data = advert.service_data.get(FITNESS_MACHINE)
        name = advert.local_name or device.name
        kind = says_treadmill(data)
        also = own_names(device)
        note(device, ScanResult(device.address, name, advert.rssi, services, kind, service_data=data, also=also))

    scanner = BleakScanner(heard)
    started, enough = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        patience = asyncio.get_running_loop().time() + CHORE_BOUND
        while not enough.is_set():
            try:
                await scanner.start()
            except BleakDBusError as error:
                if error.dbus_error != bluez_errors.IN_PROGRESS or asyncio.get_running_loop().time() > patience:
                    raise
                await asyncio.sleep(RETRY)
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


@contextlib.contextmanager
def at_adapter() -> Iterator[None]:
    """Errors before there is a device: no bus, no service, no adapter, no leave."""
    try:
        yield
    except LinkError:
        raise
    except BleakBluetoothNotAvailableError as error:
        raise AdapterUnavailable(_UNAVAILABLE.get(error.reason, _DENIED)) from error
    except BleakDBusError as error:
        raise bluez_errors.of_adapter(error.dbus_error, details(error)) from error
    except BleakError as error:
        raise LinkLost(f"Bluetooth: {error}") from error
    except Exception as error:  # the edge to bleak: no socket, no leave, a bus address that is none
        raise AdapterUnavailable(f"can't reach Bluetooth ({error}); {bluez_errors.START}") from error


def details(error: BleakDBusError) -> str:
    """The message of a D-Bus error. Not bleak's `str` of it, which raises on some texts."""
    return " ".join(str(part) for part in error.args[1:])
