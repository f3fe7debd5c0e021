"""From the person's word to a belt that runs under the session: countdown, Start, and what a start may still need.

Rules:
- Nothing moves that has not been counted down: a start or resume for `LEAD` seconds, before Start is ordered; the
  slowest speed of a belt that stands after its start (quirk 52) for `PERSON_LEAD` seconds more.
- The session runs once the belt has been told to move *and* to obey. A belt that does one of them is waited for.
- A belt that moves already is taken over at the speed it has: taking over makes nothing faster.
- Where its own button starts it, the person is asked to press it, and the start is off if nobody does.

Units: speed 0.01 km/h, time s. Source: training.md "Session behaviour"; quirks 15, 17, 52.
"""

from __future__ import annotations

from runback.session.announcements import LEAD, PERSON_LEAD, SpeedIncrease
from runback.session.manual_prompts import PRESS_START
from runback.session.model import CueKind, MachineRequest, Phase
from runback.session.session_state import SessionState

STANDS = "the belt stands still: in three seconds it gets its slowest speed"
FINDING_UNITS = "at walking pace until it is known what this treadmill counts speed in"


class StartSequence:
    """Brings the session that `state` is of to a moving belt."""

    __slots__ = ("_state",)

    def __init__(self, state: SessionState) -> None:
        self._state = state

    @property
    def speed(self) -> int | None:
        """What the belt gets first; None if no start is on its way."""
        return None if self._state.countdown is None else self._state.countdown.speed

    @property
    def waits_for_a_hand(self) -> bool:
        """Whether it has been counted down, and the treadmill's own button not been pressed yet."""
        state = self._state
        return state.phase is Phase.STARTING and state.manual.starts and not state.heard.moving

    def count_down(self, now: float) -> None:
        """The person has said so."""
        state, plan = self._state, self._state.speed_plan
        state.countdown = SpeedIncrease(plan.first_speed(), now + LEAD, plan.timeline.here.kind)
        state.phase = Phase.COUNTDOWN
        if not state.manual.speeds:  # where the person sets every speed nothing is controlled from here
            state.orders.append(MachineRequest.ARM)
        state.cues += state.countdown.cues(now)

    def cancel(self, notice: str, now: float) -> None:
        """It is off. Start may be on its way already, so that a pause follows it; before, there is nothing to pause."""
        if self._state.phase is not Phase.COUNTDOWN:
            self._state.order_pause()
        self._state.call_off(notice, now)

    def go_on(self, now: float) -> None:
        """The person says go on, after a lost link or lost control."""
        state = self._state
        if state.heard.moving and state.manual.speeds:
            self._take_over(now)
        elif state.heard.moving:
            state.orders.append(MachineRequest.ARM)
            state.notice = "asking the treadmill for control"
        elif state.heard.moving is None:  # a machine that says nothing before it is unlocked would stay unheard
            state.orders.append(MachineRequest.LISTEN)
            state.notice = "waiting to hear what the belt does"
        else:
            state.rest(None)

    def stands(self, now: float) -> None:
        """The belt has been told to start, and stands: announce that it is told its slowest speed."""
        state = self._state
        if state.phase is Phase.STARTING and not state.manual.starts:
            state.rousing = SpeedIncrease(state.speed_plan.low, now + PERSON_LEAD, None)
            state.notice = STANDS
            state.cues += state.rousing.cues(now)

    def begin_running(self, now: float) -> None:
        """A signal has told that the belt moves, or obeys."""
        state = self._state
        if state.phase is not Phase.STARTING or state.countdown is None:
            if state.heard.moving:
                self._take_over(now)
            else:
                state.rest("the belt is at rest")
        elif state.manual.unseen or (state.heard.moving and (state.heard.control or state.manual.speeds)):
            self._run(state.countdown.speed, now)

    def _run(self, speed: int, now: float) -> None:
        state = self._state
        resumed = state.speed_plan.timeline.index is not None
        state.countdown = state.rousing = None
        state.notice = None if state.notice == STANDS else state.notice
        state.phase = Phase.RUNNING
        state.manual.forget_speed()
        state.notice = state.notice if state.speed_plan.limit is None else FINDING_UNITS
        state.speed_plan.run(speed, now)
        if state.manual.unseen:  # the clock runs from here on, whether or not the button has been pressed
            state.notice = f"{PRESS_START}, then {state.manual.ask_speed(speed)}"
        if resumed:
            state.cue(CueKind.RESUMED, now, speed)

    def _take_over(self, now: float) -> None:
        """Go on with a belt that moves already, at the speed it has."""
        state = self._state
        state.notice = None
        state.manual.forget_speed()
        state.phase = Phase.RUNNING
        state.speed_plan.run(min(state.speed_plan.counting.speed, state.speed_plan.high), now)

    # -- time ------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """What is due of it. Only in COUNTDOWN and STARTING."""
        state = self._state
        if state.phase is Phase.COUNTDOWN and state.countdown is not None:
            self._tick_countdown(state.countdown, now)
        elif state.rousing is not None:
            state.cues += state.rousing.cues(now)
            if state.rousing.ready(now):
                state.rousing = None
                state.orders.append(MachineRequest.ROUSE)
        elif self.waits_for_a_hand and now >= state.manual.press_by:
            self.cancel("nobody pressed START on the treadmill", now)

    def _tick_countdown(self, countdown: SpeedIncrease, now: float) -> None:
        state = self._state
        state.cues += countdown.cues(now)
        if not countdown.ready(now):
            return
        state.phase = Phase.STARTING
        # A belt that somebody has started meanwhile is taken over: a second Start would stop or pause some (quirk 12).
        if state.heard.moving or state.manual.unseen:
            self.begin_running(now)
            return
        if state.manual.starts:
            state.notice = PRESS_START
            state.manual.await_start(now)
        if not state.manual.speeds:
            state.orders.append(MachineRequest.START)

    def deadline(self, now: float) -> float | None:
        """When `tick` will next have something to do."""
        state = self._state
        counting = state.countdown if state.phase is Phase.COUNTDOWN else state.rousing
        if counting is not None:
            return counting.deadline(now)
        return state.manual.press_by if self.waits_for_a_hand else None
