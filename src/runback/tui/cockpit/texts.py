"""What the screen says: every word, number and mark, made from a snapshot.

Rules:
- Pure: a snapshot in, text out. Whatever the machine does not report is a dash, never a zero and never a guess.
- Each state has a word, a shape and a mood (its colour); the word alone is enough.
- Plain words a person out of breath can read. Stop is never called an emergency stop.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from runback import units
from runback.ipc.messages import Snapshot, Source, StepView, TimelineView
from runback.session.coaching_cues import posture
from runback.session.model import CueKind, Phase
from runback.units import Unit, figure, length_figure, speed_from_kmh, spell
from runback.workout.model import Kind

LINK_WARNING_S = 2.0
"""Data older than this is no sight of the belt (training.md, Stop)."""
_FLASH_S = 1.0
_LAST_COUNT_S = 3.0
_ON_TARGET = 15
"""0.15 km/h: half a belt's usual step, and more than the ripple a steady belt reports."""


class Tone(StrEnum):
    """What a state feels like; the stylesheet has one colour for each."""

    RUN = "run"
    WALK = "walk"
    EASE = "ease"
    REST = "rest"
    WAIT = "wait"
    DONE = "done"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Headline:
    """What now: `word`, the `shape` drawn before it, its `mood`, and whether it flashes."""

    word: str
    shape: str
    mood: Tone
    flash: bool = False

    def __str__(self) -> str:
        return f"{self.shape} {self.word}"


_KINDS = {
    Kind.WARM_UP: Headline("WARM UP", "▲", Tone.WALK),
    Kind.RUN: Headline("RUN", "»", Tone.RUN),
    Kind.WALK: Headline("WALK", "›", Tone.WALK),
    Kind.COOL_DOWN: Headline("COOL DOWN", "▼", Tone.WALK),
    Kind.FREE: Headline("FREE", "◆", Tone.RUN),
}
_EASE = Headline("EASE", "▽", Tone.EASE)
_PHASES = {
    Phase.CONNECTING: Headline("CONNECTING", "○", Tone.WAIT),
    Phase.READY: Headline("READY", "○", Tone.WAIT),
    Phase.COUNTDOWN: Headline("GET READY", "!", Tone.REST),
    Phase.STARTING: Headline("STARTING", "!", Tone.REST),
    Phase.PAUSING: Headline("PAUSING", "‖", Tone.REST),
    Phase.PAUSED: Headline("PAUSED", "‖", Tone.REST),
    Phase.LINK_LOST: Headline("LINK LOST", "!", Tone.STOP),
    Phase.REARM: Headline("LINK BACK", "○", Tone.WAIT),
    Phase.CONTROL_LOST: Headline("NO CONTROL", "!", Tone.REST),
    Phase.SAFETY_KEY: Headline("KEY OUT", "!", Tone.REST),
    Phase.ENDING: Headline("ENDING", "■", Tone.DONE),
    Phase.COMPLETED: Headline("DONE", "✓", Tone.DONE),
    Phase.STOPPED: Headline("STOPPED", "■", Tone.STOP),
}


def headline(now: Snapshot) -> Headline:
    """What now, in a word; in the last three seconds before an announced increase, that."""
    flash = now.cue is not None and 0 <= now.t - now.cue_at < _FLASH_S
    view = now.commission
    if now.phase is not Phase.RUNNING:
        base = _PHASES[now.phase]
        if view is not None and now.phase in (Phase.READY, Phase.ENDING):
            base = Headline(view.title, base.shape, base.mood)
        return Headline(base.word, base.shape, base.mood, flash)
    coming = now.announcement
    if coming is not None and 0 < coming.in_s <= _LAST_COUNT_S:
        kind = _KINDS[coming.kind] if coming.kind else Headline("FASTER", "▲", Tone.RUN)
        return Headline(f"{kind.word} IN {math.ceil(coming.in_s)}", kind.shape, kind.mood, flash=True)
    base = _EASE if now.easing else _KINDS[now.step.kind] if now.step else _KINDS[Kind.FREE]
    base = base if view is None else Headline(view.title, "◆", Tone.WALK)
    return Headline(base.word, base.shape, base.mood, flash)


def kind_word(kind: Kind) -> str:
    """What a step of this `kind` is called."""
    return _KINDS[kind].word


def clock(seconds: float) -> str:
    """Whole seconds as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def countdown(now: Snapshot) -> str:
    """The big number: seconds until the belt starts, else what is left of the step, counted up to whole seconds."""
    if now.phase is Phase.COUNTDOWN and now.announcement is not None:
        return str(math.ceil(max(0.0, now.announcement.in_s)))
    return clock(math.ceil(max(0.0, now.step_remaining_s)))


def urgent(now: Snapshot) -> tuple[object, ...]:
    """What has to be on the screen at once when it changes; anything else may wait for the next tick."""
    return (
        now.phase,
        now.stop and now.stop.state,
        headline(now),
        countdown(now),
        coming(now),
        now.notice,
        now.commission,
    )


def interval(plan: TimelineView | None, now: Snapshot) -> str:
    """Which interval: a run and the walk after it count as one."""
    if plan is None or not plan.steps:
        return ""
    runs = [step.number for step in plan.steps if step.kind is Kind.RUN]
    if now.step is None:
        return f"{len(runs)} intervals" if len(runs) > 1 else ""
    if len(runs) < 2:
        return f"step {now.step.number} of {len(plan.steps)}"
    done = sum(number <= now.step.number for number in runs)
    return f"interval {done} of {len(runs)}" if done else f"{len(runs)} intervals ahead"


def place(plan: TimelineView | None, now: Snapshot, unit: Unit = Unit.KMH) -> str:
    """Which interval, and what is asked in it."""
    asked = stretch(now.step, unit) if now.step else ""
    if now.easing:
        asked = f"{said(now.target_kmh, unit)}, a walk to the end"
    return "   ".join(part for part in (interval(plan, now), asked) if part)


def stretch(step: StepView, unit: Unit = Unit.KMH) -> str:
    """A step's speed and length."""
    return f"{said(step.speed_kmh, unit)} for {clock(step.duration_s)}"


@dataclass(frozen=True, slots=True)
class Next:
    """What next: `lead` above, `word` large, `detail` below; `warns` while an increase is announced."""

    lead: str
    word: str
    detail: str
    warns: bool = False


def following(now: Snapshot, unit: Unit = Unit.KMH) -> Next:
    """What next."""
    if now.announcement is not None and now.phase is Phase.RUNNING:
        ahead = now.announcement
        word = _KINDS[ahead.kind].word if ahead.kind else "FASTER"
        return Next(f"in {math.ceil(ahead.in_s)} s", word, said(ahead.speed_kmh, unit), warns=True)
    first = now.next_step
    if now.phase in (Phase.CONNECTING, Phase.COMPLETED, Phase.ENDING, Phase.STOPPED):
        return Next("", "", "")
    if first is None:
        ends = "press STOP" if now.unseen else "belt stops"
        return Next("next", "END", ends) if now.step is not None else Next("", "", "")
    if now.easing:
        return Next("next", "WALK", stretch(first, unit))
    return Next("next" if now.step else "first", _KINDS[first.kind].word, stretch(first, unit))


def coming(now: Snapshot, unit: Unit = Unit.KMH) -> str:
    """The announced increase in a line, or an empty one."""
    ahead = now.announcement
    if ahead is None:
        return ""
    word = _KINDS[ahead.kind].word + " " if ahead.kind else "faster: "
    return f"▲ {word}{said(ahead.speed_kmh, unit)} in {math.ceil(ahead.in_s)} s"


_CUES = {
    CueKind.EASED: "Eased off: walking from here to the end.",
    CueKind.LAST_INTERVAL: "The last interval.",
    CueKind.CONSOLE: "The console's speed is kept until the next step.",
    CueKind.RESUMED: "Resuming with a walk.",
    CueKind.WITHDRAWN: "The announced speed-up is cancelled.",
}
"""What is shown of a cue that is not shown as its value, such as "Halfway."."""
_SHOWN_ELSEWHERE = frozenset(
    {
        *(CueKind.HEADS_UP, CueKind.COUNTDOWN, CueKind.RUN, CueKind.WALK, CueKind.STEPPED_OFF, CueKind.PAUSED),
        *(CueKind.COMPLETED, CueKind.STOPPED, CueKind.ALARM, CueKind.POSTURE),
    }
)
"""The rest of the screen says these."""


def remark(now: Snapshot, unit: Unit = Unit.KMH) -> str:
    """The line under the big numbers: what the person should know, else what was just said."""
    if now.notice:
        return now.notice
    if now.reaching is not None and now.reaching.counts_then:
        return changing(now, unit)
    if now.t - now.cue_at < 4 * _FLASH_S and (words := cue_words(now, unit)):
        return words
    if now.phase is Phase.PAUSED:
        return "Enter goes on: a countdown, then a walk."
    if now.source is Source.CONSOLE and now.phase is Phase.RUNNING:
        return _CUES[CueKind.CONSOLE]
    return changing(now, unit)


def changing(now: Snapshot, unit: Unit = Unit.KMH) -> str:
    """The change of speed under way, where there is something to say of it."""
    ramp = now.reaching
    if ramp is None or (ramp.in_s is None and not ramp.counts_then):
        return ""
    when = "as soon as the belt is" if ramp.in_s is None else f"in {math.ceil(ramp.in_s)} s"
    if ramp.counts_then:
        return f"At {said(ramp.speed_kmh, unit)} {when}; the time counts from there."
    return f"At {said(ramp.speed_kmh, unit)} {when}."


def elapsed(now: Snapshot) -> tuple[str, str]:
    """How long the belt has run, and what it will come to as far as is known: changes of speed are on top."""
    more = now.changing_s or 0.0
    total = now.total_s + more + (now.changing_ahead_s or 0.0)
    return clock(now.elapsed_s + more), f"of {clock(total)}" if now.total_s else ""


def cue_words(now: Snapshot, unit: Unit = Unit.KMH) -> str:
    """The newest cue in words; empty where the rest of the screen says it."""
    if now.cue is CueKind.WITHDRAWN and now.cue_speed_kmh is not None:
        return f"The announced {said(now.cue_speed_kmh, unit)} is cancelled."
    if now.cue is CueKind.TIME_LEFT:
        minutes = round((now.total_s - now.elapsed_s) / 60)
        return "One minute left." if minutes == 1 else f"{minutes} minutes left."
    if now.cue is CueKind.POSTURE and now.step is not None:
        return f"{posture(now.step.number)}."
    if now.cue is None or now.cue in _SHOWN_ELSEWHERE:
        return ""
    return _CUES.get(now.cue, f"{now.cue.value.capitalize()}.")


def target_label(now: Snapshot) -> str:
    """Who set the target, under its name."""
    return {Source.PLAN: "", Source.PERSON: "by you", Source.CONSOLE: "console", Source.SAFETY: "safety"}[now.source]


def speed(kmh: float | None, unit: Unit = Unit.KMH) -> str:
    """The figure in `unit`, or dashes while the machine does not say."""
    if kmh is None:
        return "-:--" if unit.is_pace else "-.-"
    return figure(speed_from_kmh(kmh), unit)


def said(kmh: float, unit: Unit = Unit.KMH) -> str:
    """The same with its unit, in a sentence."""
    return spell(speed_from_kmh(kmh), unit)


def difference(now: Snapshot, unit: Unit = Unit.KMH) -> str:
    """How the belt stands to its target: a mark and a number."""
    if now.measured_kmh is None:
        return "not seen" if now.unseen else "no data"
    belt, target = speed_from_kmh(now.measured_kmh), speed_from_kmh(now.target_kmh)
    by = belt - target
    if abs(by) <= _ON_TARGET:
        return "= target"
    much = units.difference(belt, target, unit)
    if unit.is_pace:
        return f"{'▲' if by > 0 else '▼'} {much}"
    return f"▲ +{much}" if by > 0 else f"▼ -{much}"


def incline(now: Snapshot) -> tuple[str, str]:
    """Incline as measured, and its target where that differs."""
    target = now.incline_target_percent
    if now.incline_percent is None:
        return ("-", f"target {target:.1f}" if target else "")
    return (f"{now.incline_percent:.1f}", f"→ {target:.1f}" if abs(now.incline_percent - target) >= 0.05 else "")


def distance(now: Snapshot, unit: Unit = Unit.KMH) -> str:
    """Kilometres or miles, to two decimals."""
    return "-" if now.distance_m is None else length_figure(now.distance_m, unit)


def heart(now: Snapshot) -> tuple[str, str]:
    """Beats a minute and their unit; a dash before the first, and a word where there are none any more."""
    if now.heart_rate_lost is not None:
        return ("LOST", "")
    return ("-" if now.heart_rate_bpm is None else str(now.heart_rate_bpm), "bpm")


def link(now: Snapshot) -> tuple[str, bool]:
    """When the machine was last heard, and whether that is too long ago."""
    if now.unseen and now.phase is not Phase.CONNECTING:
        return ("! unseen: use its own STOP", True)
    if now.link_age_s is None and now.linked:
        return ("○ nothing heard yet", now.phase not in (Phase.CONNECTING, Phase.READY))
    if now.link_age_s is None:
        return ("○ no link", now.phase is not Phase.CONNECTING)
    if now.link_age_s > LINK_WARNING_S:
        return (f"! not heard for {now.link_age_s:.1f} s", True)
    return (f"● heard {now.link_age_s:.1f} s ago", False)


@dataclass(frozen=True, slots=True)
class TroubleText:
    """Something wrong between the program and its screen: `short` for the corner, `line` for the middle."""

    short: str
    line: str


GARBLED = TroubleText("! garbled", "The screen and the program are not of one version: not all is shown.")


def silence(silent_s: float) -> TroubleText:
    """The program has said nothing for `silent_s`: what stands on the screen is old."""
    line = f"The program has not answered for {silent_s:.0f} s. Step off if the belt is not as you expect."
    return TroubleText(f"! no answer for {silent_s:.0f} s", line)
