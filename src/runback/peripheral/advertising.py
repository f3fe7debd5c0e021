"""Advertising: the address a peripheral goes by, and what it says of itself, in 31 bytes and the 31 of its scan
response (CSS part A).

Rules:
- The flags, the 16-bit services and their service data come first, as a scanner may filter by them without asking for
  a scan response; then the name, then the 128-bit services. Each goes into the advertising data if there is room, else
  into the scan response.
- A name that fits into neither is shortened, and says so; of a list that fits into neither, what fits is given, and the
  list says that it is incomplete.
- A peripheral without a name has no name structure at all: that is what anonymous means.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from runback.simulator.gatt import Advertisement, Peripheral

ROOM = 31
"""Bytes of each (Core vol 3 C 11, legacy advertising)."""
_BASE = "-0000-1000-8000-00805f9b34fb"

_FLAGS = 0x01
_DISCOVERABLE_LE_ONLY = 0x06
_SOME_16, _ALL_16 = 0x02, 0x03
_SOME_128, _ALL_128 = 0x06, 0x07
_SHORT_NAME, _WHOLE_NAME = 0x08, 0x09
_SERVICE_DATA_16, _SERVICE_DATA_128 = 0x16, 0x21


@dataclass(frozen=True, slots=True)
class AdvertisingData:
    """The two halves, each at most `ROOM` bytes."""

    advertised: bytes
    scan_response: bytes


def advertising_data(advert: Advertisement) -> AdvertisingData:
    """`advert` as bytes."""
    halves = _Halves()
    halves.put(_FLAGS, bytes((_DISCOVERABLE_LE_ONLY,)))
    octets = [uuid_octets(one) for one in dict.fromkeys(advert.service_uuids)]
    halves.put_list(_ALL_16, _SOME_16, [one for one in octets if len(one) == 2])
    for uuid, data in advert.service_data.items():
        name = uuid_octets(uuid)
        halves.put(_SERVICE_DATA_16 if len(name) == 2 else _SERVICE_DATA_128, name + data)
    if advert.name:
        halves.put_name(advert.name)
    halves.put_list(_ALL_128, _SOME_128, [one for one in octets if len(one) == 16])
    return AdvertisingData(bytes(halves.first), bytes(halves.second))


def static_address(peripheral: Peripheral, name: str) -> str:
    """A static random address (Core vol 6 B 1.3.2.1), the same for the same name and database: who remembers a
    database by its address must never find another one there."""
    offered = {service: sorted(contents) for service, contents in sorted(peripheral.services().items())}
    digest = bytearray(hashlib.sha256(f"{name} {offered}".encode()).digest()[:6])
    digest[0] |= 0xC0
    return digest.hex(":").upper()


def uuid_octets(full: str) -> bytes:
    """A full UUID little endian, in two bytes where it is one of Bluetooth's own (Core vol 3 B 2.5.1)."""
    if full.startswith("0000") and full.endswith(_BASE):
        return bytes.fromhex(full[4:8])[::-1]
    return bytes.fromhex(full.replace("-", ""))[::-1]


class _Halves:
    """The two halves while they fill."""

    def __init__(self) -> None:
        self.first = bytearray()
        self.second = bytearray()

    def put(self, kind: int, data: bytes) -> bool:
        """One structure where there is room for it; False if nowhere."""
        for half in (self.first, self.second):
            if len(half) + 2 + len(data) <= ROOM:
                half += bytes((1 + len(data), kind)) + data
                return True
        return False

    def put_name(self, name: str) -> None:
        """The name, or as much of it as there is room for, cut between characters."""
        if self.put(_WHOLE_NAME, name.encode()):
            return
        self.put(_SHORT_NAME, name.encode()[: self._most()].decode(errors="ignore").encode())

    def put_list(self, all_of_them: int, some_of_them: int, uuids: Sequence[bytes]) -> None:
        """The whole list, or as many as there is room for."""
        if not uuids or self.put(all_of_them, b"".join(uuids)):
            return
        if fitting := uuids[: self._most() // len(uuids[0])]:
            self.put(some_of_them, b"".join(fitting))

    def _most(self) -> int:
        """Bytes that one more structure can hold."""
        return max(ROOM - min(len(self.first), len(self.second)) - 2, 0)
