"""Who is on the air, and which of them was meant.

Rules:
- A person names a treadmill by its address, its whole name, or the beginning of its name; letter case never matters.
- A better kind of match always wins: address, then whole name, then beginning; within a kind those that offer the
  wanted service win over those that do not say so (a machine need not advertise 1826, nor a name: quirk 40).
- Two that match equally well are never guessed between: `choose` raises, and names both. The belt that starts is the
  one the person stands on, or none.
- What says of itself that it is another kind of machine is not taken by the beginning of its name.
- A strap is never looked for among fitness machines, not even by address: letting go of it would let go of the belt.
- A name from the air is made printable here, once (`name`), and everybody else shows that. What was advertised
  (`raw_name`) is compared, with what a person asks for and with profiles, and never shown. A person who types what was
  shown means that device too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runback.config_files.error_text import CLIP, printable
from runback.errors import TreadmillNotFound

FITNESS_MACHINE = "00001826-0000-1000-8000-00805f9b34fb"
"""The Fitness Machine service (S0 chapter 3)."""
HEART_RATE = "0000180d-0000-1000-8000-00805f9b34fb"
"""The Heart Rate service (HRS 1.0, 2)."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """One device as last seen. `rssi` in dBm, None when it is connected to this computer and therefore silent;
    `is_treadmill` None when it does not say what kind of machine it is."""

    address: str
    raw_name: str | None
    """As it was advertised: to be compared, never shown."""
    rssi: int | None
    services: frozenset[str]
    is_treadmill: bool | None = None
    connected: bool = False
    service_data: bytes | None = None
    """What it advertises of its Fitness Machine service, as it came."""
    also: tuple[str, ...] = ()
    """Other names it goes by: its own (2A00), an alias."""

    @property
    def name(self) -> str | None:
        """Its name as a person is shown it: one line of printable characters; None if it has none, or only blanks."""
        return printable(self.raw_name or "", CLIP).strip() or None

    @property
    def is_machine(self) -> bool:
        """Whether it says of itself that it is a treadmill, or offers the Fitness Machine service."""
        return bool(self.is_treadmill) or FITNESS_MACHINE in self.services

    @property
    def is_strap(self) -> bool:
        """Whether it offers the Heart Rate service, and is no fitness machine."""
        return HEART_RATE in self.services and not self.is_machine

    def __str__(self) -> str:
        return f"“{self.name}” ({self.address})" if self.name else self.address


def says_treadmill(service_data: bytes | None) -> bool | None:
    """Whether the Fitness Machine service data (flags u8, machine type u16 little-endian, S0 chapter 3) names a
    treadmill (type bit 0). None without data, or when it is too short to say."""
    if service_data is None or len(service_data) < 3:
        return None
    return bool(service_data[1] & 0x01)


def choose(
    wanted: str, sightings: Iterable[ScanResult], service: str = FITNESS_MACHINE, homes: Iterable[str] = ()
) -> ScanResult | None:
    """The one sighting that `wanted` (a name, its beginning, or an address) means, or None. `homes`: addresses that
    what is wanted is known to have, whatever it is called now.

    Raises TreadmillNotFound when several match equally well.
    """
    at_home = {home.casefold() for home in homes}
    by_rank: dict[int, dict[str, ScanResult]] = {}
    for sighting in sightings:
        rank = -1 if sighting.address.casefold() in at_home else _rank(wanted, sighting, service)
        if rank is not None:
            by_rank.setdefault(rank, {})[sighting.address.casefold()] = sighting
    if not by_rank:
        return None
    best = list(by_rank[min(by_rank)].values())
    if len(best) > 1:
        several = ", ".join(sorted(str(sighting) for sighting in best))
        asked = printable(wanted.strip(), CLIP)
        raise TreadmillNotFound(f"“{asked}” could be any of {several}; give the address of the one you mean")
    return best[0]


def _rank(wanted: str, sighting: ScanResult, service: str) -> int | None:
    """How well `sighting` matches, 0 best; None not at all."""
    asked = wanted.strip().casefold()
    if not asked or (service == HEART_RATE and sighting.is_machine):
        return None
    if sighting.address.casefold() == asked:
        return 0
    names = {(name or "").strip().casefold() for name in (sighting.raw_name, sighting.name, *sighting.also)}
    silent = service not in sighting.services
    if asked in names:
        return 1 + silent
    if sighting.is_treadmill is not False and any(name.startswith(asked) for name in names):
        return 3 + silent
    return None
