"""Tones, judged by their bytes: what rises rises, and nothing clicks."""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Sequence
from itertools import pairwise

import pytest

from runback.cues.cue_sounds import CUE_SOUNDS, ToneNote, length
from runback.cues.tones import FULL_SCALE, RATE, SILENCE, wav
from runback.session.model import CueKind

TUNEFUL = [kind for kind, part in CUE_SOUNDS.items() if part.notes]


def samples(octets: bytes) -> array[int]:
    with wave.open(io.BytesIO(octets)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return array("h", file.readframes(file.getnframes()))


def pitch(sound: Sequence[int]) -> float:
    """Hz, by the upward crossings of zero, from the first to the last."""
    crossings = [index for index, (one, two) in enumerate(pairwise(sound)) if one < 0 <= two]
    return (len(crossings) - 1) * RATE / (crossings[-1] - crossings[0])


def pitches(kind: CueKind) -> list[float]:
    """Of each note that sounds, in order."""
    sound, at, heard = samples(wav(CUE_SOUNDS[kind].notes, 0.8)), 0, []
    for note in CUE_SOUNDS[kind].notes:
        count = round(note.seconds * RATE)
        if note.pitch:
            heard.append(pitch(sound[at : at + count]))
        at += count
    return heard


def test_the_tone_of_a_run_rises_and_that_of_a_walk_falls() -> None:
    run, walk = pitches(CueKind.RUN), pitches(CueKind.WALK)
    assert all(after > before * 1.1 for before, after in pairwise(run))
    assert all(after < before * 0.9 for before, after in pairwise(walk))
    assert len(run) >= 3
    assert len(walk) >= 3


@pytest.mark.parametrize("kind", [CueKind.SLOWER, CueKind.EASED, CueKind.PAUSED, CueKind.STOPPED])
def test_whatever_slows_the_belt_falls(kind: CueKind) -> None:
    assert all(after < before for before, after in pairwise(pitches(kind)))


@pytest.mark.parametrize("kind", TUNEFUL)
def test_each_note_is_heard_at_its_pitch(kind: CueKind) -> None:
    written = [note.pitch for note in CUE_SOUNDS[kind].notes if note.pitch]
    assert pitches(kind) == pytest.approx(written, rel=0.01)


def test_the_counts_have_a_pitch_of_their_own() -> None:
    (count,) = pitches(CueKind.COUNTDOWN)
    others = [heard for kind in TUNEFUL if kind is not CueKind.COUNTDOWN for heard in pitches(kind)]
    assert all(abs(heard / count - 1) > 0.05 for heard in others)


@pytest.mark.parametrize("kind", TUNEFUL)
def test_no_two_kinds_sound_the_same(kind: CueKind) -> None:
    assert [other for other in TUNEFUL if CUE_SOUNDS[other].notes == CUE_SOUNDS[kind].notes] == [kind]


@pytest.mark.parametrize("kind", TUNEFUL)
def test_nothing_clicks(kind: CueKind) -> None:
    sound = samples(wav(CUE_SOUNDS[kind].notes, 1.0))
    assert sound[0] == sound[-1] == 0
    # The steepest a sine of this pitch goes in one sample is tau * pitch / RATE of its height; a click is steeper.
    steepest = max(note.pitch for note in CUE_SOUNDS[kind].notes) * 6.3 / RATE * FULL_SCALE
    assert max(abs(after - before) for before, after in pairwise(sound)) <= steepest * 1.01


@pytest.mark.parametrize("kind", TUNEFUL)
def test_a_tone_takes_as_long_as_it_says_and_is_short(kind: CueKind) -> None:
    assert len(samples(wav(CUE_SOUNDS[kind].notes, 0.5))) / RATE == pytest.approx(length(kind), abs=0.001)
    assert length(kind) < (2.5 if kind is CueKind.ALARM else 1.2)


def test_a_count_is_over_long_before_the_next() -> None:
    assert length(CueKind.COUNTDOWN) < 0.3


def test_volume_is_loudness_and_never_more_than_full() -> None:
    note = (ToneNote(440.0, 0.2),)
    heights = [max(samples(wav(note, volume))) for volume in (0.0, 0.25, 0.5, 1.0)]
    assert heights == sorted(heights)
    assert heights[0] == 0
    assert 0.99 * FULL_SCALE < heights[-1] <= FULL_SCALE


def test_silence_is_silent_and_the_same_notes_are_the_same_octets() -> None:
    assert set(samples(wav(SILENCE, 1.0))) == {0}
    assert wav(CUE_SOUNDS[CueKind.RUN].notes, 0.8) == wav(CUE_SOUNDS[CueKind.RUN].notes, 0.8)
