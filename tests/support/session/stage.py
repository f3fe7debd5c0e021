"""A session on a hand-driven clock: every deadline is met, and all that was said, ordered and commanded is kept."""

from __future__ import annotations

from runback.machine.events import Axis, ConsoleChanged, Event, Measured, Signal
from runback.session.model import CountFrom, Cue, CueKind, Intent, MachineRequest, Phase
from runback.session.session import Session
from runback.units import Unit
from runback.workout.model import Kind, Step, Workout

WARM_UP, RUN, WALK, COOL_DOWN, FREE = Kind.WARM_UP, Kind.RUN, Kind.WALK, Kind.COOL_DOWN, Kind.FREE
LOW, HIGH = 80, 2000


def plan(*steps: tuple[Kind, float, int]) -> Workout:
    """A workout of (kind, seconds, 0.01 km/h)."""
    return Workout("test", tuple(Step(*step) for step in steps))


FIRST_RUN = plan((WARM_UP, 60, 450), (RUN, 60, 750), (WALK, 60, 500), (RUN, 60, 750), (COOL_DOWN, 60, 400))


class Stage:
    """Time goes only forwards, from deadline to deadline."""

    def __init__(
        self,
        workout: Workout = FIRST_RUN,
        *,
        run_cap: float | None = None,
        low: int = LOW,
        unit: Unit = Unit.KMH,
        count_from: CountFrom = CountFrom.COMMAND,
    ) -> None:
        self.session = Session(workout, run_cap=run_cap, unit=unit, count_from=count_from)
        self.session.set_range(low, HIGH)
        self.now = 0.0
        self.cues: list[Cue] = []
        self.orders: list[tuple[float, MachineRequest]] = []
        self.targets: list[tuple[float, int | None]] = []
        """Each target with the time from which it held."""

    def note(self) -> None:
        """Take what the session has to say."""
        self.cues += self.session.take_cues()
        self.orders += [(self.now, order) for order in self.session.take_orders()]
        target = self.session.target
        if not self.targets or self.targets[-1][1] != target:
            self.targets.append((self.now, target))

    def until(self, now: float) -> Stage:
        """Meet every deadline up to `now`."""
        while (at := self.session.deadline(self.now)) is not None and at <= now:
            assert at > self.now
            self.now = at
            self.session.tick(at)
            self.note()
        return self.jump(now)

    def wait(self, seconds: float) -> Stage:
        """The same, from here."""
        return self.until(self.now + seconds)

    def jump(self, now: float) -> Stage:
        """Be at `now` without having met a deadline on the way: the program was held up."""
        self.now = now
        self.session.tick(now)
        self.note()
        return self

    def ask(self, *asks: Intent) -> Stage:
        """The person asks, now."""
        for ask in asks:
            self.session.apply(ask, self.now)
            self.note()
        return self

    def hear(self, *events: Event) -> Stage:
        """The machine tells, now."""
        for event in events:
            self.session.observe(event, self.now)
            self.note()
        return self

    def console(self, speed: int) -> Stage:
        """Somebody sets `speed` at the console."""
        return self.hear(ConsoleChanged(Axis.SPEED, speed))

    def measure(self, speed: int) -> Stage:
        """A record arrives."""
        return self.hear(Measured(self.now, speed))

    def started(self) -> Stage:
        """Connected, asked to start, counted down, the belt moves: the timeline's 0 is now."""
        self.hear(Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.START).hear(Signal.CONTROL_GRANTED).wait(10.0)
        return self.hear(Signal.BELT_MOVED)

    def forget(self) -> Stage:
        """Drop what has been said and ordered so far."""
        self.cues.clear()
        self.orders.clear()
        return self

    @property
    def phase(self) -> Phase:
        return self.session.phase

    @property
    def speed(self) -> int | None:
        return self.session.target

    @property
    def position(self) -> float:
        """Seconds on the session's clock."""
        return self.session.speed_plan.watch.read(self.now)

    @property
    def number(self) -> int:
        """The step under way, from 1."""
        return self.session.speed_plan.timeline.number

    @property
    def ordered(self) -> list[MachineRequest]:
        return [order for _, order in self.orders]

    def said(self, *kinds: CueKind) -> list[tuple[float, CueKind, float, int | None]]:
        """What was said, of `kinds`: when, what, seconds, speed."""
        return [(cue.at, cue.kind, cue.seconds, cue.speed) for cue in self.cues if not kinds or cue.kind in kinds]

    def kinds(self, *kinds: CueKind) -> list[CueKind]:
        """Only what kind, in order."""
        return [cue.kind for cue in self.cues if not kinds or cue.kind in kinds]


def brought_to(phase: Phase, workout: Workout = FIRST_RUN) -> Stage:
    """A stage whose session stands in `phase`, brought there through its public doors."""
    stage = Stage(workout)
    if phase is Phase.CONNECTING:
        return stage
    stage.hear(Signal.LINK_UP, Signal.BELT_RESTED)
    if phase is Phase.READY:
        return stage
    if phase is Phase.STOPPED:
        stage.ask(Intent.STOP)
        return stage
    stage.ask(Intent.START).hear(Signal.CONTROL_GRANTED)
    if phase is Phase.COUNTDOWN:
        return stage.wait(2.0)
    stage.wait(10.0)
    if phase is Phase.STARTING:
        return stage
    stage.hear(Signal.BELT_MOVED).measure(450)
    match phase:
        case Phase.PAUSING:
            stage.wait(5.0).ask(Intent.PAUSE)
        case Phase.PAUSED:
            stage.wait(5.0).ask(Intent.PAUSE).hear(Signal.BELT_RESTED)
        case Phase.LINK_LOST:
            stage.hear(Signal.LINK_DOWN)
        case Phase.REARM:
            stage.hear(Signal.LINK_DOWN).wait(3.0).hear(Signal.LINK_UP, Signal.BELT_MOVED)
        case Phase.CONTROL_LOST:
            stage.hear(Signal.CONTROL_LOST)
        case Phase.SAFETY_KEY:
            stage.hear(Signal.SAFETY_KEY)
        case Phase.ENDING:
            stage.wait(300.0)
        case Phase.COMPLETED:
            stage.wait(300.0).hear(Signal.STOP_CONFIRMED)
        case _:
            pass
    assert stage.phase is phase
    return stage
