"""How the back reacted to a run: what the 48 hours are for.

Rules:
- Pain before, at its worst during, next morning and now; settled: back at "before" or below, and not above since.
- The time to settle counts from the end of the run to the answer that said so: it settled at some time before.
- What was not said is None, and said as that: before the 48 hours are answered there is no reaction *so far*, and of a
  run that another one followed the last answer is told, not how it is now.
- Pure: a case in, figures and one line out.

Source: training.md "Check-ins and the rules"; issue "The plan, as a physiotherapist would have it", the reaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from runback.rehab.records import CheckInMoment
from runback.rehab.session_review import SessionReview


@dataclass(frozen=True, slots=True)
class PainAt:
    """A point of the curve: `pain` so long `after` the run's end (negative: before it)."""

    after: timedelta
    pain: int


@dataclass(frozen=True, slots=True)
class Reaction:
    """The four figures, 0-10, None what was not said. `settled` is the time from the run's end to the first answer at
    "before" or below that no higher one followed, None while it is above; `rose` whether any answer was above. `curve`
    is every answer in the order of time. `open`: answers are still asked for; `complete`: the 48 hours are answered."""

    before: int | None
    worst: int | None
    morning: int | None
    now: int | None
    settled: timedelta | None
    rose: bool
    curve: tuple[PainAt, ...]
    open: bool
    complete: bool

    @property
    def sentence(self) -> str:
        """ "before 1, worst 1, next morning 2, now 1: settled in 30 h"."""
        last = "now" if self.open else "last"
        figures = (("before", self.before), ("worst", self.worst), ("next morning", self.morning), (last, self.now))
        told = ", ".join(f"{name} {'–' if pain is None else pain}" for name, pain in figures)
        return f"{told}: {self._course()}"

    def _course(self) -> str:
        if self.before is None:
            return "nobody knows how it was before"
        above = f"{self.curve[-1].pain - self.before} above before"
        if self.now is None:
            # The worst during is no answer to how it is since: nobody has said that it has not settled.
            coming = "the answers" if self.worst is None else "the next answers"
            since = f"{coming} are still to come" if self.open else "nothing was said after it"
            return f"{above} at its worst, {since}" if self.rose else since
        if not self.rose:
            so_far = "so far" if self.open else "in these answers"
            return "no reaction" if self.complete else f"no reaction {so_far}"
        if self.settled is None:
            return f"{above}, not settled yet" if self.open else f"{above} at the last answer"
        return f"settled in {max(1, round(self.settled / timedelta(hours=1)))} h"


def reaction(case: SessionReview) -> Reaction:
    """The reaction to the session of `case`, as it was known when that was judged."""
    ended = case.session.ended
    told = [each for each in case.said if each.at <= case.judged]
    # The worst during is told when the run is over, and is no answer to how it is then.
    later = [each for each in told if each.moment is not CheckInMoment.DURING and each.at > ended]
    after = [PainAt(each.at - ended, each.pain) for each in later]
    points = [] if case.before is None else [PainAt(case.session.began - ended, case.before)]
    points += [] if case.during is None else [PainAt(timedelta(), case.during)]
    curve = (*points, *after)
    before = case.before
    rose = before is not None and any(each.pain > before for each in curve)
    high = [index for index, each in enumerate(after) if before is not None and each.pain > before]
    since = after[high[-1] + 1 :] if high else after
    settled = since[0].after if rose and since else None
    now = after[-1].pain if after else None
    # Of a run to maintain nothing more is asked: the next one's "before" is its answer.
    still_asked = case.open and not case.keeps_up
    complete = case.gate is not None
    return Reaction(before, case.during, case.morning, now, settled, rose, curve, still_asked, complete)
