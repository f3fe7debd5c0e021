"""What a report is made from, and what follows from it: each session with all that is known of it.

Rules:
- The rules are asked with the whole history; `since` only says from when on things are shown.
- A session of the journal belongs to a session of the plan if it was under way when that one began or ended; each
  belongs to one at most. Runs that belong to none are shown as what they are: outside the plan.
- What was not said or measured is None, never a figure.

Units: as in `rehab.records` and `journal.model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from runback.journal.model import SessionRow
from runback.rehab.decision import OVERRIDE_LASTS
from runback.rehab.evaluation import judged_in_turn
from runback.rehab.plan import Plan
from runback.rehab.records import CheckIn, CheckInMoment, Clearance, Cleared, History, Override, SessionDone
from runback.rehab.red_flags import RedFlag
from runback.rehab.rest import rested_at
from runback.rehab.session_review import SessionReview
from runback.units import Unit


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote beside a record `about` something."""

    at: datetime
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything a report tells of. `now` is when it is made; `tz` the zone its times are shown in; `program` the
    version that makes it."""

    plan: Plan
    history: History
    now: datetime
    tz: tzinfo
    program: str
    sessions: tuple[SessionRow, ...] = ()
    """The journal's, in any order."""
    cautious: bool = False
    since: datetime | None = None
    rehearsal: bool = False
    """Sessions on the simulated treadmill are among them."""
    remarks: tuple[Note, ...] = ()
    unit: Unit = Unit.KMH
    """What speeds are shown in."""

    def shows(self, at: datetime) -> bool:
        """Whether what happened `at` is shown."""
        return self.since is None or at >= self.since


@dataclass(frozen=True, slots=True)
class Done:
    """A session of any plan. `number` counts them from the first; `case` is None if it is another plan's; `measured` is
    the journal's, `rest` what lay between it and the one before."""

    number: int
    session: SessionDone
    case: SessionReview | None
    measured: SessionRow | None
    rest: timedelta | None
    override: Override | None
    earliest: datetime | None = None
    """When it might have begun, by `rehab.rest`: from the second run on that is counted from start to start."""

    def short(self, needed: timedelta) -> bool:
        """Whether it began before `needed` was over."""
        if self.rest is None or self.rest >= needed:
            return False
        return self.earliest is None or self.session.began < self.earliest

    def pain(self, moment: CheckInMoment) -> int | None:
        """What was said at `moment`; None if nothing, or nothing that is known here."""
        case = self.case
        answers = () if case is None else (case.before, case.during, case.morning, case.gate)
        return dict(zip(CheckInMoment, answers, strict=False)).get(moment)


@dataclass(frozen=True, slots=True)
class ReportedFlag:
    """A red flag that was reported, and the clearance that came after it, if any."""

    flag: RedFlag
    check_in: CheckIn
    cleared: Clearance | None


@dataclass(frozen=True, slots=True)
class ReportTotals:
    """The report in short: seconds of running `planned` and `ran`; `gaps` between sessions, how many of them were
    `short`, and how many of those `overridden`; check-ins `asked` for and `missing`; sessions `stopped` for symptoms.
    """

    planned: float
    ran: float
    gaps: int
    short: int
    overridden: int
    asked: int
    missing: int
    stopped: int


def red_flags(dossier: ReportData) -> tuple[ReportedFlag, ...]:
    """Every red flag ever reported, in the order of time: those from before `since` too."""
    clearances = [each for each in dossier.history.clearances if each.what is Cleared.RED_FLAG]
    return tuple(
        ReportedFlag(flag, each, next((one for one in clearances if each.at < one.at <= dossier.now), None))
        for each in dossier.history.check_ins
        for flag in sorted(each.red_flags)
    )


def report_totals(dossier: ReportData, done: Sequence[Done]) -> ReportTotals:
    """The figures of `done`."""
    short = [each for each in done if each.short(rest_needed(dossier.plan))]
    cases = [each.case for each in done if each.case is not None]
    return ReportTotals(
        planned=sum(each.session.planned_run for each in done),
        ran=sum(each.session.done_run for each in done),
        gaps=sum(each.rest is not None for each in done),
        short=len(short),
        overridden=sum(each.override is not None for each in short),
        asked=sum(4 - len(case.pending) for case in cases),
        missing=sum(len(case.missing) for case in cases),
        stopped=sum(each.session.stopped for each in done),
    )


def rest_needed(plan: Plan) -> timedelta:
    """What `plan` wants between the end of a session and the next."""
    return timedelta(hours=plan.rules.rest_hours)


def sessions_done(dossier: ReportData) -> tuple[Done, ...]:
    """Every session, in the order of time, shown or not."""
    history = dossier.history
    judged = judged_in_turn(dossier.plan, history, dossier.now, cautious=dossier.cautious)
    cases = {id(each.case.session): each.case for each in judged}
    left = sorted(dossier.sessions, key=lambda each: each.began)
    needed, runs = rest_needed(dossier.plan), history.runs
    done: list[Done] = []
    for number, session in enumerate(history.sessions, 1):
        measured = next((each for each in left if _is_of(each, session)), None)
        if measured is not None:
            left.remove(measured)
        rest = None if not done else session.began - done[-1].session.ended
        earliest = rested_at(done[-1].session, runs, needed) if done else None
        case, override = cases.get(id(session)), _override(history, session)
        done.append(Done(number, session, case, measured, rest, override, earliest))
    return tuple(done)


def outside(dossier: ReportData) -> tuple[SessionRow, ...]:
    """The journal's sessions that are no session of a plan, in the order of time."""
    taken = [each.measured.id for each in sessions_done(dossier) if each.measured is not None]
    return tuple(
        each
        for each in sorted(dossier.sessions, key=lambda each: each.began)
        if each.id not in taken and dossier.shows(each.began)
    )


def _is_of(kept: SessionRow, session: SessionDone) -> bool:
    ended = kept.began + timedelta(milliseconds=kept.length)
    return kept.began <= session.ended and ended >= session.began


def _override(history: History, session: SessionDone) -> Override | None:
    """The override with which `session` was begun."""
    began = session.began
    return next((each for each in reversed(history.overrides) if began - OVERRIDE_LASTS <= each.at <= began), None)
