"""The procedure: facts in, moves out, one row of `stages.TABLE` after another. Pure; time is an argument.

Rules:
1. A stage passes on what is measured, never on an answer; that Stop is answered is the one thing that STOP is about.
2. Nothing is written before the person's word, nor started before another: each is taken once, only while it is waited
   for, and after STOP has been seen through.
3. What is not seen in time, and whatever happens that should not (a hand at the console, a lost link, lost control, the
   safety key, a belt that moves unasked), ends it: one move, END, which stops the belt. There is no way on from there.
4. It knows no octets and moves nothing: whoever carries its moves out announces first.

Units: speed 0.01 km/h, incline 0.1 %, time s.
"""

from __future__ import annotations

from runback.commissioning.bounds import Bounds, InclineRange
from runback.commissioning.display import DisplayChoice, DisplayVerdict, choices
from runback.commissioning.looking import Looking, took
from runback.commissioning.looking import PersonPrompt as PersonPrompt
from runback.commissioning.looking import (
    ProcedureAction as ProcedureAction,  # this is the door where a reader looks for them
)
from runback.commissioning.stages import TABLE, CommissioningStage


class Procedure(Looking):
    """One commissioning."""

    # -- what whoever carries it out reads -----------------------------------------------------------------------------

    @property
    def doing(self) -> str:
        """What happens now, in a sentence."""
        if self.over:
            return self.why or "Done. The belt is at rest."
        if self.word is PersonPrompt.BEGIN:
            return "Nobody on the belt, safety key in. Enter: Stop is tried first."
        if self.word is PersonPrompt.START:
            return "Stay off the belt. Enter: it starts after ten seconds."
        return TABLE[self.stage].doing

    @property
    def question(self) -> tuple[DisplayChoice, ...]:
        """What the person chooses between; nothing while nothing is asked."""
        bounds = self.findings.bounds
        return choices(bounds.low) if self.word is PersonPrompt.DISPLAY and bounds is not None else ()

    def take_moves(self) -> list[ProcedureAction]:
        """What is wanted since the last call."""
        moves, self._moves = self._moves, []
        return moves

    def deadline(self) -> float | None:
        """When `tick` will have something to do, if nothing happens."""
        return None if self._since is None or self.over else self._since + TABLE[self.stage].within

    # -- the treadmill -------------------------------------------------------------------------------------------------

    def connected(self, found: Bounds | str, now: float) -> None:
        """The treadmill has been read: how far this may go, or why it may not."""
        if isinstance(found, str):
            self.end(f"this treadmill {found}")
            return
        self.findings.bounds = found
        self.seen.append(f"it goes from {found.low / 100:g} km/h in steps of {found.step / 100:g}")
        self._since = now

    def can_tilt(self, found: InclineRange | None) -> None:
        """Whether there is an incline to be tried."""
        self.findings.tilt = found

    def measured(self, speed: int, incline: int | None, now: float) -> None:
        """A record says what the belt does."""
        if self.over:
            return
        self.speed = speed
        self._incline = incline if incline is not None else self._incline
        bounds = self.findings.bounds
        if bounds is None:
            return
        if speed and not self._may_move:
            self._moved_unasked(now)
        elif speed > bounds.surely_too_fast:
            self.end("the belt is faster than it was told to be")
        else:
            self._look(bounds, speed, now)

    @property
    def incline(self) -> int | None:
        """As last reported."""
        return self._incline

    def answered(self) -> None:
        """The treadmill has answered the Stop under way."""
        self._accepted = True

    def stopped(self, now: float) -> None:
        """The stop latch has seen the belt at rest."""
        if self.over:
            return
        if self.stage is CommissioningStage.STOP:
            if self._accepted:
                self._resting = True
                self._moves.append(ProcedureAction.RELEASE)
            else:
                self.end(TABLE[CommissioningStage.STOP].otherwise)
        elif self.stage is CommissioningStage.STOP_AGAIN:
            self._pass("Stop brings it to rest" + took(self.findings.stop_within), now)

    def released(self, now: float) -> None:
        """The Stop that was tried has been let go of: nothing moves."""
        if self.stage is CommissioningStage.STOP and self._resting and not self.over:
            self._pass("it answers Stop, and stays at rest", now)
            self._since = None
            self.word = PersonPrompt.START

    def start_ordered(self, now: float) -> None:
        """Start is on its way to the treadmill."""
        self._ordered_at = now

    def roused(self) -> None:
        """The belt stood after its start, and is told its slowest speed."""
        self.findings.roused = self.findings.start_delay is None

    def told(self, target: int, now: float) -> None:
        """The belt has this target from now on."""
        if self._target is None or self._target[0] != target:
            self._target = (target, now)

    def told_incline(self, target: int, now: float) -> None:
        """The same for the incline."""
        if self._aim is None or self._aim[0] != target:
            self._aim = (target, now)

    def units_known(self, *, known: bool) -> None:
        """Whether the machine core has settled what the machine counts speed in."""
        self._known = known

    def refused_incline(self, now: float) -> None:
        """The treadmill will not set that incline."""
        if self.stage is CommissioningStage.INCLINE and not self.over:
            self._miss(now)

    def unlinked(self, now: float) -> None:
        """The link is gone while the treadmill was only read: reading begins anew."""
        self.word = PersonPrompt.NOTHING
        self._since, self._steady_since = now, None

    def surprise(self, what: str) -> None:
        """Something happened that should not have."""
        if not self.over:
            self.end(what)

    # -- the person ----------------------------------------------------------------------------------------------------

    def begin(self, now: float) -> bool:
        """The person's word: says whether it was waited for."""
        if self.word is PersonPrompt.BEGIN:
            self.word = PersonPrompt.NOTHING
            self._pass("it says that its belt is at rest", now)
            self._moves.append(ProcedureAction.TRY_STOP)
            return True
        if self.word is PersonPrompt.START:
            self.word = PersonPrompt.NOTHING
            self._since = now
            return True
        return False

    def answer(self, choice: DisplayChoice, now: float) -> None:
        """What the display shows."""
        if self.word is not PersonPrompt.DISPLAY:
            return
        self.word = PersonPrompt.NOTHING
        self.findings.display = choice
        if choice.verdict is DisplayVerdict.NEITHER:
            self.end("the display does not show what the treadmill reports")
        elif choice.verdict is DisplayVerdict.MILES:
            self.end(
                f"this treadmill counts in miles (its display shows {choice.text}): add --unit mph, and begin again"
            )
        else:
            self._pass(f"its display shows {choice.text}, as it reports", now)

    # -- time ----------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Is the stage's time up?"""
        at = self.deadline()
        if at is not None and now >= at:
            self._miss(now)
        elif self.stage is CommissioningStage.DISTANCE and self._known and not self.over:
            self._pass("distance and speed agree", now)
