"""The procedure: events in, actions out, one row of `stages.TABLE` after another. Pure; time is an argument.

Rules:
1. A stage passes on what is measured, never on an answer; that Stop is answered is the one thing that STOP is about.
2. Nothing is written before the person's word, nor started before another: each is taken once, only while it is waited
   for, and after STOP has been seen through.
3. What is not seen in time, and whatever happens that should not (a hand at the console, a lost link, lost control, the
   safety key, a belt that moves unasked), ends it: one move, END, which stops the belt. There is no way on from there.
4. It knows no bytes and moves nothing: the session that carries its actions out announces first.
5. A target is reached when the belt is measured at it; how long that took is kept.

Units: speed 0.01 km/h, incline 0.1 %, time s.
"""

from __future__ import annotations

from enum import Enum

from runback.commissioning.bounds import Bounds, InclineRange
from runback.commissioning.display import DisplayChoice, DisplayVerdict, choices
from runback.commissioning.findings import Findings
from runback.commissioning.stages import TABLE, CommissioningStage, OnTimeout, after

STEADY_FOR = 3.0
"""Seconds at a target before the belt counts as keeping to it: the core's own comparison of units takes as long."""
REST_FOR = 3.0


class ProcedureAction(Enum):
    """What the procedure wants done."""

    TRY_STOP = "try stop"  # Stop, to a belt at rest
    RELEASE = "release"  # let go of that Stop
    NEXT = "next"  # on to the next step of the walk; after the last: Stop
    END = "end"  # it is over: Stop, if anything was ever written


class PersonPrompt(Enum):
    """What is waited for from the person."""

    NOTHING = "nothing"
    BEGIN = "begin"  # that something may be written
    START = "start"  # that the belt may be started
    DISPLAY = "display"  # what the display shows


class Procedure:
    """One commissioning."""

    def __init__(self) -> None:
        self.stage = CommissioningStage.READ
        self.findings = Findings()
        self.over = False
        self.why: str | None = None
        """Why it ended before it was through; None: it did not."""
        self.seen: list[str] = []
        """What was seen so far, a line each."""
        self.word = PersonPrompt.NOTHING
        self.speed: int | None = None
        """As last measured."""
        self._incline: int | None = None
        self._ready: Bounds | None = None
        self._since: float | None = None
        """When the stage's time began; None: it does not run, the person's word is waited for."""
        self._steady_since: float | None = None
        self._ordered_at: float | None = None
        self._target: tuple[int, float] | None = None
        self._aim: tuple[int, float] | None = None
        self._went = False
        self._accepted = self._resting = False
        """Whether Stop has been answered, and then the belt been seen at rest."""
        self._known = False
        self._moves: list[ProcedureAction] = []

    def end(self, why: str) -> None:
        """It is over, without what has not been seen yet."""
        self.over, self.why = True, why
        self.word = PersonPrompt.NOTHING
        self._moves = [ProcedureAction.END]

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
            self.end("the belt is faster than its target")
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
        """The link is gone while the treadmill was only read: reading begins again."""
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
            self._pass("it reports its belt at rest", now)
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

    # -- what a record means to the stage ------------------------------------------------------------------------------

    @property
    def _may_move(self) -> bool:
        return self.stage not in (CommissioningStage.READ, CommissioningStage.STOP) and not (
            self.stage is CommissioningStage.START and self._ordered_at is None
        )

    def _moved_unasked(self, now: float) -> None:
        if self.stage is not CommissioningStage.READ:
            self.end("the belt moved without being started from here")
            return
        self._steady_since = None  # somebody may still be walking on it
        if self.word is PersonPrompt.BEGIN:
            self.word, self._since = PersonPrompt.NOTHING, now

    def _look(self, bounds: Bounds, speed: int, now: float) -> None:
        """What a record means to the stage."""
        match self.stage:
            case CommissioningStage.READ:
                if self._keeps_to(0, speed, 0, now, REST_FOR) and self.word is PersonPrompt.NOTHING:
                    self._since = None
                    self.word = PersonPrompt.BEGIN
            case CommissioningStage.START if self._ordered_at is not None:
                self._look_at_start(bounds, speed, now, self._ordered_at)
            case CommissioningStage.INCREMENT:
                self._look_at_step(bounds, speed, now)
            case CommissioningStage.INCLINE if self.findings.tilt is not None:
                self._look_at_tilt(self.findings.tilt, now)
            case CommissioningStage.STOP_AGAIN if (
                not speed and self.findings.stop_within is None and self._since is not None
            ):
                self.findings.stop_within = now - self._since
            case _:
                pass

    def _keeps_to(self, target: int, speed: int, near: int, now: float, seconds: float) -> bool:
        if abs(speed - target) > near:
            self._steady_since = None
        elif self._steady_since is None:
            self._steady_since = now
        return self._steady_since is not None and now >= self._steady_since + seconds

    def _look_at_start(self, bounds: Bounds, speed: int, now: float, ordered: float) -> None:
        if speed and self.findings.start_delay is None:
            self.findings.start_delay = now - ordered
        steady = self._keeps_to(bounds.low, speed, bounds.about, now, STEADY_FOR)
        if steady and self._target is not None:
            self._pass(f"it starts{took(self.findings.start_delay)}, and keeps to {bounds.low / 100:g} km/h", now)
            self.word = PersonPrompt.DISPLAY

    def _look_at_step(self, bounds: Bounds, speed: int, now: float) -> None:
        findings, target = self.findings, self._target
        if target is None or abs(speed - target[0]) > bounds.near:
            return
        if target[0] == bounds.top and findings.up_within is None:
            findings.up_within = now - target[1]
            self._moves.append(ProcedureAction.NEXT)
        elif target[0] == bounds.low and findings.up_within is not None:
            findings.down_within = now - target[1]
            self._pass(f"one step faster{took(findings.up_within)}, back{took(findings.down_within)}", now)

    def _look_at_tilt(self, tilt: InclineRange, now: float) -> None:
        findings, aim, incline = self.findings, self._aim, self._incline
        if aim is None or incline is None or 2 * abs(incline - aim[0]) >= tilt.step:
            return
        if aim[0] == tilt.away and not self._went:
            self._went = True
            findings.tilt_within = now - aim[1]
            self._moves.append(ProcedureAction.NEXT)
        elif aim[0] == tilt.home and self._went:
            self._pass(f"incline: one step{took(findings.tilt_within)}, and back", now)

    def _pass(self, line: str, now: float) -> None:
        """The stage has seen what it had to."""
        self.findings.passed += (self.stage,)
        self.seen.append(line)
        self._enter_after(self.stage, now)

    def _miss(self, now: float) -> None:
        """It has not."""
        row = TABLE[self.stage]
        if row.missed is OnTimeout.END:
            self.end(row.otherwise)
            return
        self.seen.append(row.otherwise)
        if not self._went:
            self._moves.append(ProcedureAction.NEXT)  # the step back
        self._enter_after(self.stage, now)

    def _enter_after(self, stage: CommissioningStage, now: float) -> None:
        following = after(stage)
        if following is CommissioningStage.INCLINE and self.findings.tilt is None:
            following = after(following)
        if following is None:
            self.over = True
            return
        self.stage = following
        self._since, self._steady_since = now, None
        if following in (CommissioningStage.INCREMENT, CommissioningStage.INCLINE, CommissioningStage.STOP_AGAIN):
            self._moves.append(ProcedureAction.NEXT)


def took(seconds: float | None) -> str:
    """How long something took, for the person; nothing if it was not seen."""
    return "" if seconds is None else f" after {seconds:.1f} s"
