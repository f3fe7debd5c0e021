"""What a session is run with, as asked for on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runback.cli.cue_output import CueOptions
from runback.preferences import DEFAULTS, Preferences
from runback.session.model import CountFrom, SteppedOff
from runback.session.step_detection import AFTER

if TYPE_CHECKING:
    from runback.training_log.stage_run import StageRun

SIMULATOR = "sim"

SIMULATE = "leave it out, or use --treadmill sim"

TWIN = "sim:"
"""Followed by the name of a profile: the simulated treadmill misbehaves as it says."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What was asked for on the command line."""

    workout: str
    treadmill: str = "sim"
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
    taste: Preferences = DEFAULTS
    keyboard: str | None = None
    """Who reads it: `engine`, `screen`; None: the engine, where it can."""
    max_speed: int | None = None
    """The person's own cap, 0.01 km/h; it can only narrow."""
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
