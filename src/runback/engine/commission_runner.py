"""A commissioning on an engine: what the treadmill can do is handed to it, and somebody answers for the person.

Rules:
- The gate is narrowed to the slowest speed and one increment before anything can be asked for.
- A treadmill that could not be used at all, or whose speed is not set from here, is refused before anything is written.
- Without a person (simulated treadmills only) every word is given when it is waited for, and the display shows what
  the command line says.
"""

from __future__ import annotations

from runback.commissioning.display import NEITHER, DisplayChoice, typed
from runback.commissioning.procedure import PersonPrompt, Procedure
from runback.commissioning.session import ANSWERS, Commissioning
from runback.commissioning.stages import CommissioningStage
from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import PERSIST, run_beside, stops_on_signals, trouble_since
from runback.errors import DeviceError
from runback.ipc.messages import CommissionView
from runback.session.model import Intent, ManualMode, Phase


def fit(engine: SessionEngine, commissioning: Commissioning) -> None:
    """Tell `commissioning` what the treadmill can do. Raises DeviceError."""
    found = engine.connection.found
    if found is None:
        return
    if found.refusal is not None:
        raise DeviceError(found.title, f"it {found.refusal}", "use a treadmill that speaks FTMS")
    if found.by_hand in (ManualMode.EVERYTHING, ManualMode.UNSEEN):
        what = "its speed is not set from here"
        raise DeviceError(found.title, what, "there is nothing to commission: runback says what to press on it")
    commissioning.fit(found.capabilities.speed, found.capabilities.incline, engine.now())
    bounds = commissioning.procedure.findings.bounds
    if bounds is not None:
        engine.machine.gate.narrow("workout", bounds.top)
    engine.turn()


def view(procedure: Procedure) -> CommissionView:
    """What the screen shows of it."""
    return CommissionView(
        title=procedure.stage.value,
        doing=procedure.doing,
        seen=tuple(procedure.seen),
        choices=tuple(choice.text for choice in procedure.question),
        waits=procedure.word is not PersonPrompt.NOTHING,
        over=procedure.over,
        done=procedure.over and procedure.why is None,
    )


async def run_alone(engine: SessionEngine, commissioning: Commissioning, display: str) -> None:
    """Run to its end with nobody there; `display` is what the treadmill's display shows. Raises LinkError if there is
    no treadmill, DeviceError if it cannot be commissioned."""
    with stops_on_signals(engine, lambda: None):
        await run_beside(engine, None, _attend(engine, commissioning, display))


async def _attend(engine: SessionEngine, commissioning: Commissioning, display: str) -> None:
    procedure, latch = commissioning.procedure, engine.machine.latch
    fitted = False
    since: float | None = None
    while True:
        await engine.changed.wait()
        engine.changed.clear()
        if not fitted and engine.connection.ready.is_set():
            fitted = True
            fit(engine, commissioning)
        if engine.session.phase is Phase.READY and procedure.word in (PersonPrompt.BEGIN, PersonPrompt.START):
            engine.ask(Intent.START)
        elif procedure.word is PersonPrompt.DISPLAY:
            engine.ask(_answer(procedure.question, display))
        untouched = procedure.stage is CommissioningStage.READ and not engine.writes
        if procedure.over and (untouched or (latch.latched and engine.at_rest())):
            engine.over.set()
        since = trouble_since(engine, since)
        if since is not None and engine.now() >= since + PERSIST:
            engine.over.set()


def _answer(question: tuple[DisplayChoice, ...], display: str) -> Intent:
    found = typed(display, question) or NEITHER
    return ANSWERS[question.index(found)]
