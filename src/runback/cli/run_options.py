"""What a session is run with, as asked for on the command line: the options, and the dataclass they are bound to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback.cli import completion, settings_source
from runback.cli.number_types import NumberParam
from runback.cli.options import together
from runback.cli.settings_source import SettingOption
from runback.session.model import CountFrom, SteppedOff
from runback.session.step_detection import AFTER

if TYPE_CHECKING:
    from runback.cli.cue_output import CueOptions
    from runback.preferences import Preferences
    from runback.training_log.stage_run import StageRun

SIMULATOR = "sim"
SIMULATE = "leave it out, or use --treadmill sim"
TWIN = "sim:"
"""Followed by the name of a profile: the simulated treadmill misbehaves as it says."""


class KeyboardChoice(click.Choice[str]):
    """Also takes `keeper`, as 0.1.0 called the engine."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See `click.ParamType.convert`."""
        return super().convert("engine" if value == "keeper" else value, param, ctx)


treadmill = click.option(
    "--treadmill",
    "-t",
    cls=SettingOption,
    default=SIMULATOR,
    show_default=True,
    metavar="sim|sim:PROFILE|NAME|ADDRESS",
    shell_complete=completion.treadmills,
    help="`sim` is simulated; `sim:PROFILE` as that model behaves (`runback treadmills`).",
)
strap = click.option(
    "--strap",
    cls=SettingOption,
    callback=settings_source.only_in_real_time,
    metavar="sim|NAME|ADDRESS",
    help="A heart-rate strap to listen to; `sim` with a simulated treadmill.",
)
keyboard = click.option(
    "--keyboard",
    cls=SettingOption,
    means={"auto": None},
    type=KeyboardChoice(["engine", "screen"]),
    help="Which process reads the keys; choose `screen` if keys do not work in your terminal.",
)
counting = together(
    click.option(
        "--count-from",
        cls=SettingOption,
        type=click.Choice([each.value for each in CountFrom]),
        default=CountFrom.COMMAND.value,
        show_default=True,
        help="When an interval's time begins: when its speed is sent, or when the belt has reached it.",
    ),
    click.option(
        "--stepped-off",
        cls=SettingOption,
        type=click.Choice([each.value for each in SteppedOff]),
        default=SteppedOff.PAUSE.value,
        show_default=True,
        help="How far to go when a treadmill that counts steps counts none on its moving belt.",
    ),
    click.option(
        "--stepped-off-after",
        cls=SettingOption,
        type=NumberParam(5, 120),
        default=AFTER,
        show_default=True,
        metavar="SECONDS",
        help="Without a step: until the warning, again until slower, again until the pause.",
    ),
)
"""How a session counts, and what follows when nobody is felt on the belt."""


def _usual() -> Preferences:
    from runback.preferences import DEFAULTS

    return DEFAULTS


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What was asked for. `demo`, `today` and `commission` ask for some of it."""

    workout: str | None = None
    plan: bool = False
    """Run the stage of the plan that is due, at `run_speed` and `walk_speed` as they were typed, instead."""
    run_speed: str | None = None
    walk_speed: str | None = None
    treadmill: str = SIMULATOR
    """A name, an address, `sim`, or `sim:PROFILE`."""
    profile: str | None = None
    """The profile a real treadmill has, where the person names it."""
    headless: bool = False
    speedup: str | None = None
    faults: tuple[str, ...] = ()
    start: bool = False
    seed: int = 0
    json: bool = False
    trace: Path | None = None
    taste: Preferences = field(default_factory=_usual)
    keyboard: str | None = None
    """Who reads it: `engine`, `screen`; None: the engine, where it can."""
    staged: StageRun | None = None
    """The stage of a plan that is run, instead of `workout`."""
    journal: bool | None = None
    """Whether to keep it in the journal; None: unless its time is sped up."""
    cues: CueOptions | None = None
    strap: str | None = None
    """A heart-rate strap's name or address, or `sim`."""
    count_from: str = CountFrom.COMMAND.value
    stepped_off: str = SteppedOff.PAUSE.value
    stepped_off_after: float = AFTER

    @property
    def real(self) -> str | None:
        """The treadmill as it was named; None if it is the simulator's."""
        return None if self.simulated else self.treadmill

    @property
    def simulated(self) -> bool:
        """Whether the treadmill is the simulator's."""
        return self.treadmill == SIMULATOR or self.treadmill.startswith(TWIN)
