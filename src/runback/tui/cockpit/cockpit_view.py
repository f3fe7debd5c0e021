"""The cockpit: what now, the countdown, the speeds, what next, the session and the STOP bar, for one snapshot.

Everything is told to every piece at each draw; a piece that hears nothing new does nothing.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical

from runback.ipc.messages import Snapshot, TimelineView
from runback.key_bindings import Keymap, hints, local_hints, may_move, meaning
from runback.preferences import Preferences
from runback.session.model import Phase
from runback.tui.cockpit import instructions, texts, watch_texts
from runback.tui.cockpit.widgets import (
    BigText,
    Gauge,
    KeyLine,
    NextStep,
    SessionHeader,
    StopBar,
    TextWidget,
    TimelineStrip,
)
from runback.units import Unit

_NO_WORKOUT = {"step": None, "next_step": None, "step_remaining_s": 0.0, "total_s": 0.0}
_NAME = 20
"""Characters of a treadmill's name there is room for beside the link's age."""


class Cockpit(Vertical):
    """All of a session on one screen."""

    def __init__(self) -> None:
        super().__init__(id="cockpit")
        self._mood = ""
        self._watched = False

    def compose(self) -> ComposeResult:
        yield SessionHeader(id="head")
        with Horizontal(id="band"):
            yield BigText(id="now")
            yield NextStep(id="ahead")
        yield TextWidget(id="place")
        with Horizontal(id="hero"):
            with Container(id="left"):
                yield BigText(id="count")
                with Vertical(id="guide"):
                    yield BigText(id="guide-title")
                    yield TextWidget(id="guide-lines")
            with Vertical(id="speeds"):
                yield Gauge(id="target", beside=9)
                yield Gauge(id="belt", beside=9)
        yield TextWidget(id="remark")
        yield TimelineStrip(id="timeline")
        with Horizontal(id="gauges"):
            yield Gauge(id="elapsed")
            yield Gauge(id="distance")
            yield Gauge(id="incline")
            yield Gauge(id="heart")
        yield StopBar(id="stop")
        yield KeyLine(id="keys", explain=meaning)

    def hide(self) -> None:
        """Something else stands in its place: what the mouse was being told must not stay in front of that."""
        self.display = False
        self.query_one(KeyLine).tooltip = None

    def tell(
        self,
        now: Snapshot,
        plan: TimelineView | None,
        trouble: texts.TroubleText | None,
        taste: Preferences,
        *,
        watched: bool = False,
    ) -> None:
        """Show `now`, and any `trouble` between the program and its screen, to a person's `taste`; `watched`: on a
        second screen."""
        unit = taste.unit
        self._watched = watched
        self.set_class(watched, "-watched")
        head = texts.headline(now)
        view = now.commission
        if view is not None:  # the walk below it is nobody's workout
            now, plan = now.model_copy(update=_NO_WORKOUT), None
        self.query_one(TimelineStrip).display = view is None
        self._feel(head)
        self._tell_head(now, plan, trouble)
        self.query_one("#now", BigText).say(str(head), head.word)
        ahead = texts.following(now, unit)
        self.query_one("#ahead", NextStep).say(ahead.lead, ahead.word, ahead.detail)
        self.query_one("#ahead").set_class(ahead.warns, "-warns")
        self.query_one("#place", TextWidget).say(texts.place(plan, now, unit))
        self._tell_hero(now, plan, unit)
        self._tell_remark(now, trouble, unit)
        self.query_one(TimelineStrip).say(plan, now.elapsed_s)
        self._tell_gauges(now, unit)
        self._tell_keys(now, taste.keymap)

    def _feel(self, head: texts.Headline) -> None:
        mood = f"-{head.mood}"
        if mood != self._mood:
            self.remove_class(self._mood or "-none")
            self.add_class(mood)
            self._mood = mood
        self.set_class(head.flash, "-flash")

    def _tell_head(self, now: Snapshot, plan: TimelineView | None, trouble: texts.TroubleText | None) -> None:
        link, late = texts.link(now)
        if trouble is not None:
            link, late = trouble.short, True
        right = f" {link} " if late else link
        style = "bold $on-stop on $stop" if late else ""
        left = plan.workout if plan else "commissioning" if now.commission else "runback"
        right = f"{now.treadmill[:_NAME]}  {right}"
        if self._watched:
            left = watch_texts.title(left, self.app.size.width - len(right) - 4)
        self.query_one("#head", SessionHeader).say(left, right, style)

    def _tell_hero(self, now: Snapshot, plan: TimelineView | None, unit: Unit) -> None:
        guide = (watch_texts if self._watched else instructions).guide(now, plan, unit)
        count = self.query_one("#count", BigText)
        count.display = guide is None
        self.query_one("#guide").display = guide is not None
        if guide is None:
            count.say(texts.countdown(now))
        else:
            self.query_one("#guide-title", BigText).say(guide.title)
            self.query_one("#guide-lines", TextWidget).say(*guide.lines)
        target = texts.speed(now.target_kmh, unit)
        self.query_one("#target", Gauge).say("TARGET", target, unit.value, texts.target_label(now))
        belt = texts.difference(now, unit) if now.phase in (Phase.RUNNING, Phase.LINK_LOST) else ""
        self.query_one("#belt", Gauge).say("BELT", texts.speed(now.measured_kmh, unit), unit.value, belt)

    def _tell_remark(self, now: Snapshot, trouble: texts.TroubleText | None, unit: Unit) -> None:
        remark = self.query_one("#remark", TextWidget)
        warning = trouble.line if trouble else now.notice or ""
        doing = "" if now.commission is None else now.commission.doing
        remarks = watch_texts if self._watched else texts
        line = warning or texts.coming(now, unit) or doing or remarks.remark(now, unit)
        remark.say(line)
        remark.set_class(len(line) > self.app.size.width - 4, "-long")
        remark.set_class(bool(warning), "-warns")
        remark.set_class(not warning and now.announcement is not None, "-coming")

    def _tell_gauges(self, now: Snapshot, unit: Unit) -> None:
        self.query_one("#elapsed", Gauge).say("time", *texts.elapsed(now))
        self.query_one("#distance", Gauge).say("distance", texts.distance(now, unit), unit.length)
        value, note = texts.incline(now)
        self.query_one("#incline", Gauge).say("incline", value, "%", note)
        self.query_one("#heart", Gauge).say("♥", *texts.heart(now))

    def _tell_keys(self, now: Snapshot, keymap: Keymap) -> None:
        bar = self.query_one(StopBar)
        bar.set_class(not may_move(now), "-rest")
        if self._watched:
            bar.say(*watch_texts.bar(now))
            self.query_one(KeyLine).say(*watch_texts.hints(now))
            return
        if now.unseen:
            bar.say("■ PRESS ITS STOP", "any key here", "says so too")
        elif may_move(now):
            bar.say("■ ANY KEY STOPS", "space · Esc · q", "or press here")
        elif now.phase is Phase.COMPLETED:
            bar.say("■ ENDED" if now.measured_kmh is None else "■ AT REST", "Enter or q leaves")
        else:
            bar.say("■ STOP", "Once the belt moves, any key", "that is not a control: space")
        first, *others = local_hints(keymap)
        self.query_one(KeyLine).say(first, *hints(now, keymap), *others)
