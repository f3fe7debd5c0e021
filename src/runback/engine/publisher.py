"""What is told of a session as it goes: to the record, and to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from runback.engine import snapshots
from runback.engine.ports import SessionPort
from runback.engine.recorder import Recorder
from runback.ipc.messages import Snapshot, TimelineView
from runback.machine.stop_latch import Alarm, LatchState, StopLatch
from runback.session.model import Cue, Phase
from runback.session.session import Session

Show = Callable[[TimelineView | Snapshot], None]
CueHandler = Callable[[Sequence[Cue]], None]


class SnapshotPublisher:
    """Notices what changed since the last turn and passes it on. `hear` makes the cues of one turn heard; it must not
    wait and must not raise (None: nothing is to be heard)."""

    def __init__(
        self,
        session: Session,
        port: SessionPort,
        latch: StopLatch,
        recorder: Recorder,
        seen: snapshots.DisplayState,
        hear: CueHandler | None,
    ) -> None:
        self.show: Show | None = None
        """Set by the screen while there is one: it comes and goes."""
        self.watched: Show | None = None
        """The same for second screens. It must not wait and must not raise."""
        self.held = False
        """While true nothing is shown: a Stop is on its way."""
        self.shown: Snapshot | None = None
        """The newest snapshot: what the person acts on."""
        self._session = session
        self._port = port
        self._hear = hear
        self._latch = latch
        self._recorder = recorder
        self._seen = seen
        self._phase: Phase | None = None
        self._stop: tuple[LatchState, Alarm | None] | None = None
        self._steps = 0

    def report(self, now: float, snapshot: Callable[[], Snapshot]) -> None:
        """Tell cues, a new step, a new phase, a changed plan."""
        session, timeline = self._session, self._session.speed_plan.timeline
        cues = self._port.take_cues()
        for cue in cues:
            self._seen.cue, self._seen.remark_line = cue, None
            self._recorder.cue(cue)
        if cues and self._hear is not None:
            self._hear(cues)
        self._tell_steps()
        changed = session.phase is not self._phase
        if changed:
            self._phase = session.phase
            self._recorder.put(now, "phase", phase=session.phase.value, notice=session.notice)
        looked_at = self.show is not None or self.watched is not None
        # While a Stop is on its way nothing is drawn: a screen that redraws takes the processor that carries it.
        if looked_at and timeline.changed and not self.held:
            timeline.changed = False
            self._show(snapshots.plan(session))
        stop = (self._latch.state, self._latch.alarm)
        if looked_at and (changed or stop != self._stop):
            self.redraw(snapshot())
        self._stop = stop

    def redraw(self, snapshot: Snapshot) -> None:
        """Show `snapshot`, if anybody looks."""
        self.shown = snapshot
        if not self.held:
            self._show(snapshot)

    def _show(self, message: TimelineView | Snapshot) -> None:
        for show in (self.show, self.watched):
            if show is not None:
                show(message)

    def _tell_steps(self) -> None:
        timeline, intervals = self._session.speed_plan.timeline, self._session.speed_plan.totals.intervals
        for interval in intervals[self._steps :]:
            step = timeline.steps[interval.number - 1]
            shown = snapshots.step_view(interval.number, step, timeline.speed_of(step)).model_dump(mode="json")
            self._recorder.put(interval.began, "step", of=len(timeline.steps), **shown)
        self._steps = len(intervals)
