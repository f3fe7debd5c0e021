"""What happens if everybody behaves: the treadmill, the radio, the program, and a person who keeps to their script.

One step at a time, the first of these that there is: a write under way is taken; the treadmill answers; the person asks
for what comes next in their script; time passes up to whatever is due first.
"""

from __future__ import annotations

from runback.machine.stop_latch import LatchState
from runback.session.model import Intent, Phase
from tests.search.shell import State


def goes_on(state: State) -> None:
    """The next thing that happens if everybody behaves."""
    treadmill = state.treadmill
    if state.in_flight is not None:
        data, state.in_flight = state.in_flight, None
        state.say(f"{data.hex()}, overtaken, reaches the treadmill all the same")
        treadmill.take(data, state.now)
    if state.writing is not None and not state.hung:
        state.write_done()
    elif treadmill.answers and state.online:
        (op, result), treadmill.answers = treadmill.answers[0], treadmill.answers[1:]
        state.hears_answer(op, result)
    elif (ask := _due_ask(state)) is not None:
        state.script += 1
        if isinstance(ask, Intent):
            state.say(f"the person: {ask.value}")
            state.ask(ask)
        else:
            state.say("the person presses START at the console")
            state.hears_status(treadmill.press_start())
    else:
        _time(state)


def _due_ask(state: State) -> Intent | str | None:
    if state.script >= len(state.scene.script):
        return None
    phase, position, ask = state.scene.script[state.script]
    session = state.session
    if session.phase is not phase or session.speed_plan.watch.read(state.now) < position:
        return None
    if phase is Phase.STOPPED and state.machine.latch.state is not LatchState.AT_REST:
        return None
    if phase is Phase.READY and state.machine.belt.speed != 0 and not session.timed_only:
        return None
    return ask


def _time(state: State) -> None:
    times = [
        state.machine.deadline(state.now),
        state.session.deadline(state.turned_at),
        state.bound_at,
        state.back_at,
        state.treadmill.deadline() if state.online else None,
    ]
    at = min((at for at in times if at is not None and at > state.now + 1e-9), default=state.now + 1.0)
    pass_to(state, at)


def pass_to(state: State, at: float) -> None:
    """It is `at` now."""
    treadmill = state.treadmill
    state.now = at
    treadmill.move(at)
    if state.back_at is not None and at >= state.back_at - 1e-9:
        state.connect()
    elif state.bound_at is not None and at >= state.bound_at - 1e-9:
        state.write_hung()
    elif state.online and at >= treadmill.next_record - 1e-9:
        data = treadmill.record()
        if data is not None:
            state.hears_record(data)
        else:
            state.serve(lambda _: None)
    else:
        state.serve(lambda _: None)
