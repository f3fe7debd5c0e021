"""The workouts: a list with a small picture of each, and a page for the one that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from runback.errors import RunbackError
from runback.tui.home.workout_list import ListedWorkout, line, listed, page, pasted_path, timeline
from runback.tui.input_screen import InputScreen
from runback.tui.key_bar import BACK, BarKey, KeyBar
from runback.tui.page_help import PageHelp
from runback.tui.timeline_chart import picture
from runback.tui.widgets.large_text import content
from runback.tui.widgets.row_list import RowList
from runback.units import Unit
from runback.workout.library import WorkoutEntry
from runback.workout.model import Workout

_TONES = {"run": "$run", "walk": "$walk", "past-run": "$past", "past-walk": "$past", "now": "bold $foreground"}


class WorkoutsPorts(Protocol):
    """What the page asks of the program around it."""

    def workouts(self) -> list[WorkoutEntry]:
        """All that can be run by name."""
        ...

    def last_runs(self) -> Mapping[str, str]:
        """When each workout was last run, in words; the newest first. Raises JournalError."""
        ...

    def favourites(self) -> frozenset[str]:
        """The names of the favourites."""
        ...

    def keep_favourites(self, names: frozenset[str]) -> None:
        """Write them down. Raises InputError."""
        ...

    def max_speed(self) -> int | None:
        """The fastest the user wants, 0.01 km/h; None if they have set nothing. Raises SettingsError."""
        ...

    def parse(self, text: str) -> Workout:
        """The workout that `text` asks for. Raises WorkoutError."""
        ...


class TimelinePicture(Widget):
    """A workout as the session screen draws it."""

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self._workout: Workout | None = None

    def show(self, workout: Workout | None) -> None:
        """Draw this one."""
        self._workout = workout
        self.refresh()

    def render(self) -> Content:
        if self._workout is None:
            return Content()
        width, height = self.content_size
        rows = picture(timeline(self._workout), 0.0, width, height + 1)[1:]  # no mark at now
        return Content("\n").join(
            Content.assemble(*(Content.styled(run.text, _TONES[run.tone]) for run in row)) for row in rows
        )


class WorkoutsScreen(Screen[None]):
    """The workouts of `ports`, in `unit`. `run` is told which is to be run, `bring` which file is to be imported."""

    CSS_PATH = "workouts_screen.tcss"
    GUIDE = PageHelp(
        "Workouts",
        (
            "What was run last comes first. Enter runs the workout that is pointed at; the belt does not move before "
            "you press Enter once more on the session's own screen.",
            "To import a Zwift, QZ, FIT or intervals.icu file, press i, or drag the file onto this window.",
        ),
        (
            ("↑ ↓", "Choose"),
            ("Enter", "Run it"),
            ("n", "Type a workout in one line, and run it"),
            ("i", "Import a file"),
            ("f", "A favourite, or not"),
        ),
        "workouts",
    )

    def __init__(
        self, ports: WorkoutsPorts, unit: Unit, run: Callable[[str], None], bring: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._ports, self._unit = ports, unit
        self._run, self._bring = run, bring
        self._shown: tuple[ListedWorkout, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static("Workouts", id="head")
        with Container(id="body"):
            yield RowList()
            with VerticalScroll(id="page"):
                yield TimelinePicture()
                yield Static(id="about")
        yield KeyBar(
            BarKey("enter", "Enter", "run it"),
            BarKey("n", "n", "type one"),
            BarKey("i", "i", "import"),
            BarKey("f", "f", "favourite"),
            BACK,
        )

    def on_mount(self) -> None:
        self._list()
        self.query_one(RowList).focus()

    def _list(self, name: str = "") -> None:
        """Read everything, and put the cursor on the workout called `name`, or on the first."""
        told = []
        try:
            last = self._ports.last_runs()
            fastest = self._ports.max_speed()
        except RunbackError as error:  # the workouts can be run all the same
            last, fastest = {}, None
            told.append(f"! {error}")
        self._shown = listed(self._ports.workouts(), self._ports.favourites(), last, fastest)
        cursor = next((index for index, each in enumerate(self._shown) if each.entry.name == name), 0)
        self.query_one(RowList).show([line(each, self._unit) for each in self._shown], cursor)
        self.query_one("#head", Static).update("   ".join([f"Workouts   {len(self._shown)}", *told]))
        self._about()

    def _about(self) -> None:
        each = self._pointed()
        if each is not None:
            self.query_one(TimelinePicture).show(each.entry.workout)
            self.query_one(TimelinePicture).display = each.entry.workout is not None
            self.query_one("#about", Static).update(content(page(each, self._unit)))

    def _pointed(self) -> ListedWorkout | None:
        cursor = self.query_one(RowList).cursor
        return self._shown[cursor] if 0 <= cursor < len(self._shown) else None

    @on(RowList.Moved)
    def _moved(self) -> None:
        self._about()

    @on(RowList.Opened)
    def _opened(self) -> None:
        each = self._pointed()
        if each is not None and each.entry.workout is not None:
            self._run(each.entry.name)
        else:
            self._about()

    def on_paste(self, event: events.Paste) -> None:
        """A file that was dragged onto the terminal is imported."""
        path = pasted_path(event.text)
        if path:
            event.stop()
            self._bring(path)

    def key_n(self) -> None:
        """A workout in one line."""

        def fault(text: str) -> str:
            try:
                self._ports.parse(text)
            except RunbackError as error:
                return str(error)
            return ""

        def typed(text: str | None) -> None:
            if text:
                self._run(text)

        words = "Such as: 5m walk 4.5, 5x(1m run 7.5, 1m walk 5.0), 3m walk 4.0"
        self.app.push_screen(InputScreen("A workout in one line", words, fault, "run it"), typed)

    def key_i(self) -> None:
        """A file of another program's."""

        def fault(text: str) -> str:
            return "" if pasted_path(text) else "There is no such file. Type its whole path, or drag it here."

        def typed(text: str | None) -> None:
            if text:
                self._bring(pasted_path(text))

        words = "A Zwift .zwo, QZ .xml, FIT workout or intervals.icu text. It is shown to you before anything is kept."
        self.app.push_screen(InputScreen("Import a file", words, fault, "look at it"), typed)

    def key_f(self) -> None:
        """A favourite, or not."""
        each = self._pointed()
        if each is None:
            return
        try:
            self._ports.keep_favourites(self._ports.favourites() ^ {each.entry.name})
        except RunbackError as error:
            self.query_one("#head", Static).update(f"! {error}")
        else:
            self._list(each.entry.name)

    def key_escape(self) -> None:
        """Back."""
        self.dismiss()
