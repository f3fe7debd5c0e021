"""What is done to a bleak client beside talking to its device: letting go of it in each way, and reading what it is.

bleak has two ways to end a connection (disconnect, or let the process die), and we need four.
"""

from __future__ import annotations

import asyncio
import contextlib

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDBusError, BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError

from runback.errors import AttError, LinkBusy, LinkError, LinkLost, LinkTimeout
from runback.link import bluez_errors
from runback.link.ble_scan import CHORE_BOUND, details
from runback.link.protocol import Properties, Property

_PROPERTIES: tuple[Property, ...] = ("read", "write", "write-without-response", "notify", "indicate")


async def released(client: BleakClient) -> None:
    """Let a device go, whatever bleak says of it."""
    with contextlib.suppress(Exception):
        await client.disconnect()


async def forgotten(client: BleakClient) -> None:
    """Close what bleak keeps open, and leave the device connected: bleak itself has no way to do that. The end of the
    bus connection ends its notifications, and nobody else's."""
    backend = getattr(client, "_backend", None)
    watching, release = getattr(backend, "_disconnect_monitor_event", None), getattr(backend, "_release_bus", None)
    # A bleak that is built otherwise: a device let go of is better than one held for ever.
    if watching is None or release is None:
        await client.disconnect()
        return
    watching.set()  # else it would disconnect the device when the event loop ends
    await release()


def path_of(device: BLEDevice | None) -> str | None:
    """Where BlueZ has it; None on another system."""
    path = device.details.get("path") if device is not None and isinstance(device.details, dict) else None
    return path if isinstance(path, str) else None


async def release(client: BleakClient) -> None:
    """Close what bleak keeps open after a loss, so that no packet arrives twice (bluez.md 1)."""
    async with asyncio.timeout(CHORE_BOUND):
        await client.disconnect()


async def abandon(connecting: asyncio.Task[None], client: BleakClient) -> None:
    """Undo a connection nobody waits for any more. One that did not come up, bleak has undone itself."""
    await asyncio.wait({connecting})
    # It came up after all, and nobody wants it: left alone it would keep the treadmill from everybody (41).
    if not connecting.cancelled() and connecting.exception() is None:
        await client.disconnect()


def by_uuid(client: BleakClient, service: str) -> dict[str, BleakGATTCharacteristic]:
    """The device's characteristics by UUID; of several the one in `service`, else the first by handle."""
    found = sorted(client.services.characteristics.values(), key=lambda one: (one.service_uuid != service, one.handle))
    return {characteristic.uuid.lower(): characteristic for characteristic in reversed(found)}


def properties_of(characteristic: BleakGATTCharacteristic) -> Properties:
    return frozenset(name for name in _PROPERTIES if name in characteristic.properties)


def translated(error: Exception, device: str, *, connecting: bool = False) -> LinkError:
    """What an error of an operation on `device`, or of `connecting` to it, means."""
    match error:
        case LinkError():
            return error
        case BleakGATTProtocolError():
            return AttError(int(error.code))
        case BleakDBusError():
            meaning = bluez_errors.of_connection if connecting else bluez_errors.of_operation
            return meaning(error.dbus_error, details(error), device)
        case BleakDeviceNotFoundError():
            return LinkBusy(f"{device} went away before it was connected")
        case BleakError():
            return LinkLost(f"Bluetooth: {error}")
        case TimeoutError():
            return LinkTimeout("Bluetooth did not answer in time")
        case _:
            return LinkLost(f"the Bluetooth service closed the connection ({type(error).__name__})")
