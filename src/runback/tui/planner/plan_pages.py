"""The plan's pages: Today first, and from there check-ins, history and plan. They never drive a belt.

Rules:
- Fields to type into exist only here, where no belt moves. To run, the app ends first and says which stage; whoever
  started it runs the session and may open it again for the check-in after it.
- A form that was left is found again as it was, until the app ends.
- What was recorded is on the disk before the screen says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App

from runback.errors import RunbackError
from runback.rehab.decision import DueQuestion, override
from runback.rehab.records import CheckInMoment, History
from runback.rehab.status import local_time
from runback.training_log.entries import Record
from runback.tui.planner import questionnaires
from runback.tui.planner.form import CheckInForm
from runback.tui.planner.plan_data import PlanData, View
from runback.tui.planner.screens.form_screen import FormScreen
from runback.tui.planner.screens.today_screen import TodayScreen


class PlanPages:
    """The plan's pages over `desk`, on `app`. `run` is told when the user wants to run the stage that is due, and
    `saved` what was just recorded, in a line, when Today is not in front."""

    def __init__(self, app: App[Any], desk: PlanData, run: Callable[[], None], saved: Callable[[str], None]) -> None:
        self._app, self._desk = app, desk
        self._run, self._saved = run, saved
        self._left: dict[str, CheckInForm] = {}
        self._today: TodayScreen | None = None

    def open_today(self) -> None:
        """Show Today."""
        self._today = TodayScreen(self._desk, self.pressed)
        self._app.push_screen(self._today, self._closed)

    def _closed(self, _: None) -> None:
        self._today = None

    def after_session(self, view: View | None, session: int | None, *, wrong: bool) -> None:
        """Show the session that has just ended, its number in the journal (None: it was not kept). Then ask for the
        worst during it, if that is due, or if the user said in it that something is `wrong`."""
        from runback.tui.planner.screens.session_screen import SessionScreen

        due = view is not None and view.decision.ask is DueQuestion.DURING

        def ask(_: None = None) -> None:
            if view is not None and (wrong or due):
                self._check_in(CheckInMoment.DURING, wrong=wrong)

        if session is None:
            ask()
            return
        try:
            shown = SessionScreen(self._desk, session, self._next_up(view, asks=wrong or due))
        except RunbackError as error:
            self._tell(f"! {error}")
            ask()
        else:
            self._app.push_screen(shown, ask)

    def _next_up(self, view: View | None, *, asks: bool) -> list[str]:
        """What comes after a session of the plan."""
        if view is None:
            return []
        if asks:
            return ["Next: how was your back, at its worst? Enter asks."]
        earliest = view.decision.earliest
        if earliest is None or earliest <= view.now:
            return [f"{view.decision.sentence}."]
        return [f"Next run: {local_time(earliest, self._desk.tz)}, not before."]

    # -- what Today offers --------------------------------------------------------------------------------------------

    def pressed(self, key: str) -> None:
        """A key on Today."""
        today = self._today
        if today is None:  # it has just been left
            return
        today.tell("")
        view = today.view
        if key == "q":
            self._app.exit()
        elif key == "escape":
            today.dismiss()
        elif key == "enter" and today.page.enter:
            self.follow(view)
        elif key == "h":
            self.open_history(view)
        elif key == "p":
            self.open_plan(view)
        elif view is not None:
            self._record(key, view, full=today.page.full)

    def follow(self, view: View | None) -> None:
        """Do what Today proposes for `view`: choose a plan, answer, or run."""
        if view is None:
            self.choose_plan()
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
            self._run()

    def _record(self, key: str, view: View, *, full: bool) -> None:
        decision, now = view.decision, self._desk.now
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

    def open_history(self, view: View | None) -> None:
        """Show what was done and said."""
        from runback.tui.planner.screens.history_screen import HistoryScreen

        try:
            self._app.push_screen(HistoryScreen(self._desk, History() if view is None else view.history))
        except RunbackError as error:
            self._tell(f"! {error}")

    def open_plan(self, view: View | None) -> None:
        """Show the plan followed; where there is none, the plans to choose from."""
        from runback.tui.planner.screens.plan_screen import PlanScreen

        if view is None:
            self.choose_plan()
        else:
            self._app.push_screen(PlanScreen(self._desk, view))

    def choose_plan(self) -> None:
        """Show the plans there are."""
        from runback.tui.planner.screens.plan_screen import ChoosePlan

        self._app.push_screen(ChoosePlan(self._desk))

    # -- forms --------------------------------------------------------------------------------------------------------

    def _check_in(self, moment: CheckInMoment, *, wrong: bool = False) -> None:
        said = (each for each in self._desk.book.history().check_ins if each.moment is moment)
        last = max(said, key=lambda each: each.at, default=None)
        form = questionnaires.check_in_form(moment, wrong=wrong, last=last)
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
                self._tell("✓ Saved. This is what follows from it:")
            else:
                self._left[form.name] = form

        begun = self._left.get(form.name)
        again = begun is not None and begun.questions == form.questions
        self._app.push_screen(FormScreen(begun if begun is not None and again else form, keep), left)

    def _keep(self, record: Record) -> None:
        self._desk.book.add(record)

    def _tell(self, words: str) -> None:
        if self._today is not None:
            self._today.tell(words)
        else:
            self._saved(words)
