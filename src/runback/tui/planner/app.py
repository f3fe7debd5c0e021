"""The planner's app: Today first, and from there check-ins, history and plan. It never drives a belt.

Rules:
- Fields to type into exist only here, where no belt moves. To run, this app ends first and says which stage; whoever
  started it runs the session and may open it again for the check-in after it.
- A form that was left is found again as it was, until this app ends.
- What was recorded is on the disk before the screen says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from runback.errors import RunbackError
from runback.rehab.decision import DueQuestion, override
from runback.rehab.records import CheckInMoment, History
from runback.training_log.entries import Record
from runback.tui.planner import questionnaires
from runback.tui.planner.form import CheckInForm
from runback.tui.planner.help import HasHelp, PlannerHelp
from runback.tui.planner.plan_data import PlanData, View
from runback.tui.planner.screens.form_screen import FormScreen
from runback.tui.planner.screens.today_screen import TodayScreen
from runback.tui.themes import DARK, LIGHT


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The person wants to run `stage` (its id) of `plan` (its name)."""

    plan: str
    stage: str


class PlannerApp(App[RunRequest]):
    """The screens over `desk`. `wrong`: come back from a session in which the person pressed "something is wrong";
    `after`: from a session at all. Ends with a Departure, or None."""

    TITLE = "runback"
    CSS_PATH = "planner.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "leave", show=False, priority=True),
        Binding("f1", "help", show=False, priority=True),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-w-80"), (110, "-w-120"), (160, "-w-200")]  # noqa: RUF012 - the same
    VERTICAL_BREAKPOINTS = [(0, "-h-24"), (32, "-h-40"), (50, "-h-60")]  # noqa: RUF012 - the same

    def __init__(self, desk: PlanData, *, theme: str = DARK.name, after: bool = False, wrong: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self._after, self._wrong = after, wrong
        self._left: dict[str, CheckInForm] = {}
        self._today = TodayScreen(desk, self.pressed)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = theme

    def on_mount(self) -> None:
        self.push_screen(self._today, callback=None)
        if self._after or self._wrong:
            self.call_after_refresh(self._after_a_session)

    def _after_a_session(self) -> None:
        view = self._today.view
        due = view is not None and view.decision.ask is DueQuestion.DURING
        if self._wrong or due:
            self._check_in(CheckInMoment.DURING, wrong=self._wrong)

    # -- what Today offers --------------------------------------------------------------------------------------------

    def pressed(self, key: str) -> None:
        """A key on Today."""
        self._today.tell("")
        view = self._today.view
        if key == "q":
            self.exit()
        elif key == "enter" and self._today.page.enter:
            self._next(view)
        elif key == "h":
            self._open_history(History() if view is None else view.history)
        elif key == "p":
            self._open_plan(view)
        elif view is not None:
            self._record(key, view)

    def _next(self, view: View | None) -> None:
        """What the page says that Enter does."""
        if view is None:
            self._choose()
            return
        decision = view.decision
        if decision.ask is DueQuestion.DECLARATION:
            self._open(
                questionnaires.declaration_form(),
                lambda form: self._keep(questionnaires.declaration(form, self._desk.now())),
            )
        elif decision.ask is DueQuestion.WALK_MORNING:
            self._open(questionnaires.walk_form(), lambda form: self._desk.answer_walk(worse=form.number("worse") == 1))
        elif decision.ask is not None and decision.ask.moment is not None:
            self._check_in(decision.ask.moment)
        elif decision.ready and decision.stage is not None:
            self.exit(RunRequest(view.plan.name, decision.stage.id))

    def _record(self, key: str, view: View) -> None:
        decision, now, full = view.decision, self._desk.now, self._today.page.full
        match key:
            case "c":
                ask = None if decision.ask is None else decision.ask.moment
                self._check_in(CheckInMoment.GATE if ask is None else ask)
            case "a" if not full:
                self._open(
                    questionnaires.activity_form(), lambda form: self._keep(questionnaires.activity(form, now()))
                )
            case "x" if not full:
                self._open(
                    questionnaires.exercises_form(), lambda form: self._keep(questionnaires.exercises(form, now()))
                )
            case "k" if decision.clearance is not None:
                what = decision.clearance
                self._open(
                    questionnaires.clearance_form(what),
                    lambda form: self._keep(questionnaires.clearance(form, what, now())),
                )
            case "o" if decision.can_override and decision.overridden is None:
                asked = questionnaires.override_form(decision.sentence)
                self._open(asked, lambda form: self._keep(override(decision, now(), str(form.answers["why"]))))
            case _:
                pass

    def _open_history(self, history: History) -> None:
        from runback.tui.planner.screens.history_screen import HistoryScreen

        try:
            self.push_screen(HistoryScreen(self._desk, history))
        except RunbackError as error:
            self._today.tell(f"! {error}")

    def _open_plan(self, view: View | None) -> None:
        from runback.tui.planner.screens.plan_screen import PlanScreen

        if view is None:
            self._choose()
        else:
            self.push_screen(PlanScreen(self._desk, view))

    def key_t(self) -> None:
        """Dark or light."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def key_question_mark(self) -> None:
        """The same as F1, where no words are typed."""
        self.action_help()

    def action_help(self) -> None:
        """The help of the screen in front, or away with it."""
        if isinstance(self.screen, PlannerHelp):
            self.screen.dismiss()
        elif isinstance(self.screen, HasHelp):
            self.push_screen(PlannerHelp(self.screen.GUIDE))

    def key_g(self) -> None:
        """From the help to the guide, whose topic on this screen says more; Esc leads back."""
        if isinstance(self.screen, PlannerHelp):
            from runback.tui.planner.screens.guide_screen import GuideScreen

            self.push_screen(GuideScreen(self.screen.topic))

    def action_leave(self) -> None:
        """Leave."""
        self.exit()

    def _choose(self) -> None:
        from runback.tui.planner.screens.plan_screen import ChoosePlan

        self.push_screen(ChoosePlan(self._desk))

    # -- forms --------------------------------------------------------------------------------------------------------

    def _check_in(self, moment: CheckInMoment, *, wrong: bool = False) -> None:
        form = questionnaires.check_in_form(moment, wrong=wrong)
        self._open(form, lambda form: self._keep(questionnaires.check_in(form, moment, self._desk.now())))

    def _open(self, form: CheckInForm, save: Callable[[CheckInForm], None]) -> None:
        def keep(form: CheckInForm) -> str:
            try:
                save(form)
            except RunbackError as error:
                return str(error)
            return ""

        def left(form: CheckInForm | None) -> None:
            if form is None:
                return
            if form.question is None:
                self._left.pop(form.name, None)
                self._today.tell("✓ Saved. This is what follows from it:")
            else:
                self._left[form.name] = form

        begun = self._left.get(form.name)
        again = begun is not None and begun.questions == form.questions
        self.push_screen(FormScreen(begun if begun is not None and again else form, keep), left)

    def _keep(self, record: Record) -> None:
        self._desk.book.add(record)
