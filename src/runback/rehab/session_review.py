"""One session and all that was said about it, as the rules see it.

Rules:
- B is the last check-in before the session, at most `BEFORE_WITHIN` old, or the one at the gate if that is at most
  `GATE_SERVES` old. It may be given up to the session's end: of a run without runback only the end is known.
- D is the worst said about it; M the worst of the next morning; G the worst at the gate: whoever asks again until the
  answer is better still has had the worse one.
- Whether pain has risen by more than one (rule 3) is also looked for before the next run, and before the 48 hours are
  over: somebody who is about to go ahead. A rise next morning (rule 4) has to settle as well before the next run.
- D and M are asked for up to `ANSWER_WITHIN` after the session; later they are missing, but may be given late, as G,
  until the next one. A check-in that is missing holds the stage and does nothing else.
- Where B is missing, pain is compared with the last B known, or with `USUAL_BEFORE`; that can only make somebody wait.
- Settled means: back at B or below, said at least `DAILY` after the answer that was not.

Source: training.md "Check-ins and the rules"; the windows are this project's [D].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from runback.rehab.local_days import local_day
from runback.rehab.plan import Plan
from runback.rehab.records import CheckIn, CheckInMoment, Cleared, History, LegSymptoms, SessionDone
from runback.rehab.rest import LONG_AGO, AnyRun, rested_at

BEFORE_WITHIN = timedelta(hours=12)
GATE_SERVES = timedelta(hours=2)
"""The check-in at the gate is B as well for so long."""
MORNING_FROM = timedelta(hours=6)
"""The shortest night between a late run and an early morning."""
ANSWER_WITHIN = timedelta(hours=36)
"""To the noon after a run early in the morning."""
DAILY = timedelta(hours=20)
"""A day, less the hours by which two mornings differ."""
NEXT_DAY = timedelta(hours=24)
"""The morning after is at most so long after a run, however late it is told."""
WEEK = timedelta(days=7)
GATE_AGAIN = LONG_AGO
"""More than 28 days: what is said from here on is the gate's business, not the session's (rule 8)."""
USUAL_BEFORE = 2
"""What stands for B before any is known: the most pain with which anybody begins (the brisk walk's)."""
AT_MOST_DURING = 5
"""D above this ends a session (rule 2)."""


@dataclass(frozen=True, slots=True)
class PlanPosition:
    """Where the person stands in the plan before a session: the stage that is due, and what counts at it."""

    due: int
    cleans: int = 0
    """Sessions at this stage, since it was entered, after which all was well."""
    holds: int = 0
    step_backs: int = 0
    """Steps back because of pain or symptoms since the last clearance for it."""
    new_stages: tuple[datetime, ...] = ()
    """When each stage was begun that is above the one before it."""
    previous: int | None = None
    """The stage of the session before."""


@dataclass(frozen=True, slots=True)
class PainIncrease:
    """Pain above B + 1: since when, when it was last not settled, whether it has settled since, whether it was still
    there after a week, and whether it was so high after the wait too (`at_gate`), not next morning alone."""

    since: datetime
    last: datetime
    settled: bool
    lasting: bool
    at_gate: bool = True


@dataclass(frozen=True, slots=True)
class SessionReview:
    """A session, its check-ins, and the moment of judgement: now, or the begin of the next session."""

    plan: Plan
    session: SessionDone
    standing: PlanPosition
    needed: int
    """Clean sessions before the next stage."""
    rested: datetime
    """From when on the gate is asked, and the next run may begin."""
    judged: datetime
    open: bool
    """No session has followed."""
    before: int | None
    baseline: int
    during: int | None
    morning: int | None
    gate: int | None
    said: tuple[CheckIn, ...]
    """Every check-in since the session began."""
    readings: tuple[CheckIn, ...]
    """Those of the gate and before the next run."""
    rise: PainIncrease | None
    uncleared_flags: tuple[CheckIn, ...]
    leg_lock: bool
    """Leg symptoms at the gate that no clinician has cleared."""
    counts_step_back: bool
    """No clearance has been given since that would make it forgotten."""

    @property
    def stage(self) -> int:
        """The stage's index that it counts for: never above the one that was due."""
        return self.standing.due

    @property
    def guessed(self) -> bool:
        """Whether B is missing, so that `baseline` is not what the person said before this session."""
        return self.before is None

    @property
    def keeps_up(self) -> bool:
        """Whether its stage is maintenance."""
        return self.plan.stages[self.stage].maintenance

    @property
    def signs(self) -> tuple[CheckIn, ...]:
        """The check-ins for which a session ends and a stage is stepped back."""
        return tuple(each for each in self.said if is_sign(each) and each.at < self.session.ended + GATE_AGAIN)

    @property
    def flagged(self) -> bool:
        """Whether a red flag was reported since it began."""
        return any(each.red_flags for each in self.said)

    @property
    def pending(self) -> tuple[CheckInMoment, ...]:
        """What has not been answered and still can be."""
        return tuple(moment for moment in self._unanswered() if self._answerable(moment))

    @property
    def missing(self) -> tuple[CheckInMoment, ...]:
        """What has not been answered and cannot be any more."""
        return tuple(moment for moment in self._unanswered() if not self._answerable(moment))

    def _unanswered(self) -> Iterator[CheckInMoment]:
        if self.keeps_up:
            return iter(())  # one check-in a run: the next one's "before"
        answers = zip(CheckInMoment, (self.before, self.during, self.morning, self.gate), strict=True)
        return (moment for moment, answer in answers if answer is None)

    def _answerable(self, moment: CheckInMoment) -> bool:
        if not self.open or moment is CheckInMoment.BEFORE:
            return False
        return moment is CheckInMoment.GATE or self.judged <= self.session.ended + ANSWER_WITHIN

    @property
    def days_since(self) -> int:
        """Whole days from its end to the moment of judgement."""
        return (self.judged - self.session.ended).days


def is_next_morning(ended: datetime, now: datetime, tz: tzinfo) -> bool:
    """Whether the next morning after `ended` can be asked for: it is a later day in `tz`, and a night has passed."""
    return now >= ended + MORNING_FROM and local_day(now, tz) > local_day(ended, tz)


def is_sign(check_in: CheckIn) -> bool:
    """Whether it reports something on which a session ends."""
    return (
        check_in.sharp_pain
        or check_in.limp
        or check_in.leg.is_sign
        or bool(check_in.stop_signs)
        or (check_in.moment is CheckInMoment.DURING and check_in.pain > AT_MOST_DURING)
    )


def baseline_before(history: History, session: SessionDone, since: datetime | None) -> int | None:
    """B of `session`: the last check-in before it and after `since`, the end of the session that went before."""
    answers = [
        each.pain
        for each in history.check_ins_from(session.began - BEFORE_WITHIN, session.ended)
        if serves_as_before(each, session.began) and (since is None or each.at > since)
    ]
    return answers[-1] if answers else None


def serves_as_before(check_in: CheckIn, began: datetime) -> bool:
    """Whether it answers how it was before a run that begins at `began`; one that reported a red flag never does."""
    within = {CheckInMoment.BEFORE: BEFORE_WITHIN, CheckInMoment.GATE: GATE_SERVES}.get(check_in.moment)
    return within is not None and began - within <= check_in.at and not check_in.red_flags


def case_of(
    plan: Plan,
    history: History,
    runs: Sequence[AnyRun],
    session: SessionDone,
    following: SessionDone | None,
    *,
    standing: PlanPosition,
    needed: int,
    before: int | None,
    known: int | None,
    now: datetime,
) -> SessionReview:
    """The case of `session`, one of `runs`, which `following` came after; `known` is the last B known before it, if
    there is one."""
    until = now if following is None else following.began
    gate_from = rested_at(session, runs, timedelta(hours=plan.rules.rest_hours))
    # A check-in from the future proves nothing good, so `said`, where only bad things are looked for, has it too.
    said = history.check_ins_from(session.began, None if following is None else until)
    heard = [each for each in said if each.at <= until]
    readings = tuple(
        each
        for each in heard
        if each.moment in (CheckInMoment.GATE, CheckInMoment.BEFORE)
        and session.ended < each.at < session.ended + GATE_AGAIN
    )
    mornings = [
        each for each in heard if each.moment is CheckInMoment.MORNING and session.ended + MORNING_FROM <= each.at
    ]
    baseline = next((each for each in (before, known) if each is not None), USUAL_BEFORE)
    return SessionReview(
        plan=plan,
        session=session,
        standing=standing,
        needed=needed,
        rested=gate_from,
        judged=until,
        open=following is None,
        before=before,
        baseline=baseline,
        during=_worst(each for each in heard if each.moment is CheckInMoment.DURING),
        morning=_worst(iter(mornings)),
        # An answer that reported a red flag is asked for again once that is cleared.
        gate=_worst(
            each
            for each in readings
            if each.moment is CheckInMoment.GATE and each.at >= gate_from and not each.red_flags
        ),
        said=said,
        readings=readings,
        rise=_rise(readings, mornings, session.ended, baseline, before is not None, history, now),
        uncleared_flags=uncleared_flags(history, said, now),
        leg_lock=_leg_lock(said, [each for each in readings if each.at >= gate_from], history, now),
        counts_step_back=not history.cleared(Cleared.PAIN, session.ended, now),
    )


def uncleared_flags(history: History, check_ins: Iterable[CheckIn], now: datetime) -> tuple[CheckIn, ...]:
    """Those of `check_ins` with a red flag that no clinician has cleared by `now`."""
    return tuple(each for each in check_ins if each.red_flags and not history.cleared(Cleared.RED_FLAG, each.at, now))


def _worst(check_ins: Iterator[CheckIn]) -> int | None:
    return max((each.pain for each in check_ins), default=None)


def _rise(
    readings: tuple[CheckIn, ...],
    mornings: list[CheckIn],
    ended: datetime,
    baseline: int,
    known: bool,
    history: History,
    now: datetime,
) -> PainIncrease | None:
    """Whether pain rose, and whether it has settled: only an answer after the wait, or before the next run, says so.
    `known`: the baseline was said, so that a rise above it for a week is a clinician's."""
    told = [(each.at, each.pain, True) for each in readings]
    told += [(min(each.at, ended + NEXT_DAY), each.pain, False) for each in mornings]
    rise: PainIncrease | None = None
    for at, pain, at_gate in sorted(told):
        high = at_gate and pain > baseline + 1
        if rise is None or rise.settled:
            if pain > baseline + 1:
                rise = PainIncrease(at, at, settled=False, lasting=False, at_gate=high or bool(rise and rise.at_gate))
        elif pain > baseline:
            lasting = rise.lasting or (known and at - rise.since >= WEEK)
            rise = PainIncrease(rise.since, at, settled=False, lasting=lasting, at_gate=high or rise.at_gate)
        elif at_gate and not rise.lasting and at - rise.last >= DAILY:
            rise = replace(rise, settled=True)
    if rise is not None and history.cleared(Cleared.PAIN, rise.last, now):
        return replace(rise, settled=True, lasting=False)
    return rise


def _leg_lock(said: tuple[CheckIn, ...], readings: list[CheckIn], history: History, now: datetime) -> bool:
    """Whether a leg symptom that was new, or went further down, was still there (no "none") at the gate, and is not
    cleared."""
    down = [each for each in said if each.leg.is_sign and not history.cleared(Cleared.LEG_SYMPTOMS, each.at, now)]
    still = [each for each in readings if each.leg is not LegSymptoms.NONE]
    return any(later.at >= each.at for each in down for later in still)
