"""The app behind `runback`: Home, and every page that is reached from it. It never drives a belt.

Rules:
- It holds no link, and no key in it moves a belt. To run, to stop, to commission or to watch, it ends first and says
  what is wanted (`HomeRequest`); the program does that, and opens it again.
- A plan's session on the simulated treadmill is asked about first: it counts for nothing.
- What cannot be read is named on Home.
- The first frame waits for nothing: plan, journal and settings are imported and read once it stands. Keys that are
  pressed meanwhile wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from textual.app import App
from textual.binding import Binding, BindingType

from runback.errors import RunbackError
from runback.tui import themes
from runback.tui.home.home_page import HomeEntry, HomeFacts, LastSession, TreadmillState
from runback.tui.home.home_screen import HomeScreen
from runback.tui.key_bar import SIMULATED_CLASS, BarKey
from runback.tui.page_help import HasHelp, HelpScreen
from runback.tui.question_screen import QuestionScreen

if TYPE_CHECKING:
    from runback.tui.home.device_picker import DeviceScanner
    from runback.tui.home.settings_screen import SettingsPorts
    from runback.tui.home.workouts_screen import WorkoutsPorts
    from runback.tui.planner.plan_data import PlanData, View
    from runback.tui.planner.plan_pages import PlanPages
    from runback.tui.planner.today_page import Today

Found = TypeVar("Found")


class HomeAction(Enum):
    """What the program does once the app has ended."""

    STAGE = "run the stage that is due"
    WORKOUT = "run a workout"
    DEMO = "run the demo"
    COMMISSION = "commission a treadmill"
    STOP = "stop a belt"
    WATCH = "watch a session"
    IMPORT = "import a file"


@dataclass(frozen=True, slots=True)
class HomeRequest:
    """What the user wants done, and with `what`: a workout, a file, or a treadmill."""

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

    def settings(self) -> SettingsPorts:
        """What the settings' page asks for."""
        ...

    def workouts(self) -> WorkoutsPorts:
        """What the workouts' page asks for."""
        ...

    def scanner(self, entry: HomeEntry) -> DeviceScanner:
        """What listens for treadmills (`HomeEntry.TREADMILL`) or straps. Raises RunbackError."""
        ...

    def last(self) -> tuple[int, LastSession | None]:
        """How many sessions the journal has, and the newest. Raises JournalError."""
        ...


class HomeApp(App[HomeRequest]):
    """Home and the pages over what `desk` opens, and `ports`. `told`: a line on Home about what has just been
    done. Ends with what the user wants done, or None."""

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
        desk: Callable[[], PlanData],
        ports: HomePorts,
        *,
        theme: str = themes.DARK.name,
        first: FirstPage = FirstPage.HOME,
        after: AfterSession | None = None,
        told: str = "",
    ) -> None:
        super().__init__()
        self._open_desk, self._ports = desk, ports
        self._desk: PlanData | None = None
        self._plan: PlanPages | None = None
        self._first, self._after, self._said = first, after, told
        self._home = HomeScreen(self._look, self._chosen)
        themes.use(self, theme)  # a wrong one is named with the settings

    def on_mount(self) -> None:
        self.push_screen(self._home)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Open what stands behind the first frame."""
        from runback.tui.planner.plan_pages import PlanPages

        self._desk = self._open_desk()
        self._plan = PlanPages(self, self._desk, self._run_stage, self._home.tell)
        self._home.begin()
        if self._said:
            self._home.tell(self._said)
        state = self._home.state
        if state is not None and not state.left and not state.running:
            if self._first is FirstPage.TODAY:
                self._plan.open_today()
            if self._after is not None:
                self._plan.after_session(state.view, self._after.session, wrong=self._after.wrong)
        for key in self._home.early:
            self.simulate_key(key)

    # -- Home ---------------------------------------------------------------------------------------------------------

    def _look(self, known: HomeFacts | None) -> HomeFacts:
        """What Home shows. Of what is `known` already only what may change at any moment is looked at again: a belt
        left moving, a session that runs. Each part is read for itself: a broken one is named, the others stand."""
        left, running = self._ports.left(), self._ports.running()
        if known is not None:
            return replace(known, left=left, running=running)
        faults: list[str] = []
        treadmill = _told(self._ports.treadmill, TreadmillState("no treadmill", "", simulated=True), faults)
        strap = _told(self._ports.strap, "", faults)
        nothing: tuple[int, LastSession | None] = (0, None)
        sessions, last = _told(self._ports.last, nothing, faults)
        nobody: tuple[View | None, Today | None] = (None, None)
        view, page = _told(self._plan_today, nobody, faults)
        self.set_class(treadmill.simulated, SIMULATED_CLASS)
        return HomeFacts(treadmill, view, page, sessions, last, strap, left, running, tuple(dict.fromkeys(faults)))

    def _plan_today(self) -> tuple[View | None, Today | None]:
        """The plan, and its page. Raises RunbackError."""
        from runback.tui.planner.today_page import today

        desk = self._desk
        view = None if desk is None else desk.view()
        if view is None or desk is None:
            return None, None
        return view, today(view.decision, view.plan, view.gate, desk.tz, view.reaction)

    def _chosen(self, entry: HomeEntry) -> None:
        """A row of Home was opened."""
        state, plan = self._home.state, self._plan
        if state is None or plan is None:
            return
        match entry:
            case HomeEntry.STOP:
                self.exit(HomeRequest(HomeAction.STOP))
            case HomeEntry.WATCH:
                self.exit(HomeRequest(HomeAction.WATCH))
            case HomeEntry.DEMO:
                self.exit(HomeRequest(HomeAction.DEMO))
            case HomeEntry.START:
                plan.follow(state.view)
            case HomeEntry.TODAY:
                plan.open_today()
            case HomeEntry.CHOOSE_PLAN:
                plan.choose_plan()
            case HomeEntry.AGAIN if state.last is not None:
                self.exit(HomeRequest(HomeAction.WORKOUT, state.last.workout))
            case HomeEntry.TREADMILL | HomeEntry.STRAP:
                self._open_picker(entry)
            case HomeEntry.WORKOUTS:
                self._open_workouts()
            case HomeEntry.HISTORY:
                plan.open_history(state.view)
            case HomeEntry.SETTINGS:
                self._open_settings()
            case HomeEntry.GUIDE:
                self._open_guide("start")

    def _open_picker(self, entry: HomeEntry) -> None:
        from runback.tui.home.device_picker import DevicePicker

        def left(commission: str | None) -> None:
            if commission:
                self.exit(HomeRequest(HomeAction.COMMISSION, commission))

        try:
            self.push_screen(DevicePicker(self._ports.scanner(entry)), left)
        except RunbackError as error:
            self._home.tell(f"! {error}")

    def _open_settings(self) -> None:
        from runback.tui.home.settings_screen import SettingsScreen

        self.push_screen(SettingsScreen(self._ports.settings()))

    def _open_workouts(self) -> None:
        from runback.tui.home.workouts_screen import WorkoutsScreen

        def run(workout: str) -> None:
            self.exit(HomeRequest(HomeAction.WORKOUT, workout))

        def bring(path: str) -> None:
            self.exit(HomeRequest(HomeAction.IMPORT, path))

        if self._desk is not None:
            self.push_screen(WorkoutsScreen(self._ports.workouts(), self._desk.unit, run, bring))

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
        """The next theme."""
        themes.use(self, themes.following(self.theme))

    def key_question_mark(self) -> None:
        """The same as F1, where no words are typed."""
        self.action_help()

    def action_help(self) -> None:
        """The help of the screen in front, or away with it."""
        if self._plan is None:
            self._home.early.append("f1")
        elif isinstance(self.screen, HelpScreen):
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
