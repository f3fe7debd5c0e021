"""A machine that counts everything in miles: its bytes show no difference."""

from __future__ import annotations

from dataclasses import replace

from runback.commissioning.profile import in_miles
from runback.devices.profile import SHIPPED, ProfileEntry
from runback.devices.quirk_values import WireUnit
from runback.engine.profile_adapter import ProfileCatalog
from runback.simulator.quirks import ReportFormat
from runback.simulator.spec import MachineSpec
from tests.support.commissioning.bench import GENERIC

BOTH_IN_MILES = replace(
    MachineSpec(),
    form=ReportFormat(write_unit=WireUnit.MPH, read_unit=WireUnit.MPH, range_unit=WireUnit.MPH),
    speed_min=129,
    speed_max=1600,
)


def as_in_miles() -> ProfileCatalog:
    """The client has been told so."""
    return ProfileCatalog([ProfileEntry("generic", SHIPPED, in_miles(GENERIC))], "generic")
