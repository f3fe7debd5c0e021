"""What the person is shown, made from session and machine: plans and snapshots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from runback.errors import LimitError
from runback.heart_rate.monitor import HeartRateMonitor
from runback.heart_rate.selection import figure as heart_rate
from runback.ipc.messages import (
    Announcement,
    CommissionView,
    Snapshot,
    SpeedRampView,
    StepView,
    StopState,
    StopView,
    TimelineView,
)
from runback.machine.client import Machine
from runback.machine.events import Measured
from runback.machine.stop_latch import LatchState
from runback.session.manual_prompts import PRESS_STOP
from runback.session.model import CountFrom, Cue, Phase
from runback.session.session import Session
from runback.units import Limit, Unit, figure, spell
from runback.workout.model import Step

WATCHED = "its start may still come: the belt is watched for some seconds"
FRESH = 3.0
"""Seconds after which a measured value is no longer shown as present."""


@dataclass(slots=True)
class DisplayState:
    """The newest of what passes by and is kept only to be shown."""

    record: Measured | None = None
    heard_at: float | None = None
    cue: Cue | None = None
    remark_line: str | None = None
    """A plain line that is no part of the session; it stands until the next cue, while there is no notice."""
    belt: tuple[int | None, float] = (None, 0.0)
    """The last speed that any link has told, 0.01 km/h, and when."""
    strap: HeartRateMonitor | None = None
    """What a heart-rate strap tells; None if there is none."""


@dataclass(frozen=True, slots=True)
class SessionKind:
    """What kind of session it is, as far as that is shown."""

    simulated: bool = False
    """The treadmill is the simulator's."""
    replayed: bool = False
    """There is no belt: a record is played, and says itself when the session ends."""
    commissioning: Callable[[], CommissionView | None] = lambda: None
    """How far a commissioning has got; None in a session."""


ORDINARY = SessionKind()


def step_view(number: int, step: Step, speed: int) -> StepView:
    """`step` with the speed it is really walked or run at, 0.01 km/h."""
    return StepView(
        number=number,
        kind=step.kind,
        duration_s=round(step.duration, 3),
        speed_kmh=speed / 100,
        incline_percent=step.incline / 10,
    )


def plan(session: Session) -> TimelineView:
    """The timeline as it stands."""
    timeline = session.speed_plan.timeline
    steps = (step_view(number, step, timeline.speed_of(step)) for number, step in enumerate(timeline.steps, 1))
    return TimelineView(workout=session.workout.name, steps=tuple(steps))


def stop_view(session: Session, machine: Machine, now: float) -> StopView | None:
    """What Stop has come to; None while nothing is latched, or the workout has ended as planned."""
    latch = machine.latch
    over = session.phase in (Phase.ENDING, Phase.COMPLETED)
    if not latch.latched or (over and latch.alarm is None):
        return None
    reason = session.stop_reason
    if session.prompts and latch.by_hand and not latch.blind:
        reason = f"{PRESS_STOP} ({reason})"
    if latch.confirmed_by_person and latch.alarm is None:
        state = StopState.UNSEEN
    elif latch.alarm is not None:
        state = StopState.ALARM
        reason = f"{latch.alarm.value} ({reason})" if reason else latch.alarm.value
    else:
        state = StopState.AT_REST if latch.state is LatchState.AT_REST else StopState.STOPPING
        if machine.start_unseen and machine.belt.speed == 0:
            reason = f"{reason}; {WATCHED}" if reason else WATCHED
    since = 0.0 if latch.since is None else max(0.0, now - latch.since)
    return StopView(state=state, reason=reason, since_s=round(since, 1), measured_kmh=measured(machine, now))


def refusal(error: LimitError, unit: Unit) -> str:
    """What a refused target is told with; a highest speed is never shown higher than it is."""
    if error.quantity != "speed" or unit is Unit.KMH:
        return str(error)
    low, high = figure(error.low, unit, Limit.LOWEST), spell(error.high, unit, Limit.HIGHEST)
    return f"speed {spell(error.asked, unit)} is outside {low} to {high} ({error.layer})"


def reaching(session: Session, now: float) -> SpeedRampView | None:
    """The change of speed under way, whoever made it."""
    counting = session.speed_plan.counting
    goal = counting.ramps.goal
    if session.phase is not Phase.RUNNING or session.prompts or goal is None:
        return None
    left = counting.ramps.left(now)
    return SpeedRampView(
        speed_kmh=goal / 100, in_s=None if left is None else round(left, 1), counts_then=counting.waits
    )


def changing(session: Session, now: float) -> float | None:
    """Seconds that did not count, for changes of speed."""
    counting = session.speed_plan.counting
    if counting.count_from is CountFrom.COMMAND:
        return None
    return round(counting.ran.read(now) - counting.watch.read(now), 3)


def measured(machine: Machine, now: float) -> float | None:
    """Belt speed in km/h; None if the machine has not said it lately."""
    belt = machine.belt
    if belt.speed is None or belt.heard_at is None or now > belt.heard_at + FRESH:
        return None
    return belt.speed / 100


def snapshot(
    session: Session,
    machine: Machine,
    seen: DisplayState,
    treadmill: str,
    now: float,
    incline: int | None,
    kind: SessionKind = ORDINARY,
) -> Snapshot:
    """All there is to show at `now`; `incline` is the one that is wanted, 0.1 %."""
    speed_plan = session.speed_plan
    timeline = speed_plan.timeline
    position = speed_plan.watch.read(now)
    step, following = timeline.step, timeline.following
    number = 0 if timeline.index is None else timeline.index + 1
    raised = session.announced
    fresh = seen.record is not None and seen.heard_at is not None and now <= seen.heard_at + FRESH
    record = seen.record if fresh else None
    target = session.asked
    commission = kind.commissioning()
    stop = stop_view(session, machine, now)
    if stop is not None and kind.replayed:  # nobody shall step off a belt that is not there
        stop = stop.model_copy(update={"reason": f"REPLAY: {stop.reason}"})
    heart = heart_rate(
        None if seen.strap is None else seen.strap.read(now), None if record is None else record.heart_rate
    )
    return Snapshot(
        t=round(now, 3),
        phase=session.phase,
        treadmill=treadmill,
        step=None if step is None else step_view(number, step, timeline.speed_of(step)),
        step_remaining_s=0.0 if step is None else round(max(0.0, timeline.end - position), 3),
        next_step=None if following is None else step_view(number + 1, following, timeline.speed_of(following)),
        elapsed_s=round(position, 3),
        total_s=round(timeline.total, 3),
        target_kmh=0.0 if target is None else target / 100,
        source=speed_plan.source,
        measured_kmh=measured(machine, now),
        incline_target_percent=(incline or 0) / 10,
        incline_percent=None if record is None or record.incline is None else record.incline / 10,
        distance_m=round(speed_plan.totals.metres, 1),
        heart_rate_bpm=heart.bpm,
        heart_rate_sensor=heart.sensor,
        heart_rate_lost=heart.lost,
        linked=machine.capabilities is not None,
        link_age_s=None if seen.heard_at is None else round(max(0.0, now - seen.heard_at), 1),
        announcement=None
        if raised is None
        else Announcement(in_s=round(max(0.0, raised.due - now), 1), speed_kmh=raised.speed / 100, kind=raised.kind),
        reaching=reaching(session, now),
        changing_s=changing(session, now),
        changing_ahead_s=None if changing(session, now) is None else round(speed_plan.changes_ahead(), 3),
        cue=None if seen.cue is None else seen.cue.kind,
        cue_at=0.0 if seen.cue is None else round(seen.cue.at, 3),
        cue_speed_kmh=None if seen.cue is None or seen.cue.speed is None else seen.cue.speed / 100,
        easing=timeline.easing,
        notice=session.notice or (seen.remark_line if commission is None else None),  # an errand's own word comes first
        simulated=kind.simulated,
        unseen=session.timed_only,
        stop=stop,
        commission=commission,
    )
