"""The control point, and what Start and Stop do on a machine."""

from __future__ import annotations

from runback.devices.field_types import HexBytes, Kmh, Rate, Seconds, table
from runback.devices.quirk_values import (
    Acknowledged,
    ControlRequests,
    Ready,
    RepeatedStart,
    RequestAnswer,
    ResponseBy,
    Resume,
    SpinUp,
    StopPaused,
    WriteType,
)


@table
class ControlQuirks:
    """The control point's manners."""

    write_type: WriteType | None = None
    """`request` or `command`; not known: as its properties say (1)."""
    response_by: ResponseBy | None = None
    """Not known: as its properties say; either is listened to (2). For the twin."""
    request_control: ControlRequests = ControlRequests.ONCE
    """When 00 is written: `once`, `twice`, before `each` command, `never`, or `unsafe`: it starts the belt, so it
    counts as a start and needs everything a start needs (3, 7, 14)."""
    request_answer: RequestAnswer | None = None
    """What becomes of it. `unanswered` and `refused`: the commands after it are obeyed all the same (3)."""
    key: HexBytes | None = None
    """Bytes that follow 00 in Request Control (9)."""
    acknowledged_by: Acknowledged | None = None
    """Not known: by a response or a status, whichever comes (4). `telemetry`: only the belt itself says so (5)."""
    success_trusted: bool | None = None
    """False: it answers success to everything, so success says nothing (5)."""


@table
class StartQuirks:
    """From rest to a moving belt."""

    remote: bool | None = None
    """07 may start the belt. False: only its own button does, and the person is asked to press it (17)."""
    console_first: bool = False
    """After a start at the console, 00 and 07 must be written before the belt moves (15)."""
    repeat: RepeatedStart | None = None
    """What 07 does to a running belt (11, 12, 13). Whatever it is, 07 is written only to a belt confirmed at rest,
    except as a keepalive. For the twin."""
    on_connect: bool = False
    """The belt may start by itself on connecting (18)."""
    console_blocked: bool = False
    """Its own start button does nothing while connected (18)."""
    countdown: Seconds | None = None
    """From 07 to the first movement, seconds; a belt that stands 5 s longer is told its slowest speed (16, 52)."""
    moves_within: Seconds | None = None
    """The longest that has been seen from 07 to a moving belt, seconds (16)."""
    spin_up: SpinUp | None = None
    """What a target speed written before the belt moves comes to. `drops`: none is written then (16, 52)."""
    needs_target: bool | None = None
    """True: after an accepted 07 the belt stands until a target speed is written (52)."""
    ready: Ready = Ready.SPEED
    """What says that a target may be written; `speed`: a measured speed above 0 (16)."""
    resume: Resume | None = None
    """The speed after a pause; the target is set again, with a warning, either way (19). For the twin."""
    slow_to: Kmh | None = None
    """With `repeat` = `slows`: the speed it drops to, km/h (12). For the twin."""


@table
class Stop:
    """From a moving belt to rest."""

    supported: bool | None = None
    """08 01 stops the belt. False: only the console does (19)."""
    pause_supported: bool | None = None
    """08 02 pauses. False: a pause is a stop (19)."""
    means_pause: bool | None = None
    """08 01 leaves the machine paused: Start resumes (19). For the twin."""
    resets_counters: bool | None = None
    """Elapsed time and distance start from 0 after it (19). For the twin."""
    while_paused: StopPaused | None = None
    """What 08 01 does to a paused belt. `starts`: it must not be written to a belt at rest (19)."""
    deceleration: Rate | None = None
    """km/h per second (19). For the twin."""
    within: Seconds | None = None
    """The longest that has been seen until rest, seconds (16). Documentation."""
