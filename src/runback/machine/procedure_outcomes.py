"""What becomes of a procedure: taken, refused, never answered, or overtaken by something newer.

Rules:
- "Control not permitted" makes it ask for control once more, and then for the same again, `MAX_CLAIMS` times in
  all; whatever is newer by then (a pause, a console's hand, another start) stands.
- "Operation failed" and silence are tried again a few times; any other refusal is final for that target.
- Where a machine's habits say that a response proves nothing, success resets no count, and silence is no failure.
- A Start is offered again only if the machine said that it has not taken it, and while its intent is still good.
"""

from __future__ import annotations

from runback.ftms.assigned_numbers import OpCode, Result
from runback.machine.belt import BeltPhase
from runback.machine.client_state import ClientState
from runback.machine.events import Refused, Signal
from runback.machine.procedure import FAILED_RETRY, MAX_CLAIMS, ControlProcedure, ControlState
from runback.machine.quirks import AckEvidence, ControlRequestPolicy
from runback.machine.targets import Target

AS_ASKED = 20
"""0.2 km/h: a belt this near its target runs as it was asked to."""


class ProcedureOutcomes:
    """Reactions to the ends a procedure can come to."""

    def __init__(self, state: ClientState) -> None:
        self._state = state

    def succeeded(self, procedure: ControlProcedure, *, proven: bool) -> None:
        """The machine says yes; `proven` unless its yes says nothing."""
        if procedure.op is OpCode.REQUEST_CONTROL:
            self._has_control()
            self._start_confirmed()  # where that is what starts the belt (quirk 14)
            return
        self._state.claims = 0
        # Where a yes proves nothing, each try counts: else a machine that does not listen would be told for ever.
        if procedure.slot is not None:
            if proven:
                procedure.slot.took()
        elif procedure.op is OpCode.START_OR_RESUME:
            self._start_confirmed()

    def _start_confirmed(self) -> None:
        """The machine says that the belt starts. A belt that stands all the same may wait for a speed (quirk 52)."""
        state = self._state
        if state.starting and state.kept_alive_at is not None and state.quirks.rouse_after is not None:
            state.rouse_at = state.kept_alive_at + state.quirks.rouse_after

    def _has_control(self) -> None:
        """Control has been given, or the machine obeys without."""
        state = self._state
        # The first yes does not count on such a machine (7): it is asked once more.
        if state.quirks.claim is ControlRequestPolicy.TWICE and state.claims < 2:
            return
        state.claimed = True
        state.control = ControlState.GRANTED
        state.say(Signal.CONTROL_GRANTED)

    def failed(self, procedure: ControlProcedure, result: int | None, now: float) -> None:
        """The machine said no: `result` is its code, None for an ATT error."""
        state = self._state
        if procedure.op is OpCode.REQUEST_CONTROL:
            self._claim_failed(procedure)
        elif result == Result.CONTROL_NOT_PERMITTED:
            self._reclaim(procedure)
        elif procedure.feeds:
            pass  # the belt shows what becomes of it
        elif procedure.op is OpCode.START_OR_RESUME:
            state.start_failed()
        elif procedure.op is OpCode.STOP_OR_PAUSE:
            state.say(Signal.PAUSE_REFUSED)
        elif (slot := procedure.stands) is None:
            pass
        elif result == Result.OPERATION_FAILED:
            self._try_later(slot, procedure.value, now + FAILED_RETRY)
        else:
            slot.refuse()
            state.say(Refused(state.axis(slot), procedure.value, "the treadmill refused it"))

    def unanswered(self, procedure: ControlProcedure, now: float) -> None:
        state = self._state
        slot = procedure.stands
        shown = state.quirks.claim is ControlRequestPolicy.STARTS and state.belt.state is BeltPhase.MOVING
        if procedure.op is OpCode.REQUEST_CONTROL and (state.quirks.obeys_unclaimed or shown):
            self._has_control()
        elif state.quirks.proof is not AckEvidence.ANY:
            pass  # the belt shows what became of it
        elif procedure.op is OpCode.STOP_OR_PAUSE:
            state.say(Signal.PAUSE_REFUSED)
        elif slot is not None and not self._shows(slot, procedure.value):
            self._try_later(slot, procedure.value, now)
        # Control is asked for again by itself; a Start is never repeated: the belt will show what became of it.

    def _shows(self, slot: Target, value: int) -> bool:
        """Whether the belt itself answers for an answer that was lost: it runs at the speed that was set."""
        speed = self._state.belt.speed if slot is self._state.speed else None
        return speed is not None and abs(speed - value) <= AS_ASKED

    def _try_later(self, slot: Target, value: int, at: float) -> None:
        if not slot.retry(at):
            self._state.say(Refused(self._state.axis(slot), value, "the treadmill does not do it"))

    def _claim_failed(self, procedure: ControlProcedure) -> None:
        state = self._state
        # It refuses what it does not need (3): commands are obeyed all the same.
        if state.quirks.obeys_unclaimed:
            self._has_control()
            return
        if procedure.intent is not None:
            state.start_failed()
        state.refuse_control()

    def stay_locked(self) -> None:
        """The machine does not take, or not answer, what unlocks it."""
        self._state.unlock.reply_by = None
        self._state.refuse_control()

    def renew_claim(self) -> None:
        """Control is wanted again, ahead of what comes next."""
        state = self._state
        if state.control is ControlState.GRANTED and state.quirks.claim is not ControlRequestPolicy.NEVER:
            state.control = ControlState.WANTED
            state.renewing = True

    def _reclaim(self, procedure: ControlProcedure) -> None:
        state = self._state
        # Asking again helps no more; on a machine that is started by asking, it would be a start that nobody wants.
        if state.claims >= MAX_CLAIMS or state.quirks.claim in (
            ControlRequestPolicy.NEVER,
            ControlRequestPolicy.STARTS,
        ):
            state.lose_control("the treadmill does not let itself be controlled")
            return
        state.control = ControlState.WANTED
        state.renewing = True
        self.offer_again(procedure)

    def offer_again(self, procedure: ControlProcedure) -> None:
        """The machine has not taken the request: what it was made of is wanted as before, if nothing newer is."""
        slot = procedure.stands
        if slot is not None:
            slot.lost()
        elif procedure.op is OpCode.START_OR_RESUME:
            self._offer_start_again(procedure)
        elif procedure.op is OpCode.STOP_OR_PAUSE:
            self._state.pause_due = True
        elif procedure.op is OpCode.REQUEST_CONTROL:
            self._state.claims -= 1

    def _offer_start_again(self, procedure: ControlProcedure) -> None:
        state = self._state
        if procedure.intent is None:
            return  # a keepalive: it is due again by itself
        state.call_off_start()
        procedure.intent.spent = False
        if state.start_intent is None:
            state.start_intent = procedure.intent
