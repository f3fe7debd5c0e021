"""`runback simulate`: the simulated treadmill as a real Bluetooth peripheral, for other programs and for this one.

Rules:
- The treadmill is the simulator's, or a profile's twin, unchanged; nothing here knows bytes.
- What happens is one line each on standard output, or one JSON object each; what went wrong goes to standard error.
- Lines on standard input are the hands of whoever sits at the treadmill. Its end is not the treadmill's.
- Ctrl-C ends it: everybody is disconnected, and that is no failure.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from runback.cli import options
from runback.cli.number_types import WholeParam
from runback.cli.run_options import SIMULATOR, TWIN
from runback.cli.saying import say
from runback.config_files.error_text import json_line, printable
from runback.errors import InputError

if TYPE_CHECKING:
    import asyncio

    from runback.peripheral.event_log import ObservedEvent
    from runback.peripheral.peripheral import BlePeripheral
    from runback.simulator.spec import MachineSpec
    from runback.simulator.treadmill import Treadmill


@dataclass(frozen=True, slots=True)
class SimulateOptions:
    """What was asked for."""

    transport: str
    treadmill: str = SIMULATOR
    name: str | None = None
    """The advertised name; empty: none; None: the machine's own."""
    faults: tuple[str, ...] = ()
    seed: int = 0
    json: bool = False


@click.command()
@click.option(
    "--transport",
    required=True,
    metavar="usb:0|vhci|…",
    help="Its Bluetooth controller, as bumble names it: usb:0, hci-socket:0, tcp-client:HOST:PORT; with vhci this "
    "computer gets a virtual adapter that hears it.",
)
@click.option("--treadmill", "-t", default="sim", show_default=True, metavar="sim|sim:PROFILE", help="Which one to be.")
@click.option("--name", metavar="NAME", help="What it advertises, instead of its name; empty for no name.")
@click.option("--fault", "faults", multiple=True, metavar="FAULT", help="It misbehaves; `--fault help` says how.")
@click.option("--seed", type=WholeParam(), default=0, help="Seed of its jitter.")
@options.json
@options.bind(SimulateOptions)
def simulate(asked: SimulateOptions) -> int:
    """Put the simulated treadmill on the air, for other programs to drive. Needs `runback[peripheral]`.

    Lines typed meanwhile are hands at the treadmill: start, stop, pause, speed 6, incline 2, key out, key in, take.
    """
    import asyncio

    from runback.simulator.faults import parse_fault
    from runback.simulator.treadmill import Treadmill

    if "help" in asked.faults:
        from runback.cli.session_factory import explain_faults

        return explain_faults()
    spec = machine(asked)
    faults = [parse_fault(text) for text in asked.faults]
    try:
        from runback.peripheral import peripheral as _  # noqa: F401 - it imports bumble
    except ModuleNotFoundError as error:
        if error.name != "bumble":
            raise
        hint = "`pip install 'runback[peripheral]'` brings it"
        raise InputError("runback simulate", "it needs bumble, which is not installed", hint) from error
    with contextlib.suppress(KeyboardInterrupt):  # where there are no signal handlers
        asyncio.run(_until_interrupted(spec, Treadmill(spec, faults), asked))
    return 0


def machine(asked: SimulateOptions) -> MachineSpec:
    """The treadmill that was asked for, by the name that was asked for. Raises InputError."""
    from runback.cli.files import own_profiles
    from runback.devices.library import find
    from runback.simulator.spec import MachineSpec
    from runback.simulator.twin import twin

    name = asked.name
    if name is not None and len(name.encode()) > LONGEST_NAME:
        raise InputError("--name", "no display shows a name that long", f"give at most {LONGEST_NAME} bytes")
    if asked.treadmill == SIMULATOR:
        spec = MachineSpec(seed=asked.seed)
        return spec if name is None else replace(spec, name=name or None)
    if not asked.treadmill.startswith(TWIN):
        what = f"“{asked.treadmill}” is not simulated, and only a simulated treadmill can be put on the air"
        raise InputError("--treadmill", what, "give sim, or sim:PROFILE")
    profile = find(asked.treadmill.removeprefix(TWIN), own_profiles())
    if name is not None:  # in the profile, as what unlocks a machine may be made of its name (quirk 6)
        match = replace(profile.match, name_example=name or None, anonymous=not name)
        profile = replace(profile, match=match)
    return twin(profile, seed=asked.seed)


LONGEST_NAME = 248
"""Bytes (Core vol 3 C 12.1, Device Name)."""


async def _until_interrupted(spec: MachineSpec, treadmill: Treadmill, asked: SimulateOptions) -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    on_the_air = asyncio.create_task(_on_the_air(spec, treadmill, asked))
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, on_the_air.cancel)
    if hasattr(signal, "SIGTTIN"):
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)  # in the background the terminal cannot be read: no hands there
    await asyncio.wait({on_the_air})
    if not on_the_air.cancelled():
        on_the_air.result()


async def _on_the_air(spec: MachineSpec, treadmill: Treadmill, asked: SimulateOptions) -> None:
    import asyncio

    from runback.peripheral.event_log import ObservedEvent, ObservedTreadmill
    from runback.peripheral.peripheral import BlePeripheral
    from runback.peripheral.transport import controller, waits

    loop = asyncio.get_running_loop()
    began = loop.time()

    def tell(what: ObservedEvent) -> None:
        at = max(what.at - began, 0.0)
        if asked.json:
            record = {"t": round(at, 3), "event": what.event, **what.fields}
            say(json_line(record))
        else:
            say(printable(f"{at:8.1f}  {what.line}"))

    name = asked.transport
    watched = ObservedTreadmill(treadmill, tell)
    async with controller(name) as (source, sink):
        if waits(name):
            line = f"waiting for a Bluetooth controller at {name}"
            tell(ObservedEvent(loop.time(), "waiting", line, {"transport": name}))
        station = BlePeripheral(watched, source, sink, mtu=spec.mtu, name=spec.name, waits=waits(name))

        def ready() -> None:
            line = f"{spec.name or 'a treadmill without a name'} is on the air at {station.address}; Ctrl-C ends it"
            tell(ObservedEvent(loop.time(), "ready", line, {"name": spec.name, "address": station.address}))

        threading.Thread(target=_listen, args=(loop, _hands(treadmill, station)), daemon=True).start()
        await station.serve(ready)


def _hands(treadmill: Treadmill, station: BlePeripheral) -> Callable[[str], None]:
    from runback.peripheral.typed_controls import execute

    def do(line: str) -> None:
        if not line.strip():
            return
        try:
            if not execute(line, treadmill, station.now()):
                click.echo(f"{printable(line.strip())}: it has no effect now", err=True)
        except InputError as error:
            click.echo(str(error), err=True)
        station.wake()

    return do


def _listen(loop: asyncio.AbstractEventLoop, do: Callable[[str], None]) -> None:
    """Hand on the lines of standard input until it ends. On a thread that dies with the program, which is why it reads
    the descriptor and not `sys.stdin`: a lock held at the interpreter's end would be waited for."""
    left = b""
    with contextlib.suppress(OSError, RuntimeError):  # no standard input; or the loop is closed
        while data := os.read(0, 1024):
            *lines, left = (left + data).split(b"\n")
            for line in lines:
                loop.call_soon_threadsafe(do, line.decode(errors="replace"))
