"""A person's story, told in days and hours, from which the rules are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import Decision
from runback.rehab.library import load
from runback.rehab.plan import Plan
from runback.rehab.progression import decide
from runback.rehab.records import (
    CheckIn,
    CheckInMoment,
    Clearance,
    Cleared,
    Declaration,
    History,
    LegSymptoms,
    Override,
    SessionDone,
)
from runback.rehab.red_flags import RedFlag, StopSign

PLAN = load("return-to-running")
DAY_1 = datetime(2026, 1, 5, 18, tzinfo=UTC)  # a Monday
LENGTH = timedelta(minutes=20)
NONE, NEW, SAME, LESS, DOWN = LegSymptoms


def at(day: float, hours: float = 0.0) -> datetime:
    """18:00 on `day` (from 1), and `hours` more."""
    return DAY_1 + timedelta(days=day - 1, hours=hours)


class Story:
    """What was recorded, in order. Every method adds records and returns the story."""

    def __init__(self, plan: Plan = PLAN, *, cautious: bool = False) -> None:
        self.plan = plan
        self.cautious = cautious
        self.history = History()

    def add(self, **records: tuple[object, ...]) -> Story:
        """Any records, by the name of their kind in the history."""
        for name, new in records.items():
            self.history = replace(self.history, **{name: getattr(self.history, name) + new})
        return self

    def only(self, **records: tuple[object, ...]) -> Story:
        """These records in the place of all others of their kind."""
        for name, new in records.items():
            self.history = replace(self.history, **{name: getattr(self.history, name)[:0] + new})
        return self

    def say(
        self,
        moment: CheckInMoment,
        when: datetime,
        pain: int = 0,
        *,
        leg: LegSymptoms = NONE,
        limp: bool = False,
        sharp_pain: bool = False,
        flags: frozenset[RedFlag] = frozenset(),
        stop_signs: frozenset[StopSign] = frozenset(),
    ) -> Story:
        """A check-in."""
        check_in = CheckIn(moment, when, pain, leg, limp, sharp_pain, flags, stop_signs)
        return self.add(check_ins=(check_in,))

    def run(self, stage: str, began: datetime, *, share: float = 1.0, stopped: bool = False) -> Story:
        """A session and nothing said about it."""
        planned = self.plan.run_seconds(self.plan.stages[self.plan.index(stage)])
        done = SessionDone(self.plan.name, stage, began, began + LENGTH, planned, planned * share, stopped)
        return self.add(sessions=(done,))

    def session(
        self,
        stage: str,
        began: datetime,
        b: int | None = 1,
        d: int | None = 1,
        m: int | None = 1,
        g: int | None = 1,
        *,
        share: float = 1.0,
        stopped: bool = False,
    ) -> Story:
        """A session and its four check-ins; None: that one is missing. The gate is asked 48 hours after its end."""
        self.run(stage, began, share=share, stopped=stopped)
        ended = began + LENGTH
        moments = (
            (CheckInMoment.BEFORE, began - timedelta(minutes=5), b),
            (CheckInMoment.DURING, ended, d),
            (CheckInMoment.MORNING, ended + timedelta(hours=13), m),
            (CheckInMoment.GATE, ended + timedelta(hours=48), g),
        )
        for moment, when, pain in moments:
            if pain is not None:
                self.say(moment, when, pain)
        return self

    def clear(self, what: Cleared, when: datetime, who: str = "my clinician") -> Story:
        """A clinician's clearance."""
        return self.add(clearances=(Clearance(what, when, who),))

    def overrode(self, decision: Decision, when: datetime, words: str = "my race is on Sunday") -> Story:
        """The person went ahead."""
        assert decision.earliest is not None
        return self.add(overrides=(Override(when, decision.sentence, decision.earliest, words),))

    def gate(self, when: datetime, *, declared: bool = False) -> Story:
        """Everything the gate asks for: four good weeks, the walk, no leg symptoms, a quiet back."""
        days = [day for week in range(4) for day in (0, 2, 4)]
        start = when - timedelta(days=28, hours=1)
        rides = [
            LoggedActivity(ActivityKind.CYCLING, 40, start + timedelta(days=7 * (i // 3) + d), 1)
            for i, d in enumerate(days)
        ]
        walk = LoggedActivity(ActivityKind.WALKING, 30, when - timedelta(days=1), 1, rise_next_morning=False)
        self.add(activities=(*rides, walk))
        told = Declaration(when - timedelta(days=30), leg_symptoms=declared, surgery=False, risks=frozenset())
        self.add(declarations=(told,))
        return self.say(CheckInMoment.GATE, when - timedelta(minutes=10))

    def ask(self, now: datetime) -> Decision:
        """What the plan says."""
        return decide(self.plan, self.history, now, cautious=self.cautious)
