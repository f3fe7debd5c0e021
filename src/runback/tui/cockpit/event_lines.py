"""A session told in lines, one for each event: what a screen reader reads out, or a simple terminal shows.

Rules:
- Pure: plans and snapshots in, lines out. A snapshot is compared with the one before it; any number between them may
  have been lost, so a countdown that was missed is not told afterwards.
- What stands is not told again, except the alarm and the lost link, every `AGAIN` seconds: they must not scroll away.
- Rest is only said where it has been measured. What the machine does not report is said to be unknown.
- Every line is a sentence, without colours, shapes or cursor movement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from runback.ipc.messages import STEP_OFF, CommissionView, SessionDied, Snapshot, Source, StopState, TimelineView
from runback.key_bindings import (
    DEFAULT_KEYMAP,
    Keymap,
    UiAction,
    is_latched,
    key_name,
    may_move,
    shown_in,
)
from runback.session.model import Phase
from runback.tui.cockpit import instructions, texts, watch_texts
from runback.units import Unit, speed_from_kmh

COUNTS = (10, 5, 3, 2, 1)
"""Seconds before an increase at which it is counted."""
SLOWER_IN = 10
"""Seconds before a step that is no faster at which it is told."""
AGAIN = 5.0
SLOWS_EVERY = 2.0
"""Seconds between two lines while the belt slows after Stop."""
_AT_TARGET = 15
"""0.15 km/h, as on the cockpit."""
_SPOKEN = {
    "escape": "Esc",
    "ctrl+c": "Ctrl-C",
    "plus": "plus",
    "equals_sign": "equals",
    "minus": "minus",
    "up": "up arrow",
    "down": "down arrow",
    "left": "left arrow",
    "right": "right arrow",
    "right_square_bracket": "right bracket",
    "left_square_bracket": "left bracket",
    "question_mark": "question mark",
}
_ERRAND = frozenset({Phase.READY, Phase.RUNNING, Phase.ENDING, Phase.COMPLETED})
_HEARD = frozenset({Phase.STARTING, Phase.RUNNING, Phase.PAUSING, Phase.ENDING})
"""Where a treadmill that falls silent is told."""
_TYPOGRAPHY = str.maketrans({"…": "...", "□": "", "■": "", "→": "to", "✓": "", "▲": "", "▼": "", "×": "x", "−": "-"})


def sentence(*parts: str) -> str:
    """The parts that are not empty, as sentences on one line."""
    made = []
    for part in parts:
        text = " ".join(part.translate(_TYPOGRAPHY).split())
        if text:
            if text[1:2].isalpha():  # else it is a key
                text = text[0].upper() + text[1:]
            made.append(text if text[-1] in ".:?!" else f"{text}.")
    return " ".join(made)


@dataclass(frozen=True, slots=True)
class _Told:
    """What was last told of an increase: to which speed, and the seconds counted down to."""

    speed_kmh: float
    count: int


class EventLines:
    """Makes the lines. Speeds are in `unit`; keys are those of `keymap`. `watching`: for a second screen."""

    def __init__(self, unit: Unit = Unit.KMH, keymap: Keymap = DEFAULT_KEYMAP, *, watching: bool = False) -> None:
        self._unit = unit
        self._keymap = keymap
        self._watching = watching
        self._plan: TimelineView | None = None
        self._last: Snapshot | None = None
        self._increase: _Told | None = None
        self._reached = True
        """Whether the belt has been told to have the target."""
        self._urgent_at = 0.0
        """When, on the session's clock, the last alarm or lost link was told."""

    def plan(self, plan: TimelineView) -> tuple[str, ...]:
        """The lines for a timeline, the first or a changed one."""
        before, self._plan = self._plan, plan
        errand = self._last is not None and self._last.commission is not None  # its timeline is nobody's business
        if before is None or plan == before or not plan.steps or errand:
            return ()
        return (sentence(f"the workout has changed: it takes {_length(plan)} now"),)

    def tell(self, now: Snapshot) -> tuple[str, ...]:
        """The lines for this moment; none if nothing has happened."""
        before, self._last = self._last, now
        lines = [] if before is not None else [self._welcome(now)]
        if is_latched(now):
            self._increase = None
            lines += self._stopped(now, before)
        else:
            if before is not None and is_latched(before):
                lines.append(sentence("unlocked: the belt stays still"))
            lines += self._went_on(now, before)
        if now.notice and (before is None or now.notice != before.notice):
            lines.append(sentence(now.notice))
        return tuple(line for line in lines if line)

    def _welcome(self, now: Snapshot) -> str:
        plan, treadmill = self._plan, now.treadmill
        workout = (
            ""
            if plan is None or now.commission is not None
            else f"{plan.workout}, {_length(plan)}, {len(plan.steps)} steps"
        )
        return sentence(
            "you watch, and can stop the belt" if self._watching else "",
            workout,
            f"treadmill: {treadmill}",
            "SIMULATED: no real belt moves" if now.simulated else "",
        )

    # -- after Stop -------------------------------------------------------------------------------------------------

    def _stopped(self, now: Snapshot, before: Snapshot | None) -> list[str]:
        was = None if before is None or not is_latched(before) else before.stop
        same = was is not None and now.stop is not None and (was.state, was.reason) == (now.stop.state, now.stop.reason)
        if not same:
            self._urgent_at = now.t
            return [self.stop_line(now)]
        stop = now.stop
        if stop is None or stop.state in (StopState.AT_REST, StopState.UNSEEN):
            return []
        if now.t < self._urgent_at + (AGAIN if stop.state is StopState.ALARM else SLOWS_EVERY):
            return []
        self._urgent_at = now.t
        if stop.state is StopState.ALARM:
            return [self.stop_line(now)]
        return [sentence(f"slowing: {self._speed(stop.measured_kmh)}")]

    def stop_line(self, now: Snapshot, *, unlocked: bool = False) -> str:
        """What the full stop screen says, in a line. `unlocked`: the first step of the release has been taken."""
        page = (
            watch_texts.stop_page(now, self._unit)
            if self._watching
            else instructions.stop_page(now, unlocked, self._unit)
        )
        stop = now.stop
        measured = now.measured_kmh if stop is None else stop.measured_kmh
        match StopState.STOPPING if stop is None else stop.state:
            case StopState.STOPPING:
                # Not a word of rest yet: half a sentence may be all that is heard.
                hint = page.hint if self._watching else "any key sends Stop again"
                return sentence(f"STOPPING: {page.why}", f"belt: {self._speed(measured)}", hint)
            case StopState.AT_REST:
                return sentence("STOPPED, the belt is at rest", page.why, page.hint)
            case StopState.ALARM:
                return sentence(STEP_OFF, f"belt: {self._speed(measured)}", page.why, page.hint)
            case StopState.UNSEEN:
                return sentence(" ".join(page.big), page.belt, page.why, page.hint)

    # -- before it --------------------------------------------------------------------------------------------------

    def _went_on(self, now: Snapshot, before: Snapshot | None) -> list[str]:
        lines = []
        if before is None or before.phase is not now.phase or is_latched(before):
            self._urgent_at = now.t
            lines.append(self._phase(now))
            before_step = None
        else:
            before_step = before.step
            if now.phase is Phase.LINK_LOST and now.t >= self._urgent_at + AGAIN:
                self._urgent_at = now.t
                lines.append(self._phase(now))
        if now.commission is not None:
            lines += _commissioning(now.commission, None if before is None else before.commission)
            return [*lines, *self._ahead(now, before, began=True)]
        began = now.phase is Phase.RUNNING and self._has_begun(now, before, before_step)
        if began:
            lines.append(self._step(now))
        lines += self._targets(now, before, began=began)
        lines += self._ahead(now, before, began=began)
        if before is not None and now.cue is not None and now.cue_at != before.cue_at:
            lines.append(sentence(texts.cue_words(now, self._unit)))
        lines += self._link(now, before)
        return lines

    @staticmethod
    def _has_begun(now: Snapshot, before: Snapshot | None, was: object) -> bool:
        """Whether a step has begun: another one, the same after a pause, or its walk instead of it."""
        if before is None or was is None:
            return now.step is not None
        again = now.step == was and now.step_remaining_s > before.step_remaining_s + 1 and now.easing == before.easing
        return now.step is not None and (now.step != was or now.easing != before.easing or again)

    def _phase(self, now: Snapshot) -> str:
        guide = (watch_texts if self._watching else instructions).guide(now, self._plan, self._unit)
        if now.commission is not None and now.phase in _ERRAND:
            return ""  # it says itself what is to be done
        match now.phase:
            case Phase.RUNNING | Phase.COUNTDOWN:
                return ""  # the step, or the countdown, says it
            case Phase.READY if not self._watching and now.commission is None:
                check = "before the start: " + ", ".join(instructions.CHECKLIST)
                return sentence("READY", check, "Enter starts, q leaves, F1 tells the keys", self._by_hand(now))
            case Phase.CONNECTING:
                return sentence(
                    f"looking for {now.treadmill}", "switch the treadmill on", "nothing is sent until you start"
                )
            case Phase.STARTING:
                where = "feet on the side rails until it moves" if now.commission is None else "stay off it"
                return sentence("the belt starts", where, self._by_hand(now))
            case Phase.PAUSED:
                rest = "the belt is at rest" if now.measured_kmh == 0 else ""
                return sentence("PAUSED", rest, texts.remark(now.model_copy(update={"notice": None}), self._unit))
            case Phase.PAUSING:
                return sentence("PAUSING: the belt slows")
            case Phase.ENDING:
                return sentence("the workout is over: the belt is being stopped", self._by_hand(now))
            case Phase.COMPLETED if not self._watching:
                return sentence(*self._words(guide), "q or Enter leaves")
            case _:
                return sentence(texts.headline(now).word, *self._words(guide))

    @staticmethod
    def _words(guide: instructions.Instruction | None) -> tuple[str, ...]:
        return () if guide is None else (guide.title, " ".join(guide.lines))

    @staticmethod
    def _by_hand(now: Snapshot) -> str:
        return "this belt is not seen from here: use its own STOP too" if now.unseen else ""

    def _step(self, now: Snapshot) -> str:
        step = now.step
        if step is None:
            return ""
        word = "EASE" if now.easing else texts.kind_word(step.kind)
        length = texts.clock(math.ceil(now.step_remaining_s))
        asked = texts.said(now.target_kmh if now.easing else step.speed_kmh, self._unit)
        more = texts.interval(self._plan, now)
        return sentence(f"{word}, {asked} for {length}" + (f", {more}" if more else ""))

    def _targets(self, now: Snapshot, before: Snapshot | None, *, began: bool) -> list[str]:
        if now.phase is not Phase.RUNNING:
            self._reached = True
            return []
        lines = []
        by = None if now.measured_kmh is None else speed_from_kmh(now.measured_kmh) - speed_from_kmh(now.target_kmh)
        has_it = by is not None and abs(by) <= _AT_TARGET
        if before is None or now.target_kmh != before.target_kmh or began:
            self._reached = has_it
            if not began and now.source is not Source.PLAN:
                whose = texts.target_label(now)
                lines.append(sentence(f"target {texts.said(now.target_kmh, self._unit)}, {whose}"))
        elif has_it and not self._reached:
            self._reached = True
            lines.append(sentence(f"belt at {self._speed(now.measured_kmh)}"))
        if before is not None and now.incline_target_percent != before.incline_target_percent:
            lines.append(sentence(f"incline {now.incline_target_percent:.1f} %"))
        return lines

    def _ahead(self, now: Snapshot, before: Snapshot | None, *, began: bool) -> list[str]:
        """What is announced, counted down; and a step ahead that is no faster."""
        ahead, was = now.announcement, self._increase
        if ahead is None:
            self._increase = None
            return self._slower_ahead(now, before, began=began)
        count = max(0, math.ceil(ahead.in_s))
        self._increase = _Told(ahead.speed_kmh, count)
        if was is None or was.speed_kmh != ahead.speed_kmh or count > was.count:
            ready, stops = ("GET READY", "any key stops") if now.phase is Phase.COUNTDOWN else ("", "")
            return [sentence(ready, texts.coming(now, self._unit), stops)]
        if not any(count <= at < was.count for at in COUNTS):
            return []
        return [f"{count}." if count <= 3 else sentence(texts.coming(now, self._unit))]

    def _slower_ahead(self, now: Snapshot, before: Snapshot | None, *, began: bool) -> list[str]:
        if now.phase is not Phase.RUNNING or before is None or began or now.step != before.step:
            return []
        if not before.step_remaining_s > SLOWER_IN >= now.step_remaining_s:
            return []
        following = texts.following(now, self._unit)
        seconds = math.ceil(now.step_remaining_s)
        return [sentence(f"{following.word} in {seconds} s: {following.detail}")] if following.word else []

    @staticmethod
    def _link(now: Snapshot, before: Snapshot | None) -> list[str]:
        if before is None or now.phase not in _HEARD or now.unseen:
            return []
        silent, was = _silent(now), _silent(before)
        if silent and not was:
            return [sentence(f"the treadmill has not been heard for {now.link_age_s or 0:.0f} s: any key is Stop")]
        return [sentence("the treadmill is heard again")] if was and not silent else []

    # -- asked for ----------------------------------------------------------------------------------------------------

    def status(self) -> str:
        """How things stand, in a line."""
        now, unit = self._last, self._unit
        if now is None:
            return sentence("nothing is known yet")
        if is_latched(now):
            return self.stop_line(now)
        if now.commission is not None:
            return sentence(*_commissioning(now.commission, None), f"belt {self._speed(now.measured_kmh)}")
        what = texts.headline(now).word
        if now.phase is Phase.RUNNING and now.step is not None:
            word = "EASE" if now.easing else texts.kind_word(now.step.kind)
            what = f"{word}, {texts.clock(math.ceil(now.step_remaining_s))} left"
        steep = texts.incline(now)[0]
        beats = texts.heart(now)[0]
        following = texts.following(now, unit)
        far = "" if now.distance_m is None else f"{texts.distance(now, unit)} {unit.length}"
        return sentence(
            what,
            texts.interval(self._plan, now),
            f"belt {self._speed(now.measured_kmh)}, target {texts.said(now.target_kmh, unit)}",
            "" if steep == "-" else f"incline {steep} %",
            f"heart rate {'unknown' if beats == '-' else beats.lower()}",
            ", ".join(part for part in (" ".join(texts.elapsed(now)).strip(), far) if part),
            f"{following.lead} {following.word}, {following.detail}" if following.word else "",
            texts.link(now)[0].lstrip("●○! "),
            "SIMULATED" if now.simulated else "",
        )

    def keys(self) -> tuple[str, ...]:
        """What each key does now, a line each."""
        now = self._last
        if self._watching:
            leaves = "l leaves; the belt goes on" if may_move(now) else "q leaves"
            return (sentence("any key stops the belt: space, Esc, Ctrl-C and q too" if may_move(now) else "", leaves),)
        lines = [f"{_spoken(control.keys)}: {control.means}." for control in shown_in(now, self._keymap)]
        moving = may_move(now)
        status, helps = (self._keymap.keys(what) for what in (UiAction.THEME, UiAction.HELP))
        lines.append(f"{_spoken(status)}: How things stand, with the heart rate.")
        lines.append(f"{_spoken(helps)}: These keys.")
        if now is not None and is_latched(now):
            lines = [self.stop_line(now)]
        elif moving:
            lines.append("Any other key stops the belt: space, Esc, Ctrl-C, q.")
        else:
            lines.append("Once the belt moves, any other key stops it: space, Esc, Ctrl-C, q.")
        return (*lines, instructions.NOT_EMERGENCY)

    def died(self, gone: SessionDied) -> str:
        """What is known of a watched session whose program has died."""
        page = watch_texts.gone_page(gone)
        return sentence(" ".join(page.big), page.belt if not page.rest else "", page.why, page.hint)

    def _speed(self, kmh: float | None) -> str:
        return "speed unknown" if kmh is None else texts.said(kmh, self._unit)


def _commissioning(view: CommissionView, was: CommissionView | None) -> list[str]:
    """What is new in a commissioning."""
    lines = [sentence(f"seen: {line}") for line in view.seen if was is None or line not in was.seen]
    fresh = was is None or (view.title, view.doing, view.waits, view.over) != (
        was.title,
        was.doing,
        was.waits,
        was.over,
    )
    if fresh:
        asks = "" if view.over else "Enter goes on" if view.waits else "stay off the belt"
        end = "" if not view.over else "all that is needed was seen" if view.done else "not all that is needed was seen"
        lines.append(sentence(view.title, view.doing, asks if not view.choices else "", end))
    if view.choices and (was is None or view.choices != was.choices):
        lines.append(sentence("press " + ", ".join(f"{at} for {text}" for at, text in enumerate(view.choices, 1))))
    return lines


def _spoken(keys: tuple[str, ...]) -> str:
    """Keys as they are said: a sign alone may not be read out."""
    return " or ".join(_SPOKEN.get(key, key_name(key)) for key in keys)


def _length(plan: TimelineView) -> str:
    return texts.clock(instructions.plan_length(plan))


def _silent(now: Snapshot) -> bool:
    return now.link_age_s is not None and now.link_age_s > texts.LINK_WARNING_S
