"""`runback replay`: a session of the journal played back, on a screen or without one.

Rules:
- Only what was recorded and what the rules make of it is shown; no treadmill is looked for, none is written to.
- What this version would have done otherwise is said, a line each, and is no failure.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback import __version__
from runback.cli import completion, options
from runback.cli.settings_source import remember_theme
from runback.errors import InputError, JournalError, PlanError

if TYPE_CHECKING:
    from runback.engine.profile_adapter import ProfileCatalog
    from runback.engine.recorder import Recorder
    from runback.preferences import Preferences
    from runback.replay.comparison import Divergence
    from runback.replay.playback import Playback
    from runback.replay.script import Script

SCREEN_LEAD = 2.0
"""Seconds that a screen has to come up before the first thing happens on it."""
MOST_LINES = 10
"""Divergences that are told; of more than these their number."""


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """What was asked for. `session` is its number, or `last`."""

    session: str
    headless: bool
    speedup: str | None
    json: bool
    taste: Preferences


@click.command()
@click.argument("session", metavar="SESSION", shell_complete=completion.sessions)
@click.option("--headless", is_flag=True, help="No screen: what happened, a line each.")
@click.option("--speedup", metavar="max|N", help="N times as fast; `max` without a screen.")
@options.json
@options.taste
@options.bind(ReplayOptions)
def replay(asked: ReplayOptions) -> int:
    """Play SESSION, a number or `last`, as it was recorded. Nothing moves; q leaves."""
    import asyncio

    from runback.cli.session_factory import factor
    from runback.engine.scaled_loop import ScaledLoop
    from runback.journal.database import default_path

    headless = asked.headless or asked.json
    speedup = 1.0 if asked.speedup is None else factor(asked.speedup, headless=headless)
    if not headless and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("this terminal", "there is no screen to draw on", "add --headless")
    found = _script(asked.session, default_path())
    for line in _notices(found):
        click.echo(f"runback: {line}", err=True)
    with asyncio.Runner(loop_factory=lambda: ScaledLoop(speedup)) as runner:
        return runner.run(_play(asked, found, speedup, headless=headless))


async def _play(asked: ReplayOptions, script: Script, speedup: float, *, headless: bool) -> int:
    from runback.cli.recording import recording
    from runback.cli.session_factory import unwrap_group
    from runback.replay.comparison import Comparison
    from runback.replay.playback import Playback, play
    from runback.replay.transcript import Transcript

    comparison = Comparison(script)
    ears: list[Comparison | Transcript] = (
        [comparison, Transcript(click.echo, asked.taste.unit)] if headless and not asked.json else [comparison]
    )

    def hear(t: float, event: str, fields: Mapping[str, object]) -> None:
        for ear in ears:
            ear.hear(t, event, fields)

    def began(zero: float) -> None:
        for ear in ears:
            ear.zero = zero

    with recording(json=asked.json, trace=None, listener=hear) as recorder:
        lead = 0.0 if headless else SCREEN_LEAD * speedup
        playback = Playback(
            script,
            recorder,
            began,
            lead=lead,
            plan_cap=_plan_cap(script),
            catalog=_catalog(script),
            unit=asked.taste.unit,
        )
        last = asked.taste.theme
        if headless:
            await unwrap_group(play(playback), playback.engine, None)
        else:
            from runback.cli.run_session import keys_of
            from runback.engine.screen_session import run_attended

            running = run_attended(
                playback.engine,
                controls=playback,
                taste=asked.taste,
                start=False,
                speedup=speedup,
                deadman=None,
                keys=keys_of(None, speedup),
            )
            last = await unwrap_group(running, playback.engine, None)
        _conclude(playback, comparison.divergences(), recorder, json=asked.json)
    remember_theme(asked.taste.theme, last)
    return 0


def _catalog(script: Script) -> ProfileCatalog | None:
    """The profile that the session was driven by, as it is today. Raises DeviceError if it is gone."""
    if script.profile is None:
        return None
    from runback.cli.files import own_profiles
    from runback.devices.library import available
    from runback.engine.profile_adapter import ProfileCatalog

    return ProfileCatalog(available(own_profiles()), script.profile)


def _conclude(playback: Playback, divergences: Sequence[Divergence], recorder: Recorder, *, json: bool) -> None:
    """How it ended, then and now, and what differs."""
    from runback.engine import summary

    engine, session = playback.engine, playback.script.session
    now = engine.now()
    if not playback.played:
        click.echo("runback: you left the replay before its end", err=True)
        return
    for each in divergences:
        recorder.put(now, "divergence", at_s=each.at / 1000, what=each.line)
    made = summary.outcome(engine).value
    fields = {"recorded_outcome": session.outcome, "recorded_reason": session.reason, "divergences": len(divergences)}
    recorder.put(now, "summary", **(summary.summary(engine) | fields))
    if not json:
        for line in summary.lines(engine)[:-1]:
            click.echo(line)
        click.echo(
            f"recorded: {session.outcome or 'the program was killed'}"
            + (f" ({session.reason})" if session.reason else "")
        )
    for line in _told(divergences, session.outcome, made):
        click.echo(f"runback: {line}", err=True)


def _told(divergences: Sequence[Divergence], recorded: str | None, made: str) -> list[str]:
    lines = [each.line for each in divergences[:MOST_LINES]]
    if len(divergences) > MOST_LINES:
        lines.append(f"{len(divergences) - MOST_LINES} more divergences; --json has all of them")
    if recorded is not None and recorded != made:
        lines.append(f"the session ended as {recorded!r}, the replay as {made!r}")
    return lines


def _script(session: str, path: Path) -> Script:
    from runback.journal.queries import story
    from runback.replay.script_builder import script

    try:
        return script(story(path, session))
    except (ValueError, TypeError) as error:  # a row that no journal of ours has: broken JSON, text for a number
        raise JournalError(f"session {session}", "its record is damaged", "`runback history` lists others") from error


def _notices(script: Script) -> list[str]:
    session = script.session
    lines = []
    if session.program != __version__:
        what = f"session {session.id} was recorded by runback {session.program}"
        lines.append(f"{what}; this is {__version__}, which may decide otherwise")
    if session.lost:
        lines.append(f"{session.lost} records of session {session.id} are missing: what followed from them diverges")
    if script.unseen:
        what = f"{script.unseen} notifications of the treadmill came too fast and were left out"
        lines.append(f"{what}; session {session.id} was decided without them, and so is its replay")
    if script.unrecorded:
        what = f"{script.unrecorded} notifications of the treadmill came too fast to be recorded"
        lines.append(f"{what}: what followed from them may diverge")
    return lines


def _plan_cap(script: Script) -> int | None:
    """The speed cap of the plan it was run for; None if there was none, or this runback does not have it."""
    from runback.rehab.library import load

    if script.plan is None:
        return None
    try:
        return load(script.plan).cap
    except PlanError:
        return None
