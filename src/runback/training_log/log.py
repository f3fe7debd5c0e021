"""The training log's one door: records in, the history out, and what the chosen plan says to it.

    book = TrainingLog(default_path())
    book.choose("return-to-running", now)          # the plan; refused while another one is locked
    book.add(CheckIn(Moment.GATE, now, 0))         # any record of `rehab`; returns its number
    book.decision(now)                             # None: no plan is chosen
    book.history()                                 # what `rehab.decide` reads

Rules:
- Entries are only ever added. A record is corrected by a later one that replaces it; both stay.
- A red flag is never corrected away: only a recorded clinician's clearance unlocks. An override stays on record.
- Sessions come from the journal's own, by the purpose they were run with: measured, not told. Runs without a purpose
  count as runs, not as stages. Simulated ones count in a rehearsal only. A session whose program was killed counts as
  what was done of it.
- A session without any running counts only if a check-in "worst during" was given for it.
- Everything is read again at each call: a log holds a path and nothing else, so several processes may share one.

Every method raises JournalError for a journal that cannot be read or written, in one line; times are aware.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from runback.errors import PlanError
from runback.journal import log_entries
from runback.journal.model import SessionRow
from runback.journal.plan_runs import PlanRun, others, purposed
from runback.rehab.activity import ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.decision import Decision, DecisionKind
from runback.rehab.library import load, names
from runback.rehab.low_impact_month import MonthDone
from runback.rehab.plan import Plan
from runback.rehab.progression import decide
from runback.rehab.records import (
    CheckIn,
    CheckInMoment,
    Clearance,
    Declaration,
    History,
    OtherRun,
    Override,
    PlanFollowed,
    SessionDone,
)
from runback.rehab.session_review import ANSWER_WITHIN
from runback.training_log import serialization
from runback.training_log.entries import LogEntry, PlanChoice, Record, RecordedRun, Withdrawal


class TrainingLog:
    """The records kept in the journal at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    # -- in ------------------------------------------------------------------------------------------------------------

    def add(self, record: Record, words: str = "") -> int:
        """Keep `record` with the person's own `words` to it; returns its number. It is on the disk then."""
        return self._put(record, words)

    def correct(self, number: int, record: Record, words: str = "") -> int:
        """Let `record` stand in the place of the one kept as `number`, of the same kind; returns its own number. Raises
        PlanError where there is none, it has been replaced, or it may not be."""
        old = self._correctable(number)
        if type(old.record) is not type(record):
            raise PlanError(f"record {number}", "this is a record of another kind", "withdraw it, and add the new one")
        if isinstance(old.record, CheckIn) and isinstance(record, CheckIn):
            earlier = bool(old.record.red_flags) and record.at < old.record.at
            if earlier or not old.record.red_flags <= record.red_flags:
                raise _flagged(number)
        return self._put(record, words, number, old.training)

    def correct_training(self, session: int, record: SessionDone, words: str = "") -> int:
        """Let `record` say what the journal's `session` was: its clock, or its figures, were wrong. Raises PlanError if
        that session was not run for a stage of a plan."""
        if all(training.id != session for training in self.trainings()):
            raise PlanError(
                f"session {session}", "it was not run for a plan", "`runback history` lists those that were"
            )
        return self._put(record, words, training=session)

    def withdraw(self, number: int, now: datetime, words: str = "") -> int:
        """The record kept as `number` should not have been made: it counts no longer. Raises PlanError as `correct`."""
        old = self._correctable(number)
        if isinstance(old.record, CheckIn) and old.record.red_flags:
            raise _flagged(number)
        return self._put(Withdrawal(now, words), "", number)

    def choose(self, name: str, now: datetime, *, cautious: bool = False, rehearsal: bool = False) -> PlanChoice:
        """Follow the plan called `name` from `now` on. Raises PlanError if there is none, or if the plan followed so
        far is locked: another one is no way round that."""
        load(name)
        before = self.choice()
        known = before is not None and before.name in names()  # one that is gone must not keep others from being chosen
        decision = self.decision(now) if known else None
        if before is not None and decision is not None and decision.kind is DecisionKind.LOCKED and before.name != name:
            what = f"{before.name} is locked, and choosing another plan does not unlock it ({decision.sentence})"
            raise PlanError("plan", what, "a clinician's clearance unlocks it: `runback plan clear`")
        chosen = PlanChoice(name, cautious, now, rehearsal)
        self._put(chosen)
        return chosen

    # -- out -----------------------------------------------------------------------------------------------------------

    def choice(self) -> PlanChoice | None:
        """The plan followed: the one chosen last. None before the first."""
        return _choice(self.kept())

    def plan(self) -> Plan | None:
        """That plan itself. Raises PlanError if this runback does not have it."""
        choice = self.choice()
        return None if choice is None else load(choice.name)

    def decision(self, now: datetime, tz: tzinfo | None = None) -> Decision | None:
        """What the plan says at `now` to a person in `tz` (the zone of `now` if None); None if no plan is chosen."""
        kept = self.kept()
        chosen = _choice(kept)
        if chosen is None:
            return None
        zone = tz or now.tzinfo
        history = self._history(kept, chosen)
        if zone is None:
            raise PlanError("now", "this time has no time zone", "give the time with its zone, such as UTC")
        return decide(load(chosen.name), history, now, cautious=chosen.cautious, tz=zone)

    def history(self) -> History:
        """Everything that counts, for the rules: what was replaced does not."""
        kept = self.kept()
        return self._history(kept, _choice(kept))

    def kept(self) -> tuple[LogEntry, ...]:
        """Every record in the order it was recorded, the replaced ones too. Numbers are those of `correct`."""
        found = sorted(
            (serialization.read(entry, str(self._path)) for entry in log_entries.entries(self._path)), key=_number
        )
        replaced = {kept.replaces: kept.id for kept in found if kept.replaces is not None}
        return tuple(replace(kept, replaced_by=replaced.get(kept.id)) for kept in found)

    def trainings(self) -> tuple[RecordedRun, ...]:
        """The journal's sessions that were run for a stage of a plan, in the order of time."""
        kept = self.kept()
        return self._trainings(kept, _choice(kept))

    def walk_to_answer(self) -> LogEntry | None:
        """The last brisk walk, if nobody has said yet how it was the morning after: `correct` it with the answer."""
        walks = [
            kept
            for kept in _standing(self.kept())
            if isinstance(kept.record, LoggedActivity) and kept.record.kind is ActivityKind.WALKING
        ]
        last = max(walks, key=lambda kept: kept.record.at, default=None)
        if last is None or not isinstance(last.record, LoggedActivity) or last.record.rise_next_morning is not None:
            return None
        return last

    # -- within --------------------------------------------------------------------------------------------------------

    def _put(
        self, record: serialization.Anything, words: str = "", replaces: int | None = None, training: int | None = None
    ) -> int:
        made = serialization.write(record, words, replaces)
        return log_entries.add(self._path, made.kind, made.at, made.payload, version=made.version, session=training)

    def _correctable(self, number: int) -> LogEntry:
        where = f"record {number}"
        for kept in self.kept():
            if kept.id == number:
                if kept.replaced_by is not None:
                    raise PlanError(where, f"record {kept.replaced_by} has taken its place", "correct that one")
                if isinstance(kept.record, (Override, PlanChoice, Withdrawal)):
                    raise PlanError(where, "this stays on record as it is", "record what is to be known now")
                return kept
        raise PlanError(where, "it does not exist", "`runback history --all` lists them")

    def _history(self, kept: Iterable[LogEntry], chosen: PlanChoice | None) -> History:
        records = [each.record for each in _standing(kept) if each.training is None]
        trained = [training.done for training in self._trainings(kept, chosen) if training.done is not None]
        return History(
            (*trained, *(each for each in records if isinstance(each, SessionDone))),
            tuple(each for each in records if isinstance(each, CheckIn)),
            tuple(each for each in records if isinstance(each, LoggedActivity)),
            tuple(each for each in records if isinstance(each, ExercisesDone)),
            tuple(each for each in records if isinstance(each, Declaration)),
            tuple(each for each in records if isinstance(each, Clearance)),
            tuple(each for each in records if isinstance(each, Override)),
            tuple(
                PlanFollowed(each.since, each.name, each.cautious) for each in records if isinstance(each, PlanChoice)
            ),
            tuple(each for each in records if isinstance(each, MonthDone)),
            self._other_runs(chosen),
        )

    def _other_runs(self, chosen: PlanChoice | None) -> tuple[OtherRun, ...]:
        rehearsal = chosen is not None and chosen.rehearsal
        return tuple(
            OtherRun(session.began, session.began + _length(session), ran / 1000, session.workout)
            for session, ran in others(self._path)
            if rehearsal or not session.simulated
        )

    def _trainings(self, kept: Iterable[LogEntry], chosen: PlanChoice | None) -> tuple[RecordedRun, ...]:
        rehearsal = chosen is not None and chosen.rehearsal
        told = [
            each.record.at
            for each in _standing(kept)
            if isinstance(each.record, CheckIn) and each.record.moment is CheckInMoment.DURING
        ]
        said = {each.training: each.record for each in _standing(kept) if isinstance(each.record, SessionDone)}
        found = (_training(each, told, rehearsal=rehearsal) for each in purposed(self._path))
        return tuple(replace(each, done=said.get(each.id, each.done)) for each in found)


def _training(found: PlanRun, told: Iterable[datetime], *, rehearsal: bool) -> RecordedRun:
    session, purpose = found.session, found.purpose
    began, ended = session.began, session.began + _length(session)
    training = RecordedRun(session.id, purpose.plan, purpose.stage, began, session.simulated, None)
    if session.simulated and not rehearsal:
        return replace(training, why="simulated")
    if not found.ran and not any(began <= at <= ended + ANSWER_WITHIN for at in told):
        return replace(training, why="nothing was run")
    planned, done = purpose.running / 1000, found.ran / 1000
    return replace(training, done=SessionDone(purpose.plan, purpose.stage, began, ended, planned, done))


def _length(session: SessionRow) -> timedelta:
    """Of a rehearsal nobody knows it: its time may have been sped up."""
    return timedelta() if session.simulated else timedelta(milliseconds=session.length)


def _standing(kept: Iterable[LogEntry]) -> list[LogEntry]:
    """Those that count: not replaced, and of several that replace the same the last."""
    found = list(kept)
    last = {each.replaces: each.id for each in found if each.replaces is not None}
    return [
        each for each in found if each.replaced_by is None and (each.replaces is None or last[each.replaces] == each.id)
    ]


def _choice(kept: Iterable[LogEntry]) -> PlanChoice | None:
    chosen = [each.record for each in kept if isinstance(each.record, PlanChoice)]
    return chosen[-1] if chosen else None


def _number(kept: LogEntry) -> int:
    return kept.id


def _flagged(number: int) -> PlanError:
    what = "it tells of a red flag, which is not corrected away"
    return PlanError(f"record {number}", what, "a clinician's clearance clears it: `runback plan clear`")
