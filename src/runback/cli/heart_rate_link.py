"""`--strap`: a heart-rate strap beside the treadmill.

Rules:
- A simulated strap goes with the simulated treadmill alone: no figure that was made up is kept with a real session.
- A real strap keeps real time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from runback.errors import InputError
from runback.link.protocol import Link

if TYPE_CHECKING:
    from runback.cli.run_options import RunOptions
    from runback.link.ble import BleLink
    from runback.simulator.faults import Fault
    from runback.simulator.treadmill import Treadmill

SIMULATED = "sim"
"""The strap that is simulated."""
_OF_STRAP = "strap-"
"""What a strap's faults begin with."""


def check_strap(request: RunOptions) -> None:
    """Raises InputError for a strap that cannot go with the treadmill, or a fault of one that is not there."""
    strap = request.strap
    fault = next((fault for fault in request.faults if fault.startswith(_OF_STRAP)), None)
    if fault is not None and strap != SIMULATED:
        raise InputError("--fault", f"{fault} is a simulated strap's", "add --strap sim, or leave it out")
    if strap is None:
        return
    if not strap.strip():
        raise InputError("--strap", "it has no name", "give the strap's name or address; `runback scan` lists them")
    if strap == SIMULATED:
        if not request.simulated:
            raise InputError("--strap", "a simulated strap goes with the simulated treadmill", "name a real one")
        return
    if request.speedup is not None:
        raise InputError("--strap", "a real strap keeps real time", "leave out --speedup, or use --strap sim")
    if strap.strip().casefold() == request.treadmill.strip().casefold():
        raise InputError("--strap", f"{strap} is the treadmill", "give the strap's own name or address")


def simulated_strap(faults: Iterable[Fault], treadmill: Treadmill) -> Link:
    """The simulated strap, on a heart that does what `treadmill` asks of it."""
    from runback.link.memory import MemoryLink, Radio
    from runback.simulator.heart_rate_strap import SimulatedStrap, effort

    def load(now: float) -> float:
        return effort(treadmill.belt_speed(now), treadmill.belt_incline(now))

    return MemoryLink(Radio(SimulatedStrap(faults=faults, load=load)))


def real_strap(name: str | None, beside: BleLink | None) -> Link | None:
    """The strap called `name`, which is never the treadmill that `beside` is a link to; None without a name."""
    if name is None:
        return None
    from runback.link.ble import BleLink
    from runback.link.scan_result import HEART_RATE

    return BleLink(name, service=HEART_RATE, beside=beside)
