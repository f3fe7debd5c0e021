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

from runback.messages import Plan, Snapshot, Source, StepView
from runback.session.calls import posture
from runback.session.states import CueKind, Phase
from runback.workout.model import Kind

LINK_WARNING_S = 2.0
"""Data older than this is no sight of the belt (training.md, Stop)."""
_FLASH_S = 1.0
_LAST_COUNT_S = 3.0
_ON_TARGET_KMH = 0.15
"""Half a belt's usual step, and more than the ripple a steady belt reports."""


class Mood(StrEnum):
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
    mood: Mood
    flash: bool = False

    def __str__(self) -> str:
        return f"{self.shape} {self.word}"


_KINDS = {
    Kind.WARM_UP: Headline("WARM UP", "▲", Mood.WALK),
    Kind.RUN: Headline("RUN", "»", Mood.RUN),
    Kind.WALK: Headline("WALK", "›", Mood.WALK),
    Kind.COOL_DOWN: Headline("COOL DOWN", "▼", Mood.WALK),
    Kind.FREE: Headline("FREE", "◆", Mood.RUN),
}
_EASE = Headline("EASE", "▽", Mood.EASE)
_PHASES = {
    Phase.CONNECTING: Headline("CONNECTING", "○", Mood.WAIT),
    Phase.READY: Headline("READY", "○", Mood.WAIT),
    Phase.COUNTDOWN: Headline("GET READY", "!", Mood.REST),
    Phase.STARTING: Headline("STARTING", "!", Mood.REST),
    Phase.PAUSING: Headline("PAUSING", "‖", Mood.REST),
    Phase.PAUSED: Headline("PAUSED", "‖", Mood.REST),
    Phase.LINK_LOST: Headline("LINK LOST", "!", Mood.STOP),
    Phase.REARM: Headline("LINK BACK", "○", Mood.WAIT),
    Phase.CONTROL_LOST: Headline("NO CONTROL", "!", Mood.REST),
    Phase.SAFETY_KEY: Headline("KEY OUT", "!", Mood.REST),
    Phase.ENDING: Headline("ENDING", "■", Mood.DONE),
    Phase.COMPLETED: Headline("DONE", "✓", Mood.DONE),
    Phase.STOPPED: Headline("STOPPED", "■", Mood.STOP),
}


def headline(now: Snapshot) -> Headline:
    """What now, in a word; in the last three seconds before an announced increase, that."""
    flash = now.cue is not None and 0 <= now.t - now.cue_at < _FLASH_S
    if now.phase is not Phase.RUNNING:
        base = _PHASES[now.phase]
        return Headline(base.word, base.shape, base.mood, flash)
    coming = now.announcement
    if coming is not None and 0 < coming.in_s <= _LAST_COUNT_S:
        kind = _KINDS[coming.kind] if coming.kind else Headline("FASTER", "▲", Mood.RUN)
        return Headline(f"{kind.word} IN {math.ceil(coming.in_s)}", kind.shape, kind.mood, flash=True)
    base = _EASE if now.easing else _KINDS[now.step.kind] if now.step else _KINDS[Kind.FREE]
    return Headline(base.word, base.shape, base.mood, flash)


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
    return (now.phase, now.stop and now.stop.state, headline(now), countdown(now), coming(now), now.notice)


def interval(plan: Plan | None, now: Snapshot) -> str:
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


def place(plan: Plan | None, now: Snapshot) -> str:
    """Which interval, and what is asked in it."""
    asked = stretch(now.step) if now.step else ""
    if now.easing:
        asked = f"{now.target_kmh:.1f} km/h, a walk to the end"
    return "   ".join(part for part in (interval(plan, now), asked) if part)


def stretch(step: StepView) -> str:
    """A step's speed and length."""
    return f"{step.speed_kmh:.1f} km/h for {clock(step.duration_s)}"


@dataclass(frozen=True, slots=True)
class Next:
    """What next: `lead` above, `word` large, `detail` below; `warns` while an increase is announced."""

    lead: str
    word: str
    detail: str
    warns: bool = False


def following(now: Snapshot) -> Next:
    """What next."""
    if now.announcement is not None and now.phase is Phase.RUNNING:
        ahead = now.announcement
        word = _KINDS[ahead.kind].word if ahead.kind else "FASTER"
        return Next(f"in {math.ceil(ahead.in_s)} s", word, f"{ahead.speed_kmh:.1f} km/h", warns=True)
    first = now.next_step
    if now.phase in (Phase.CONNECTING, Phase.COMPLETED, Phase.ENDING, Phase.STOPPED):
        return Next("", "", "")
    if first is None:
        ends = "press STOP" if now.unseen else "belt stops"
        return Next("next", "END", ends) if now.step is not None else Next("", "", "")
    if now.easing:
        return Next("next", "WALK", f"{first.speed_kmh:.1f} km/h for {clock(first.duration_s)}")
    return Next("next" if now.step else "first", _KINDS[first.kind].word, stretch(first))


def coming(now: Snapshot) -> str:
    """The announced increase in a line, or an empty one."""
    ahead = now.announcement
    if ahead is None:
        return ""
    word = _KINDS[ahead.kind].word + " " if ahead.kind else "faster: "
    return f"▲ {word}{ahead.speed_kmh:.1f} km/h in {math.ceil(ahead.in_s)} s"


_CUES = {
    CueKind.EASED: "Eased off: walking from here to the end.",
    CueKind.HALFWAY: "Halfway.",
    CueKind.LAST_INTERVAL: "The last interval.",
    CueKind.SLOWER: "Slower.",
    CueKind.CONSOLE: "The console's speed is held until the next step.",
    CueKind.RESUMED: "On again, from a walk.",
    CueKind.WITHDRAWN: "The announced increase will not come.",
}


def remark(now: Snapshot) -> str:
    """The line under the big numbers: what the person should know, else what was just said."""
    if now.notice:
        return now.notice
    if now.t - now.cue_at < 4 * _FLASH_S and (said := _said(now)):
        return said
    if now.phase is Phase.PAUSED:
        return "Enter goes on: a countdown, then a walk."
    if now.source is Source.CONSOLE and now.phase is Phase.RUNNING:
        return _CUES[CueKind.CONSOLE]
    return ""


def _said(now: Snapshot) -> str:
    """The newest cue in words; empty where the rest of the screen says it."""
    if now.cue is CueKind.TIME_LEFT:
        minutes = round((now.total_s - now.elapsed_s) / 60)
        return "One minute left." if minutes == 1 else f"{minutes} minutes left."
    if now.cue is CueKind.POSTURE and now.step is not None:
        return f"{posture(now.step.number)}."
    return _CUES.get(now.cue, "") if now.cue is not None else ""


def target_label(now: Snapshot) -> str:
    """Who set the target, under its name."""
    return {Source.PLAN: "", Source.PERSON: "by you", Source.CONSOLE: "console", Source.SAFETY: "safety"}[now.source]


def speed(kmh: float | None) -> str:
    """km/h with one decimal, or dashes while the machine does not say."""
    return "-.-" if kmh is None else f"{kmh:.1f}"


def difference(now: Snapshot) -> str:
    """How the belt stands to its target: a mark and a number."""
    if now.measured_kmh is None:
        return "not seen" if now.unseen else "no data"
    by = now.measured_kmh - now.target_kmh
    if abs(by) < _ON_TARGET_KMH:
        return "= target"
    return f"▲ +{by:.1f}" if by > 0 else f"▼ -{-by:.1f}"


def incline(now: Snapshot) -> tuple[str, str]:
    """Incline as measured, and its target where that differs."""
    target = now.incline_target_percent
    if now.incline_percent is None:
        return ("-", f"target {target:.1f}" if target else "")
    return (f"{now.incline_percent:.1f}", f"→ {target:.1f}" if abs(now.incline_percent - target) >= 0.05 else "")


def distance(now: Snapshot) -> str:
    """Kilometres, ten metres fine."""
    return "-" if now.distance_m is None else f"{now.distance_m / 1000:.2f}"


def heart(now: Snapshot) -> str:
    """Beats a minute, or a dash."""
    return "-" if now.heart_rate_bpm is None else str(now.heart_rate_bpm)


def link(now: Snapshot) -> tuple[str, bool]:
    """When the machine was last heard, and whether that is too long ago."""
    if now.unseen and now.phase is not Phase.CONNECTING:
        return ("! unseen: use its own STOP", True)
    if now.link_age_s is None:
        return ("○ no link", now.phase is not Phase.CONNECTING)
    if now.link_age_s > LINK_WARNING_S:
        return (f"! not heard for {now.link_age_s:.1f} s", True)
    return (f"● heard {now.link_age_s:.1f} s ago", False)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong between the program and its screen: `short` for the corner, `line` for the middle."""

    short: str
    line: str


GARBLED = Trouble("! garbled", "The screen and the program are not of one version: not all is shown.")


def silence(silent_s: float) -> Trouble:
    """The program has said nothing for `silent_s`: what stands on the screen is old."""
    line = f"No word from the program for {silent_s:.0f} s. Step off if the belt is not as you expect."
    return Trouble(f"! no word for {silent_s:.0f} s", line)
