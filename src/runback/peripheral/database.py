"""The peripheral's attributes in bumble's database.

Rules:
- Services and characteristics stand as the peripheral names them, in its order, with its properties; what Bluetooth has
  a number for is written with that number, as machines do.
- A read asks the peripheral each time. Writes never come here (`bearer`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from bumble import att, device, gatt
from bumble.core import UUID

from runback.peripheral.advertising import uuid_octets
from runback.peripheral.bearer import Handles
from runback.simulator.gatt import AttFault, Peripheral, Property

_PROPERTIES: Mapping[Property, gatt.Characteristic.Properties] = {
    "read": gatt.Characteristic.Properties.READ,
    "write": gatt.Characteristic.Properties.WRITE,
    "write-without-response": gatt.Characteristic.Properties.WRITE_WITHOUT_RESPONSE,
    "notify": gatt.Characteristic.Properties.NOTIFY,
    "indicate": gatt.Characteristic.Properties.INDICATE,
}
_OPEN = att.Attribute.READABLE | att.Attribute.WRITEABLE


class Reader(Protocol):
    """Who answers reads, by the connection they come from. Both raise AttFault."""

    def read(self, connection: device.Connection, uuid: str) -> bytes:
        """The value of `uuid`."""

    def cccd(self, connection: device.Connection, uuid: str) -> bytes:
        """What this connection has written to the CCCD of `uuid`."""


def publish(host: device.Device, peripheral: Peripheral, reader: Reader) -> Handles:
    """Put the peripheral's services into the database of `host`; returns where they stand."""
    values: dict[gatt.Characteristic[bytes], str] = {}
    cccds: dict[gatt.Descriptor, str] = {}
    offered: dict[str, frozenset[Property]] = {}
    for service, contents in peripheral.services().items():
        made: list[gatt.Characteristic[bytes]] = []
        for uuid, allowed in contents.items():
            offered[uuid] = allowed
            descriptors: list[gatt.Descriptor] = []
            if allowed & {"notify", "indicate"}:
                descriptors.append(_descriptor(reader, uuid))
                cccds[descriptors[0]] = uuid
            flags = gatt.Characteristic.Properties(sum(_PROPERTIES[each] for each in allowed))
            made.append(gatt.Characteristic(_uuid(uuid), flags, _OPEN, _value(reader.read, uuid), descriptors))
            values[made[-1]] = uuid
        host.add_service(gatt.Service(_uuid(service), made))
    attributes = host.gatt_server.attributes
    return Handles(
        {one.handle: uuid for one, uuid in values.items()},
        {one.handle: uuid for one, uuid in cccds.items()},
        offered,
        frozenset(one.handle for one in attributes if not one.permissions & att.Attribute.WRITEABLE),
    )


def _descriptor(reader: Reader, uuid: str) -> gatt.Descriptor:
    return gatt.Descriptor(gatt.GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR, _OPEN, _value(reader.cccd, uuid))


def _value(read: Callable[[device.Connection, str], bytes], uuid: str) -> att.AttributeValue[bytes]:
    def answer(connection: device.Connection) -> bytes:
        try:
            return read(connection, uuid)
        except AttFault as fault:
            raise att.ATT_Error(fault.code) from fault

    return att.AttributeValue(read=answer)


def _uuid(full: str) -> UUID:
    return UUID.from_bytes(uuid_octets(full))
