"""What a record means to the stage under way, and how stages follow each other. The ground under `procedure.Procedure`.

Rules:
- A target is reached when the belt is measured at it; how long that took is kept.
- A stage that has seen what it had to is followed by the next; one that has not, by what its row says.

Units: speed 0.01 km/h, incline 0.1 %, time s.
"""

from __future__ import annotations

from enum import Enum

from runback.commissioning.bounds import Bounds, InclineRange
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


class Looking:
    """Where a commissioning stands, and what it looks for."""

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

    @property
    def _may_move(self) -> bool:
        return self.stage not in (CommissioningStage.READ, CommissioningStage.STOP) and not (
            self.stage is CommissioningStage.START and self._ordered_at is None
        )

    def _moved_unasked(self, now: float) -> None:
        if self.stage is not CommissioningStage.READ:
            self.end("the belt moved, and nobody here had started it")
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
