"""What may go wrong at any moment: the treadmill's lies, its console, the radio, the person, and processes that die.

Each act has a short name, which is how stories are written down, and says whether it is possible now. "goes on" is none
of them: it is what happens if everybody behaves (`behaves`). A change of the treadmill's name is not here:
nothing of names reaches machine, session or gate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from runback.session.model import Intent
from runback.session.transitions import ALLOWED
from runback.source import Source
from tests.search.behaves import goes_on, pass_to
from tests.search.shell import State
from tests.search.treadmill import LATE, QUIET

Act = Callable[[State], None]
Possible = Callable[[State], bool]
ON: Final = "goes on"

ASKS: Final = tuple(
    ask for ask in Intent if ask not in (Intent.STEEPER, Intent.FLATTER) and not ask.value.startswith("answer")
)
LIES: Final = ("zero", "spike", "absurd", "repeat", "old", "half")
ATT: Final = (0xFE, 0x0E)
RESULTS: Final = {2: "not supported", 3: "invalid", 4: "failed", 5: "not permitted"}


def _lie(kind: str) -> tuple[Possible, Act]:
    def possible(state: State) -> bool:
        treadmill = state.treadmill
        if not state.online or treadmill.lie is not None or treadmill.quiet:
            return False
        true = {"zero": 0, "repeat": treadmill.said, "old": treadmill.old}.get(kind)
        return true != treadmill.speed

    def act(state: State) -> None:
        state.say(f"the treadmill's next record will be a lie: {kind}")
        state.treadmill.lie = kind

    return possible, act


def _refuse(result: int) -> tuple[Possible, Act]:
    def act(state: State) -> None:
        state.treadmill.refuse(result)
        (op, _), state.treadmill.answers = state.treadmill.answers[0], state.treadmill.answers[1:]
        state.hears_answer(op, result)

    return _answers, act


def _answers(state: State) -> bool:
    return bool(state.treadmill.answers) and state.online


def _says_no_and_does(state: State) -> None:
    (op, _), state.treadmill.answers = state.treadmill.answers[0], state.treadmill.answers[1:]
    state.say("it says no, and does it")
    state.hears_answer(op, 4)


def _keeps_silent(state: State) -> None:
    state.treadmill.late, state.treadmill.answers = state.treadmill.answers[0], state.treadmill.answers[1:]
    state.say(f"it does not answer {state.treadmill.late[0]:02x}")


def _answers_late(state: State) -> None:
    late, state.treadmill.late = state.treadmill.late, None
    if late is not None:
        state.hears_answer(*late)


def _answers_twice(state: State) -> None:
    op, result = state.treadmill.answers[0]
    state.hears_answer(op, result)


def _does_not_start(state: State) -> None:
    state.say("its belt will not start")
    state.treadmill.start_at = None


def _starts_late(state: State) -> None:
    state.say(f"its belt will start {LATE:g} s late")
    state.treadmill.start_at = (state.treadmill.start_at or state.now) + LATE


def _says_stopped(state: State) -> None:
    state.say("it says that it stops, and does not")
    state.hears_status(b"\x02\x01")


def _ignores(state: State) -> None:
    """What was just written is answered with yes, and not done."""
    state.say("it will say yes, and not do it")
    if state.treadmill.undo is not None:
        state.treadmill.goal, state.treadmill.start_at = state.treadmill.undo
    state.treadmill.undo = None


def _goes_quiet(state: State) -> None:
    state.say("it goes quiet")
    state.treadmill.quiet = QUIET


def _babbles(state: State) -> None:
    state.say("its records will be half ones")
    state.treadmill.babbles = QUIET


def _knows_no_stop(state: State) -> None:
    state.say("it knows no Stop")
    state.treadmill.knows_stop = False


def _needs_speed(state: State) -> None:
    state.say("its belt will stand until it is told a speed")
    state.treadmill.needs_speed = True
    state.treadmill.start_at = None


def _press_start(state: State) -> None:
    state.say("a hand at the console: START")
    state.hears_status(state.treadmill.press_start())


def _press_start_unsaid(state: State) -> None:
    state.say("a hand at the console: START, and the treadmill does not say so")
    state.treadmill.press_start()


def _halts(line: str, status: bytes) -> tuple[Possible, Act]:
    def act(state: State) -> None:
        state.say(f"a hand at the console: {line}")
        state.treadmill.halt()
        state.hears_status(status)

    return (lambda state: state.treadmill.goal > 0 or state.treadmill.start_at is not None), act


def _press(change: int) -> tuple[Possible, Act]:
    def act(state: State) -> None:
        state.say(f"a hand at the console: {change / 100:+g} km/h")
        state.hears_status(state.treadmill.press(change))

    return (lambda state: state.treadmill.goal > 0), act


def _key(state: State) -> None:
    state.say("the safety key is pulled")
    state.treadmill.halt()
    state.hears_status(b"\x03")


def _status(data: bytes) -> Act:
    return lambda state: state.hears_status(data)


def _ask(ask: Intent) -> Act:
    def act(state: State) -> None:
        state.say(f"the person: {ask.value}")
        state.ask(ask)

    return act


def _says(ask: Intent) -> Possible:
    """What is not allowed in a phase is tried there too where it could do harm; else it would only change a notice."""
    if ask in (Intent.STOP, Intent.START, Intent.RESUME, Intent.REARM, Intent.RESET, Intent.QUIT):
        return lambda _: True
    return lambda state: ask in ALLOWED[state.session.phase]


def _radio_refuses(code: int) -> Act:
    return lambda state: state.write_refused(code)


def _hangs(state: State) -> None:
    state.say("the write hangs")
    state.hung = True


def _held_up(seconds: float) -> Act:
    def act(state: State) -> None:
        state.say(f"the program is held up for {seconds:g} s")
        pass_to(state, state.now + seconds)

    return act


def _screen_dies(state: State) -> None:
    state.say("the screen dies")
    state.stop("the screen is gone", Source.SAFETY)


def _online(state: State) -> bool:
    return state.online


def _writing(state: State) -> bool:
    return state.writing is not None and not state.hung


def _starting(state: State) -> bool:
    return state.treadmill.start_at is not None and state.treadmill.start_at < state.now + LATE


ACTS: Final[dict[str, tuple[Possible, Act]]] = {
    **{f"lies: {kind}": _lie(kind) for kind in LIES},
    **{f"answers {word}": _refuse(code) for code, word in RESULTS.items()},
    "says no, and does it": (_answers, _says_no_and_does),
    "does not answer": (_answers, _keeps_silent),
    "answers late": (lambda state: state.treadmill.late is not None and state.online, _answers_late),
    "answers twice": (_answers, _answers_twice),
    "says yes, and does not": (lambda state: _answers(state) and state.treadmill.undo is not None, _ignores),
    "does not start": (_starting, _does_not_start),
    "starts late": (_starting, _starts_late),
    "says that it stops": (lambda state: state.online and state.treadmill.goal > 0, _says_stopped),
    "goes quiet": (lambda state: state.online and not state.treadmill.quiet, _goes_quiet),
    "babbles": (lambda state: state.online and not state.treadmill.babbles, _babbles),
    "knows no Stop": (lambda state: state.treadmill.knows_stop and state.treadmill.goal > 0, _knows_no_stop),
    "stands until told a speed": (_starting, _needs_speed),
    "console: start": (lambda state: state.treadmill.speed == 0, _press_start),
    "console: start, unsaid": (lambda state: state.treadmill.speed == 0, _press_start_unsaid),
    "console: stop": _halts("STOP", b"\x02\x01"),
    "console: pause": _halts("PAUSE", b"\x02\x02"),
    "console: faster": _press(200),
    "console: slower": _press(-200),
    "safety key": (lambda _: True, _key),
    "console: reset": (_online, _status(b"\x01")),
    "control taken": (_online, _status(b"\xff")),
    **{f"radio refuses {code:02x}": (_writing, _radio_refuses(code)) for code in ATT},
    "write hangs": (_writing, _hangs),
    "hung write is done": (lambda state: state.hung, lambda state: state.write_done()),
    "link drops": (_online, lambda state: state.drop("by itself")),
    "held up 2.5 s": (lambda _: True, _held_up(2.5)),
    "screen dies": (lambda _: True, _screen_dies),
    "program dies": (lambda _: True, lambda state: state.restart()),
    **{f"person: {ask.value}": (_says(ask), _ask(ask)) for ask in ASKS},
}


def play(state: State, name: str) -> None:
    """Do what `name` says. Raises Violation if a rule is broken by it."""
    state.trail = (state.trail, name)
    if name == ON:
        goes_on(state)
    else:
        ACTS[name][1](state)


def possible(state: State, name: str) -> bool:
    """Whether `name` can happen now."""
    return ACTS[name][0](state) and not state.left
