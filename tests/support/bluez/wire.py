"""The bench's end of the D-Bus: sending, signalling, and the timers that stop with it."""

from __future__ import annotations

import asyncio
import contextlib
import select
from collections.abc import Callable, Hashable

from dbus_fast import BusType, Message, Variant
from dbus_fast.aio import MessageBus

from tests.support.bluez.objects import OBJECT_MANAGER, PROPERTIES, BluezError, Interfaces, Values

_DBUS = "org.freedesktop.DBus"
_DEPARTURES = f"type='signal',sender='{_DBUS}',member='NameOwnerChanged'"


class Wire:
    """A connection to the system bus (DBUS_SYSTEM_BUS_ADDRESS) that says nothing once it is closed or frozen."""

    def __init__(self) -> None:
        self.frozen = False
        self._bus: MessageBus | None = None
        self._timers: dict[Hashable, asyncio.TimerHandle] = {}

    @property
    def open(self) -> bool:
        return self._bus is not None

    @property
    def room(self) -> bool:
        """Whether the bus takes more just now: dbus-fast takes a full socket for a broken one."""
        fd = None if self._bus is None else self._bus._fd
        return fd is not None and bool(select.select([], [fd], [], 0)[1])

    async def start(self, name: str, handler: Callable[[Message], Message | bool | None]) -> None:
        """Connect, hear of every departure from the bus, and take `name`."""
        bus = self._bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        bus.add_message_handler(handler)
        await bus.call(
            Message(
                destination=_DBUS,
                path="/org/freedesktop/DBus",
                interface=_DBUS,
                member="AddMatch",
                signature="s",
                body=[_DEPARTURES],
            )
        )
        await bus.request_name(name)

    async def stop(self) -> None:
        """Close the connection without a word, as the kernel does for a process that was killed."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        if self._bus is not None:
            bus, self._bus = self._bus, None
            bus.disconnect()
            with contextlib.suppress(EOFError, OSError):  # a bus that died first
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast leaves this one untyped

    def after(self, key: Hashable, delay: float, act: Callable[[], None]) -> None:
        """Do `act` in `delay` seconds. One timer per key; a later arming replaces an earlier one."""
        if key in self._timers:
            self._timers.pop(key).cancel()
        if self._bus is None:
            return

        def fire() -> None:
            self._timers.pop(key, None)
            act()

        self._timers[key] = asyncio.get_running_loop().call_later(delay, fire)

    def send(self, message: Message) -> None:
        if self._bus is not None and not self.frozen:
            self._bus.send(message).add_done_callback(lambda sent: sent.cancelled() or sent.exception())

    def refuse(self, message: Message, error: BluezError) -> None:
        """Answer a call with an error."""
        self.send(Message.new_error(message, error.name, error.text))

    def added(self, path: str, interfaces: Interfaces) -> None:
        """InterfacesAdded."""
        self._signal(OBJECT_MANAGER, "InterfacesAdded", "/", "oa{sa{sv}}", [path, interfaces])

    def removed(self, path: str, interfaces: list[str]) -> None:
        """InterfacesRemoved."""
        self._signal(OBJECT_MANAGER, "InterfacesRemoved", "/", "oas", [path, interfaces])

    def changed(self, path: str, interface: str, values: Values) -> None:
        """PropertiesChanged."""
        self._signal(PROPERTIES, "PropertiesChanged", path, "sa{sv}as", [interface, values, []])

    def value(self, path: str, interface: str, data: bytes) -> None:
        """PropertiesChanged of a characteristic's Value: what bleak takes for a notification."""
        self.changed(path, interface, {"Value": Variant("ay", data)})

    def _signal(self, interface: str, member: str, path: str, signature: str, body: list[object]) -> None:
        self.send(Message.new_signal(path, interface, member, signature, body))
