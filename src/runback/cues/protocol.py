"""What crosses between the engine and the player process: settings as an argument, cues a line a turn; back, what plays
and what does not. Pure.

A line of cues is one JSON list of `[at, kind, seconds, speed, step, number]`; short, so that a pipe takes all of it or
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from runback.cues.settings import CueSettings
from runback.session.model import Cue, CueKind
from runback.units import Unit
from runback.workout.model import Kind

BYE = b"[]\n"
"""Nothing more will come: finish what sounds, and end."""
PLAYS, TROUBLE = "plays", "trouble"
"""What the player process's lines begin with: the players in use, and what cannot be heard."""
NO_SOUND = "no sound device: cues are shown only"
NO_VOICE = "no voice: cues are tones, and shown"


def pack_settings(settings: CueSettings) -> str:
    """`settings` in one argument."""
    muted = sorted(settings.muted)
    return json.dumps([settings.tones, settings.speech, muted, settings.unit, settings.volume])


def read_settings(text: str) -> CueSettings:
    """The same back."""
    tones, speech, muted, unit, volume = json.loads(text)
    return CueSettings(tones, speech, frozenset(map(CueKind, muted)), Unit(unit), volume)


def pack(cues: Sequence[Cue], later: float) -> bytes:
    """`cues` as a line, on a clock that is `later` seconds ahead of theirs."""
    rows = [[round(cue.at + later, 3), cue.kind, cue.seconds, cue.speed, cue.step, cue.number] for cue in cues]
    return json.dumps(rows, separators=(",", ":")).encode() + b"\n"


def read(line: bytes) -> list[Cue]:
    """The same back."""
    return [
        Cue(at, CueKind(kind), seconds, speed, None if step is None else Kind(step), number)
        for at, kind, seconds, speed, step, number in json.loads(line)
    ]
