"""What a session is put together from: treadmill, profile, clock, failsafe."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import click

from runback import number_parsing
from runback.cli.files import own_profiles
from runback.cli.heart_rate_link import SIMULATED, check_strap, real_strap, simulated_strap
from runback.cli.marks import belt_mark, tell_of_others
from runback.cli.run_options import SIMULATE, SIMULATOR, TWIN, RunOptions
from runback.cli.saying import say
from runback.config_files.error_text import quoted
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.ramp_store import RampStore
from runback.engine.scaled_loop import ScaledLoop
from runback.engine.session_engine import SessionEngine
from runback.errors import BeltNotSeen, DeviceError, InputError, RunbackError, StartRefused
from runback.failsafe.dead_mans_switch import NOBODY, DeadMansSwitch
from runback.ipc.screen_channel import into
from runback.link.protocol import Link
from runback.machine.belt import BeltPhase
from runback.machine.stop_latch import LatchState
from runback.source import Source

if TYPE_CHECKING:
    from runback.simulator.spec import MachineSpec

T = TypeVar("T")

JITTER = 0.03
"""Seconds by which the simulated treadmill's answers vary: 20-57 ms are what BlueZ measures (bluez.md)."""


def scaled(speedup: float | None) -> Callable[[], ScaledLoop] | None:
    """What makes a loop whose time passes so many times as fast; None: the usual one."""
    return None if speedup is None else lambda: ScaledLoop(speedup)


def ramp_book(request: RunOptions) -> RampStore:
    """What is known of the treadmills' changes of speed; of a simulated one nothing is remembered."""
    import platformdirs

    return RampStore(None if request.simulated else platformdirs.user_state_path("runback"))


def arm_failsafe(engine: SessionEngine, deadman: DeadMansSwitch) -> None:
    """Open latched if an earlier program left a belt that may be moving, and this may be it; see to it that this one is
    outlived by `deadman`, the engine's failsafe."""
    stopping = False
    for left in deadman.mark.found():
        what = f"an earlier session left {left.title} without seeing its belt at rest"
        if left.driven():
            what = f"process {left.pid} drives {left.title} already"
            raise InputError("this computer", what, "end that session first, or stop its belt with `runback stop`")
        if left.may_be(deadman.mark.treadmill):
            stopping = True
            engine.stop(what, Source.SAFETY)
        else:
            say(f"runback: {what}: look at it, and `runback stop -t {quoted(left.machine.address)}`", err=True)
    if not deadman.possible and not stopping:  # a belt that may be moving is stopped first, and nothing is asked
        deadman.confirmed = confirm_unguarded()
    loop = asyncio.get_running_loop()
    deadman.changed = lambda: into(loop, engine.reconsider_start)
    deadman.told = lambda line: into(loop, lambda: engine.remark(line))
    deadman.begin()


def confirm_unguarded() -> bool:
    """Ask the person, where nothing could stop the belt once this program has died. Raises StartRefused if nobody is
    there to say yes."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise StartRefused(f"not started: {NOBODY}; at a terminal you can confirm to go on without")
    say(f"runback: {NOBODY}.", err=True)
    if not click.confirm("Is the safety key clipped on, and shall it go on without?", default=False, err=True):
        raise StartRefused("not started: you did not confirm to go on without")
    return True


def rest_measured(engine: SessionEngine) -> bool:
    """Whether the belt has been measured at rest; that it was never touched is no measurement."""
    latch = engine.machine.latch
    return latch.state is LatchState.AT_REST if latch.latched else engine.machine.belt.state is BeltPhase.AT_REST


async def unwrap_group(
    running: Coroutine[object, object, T], engine: SessionEngine, deadman: DeadMansSwitch | None
) -> T:
    """Await `running`; then dismiss `deadman`. One of our errors comes out bare, without the groups it was raised
    in."""
    seen_through = refused = False
    try:
        made = await running
        seen_through = True
        return made
    except BaseExceptionGroup as group:
        ours: BaseException | None = group.subgroup(RunbackError)
        while isinstance(ours, BaseExceptionGroup):
            ours = ours.exceptions[0]
        if engine.writes and not engine.at_rest():
            raise BeltNotSeen(str(ours) if ours is not None else f"internal error: {_first(group)!r}") from group
        if ours is None:
            raise
        refused = isinstance(ours, StartRefused)  # which says it all
        raise ours from None
    finally:
        if deadman is not None:
            rested = seen_through and engine.at_rest() and rest_measured(engine)
            deadman.dismiss(at_rest=rested, machine=engine.connection.machine)
            if rested:
                tell_of_others(deadman.mark)
            if deadman.failed is not None and not refused:
                say(f"runback: {deadman.failed}", err=True)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def speedup_of(request: RunOptions) -> float | None:
    """How many times as fast time passes; None: as it does. Raises InputError for what only a simulated one takes."""
    if request.start and not request.simulated:
        raise InputError("--start", "only a simulated treadmill starts without being asked", SIMULATE)
    if request.faults and not request.simulated:
        raise InputError("--fault", "only a simulated treadmill takes faults", SIMULATE)
    if request.speedup is None:
        return None
    if not request.simulated:
        raise InputError("--speedup", "a real treadmill keeps real time", SIMULATE)
    return factor(request.speedup, headless=request.headless)


def factor(speedup: str, *, headless: bool) -> float:
    """How many times as fast time passes. Raises InputError."""
    if speedup == "max":
        if not headless:
            raise InputError("--speedup", "`max` leaves nothing to look at on a screen", "add --headless, or give N")
        return math.inf
    found = number_parsing.decimal(speedup)
    if found is None or not Decimal("0.1") <= found <= 1000:
        raise InputError("--speedup", f"{quoted(speedup)} is not a speed-up", "give `max` or a number from 0.1 to 1000")
    return float(found)


def links_of(request: RunOptions) -> tuple[Link, Link | None]:
    """To the treadmill, and to the strap if there is one. Raises InputError."""
    check_strap(request)
    if not request.simulated:
        from runback.link.ble import BleLink

        real = BleLink(request.treadmill, remembered=[left.machine for left in belt_mark("").found()])
        return real, real_strap(request.strap, real)
    from runback.link.memory import MemoryLink, Radio
    from runback.simulator.faults import parse_fault
    from runback.simulator.treadmill import Treadmill

    faults = [parse_fault(text) for text in request.faults]
    treadmill = Treadmill(_machine(request), [fault for fault in faults if not fault.kind.of_strap])
    of_strap = [fault for fault in faults if fault.kind.of_strap]
    strap = simulated_strap(of_strap, treadmill) if request.strap == SIMULATED else real_strap(request.strap, None)
    return MemoryLink(Radio(treadmill)), strap


def catalog_of(treadmill: str, profile: str | None = None, *, stopping: bool = False) -> ProfileCatalog | None:
    """The profiles a treadmill is matched with: all for a real one, which is not driven unless one of them is its; its
    own for a twin; none for the usual simulator, which has no differences to be careful about. `profile` is the one
    the person names for a real one. Raises InputError, DeviceError."""
    if profile is not None:
        if treadmill == SIMULATOR or treadmill.startswith(TWIN):
            raise InputError("--profile", "it is for a real treadmill", f"use --treadmill {TWIN}{profile}")
        return _named_profile(profile, stopping=stopping)
    if treadmill == SIMULATOR:
        return None
    from runback.devices.library import available
    from runback.devices.library import find as find_profile
    from runback.devices.profile import SHIPPED, ProfileEntry

    if not treadmill.startswith(TWIN):
        return ProfileCatalog(available(own_profiles()), strangers=False)
    of_twin = find_profile(treadmill.removeprefix(TWIN), own_profiles())
    return ProfileCatalog([ProfileEntry(of_twin.name, SHIPPED, of_twin)], of_twin.name)


def _named_profile(name: str, *, stopping: bool = False) -> ProfileCatalog:
    """The profiles, with the one the person names. Raises DeviceError for a name nobody has, or a broken file; and
    InputError for `generic`, which describes no treadmill. Only a Stop is never refused for want of a name: then it is
    said, and the treadmill is known by what it shows."""
    from runback.devices.identity import Identity
    from runback.devices.library import available
    from runback.devices.matching import choose
    from runback.devices.profile import GENERIC

    entries = available(own_profiles())
    try:
        chosen = choose(Identity(), entries, name).name
    except DeviceError as error:
        if not stopping:
            raise
        say(f"runback: {error}; stopping by what the treadmill shows", err=True)
        return ProfileCatalog(entries)
    if chosen == GENERIC and not stopping:
        raise InputError(
            "--profile",
            "`generic` is not the profile of one treadmill",
            "leave it out: an unknown treadmill gets it anyway",
        )
    return ProfileCatalog(entries, chosen)


def _machine(request: RunOptions) -> MachineSpec:
    """The simulated treadmill that was asked for: the usual one, or the twin of a profile. Raises DeviceError."""
    from runback.simulator.spec import MachineSpec

    if not request.treadmill.startswith(TWIN):
        return MachineSpec(jitter=JITTER, seed=request.seed)
    from runback.devices.library import find as find_profile
    from runback.simulator.twin import twin

    return twin(find_profile(request.treadmill.removeprefix(TWIN), own_profiles()), jitter=JITTER, seed=request.seed)


def explain_faults() -> int:
    """Say how the simulator can be made to misbehave."""
    from runback.simulator.faults import FAULT_HELP

    for usage, meaning in FAULT_HELP.items():
        say(f"{usage:<48} {meaning}")
    return 0
