"""What crosses between the engine and its screens: plans and snapshots one way, intents the other (from a second
screen only Stop is heard).

Rules:
- Every message is validated, frozen, and carries `v`; a message of another version, or with a field nobody knows, is
  refused with one line, never guessed at.
- A snapshot is complete: the newest alone is enough, any number before it may be lost.
- Speeds are km/h here, inclines %, times seconds, distances metres: this is the edge where people read.
- Every text is one line of printable characters, whoever sent it: the other end may be another program.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from runback.config_files.error_text import printable
from runback.heart_rate.monitor import HeartRateLoss, HeartRateSource
from runback.session.model import CueKind, Intent, Phase
from runback.source import Source
from runback.workout.model import Kind

__all__ = [
    "RESCUED",
    "STEP_OFF",
    "VERSION",
    "Announcement",
    "CommissionView",
    "CueKind",
    "Goodbye",
    "HeartRateLoss",
    "HeartRateSource",
    "Heartbeat",
    "Intent",
    "IntentMessage",
    "Kind",
    "Phase",
    "SessionDied",
    "Snapshot",
    "Source",
    "SpeedRampView",
    "StepView",
    "StopState",
    "StopView",
    "TimelineView",
    "ToEngine",
    "ToScreen",
]

VERSION: Literal[1] = 1

STEP_OFF = "STEP OFF - PULL THE SAFETY KEY"
"""What a person is told when the belt does not obey, or nobody can see whether it does."""

RESCUED = "The program that drove the treadmill is gone; the belt was stopped and is at rest."
"""The last line of a rescue that went well, on the pipe that tells of it."""


def _line(text: str) -> str:
    return printable(text)


Line = Annotated[str, AfterValidator(_line)]
"""A text to be shown."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class StepView(_Message):
    """A step as the person sees it. `number` counts from 1."""

    number: int
    kind: Kind
    duration_s: float
    speed_kmh: float
    incline_percent: float = 0.0


class StopState(StrEnum):
    """What the belt does after Stop."""

    STOPPING = "stopping"  # Stop is out, the belt slows
    AT_REST = "at rest"  # speed 0 has been measured since
    ALARM = "alarm"  # it does not obey, or nobody can see whether it does: STEP OFF
    UNSEEN = "not seen"  # this treadmill never says what its belt does: only the person can look


class StopView(_Message):
    """The latched stop. `reason` is one plain line; `since_s` seconds since Stop; `measured_kmh` is None if unknown."""

    state: StopState
    reason: Line
    since_s: float
    measured_kmh: float | None


class CommissionView(_Message):
    """A commissioning: the stage's `title`, what it is `doing` in one sentence, what was `seen` so far, the `choices`
    of a question, numbered from 1, whether it `waits` for the person, whether it is `over`, and then whether all that
    is needed was seen (`done`)."""

    title: Line
    doing: Line
    seen: tuple[Line, ...] = ()
    choices: tuple[Line, ...] = ()
    waits: bool = False
    over: bool = False
    done: bool = False


class Announcement(_Message):
    """An increase that has been announced: the belt goes to `speed_kmh` in `in_s`, for a step of `kind`
    (None: the person asked for it with +)."""

    in_s: float
    speed_kmh: float
    kind: Kind | None


class SpeedRampView(_Message):
    """The belt is on its way to `speed_kmh`, where it is expected in `in_s` (None: this machine is not known well
    enough). `counts_then`: the step's time begins there."""

    speed_kmh: float
    in_s: float | None = None
    counts_then: bool = False


class TimelineView(_Message):
    """The timeline; sent once, and again when it changes (skip, extend, ease off)."""

    v: Literal[1] = VERSION
    type: Literal["plan"] = "plan"
    workout: Line
    steps: tuple[StepView, ...]


class Snapshot(_Message):
    """All that the screen shows, at one moment."""

    v: Literal[1] = VERSION
    type: Literal["snapshot"] = "snapshot"
    t: float
    """Session clock, seconds; only for order."""
    phase: Phase
    treadmill: Line
    """Name of the treadmill, or what was asked for while none is found."""
    step: StepView | None = None
    """The present step; None before the first and after the last."""
    step_remaining_s: float = 0.0
    next_step: StepView | None = None
    elapsed_s: float = 0.0
    """Time on the timeline, pauses not counted."""
    total_s: float = 0.0
    target_kmh: float = 0.0
    source: Source = Source.PLAN
    measured_kmh: float | None = None
    """Belt speed the machine reports; None if it does not, or not freshly."""
    incline_target_percent: float = 0.0
    incline_percent: float | None = None
    distance_m: float | None = None
    heart_rate_bpm: int | None = None
    heart_rate_sensor: HeartRateSource | None = None
    """Who tells the heart rate, or told it before it was lost; None if nobody has."""
    heart_rate_lost: HeartRateLoss | None = None
    """Why there is no heart rate any more; None while there is one, and before the first."""
    linked: bool = False
    """Whether there is a link to the machine, and it has been read."""
    link_age_s: float | None = None
    """Seconds since the machine was last heard; None before the first time on this link, or without one."""
    announcement: Announcement | None = None
    reaching: SpeedRampView | None = None
    """Set while the belt changes its speed."""
    changing_s: float | None = None
    """How long that has taken so far on top of `elapsed_s`; None where every second counts."""
    changing_ahead_s: float | None = None
    """How long it is expected to take yet, beyond the change under way."""
    cue: CueKind | None = None
    """The newest cue, shown as a flash for about a second."""
    cue_at: float = 0.0
    cue_speed_kmh: float | None = None
    """The speed it speaks of."""
    easing: bool = False
    notice: Line | None = None
    """One plain line about something the person should know (link lost, target refused, key pulled)."""
    simulated: bool = False
    """Whether the treadmill is the simulator's."""
    unseen: bool = False
    """Prompt mode by the clock: this treadmill never says what its belt does."""
    stop: StopView | None = None
    """Set while the stop latch holds, or after the belt came to rest at the end."""
    commission: CommissionView | None = None
    """Set while a treadmill is commissioned: no workout is run, and none of its keys do anything but stop."""


class Goodbye(_Message):
    """The engine has ended as it meant to: the screen leaves by itself. End of file without it means the engine died.

    `line` is the last plain line, for the terminal the screen gives back.
    """

    v: Literal[1] = VERSION
    type: Literal["bye"] = "bye"
    line: Line


class SessionDied(_Message):
    """To a second screen, from its own process: the session's program has died. `state` is what the belt is known to do
    since, None if it was a simulated one; `line` says so in words."""

    v: Literal[1] = VERSION
    type: Literal["gone"] = "gone"
    state: StopState | None
    line: Line


class IntentMessage(_Message):
    """What the person asks for."""

    v: Literal[1] = VERSION
    type: Literal["intent"] = "intent"
    ask: Intent


class Heartbeat(_Message):
    """The screen's loop is alive. `typing`: what is typed goes into a field now; `theme`: the one that is on."""

    v: Literal[1] = VERSION
    type: Literal["beat"] = "beat"
    typing: bool = False
    theme: Line = ""


ToScreen = Annotated[TimelineView | Snapshot | Goodbye | SessionDied, Field(discriminator="type")]
ToEngine = Annotated[IntentMessage | Heartbeat, Field(discriminator="type")]
