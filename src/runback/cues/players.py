"""The programs that play tones and speak: one row each, in the order in which they are tried.

Rules:
- What is there is what stands in PATH's absolute folders; nothing is remembered, nothing is configured. What is called
  is its full path: an `aplay` in the current folder plays nothing.
- A row says how the program is called. `{file}`, `{words}` and `{loudness}` are filled in; the volume of tones is in
  their bytes, that of speech is the program's own scale.
- Every program ends by itself once the sound is over, so that its end says whether it was heard.

Sources: the programs' manual pages: pw-play(1), paplay(1), aplay(1), afplay(1), spd-say(1), espeak-ng(1), say(1);
System.Speech.Synthesis.SpeechSynthesizer for SAPI.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, replace

from runback import child_processes


@dataclass(frozen=True, slots=True)
class Player:
    """A program. `name` is what is looked up, `scale` what its loudness is at volume 0 and at 1, `module` the Python
    module it needs, if it is one of ours."""

    name: str
    argv: tuple[str, ...]
    scale: tuple[float, float] = (0.0, 1.0)
    module: str | None = None

    def command(self, *, file: str = "", words: str = "", volume: float = 1.0) -> list[str]:
        """What to call."""
        low, high = self.scale
        loudness = f"{low + (high - low) * volume:.3g}"
        filled = {"{file}": file, "{words}": words, "{loudness}": loudness}
        return [_fill(part, filled) for part in self.argv]

    def found(self, path: str | None) -> Player | None:
        """The same, called by its full path; None if it is not here. `path` is searched instead of PATH."""
        if self.module is not None:
            return self if importlib.util.find_spec(self.module) is not None else None
        program = child_processes.program(self.name, path)
        return None if program is None else replace(self, argv=(program, *self.argv[1:]))


def _fill(part: str, filled: dict[str, str]) -> str:
    for mark, text in filled.items():
        part = part.replace(mark, text)
    return part


_OURS = tuple(child_processes.module("runback.cues.wav_player"))
_SAPI = (
    "Add-Type -AssemblyName System.Speech; "
    "$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
    '$voice.Volume = {loudness}; $voice.Speak("{words}")'
)

TONES = (
    Player("pw-play", ("pw-play", "{file}")),  # PipeWire
    Player("paplay", ("paplay", "{file}")),  # PulseAudio
    Player("aplay", ("aplay", "-q", "{file}")),  # ALSA
    Player("afplay", ("afplay", "{file}")),  # macOS
    Player("winsound", (*_OURS, "winsound", "{file}"), module="winsound"),  # Windows, in Python's standard library
    Player("miniaudio", (*_OURS, "miniaudio", "{file}"), module="miniaudio"),  # the `[audio]` extra, anywhere
)
VOICES = (
    Player("spd-say", ("spd-say", "-w", "-N", "runback", "-i", "{loudness}", "{words}"), scale=(-100, 100)),
    Player("espeak-ng", ("espeak-ng", "-s", "165", "-a", "{loudness}", "{words}"), scale=(0, 200)),
    Player("say", ("say", "[[volm {loudness}]] {words}")),  # macOS
    Player("powershell", ("powershell", "-NoProfile", "-NonInteractive", "-Command", _SAPI), scale=(0, 100)),
)


def found(players: Sequence[Player], path: str | None = None) -> list[Player]:
    """Those of `players` that are here, called by their full paths."""
    return [here for player in players if (here := player.found(path)) is not None]
