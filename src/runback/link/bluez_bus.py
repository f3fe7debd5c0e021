"""What bleak does not offer of BlueZ, asked of it over D-Bus: the devices it knows of, and ending a link at once.

Rules:
- A device that BlueZ knows, connected or not, can be connected to without a scan.
- BlueZ's `Disconnect` waits 2 s before it ends a link (DISCONNECT_TIMER, src/device.c). Blocking the device ends its
  link at once (`device_block`, the same file); it is unblocked in the same breath. A device that is found blocked was
  left so by a program that was killed in between, and is unblocked by whoever wants to connect to it.
- Nothing here is needed: where there is no such bus every call finds nothing, does nothing, and does not raise.

Source: BlueZ 5.66, doc/org.bluez.Device.rst, src/device.c.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass

WITHIN = 1.0
"""Seconds that whoever uses this had better wait for an answer."""
_BLUEZ = "org.bluez"
_DEVICE = "org.bluez.Device1"


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device as BlueZ knows it. `props`: its properties, as bleak wants them."""

    path: str
    address: str
    props: Mapping[str, object]

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called: its own name once it has been connected, and an alias."""
        found = (self.props.get(key) for key in ("Name", "Alias"))
        return tuple(dict.fromkeys(name for name in found if isinstance(name, str) and name))

    @property
    def name(self) -> str | None:
        """The first of them."""
        return next(iter(self.names), None)

    @property
    def services(self) -> frozenset[str]:
        """The services it has ever shown, full UUIDs."""
        found = self.props.get("UUIDs")
        return frozenset(str(uuid).lower() for uuid in found) if isinstance(found, list) else frozenset()

    @property
    def connected(self) -> bool:
        """Whether this computer is connected to it."""
        return bool(self.props.get("Connected"))

    @property
    def blocked(self) -> bool:
        """Whether BlueZ refuses to connect to it."""
        return bool(self.props.get("Blocked"))


async def in_time(asking: Coroutine[None, None, list[KnownDevice]]) -> list[KnownDevice]:
    """What is answered within a bound, else nothing. What is late is not interrupted: it ends by itself."""
    task = asyncio.ensure_future(asking)
    done, _ = await asyncio.wait({task}, timeout=WITHIN)
    return task.result() if done else []


if sys.platform == "linux":
    from dbus_fast import BusType, Message, MessageType, Variant
    from dbus_fast.aio import MessageBus
    from dbus_fast.unpack import unpack_variants

    @contextlib.asynccontextmanager
    async def _bus() -> AsyncIterator[MessageBus]:
        bus = MessageBus(bus_type=BusType.SYSTEM)
        try:
            connected = await bus.connect()
        except BaseException:
            bus.disconnect()  # it has a socket before it is connected
            raise
        try:
            yield connected
        finally:
            bus.disconnect()
            with contextlib.suppress(Exception):  # replays what has killed the connection
                async with asyncio.timeout(WITHIN):
                    await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast leaves it untyped

    async def known_devices() -> list[KnownDevice]:
        """Every device that BlueZ knows of, connected or not."""
        message = Message(_BLUEZ, "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
        try:
            async with _bus() as bus:
                reply = await bus.call(message)
        except Exception:  # noqa: BLE001 - whatever is wrong with the bus, whoever uses it in earnest will say
            return []
        if reply.message_type is not MessageType.METHOD_RETURN:
            return []
        found = {path: unpack_variants(held[_DEVICE]) for path, held in reply.body[0].items() if _DEVICE in held}
        return [KnownDevice(path, str(props.get("Address", "")), props) for path, props in found.items()]

    async def unblock(path: str) -> None:
        """Let the device at `path` be connected to."""
        with contextlib.suppress(Exception):
            async with _bus() as bus:
                await bus.call(_blocking(path, on=False))

    async def cut(path: str) -> None:
        """End the link to the device at `path` now. Returns when BlueZ has said so, or will not."""
        with contextlib.suppress(Exception):
            async with _bus() as bus:
                try:
                    await bus.call(_blocking(path, on=True))
                finally:
                    await bus.call(_blocking(path, on=False))

    def _blocking(path: str, *, on: bool) -> Message:
        body = [_DEVICE, "Blocked", Variant("b", on)]
        return Message(_BLUEZ, path, "org.freedesktop.DBus.Properties", "Set", signature="ssv", body=body)

else:

    async def known_devices() -> list[KnownDevice]:
        """Every device that BlueZ knows of: none here."""
        return []

    async def unblock(path: str) -> None:
        """There is nothing to unblock."""

    async def cut(path: str) -> None:
        """There is no quicker way than to disconnect."""
