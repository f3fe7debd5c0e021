"""`commission`: find out what an unknown treadmill does, with nobody on it, and write that down as its profile.

Rules:
- A real treadmill is commissioned by a person at a screen. Only a simulated one can do without (`--headless --yes`).
- It is a session like any other: same engine, same screen, same sentinel, same mark on disk.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from runback.cli.commands.treadmills import own_profiles
from runback.cli.commission_output import leave
from runback.cli.cue_output import CueOptions, open_cue_output
from runback.cli.marks import belt_mark
from runback.cli.recording import recording
from runback.cli.run_options import SIMULATOR, RunOptions
from runback.cli.saying import say
from runback.cli.session_factory import arm_failsafe, links_of, scaled, speedup_of, unwrap_group
from runback.commissioning import profile as profiles
from runback.commissioning.display import choices, typed
from runback.commissioning.report import RecordedLine as Line
from runback.commissioning.report import Value
from runback.commissioning.session import Commissioning
from runback.config_files.error_text import quoted
from runback.devices.library import available, find
from runback.devices.profile import GENERIC, SHIPPED, ProfileEntry
from runback.devices.quirk_values import WireUnit
from runback.engine import commission_runner, summary
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import let_nothing_hold_up_the_loop
from runback.errors import InputError
from runback.failsafe.dead_mans_switch import DeadMansSwitch
from runback.machine.client import Machine
from runback.preferences import DEFAULTS, Preferences
from runback.safety.gate import Caps, Gate

_ANY = 100
"""1 km/h: to see whether what was typed is a speed at all, before there is a treadmill."""


@dataclass(frozen=True, slots=True)
class CommissionOptions:
    """What was asked for on the command line."""

    treadmill: str
    headless: bool = False
    yes: bool = False
    console: str | None = None
    unit: str | None = None
    output: Path | None = None
    speedup: str | None = None
    faults: tuple[str, ...] = ()
    seed: int = 0
    trace: Path | None = None
    taste: Preferences = DEFAULTS
    max_speed: int | None = None
    cues: CueOptions | None = None

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
            trace=self.trace,
            taste=self.taste,
        )


class _Capture:
    """Everything that was recorded, as the report needs it."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def hear(self, t: float, event: str, fields: Mapping[str, Value]) -> None:
        if event != "snapshot":
            self.lines.append((t, event, dict(fields)))


def run_commission(options: CommissionOptions) -> int:
    """Commission a treadmill; returns the exit code. Raises RunbackError for what cannot be commissioned."""
    request = options.request
    display = _check(options)
    speedup = speedup_of(request)
    (link, _), catalog = links_of(request), _catalog(options)
    deadman = None if request.real is None else DeadMansSwitch(belt_mark(request.real), request.real)
    capture, session = _Capture(), Commissioning()
    with (
        recording(json=False, trace=options.trace, listener=capture.hear) as recorder,
        open_cue_output(options.cues, alone=options.headless, real_time=speedup is None) as be_heard,
    ):

        def make() -> SessionEngine:
            engine = SessionEngine(session, Machine(Gate(Caps(person=options.max_speed))), link, recorder, catalog)
            engine.commissioning_view = lambda: commission_runner.view(session.procedure)
            be_heard(engine)
            if deadman is not None:
                arm_failsafe(engine, deadman)
            return engine

        async def run() -> tuple[SessionEngine, summary.SessionOutcome]:
            engine = make()
            running = _running(engine, session, options, display, deadman, speedup or 1.0)
            await unwrap_group(running, engine, deadman)
            return engine, summary.outcome(engine)

        let_nothing_hold_up_the_loop()
        with asyncio.Runner(loop_factory=scaled(speedup)) as runner:
            engine, ended = runner.run(run())
    for line in session.procedure.seen:
        say(f"seen: {line}")
    simulated, output = request.simulated, options.output
    through = leave(engine, session.procedure, capture.lines, simulated=simulated, output=output)
    if ended is summary.SessionOutcome.ALARM:
        say("runback: the belt was not seen at rest: STEP OFF, pull the safety key", err=True)
        return summary.EXIT_CODES[ended]
    return 0 if through else summary.EXIT_CODES[summary.SessionOutcome.STOPPED]


async def _running(
    engine: SessionEngine,
    session: Commissioning,
    options: CommissionOptions,
    display: str,
    deadman: DeadMansSwitch | None,
    speedup: float,
) -> None:
    if options.headless:
        await commission_runner.run_alone(engine, session, display)
        return
    from runback.cli.run_session import keys_of
    from runback.engine.screen_session import run_attended

    await run_attended(
        engine,
        taste=options.taste,
        start=False,
        speedup=speedup,
        deadman=deadman,
        keys=keys_of(None, speedup),
        check=lambda engine: commission_runner.fit(engine, session),
    )


def _check(options: CommissionOptions) -> str:
    """What the display shows, where nobody can be asked. Raises InputError."""
    simulated = options.request.simulated
    if not options.headless:
        if options.console is not None or options.yes:
            raise InputError("--console, --yes", "they answer in your place", "leave them out, or add --headless")
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            hint = "use a terminal" if not simulated else "add --headless --yes --console 1.0"
            raise InputError("this terminal", "there is no screen to draw on", hint)
        return ""
    if not simulated:
        raise InputError("--headless", "a treadmill is commissioned by a person beside it", "leave it out")
    if not options.yes or options.console is None:
        hint = "add --yes --console 1.0 (what its display would show)"
        raise InputError("--headless", "without a screen nobody can confirm a step or read the display", hint)
    if typed(options.console, choices(_ANY)) is None:
        raise InputError("--console", f"{quoted(options.console)} is not a speed", 'give one like 1.0 or "0.6 mph"')
    return options.console


def _catalog(options: CommissionOptions) -> ProfileCatalog:
    """The profiles it may have. A twin is taken for what it is, the usual simulator for a machine nobody knows."""
    folder = own_profiles()
    name = options.treadmill.removeprefix("sim:") if options.request.simulated else None
    if name is None:
        entries = available(folder)
    else:
        found = find(GENERIC if name == SIMULATOR else name, folder)
        name = found.name
        entries = [ProfileEntry(name, SHIPPED, found)]
    if options.unit == WireUnit.MPH:
        entries = [
            one if one.profile is None else replace(one, profile=profiles.in_miles(one.profile)) for one in entries
        ]
    return ProfileCatalog(entries, name)
