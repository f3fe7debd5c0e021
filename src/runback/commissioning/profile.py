"""What was seen becomes the profile of this one treadmill.

Rules:
- Without all of `NEEDED` there is no profile: a treadmill that was not seen through stays read-only.
- Only what was seen is added to what was known of the model before (`base`); what was not seen is said in `unverified`.
- It is known again by what it shows of itself, never by an address.
- Incline that was not seen to obey is not set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from runback.commissioning.bounds import Bounds
from runback.commissioning.findings import Findings
from runback.commissioning.stages import ORDER, TABLE, CommissioningStage
from runback.config_files.error_text import shows
from runback.devices.control import StartQuirks
from runback.devices.identity import Identity, Match, ProfileEvidence
from runback.devices.profile import Profile
from runback.devices.quirk_values import Level, WireUnit

NEEDED = frozenset(CommissioningStage) - {CommissioningStage.INCLINE}
_FITNESS_MACHINE = "00001826-0000-1000-8000-00805f9b34fb"
_LONGEST_NAME = 40
_FASTEST = 3000
"""What the file's form can hold, 0.01 km/h."""
_LEAST = 0.1
"""Seconds: machines report once a second, so nothing shorter was really seen."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When and how it was seen. `high`: the fastest the machine says it can go, 0.01 km/h."""

    on: str
    high: int
    write_unit: WireUnit
    read_unit: WireUnit
    simulated: bool = False


def profile(
    base: Profile, identity: Identity, findings: Findings, seen: Circumstances, taken: Iterable[str]
) -> Profile | None:
    """The profile of the machine that shows itself as `identity`; None if too little was seen. `taken`: the names of
    the profiles that ship with runback."""
    bounds = findings.bounds
    if bounds is None or not findings.has(*NEEDED):
        return None
    return replace(
        base,
        name=key(identity, taken),
        title=_title(base, identity),
        match=_match(identity),
        evidence=(*base.evidence, _evidence(identity, findings, bounds, seen)),
        unverified=_unverified(findings, bounds),
        start=_start(base.start, findings),
        stop=replace(base.stop, supported=True, within=_longest(base.stop.within, findings.stop_within)),
        speed=replace(
            base.speed,
            controllable=True,
            write_unit=_unit(base.speed.write_unit, seen.write_unit),
            read_unit=_unit(base.speed.read_unit, seen.read_unit),
            minimum=bounds.low,
            maximum=min(seen.high, _FASTEST),
            up_within=_seconds(findings.up_within),
            down_within=_seconds(findings.down_within),
        ),
        incline=replace(base.incline, controllable=findings.has(CommissioningStage.INCLINE)),
    )


def _start(base: StartQuirks, findings: Findings) -> StartQuirks:
    """How it starts. How long a belt stood that waited for its speed says nothing of a countdown."""
    if findings.roused:
        return replace(base, needs_target=True)
    countdown = _seconds(findings.start_delay)
    return replace(base, countdown=countdown, moves_within=_longest(base.moves_within, findings.start_delay))


def key(identity: Identity, taken: Iterable[str]) -> str:
    """The name of the file: what the machine calls itself, as it can be typed, and none that runback has already."""
    plain = re.sub("[^a-z0-9]+", "-", str(identity).casefold()).strip("-")[:_LONGEST_NAME].strip("-")
    plain = plain or "treadmill"
    while plain in set(taken):
        plain = f"{plain[: _LONGEST_NAME - 5].strip('-')}-mine"
    return plain


def in_miles(base: Profile) -> Profile:
    """`base` for a machine whose person has seen that it counts in miles: targets, reports and range (22, 23)."""
    speed = replace(base.speed, write_unit=WireUnit.MPH, read_unit=WireUnit.MPH, range_unit=WireUnit.MPH)
    return replace(base, speed=speed)


def _unit(known: WireUnit | None, seen: WireUnit) -> WireUnit:
    """A machine that is known to count in what its console is set to may be set otherwise tomorrow."""
    return WireUnit.CONSOLE if known is WireUnit.CONSOLE else seen


def _title(base: Profile, identity: Identity) -> str:
    if base.match.name_prefix or base.match.services:
        return base.title  # a model that was known already
    made = " ".join(part for part in (identity.manufacturer, identity.model) if part)
    return _line(made or str(identity))


def _match(identity: Identity) -> Match:
    return Match(
        name_prefix=(_line(identity.name),) if identity.name else (),
        anonymous=not identity.name,
        services=() if identity.name else (_FITNESS_MACHINE,),
        model=_one(identity.model),
        manufacturer=_one(identity.manufacturer),
        firmware=_one(identity.firmware),
    )


def _evidence(identity: Identity, findings: Findings, bounds: Bounds, seen: Circumstances) -> ProfileEvidence:
    where = "the simulated treadmill" if seen.simulated else "this treadmill"
    unlocked = "; ".join(TABLE[stage].unlocks for stage in ORDER if stage in findings.passed)
    return ProfileEvidence(
        source=f"runback commission on {where}, {seen.on}",
        level=Level.INFERRED if seen.simulated else Level.OBSERVED,
        covers=f"from {bounds.low / 100:g} to {bounds.top / 100:g} km/h: {unlocked}",
        firmware=_one(identity.firmware),
    )


def _unverified(findings: Findings, bounds: Bounds) -> str:
    left = [f"speeds above {bounds.top / 100:g} km/h", "pause and resume", "the time to rest from higher speeds"]
    left += ["whether its display set to another unit changes what a speed means"]
    left += [] if findings.has(CommissioningStage.INCLINE) else ["incline"]
    return "; ".join(left)


def _one(text: str | None) -> tuple[str, ...]:
    return () if not text else (_line(text),)


def _line(text: str) -> str:
    """`text` as one line that a profile may hold."""
    plain = "".join(each if shows(each) else " " for each in text)
    return " ".join(plain.split())[:300].strip() or "treadmill"


def _seconds(seconds: float | None) -> float | None:
    return None if seconds is None else max(_LEAST, round(seconds, 1))


def _longest(known: float | None, seen: float | None) -> float | None:
    times = [each for each in (known, _seconds(seen)) if each is not None]
    return max(times, default=None)
