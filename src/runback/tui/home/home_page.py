"""What Home says: the large words, why, and the list of what can be done from here. Pure: state in, text out.

Rules:
- The first row is what to do now; the cursor stands on it when Home opens, so that Enter does it.
- A belt that may be moving, and a session that runs already, come before everything else.
- What cannot be read is named, and keeps nobody from Stop.
- Nothing heavy is imported before the first frame: what that needs stands here, the rest is imported where it is used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from runback.tui.styled_text import PageTone, Role, StyledLine

if TYPE_CHECKING:
    from runback.tui.planner.plan_data import View
    from runback.tui.planner.today_page import Today


class HomeEntry(Enum):
    """What a row of Home leads to."""

    STOP = "stop"
    WATCH = "watch"
    START = "start"
    TODAY = "today"
    CHOOSE_PLAN = "choose a plan"
    AGAIN = "again"
    WORKOUTS = "workouts"
    TREADMILL = "treadmill"
    STRAP = "strap"
    HISTORY = "history"
    SETTINGS = "settings"
    GUIDE = "guide"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class TreadmillState:
    """The treadmill that sessions run on: its `name`, what is known of it in a few words, and whether it is the
    simulator's."""

    name: str
    known: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class LastSession:
    """The newest session: the name of its workout, whether that can be run again, and when it was, in words."""

    workout: str
    again: bool
    when: str


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What Home is drawn from. `page` is what the plan says today, None without a plan; `sessions` how many the journal
    has; `left` a treadmill whose belt an earlier session did not see at rest; `running` a session that runs on this
    computer; `faults` what could not be read, a line each."""

    treadmill: TreadmillState
    view: View | None = None
    page: Today | None = None
    sessions: int = 0
    last: LastSession | None = None
    strap: str = ""
    left: str = ""
    running: str = ""
    faults: tuple[str, ...] = ()

    @property
    def first_time(self) -> bool:
        """Whether nothing has been done here yet."""
        return self.view is None and self.sessions == 0 and not self.faults


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A row: where it leads, its letter, its name, what stands beside it, what Enter does there, and more about it."""

    entry: HomeEntry
    key: str
    name: str
    beside: str
    enter: str
    more: tuple[StyledLine, ...] = ()


@dataclass(frozen=True, slots=True)
class HomePage:
    """The large `words` with their `shape` and `tone`, why (`sentence`), and the rows. `full`: nothing else matters."""

    words: str
    shape: str
    tone: PageTone
    sentence: str
    rows: tuple[HomeRow, ...]
    full: bool = False


def home_page(state: HomeFacts) -> HomePage:
    """The page for `state`."""
    if state.left:
        return _left(state)
    if state.running:
        return _running(state)
    rows = [*_first(state), *_always(state)]
    if state.page is not None:
        page = state.page
        return HomePage(page.words, page.shape, page.mood, page.sentence, tuple(rows))
    if state.first_time:
        sentence = "A timer for run/walk intervals that sets your treadmill's speed, and stops it at any key."
        return HomePage("WELCOME", "", PageTone.WAIT, sentence, tuple(rows))
    return HomePage("RUN OR WALK", "", PageTone.WALK, "No plan is followed. Choose a workout, or a plan.", tuple(rows))


def opening_page() -> HomePage:
    """The page before anything has been looked at: the first frame waits for no plan and no journal."""
    rows = _always(HomeFacts(TreadmillState("", "", simulated=False)))
    bare = tuple(replace(row, beside="", more=()) for row in rows if row.entry is not HomeEntry.DEMO)
    return HomePage("RUNBACK", "", PageTone.WAIT, "One moment …", bare)


_AT_ONCE = frozenset({HomeEntry.START, HomeEntry.AGAIN, HomeEntry.DEMO})
"""Rows that begin a session with one key: never beside a belt that may be moving."""


def _left(state: HomeFacts) -> HomePage:
    stop = HomeRow(
        HomeEntry.STOP,
        "s",
        "Stop it",
        state.left,
        "stop the belt",
        (
            StyledLine(f"An earlier session left {state.left} without seeing its belt at rest."),
            StyledLine("If it moves: step off, pull the safety key. Enter sends Stop, and waits for the belt to rest."),
            StyledLine(
                "A session on this treadmill opens stopped until then. Is it another one, or gone? Go on below."
            ),
        ),
    )
    sentence = "An earlier session ended without seeing the belt at rest. Look at the belt first."
    doors = [row for row in (*_first(state), *_always(state)) if row.entry not in _AT_ONCE]
    return HomePage("STOP THE BELT", "!", PageTone.HELP, sentence, (stop, *doors), full=True)


def _running(state: HomeFacts) -> HomePage:
    rows = (
        HomeRow(HomeEntry.WATCH, "w", "Watch it", state.running, "watch the session"),
        HomeRow(HomeEntry.STOP, "s", "Stop it", "the belt stops; the session waits for its user", "stop the belt"),
    )
    sentence = "A session runs on this computer already. A second one cannot be started beside it."
    return HomePage("SESSION RUNS", "»", PageTone.RUN, sentence, (*rows, *_reading(state)))


def _first(state: HomeFacts) -> list[HomeRow]:
    view, page = state.view, state.page
    if view is None or page is None:
        from runback.rehab.status import NOT_MEDICAL_ADVICE
        from runback.tui.planner.today_page import DOCTOR_FIRST

        plan = HomeRow(
            HomeEntry.CHOOSE_PLAN,
            "p",
            "Plan",
            "start the physiotherapist's plan",
            "choose a plan",
            (
                StyledLine("For runners coming back from a back injury: small steps, guided by how it responds."),
                StyledLine(NOT_MEDICAL_ADVICE, Role.STRONG),
                StyledLine(DOCTOR_FIRST),
            ),
        )
        again = state.last
        if state.first_time:
            return [_demo("see 90 seconds on a simulated treadmill"), plan]
        if again is not None and again.again:
            said = f"{again.workout}, {again.when}"
            return [HomeRow(HomeEntry.AGAIN, "r", "Again", said, f"run {again.workout} again"), plan]
        return [plan]
    title = f"{view.plan.title}{', cautious' if view.choice.cautious else ''}"
    rows = []
    if page.enter:
        rows.append(HomeRow(HomeEntry.START, "r", "Now", _capital(page.enter), page.enter, page.lines))
    return [*rows, HomeRow(HomeEntry.TODAY, "p", "Plan", title, "open the plan's page", page.lines)]


def _always(state: HomeFacts) -> list[HomeRow]:
    treadmill = state.treadmill
    rows = [
        HomeRow(
            HomeEntry.WORKOUTS,
            "w",
            "Workouts",
            "just run or walk one",
            "choose a workout",
            (StyledLine("Run one, write your own, or import a file."),),
        ),
        HomeRow(
            HomeEntry.TREADMILL,
            "m",
            "Treadmill",
            ", ".join(each for each in (treadmill.name, treadmill.known) if each),
            "choose a treadmill",
            (StyledLine("Look for treadmills in reach. One that is new here is measured once before you run on it."),),
        ),
        HomeRow(HomeEntry.STRAP, "b", "Strap", state.strap or "no heart-rate strap", "choose a heart-rate strap"),
        HomeRow(HomeEntry.HISTORY, "h", "History", _history(state), "look back"),
        HomeRow(HomeEntry.SETTINGS, "e", "Settings", "units, sounds, keys, limits", "change settings"),
        *_reading(state),
    ]
    if state.page is not None or state.sessions:
        rows.append(_demo("90 seconds on the simulated treadmill"))
    return rows


def _reading(state: HomeFacts) -> tuple[HomeRow, ...]:
    guide = HomeRow(HomeEntry.GUIDE, "g", "Guide", "how everything works", "read the guide")
    history = HomeRow(HomeEntry.HISTORY, "h", "History", _history(state), "look back")
    return (guide, history) if state.running and not state.left else (guide,)


def _demo(beside: str) -> HomeRow:
    from runback.rehab.status import NOT_MEDICAL_ADVICE

    more = (
        StyledLine("A walk, an announced run, and a Stop by your own key, on a treadmill that only exists in here."),
        StyledLine("No belt moves."),
        StyledLine(),
        StyledLine(NOT_MEDICAL_ADVICE, Role.STRONG),
    )
    return HomeRow(HomeEntry.DEMO, "d", "Demo", beside, "see the demo", more)


def _history(state: HomeFacts) -> str:
    if not state.sessions:
        return "no sessions yet"
    many = "1 session" if state.sessions == 1 else f"{state.sessions} sessions"
    return many if state.last is None else f"{many}, the last {state.last.when}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
