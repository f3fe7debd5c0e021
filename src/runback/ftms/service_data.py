"""Fitness Machine service data in adverts: is it free, and what is it.

Rules:
- Scanners strip the UUID (`26 18`) from service data; with or without it is understood.
- Reserved bits are kept in `machine_types`, ignored in the flags; surplus bytes are ignored.

Source: S0 chapter 3; capture Urevo E1L, scan response `06 16 26 18 01 01 00`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runback.errors import CodecError
from runback.ftms.assigned_numbers import MachineType

_UUID: Final = b"\x26\x18"


@dataclass(frozen=True, slots=True)
class ServiceData:
    """`available`: ready to be connected to and used."""

    available: bool
    machine_types: MachineType


def decode_service_data(data: bytes) -> ServiceData:
    """The payload of service data 0x1826. Raises CodecError if flags or machine type are missing."""
    payload = data[2:] if len(data) >= 5 and bytes(data[:2]) == _UUID else data
    if len(payload) < 3:
        raise CodecError("Fitness Machine service data", bytes(data), "flags or machine type are missing")
    return ServiceData(bool(payload[0] & 0x01), MachineType(int.from_bytes(payload[1:3], "little")))
