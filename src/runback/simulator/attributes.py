"""The treadmill's attribute table: which services it has, what each characteristic allows, and what may be read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from runback.devices.quirk_values import DataSource
from runback.simulator import encoding
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
            encoding.FEATURE: encoding.feature(spec),
            encoding.SPEED_RANGE: encoding.speed_range(spec),
            encoding.MANUFACTURER: spec.manufacturer.encode(),
            encoding.MODEL: spec.model.encode(),
            encoding.SERIAL: spec.serial.encode(),
            encoding.FIRMWARE: spec.firmware.encode(),
        }
        self._unreadable = spec.form.unreadable
        machine: dict[str, frozenset[Property]] = {
            encoding.FEATURE: _READ,
            encoding.TREADMILL_DATA: _NOTIFY,
            encoding.TRAINING_STATUS: _READ | _NOTIFY,
            encoding.SPEED_RANGE: _READ,
            encoding.MACHINE_STATUS: _NOTIFY,
        }
        if spec.control_point:
            machine[encoding.CONTROL_POINT] = spec.control_point
        if spec.has_incline or spec.form.zero_incline_range:
            self._fixed[encoding.INCLINE_RANGE] = encoding.incline_range(spec)
            machine[encoding.INCLINE_RANGE] = _READ
        services = {
            encoding.FITNESS_MACHINE: machine,
            encoding.DEVICE_INFORMATION: dict.fromkeys(
                (encoding.MANUFACTURER, encoding.MODEL, encoding.SERIAL, encoding.FIRMWARE), _READ
            ),
        }
        if spec.form.source in (DataSource.RSC, DataSource.BOTH):
            services[encoding.RUNNING] = {encoding.RUNNING_MEASUREMENT: _NOTIFY}
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
