"""The commands of treadmills: `scan`, `doctor`, `treadmills`, `commission`, `simulate`, `decode`. What they do is
imported when they are called."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from runback.cli import options, settings_source
from runback.cli.cue_output import CueOptions, cue_options
from runback.cli.number_types import NumberParam, WholeParam


@click.command()
@click.option("--seconds", type=NumberParam(0.5, 120), default=8.0, show_default=True, help="How long to listen.")
@options.json
def scan(seconds: float, json: bool) -> int:
    """List the treadmills in reach, those already connected included, and the profile each would have; and straps."""
    from runback.cli.commands.scan import scan_treadmills

    return scan_treadmills(seconds, json=json)


@click.command()
@options.json
def doctor(json: bool) -> int:
    """Look at what runback needs here: Bluetooth, folders, terminal; each finding with what to do about it."""
    from runback.cli.commands.doctor import examine

    return examine(json=json)


@click.command()
@click.option("--validate", metavar="PATH", type=click.Path(path_type=Path), help="Check one file, or all of a folder.")
@options.json
def treadmills(validate: Path | None, json: bool) -> int:
    """List the treadmill profiles: those that ship with runback, and yours."""
    from runback.cli.commands.treadmills import check_profiles, list_profiles

    return list_profiles(json=json) if validate is None else check_profiles(validate, json=json)


@click.command()
@click.option(
    "--treadmill", "-t", required=True, metavar="NAME|ADDRESS|sim|sim:PROFILE", help="Which one. Nobody on its belt."
)
@click.option("--unit", type=click.Choice(["mph"]), help="It counts speed in miles, as its display has shown.")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FOLDER", help="Where profile and report go.")
@click.option("--headless", is_flag=True, help="No screen (simulator only); with --yes and --console.")
@click.option("--yes", is_flag=True, help="Confirm every step, as a user at the screen would.")
@click.option("--console", metavar="1.0", help="What its display would show.")
@options.speedup
@click.option("--fault", multiple=True, metavar="FAULT", help="The simulator misbehaves; `run --fault help` says how.")
@options.seed
@options.trace
@options.theme
@cue_options
def commission(
    treadmill: str,
    unit: str | None,
    output: Path | None,
    headless: bool,
    yes: bool,
    console: str | None,
    speedup: str | None,
    fault: tuple[str, ...],
    seed: int,
    trace: Path | None,
    theme: str,
    **cues: Unpack[CueOptions],
) -> int:
    """Find out what an unknown treadmill does, with nobody on it: read, Stop, slowest start, one step, incline."""
    from runback.cli.commands.commission import CommissionOptions, run_commission

    return run_commission(
        CommissionOptions(
            treadmill,
            headless=headless,
            yes=yes,
            console=console,
            unit=unit,
            output=output,
            speedup=speedup,
            faults=fault,
            seed=seed,
            trace=trace,
            taste=settings_source.taste(theme),
            max_speed=settings_source.settings().max_speed,
            cues=cues,
        )
    )


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
@click.option("--fault", multiple=True, metavar="FAULT", help="It misbehaves; `--fault help` says how.")
@click.option("--seed", type=WholeParam(), default=0, help="Seed of its jitter.")
@options.json
def simulate(transport: str, treadmill: str, name: str | None, fault: tuple[str, ...], seed: int, json: bool) -> int:
    """Put the simulated treadmill on the air, for other programs to drive. Needs `runback[peripheral]`.

    Lines typed meanwhile are hands at the treadmill: start, stop, pause, speed 6, incline 2, key out, key in, take.
    """
    from runback.cli.commands.simulate import SimulateOptions
    from runback.cli.commands.simulate import simulate as run_simulator

    return run_simulator(SimulateOptions(transport, treadmill, name, fault, seed, json=json))


@click.command()
@click.argument("uuid")
@click.argument("octets", nargs=-1, required=True, metavar="HEX...")
def decode(uuid: str, octets: tuple[str, ...]) -> int:
    """Decode a characteristic's bytes to JSON. UUID as `2ACD` or full; several HEX are successive notifications."""
    from runback.cli.commands.workouts import print_decoded

    return print_decoded(uuid, octets)


COMMANDS = (scan, doctor, treadmills, commission, simulate, decode)
