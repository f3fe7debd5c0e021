"""A session's moments to show, and a port that remembers."""

from __future__ import annotations

from runback.heart_rate.messages import line
from runback.ipc.messages import (
    Announcement,
    Heartbeat,
    HeartRateLoss,
    HeartRateSource,
    IntentMessage,
    Snapshot,
    Source,
    SpeedRampView,
    StepView,
    StopState,
    StopView,
    TimelineView,
)
from runback.preferences import Preferences
from runback.session.model import CueKind, Intent, Phase
from runback.tui.cockpit.app import CockpitApp
from runback.workout.model import Kind

_STEPS = (
    (Kind.WARM_UP, 300.0, 4.5),
    (Kind.RUN, 120.0, 7.5),
    (Kind.WALK, 60.0, 5.0),
    (Kind.RUN, 120.0, 7.5),
    (Kind.WALK, 60.0, 5.0),
    (Kind.RUN, 120.0, 7.5),
    (Kind.COOL_DOWN, 240.0, 4.5),
)
PLAN = TimelineView(
    workout="Stage 3: 3×(120/60)",
    steps=tuple(
        StepView(number=number, kind=kind, duration_s=duration, speed_kmh=speed)
        for number, (kind, duration, speed) in enumerate(_STEPS, start=1)
    ),
)
TOTAL_S = sum(step.duration_s for step in PLAN.steps)


def moment(phase: Phase = Phase.RUNNING, at: int = 3, left_s: float = 102.0, **changes: object) -> Snapshot:
    """A snapshot in the step with index `at`, `left_s` before its end."""
    step = PLAN.steps[at]
    values: dict[str, object] = {
        "t": 100.0,
        "phase": phase,
        "treadmill": "TM11GY",
        "step": step,
        "step_remaining_s": left_s,
        "next_step": PLAN.steps[at + 1] if at + 1 < len(PLAN.steps) else None,
        "elapsed_s": sum(each.duration_s for each in PLAN.steps[: at + 1]) - left_s,
        "total_s": TOTAL_S,
        "target_kmh": step.speed_kmh,
        "measured_kmh": 7.3,
        "incline_target_percent": 1.0,
        "incline_percent": 1.0,
        "distance_m": 1234.0,
        "heart_rate_bpm": 142,
        "link_age_s": 0.4,
    }
    return Snapshot.model_validate(values | changes)


def stopped(state: StopState, measured_kmh: float | None, reason: str = "You pressed Space.") -> Snapshot:
    """The latch holds."""
    view = StopView(state=state, reason=reason, since_s=2.0, measured_kmh=measured_kmh)
    return moment(Phase.STOPPED, measured_kmh=measured_kmh, target_kmh=0.0, stop=view)


def still(phase: Phase, at: int = 3, left_s: float = 102.0, **changes: object) -> Snapshot:
    """The same with the belt at rest."""
    return moment(phase, at, left_s, measured_kmh=0.0, target_kmh=0.0, **changes)


def timed_only(phase: Phase, at: int = 3, left_s: float = 102.0, **changes: object) -> Snapshot:
    """A treadmill that says nothing of its belt."""
    nothing = dict.fromkeys(("measured_kmh", "incline_percent", "heart_rate_bpm", "link_age_s"))
    return moment(phase, at, left_s, unseen=True, distance_m=0.0, **nothing, **changes)


SCENES = {
    "connecting": moment(
        Phase.CONNECTING,
        0,
        300.0,
        step=None,
        next_step=PLAN.steps[0],
        measured_kmh=None,
        target_kmh=0.0,
        link_age_s=None,
        distance_m=None,
        heart_rate_bpm=None,
        incline_percent=None,
        incline_target_percent=0.0,
    ),
    "ready": still(Phase.READY, 0, 300.0, step=None, next_step=PLAN.steps[0], distance_m=0.0),
    "countdown": moment(
        Phase.COUNTDOWN,
        0,
        300.0,
        measured_kmh=0.0,
        announcement=Announcement(in_s=2.6, speed_kmh=4.5, kind=Kind.WARM_UP),
    ),
    "starting": moment(Phase.STARTING, 0, 300.0, measured_kmh=0.0),
    "warm-up": moment(at=0, left_s=252.0, measured_kmh=4.5),
    "run": moment(),
    "run, long and fast": moment(
        left_s=755.0, elapsed_s=500.0, target_kmh=12.8, measured_kmh=12.5, source=Source.PERSON, incline_percent=0.5
    ),
    "run, nothing reported": moment(
        measured_kmh=None, incline_percent=None, distance_m=None, heart_rate_bpm=None, link_age_s=2.7
    ),
    "run, heart rate from a strap": moment(heart_rate_bpm=168, heart_rate_sensor=HeartRateSource.STRAP),
    "run, heart rate lost": moment(
        heart_rate_bpm=None,
        heart_rate_sensor=HeartRateSource.STRAP,
        heart_rate_lost=HeartRateLoss.NO_CONTACT,
        notice=line(HeartRateLoss.NO_CONTACT, lost=True),
    ),
    "walk": moment(at=4, left_s=31.0, measured_kmh=5.0),
    "walk, run announced": moment(
        at=4, left_s=8.0, measured_kmh=5.1, announcement=Announcement(in_s=8.0, speed_kmh=7.5, kind=Kind.RUN)
    ),
    "walk, three before the run": moment(
        at=4,
        left_s=2.4,
        measured_kmh=5.1,
        announcement=Announcement(in_s=2.4, speed_kmh=7.5, kind=Kind.RUN),
        cue=CueKind.COUNTDOWN,
        cue_at=99.6,
    ),
    "run, faster asked for": moment(announcement=Announcement(in_s=5.0, speed_kmh=8.0, kind=None)),
    "run, not counting yet": moment(
        left_s=120.0,
        measured_kmh=6.1,
        reaching=SpeedRampView(speed_kmh=7.5, in_s=3.2, counts_then=True),
        changing_s=12.4,
    ),
    "run, the lag not known": moment(
        left_s=120.0, measured_kmh=6.1, reaching=SpeedRampView(speed_kmh=7.5, counts_then=True), changing_s=2.0
    ),
    "walk, slowing": moment(at=4, left_s=58.0, measured_kmh=6.2, reaching=SpeedRampView(speed_kmh=5.0, in_s=1.4)),
    "run, stepped off": moment(notice="are you on the belt? it feels no steps", cue=CueKind.STEPPED_OFF, cue_at=99.6),
    "ease": moment(easing=True, target_kmh=5.0, measured_kmh=5.6, source=Source.PERSON),
    "cool-down": moment(at=6, left_s=200.0, measured_kmh=4.5),
    "pausing": moment(Phase.PAUSING, measured_kmh=3.1, target_kmh=0.0),
    "paused": still(Phase.PAUSED),
    "link lost": moment(Phase.LINK_LOST, measured_kmh=None, link_age_s=7.3, notice="The radio link is gone."),
    "re-arm": moment(Phase.REARM, measured_kmh=4.4),
    "control lost": moment(Phase.CONTROL_LOST, notice="Another program has control of the treadmill."),
    "safety key": still(Phase.SAFETY_KEY),
    "ending": moment(Phase.ENDING, 6, 0.0, measured_kmh=1.8, target_kmh=0.0),
    "completed": still(Phase.COMPLETED, 6, 0.0, step=None),
    "stopping": stopped(StopState.STOPPING, 3.2),
    "stopped": stopped(StopState.AT_REST, 0.0),
    "run, by the clock": timed_only(Phase.RUNNING, notice="set 7.5 km/h on the treadmill"),
    "completed, by the clock": timed_only(Phase.COMPLETED, 6, 0.0, step=None),
    "stopped, not seen": stopped(StopState.UNSEEN, None).model_copy(update={"unseen": True, "link_age_s": None}),
    "alarm": stopped(StopState.ALARM, 6.8, "The belt has not slowed 1.5 s after Stop."),
    "alarm, belt unseen": stopped(StopState.ALARM, None, "Nothing heard from the treadmill for 2 s."),
}
"""Every state the screen can be told, by name."""

AT_REST = ("ready", "completed", "stopped")
"""Those of them in which the belt is known to rest and to stay at rest."""


class Outbox:
    """A port that remembers what was asked for."""

    def __init__(self) -> None:
        self.asks: list[Intent] = []
        self.beats = 0
        self.themes: list[str] = []

    def send(self, message: IntentMessage | Heartbeat) -> None:
        if isinstance(message, IntentMessage):
            self.asks.append(message.ask)
        else:
            self.beats += 1
            self.themes.append(message.theme)


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def cockpit(
    theme: str = "dark", taste: Preferences | None = None, *, watching: bool = False
) -> tuple[CockpitApp, Outbox, Clock]:
    """An app with its outbox and its clock."""
    outbox, clock = Outbox(), Clock()
    return CockpitApp(outbox, taste=taste or Preferences(theme), clock=clock, watching=watching), outbox, clock
