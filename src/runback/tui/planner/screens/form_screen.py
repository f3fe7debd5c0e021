"""A form on the screen: one question a page, forward and back, by keys or mouse.

Rules:
- Esc never throws answers away: it asks, and whoever leaves finds them again.
- Nothing is kept before everything has been read over, on the last page.
- Enter goes on once the page is answered, and says what is missing if it is not.
- The page follows the cursor: what does not fit is seen on the way to "none of these".
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Region
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from runback.tui.key_bar import BarKey, KeyBar
from runback.tui.page_help import PageHelp
from runback.tui.planner.form import AnswerKind, CheckInForm
from runback.tui.planner.screens.answer_options import AnswerOptions
from runback.tui.styled_text import Role, StyledLine
from runback.tui.widgets.large_text import content

_MOVES = {"up": -1, "left": -1, "down": 1, "right": 1}
_TYPED = frozenset({AnswerKind.NUMBER, AnswerKind.WORDS})


class LeaveForm(ModalScreen[bool]):
    """Whether to leave a form that has answers."""

    GUIDE = PageHelp(
        "Leaving the questions",
        (
            "Nothing is recorded before you have read everything over and said yes. What you have answered so far "
            "waits here until you leave runback.",
        ),
        (("Enter", "Go on answering"), ("y", "Leave the questions for now")),
    )

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static("Leave these questions?", classes="title")
            yield Static("Nothing is saved yet. Your answers stay here until you leave runback.")
            yield KeyBar(BarKey("enter", "Enter", "go on answering"), BarKey("y", "y", "leave them for now"))

    def on_key(self, event: events.Key) -> None:
        """Two answers; the other keys do nothing."""
        if event.key != "question_mark":  # the app's
            event.stop()
        if event.key in ("enter", "escape"):
            self.dismiss(result=False)
        elif event.key == "y":
            self.dismiss(result=True)


class FormScreen(Screen[CheckInForm]):
    """Asks `form`; `save` makes and keeps its record and is called once. Dismisses with the form as it was left: at its
    last page if it was saved, else where it stood."""

    AUTO_FOCUS = ""
    GUIDE = PageHelp(
        "The questions",
        (
            "One question a page. Nothing is filled in for you, and nothing is saved until you have read it over.",
            "Pain is counted from 0, none, to 10, the worst that you can imagine. Say how it is, not how you hope "
            "it is: the plan depends on it.",
        ),
        (
            ("0 … 9", "Choose; 1 and then 0 is 10"),
            ("↑ ↓  Space", "Move; tick"),
            ("n", "None of these"),
            ("s", "On the first page: all the same as last time, nothing new"),
            ("Enter", "Next page; on the last one, save"),
            ("PgUp", "The page before"),
        ),
    )

    def __init__(self, form: CheckInForm, save: Callable[[CheckInForm], str]) -> None:
        super().__init__()
        self._form = form
        self._save = save
        self._cursor: int | None = None
        self._fault = ""

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="question", classes="title")
            yield Static(id="hint")
            yield Static(id="read-over")
            yield AnswerOptions()
            yield Input(id="input")
            yield Static(id="fault")
        yield KeyBar()

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        form, question = self._form, self._form.question
        self.query_one("#head", Static).update(f"{form.title}   {form.progress}")
        options, field = self.query_one(AnswerOptions), self.query_one(Input)
        typed = question is not None and question.asks in _TYPED
        options.display = question is not None and not typed
        field.display = typed
        self.query_one("#hint").display = question is not None and bool(question.hint or question.last)
        self.query_one("#read-over").display = question is None
        self.query_one("#fault", Static).update(self._fault)
        if question is None:
            self.query_one("#question", Static).update("Is this right?")
            self.query_one("#read-over", Static).update(content(self._read_over()))
            self.set_focus(None)
        else:
            self.query_one("#question", Static).update(question.title)
            last = f"Last time: {question.last}." if question.last else ""
            self.query_one("#hint", Static).update("\n".join(each for each in (question.hint, last) if each))
            if typed:
                answer = form.answer
                field.value = answer if isinstance(answer, str) else ""
                field.cursor_position = len(field.value)
                field.focus()
            else:
                self.set_focus(None)
                options.tell(question, form.answer, self._cursor)
                if self._cursor is not None:
                    self.call_after_refresh(self._follow, self._cursor)
        self.query_one(KeyBar).tell(*self._keys())

    def _follow(self, cursor: int) -> None:
        """Bring the row with the cursor into view: nobody says "none of these" without having seen them all."""
        options, page = self.query_one(AnswerOptions), self.query_one("#page", VerticalScroll)
        first, count = options.rows_of(cursor)
        page.scroll_to_region(Region(0, options.virtual_region.y + first, 1, max(1, count)), animate=False)

    def _read_over(self) -> list[StyledLine]:
        lines = []
        for question in self._form.questions:
            lines += [
                StyledLine(question.title, Role.QUIET),
                StyledLine(question.spoken(self._form.answers[question.id]), Role.STRONG),
            ]
        return lines

    def _keys(self) -> list[BarKey]:
        question = self._form.question
        back = [BarKey("pageup", "PgUp", "page before")] if self._form.at else []
        leave = BarKey("escape", "Esc", "leave")
        if question is None:
            return [BarKey("enter", "Enter", "yes, save it"), *back, leave]
        go_on = BarKey("enter", "Enter", "next")
        match question.asks:
            case AnswerKind.SCALE:
                again = [BarKey("s", "s", "same, nothing new")] if self._form.can_repeat else []
                return [BarKey("", "0…9, 1 0 for 10", "choose"), *again, go_on, *back, leave]
            case AnswerKind.CHOICE:
                return [BarKey("", f"1…{len(question.options)}", "choose"), go_on, *back, leave]
            case AnswerKind.TICKS:
                none = BarKey("n", "n", "none of these" if len(question.none) > 20 else question.none.lower())
                return [BarKey("space", "Space", "tick"), none, go_on, *back, leave]
            case _:
                return [go_on, *back, leave]

    # -- keys ----------------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """What a key does on this page."""
        question = self._form.question
        if self._typing and event.key not in ("escape", "pageup", "enter"):
            return  # the field's own
        if event.key not in ("t", "question_mark"):  # the app's
            event.stop()
        if event.key == "escape":
            self._leave()
        elif event.key in ("pageup", "backspace"):
            self._go(self._form.back())
        elif self._typing:
            self._forward()
        elif question is None:
            if event.key == "enter":
                self._finish()
        elif question.asks is AnswerKind.SCALE:
            self._on_scale(event)
        else:
            self._on_rows(event)

    @property
    def _typing(self) -> bool:
        return self._form.question is not None and self._form.question.asks in _TYPED

    def _on_scale(self, event: events.Key) -> None:
        answer = self._form.answer
        here = answer if isinstance(answer, int) else None
        if event.key == "s" and self._form.can_repeat:
            self._go(self._form.repeat())
            return
        if event.key in _MOVES:
            self._say(0 if here is None else min(10, max(0, here + _MOVES[event.key])))
        elif event.character is not None and event.character in "0123456789":
            number = int(event.character)
            self._say(10 if here == 1 and number == 0 else number)
        elif event.key == "enter":
            self._forward()

    def _on_rows(self, event: events.Key) -> None:
        question = self._form.question
        if question is None:
            return
        last = len(question.options) - (question.asks is AnswerKind.CHOICE)
        if event.key in _MOVES:
            here = self._cursor
            down = _MOVES[event.key]
            self._cursor = (0 if down > 0 else last) if here is None else min(last, max(0, here + down))
            self._show()
        elif event.character is not None and event.character in "123456789" and int(event.character) - 1 <= last:
            self._pick(int(event.character) - 1)
        elif event.key == "n" and question.asks is AnswerKind.TICKS:
            self._pick(last)
        elif event.key == "space" and self._cursor is not None:
            self._pick(self._cursor)
        elif event.key == "enter":
            if self._form.answer is None and self._cursor is not None:
                self._pick(self._cursor)
                if question.asks is AnswerKind.TICKS and self._cursor != last:
                    return  # ticked, and to be looked at
            self._forward()

    def _pick(self, index: int) -> None:
        """Choose, or tick or untick, the option `index`."""
        question, answer = self._form.question, self._form.answer
        if question is None:
            return
        self._cursor = index
        if question.asks is not AnswerKind.TICKS:
            self._say(index)
        elif index == len(question.options):
            self._say(frozenset())
        else:
            ticked = answer if isinstance(answer, frozenset) else frozenset()
            left = ticked ^ {index}
            if left:
                self._say(left)
            else:  # the last tick was taken back: that is no answer yet
                self._form = self._form.unsay()
                self._show()

    @on(AnswerOptions.Picked)
    def _picked(self, event: AnswerOptions.Picked) -> None:
        """A press of the mouse."""
        question = self._form.question
        if question is not None and question.asks is AnswerKind.SCALE:
            self._say(event.index)
        else:
            self._pick(event.index)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is typed is the answer, letter by letter."""
        if self._typing and event.value != (self._form.answer or ""):
            self._form = self._form.say(event.value)

    # -- pages ---------------------------------------------------------------------------------------------------------

    def _say(self, answer: int | frozenset[int]) -> None:
        self._form = self._form.say(answer)
        self._fault = ""
        self._show()

    def _forward(self) -> None:
        self._fault = self._form.fault
        if self._fault:
            self._show()
        else:
            self._go(self._form.forward())

    def _go(self, form: CheckInForm) -> None:
        if form.at != self._form.at:
            self._cursor, self._fault = None, ""
        self._form = form
        self._show()
        self.query_one("#page").scroll_home(animate=False)

    def _finish(self) -> None:
        self._fault = self._save(self._form)
        if self._fault:
            self._show()
        else:
            self.dismiss(self._form)

    def _leave(self) -> None:
        if not self._form.begun:
            self.dismiss(self._form)
            return

        def answered(leave: bool | None) -> None:
            if leave:
                self.dismiss(self._form if self._form.question is not None else self._form.back())

        self.app.push_screen(LeaveForm(), answered)
