"""The options of how a session counts, and of what follows when nobody is felt on the belt."""

from __future__ import annotations

from typing import TypedDict

import click

from runback.cli.number_types import NumberParam
from runback.cli.options import together


class CountingOptions(TypedDict):
    """What the options say, in the names of `RunOptions`."""

    count_from: str
    stepped_off: str
    stepped_off_after: float


counting_options = together(
    click.option(
        "--count-from",
        type=click.Choice(["command", "speed"]),
        default="command",
        show_default=True,
        help="When an interval's time begins: when its speed is sent, or when the belt has reached it.",
    ),
    click.option(
        "--stepped-off",
        type=click.Choice(["off", "warn", "ease", "pause"]),
        default="pause",
        show_default=True,
        help="How far to go when a treadmill that counts steps counts none on its moving belt.",
    ),
    click.option(
        "--stepped-off-after",
        type=NumberParam(5, 120),
        default=10.0,
        show_default=True,
        metavar="SECONDS",
        help="Without a step: until the warning, again until slower, again until the pause.",
    ),
)
"""Add the options to `command`, which takes them as `counted`."""
