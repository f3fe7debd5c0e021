"""Dossiers for the tests of the page: a person's weeks, with all that can happen in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from runback.journal.model import SessionRow
from runback.rehab.activity import ExercisesDone
from runback.rehab.records import CheckInMoment, Cleared, History
from runback.rehab.red_flags import RedFlag
from runback.report.report_data import Note, ReportData
from tests.support.rehab.story import DOWN, PLAN, SAME, Story, at

BERLIN = ZoneInfo("Europe/Berlin")
SPITEFUL = "<script>alert(1)</script> \"'&amp; ]]> </td></table><img src=x onerror=alert(2)> \u202e\ud800\x00"
"""Words that would be markup, or no text at all, if they could."""


def kept(
    number: int, began: datetime, *, workout: str = "return-to-running 1", reason: str | None = None
) -> SessionRow:
    """A session as the journal lists it."""
    return SessionRow(
        id=number,
        began=began,
        workout=workout,
        plan="",
        planned=1_200_000,
        simulated=False,
        program="0.1.0",
        treadmill="Treadmill",
        address="",
        length=1_200_000,
        active=1_190_000,
        distance=19_500,
        top_speed=752,
        mean_heart_rate=131,
        top_heart_rate=150,
        outcome="completed" if reason is None else "stopped",
        reason=reason,
        lost=0,
    )


def weeks(words: str = "my race is on Sunday") -> Story:
    """Eight sessions: clean ones, a missing answer, a run too soon, pain, a red flag that was cleared."""
    story = Story().gate(at(1))
    story.session("1", at(1)).session("2", at(3, 1)).session("3", at(5, 5), m=None, g=None)
    story.say(CheckInMoment.BEFORE, at(7, 1), 1)
    story.overrode(story.ask(at(7, 1.2)), at(7, 1.2), words)
    story.session("3", at(7, 1.5), d=2)
    story.session("4", at(10), b=1, d=4, m=3, g=1)
    story.session("4", at(12, 6), b=1, d=2, m=2, g=1, share=0.8)
    story.session("4", at(16), b=2, d=7, m=4, g=2, share=0.5, stopped=True)
    story.say(CheckInMoment.DURING, at(16, 0.4), 7, limp=True, leg=DOWN)
    story.say(CheckInMoment.GATE, at(20), 2, leg=SAME, flags=frozenset({RedFlag.FEVER}))
    story.clear(Cleared.RED_FLAG, at(22), f"Dr {words}").clear(Cleared.LEG_SYMPTOMS, at(22), "Dr Jones")
    story.add(exercises=(ExercisesDone(at(4), frozenset({"glutes", "prone-lifts"})),))
    return story.session("3", at(25), d=2)


def dossier(
    story: Story | None = None, *, words: str = "my race is on Sunday", since: datetime | None = None
) -> ReportData:
    """`story` (`weeks` if None) as a dossier, made two days after its last session."""
    told = weeks(words) if story is None else story
    history = told.history
    sessions = [
        kept(number, each.began, reason=words if each.stopped else None)
        for number, each in enumerate(history.sessions, 1)
        if number != 3
    ]
    now = history.sessions[-1].ended + timedelta(hours=49) if history.sessions else at(40)
    return ReportData(
        PLAN,
        history,
        now,
        BERLIN,
        "0.1.0",
        (*sessions, kept(99, at(30), workout=words)) if sessions else (),
        since=since,
        remarks=(Note(at(3), "check-in (before)", words), Note(at(4), "exercises", " ")),
    )


NOTHING = ReportData(PLAN, History(), at(1), BERLIN, "0.1.0")
