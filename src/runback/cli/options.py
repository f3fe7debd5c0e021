"""The options that several commands have, and joining some of them to one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from runback.cli import completion
from runback.cli.number_types import WholeParam

Command = TypeVar("Command", bound=Callable[..., object])


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """One decorator that adds all `options`, which `--help` lists in this order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


class KeyboardChoice(click.Choice[str]):
    """Also takes `keeper`, as 0.1.0 called the engine."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See `click.ParamType.convert`."""
        return super().convert("engine" if value == "keeper" else value, param, ctx)


trace = click.option("--trace", type=click.Path(path_type=Path), help="Append every write, notification and event.")
theme = click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", help="Colours of the screen.")
keyboard = click.option(
    "--keyboard",
    type=KeyboardChoice(["engine", "screen"]),
    help="Which process reads the keys; choose `screen` if keys do not work in your terminal.",
)
journal = click.option(
    "--journal/--no-journal", default=None, help="Record it in the journal (the default, unless its time is sped up)."
)
treadmill = click.option(
    "--treadmill",
    "-t",
    default="sim",
    show_default=True,
    metavar="sim|sim:PROFILE|NAME|ADDRESS",
    shell_complete=completion.treadmills,
    help="`sim` is simulated; `sim:PROFILE` as that model behaves (`runback treadmills`).",
)
strap = click.option(
    "--strap", metavar="sim|NAME|ADDRESS", help="A heart-rate strap to listen to; `sim` with a simulated treadmill."
)
profile = click.option(
    "--profile",
    metavar="PROFILE",
    shell_complete=completion.profiles,
    help="What a real treadmill is (`runback treadmills`).",
)
json = click.option("--json", is_flag=True, help="One JSON object a line on standard output.")
speedup = click.option("--speedup", metavar="max|N", help="Simulated time, N times as fast.")
seed = click.option("--seed", type=WholeParam(), default=0, help="Seed of the simulator's own jitter.")
