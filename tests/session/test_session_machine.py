"""Whatever a person asks, a machine says and a console does, in any order and at any time: what always holds.

The oracle here knows announcements only as they were said aloud (heads-up, 3, 2, 1, withdrawn), not as the session
keeps them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from runback.machine.events import Axis, ConsoleChanged, Event, Measured, Signal
from runback.session.announcements import IN_TIME, LEAD, PERSON_LEAD
from runback.session.model import CountFrom, CueKind, Intent, MachineRequest, Phase
from runback.session.transitions import ALLOWED, SIGNALS
from runback.workout.model import Kind, Step, Workout
from tests.support.effort import examples
from tests.support.session.stage import HIGH, LOW, Stage

LATE = IN_TIME + 1e-6
durations = st.one_of(st.integers(1, 40).map(float), st.floats(0.5, 40.0))
speeds = st.integers(LOW // 10, 140).map(lambda tenth: tenth * 10)
workouts = st.builds(
    Workout,
    st.just("random"),
    st.lists(st.builds(Step, st.sampled_from(Kind), durations, speeds), min_size=1, max_size=8).map(tuple),
)
BY_ASKING = {
    Phase.COUNTDOWN: {Intent.START, Intent.RESUME},
    Phase.READY: {Intent.PAUSE, Intent.REARM},
    Phase.PAUSED: {Intent.PAUSE, Intent.REARM},
    Phase.PAUSING: {Intent.PAUSE},
    Phase.STOPPED: {Intent.STOP},
    Phase.ENDING: {Intent.SKIP},
}
BY_TIME = {
    (Phase.COUNTDOWN, Phase.STARTING),
    (Phase.COUNTDOWN, Phase.RUNNING),
    (Phase.RUNNING, Phase.ENDING),
    (Phase.PAUSING, Phase.STOPPED),
}


class Said:
    """One announcement, as heard."""

    def __init__(self, at: float, speed: int, seconds: float) -> None:
        self.at = at
        self.speed = speed
        self.seconds = seconds
        self.counts: list[tuple[float, float]] = []


class AnySession(RuleBasedStateMachine):
    """One session, and everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.said: list[Said] = []
        self.commanded = 0
        self.from_belt: int | None = None
        self.phase = Phase.CONNECTING
        self.position = 0.0
        self.eased: int | None = None
        self.moving = False
        self.plussed = False
        self.looked = 0.0
        self.started_at = 0
        self.steps = 0

    @initialize(
        workout=workouts,
        cap=st.none() | st.integers(0, 200).map(float),
        through=st.booleans(),
        count_from=st.sampled_from(CountFrom),
    )
    def begin(self, workout: Workout, cap: float | None, through: bool, count_from: CountFrom) -> None:
        self.stage = Stage(workout, run_cap=cap, count_from=count_from)
        if through:  # most of what there is to find lies behind a start
            self.hear(Signal.LINK_UP, Signal.BELT_RESTED)
            self.ask(Intent.START)
            self.hear(Signal.CONTROL_GRANTED)
            self.wait(10.0)
            self.signal(Signal.BELT_MOVED)

    # -- what happens ----------------------------------------------------------------------------------------

    @rule(seconds=st.one_of(st.floats(0.0, 15.0), st.integers(1, 40).map(float)))
    def wait(self, seconds: float) -> None:
        until = self.stage.now + seconds
        while (at := self.stage.session.deadline(self.stage.now)) is not None and at <= until:
            assert at > self.stage.now
            self.stage.jump(at)
            self.look(self.by_time)
        self.stage.jump(until)
        self.look(self.by_time)

    @rule(seconds=st.floats(0.0, 30.0))
    def held_up(self, seconds: float) -> None:
        self.stage.jump(self.stage.now + seconds)
        self.look(self.by_time)

    @rule(ask=st.sampled_from([ask for ask in Intent if ask is not Intent.STOP]))
    def ask(self, ask: Intent) -> None:
        before, commanded = self.stage.phase, self.commanded
        allowed = ask in ALLOWED[before]
        plus = self.wanted()
        self.plussed = self.plussed or ask is Intent.FASTER
        self.stage.ask(ask)
        after = self.stage.phase
        if ask in (Intent.EASE_OFF, Intent.TROUBLE) and allowed:
            timeline = self.stage.session.speed_plan.timeline
            self.eased = max(step.speed for step in timeline.steps[timeline.number - 1 :])
            self.commanded = self.stage.session.speed_plan.commanded
            assert max(self.commanded, self.eased) <= max(commanded, LOW)
        if ask is Intent.TROUBLE and allowed and commanded > self.stage.session.speed_plan.low:
            assert self.stage.session.speed_plan.commanded < commanded
        if ask is Intent.FASTER and allowed and after is Phase.RUNNING:
            assert plus <= self.wanted() <= max(plus, min(plus + 50, HIGH))
        if ask is Intent.SLOWER and allowed and after is Phase.RUNNING:
            assert self.stage.session.speed_plan.commanded <= commanded
        assert allowed or after is before
        self.look(lambda _, new: ask in BY_ASKING.get(new, set()))

    @rule(
        asks=st.sampled_from(
            [Intent.FASTER, Intent.SLOWER, Intent.SKIP, Intent.REPEAT, Intent.EXTEND, Intent.EASE_OFF, Intent.TROUBLE]
        )
    )
    def steer(self, asks: Intent) -> None:
        self.ask(asks)

    @rule()
    def go_on(self) -> None:
        """Whatever is the way back to a moving belt."""
        for ask in (Intent.START, Intent.RESUME, Intent.REARM):
            if ask in ALLOWED[self.stage.phase]:
                self.ask(ask)
        if self.stage.phase in (Phase.REARM, Phase.CONTROL_LOST):
            self.signal(Signal.CONTROL_GRANTED)
        self.wait(10.0)
        if self.stage.phase is Phase.STARTING:
            self.signal(Signal.CONTROL_GRANTED)
            self.signal(Signal.BELT_MOVED)

    @rule()
    def stop(self) -> None:
        self.stage.ask(Intent.STOP)
        assert self.stage.phase in (Phase.STOPPED, Phase.ENDING, Phase.COMPLETED)
        self.look(lambda *_: True)

    @rule()
    def released(self) -> None:
        self.stage.session.released()
        self.stage.note()
        self.look(lambda old, new: old is Phase.STOPPED and new in RELEASED)

    @rule(signal=st.sampled_from([each for each in Signal if each not in (Signal.BELT_MOVED, Signal.BELT_RESTED)]))
    def any_signal(self, signal: Signal) -> None:
        self.signal(signal)

    @rule()
    def belt_moves_or_rests(self) -> None:
        self.signal(Signal.BELT_RESTED if self.moving else Signal.BELT_MOVED)

    @rule()
    def link_drops_and_returns(self) -> None:
        self.signal(Signal.LINK_DOWN)
        self.wait(2.0)
        self.signal(Signal.LINK_UP)
        self.signal(Signal.BELT_MOVED)

    @rule(speed=st.one_of(speeds, st.integers(1, 65_535)))
    def console_speed(self, speed: int) -> None:
        self.hear(ConsoleChanged(Axis.SPEED, speed))

    @rule(speed=speeds)
    def record(self, speed: int) -> None:
        self.hear(Measured(self.stage.now, speed))

    @rule(speed=speeds, seconds=st.integers(1, 40), going=st.booleans())
    def records_of_a_machine_that_counts_steps(self, speed: int, seconds: int, going: bool) -> None:
        for _ in range(seconds):
            self.wait(1.0)
            self.steps += going
            self.hear(Measured(self.stage.now, speed, steps=self.steps))

    def signal(self, signal: Signal) -> None:
        if signal in (Signal.BELT_MOVED, Signal.BELT_RESTED):
            self.moving = signal is Signal.BELT_MOVED
        self.hear(signal)

    def hear(self, *events: Event) -> None:
        for event in events:
            before = self.stage.phase
            if isinstance(event, Measured):
                self.from_belt = event.speed
            self.stage.hear(event)
            running = self.stage.phase is Phase.RUNNING
            if isinstance(event, ConsoleChanged) and running:
                self.commanded = self.stage.session.speed_plan.commanded
            if running and before in (Phase.REARM, Phase.CONTROL_LOST):
                taken = self.stage.session.speed_plan.commanded
                assert taken <= (self.from_belt or 0)  # taken over at what the belt does, or less
                self.commanded = taken
            self.look(partial(self.by_table, event))

    # -- what always holds -----------------------------------------------------------------------------------

    def wanted(self) -> int:
        """Where the belt is or will be after what has been announced for this step."""
        session = self.stage.session
        raised = session.announced
        here = raised is not None and raised.due < session.speed_plan.watch.when(session.speed_plan.timeline.end)
        return max(session.speed_plan.commanded, raised.speed if raised is not None and here else 0)

    @staticmethod
    def by_time(old: Phase, new: Phase) -> bool:
        return (old, new) in BY_TIME

    def by_table(self, event: Event, old: Phase, new: Phase) -> bool:
        if self.by_time(old, new):
            return True
        if isinstance(event, Measured):
            return (old, new) == (Phase.RUNNING, Phase.PAUSING)  # no steps were felt
        assert isinstance(event, Signal)
        led = SIGNALS.get((old, event), (None, None))[0]
        rested = new in (Phase.READY, Phase.PAUSED)
        return led is new or (rested and led in (Phase.PAUSED, Phase.RUNNING))

    def look(self, may: Callable[[Phase, Phase], bool]) -> None:
        """Take in what has been said, then judge what the belt was told."""
        stage = self.stage
        for cue in stage.cues:
            match cue.kind:
                case CueKind.HEADS_UP:
                    self.said.append(Said(cue.at, cue.speed or 0, cue.seconds))
                case CueKind.COUNTDOWN:
                    mine = [said for said in self.said if said.speed == cue.speed and len(said.counts) < 3]
                    mine = [said for said in mine if said.at + said.seconds <= cue.at + cue.seconds + LATE]
                    expected = [said for said in mine if (3, 2, 1)[len(said.counts)] == cue.seconds]
                    assert expected, "a count that belongs to no heads-up, or twice, or out of order"
                    for said in expected:
                        said.counts.append((cue.at, cue.seconds))
                case _:
                    pass
        now, phase = stage.now, stage.phase
        if phase is not self.phase:
            if phase not in (Phase.COUNTDOWN, Phase.STARTING, Phase.RUNNING):
                self.said.clear()
            assert may(self.phase, phase), f"{self.phase} -> {phase}"
            self.phase = phase
        starts = [order for order in stage.ordered if order is MachineRequest.START]
        target = stage.speed
        if starts:
            assert phase is Phase.STARTING
            assert self.announced(stage.session.target or 0, LEAD, now), "a start nobody was warned of"
            self.started_at = stage.session.target or 0
        if target is not None and phase is Phase.RUNNING:
            if target > self.commanded:
                lead = PERSON_LEAD if self.plussed else LEAD
                assert self.announced(target, lead, now), f"{self.commanded} -> {target} came unannounced"
            self.commanded = target
        elif phase is not Phase.RUNNING:
            self.commanded = self.started_at if phase is Phase.STARTING else 0  # however long the belt takes to move
        self.looked = now
        stage.forget()

    def announced(self, speed: int, lead: float, now: float) -> bool:
        """Whether somebody on the belt has heard of `speed`, or a faster one, in good time, and counted down."""
        return any(
            said.speed >= speed
            and now - said.at >= min(lead, said.seconds) - LATE
            and said.seconds >= lead - LATE
            and len(said.counts) == 3
            and said.counts[2][0] + 1 >= self.looked - LATE  # this one, and none from long ago
            and now - said.counts[2][0] >= 1 - LATE
            and said.counts[1][0] - said.counts[0][0] >= 1 - LATE
            and said.counts[2][0] - said.counts[1][0] >= 1 - LATE
            for said in self.said
        )

    @invariant()
    def the_belt_is_wanted_to_move_only_while_starting_or_running(self) -> None:
        assert self.stage.speed is None or self.stage.phase in (Phase.STARTING, Phase.RUNNING)
        assert self.stage.session.incline is None or self.stage.phase is Phase.RUNNING

    @invariant()
    def time_on_the_timeline_never_runs_back_and_only_while_running(self) -> None:
        position = self.stage.position
        assert position >= self.position
        self.position = position
        if self.stage.phase is not Phase.RUNNING:
            assert self.stage.session.speed_plan.watch.running is False

    @invariant()
    def after_ease_off_nothing_is_announced_above_walking(self) -> None:
        raised = self.stage.session.announced
        if self.eased is not None and raised is not None:
            assert raised.speed <= max(self.eased, LOW)

    @invariant()
    def there_is_always_a_next_moment_while_time_matters(self) -> None:
        deadline = self.stage.session.deadline(self.stage.now)
        timed = self.stage.phase in (Phase.RUNNING, Phase.COUNTDOWN, Phase.PAUSING)
        assert (deadline is not None) is timed
        assert deadline is None or self.stage.now < deadline < self.stage.now + 2e5


RELEASED = (Phase.READY, Phase.PAUSED, Phase.LINK_LOST, Phase.COMPLETED)

TestAnySession = AnySession.TestCase
TestAnySession.settings = settings(
    max_examples=examples(150), stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
