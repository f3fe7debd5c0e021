"""The two tables of a session: what may be asked in each phase, and what the machine's signals lead to; and what the
signals so far have told."""

from __future__ import annotations

from runback.machine.events import Signal
from runback.session.model import Intent, Phase

_BELT = frozenset(
    {
        Intent.FASTER,
        Intent.SLOWER,
        Intent.SKIP,
        Intent.REPEAT,
        Intent.EXTEND,
        Intent.EASE_OFF,
        Intent.STEEPER,
        Intent.FLATTER,
        Intent.PAUSE,
    }
    | {Intent.TROUBLE}
)

ALLOWED: dict[Phase, frozenset[Intent]] = {
    # Stop is not listed: it is allowed everywhere.
    Phase.CONNECTING: frozenset({Intent.QUIT}),
    Phase.READY: frozenset({Intent.START, Intent.QUIT}),
    Phase.COUNTDOWN: frozenset({Intent.PAUSE}),
    Phase.STARTING: frozenset({Intent.PAUSE}),
    Phase.RUNNING: _BELT,
    Phase.PAUSING: frozenset(),
    Phase.PAUSED: frozenset({Intent.RESUME, Intent.QUIT}),
    Phase.LINK_LOST: frozenset({Intent.QUIT}),
    Phase.REARM: frozenset({Intent.REARM}),
    Phase.CONTROL_LOST: frozenset({Intent.REARM}),
    Phase.SAFETY_KEY: frozenset({Intent.RESUME, Intent.QUIT}),
    Phase.ENDING: frozenset(),
    Phase.COMPLETED: frozenset({Intent.QUIT}),
    Phase.STOPPED: frozenset({Intent.RESET, Intent.QUIT}),
}

AT_REST_PHASES = frozenset({Phase.CONNECTING, Phase.READY, Phase.PAUSED, Phase.COMPLETED, Phase.STOPPED})

_KEY = "the safety key was pulled: put it back, then go on"
_LOST = "another controller has the treadmill"
NOT_FOLLOWING = "the belt does not reach its target: set its speed on the treadmill"
TROUBLE = "Eased off. Space stops the belt. What is wrong is asked when you have stopped."
LINK = "the link is lost: the belt may keep running; use the console or pull the safety key"

SEEN_ONLY = frozenset(
    {Signal.LINK_UP, Signal.LINK_DOWN, Signal.BELT_MOVED, Signal.BELT_RESTED, Signal.WENT_QUIET, Signal.HEARD_AGAIN}
)
"""What means nothing where nothing is known of the belt."""

SIGNALS: dict[tuple[Phase, Signal], tuple[Phase | None, str | None]] = {
    # (phase, signal): (where it leads, what the person is told). What is not listed changes nothing.
    (Phase.CONNECTING, Signal.LINK_UP): (Phase.READY, None),
    (Phase.READY, Signal.LINK_DOWN): (Phase.CONNECTING, "the link is lost; looking for the treadmill"),
    (Phase.READY, Signal.BELT_MOVED): (None, "the belt moves: started at the console"),
    (Phase.COUNTDOWN, Signal.LINK_DOWN): (Phase.LINK_LOST, LINK),
    (Phase.COUNTDOWN, Signal.CONTROL_REFUSED): (Phase.PAUSED, "the treadmill does not give control"),
    (Phase.COUNTDOWN, Signal.CONTROL_LOST): (Phase.PAUSED, _LOST),
    (Phase.COUNTDOWN, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, _KEY),
    (Phase.STARTING, Signal.BELT_MOVED): (Phase.RUNNING, None),
    (Phase.STARTING, Signal.CONTROL_GRANTED): (Phase.RUNNING, None),
    (Phase.STARTING, Signal.BELT_RESTED): (Phase.STOPPED, "the belt came to rest before it could be controlled"),
    (Phase.STARTING, Signal.START_FAILED): (Phase.PAUSED, "the belt did not start"),
    (Phase.STARTING, Signal.CONTROL_REFUSED): (Phase.PAUSED, "the treadmill does not give control"),
    (Phase.STARTING, Signal.CONTROL_LOST): (Phase.CONTROL_LOST, _LOST),
    (Phase.STARTING, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, _KEY),
    (Phase.STARTING, Signal.LINK_DOWN): (Phase.LINK_LOST, LINK),
    (Phase.RUNNING, Signal.BELT_RESTED): (Phase.PAUSED, "the belt came to rest by itself"),
    (Phase.RUNNING, Signal.CONSOLE_PAUSED): (Phase.PAUSING, "paused at the console"),
    (Phase.RUNNING, Signal.CONSOLE_STOPPED): (Phase.PAUSING, "stopped at the console"),
    (Phase.RUNNING, Signal.NOT_FOLLOWING): (None, NOT_FOLLOWING),
    (Phase.RUNNING, Signal.CONTROL_LOST): (Phase.CONTROL_LOST, _LOST),
    (Phase.RUNNING, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, _KEY),
    (Phase.RUNNING, Signal.LINK_DOWN): (Phase.LINK_LOST, LINK),
    (Phase.PAUSING, Signal.BELT_RESTED): (Phase.PAUSED, None),
    (Phase.PAUSING, Signal.START_FAILED): (Phase.PAUSED, None),
    (Phase.PAUSING, Signal.BELT_MOVED): (None, "the belt moves after all: pausing it"),
    (Phase.PAUSING, Signal.PAUSE_REFUSED): (Phase.STOPPED, "the treadmill does not pause: stopped instead"),
    (Phase.PAUSING, Signal.CONTROL_LOST): (Phase.CONTROL_LOST, _LOST),
    (Phase.PAUSING, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, _KEY),
    (Phase.PAUSING, Signal.LINK_DOWN): (Phase.LINK_LOST, LINK),
    (Phase.PAUSED, Signal.LINK_DOWN): (Phase.LINK_LOST, LINK),
    (Phase.PAUSED, Signal.BELT_MOVED): (None, "the belt moves: started at the console"),
    (Phase.PAUSED, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, _KEY),
    (Phase.LINK_LOST, Signal.LINK_UP): (Phase.REARM, "the link is back; nothing is controlled until you say go on"),
    (Phase.REARM, Signal.CONTROL_GRANTED): (Phase.RUNNING, None),
    (Phase.REARM, Signal.CONTROL_REFUSED): (None, "the treadmill does not give control"),
    (Phase.REARM, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, _KEY),
    (Phase.REARM, Signal.LINK_DOWN): (Phase.LINK_LOST, LINK),
    (Phase.CONTROL_LOST, Signal.CONTROL_GRANTED): (Phase.RUNNING, None),
    (Phase.CONTROL_LOST, Signal.CONTROL_REFUSED): (None, "the treadmill does not give control"),
    (Phase.CONTROL_LOST, Signal.BELT_RESTED): (Phase.PAUSED, "the belt is at rest"),
    (Phase.CONTROL_LOST, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, _KEY),
    (Phase.CONTROL_LOST, Signal.LINK_DOWN): (Phase.LINK_LOST, LINK),
    (Phase.SAFETY_KEY, Signal.LINK_DOWN): (Phase.LINK_LOST, LINK),
    (Phase.ENDING, Signal.STOP_CONFIRMED): (Phase.COMPLETED, None),
    (Phase.ENDING, Signal.STOP_ALARM): (Phase.STOPPED, None),
    (Phase.ENDING, Signal.STOP_UNSEEN): (Phase.COMPLETED, None),
}


class HeardState:
    """What the signals so far have told of link, belt and control; None where nothing has been told yet."""

    __slots__ = ("control", "linked", "moving")

    def __init__(self) -> None:
        self.linked = False
        self.moving: bool | None = None
        self.control = False

    def note(self, signal: Signal) -> None:
        """`signal` is heard."""
        if signal in (Signal.BELT_MOVED, Signal.BELT_RESTED):
            self.moving = signal is Signal.BELT_MOVED
        elif signal in (Signal.LINK_UP, Signal.LINK_DOWN):
            self.linked = signal is Signal.LINK_UP
            self.moving = None  # a belt that is not heard may do anything: it is not taken to be at rest
        if signal in (Signal.CONTROL_GRANTED, Signal.CONTROL_LOST, Signal.CONTROL_REFUSED, Signal.LINK_DOWN):
            self.control = signal is Signal.CONTROL_GRANTED


def at_rest(phase: Phase) -> bool:
    """Whether `phase` is one in which the session wants no belt to move."""
    return phase in AT_REST_PHASES
