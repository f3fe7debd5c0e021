"""`runback scan`: who is on the air, live while it listens.

Rules:
- What a machine says it is, and which profile it would have, are told apart; "verified" is a profile of the person's
  own, made or checked on that machine: none that ships has been tested by us.
- Straps are listed last, as what they are: they have no profile, and are no answer to whether there is a treadmill.
- Progress goes to standard error and only to a terminal; standard output holds the list.
"""

from __future__ import annotations

import itertools
import sys
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from runback.cli import options
from runback.cli.files import own_profiles
from runback.cli.number_types import NumberParam
from runback.config_files.error_text import json_line, quoted
from runback.link.scan_result import ScanResult

if TYPE_CHECKING:
    import asyncio

    from runback.devices.profile import ProfileEntry

NOBODY = 5
STRAP = "heart-rate strap"
TICK = 0.25
"""Seconds between two looks at the progress."""
COLUMNS = 79
"""Of a terminal, that the progress may take: a longer line would wrap, and could not be drawn over."""


@click.command()
@click.option("--seconds", type=NumberParam(0.5, 120), default=8.0, show_default=True, help="How long to listen.")
@options.json
@options.log
def scan(seconds: float, json: bool) -> int:
    """List the treadmills in reach, those already connected included, and the profile each would have; and straps."""
    import asyncio

    from runback.devices.library import available

    entries = available(own_profiles())
    found = asyncio.run(_listen(seconds, live=not json and sys.stderr.isatty()))
    machines = [one for one in found if one.is_machine]
    listed = [*machines, *(one for one in found if one.is_strap)]
    if not json and listed:
        click.echo(f"{'name':<24} {'address':<18} {'signal':>9}  {'machine':<16} profile")
    for one in listed:
        click.echo(json_line(_facts(one, entries)) if json else _line(one, entries))
    for one in machines if not json else ():
        _tell_stranger(one, entries)
    if not machines:
        left = len(found) - len(listed)
        others = f"; {left} other devices were heard" if left else ""
        click.echo(f"no treadmill heard in {seconds:g} s{others}: switch it on, and stand near it", err=True)
    return 0 if machines else NOBODY


def _tell_stranger(one: ScanResult, entries: Iterable[ProfileEntry]) -> None:
    """Say what is to be done with a treadmill that no profile describes, as far as its advertising tells."""
    from runback.devices.profile import GENERIC

    if one.is_treadmill and _profile(one, entries)[0] == GENERIC:
        name = quoted(one.name or one.address)
        click.echo(f"{name} is new here: nobody on its belt, then `runback commission -t {name}`", err=True)


async def _listen(seconds: float, *, live: bool) -> list[ScanResult]:
    from runback.link import ble

    heard: dict[str, ScanResult] = {}

    def seen(one: ScanResult) -> None:
        heard[one.address] = one

    progress = _Progress(seconds, heard)
    if live:
        progress.draw()
    try:
        return await ble.scan(seconds, seen)
    finally:
        progress.end()


class _Progress:
    """One line, drawn over until the end."""

    def __init__(self, seconds: float, heard: dict[str, ScanResult]) -> None:
        self._seconds = seconds
        self._heard = heard
        import asyncio

        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def draw(self) -> None:
        """Draw it, and again each `TICK`."""
        machines = [one for one in self._heard.values() if one.is_machine or one.is_strap]
        names = ", ".join(one.name or one.address for one in machines) or "no treadmill yet"
        gone = min(self._seconds, self._loop.time() - self._began)
        others = len(self._heard) - len(machines)
        line = f"listening, {gone:.0f} of {self._seconds:g} s: {names} ({others} other devices)"
        click.echo(f"\r\x1b[K{_fitting(line, COLUMNS)}", nl=False, err=True)
        self._timer = self._loop.call_later(TICK, self.draw)

    def end(self) -> None:
        """Take it away."""
        if self._timer is not None:
            self._timer.cancel()
            click.echo("\r\x1b[K", nl=False, err=True)


def _fitting(line: str, columns: int) -> str:
    """As much of `line` as fits into `columns`; East Asian characters may take two."""
    widths = (2 if unicodedata.east_asian_width(each) in "FWA" else 1 for each in line)
    until = sum(total <= columns for total in itertools.accumulate(widths))
    return line[:until]


def machine(one: ScanResult) -> str:
    """What it says of itself, in the specification's words."""
    if one.is_strap:
        return STRAP
    from runback.errors import CodecError
    from runback.ftms.display_names import flag_labels
    from runback.ftms.service_data import decode_service_data

    try:
        types = None if one.service_data is None else decode_service_data(one.service_data).machine_types
    except CodecError:
        types = None
    return ", ".join(flag_labels(types)).lower() if types else "fitness machine"


def _profile(one: ScanResult, entries: Iterable[ProfileEntry]) -> tuple[str, str, bool]:
    """The profile it would have by what it advertises, that profile's evidence, and whether it is verified."""
    from runback.cli.commands.treadmills import level
    from runback.devices.identity import Identity
    from runback.devices.matching import choose
    from runback.errors import DeviceError

    entries = list(entries)
    try:
        profile = choose(Identity(one.raw_name, one.services), entries)
    except DeviceError as error:
        return "undecided", error.what, False
    own = any(entry.own and entry.name == profile.name for entry in entries)
    return profile.name, level(profile), own


def _line(one: ScanResult, entries: Iterable[ProfileEntry]) -> str:
    signal = "connected" if one.connected else "" if one.rssi is None else f"{one.rssi} dBm"
    name = quoted(one.name) if one.name else "(no name)"  # quoted: nothing on the air begins a line of this program's
    start = f"{name:<24} {one.address:<18} {signal:>9}  {machine(one):<16}"
    if one.is_strap:
        return start
    profile, evidence, verified = _profile(one, entries)
    told = f"{profile} ({'verified by you' if verified else f'not verified; {evidence}'})"
    return f"{start} {told}"


def _facts(one: ScanResult, entries: Iterable[ProfileEntry]) -> dict[str, object]:
    name, evidence, verified = (None, None, False) if one.is_strap else _profile(one, entries)
    return {
        "name": one.name,
        "address": one.address,
        "rssi_dbm": one.rssi,
        "treadmill": False if one.is_strap else one.is_treadmill,
        "machine": machine(one),
        "connected": one.connected,
        "profile": name,
        "evidence": evidence,
        "verified": verified,
    }
