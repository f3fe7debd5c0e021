"""What becomes of a procedure: taken, refused, never answered, or overtaken by something newer.

Rules:
- "Control not permitted" is mended by asking for control once more, and then for the same again, `MAX_CLAIMS` times in
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


class ProcedureOutcomes(ClientState):
    """Reactions to the ends a procedure can come to."""

    def _succeeded(self, procedure: ControlProcedure, *, proven: bool) -> None:
        """The machine says yes; `proven` unless its yes says nothing."""
        if procedure.op is OpCode.REQUEST_CONTROL:
            self._has_control()
            self._start_confirmed()  # where that is what starts the belt (quirk 14)
            return
        self._claims = 0
        if procedure.slot is not None:
            if proven:
                procedure.slot.took()
        elif procedure.op is OpCode.START_OR_RESUME:
            self._start_confirmed()

    def _start_confirmed(self) -> None:
        """The machine says that the belt starts. A belt that stands all the same may wait for a speed (quirk 52)."""
        if self._starting and self._fed_at is not None and self.quirks.rouse_after is not None:
            self._rouse_at = self._fed_at + self.quirks.rouse_after

    def _has_control(self) -> None:
        """Control has been given, or the machine obeys without."""
        if self.quirks.claim is ControlRequestPolicy.TWICE and self._claims < 2:
            return
        self._claimed = True
        self.control = ControlState.GRANTED
        self._say(Signal.CONTROL_GRANTED)

    def _failed(self, procedure: ControlProcedure, result: int | None, now: float) -> None:
        """The machine said no: `result` is its code, None for an ATT error."""
        if procedure.op is OpCode.REQUEST_CONTROL:
            self._claim_failed(procedure)
        elif result == Result.CONTROL_NOT_PERMITTED:
            self._reclaim(procedure)
        elif procedure.feeds:
            pass  # the belt shows what becomes of it
        elif procedure.op is OpCode.START_OR_RESUME:
            self._start_failed()
        elif procedure.op is OpCode.STOP_OR_PAUSE:
            self._say(Signal.PAUSE_REFUSED)
        elif (slot := procedure.stands) is None:
            pass
        elif result == Result.OPERATION_FAILED:
            self._try_later(slot, procedure.value, now + FAILED_RETRY)
        else:
            slot.refuse()
            self._say(Refused(self._axis(slot), procedure.value, "the treadmill refused it"))

    def _unanswered(self, procedure: ControlProcedure, now: float) -> None:
        slot = procedure.stands
        shown = self.quirks.claim is ControlRequestPolicy.STARTS and self.belt.state is BeltPhase.MOVING
        if procedure.op is OpCode.REQUEST_CONTROL and (self.quirks.obeys_unclaimed or shown):
            self._has_control()
        elif self.quirks.proof is not AckEvidence.ANY:
            pass  # the belt shows what became of it
        elif procedure.op is OpCode.STOP_OR_PAUSE:
            self._say(Signal.PAUSE_REFUSED)
        elif slot is not None and not self._shows(slot, procedure.value):
            self._try_later(slot, procedure.value, now)
        # Control is asked for again by itself; a Start is never repeated: the belt will show what became of it.

    def _shows(self, slot: Target, value: int) -> bool:
        """Whether the belt itself answers for an answer that was lost: it runs at the speed that was set."""
        speed = self.belt.speed if slot is self.speed else None
        return speed is not None and abs(speed - value) <= AS_ASKED

    def _try_later(self, slot: Target, value: int, at: float) -> None:
        if not slot.retry(at):
            self._say(Refused(self._axis(slot), value, "the treadmill does not do it"))

    def _claim_failed(self, procedure: ControlProcedure) -> None:
        if self.quirks.obeys_unclaimed:
            self._has_control()
            return
        if procedure.intent is not None:
            self._start_failed()
        self._refuse_control()

    def _stay_locked(self) -> None:
        """The machine does not take, or not answer, what unlocks it."""
        self.unlock.reply_by = None
        self._refuse_control()

    def _renew_claim(self) -> None:
        """Control is wanted again, ahead of what comes next."""
        if self.control is ControlState.GRANTED and self.quirks.claim is not ControlRequestPolicy.NEVER:
            self.control = ControlState.WANTED
            self._renewing = True

    def _reclaim(self, procedure: ControlProcedure) -> None:
        if self._claims >= MAX_CLAIMS or self.quirks.claim in (ControlRequestPolicy.NEVER, ControlRequestPolicy.STARTS):
            self._lose_control("the treadmill does not let itself be controlled")
            return
        self.control = ControlState.WANTED
        self._renewing = True
        self._offer_again(procedure)

    def _offer_again(self, procedure: ControlProcedure) -> None:
        """The machine has not taken the request: what it was made of is wanted as before, if nothing newer is."""
        slot = procedure.stands
        if slot is not None:
            slot.lost()
        elif procedure.op is OpCode.START_OR_RESUME:
            self._offer_start_again(procedure)
        elif procedure.op is OpCode.STOP_OR_PAUSE:
            self._pause_due = True
        elif procedure.op is OpCode.REQUEST_CONTROL:
            self._claims -= 1

    def _offer_start_again(self, procedure: ControlProcedure) -> None:
        if procedure.intent is None:
            return  # a keepalive: it is due again by itself
        self._call_off_start()
        procedure.intent.spent = False
        if self._intent is None:
            self._intent = procedure.intent
