"""The objects of a small org.bluez: one adapter, the devices it has seen, their services and characteristics.

Names, signatures and error texts are BlueZ 5.66's (doc/org.bluez.*.rst; gatt-client.c create_gatt_dbus_error).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from dbus_fast import Message, Variant

from runback.simulator.gatt import Advertisement, Peripheral, Property

ADAPTER_PATH = "/org/bluez/hci0"
ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
PROPERTIES = "org.freedesktop.DBus.Properties"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"

Values = dict[str, Variant]
Interfaces = dict[str, Values]


class BluezError(Exception):
    """An error reply: `name` without its prefix, `text` its message."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, text)
        self.name = name if name.startswith("org.") else f"org.bluez.Error.{name}"
        self.text = text


def flag(*, on: bool) -> Variant:
    """A boolean property."""
    return Variant("b", on)


def adapter_values(*, powered: bool, discovering: bool) -> Values:
    """Adapter1."""
    return {
        "Address": Variant("s", "00:1A:7D:DA:71:13"),
        "AddressType": Variant("s", "public"),
        "Name": Variant("s", "bench"),
        "Alias": Variant("s", "bench"),
        "Powered": flag(on=powered),
        "Discovering": flag(on=discovering),
        "Roles": Variant("as", ["central", "peripheral"]),
        "UUIDs": Variant("as", []),
    }


_ATT_ERRORS = {
    0x02: ("NotPermitted", "Read not permitted"),
    0x03: ("NotPermitted", "Write not permitted"),
    0x05: ("NotPermitted", "Not paired"),
    0x06: ("NotSupported", "Operation is not supported"),
    0x07: ("InvalidArguments", "Invalid offset"),
    0x08: ("NotAuthorized", "Operation Not Authorized"),
    0x0C: ("NotPermitted", "Not paired"),
    0x0D: ("InvalidArguments", "Invalid Length"),
    0x0F: ("NotPermitted", "Not paired"),
    0xFD: ("ImproperlyConfigured", "Operation Improperly Configured"),
}


def att_error(code: int) -> BluezError:
    """What BlueZ makes of an ATT error code."""
    return BluezError(*_ATT_ERRORS.get(code, ("Failed", f"Operation failed with ATT error: 0x{code:02x}")))


@dataclass(slots=True)
class Characteristic:
    """One characteristic; `sessions` are the unique bus names that called StartNotify, dead or alive."""

    path: str
    uuid: str
    flags: frozenset[Property]
    service: str
    sessions: list[str] = field(default_factory=list)
    writing: bool = False

    def values(self) -> Values:
        return {
            "UUID": Variant("s", self.uuid),
            "Service": Variant("o", self.service),
            "Value": Variant("ay", b""),
            "Notifying": flag(on=bool(self.sessions)),
            "Flags": Variant("as", sorted(self.flags)),
            "MTU": Variant("q", 247),
        }


@dataclass(slots=True)
class Request:
    """A D-Bus call that waits for the machine. `write` for a write request: its characteristic."""

    message: Message
    run: Callable[[], None]
    write: Characteristic | None = None
    token: int | None = None
    timer: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class Device:
    """One peripheral as bluetoothd sees it. `client` numbers the present link, None when there is none."""

    peripheral: Peripheral
    advert: Advertisement
    known: bool = False
    explored: bool = False
    resolved: bool = False
    client: int | None = None
    rssi_jitter: int = 0
    own_name: str | None = None
    """Its own name (2A00), once it is known; until the next advertisement."""
    bare: int = 0
    """How many connections have been resolved."""
    blocked: bool = False
    connecting: Message | None = None
    under_way: Request | None = None
    waiting: deque[Request] = field(default_factory=deque)
    services: dict[str, str] = field(default_factory=dict)
    characteristics: dict[str, Characteristic] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"{ADAPTER_PATH}/dev_{self.advert.address.replace(':', '_')}"

    def lay_out(self) -> None:
        """Name the objects of the peripheral's services, numbered by handle as BlueZ does."""
        handle = 0x0A
        for service_uuid, contents in self.peripheral.services().items():
            service = f"{self.path}/service{handle:04x}"
            self.services[service] = service_uuid
            for uuid, flags in contents.items():
                handle += 1
                path = f"{service}/char{handle:04x}"
                self.characteristics[path] = Characteristic(path, uuid, flags, service)
                handle += 2  # its value, its CCCD
            handle += 1

    def values(self) -> Values:
        """Device1."""
        uuids = [*self.advert.service_uuids, *(uuid for uuid in self.services.values() if self.explored)]
        values = {
            "Address": Variant("s", self.advert.address),
            "AddressType": Variant("s", "public"),
            "Alias": Variant("s", self.own_name or self.advert.name or self.advert.address.replace(":", "-")),
            "Paired": flag(on=False),
            "Bonded": flag(on=False),
            "Trusted": flag(on=False),
            "Blocked": flag(on=self.blocked),
            "LegacyPairing": flag(on=False),
            "Connected": flag(on=self.client is not None),
            "ServicesResolved": flag(on=self.resolved),
            "UUIDs": Variant("as", list(dict.fromkeys(uuids))),
            "Adapter": Variant("o", ADAPTER_PATH),
            **self.heard(),
        }
        name = self.own_name or self.advert.name
        if name is not None:
            values["Name"] = Variant("s", name)
        return values

    def heard(self) -> Values:
        """What each advertisement renews. A signal strength is never quite the same twice."""
        self.rssi_jitter ^= 1
        data = {uuid: Variant("ay", octets) for uuid, octets in self.advert.service_data.items()}
        return {
            "RSSI": Variant("n", self.advert.rssi + self.rssi_jitter),
            **({"ServiceData": Variant("a{sv}", data)} if data else {}),
        }

    def gatt(self) -> dict[str, Interfaces]:
        """The service and characteristic objects, known after the first connection."""
        if not self.explored:
            return {}
        services: dict[str, Interfaces] = {
            path: {SERVICE: {"UUID": Variant("s", uuid), "Primary": flag(on=True), "Device": Variant("o", self.path)}}
            for path, uuid in self.services.items()
        }
        return services | {path: {CHARACTERISTIC: one.values()} for path, one in self.characteristics.items()}
