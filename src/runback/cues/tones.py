"""Notes as the bytes of a WAV file: 16 bit, mono, 22.05 kHz, made with the standard library. Pure; the same notes are
the same bytes.

Every note rises and falls softly, as a tone cut square clicks.
"""

from __future__ import annotations

import io
import math
import wave
from array import array
from collections.abc import Iterator, Sequence

from runback.cues.cue_sounds import ToneNote

RATE = 22_050
"""Samples a second: twenty times the highest note."""
ATTACK, RELEASE = 0.008, 0.04
"""Seconds in which a note rises, and falls."""
FULL_SCALE = 32_767
SILENCE = (ToneNote(0.0, 0.1),)
"""A tenth of a second of nothing: whether it can be played is whether there is sound."""


def wav(notes: Sequence[ToneNote], volume: float) -> bytes:
    """The file's bytes. `volume` 0 to 1 of full scale, as it is heard: its square is the amplitude."""
    samples = array("h", [round(sample * volume**2 * FULL_SCALE) for note in notes for sample in _samples(note)])
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())  # in this computer's order of bytes; `wave` turns them where it has to
    return file.getvalue()


def _samples(note: ToneNote) -> Iterator[float]:
    """-1 to 1."""
    count = round(note.seconds * RATE)
    for index in range(count):
        at, left = index / RATE, (count - 1 - index) / RATE
        softly = _ramp(at / ATTACK) * _ramp(left / RELEASE)
        yield softly * math.sin(math.tau * note.pitch * at)


def _ramp(share: float) -> float:
    return 1.0 if share >= 1.0 else (1.0 - math.cos(math.pi * share)) / 2.0
