"""The plan on the screen: its stages and rules; and choosing another one.

Rules:
- Choosing shows for whom a plan is not, and asks once more; cautious is a key beside it.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from runback.errors import RunbackError
from runback.rehab.library import load, names
from runback.rehab.plan import Plan
from runback.tui.key_bar import BACK, BarKey, KeyBar
from runback.tui.page_help import PageHelp
from runback.tui.planner import plan_overview
from runback.tui.planner.plan_data import PlanData, View
from runback.tui.styled_text import Role, StyledLine
from runback.tui.widgets.large_text import content


class PlanScreen(Screen[None]):
    """The plan that is followed."""

    GUIDE = PageHelp(
        "The plan",
        (
            "Its stages, where you are, and the rules by which it goes on, repeats, holds or steps back. What is "
            "marked [D] is derived, and was not read in a source.",
        ),
        (("↑ ↓", "More"), ("n", "Another plan, or every stage twice")),
    )

    def __init__(self, desk: PlanData, view: View) -> None:
        super().__init__()
        self._desk, self._view = desk, view

    def compose(self) -> ComposeResult:
        view = self._view
        yield Static(f"Plan   {view.plan.title}{', cautious' if view.choice.cautious else ''}", id="head")
        with VerticalScroll(id="page"):
            lines = [*plan_overview.stages(view.plan, view.here, cautious=view.choice.cautious), StyledLine()]
            yield Static(content([*lines, *plan_overview.about(view.plan, self._desk.unit)]))
        yield KeyBar(
            BarKey("up", "↑ ↓", "more"), BarKey("n", "n", "another plan, or cautious"), BACK, BarKey("t", "t", "theme")
        )

    def on_mount(self) -> None:
        self.query_one("#page").focus()

    def key_n(self) -> None:
        """The list of plans."""

        def chosen(name: str | None) -> None:
            if name is not None:
                self.dismiss()

        self.app.push_screen(ChoosePlan(self._desk), chosen)

    def key_escape(self) -> None:
        """Back."""
        self.dismiss()


class ChoosePlan(Screen[str]):
    """The plans there are; dismisses with the name of the chosen one."""

    GUIDE = PageHelp(
        "Plans",
        (
            "Each plan is followed as it was published, with its own rules; none is mixed with another. Looking at a "
            "plan does not choose it.",
        ),
        (("↑ ↓", "Choose"), ("Enter", "Look at it")),
    )

    def __init__(self, desk: PlanData) -> None:
        super().__init__()
        self._desk = desk
        self._plans = [load(name) for name in names()]

    def compose(self) -> ComposeResult:
        yield Static("Choose a plan   each is followed as it is, none is mixed with another", id="head")
        yield OptionList(*(Option(_summary(plan), id=plan.name) for plan in self._plans), id="plans")
        yield KeyBar(
            BarKey("up", "↑ ↓", "choose"), BarKey("enter", "Enter", "look at it"), BACK, BarKey("t", "t", "theme")
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Look at it."""

        def followed(name: str | None) -> None:
            if name is not None:
                self.dismiss(name)

        self.app.push_screen(FollowPlan(self._desk, self._plans[event.option_index]), followed)

    def key_escape(self) -> None:
        """Back."""
        self.dismiss()


def _summary(plan: Plan) -> str:
    return f"{plan.title}\n  {plan.audience}"


class FollowPlan(Screen[str]):
    """A plan that may be chosen: for whom it is not, then whether to follow it."""

    GUIDE = PageHelp(
        "Following a plan",
        ("Read who it is not for. Following it starts it again; what has been recorded so far stays.",),
        (("y", "Follow this plan"), ("a", "Cautious: every stage twice, or not"), ("↑ ↓", "More")),
    )

    def __init__(self, desk: PlanData, plan: Plan) -> None:
        super().__init__()
        self._desk, self._plan = desk, plan
        self._cautious = False

    def compose(self) -> ComposeResult:
        yield Static(f"Plan   {self._plan.title}", id="head")
        with VerticalScroll(id="page"):
            yield Static(id="fault")
            yield Static(id="lines")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#page").focus()
        self._show()

    def _show(self, fault: str = "") -> None:
        lines = [*plan_overview.BEFORE_CHOOSING]
        if self._cautious:
            lines += [StyledLine(f"[x] {plan_overview.CAUTIOUS_HINT}", Role.STRONG), StyledLine()]
        else:
            lines += [StyledLine(f"[ ] {plan_overview.CAUTIOUS_HINT}"), StyledLine()]
        lines += [
            *plan_overview.about(self._plan, self._desk.unit),
            StyledLine(),
            *plan_overview.stages(self._plan, None, cautious=self._cautious),
        ]
        self.query_one("#lines", Static).update(content(lines))
        self.query_one("#fault", Static).update(fault)
        self.query_one("#fault").display = bool(fault)
        keys = [BarKey("y", "y", "follow this plan"), BarKey("a", "a", "cautious on or off")]
        self.query_one(KeyBar).tell(*keys, BarKey("up", "↑ ↓", "more"), BACK)

    def key_a(self) -> None:
        """Every stage twice, or not."""
        self._cautious = not self._cautious
        self._show()

    def key_y(self) -> None:
        """Follow it."""
        try:
            self._desk.book.choose(self._plan.name, self._desk.now(), cautious=self._cautious)
        except RunbackError as error:
            self._show(str(error))
        else:
            self.dismiss(self._plan.name)

    def key_escape(self) -> None:
        """Back."""
        self.dismiss()
