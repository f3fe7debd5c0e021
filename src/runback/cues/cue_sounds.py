"""The score: what each kind of cue sounds like and says. Pure.

Rules:
- Rising means running, falling means walking or slower; the three counts are the only ones of their pitch.
- Every kind has a tone but words on posture, which are only said and shown.
- A cue is worth hearing for `patience` seconds and not at all after that: a count that is late is a lie.
- What is said at one moment is one cue with one tone: that of the kind that comes first in `CUE_SOUNDS`. Beside a stop
  nothing else is said.
- Calls (halfway, time left, posture) give way to what the belt is about to do.

Units: frequency Hz, time s, speed 0.01 km/h. Source: training.md, "Session behaviour", cues.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from runback.cues import speech
from runback.cues.settings import CueSettings
from runback.session.coaching_cues import posture
from runback.session.model import Cue, CueKind
from runback.units import Unit
from runback.workout.model import Kind


class Rank(IntEnum):
    """What overtakes what: the newer one, unless it is of a lower rank."""

    CALL = 0
    CUE = 1
    STOP = 2


@dataclass(frozen=True, slots=True)
class ToneNote:
    """One note. `pitch` 0 is a rest."""

    pitch: float
    seconds: float


@dataclass(frozen=True, slots=True)
class CueSound:
    """What one kind of cue is: its notes, its words, its rank and for how many seconds it is worth hearing."""

    notes: tuple[ToneNote, ...]
    words: Callable[[Cue, Unit], str]
    rank: Rank = Rank.CUE
    patience: float = 1.0


@dataclass(frozen=True, slots=True)
class AudibleCue:
    """What is heard of one moment. `tone` names the notes to play, `words` is empty where nothing is said; each is to
    begin at `at` or up to its patience later, the words once the tone is over."""

    at: float
    rank: Rank
    tone: CueKind | None
    tone_patience: float
    words: str
    words_patience: float


def _notes(*pitches: float, each: float = 0.12, last: float | None = None) -> tuple[ToneNote, ...]:
    lengths = [each] * (len(pitches) - 1) + [each if last is None else last]
    return tuple(ToneNote(pitch, length) for pitch, length in zip(pitches, lengths, strict=True))


_STEPS = {
    Kind.WARM_UP: "Warm up",
    Kind.RUN: "Run",
    Kind.WALK: "Walk",
    Kind.COOL_DOWN: "Cool down",
    Kind.FREE: "Free",
}
REST = 0.0
_C4, _E4, _G4, _C5, _D5, _E5 = 262.0, 330.0, 392.0, 523.0, 587.0, 659.0
_F5, _G5, _A5, _B5, _C6 = 698.0, 784.0, 880.0, 988.0, 1047.0


def _at(cue: Cue, unit: Unit) -> str:
    return "" if cue.speed is None else f", {speech.speed(cue.speed, unit)}"


def _heads_up(cue: Cue, unit: Unit) -> str:
    what = "Faster" if cue.step is None else _STEPS[cue.step]
    return f"{what} in {speech.seconds(cue.seconds)}{_at(cue, unit)}"


def _began(cue: Cue, unit: Unit) -> str:
    usual = Kind.RUN if cue.kind is CueKind.RUN else Kind.WALK
    return _STEPS[cue.step or usual] + _at(cue, unit)


def _says(words: str, *, speed: bool = False) -> Callable[[Cue, Unit], str]:
    return lambda cue, unit: words + (_at(cue, unit) if speed else "")


def _time_left(cue: Cue, _: Unit) -> str:
    return f"{speech.minutes(cue.seconds).capitalize()} left"


_OWN: dict[CueKind, CueSound] = {
    CueKind.ALARM: CueSound(
        _notes(*[_C6, _E5] * 6, each=0.2), _says("Step off. Pull the safety key"), Rank.STOP, patience=2.0
    ),
    CueKind.STOPPED: CueSound(_notes(_E4, _C4, each=0.15, last=0.4), _says("Stopping"), Rank.STOP, patience=2.0),
    CueKind.STEPPED_OFF: CueSound(_notes(_C6, _G4, _C6, _G4, each=0.14), _says("Are you on the belt"), patience=2.0),
    CueKind.COUNTDOWN: CueSound(_notes(_A5), _says(""), patience=0.3),
    CueKind.RUN: CueSound(_notes(_C5, _E5, _G5, _C6, each=0.11, last=0.3), _began),
    CueKind.WALK: CueSound(_notes(_G5, _E5, _C5, each=0.14, last=0.32), _began),
    CueKind.EASED: CueSound(_notes(_E5, _C5, _G4, each=0.14, last=0.32), _says("Easing off. Walk", speed=True)),
    CueKind.PAUSED: CueSound(_notes(_C5, _G4, each=0.16, last=0.3), _says("Pausing")),
    CueKind.RESUMED: CueSound(_notes(_G4, _C5, each=0.16, last=0.3), _says("Resuming with a walk", speed=True)),
    CueKind.COMPLETED: CueSound(
        _notes(_C5, _E5, _G5, _C6, _G5, _C6, each=0.12, last=0.4), _says("Finished. Well done"), patience=2.0
    ),
    CueKind.WITHDRAWN: CueSound(_notes(_G4, REST, _G4, each=0.08, last=0.16), _says("Cancelled", speed=True)),
    CueKind.HEADS_UP: CueSound(_notes(_F5, last=0.22), _heads_up),
    CueKind.SLOWER: CueSound(_notes(_E5, _C5, each=0.1), _says("Slower", speed=True)),
    CueKind.CONSOLE: CueSound(_notes(_G4, each=0.12), _says("The treadmill's speed holds", speed=True)),
    CueKind.LAST_INTERVAL: CueSound(
        _notes(_B5, REST, _B5, REST, _B5, each=0.07), _says("Last interval"), Rank.CALL, patience=4.0
    ),
    CueKind.HALFWAY: CueSound(_notes(_G5, REST, _G5, each=0.09), _says("Halfway"), Rank.CALL, patience=4.0),
    CueKind.TIME_LEFT: CueSound(_notes(_E5, last=0.2), _time_left, Rank.CALL, patience=4.0),
    CueKind.POSTURE: CueSound((), lambda cue, _: posture(cue.number), Rank.CALL, patience=4.0),
}
"""From the most telling tone to the least."""
_OTHERS = [kind for kind in CueKind if kind not in _OWN]
CUE_SOUNDS = _OWN | {
    kind: CueSound(_notes(*[_D5] * number, each=0.1), _says(kind.value.capitalize()), Rank.CALL, patience=4.0)
    for number, kind in enumerate(_OTHERS, 1)
}
"""A kind without a line above is a call: it says its value, after one short note, the next after two."""

_ORDER = list(CUE_SOUNDS)


def length(kind: CueKind) -> float:
    """Seconds its tone takes."""
    return sum(note.seconds for note in CUE_SOUNDS[kind].notes)


def saying(cues: Sequence[Cue], settings: CueSettings, now: float) -> AudibleCue | None:
    """What is heard at `now` of `cues`, which were all said in one turn; None if nothing is, or not any more."""
    heard = [cue for cue in cues if settings.heard(cue.kind) and now <= cue.at + CUE_SOUNDS[cue.kind].patience]
    if not heard:
        return None
    rank = max(CUE_SOUNDS[cue.kind].rank for cue in heard)
    if rank is Rank.STOP:
        heard = [cue for cue in heard if CUE_SOUNDS[cue.kind].rank is rank]
    tuneful = [cue.kind for cue in heard if CUE_SOUNDS[cue.kind].notes and settings.tones]
    tone = min(tuneful, key=_ORDER.index, default=None)
    spoken = [
        (cue, said) for cue in heard if settings.speech and (said := CUE_SOUNDS[cue.kind].words(cue, settings.unit))
    ]
    if tone is None and not spoken:
        return None
    return AudibleCue(
        at=max(cue.at for cue in heard),
        rank=rank,
        tone=tone,
        tone_patience=0.0 if tone is None else CUE_SOUNDS[tone].patience,
        words=" ".join(f"{said}." for _, said in spoken),
        words_patience=min((CUE_SOUNDS[cue.kind].patience for cue, _ in spoken), default=0.0),
    )
