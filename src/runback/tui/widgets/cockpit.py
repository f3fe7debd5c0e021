"""The cockpit: what now, the countdown, the speeds, what next, the session and the STOP bar, for one snapshot.

Everything is told to every piece at each draw; a piece that hears nothing new does nothing.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical

from runback.keys import hints, may_move
from runback.messages import Plan, Snapshot
from runback.session.states import Phase
from runback.tui import guides, wording
from runback.tui.widgets.painted import Ahead, Big, Gauge, KeyLine, Piece, Sides, StopBar, Timeline

_NAME = 20
"""Characters of a treadmill's name there is room for beside the link's age."""


class Cockpit(Vertical):
    """All of a session on one screen."""

    def __init__(self) -> None:
        super().__init__(id="cockpit")
        self._mood = ""

    def compose(self) -> ComposeResult:
        yield Sides(id="head")
        with Horizontal(id="band"):
            yield Big(id="now")
            yield Ahead(id="ahead")
        yield Piece(id="place")
        with Horizontal(id="hero"):
            with Container(id="left"):
                yield Big(id="count")
                with Vertical(id="guide"):
                    yield Big(id="guide-title")
                    yield Piece(id="guide-lines")
            with Vertical(id="speeds"):
                yield Gauge(id="target", beside=9)
                yield Gauge(id="belt", beside=9)
        yield Piece(id="remark")
        yield Timeline(id="timeline")
        with Horizontal(id="gauges"):
            yield Gauge(id="elapsed")
            yield Gauge(id="distance")
            yield Gauge(id="incline")
            yield Gauge(id="heart")
        yield StopBar(id="stop")
        yield KeyLine(id="keys")

    def tell(self, now: Snapshot, plan: Plan | None, trouble: wording.Trouble | None) -> None:
        """Show `now`, and any `trouble` between the program and its screen."""
        head = wording.headline(now)
        self._feel(head)
        self._tell_head(now, plan, trouble)
        self.query_one("#now", Big).say(str(head), head.word)
        ahead = wording.following(now)
        self.query_one("#ahead", Ahead).say(ahead.lead, ahead.word, ahead.detail)
        self.query_one("#ahead").set_class(ahead.warns, "-warns")
        self.query_one("#place", Piece).say(wording.place(plan, now))
        self._tell_hero(now, plan)
        self._tell_remark(now, trouble)
        self.query_one(Timeline).say(plan, now.elapsed_s)
        self._tell_gauges(now)
        self._tell_keys(now)

    def _feel(self, head: wording.Headline) -> None:
        mood = f"-{head.mood}"
        if mood != self._mood:
            self.remove_class(self._mood or "-none")
            self.add_class(mood)
            self._mood = mood
        self.set_class(head.flash, "-flash")

    def _tell_head(self, now: Snapshot, plan: Plan | None, trouble: wording.Trouble | None) -> None:
        link, late = wording.link(now)
        if trouble is not None:
            link, late = trouble.short, True
        right = f" {link} " if late else link
        style = "bold $on-stop on $stop" if late else ""
        self.query_one("#head", Sides).say(
            plan.workout if plan else "runback", f"{now.treadmill[:_NAME]}  {right}", style
        )

    def _tell_hero(self, now: Snapshot, plan: Plan | None) -> None:
        guide = guides.guide(now, plan)
        count = self.query_one("#count", Big)
        count.display = guide is None
        self.query_one("#guide").display = guide is not None
        if guide is None:
            count.say(wording.countdown(now))
        else:
            self.query_one("#guide-title", Big).say(guide.title)
            self.query_one("#guide-lines", Piece).say(*guide.lines)
        self.query_one("#target", Gauge).say("TARGET", wording.speed(now.target_kmh), "km/h", wording.target_label(now))
        belt = wording.difference(now) if now.phase in (Phase.RUNNING, Phase.LINK_LOST) else ""
        self.query_one("#belt", Gauge).say("BELT", wording.speed(now.measured_kmh), "km/h", belt)

    def _tell_remark(self, now: Snapshot, trouble: wording.Trouble | None) -> None:
        remark = self.query_one("#remark", Piece)
        warning = trouble.line if trouble else now.notice or ""
        line = warning or wording.coming(now) or wording.remark(now)
        remark.say(line)
        remark.set_class(len(line) > self.app.size.width - 4, "-long")
        remark.set_class(bool(warning), "-warns")
        remark.set_class(not warning and now.announcement is not None, "-coming")

    def _tell_gauges(self, now: Snapshot) -> None:
        total = f"of {wording.clock(now.total_s)}" if now.total_s else ""
        self.query_one("#elapsed", Gauge).say("time", wording.clock(now.elapsed_s), total)
        self.query_one("#distance", Gauge).say("distance", wording.distance(now), "km")
        value, note = wording.incline(now)
        self.query_one("#incline", Gauge).say("incline", value, "%", note)
        self.query_one("#heart", Gauge).say("♥", wording.heart(now), "bpm")

    def _tell_keys(self, now: Snapshot) -> None:
        bar = self.query_one(StopBar)
        if now.unseen:
            bar.say("■ PRESS ITS STOP", "any key here", "says so too")
        elif may_move(now):
            bar.say("■ ANY KEY STOPS", "space · Esc · q", "or press here")
        elif now.phase is Phase.COMPLETED:
            bar.say("■ AT REST", "Enter or q leaves")
        else:
            bar.say("■ STOP", "Once the belt moves, any key", "that is not a control: space")
        bar.set_class(not may_move(now), "-rest")
        self.query_one(KeyLine).say("F1 help", *hints(now), "t theme", "Ctrl-P commands")
