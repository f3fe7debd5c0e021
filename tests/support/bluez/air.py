"""The bench's radio: who is heard, who is connected, and ATT, one request at a time.

Behaves as BlueZ 5.66 was seen to (reference bluez.md, by number):
- Notify sessions outlive the link (1): when it comes up again the machine is subscribed to for the sessions left over,
  and each notification goes out once per session.
- A scan shows no connected device (2). A device not heard for `forget_after` seconds is removed (3).
- Behind an unanswered write every request waits, notifications go on; it fails after `att_timeout` with 0x0E, and the
  link ends `linger` seconds later (4).
- A fallen link fails what is under way with 0x0E, and a connection waits until the device advertises (8).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass

from dbus_fast import Message

from runback.simulator.gatt import AttFault, Dropped, Outgoing, Peripheral, Value, WriteReply
from tests.support.bluez.objects import (
    CHARACTERISTIC,
    DEVICE,
    BluezError,
    Characteristic,
    Device,
    Request,
    att_error,
    flag,
)
from tests.support.bluez.wire import Wire

_UNLIKELY_ERROR = 0x0E
_FLOOD_EVERY = 0.002
"""Seconds between two bursts of a flood."""
_FLOOD_MOST = 32
"""In one burst: what this process was too late for is not made up for at once."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How this bluetoothd behaves; seconds, but for `speed`, the peripherals' seconds per real one. Where BlueZ makes
    one wait for the end of a link (2 s) the default does not."""

    advertise_every: float = 0.02
    att_timeout: float = 30.0
    linger: float = 2.0
    forget_after: float = 30.0
    disconnect_takes: float = 0.0
    explore_takes: float = 0.0
    speed: float = 1.0
    never_connects: frozenset[str] = frozenset()
    """Addresses that are heard, and to which a connection never comes up nor fails."""
    own_name: str | None = None
    """The name (2A00) that takes the place of the advertised one once a device is connected (13)."""
    without_services: int = 0
    """So many connections to each device are resolved before the objects of its services exist (14)."""


class Air:
    """The devices around one adapter. Answers calls late, through `wire`."""

    def __init__(self, wire: Wire, habits: Habits, peripherals: Iterable[Peripheral]) -> None:
        self.devices: list[Device] = []
        self.scanners: set[str] = set()
        """Bus names that have called StartDiscovery."""
        self.quiet = asyncio.Event()
        """Set while nobody scans."""
        self.quiet.set()
        self.stalled = False
        self._newest: dict[str, bytes] = {}
        """What each characteristic, by its path, was last heard to say."""
        self._wire = wire
        self._habits = habits
        self._clients = 0
        for peripheral in peripherals:
            advert = peripheral.advertisement(self.now())
            if advert is None:
                raise ValueError("a peripheral must advertise when its bluetoothd starts, or nobody knows its address")
            self.devices.append(Device(peripheral, advert))

    def now(self) -> float:
        """The peripherals' clock."""
        return asyncio.get_running_loop().time() * self._habits.speed

    # Who is heard

    def scan(self, name: str) -> None:
        self.scanners.add(name)
        self.quiet.clear()
        self._wire.after("advertise", 0.0, self._advertise)

    def unscan(self, name: str) -> None:
        self.scanners.discard(name)
        if not self.scanners:
            self.quiet.set()

    def _advertise(self) -> None:
        """One advertising interval: who is heard, and who can be connected to now."""
        for device in self.devices:
            advert = device.peripheral.advertisement(self.now())
            if advert is not None and device.client is None and self.scanners:
                device.advert, device.own_name = advert, None
                if device.known:
                    self._wire.changed(device.path, DEVICE, device.heard())
                else:
                    device.known = True
                    self._wire.added(device.path, {DEVICE: device.values()})
                self._forget_later(device)
            self._try_to_connect(device)
        if self.scanners or any(device.connecting for device in self.devices):
            self._wire.after("advertise", self._habits.advertise_every, self._advertise)

    def _forget_later(self, device: Device) -> None:
        self._wire.after((device.path, "forget"), self._habits.forget_after, lambda: self.forget(device))

    def forget(self, device: Device) -> None:
        """Remove a device's objects, unless it is connected."""
        if not device.known or device.client is not None or device.connecting is not None:
            return
        for path, interfaces in device.gatt().items():
            self._wire.removed(path, list(interfaces))
        self._wire.removed(device.path, [DEVICE])
        device.known = device.explored = False
        device.services.clear()
        device.characteristics.clear()

    # Links

    def connect(self, device: Device, message: Message) -> None:
        """Connect as soon as `device` advertises, then answer `message`."""
        device.connecting = message
        self._try_to_connect(device)

    def _try_to_connect(self, device: Device) -> None:
        message = device.connecting
        if message is None:
            return
        if device.advert.address in self._habits.never_connects:
            return
        if device.peripheral.advertisement(self.now()) is None:
            self._wire.after("advertise", self._habits.advertise_every, self._advertise)
            return
        device.connecting = None
        self.bring_up(device)
        self._wire.send(Message.new_method_return(message))

    def bring_up(self, device: Device) -> None:
        """The link to `device` is there; what it offers is looked at next."""
        self._clients += 1
        client = device.client = self._clients
        device.peripheral.connected(client, self.now())
        self._wire.changed(device.path, DEVICE, {"Connected": flag(on=True)})
        self._wire.after((device.path, "explore"), self._habits.explore_takes, lambda: self._explored(device, client))

    def _explored(self, device: Device, client: int) -> None:
        """Service discovery is done."""
        if device.client != client:
            return
        device.own_name = self._habits.own_name or device.own_name
        device.bare += 1
        if not device.explored and device.bare > self._habits.without_services:
            device.explored = True
            device.lay_out()
            for path, interfaces in device.gatt().items():
                self._wire.added(path, interfaces)
        device.resolved = True
        for one in device.characteristics.values():
            if one.sessions:
                with contextlib.suppress(AttFault):
                    device.peripheral.subscribed(client, one.uuid, self.now(), enabled=True)
        values = device.values()
        changed = ("UUIDs", "ServicesResolved", *(("Name", "Alias") if device.own_name else ()))
        self._wire.changed(device.path, DEVICE, {name: values[name] for name in changed})
        self.pump(device)

    def hang_up(self, device: Device) -> None:
        """End the link from this side, or by radio loss: the machine only notices that it is gone."""
        client = device.client
        if client is not None:
            device.peripheral.disconnected(client, self.now())
            self._link_down(device)

    def _link_down(self, device: Device) -> None:
        device.client, device.resolved = None, False
        pending = [*([device.under_way] if device.under_way else []), *device.waiting]
        device.waiting.clear()
        for request in pending:
            self._answered(device, request, att_error(_UNLIKELY_ERROR))
        self._wire.changed(device.path, DEVICE, {"ServicesResolved": flag(on=False), "Connected": flag(on=False)})
        self._forget_later(device)

    def end(self) -> None:
        """bluetoothd is gone, and with it, silently, every link."""
        for device in self.devices:
            for request in (*device.waiting, *([device.under_way] if device.under_way else [])):
                if request.timer is not None:
                    request.timer.cancel()
            if device.client is not None:
                device.peripheral.disconnected(device.client, self.now())
                device.client = None

    # ATT

    def ask(self, device: Device, request: Request) -> None:
        """Queue an ATT request."""
        if request.write is not None:
            request.write.writing = True
            loop = asyncio.get_running_loop()
            request.timer = loop.call_later(self._habits.att_timeout, self._time_out, device, request)
        device.waiting.append(request)
        self.serve(device)

    def serve(self, device: Device) -> None:
        """Let the next request go, if none is under way and the machine is not stalled."""
        while device.under_way is None and device.waiting and not self.stalled:
            request = device.under_way = device.waiting.popleft()
            try:
                request.run()
            except AttFault as fault:
                self._answered(device, request, att_error(fault.code))
            else:
                if request.write is None:
                    device.under_way = None
        self.pump_soon(device)

    def _answered(self, device: Device, request: Request, error: BluezError | None) -> None:
        if device.under_way is request:
            device.under_way = None
        if request.timer is not None:
            request.timer.cancel()
        if request.write is not None:
            request.write.writing = False
        if error is None:
            self._wire.send(Message.new_method_return(request.message))
        else:
            self._wire.refuse(request.message, error)

    def _time_out(self, device: Device, request: Request) -> None:
        if request in device.waiting:
            device.waiting.remove(request)
        self._answered(device, request, att_error(_UNLIKELY_ERROR))
        self._wire.after((device.path, "linger"), self._habits.linger, lambda: self.hang_up(device))

    def end_session(self, device: Device, one: Characteristic, name: str) -> None:
        """The bus name `name` has stopped, or left the bus."""
        one.sessions.remove(name)
        if not one.sessions and device.client is not None:
            with contextlib.suppress(AttFault):
                device.peripheral.subscribed(device.client, one.uuid, self.now(), enabled=False)
            self._wire.changed(one.path, CHARACTERISTIC, {"Notifying": flag(on=False)})

    # What the machines say

    def pump_soon(self, device: Device) -> None:
        self._wire.after((device.path, "poll"), 0.0, lambda: self.pump(device))

    def pump(self, device: Device) -> None:
        """Hand on what the machine has to say, and come back when it has more."""
        for outgoing in device.peripheral.poll(self.now()):
            if outgoing.client == device.client:
                self._carry(device, outgoing)
        due = device.peripheral.next_at()
        if due is not None:
            wait = max(due - self.now(), 0.0) / self._habits.speed
            self._wire.after((device.path, "poll"), wait, lambda: self.pump(device))

    def flood(self, device: Device, uuid: str, rate: int) -> None:
        """Let the newest value of `uuid` come again `rate` times a second, until it is 0."""
        loop = asyncio.get_running_loop()
        began, sent = loop.time(), 0

        def burst() -> None:
            nonlocal sent
            due = int((loop.time() - began) * rate)
            for one in device.characteristics.values():
                if one.uuid == uuid and one.path in self._newest and one.sessions and self._wire.room:
                    for _ in range(min(due - sent, _FLOOD_MOST)):
                        self._wire.value(one.path, CHARACTERISTIC, self._newest[one.path])
            sent = due
            self._wire.after((device.path, "flood"), _FLOOD_EVERY, burst)

        if rate > 0:
            burst()
        else:
            self._wire.after((device.path, "flood"), 0.0, lambda: None)

    def _carry(self, device: Device, outgoing: Outgoing) -> None:
        match outgoing:
            case Value(uuid=uuid, data=data):
                for one in device.characteristics.values():
                    if one.uuid == uuid:
                        self._newest[one.path] = data
                    for _ in one.sessions if one.uuid == uuid else ():
                        self._wire.value(one.path, CHARACTERISTIC, data)
            case WriteReply(token=token, error=error):
                request = device.under_way
                if request is not None and request.token == token:
                    self._answered(device, request, None if error is None else att_error(error))
                    self.serve(device)
            case Dropped():
                self._link_down(device)
