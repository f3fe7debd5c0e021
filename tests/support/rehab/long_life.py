"""A life of many sessions, for what has to stay quick after years: most go well, some hurt, some answers miss."""

from __future__ import annotations

import random
from datetime import timedelta

from runback.rehab.records import CheckIn, CheckInMoment, Clearance, Cleared, History, PlanFollowed, SessionDone
from runback.rehab.red_flags import RedFlag
from tests.support.rehab.story import DOWN, LENGTH, NONE, PLAN, SAME, Story, at

ANSWERED = tuple(zip(CheckInMoment, (-0.1, 0.34, 13, 48.4), strict=True))
"""When each check-in is given, in hours from the begin of the run."""


def long_life(number: int, seed: int = 1) -> History:
    """`number` sessions of return-to-running, two to four days apart; the same for the same `seed`."""
    chance = random.Random(seed)
    before = Story().gate(at(1)).history
    sessions: list[SessionDone] = []
    check_ins = list(before.check_ins)
    clearances: list[Clearance] = []
    day = 1.0
    for count in range(number):
        stage = PLAN.stages[min(PLAN.start + (count % 60) // 3, len(PLAN.stages) - 1)]
        began, planned = at(day, chance.random()), PLAN.run_seconds(stage)
        done = planned * (1 if chance.random() < 0.95 else 0.8)
        sessions.append(SessionDone(PLAN.name, stage.id, began, began + LENGTH, planned, done))
        for moment, hours in ANSWERED:
            if chance.random() < 0.96:
                pain = chance.choice([0, 1, 1, 1, 2, 2, 3])
                check_ins.append(CheckIn(moment, began + timedelta(hours=hours), pain))
        if chance.random() < 0.01:
            clearances.append(Clearance(Cleared.PAIN, began + timedelta(hours=50)))
        day += chance.choice([2.1, 2.1, 3, 2.1, 4])
    return History(
        tuple(sessions),
        tuple(check_ins),
        before.activities,
        declarations=before.declarations,
        clearances=tuple(clearances),
        choices=(PlanFollowed(at(0), PLAN.name),),
    )


def troubled_life(seed: int) -> History:
    """Eight sessions, most of which go wrong: every trouble that a clinician can clear, and clearances at any time,
    before and after the sessions that followed all the same."""
    chance = random.Random(seed)
    story, day = Story(), 1.0
    for _ in range(8):
        stage = chance.choice(PLAN.stages[:5]).id
        trouble = chance.choice(["none", "none", "worst", "morning", "gate", "flag", "leg"])
        worst, morning, gate = (trouble == each for each in ("worst", "morning", "gate"))
        flags = frozenset({RedFlag.FEVER}) if trouble == "flag" else frozenset[RedFlag]()
        story.run(stage, at(day))
        for moment, hours, hurts in zip(
            CheckInMoment, (-0.1, 0.34, 13, 48.4), (False, worst, morning, gate), strict=True
        ):
            leg = DOWN if trouble == "leg" and moment is CheckInMoment.DURING else SAME if trouble == "leg" else NONE
            flagged = flags if moment is CheckInMoment.GATE else frozenset[RedFlag]()
            story.say(moment, at(day, hours), 7 if hurts else 1, leg=leg, flags=flagged)
        day += chance.choice([2.1, 2.5, 3, 4, 8, 9, 16])
        if chance.random() < 0.5:
            story.clear(chance.choice(list(Cleared)), at(day, chance.choice([-20, -1, 1, 20])))
    return story.history
