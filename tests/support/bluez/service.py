"""A small bluetoothd: org.bluez on a D-Bus of our own, with simulated peripherals for treadmills.

It speaks what unmodified bleak 3.1 asks of BlueZ, and no more. A second write to a characteristic meanwhile is
InProgress (bluez.md 6); a read comes back as a notification too; a death says nothing (7). The rest of BlueZ's
behaviour is in `air`. Faults are methods: drop, stall, freeze, forget, power, die.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

from dbus_fast import Message, MessageType

from runback.ftms.assigned_numbers import TREADMILL_DATA
from runback.simulator.gatt import AttFault, Peripheral
from tests.support.bluez.air import Air, Habits
from tests.support.bluez.objects import (
    ADAPTER,
    ADAPTER_PATH,
    CHARACTERISTIC,
    DEVICE,
    OBJECT_MANAGER,
    PROPERTIES,
    BluezError,
    Characteristic,
    Device,
    Interfaces,
    Request,
    Values,
    adapter_values,
    flag,
)
from tests.support.bluez.wire import Wire

_UNKNOWN_OBJECT = "org.freedesktop.DBus.Error.UnknownObject"


class Received(NamedTuple):
    """A WriteValue as it came in; `at` in seconds of CLOCK_MONOTONIC (the loop's)."""

    at: float
    address: str
    uuid: str
    data: bytes
    response: bool


class Bluez:
    """The service. From `start` to `stop` it is the bus's only bluetoothd; made inside a running event loop.

    `received` are all writes; `on_received` may be replaced to hear of them as they come.
    """

    def __init__(self, peripherals: Iterable[Peripheral], habits: Habits | None = None) -> None:
        self.habits = habits or Habits()
        self.received: list[Received] = []
        self.on_received: Callable[[Received], None] = self.received.append
        self.powered = True
        self.connect_errors: deque[BluezError] = deque()
        """What the next calls of Connect are answered with."""
        self.connects = 0
        """How often Connect was called."""
        self.scans_refused = 0
        """How often a bus name has asked for a scan while it had one."""
        self._wire = Wire()
        self._air = Air(self._wire, self.habits, peripherals)
        self._calls: dict[tuple[str, str], Callable[[Message], Message | None]] = {
            (OBJECT_MANAGER, "GetManagedObjects"): self._get_managed_objects,
            (PROPERTIES, "Get"): self._get,
            (PROPERTIES, "GetAll"): self._get_all,
            (PROPERTIES, "Set"): self._set,
            (ADAPTER, "SetDiscoveryFilter"): Message.new_method_return,
            (ADAPTER, "StartDiscovery"): self._start_discovery,
            (ADAPTER, "StopDiscovery"): self._stop_discovery,
            (ADAPTER, "RemoveDevice"): self._remove_device,
            (DEVICE, "Connect"): self._connect,
            (DEVICE, "Disconnect"): self._disconnect,
            (CHARACTERISTIC, "ReadValue"): self._read_value,
            (CHARACTERISTIC, "WriteValue"): self._write_value,
            (CHARACTERISTIC, "StartNotify"): self._start_notify,
            (CHARACTERISTIC, "StopNotify"): self._stop_notify,
        }

    async def start(self) -> None:
        """Take org.bluez on the system bus."""
        await self._wire.start("org.bluez", self._on_message)
        self._wire.added(ADAPTER_PATH, {ADAPTER: self._adapter()})

    async def stop(self) -> None:
        """Leave the bus; what was connected falls. Idempotent."""
        self._air.end()
        await self._wire.stop()

    @property
    def quiet(self) -> asyncio.Event:
        """Set while nobody scans."""
        return self._air.quiet

    def now(self) -> float:
        """The peripherals' clock, seconds: what their methods want."""
        return self._air.now()

    # Faults

    async def die(self) -> None:
        """SIGKILL of bluetoothd, as seen from the bus (7)."""
        await self.stop()

    async def rise(self) -> None:
        """A bluetoothd started again: it knows no device yet."""
        await self.start()
        self.forget()

    def freeze(self) -> None:
        """Hang: take every call, answer none, say nothing."""
        self._wire.frozen = True

    def stall(self, *, stalled: bool = True) -> None:
        """The machine answers no ATT request any more (4), or does again; notifications go on."""
        self._air.stalled = stalled
        for device in self._air.devices:
            self._air.serve(device)

    def drop(self, address: str | None = None) -> None:
        """Radio loss (8), of every link or that to `address`."""
        for device in self._air.devices:
            if address in (None, device.advert.address):
                self._air.hang_up(device)

    def forget(self) -> None:
        """Remove every device that is not connected, as happens 30 s after it was last heard (3)."""
        for device in self._air.devices:
            self._air.forget(device)

    def power(self, *, on: bool) -> None:
        """Switch the adapter (10)."""
        self.powered = on
        if not on:
            self.drop()
            for name in tuple(self._air.scanners):
                self._air.unscan(name)
        self._wire.changed(ADAPTER_PATH, ADAPTER, self._adapter())

    def flood(self, rate: int) -> None:
        """The first treadmill says what it does `rate` times a second more than it would; 0: no more."""
        self._air.flood(self._air.devices[0], TREADMILL_DATA, rate)

    def refuse(self, times: int, name: str = "InProgress", text: str = "Operation already in progress") -> None:
        """Fail the next `times` calls of Connect (15)."""
        self.connect_errors.extend(BluezError(name, text) for _ in range(times))

    def block(self, *, on: bool) -> None:
        """Block every device, or none: as a program does that was killed before it unblocked one."""
        for device in self._air.devices:
            self._block(device, on=on)

    def scan_once(self) -> None:
        """Hear of every device once, as a program did that is gone."""
        self._air.scan("elsewhere")
        self._air.unscan("elsewhere")
        for device in self._air.devices:
            device.known = True

    async def connect_from_elsewhere(self) -> None:
        """Connect every device, as a program did that is gone."""
        for device in self._air.devices:
            self._air.bring_up(device)
        await asyncio.sleep(0)

    def wake(self) -> None:
        """Something was done to a peripheral from outside: let it speak."""
        for device in self._air.devices:
            self._air.pump(device)

    # Calls

    def _on_message(self, message: Message) -> Message | bool | None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _, owner = message.body
            if not owner:
                self._departed(name)
            return None
        call = self._calls.get((message.interface or "", message.member or ""))
        if message.message_type is not MessageType.METHOD_CALL or call is None:
            return None
        if self._wire.frozen:
            return True
        try:
            return call(message) or True
        except BluezError as error:
            return Message.new_error(message, error.name, error.text)

    def _departed(self, name: str) -> None:
        """A client left the bus: its scan and its notify sessions end."""
        if name in self._air.scanners:
            self._air.unscan(name)
        for device in self._air.devices:
            for one in device.characteristics.values():
                if name in one.sessions:
                    self._air.end_session(device, one, name)

    def _objects(self) -> dict[str, Interfaces]:
        objects: dict[str, Interfaces] = {ADAPTER_PATH: {ADAPTER: self._adapter()}}
        for device in self._air.devices:
            if device.known:
                objects |= {device.path: {DEVICE: device.values()}} | device.gatt()
        return objects

    def _get_managed_objects(self, message: Message) -> Message:
        return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects()])

    def _get(self, message: Message) -> Message:
        interface, name = message.body
        return Message.new_method_return(message, "v", [self._values(message.path, interface)[name]])

    def _get_all(self, message: Message) -> Message:
        return Message.new_method_return(message, "a{sv}", [self._values(message.path, message.body[0])])

    def _values(self, path: str | None, interface: str) -> Values:
        try:
            return self._objects()[path or ""][interface]
        except KeyError:
            raise BluezError(_UNKNOWN_OBJECT, f"no {interface} at {path}") from None

    def _set(self, message: Message) -> Message:
        interface, name, value = message.body
        if interface == ADAPTER and name == "Powered":
            self.power(on=value.value)
        if interface == DEVICE and name == "Blocked":
            self._block(self._device(message.path), on=value.value)
        return Message.new_method_return(message)

    def _block(self, device: Device, *, on: bool) -> None:
        """A blocked device loses its link at once (BlueZ src/device.c, device_block)."""
        device.blocked = on
        if on:
            self._air.hang_up(device)
        self._wire.changed(device.path, DEVICE, {"Blocked": flag(on=on)})

    def _start_discovery(self, message: Message) -> Message:
        self._check_ready()
        if message.sender in self._air.scanners:
            self.scans_refused += 1
            raise BluezError("InProgress", "Operation already in progress")
        self._air.scan(message.sender or "")
        return Message.new_method_return(message)

    def _stop_discovery(self, message: Message) -> Message:
        self._check_ready()
        if message.sender not in self._air.scanners:
            raise BluezError("Failed", "No discovery started")
        self._air.unscan(message.sender or "")
        return Message.new_method_return(message)

    def _remove_device(self, message: Message) -> Message:
        device = self._device(message.body[0])
        self._air.hang_up(device)
        self._air.forget(device)
        return Message.new_method_return(message)

    def _connect(self, message: Message) -> Message | None:
        self._check_ready()
        device = self._device(message.path)
        self.connects += 1
        if device.client is not None:
            return Message.new_method_return(message)
        if self.connect_errors:
            raise self.connect_errors.popleft()
        if device.blocked:
            raise BluezError("Failed", "br-connection-canceled")
        if device.connecting is not None:
            raise BluezError("InProgress", "Operation already in progress")
        self._air.connect(device, message)
        return None

    def _disconnect(self, message: Message) -> Message | None:
        device = self._device(message.path)
        if device.connecting is not None:
            self._wire.refuse(device.connecting, BluezError("Failed", "le-connection-abort-by-local"))
            device.connecting = None
            return Message.new_method_return(message)
        if device.client is None:
            raise BluezError("NotConnected", "Not Connected")

        def hang_up() -> None:
            self._air.hang_up(device)
            self._wire.send(Message.new_method_return(message))

        self._wire.after(("disconnect", message.sender, message.serial), self.habits.disconnect_takes, hang_up)
        return None

    def _read_value(self, message: Message) -> None:
        device, one, client = self._characteristic(message.path)

        def read() -> None:
            data = device.peripheral.read(client, one.uuid, self._air.now())
            self._wire.send(Message.new_method_return(message, "ay", [data]))
            self._wire.value(one.path, CHARACTERISTIC, data)

        self._air.ask(device, Request(message, read))

    def _write_value(self, message: Message) -> Message | None:
        device, one, client = self._characteristic(message.path)
        data, options = bytes(message.body[0]), message.body[1]
        response = "type" not in options or options["type"].value == "request"
        if one.writing:
            raise BluezError("InProgress", "In Progress")
        if not one.flags & {"write", "write-without-response"}:
            raise BluezError("NotSupported", "Operation is not supported")
        at = asyncio.get_running_loop().time()
        self.on_received(Received(at, device.advert.address, one.uuid, data, response))
        if not response:
            with contextlib.suppress(AttFault):  # a command has no answer, not even a refusal
                device.peripheral.write(client, one.uuid, data, self._air.now(), response=False)
            self._air.pump_soon(device)
            return Message.new_method_return(message)

        def write() -> None:
            request.token = device.peripheral.write(client, one.uuid, data, self._air.now(), response=True)

        request = Request(message, write, one)
        self._air.ask(device, request)
        return None

    def _start_notify(self, message: Message) -> None:
        device, one, client = self._characteristic(message.path)
        if not one.flags & {"notify", "indicate"}:
            raise BluezError("NotSupported", "Operation is not supported")
        sender = message.sender or ""

        def subscribe() -> None:
            if not one.sessions:
                device.peripheral.subscribed(client, one.uuid, self._air.now(), enabled=True)
            if sender not in one.sessions:
                one.sessions.append(sender)
            self._wire.changed(one.path, CHARACTERISTIC, {"Notifying": flag(on=True)})
            self._wire.send(Message.new_method_return(message))

        self._air.ask(device, Request(message, subscribe))

    def _stop_notify(self, message: Message) -> Message:
        device, one, _ = self._characteristic(message.path)
        if message.sender not in one.sessions:
            raise BluezError("Failed", "No notify session started")
        self._air.end_session(device, one, message.sender or "")
        return Message.new_method_return(message)

    # What calls need

    def _adapter(self) -> Values:
        return adapter_values(powered=self.powered, discovering=bool(self._air.scanners))

    def _check_ready(self) -> None:
        if not self.powered:
            raise BluezError("NotReady", "Resource Not Ready")

    def _device(self, path: str | None) -> Device:
        for device in self._air.devices:
            if device.known and device.path == path:
                return device
        raise BluezError(_UNKNOWN_OBJECT, f"no such object {path}")

    def _characteristic(self, path: str | None) -> tuple[Device, Characteristic, int]:
        """A characteristic of a connected device, with the number of its link."""
        for device in self._air.devices:
            if device.known and path in device.characteristics:
                if device.client is None:
                    raise BluezError("Failed", "Not connected")
                return device, device.characteristics[path], device.client
        raise BluezError(_UNKNOWN_OBJECT, f"no such object {path}")
