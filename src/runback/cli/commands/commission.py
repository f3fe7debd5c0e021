"""`runback commission`: find out what an unknown treadmill does, with nobody on it, and write that down as its profile.

Rules:
- A real treadmill is commissioned by a person at a screen. Only a simulated one can do without (`--headless --yes`).
- It is a session like any other: same engine, same screen, same sentinel, same mark on disk.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback.cli import options
from runback.cli.cue_output import CueOptions, cue_options
from runback.cli.run_options import SIMULATOR, RunOptions
from runback.cli.saying import say
from runback.config_files.error_text import quoted
from runback.errors import InputError

if TYPE_CHECKING:
    from runback.commissioning.report import RecordedLine, Value
    from runback.commissioning.session import Commissioning
    from runback.engine.profile_adapter import ProfileCatalog
    from runback.engine.session_engine import SessionEngine
    from runback.failsafe.dead_mans_switch import DeadMansSwitch
    from runback.preferences import Preferences

_ANY = 100
"""1 km/h: to see whether what was typed is a speed at all, before there is a treadmill."""


@dataclass(frozen=True, slots=True)
class CommissionOptions:
    """What was asked for on the command line."""

    treadmill: str
    unit: str | None
    output: Path | None
    headless: bool
    yes: bool
    console: str | None
    speedup: str | None
    faults: tuple[str, ...]
    seed: int
    trace: Path | None
    taste: Preferences
    cues: CueOptions

    @property
    def request(self) -> RunOptions:
        """The same as a session's request, for its treadmill and its time."""
        return RunOptions(
            "commissioning",
            treadmill=self.treadmill,
            headless=self.headless,
            speedup=self.speedup,
            faults=self.faults,
            seed=self.seed,
        )


class _Capture:
    """Everything that was recorded, as the report needs it."""

    def __init__(self) -> None:
        self.lines: list[RecordedLine] = []

    def hear(self, t: float, event: str, fields: Mapping[str, Value]) -> None:
        if event != "snapshot":
            self.lines.append((t, event, dict(fields)))


@click.command()
@click.option(
    "--treadmill", "-t", required=True, metavar="NAME|ADDRESS|sim|sim:PROFILE", help="Which one. Nobody on its belt."
)
@click.option("--unit", type=click.Choice(["mph"]), help="It counts speed in miles, as its display has shown.")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FOLDER", help="Where profile and report go.")
@click.option("--headless", is_flag=True, help="No screen (simulator only); with --yes and --console.")
@click.option("--yes", is_flag=True, help="Confirm every step, as a user at the screen would.")
@click.option("--console", metavar="1.0", help="What its display would show.")
@options.speedup
@click.option(
    "--fault", "faults", multiple=True, metavar="FAULT", help="The simulator misbehaves; `run --fault help` says how."
)
@options.seed
@options.trace
@options.theme
@cue_options
@options.log
@options.bind(CommissionOptions)
def commission(asked: CommissionOptions) -> int:
    """Find out what an unknown treadmill does, with nobody on it: read, Stop, slowest start, one step, incline."""
    import asyncio

    from runback.cli.commission_output import leave
    from runback.cli.cue_output import open_cue_output
    from runback.cli.marks import belt_mark
    from runback.cli.recording import recording
    from runback.cli.session_factory import arm_failsafe, links_of, scaled, speedup_of, unwrap_group
    from runback.cli.settings_source import settings
    from runback.commissioning.session import Commissioning
    from runback.engine import commission_runner, summary
    from runback.engine.session_engine import SessionEngine
    from runback.engine.session_runner import let_nothing_hold_up_the_loop
    from runback.engine.snapshots import SessionKind
    from runback.failsafe.dead_mans_switch import DeadMansSwitch
    from runback.failsafe.heartbeat import SuspendDetector
    from runback.machine.client import Machine
    from runback.safety.gate import Caps, Gate

    request, caps = asked.request, Caps(person=settings().max_speed)
    display = _check(asked)
    speedup = speedup_of(request)
    (link, _), catalog = links_of(request), _catalog(asked)
    deadman = None if request.real is None else DeadMansSwitch(belt_mark(request.real), request.real)
    capture, commissioning = _Capture(), Commissioning()
    with (
        recording(json=False, trace=asked.trace, listener=capture.hear) as recorder,
        open_cue_output(asked.cues, alone=asked.headless, real_time=speedup is None) as be_heard,
    ):

        def make() -> SessionEngine:
            engine = SessionEngine(
                commissioning.session,
                Machine(Gate(caps)),
                link,
                recorder,
                catalog,
                port=commissioning,
                kind=SessionKind(commissioning=lambda: commission_runner.view(commissioning.procedure)),
                cues=be_heard,
                failsafe=deadman,
                suspend_detector=None if deadman is None else SuspendDetector(),
            )
            if deadman is not None:
                arm_failsafe(engine, deadman)
            return engine

        async def run() -> tuple[SessionEngine, summary.SessionOutcome]:
            engine = make()
            running = _running(engine, commissioning, asked, display, deadman, speedup or 1.0)
            await unwrap_group(running, engine, deadman)
            return engine, summary.outcome(engine)

        let_nothing_hold_up_the_loop()
        with asyncio.Runner(loop_factory=scaled(speedup)) as runner:
            engine, ended = runner.run(run())
    for line in commissioning.procedure.seen:
        say(f"seen: {line}")
    simulated, output = request.simulated, asked.output
    through = leave(engine, commissioning.procedure, capture.lines, simulated=simulated, output=output)
    if ended is summary.SessionOutcome.ALARM:
        say("runback: the belt was not seen at rest: STEP OFF, pull the safety key", err=True)
        return summary.EXIT_CODES[ended]
    return 0 if through else summary.EXIT_CODES[summary.SessionOutcome.STOPPED]


async def _running(
    engine: SessionEngine,
    commissioning: Commissioning,
    asked: CommissionOptions,
    display: str,
    deadman: DeadMansSwitch | None,
    speedup: float,
) -> None:
    from runback.engine import commission_runner

    if asked.headless:
        await commission_runner.run_alone(engine, commissioning, display)
        return
    from runback.cli.run_session import keys_of
    from runback.engine.screen_session import run_attended

    await run_attended(
        engine,
        taste=asked.taste,
        start=False,
        speedup=speedup,
        deadman=deadman,
        keys=keys_of(None, speedup),
        check=lambda engine: commission_runner.fit(engine, commissioning),
    )


def _check(asked: CommissionOptions) -> str:
    """What the display shows, where nobody can be asked. Raises InputError."""
    simulated = asked.request.simulated
    if not asked.headless:
        if asked.console is not None or asked.yes:
            raise InputError("--console, --yes", "they answer in your place", "leave them out, or add --headless")
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            hint = "use a terminal" if not simulated else "add --headless --yes --console 1.0"
            raise InputError("this terminal", "there is no screen to draw on", hint)
        return ""
    if not simulated:
        raise InputError("--headless", "a treadmill is commissioned by a person beside it", "leave it out")
    if not asked.yes or asked.console is None:
        hint = "add --yes --console 1.0 (what its display would show)"
        raise InputError("--headless", "without a screen nobody can confirm a step or read the display", hint)
    from runback.commissioning.display import choices, typed

    if typed(asked.console, choices(_ANY)) is None:
        raise InputError("--console", f"{quoted(asked.console)} is not a speed", 'give one like 1.0 or "0.6 mph"')
    return asked.console


def _catalog(asked: CommissionOptions) -> ProfileCatalog:
    """The profiles it may have. A twin is taken for what it is, the usual simulator for a machine nobody knows."""
    from runback.cli.files import own_profiles
    from runback.commissioning.profile import in_miles
    from runback.devices.library import available, find
    from runback.devices.profile import GENERIC, SHIPPED, ProfileEntry
    from runback.devices.quirk_values import WireUnit
    from runback.engine.profile_adapter import ProfileCatalog

    folder = own_profiles()
    name = asked.treadmill.removeprefix("sim:") if asked.request.simulated else None
    if name is None:
        entries = available(folder)
    else:
        found = find(GENERIC if name == SIMULATOR else name, folder)
        name = found.name
        entries = [ProfileEntry(name, SHIPPED, found)]
    if asked.unit == WireUnit.MPH:
        entries = [one if one.profile is None else replace(one, profile=in_miles(one.profile)) for one in entries]
    return ProfileCatalog(entries, name)
