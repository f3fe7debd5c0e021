"""A session from its start to its exit code, with a screen or without: what `run`, `demo` and `today` do."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from runback.cli.cue_output import open_cue_output
from runback.cli.files import own_workouts
from runback.cli.marks import belt_mark
from runback.cli.recording import journal_of, recording
from runback.cli.run_options import RunOptions
from runback.cli.saying import say
from runback.cli.session_factory import (
    arm_failsafe,
    catalog_of,
    explain_faults,
    links_of,
    ramp_book,
    scaled,
    speedup_of,
    unwrap_group,
)
from runback.cli.settings_source import remember_theme, settings
from runback.engine import summary
from runback.engine.headless import run_headless
from runback.engine.heart_rate_task import HeartRateTask
from runback.engine.recorder import Recorder
from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import let_nothing_hold_up_the_loop
from runback.engine.snapshots import SessionKind
from runback.errors import PAIR_FIRST, InputError
from runback.failsafe.dead_mans_switch import DeadMansSwitch
from runback.failsafe.heartbeat import SuspendDetector
from runback.machine.client import Machine
from runback.safety.gate import Caps, Gate
from runback.session.model import CountFrom, Cue, ManualMode, SteppedOff
from runback.session.session import Session
from runback.watch.serve import open_watch_socket
from runback.workout.library import find
from runback.workout.limits import check_caps

if TYPE_CHECKING:
    from runback.engine.ports import EnginePort
    from runback.engine.publisher import CueHandler
    from runback.engine.screen_session import ScreenSession
    from runback.terminal.screen_process import KeyboardSource

Coach = Callable[["EnginePort"], "CueHandler | None"]
"""Makes what an engine's cues are heard by; None: nothing hears them."""
SCREEN = "screen"
"""Reads the keyboard if it is named, or if the engine cannot."""
_BY_HAND = (
    "after the countdown press START on the treadmill and set its speeds; Ctrl-C sends Stop, press its own STOP too"
)
_BEGINS = {
    ManualMode.NOTHING: "the belt starts after a countdown; Ctrl-C stops it",
    ManualMode.START: "after the countdown press START on the treadmill; Ctrl-C stops it",
    ManualMode.EVERYTHING: _BY_HAND,
    ManualMode.UNSEEN: _BY_HAND,
}


def run_session(request: RunOptions, coach: Coach | None = None) -> int:
    """Run a workout; returns the exit code. `coach` says more beside the cues. Raises RunbackError for what cannot be
    run."""
    if "help" in request.faults:
        return explain_faults()
    staged = request.staged
    workout = find(request.workout or "", own_workouts()) if staged is None else staged.workout
    caps = Caps(person=settings().max_speed, plan=None if staged is None else staged.cap)
    run_cap = None if staged is None else staged.run_cap
    purpose = None if staged is None else staged.purpose
    check_caps(workout, caps.absolute, "absolute cap")
    if caps.person is not None:
        check_caps(
            workout, caps.person, "your max_speed", "lower the step, or raise it with `runback config max_speed`"
        )
    speedup = speedup_of(request)
    catalog = catalog_of(request.treadmill, request.profile)
    link, strap = links_of(request)
    deadman = None if request.real is None else DeadMansSwitch(belt_mark(request.real), request.real, request.profile)
    kept = request.speedup is None if request.journal is None else request.journal
    journal = journal_of(workout, simulated=request.simulated, purpose=purpose) if kept else None
    alone = request.headless or request.json
    ramps = ramp_book(request)
    with (
        recording(json=request.json, trace=request.trace, journal=journal) as recorder,
        open_cue_output(request.cues, alone=alone, real_time=speedup is None) as be_heard,
        open_watch_socket(speedup) as be_watched,
    ):

        def make() -> SessionEngine:
            session = Session(
                workout,
                run_cap=run_cap,
                unit=request.taste.unit,
                count_from=CountFrom(request.count_from),
                stepped_off=SteppedOff(request.stepped_off),
                after=request.stepped_off_after,
            )
            engine = SessionEngine(
                session,
                Machine(Gate(caps)),
                link,
                recorder,
                catalog,
                kind=SessionKind(simulated=request.simulated),
                ramps=ramps,
                failsafe=deadman,
                suspend_detector=None if deadman is None else SuspendDetector(),
                cues=be_heard if coach is None else both(be_heard, coach),
                companion=None if strap is None else lambda engine: HeartRateTask(strap, engine),
                tell_trouble=None if not request.headless or request.json else _tell_trouble,
            )
            if caps.person is not None:
                recorder.put(engine.now(), "cap", person_kmh=caps.person / 100)
            be_watched(engine)
            if deadman is not None:
                arm_failsafe(engine, deadman)
            return engine

        if request.headless:
            session = _headless(request, make, recorder, deadman)
        else:
            session = run_on_screen(request, make, recorder, deadman, speedup=speedup or 1.0)
        let_nothing_hold_up_the_loop()
        try:
            with asyncio.Runner(loop_factory=scaled(speedup)) as runner:
                return runner.run(session)
        finally:
            ramps.keep()


def both(*makers: Coach) -> Coach:
    """What makes one that hears every cue out of several."""

    def make(engine: EnginePort) -> CueHandler:
        listening = [heard for maker in makers if (heard := maker(engine)) is not None]

        def hear(cues: Sequence[Cue]) -> None:
            for heard in listening:
                heard(cues)

        return hear

    return make


def _tell_trouble(line: str) -> None:
    """Why connecting fails, where no screen says so."""
    say(f"runback: {line}", err=True)


async def run_on_screen(
    request: RunOptions,
    make: Callable[[], SessionEngine],
    recorder: Recorder,
    deadman: DeadMansSwitch | None,
    *,
    speedup: float,
) -> int:
    """Run a session on this terminal; returns the exit code. `make` builds the engine on the running loop,
    whose time passes `speedup` times as fast."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("this terminal", "there is no screen to draw on", "add --headless")
    from runback.engine.screen_session import run_attended

    engine = make()
    taste = request.taste
    attended = run_attended(
        engine,
        taste=taste,
        start=request.start,
        speedup=speedup,
        deadman=deadman,
        keys=keys_of(request.keyboard, speedup),
    )
    last = await unwrap_group(attended, engine, deadman)
    code = conclude(engine, recorder, json=request.json)
    remember_theme(taste.theme, last)
    return code


def keys_of(keyboard: str | None, speedup: float) -> Callable[[ScreenSession], KeyboardSource]:
    """Who reads the keyboard. Raises InputError if the engine shall and cannot."""
    if keyboard != SCREEN:
        try:
            from runback.terminal.terminal import Terminal
        except ImportError:  # no termios, no pty: Windows
            if keyboard is not None:
                what = "on this system the screen has to read the keyboard"
                raise InputError("--keyboard", what, "leave it out, or give `screen`") from None
        else:
            return lambda desk: Terminal(desk.takes, desk.hung_up, speedup=speedup)
    from runback.terminal.screen_keyboard import ScreenKeyboard

    return lambda desk: ScreenKeyboard(desk.pressed, desk.takes, desk.hung_up)


async def _headless(
    request: RunOptions, make: Callable[[], SessionEngine], recorder: Recorder, deadman: DeadMansSwitch | None
) -> int:
    engine = make()

    def begins() -> None:
        if not request.json and request.speedup is None:
            say(f"{engine.session.workout.name}: {_BEGINS[engine.session.by_hand]}")

    await unwrap_group(run_headless(engine, deadman=deadman, begins=begins), engine, deadman)
    return conclude(engine, recorder, json=request.json)


def conclude(engine: SessionEngine, recorder: Recorder, *, json: bool) -> int:
    """Tell how it went; returns the exit code."""
    recorder.put(engine.now(), "summary", **summary.summary(engine))
    if not json:
        for line in summary.lines(engine):
            say(line)
    ended = summary.outcome(engine)
    if ended is summary.SessionOutcome.ALARM:
        unseen = engine.session.timed_only
        what = (
            "nobody has confirmed that the belt is at rest: look at it"
            if unseen
            else "the belt was not seen at rest: STEP OFF"
        )
        say(f"runback: {what}, pull the safety key", err=True)
        if engine.connection.unpaired:
            say(f"runback: {PAIR_FIRST}", err=True)
    return summary.EXIT_CODES[ended]
