"""What the pages for choosing a treadmill and a strap listen with, and where the choice is kept.

Rules:
- Nothing is connected, and nothing written to a device: what a treadmill says on the air is all that is looked at.
- A device is chosen by its address: names change, and two may share one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from runback.cli import settings_source
from runback.cli.files import own_profiles
from runback.cli.run_options import SIMULATOR, TWIN
from runback.tui.home.device_picker import HeardDevice, Readiness

if TYPE_CHECKING:
    from runback.devices.profile import ProfileEntry
    from runback.link.scan_result import ScanResult

_ROUND = 60.0
"""Seconds of listening, after which it is begun again: an adapter may have gone meanwhile."""
_SIMULATED = HeardDevice(SIMULATOR, "Simulated treadmill", None, "simulated", Readiness.SIMULATED)


class TreadmillScanner:
    """Listens for treadmills; `now` is the one that is set, `path` the journal, which knows the names of those used."""

    title = "treadmill"

    def __init__(self, now: str, path: Path) -> None:
        self._now, self._path = now, path

    async def listen(self, heard: Callable[[HeardDevice], None]) -> None:
        """See `DeviceScanner.listen`. Raises AdapterUnavailable, LinkLost, DeviceError."""
        from runback.devices.library import available
        from runback.link import ble

        entries = available(own_profiles())

        def seen(one: ScanResult) -> None:
            if one.is_machine:
                heard(_treadmill(one, entries))

        await ble.scan(_ROUND, seen)

    def fixed(self) -> tuple[HeardDevice, ...]:
        """See `DeviceScanner.fixed`."""
        return (_SIMULATED,)

    def known(self) -> HeardDevice | None:
        """See `DeviceScanner.known`."""
        if self._now == SIMULATOR or self._now.startswith(TWIN):
            return None
        name = name_of(self._now, self._path)
        return HeardDevice(self._now, name, None, "treadmill", Readiness.CHOSEN)

    def choose(self, device: HeardDevice) -> None:
        """See `DeviceScanner.choose`. Raises SettingsError."""
        settings_source.write(settings_source.path(), "treadmill", device.chosen)


class StrapScanner:
    """Listens for heart-rate straps; `now` is the one that is set, "" for none."""

    title = "heart-rate strap"

    def __init__(self, now: str) -> None:
        self._now = now

    async def listen(self, heard: Callable[[HeardDevice], None]) -> None:
        """See `DeviceScanner.listen`. Raises AdapterUnavailable, LinkLost."""
        from runback.link import ble

        def seen(one: ScanResult) -> None:
            if one.is_strap:
                heard(HeardDevice(one.address, one.name or one.address, one.rssi, "strap", Readiness.READY))

        await ble.scan(_ROUND, seen)

    def fixed(self) -> tuple[HeardDevice, ...]:
        """See `DeviceScanner.fixed`: none can be chosen as well."""
        return (HeardDevice("", "No strap", None, "", Readiness.SIMULATED),)

    def known(self) -> HeardDevice | None:
        """See `DeviceScanner.known`."""
        return HeardDevice(self._now, self._now, None, "strap", Readiness.CHOSEN) if self._now else None

    def choose(self, device: HeardDevice) -> None:
        """See `DeviceScanner.choose`. Raises SettingsError."""
        settings_source.write(settings_source.path(), "strap", device.chosen)


def name_of(address: str, path: Path) -> str:
    """What the treadmill at `address` called itself when it was last used, by the journal at `path`; else `address`."""
    from runback.errors import JournalError
    from runback.journal.queries import treadmills

    try:
        used = treadmills(path)
    except JournalError:  # Home names it
        return address
    same = (each.machine.name for each in used if (each.machine.address or "").casefold() == address.casefold())
    return next((name for name in same if name), address)


def _treadmill(one: ScanResult, entries: Iterable[ProfileEntry]) -> HeardDevice:
    from runback.devices.identity import Identity
    from runback.devices.matching import choose
    from runback.devices.profile import GENERIC
    from runback.errors import DeviceError

    name = one.name or one.address
    if one.is_treadmill is False:
        return HeardDevice(one.address, name, one.rssi, "not a treadmill", Readiness.OTHER)
    try:
        profile = choose(Identity(one.raw_name, one.services), list(entries))
    except DeviceError:
        return HeardDevice(one.address, name, one.rssi, "treadmill", Readiness.UNDECIDED)
    readiness = Readiness.UNKNOWN if profile.name == GENERIC else Readiness.READY
    return HeardDevice(one.address, name, one.rssi, "treadmill", readiness)
