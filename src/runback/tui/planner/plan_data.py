"""What the screens look at and write to: the training log, the journal's sessions, and a clock.

Rules:
- Everything is read again when a screen opens: another terminal may have recorded something meanwhile.
- The clock and the zone are given; nothing here reads a clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from runback.journal import queries
from runback.journal.model import SessionRecord, SessionRow
from runback.rehab import entry_criteria
from runback.rehab.activity import LoggedActivity
from runback.rehab.decision import Decision, DecisionKind
from runback.rehab.evaluation import judge
from runback.rehab.library import load
from runback.rehab.plan import Plan
from runback.rehab.progression import decide
from runback.rehab.reaction import Reaction, reaction
from runback.rehab.records import History
from runback.training_log.entries import PlanChoice
from runback.training_log.history import every_session
from runback.training_log.log import TrainingLog
from runback.tui.planner.calendar import SessionMark
from runback.units import Unit


@dataclass(frozen=True, slots=True)
class View:
    """What stands at `now`: the plan that was chosen, what it says, the gate's items (empty once it is passed), and
    the index of the stage where the person is. `reaction` is the one to the last run, None before there was one."""

    now: datetime
    choice: PlanChoice
    plan: Plan
    history: History
    decision: Decision
    gate: tuple[entry_criteria.Item, ...]
    here: int
    reaction: Reaction | None = None


class PlanData:
    """The journal at `path`, looked at by a person in `tz`; `clock` says now, aware; speeds are shown in `unit`.
    `export` writes a session as a FIT file and returns where; it raises RunbackError."""

    def __init__(
        self,
        path: Path,
        clock: Callable[[], datetime],
        tz: tzinfo,
        unit: Unit = Unit.KMH,
        export: Callable[[SessionRecord], str] | None = None,
    ) -> None:
        self.export = export
        self.path = path
        self.book = TrainingLog(path)
        self.clock = clock
        self.tz = tz
        self.unit = unit

    def now(self) -> datetime:
        """The moment."""
        return self.clock()

    def view(self) -> View | None:
        """What stands now; None before a plan is chosen. Raises JournalError, PlanError."""
        now, choice = self.clock(), self.book.choice()
        if choice is None:
            return None
        plan, history = load(choice.name), self.book.history()
        decision = decide(plan, history, now, cautious=choice.cautious, tz=self.tz)
        judged = judge(plan, history, decision.at, cautious=choice.cautious)
        begun = judged is not None and judged.found.kind is not DecisionKind.START
        since = None if judged is None else judged.case.session.ended
        items = () if begun else entry_criteria.items(plan, history, since, decision.at, self.tz)
        if decision.stage is not None:
            here = plan.index(decision.stage.id)
        else:
            here = plan.start if judged is None else judged.case.stage
        reacted = reaction(judged.case) if begun and judged is not None else None
        return View(now, choice, plan, history, decision, items, here, reacted)

    def answer_walk(self, *, worse: bool) -> None:
        """How it was the morning after the gate's walk. Raises JournalError, PlanError."""
        kept = self.book.walk_to_answer()
        if kept is not None and isinstance(kept.record, LoggedActivity):
            self.book.correct(kept.id, replace(kept.record, rise_next_morning=worse))

    def ran(self) -> list[SessionMark]:
        """Every session of the journal, the newest first."""
        running = queries.running(self.path)
        return [
            SessionMark(
                each.id,
                each.began,
                each.workout,
                running.get(each.id, 0) / 60_000,
                each.outcome or "cut off",
                each.simulated,
            )
            for each in queries.history(self.path)
        ]

    def reaction_to(self, session: int) -> Reaction | None:
        """The reaction to a session of the journal, by the plan followed then; None if it belonged to none. Raises
        JournalError, PlanError."""
        done = next((each.done for each in self.book.trainings() if each.id == session), None)
        told = () if done is None else every_session(self.book.history(), self.clock(), tz=self.tz)
        return next((each.reaction for each in told if each.session == done), None)

    def one_before(self, session: SessionRow) -> SessionRow | None:
        """The last session of the same workout before `session`, on a treadmill of the same kind (real, or simulated),
        that was run to its end; None if there is none. Raises JournalError."""
        earlier = (each for each in queries.history(self.path) if each.began < session.began)
        kind = (session.workout, session.simulated, "completed")
        return next((each for each in earlier if (each.workout, each.simulated, each.outcome) == kind), None)

    def story(self, session: int) -> SessionRecord:
        """Everything kept of one session."""
        return queries.story(self.path, str(session))
