"""What the parts of a session share: its phase, what it has said and ordered, and the ways from any phase to rest.

Rules:
- Whatever halts the belt halts the timeline's clock, and withdraws what was announced.
- What is called off leaves the session where it was before: ready, or paused.
- Nothing here orders a belt to move; the most that is ordered is a pause.

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

import math

from runback.session.announcements import SpeedIncrease
from runback.session.manual_prompts import PRESS_PAUSE, ManualPrompts
from runback.session.model import Cue, CueKind, MachineRequest, Phase
from runback.session.speed_plan import SpeedPlan
from runback.session.step_detection import StepDetector
from runback.session.transitions import HeardState
from runback.units import Unit

PAUSE_WITHIN = 20.0
"""Seconds a pause may take to bring the belt to rest before it becomes a Stop; the slowest belts need 15."""


class SessionState:
    """One session's state. Its parts read and change it; only `Session` is seen from outside."""

    __slots__ = (
        *("countdown", "cues", "heard", "leaving", "manual", "notice", "orders", "pause_by", "phase", "rousing"),
        *("speed_plan", "steps", "stop_reason"),
    )

    def __init__(self, speed_plan: SpeedPlan, steps: StepDetector, unit: Unit) -> None:
        self.speed_plan = speed_plan
        self.steps = steps
        self.manual = ManualPrompts(unit)
        self.heard = HeardState()
        self.phase = Phase.CONNECTING
        self.notice: str | None = None
        self.stop_reason = ""
        self.leaving = False
        """The user has asked to leave: nothing starts any more."""
        self.countdown: SpeedIncrease | None = None
        """The speed that a start or resume begins with. Counted down, it stays until the belt moves."""
        self.rousing: SpeedIncrease | None = None
        """A belt that stands after its start is about to be told this, its slowest speed (quirk 52)."""
        self.pause_by = math.inf
        self.orders: list[MachineRequest] = []
        self.cues: list[Cue] = []

    def cue(self, kind: CueKind, now: float, speed: int | None = None) -> None:
        """Say it."""
        self.cues.append(Cue(now, kind, 0.0, speed))

    def halt(self, now: float) -> None:
        """Nothing announced stays, and the timeline's clock stands still."""
        self.speed_plan.halt(now)
        self.steps.rest()
        if self.phase is Phase.COUNTDOWN:  # the plan withdraws its own; nobody else knows of this one
            self.cue(CueKind.WITHDRAWN, now)
        self.countdown = self.rousing = None

    def rest(self, notice: str | None) -> None:
        """The belt is at rest: back to where a word of the person's is waited for."""
        self.phase = Phase.READY if self.speed_plan.timeline.index is None else Phase.PAUSED
        self.notice = notice

    def call_off(self, notice: str | None, now: float) -> None:
        """What was on its way does not come."""
        self.halt(now)
        self.rest(notice)

    def pause(self, now: float) -> None:
        """The belt is on its way to rest, by whose hand ever."""
        self.halt(now)
        # Where the belt is not seen nothing would ever tell that it has come to rest.
        self.phase = Phase.PAUSED if self.manual.unseen else Phase.PAUSING
        self.pause_by = now + PAUSE_WITHIN
        self.notice = PRESS_PAUSE if self.manual.speeds else self.notice
        self.cue(CueKind.PAUSED, now)

    def order_pause(self) -> None:
        """Have the machine pause, where it listens at all."""
        if not self.manual.speeds:
            self.orders.append(MachineRequest.PAUSE)

    def end(self, reason: str, now: float) -> None:
        """Stop has been latched, whatever the session was doing."""
        self.halt(now)
        self.phase = Phase.STOPPED
        self.stop_reason = reason
        self.notice = self.manual.stop_words(self.notice)
        self.cue(CueKind.STOPPED, now)

    def finish_if_over(self, now: float) -> None:
        """After the last step: stop the belt."""
        if self.speed_plan.finished and self.phase is Phase.RUNNING:
            self.speed_plan.halt(now)
            self.phase = Phase.ENDING
            self.notice = self.manual.stop_words(self.notice)
            self.orders.append(MachineRequest.FINISH)
