"""`runback cues`: every cue, played and named."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import click

from runback.cli import completion, options, settings_source
from runback.cli.cue_output import CueOptions, cue_options, settings
from runback.cues import players
from runback.cues.client import CueClient
from runback.cues.cue_sounds import CUE_SOUNDS, length, saying
from runback.cues.settings import CueSettings
from runback.errors import InputError
from runback.session.model import Cue, CueKind
from runback.workout.model import Kind

KNOWN_WITHIN = 15.0
"""Seconds to find out whether there is sound; every player may hang for a while."""
A_WORD = 0.45
BETWEEN = 0.6
"""Seconds that a spoken word takes, and between two cues."""

_SHOWN = 6
_WIDTH = 28
"""Notes shown of a tone, and the columns they take."""

_EXAMPLES: dict[CueKind, Cue] = {
    CueKind.HEADS_UP: Cue(0.0, CueKind.HEADS_UP, 10.0, 750, Kind.RUN),
    CueKind.COUNTDOWN: Cue(0.0, CueKind.COUNTDOWN, 3.0, 750, Kind.RUN),
    CueKind.RUN: Cue(0.0, CueKind.RUN, 0.0, 750, Kind.RUN),
    CueKind.WALK: Cue(0.0, CueKind.WALK, 0.0, 500, Kind.WALK),
    CueKind.EASED: Cue(0.0, CueKind.EASED, 0.0, 500),
    CueKind.TIME_LEFT: Cue(0.0, CueKind.TIME_LEFT, 300.0),
    CueKind.SLOWER: Cue(0.0, CueKind.SLOWER, 0.0, 700),
    CueKind.CONSOLE: Cue(0.0, CueKind.CONSOLE, 0.0, 620),
    CueKind.RESUMED: Cue(0.0, CueKind.RESUMED, 0.0, 500),
    CueKind.POSTURE: Cue(0.0, CueKind.POSTURE, number=2),
}


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """What was asked for. `kinds`: by name; none for all."""

    kinds: tuple[str, ...]
    only_list: bool
    quiet: bool
    cues: CueOptions


@click.command()
@click.argument("kinds", nargs=-1, metavar="[CUE]...", shell_complete=completion.cues)
@click.option("--list", "only_list", is_flag=True, help="Say what there is; play nothing.")
@click.option("--quiet", is_flag=True, help="Play, and print nothing.")
@settings_source.units_option
@cue_options
@options.bind(PlayOptions)
def cues(asked: PlayOptions) -> int:
    """Play every cue, or only those named, and say what plays them.

    Without sound it says so; that is no error, as every cue is shown too.
    """
    wanted, quiet = settings(asked.cues), asked.quiet
    chosen = [_EXAMPLES.get(kind, Cue(0.0, kind)) for kind in _named(asked.kinds)]
    if not quiet:
        _tell_players("tones", players.TONES)
        _tell_players("voices", players.VOICES)
    if asked.only_list or asked.cues.sound is False:
        for cue in chosen:
            _tell(cue, wanted, quiet=quiet)
        return 0
    troubles: list[str] = []
    cue_client = CueClient(wanted, clock=time.monotonic, told=troubles.append)
    cue_client.begin()
    try:
        cue_client.known.wait(KNOWN_WITHIN)
        if not quiet:
            click.echo(f"playing with {' and '.join(cue_client.plays) or 'nothing'}")
        for cue in chosen:
            seconds = _tell(cue, wanted, quiet=quiet)
            if cue_client.plays:
                cue_client.cry([Cue(time.monotonic(), cue.kind, cue.seconds, cue.speed, cue.step, cue.number)])
                time.sleep(seconds + BETWEEN if seconds else 0.0)
    finally:
        cue_client.close()
    for line in troubles:
        click.echo(line, err=True)
    return 0


def _named(kinds: Sequence[str]) -> list[CueKind]:
    names = {kind.value.replace(" ", "-"): kind for kind in CueKind}
    for name in kinds:
        if name not in names:
            raise InputError("runback cues", f"{name!r} is not a cue", f"give some of {', '.join(names)}")
    return [names[name] for name in kinds or names]


def _tell_players(what: str, table: Sequence[players.Player]) -> None:
    here = players.found(table)
    absent = [player.name for player in table if player not in here]
    found = ", ".join(player.name for player in here) or "none"
    click.echo(f"{what}: {found} (not here: {', '.join(absent)})" if absent else f"{what}: {found}")


def _tell(cue: Cue, wanted: CueSettings, *, quiet: bool) -> float:
    """Name `cue`; returns how long it is heard, s."""
    heard = saying([cue], wanted, cue.at)
    if not quiet:
        pitches = [f"{note.pitch:g}" if note.pitch else "-" for note in CUE_SOUNDS[cue.kind].notes]
        notes = " ".join(pitches[:_SHOWN]) + (" …" if len(pitches) > _SHOWN else "")
        words = "turned off" if heard is None else heard.words
        click.echo(f"{cue.kind.value.replace(' ', '-'):<14} {notes:<{_WIDTH}} {words}".rstrip())
    if heard is None:
        return 0.0
    return (0.0 if heard.tone is None else length(heard.tone)) + A_WORD * len(heard.words.split())
