"""A machine that counts everything in miles: its octets show no difference."""

from __future__ import annotations

from dataclasses import replace

from commissioning_bench import GENERIC

from runback.commissioning.profile import in_miles
from runback.devices.library import SHIPPED, Entry
from runback.devices.quirk_values import Unit
from runback.engine.profile_adapter import Shelf
from runback.simulator.quirks import Form
from runback.simulator.spec import MachineSpec

BOTH_IN_MILES = replace(
    MachineSpec(),
    form=Form(write_unit=Unit.MPH, read_unit=Unit.MPH, range_unit=Unit.MPH),
    speed_min=129,
    speed_max=1600,
)


def as_in_miles() -> Shelf:
    """The client has been told so."""
    return Shelf([Entry("generic", SHIPPED, in_miles(GENERIC))], "generic")
