"""The app behind `runback`: Home, and every page that is reached from it. It never drives a belt.

Rules:
- It holds no link, and no key in it moves a belt. To run, to stop, to commission or to watch, it ends first and says
  what is wanted (`HomeRequest`); the program does that, and opens it again.
- A plan's session on the simulated treadmill is asked about first: it counts for nothing.
- What cannot be read is named on Home.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Protocol, TypeVar

from textual.app import App
from textual.binding import Binding, BindingType

from runback.errors import RunbackError
from runback.tui.home.home_page import HomeEntry, HomeState, LastSession, TreadmillState
from runback.tui.home.home_screen import HomeScreen
from runback.tui.key_bar import BarKey
from runback.tui.page_help import HasHelp, HelpScreen
from runback.tui.planner.plan_data import PlanData, View
from runback.tui.planner.plan_pages import PlanPages
from runback.tui.planner.today_page import today
from runback.tui.question_screen import QuestionScreen
from runback.tui.themes import DARK, LIGHT

Found = TypeVar("Found")


class HomeAction(Enum):
    """What the program does once the app has ended."""

    STAGE = "run the stage that is due"
    WORKOUT = "run a workout"
    DEMO = "run the demo"
    COMMISSION = "commission a treadmill"
    STOP = "stop a belt"
    WATCH = "watch a session"


@dataclass(frozen=True, slots=True)
class HomeRequest:
    """What the user wants done, and with `what`: a workout, or a treadmill."""

    action: HomeAction
    what: str = ""


class FirstPage(Enum):
    """Which page stands in front when the app opens."""

    HOME = "home"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class AfterSession:
    """The app opens again after a session: its number in the journal (None: it was not kept), and whether the user said
    in it that something is wrong."""

    session: int | None
    wrong: bool


class HomePorts(Protocol):
    """What Home asks of the program around it. Nothing here touches a link."""

    def treadmill(self) -> TreadmillState:
        """The treadmill that sessions run on. Raises RunbackError where the settings cannot be read."""
        ...

    def strap(self) -> str:
        """The heart-rate strap that is listened to; "" for none. Raises RunbackError."""
        ...

    def left(self) -> str:
        """The treadmill whose belt an earlier session did not see at rest; "" if there is none."""
        ...

    def running(self) -> str:
        """The session that runs on this computer; "" if there is none."""
        ...

    def last(self) -> tuple[int, LastSession | None]:
        """How many sessions the journal has, and the newest. Raises JournalError."""
        ...


class HomeApp(App[HomeRequest]):
    """Home and the pages over `desk` and `ports`. `told`: a line on Home about what has just been done. Ends with what
    the user wants done, or None."""

    TITLE = "runback"
    CSS_PATH = ["../pages.tcss", "../planner/planner.tcss"]  # noqa: RUF012 - as Textual declares it
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "leave", show=False, priority=True),
        Binding("f1", "help", show=False, priority=True),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-w-80"), (110, "-w-120"), (160, "-w-200")]  # noqa: RUF012 - the same
    VERTICAL_BREAKPOINTS = [(0, "-h-24"), (32, "-h-40"), (50, "-h-60")]  # noqa: RUF012 - the same

    def __init__(
        self,
        desk: PlanData,
        ports: HomePorts,
        *,
        theme: str = DARK.name,
        first: FirstPage = FirstPage.HOME,
        after: AfterSession | None = None,
        told: str = "",
    ) -> None:
        super().__init__()
        self._desk, self._ports = desk, ports
        self._first, self._after, self._said = first, after, told
        self._home = HomeScreen(self._look, self._chosen)
        self._plan = PlanPages(self, desk, self._run_stage, self._home.tell)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = theme

    def on_mount(self) -> None:
        self.push_screen(self._home)
        if self._first is FirstPage.TODAY and not self._ports.left() and not self._ports.running():
            self._plan.open_today()
        self.call_after_refresh(self._open_first)

    def _open_first(self) -> None:
        state = self._home.state
        if self._said:
            self._home.tell(self._said)
        if state is None or state.left or state.running:
            return
        if self._after is not None:
            self._plan.after_session(state.view, wrong=self._after.wrong)

    # -- Home ---------------------------------------------------------------------------------------------------------

    def _look(self) -> HomeState:
        """Everything that Home shows, each part of it read for itself: a broken one is named, the others stand."""
        faults: list[str] = []
        treadmill = _told(self._ports.treadmill, TreadmillState("no treadmill", "", simulated=True), faults)
        strap = _told(self._ports.strap, "", faults)
        nothing: tuple[int, LastSession | None] = (0, None)
        sessions, last = _told(self._ports.last, nothing, faults)
        view: View | None = _told(self._desk.view, None, faults)
        page = None if view is None else today(view.decision, view.plan, view.gate, self._desk.tz, view.reaction)
        left, running = self._ports.left(), self._ports.running()
        return HomeState(treadmill, view, page, sessions, last, strap, left, running, tuple(dict.fromkeys(faults)))

    def _chosen(self, entry: HomeEntry) -> None:
        """A row of Home was opened."""
        state = self._home.state
        if state is None:
            return
        match entry:
            case HomeEntry.STOP:
                self.exit(HomeRequest(HomeAction.STOP))
            case HomeEntry.WATCH:
                self.exit(HomeRequest(HomeAction.WATCH))
            case HomeEntry.DEMO:
                self.exit(HomeRequest(HomeAction.DEMO))
            case HomeEntry.START:
                self._plan.follow(state.view)
            case HomeEntry.TODAY:
                self._plan.open_today()
            case HomeEntry.CHOOSE_PLAN:
                self._plan.choose_plan()
            case HomeEntry.AGAIN if state.last is not None:
                self.exit(HomeRequest(HomeAction.WORKOUT, state.last.workout))
            case HomeEntry.HISTORY:
                self._plan.open_history(state.view)
            case HomeEntry.GUIDE:
                self._open_guide("start")
            case _:
                self._home.tell("This page is not built yet.")

    def _run_stage(self) -> None:
        """Run the stage that is due; on the simulated treadmill only after a yes."""
        state = self._home.state
        rehearsal = state is not None and state.view is not None and state.view.choice.rehearsal
        if state is None or not state.treadmill.simulated or rehearsal:
            self.exit(HomeRequest(HomeAction.STAGE))
            return

        def answered(key: str | None) -> None:
            if key == "y":
                self.exit(HomeRequest(HomeAction.STAGE))
            elif key == "m":
                self._chosen(HomeEntry.TREADMILL)

        words = "Sessions run on the SIMULATED treadmill now: no belt moves, and nothing counts for your plan."
        self.push_screen(
            QuestionScreen(
                "No real treadmill is chosen",
                words,
                BarKey("m", "m", "choose a treadmill"),
                BarKey("y", "y", "run it simulated"),
            ),
            answered,
        )

    # -- on every page ------------------------------------------------------------------------------------------------

    def key_t(self) -> None:
        """Dark or light."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def key_question_mark(self) -> None:
        """The same as F1, where no words are typed."""
        self.action_help()

    def action_help(self) -> None:
        """The help of the screen in front, or away with it."""
        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        elif isinstance(self.screen, HasHelp):
            self.push_screen(HelpScreen(self.screen.GUIDE))

    def key_g(self) -> None:
        """From the help to the guide, whose topic on this screen says more; Esc leads back."""
        if isinstance(self.screen, HelpScreen):
            self._open_guide(self.screen.topic)

    def _open_guide(self, topic: str) -> None:
        from runback.tui.guide_screen import GuideScreen

        self.push_screen(GuideScreen(topic))

    def action_leave(self) -> None:
        """Leave."""
        self.exit()


def _told(ask: Callable[[], Found], otherwise: Found, faults: list[str]) -> Found:
    """What `ask` finds; `otherwise`, and a line in `faults`, where it cannot be read."""
    try:
        return ask()
    except RunbackError as error:
        faults.append(str(error))
        return otherwise
