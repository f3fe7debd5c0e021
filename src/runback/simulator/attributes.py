"""The treadmill's attribute table: which services it has, what each characteristic allows, and what may be read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from runback.devices.terms import DataSource
from runback.simulator import octets
from runback.simulator.gatt import AttFault, Property
from runback.simulator.spec import MachineSpec


class Att(IntEnum):
    """ATT error codes this machine answers with (Core vol 3 F 3.4.1.1; the last two as FTMS uses them)."""

    READ_NOT_PERMITTED = 0x02
    WRITE_NOT_PERMITTED = 0x03
    ATTRIBUTE_NOT_FOUND = 0x0A
    INVALID_LENGTH = 0x0D
    UNLIKELY = 0x0E
    INSUFFICIENT_ENCRYPTION = 0x0F
    CCCD_IMPROPERLY_CONFIGURED = 0xFD
    PROCEDURE_IN_PROGRESS = 0xFE


_READ: frozenset[Property] = frozenset({"read"})
_NOTIFY: frozenset[Property] = frozenset({"notify"})


class AttributeTable:
    """Built once from the spec; the values here never change."""

    def __init__(self, spec: MachineSpec) -> None:
        self._fixed = {
            octets.FEATURE: octets.feature(spec),
            octets.SPEED_RANGE: octets.speed_range(spec),
            octets.MANUFACTURER: spec.manufacturer.encode(),
            octets.MODEL: spec.model.encode(),
            octets.SERIAL: spec.serial.encode(),
            octets.FIRMWARE: spec.firmware.encode(),
        }
        self._unreadable = spec.form.unreadable
        machine: dict[str, frozenset[Property]] = {
            octets.FEATURE: _READ,
            octets.TREADMILL_DATA: _NOTIFY,
            octets.TRAINING_STATUS: _READ | _NOTIFY,
            octets.SPEED_RANGE: _READ,
            octets.MACHINE_STATUS: _NOTIFY,
        }
        if spec.control_point:
            machine[octets.CONTROL_POINT] = spec.control_point
        if spec.has_incline or spec.form.zero_incline_range:
            self._fixed[octets.INCLINE_RANGE] = octets.incline_range(spec)
            machine[octets.INCLINE_RANGE] = _READ
        services = {
            octets.FITNESS_MACHINE: machine,
            octets.DEVICE_INFORMATION: dict.fromkeys(
                (octets.MANUFACTURER, octets.MODEL, octets.SERIAL, octets.FIRMWARE), _READ
            ),
        }
        if spec.form.source in (DataSource.RSC, DataSource.BOTH):
            services[octets.RUNNING] = {octets.RUNNING_MEASUREMENT: _NOTIFY}
        for one in spec.vendor:
            services.setdefault(one.service, {})[one.uuid] = one.properties
        self.services: Mapping[str, Mapping[str, frozenset[Property]]] = MappingProxyType(
            {uuid: MappingProxyType(contents) for uuid, contents in services.items()}
        )
        self._properties = {uuid: allowed for contents in services.values() for uuid, allowed in contents.items()}

    def properties(self, uuid: str) -> frozenset[Property]:
        """What `uuid` allows. Raises AttFault 0x0A if there is no such characteristic."""
        if uuid not in self._properties:
            raise AttFault(Att.ATTRIBUTE_NOT_FOUND)
        return self._properties[uuid]

    def fixed(self, uuid: str) -> bytes:
        """The value of a characteristic that never changes. Raises AttFault 0x0A, 0x02; 0x0E for a failing read."""
        if "read" not in self.properties(uuid):
            raise AttFault(Att.READ_NOT_PERMITTED)
        if uuid in self._unreadable:
            raise AttFault(Att.UNLIKELY)
        return self._fixed.get(uuid, b"")

    def check_cccd(self, uuid: str) -> None:
        """Raises AttFault 0x0A where there is no CCCD to write."""
        if not self.properties(uuid) & {"notify", "indicate"}:
            raise AttFault(Att.ATTRIBUTE_NOT_FOUND)
