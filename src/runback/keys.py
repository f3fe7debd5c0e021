"""What a key means: one table and one function, `decide`. Keeper and screen both ask it, the keeper first.

Rules:
- A key that is a control in this phase does what the table says. While the belt may move, **every other key is Stop**.
- Whether the belt may move is read from the last snapshot, and doubt counts as moving.
- Starting, going on and re-arming have one key, Enter, and no other way in; Enter cannot be typed into anything that
  starts the belt, and one that comes a moment after the first is not a Stop.
- Text is being typed only in the command palette. There, Space, Escape, Ctrl-C, q and what nobody types stay Stop.
- Letting go of the stop latch takes two different keys and asks for nothing but `RESET`. Of a belt that only the person
  can see they are the person's word that it lies still.
- Pure: no Textual. Key names are Textual's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from runback.messages import Snapshot, StopState
from runback.session.states import Ask, Phase


class Local(StrEnum):
    """What the screen does itself."""

    HELP = "help"
    PALETTE = "palette"
    THEME = "theme"
    UNLOCK = "unlock"  # the first of the two steps that let go of the stop latch
    CLOSE = "close"  # shut the open palette or help
    LEAVE = "leave"  # end the screen; only when the keeper is gone
    TYPE = "type"  # let Textual have the key
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a key is judged by. `help` and `palette`: open; `unlocked`: the first step of the release has been taken;
    `gone`: the keeper is dead."""

    snapshot: Snapshot | None = None
    help: bool = False
    palette: bool = False
    unlocked: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """A key that does something else than Stop: `keys` in Textual's names, `what` they ask for in `phases`. For people:
    `shown` and `label` in the line of keys (neighbours of one label share it), `means` in the help and the palette."""

    keys: tuple[str, ...]
    what: Ask
    shown: str
    label: str
    means: str
    phases: frozenset[Phase]


_RUNNING = frozenset({Phase.RUNNING})
_GO_ON = frozenset({Phase.PAUSED, Phase.SAFETY_KEY})
_ARM = frozenset({Phase.REARM, Phase.CONTROL_LOST})

CONTROLS = (
    Control(("enter",), Ask.START, "Enter", "start", "Start, go on", frozenset({Phase.READY})),
    Control(("enter",), Ask.RESUME, "Enter", "go on", "Go on", _GO_ON),
    Control(("enter",), Ask.REARM, "Enter", "go on", "Go on", _ARM),
    Control(("w",), Ask.TROUBLE, "w", "wrong", "Something is wrong", _RUNNING),
    Control(("p",), Ask.PAUSE, "p", "pause", "Pause", _RUNNING),
    Control(("e",), Ask.EASE_OFF, "e", "ease off", "Ease off to a walk", _RUNNING),
    Control(("plus", "equals_sign", "up"), Ask.FASTER, "+", "speed", "Faster", _RUNNING),
    Control(("minus", "down"), Ask.SLOWER, "-", "speed", "Slower", _RUNNING),
    Control(("n", "right"), Ask.SKIP, "n", "next", "Next step", _RUNNING),
    Control(("r", "left"), Ask.REPEAT, "r", "repeat", "This step again", _RUNNING),
    Control(("x",), Ask.EXTEND, "x", "+30 s", "30 s more of it", _RUNNING),
    Control(("right_square_bracket",), Ask.STEEPER, "]", "incline", "Steeper", _RUNNING),
    Control(("left_square_bracket",), Ask.FLATTER, "[", "incline", "Flatter", _RUNNING),
    Control(("q", "escape", "ctrl+c"), Ask.QUIT, "q", "leave", "Leave", frozenset({Phase.CONNECTING, Phase.READY})),
    Control(("q", "escape", "ctrl+c", "enter"), Ask.QUIT, "q", "leave", "Leave", frozenset({Phase.COMPLETED})),
)

_MOVES = frozenset({Ask.START, Ask.RESUME, Ask.REARM})
"""What sets the belt going: never from behind an open help screen, where nobody sees what the key would do."""
_INERT = {
    "enter": frozenset({Phase.COUNTDOWN, Phase.STARTING}),  # the echo of the press that started it
    "p": frozenset({Phase.PAUSING}),  # the echo of the press that paused it
}
_STILL = frozenset({Phase.READY, Phase.COMPLETED, Phase.STOPPED})
_LOOKS = {"question_mark": Local.HELP, "f1": Local.HELP, "ctrl+p": Local.PALETTE, "t": Local.THEME}
_STOPS_EVEN_TYPED = frozenset({"space", "escape", "ctrl+c", "q"})
_EDITING = frozenset({"enter", "up", "down", "left", "right", "backspace"})


def may_move(snapshot: Snapshot | None) -> bool:
    """Whether the belt may be moving, or about to. Doubt counts as moving."""
    if snapshot is None or snapshot.unseen:
        return True
    if snapshot.measured_kmh:
        return True
    if snapshot.phase is Phase.STOPPED and snapshot.stop is None:
        return True
    if snapshot.stop is not None and snapshot.stop.state is not StopState.AT_REST:
        return True
    return snapshot.phase not in _STILL


def is_latched(snapshot: Snapshot | None) -> bool:
    """Whether the full stop screen has to stand: the latch holds, or a stop at the end is not obeyed."""
    if snapshot is None:
        return False
    if snapshot.stop is None:
        return snapshot.phase is Phase.STOPPED
    return snapshot.stop.state is StopState.ALARM or snapshot.phase not in (Phase.ENDING, Phase.COMPLETED)


def decide(key: str, character: str | None, scene: Scene) -> Ask | Local:
    """What `key` (Textual's name; `character` what it prints, if anything) does in `scene`."""
    key = key.lower() if len(key) == 1 else key
    if scene.gone:
        return Local.LEAVE if key in ("q", "ctrl+c") else Local.NOTHING
    moving = may_move(scene.snapshot)
    if scene.palette:
        return _while_typing(key, character, moving)
    if scene.help and not moving and key in ("escape", "q", "enter"):
        return Local.CLOSE
    if is_latched(scene.snapshot):
        return _on_the_stop_screen(key, scene, moving)
    if key in _LOOKS:
        return _LOOKS[key]
    phase = scene.snapshot.phase if scene.snapshot else Phase.CONNECTING
    if not _belt_alone(scene.snapshot, phase):
        for control in CONTROLS:
            if key in control.keys and phase in control.phases:
                return Local.CLOSE if scene.help and control.what in _MOVES else control.what
        if phase in _INERT.get(key, ()):
            return Local.NOTHING
    return Ask.STOP if moving else Local.NOTHING


def _belt_alone(snapshot: Snapshot | None, phase: Phase) -> bool:
    """Whether the belt is seen to move, but not for this session: nothing is a control then, all is Stop."""
    return may_move(snapshot) and phase in _STILL and not (snapshot is not None and snapshot.unseen)


def _while_typing(key: str, character: str | None, moving: bool) -> Ask | Local:
    if not moving:
        return Local.CLOSE if key in ("ctrl+c", "ctrl+q", "escape") else Local.TYPE
    if key in _STOPS_EVEN_TYPED:
        return Ask.STOP
    if key == "ctrl+p":
        return Local.CLOSE
    typed = key in _EDITING or (character is not None and character.isprintable())
    return Local.TYPE if typed else Ask.STOP


def _on_the_stop_screen(key: str, scene: Scene, moving: bool) -> Ask | Local:
    """Anything but the release repeats Stop, which can only help."""
    stop = scene.snapshot.stop if scene.snapshot else None
    state = stop.state if stop else StopState.STOPPING
    if key == "u":
        return Local.UNLOCK if state is not StopState.STOPPING else Ask.STOP
    if state is StopState.UNSEEN and key == "enter" and scene.unlocked:
        return Ask.RESET
    if state in (StopState.ALARM, StopState.UNSEEN):  # the belt cannot be seen to obey: leaving has to be meant
        return Ask.QUIT if key == "q" and scene.unlocked else Ask.STOP
    if moving:
        return Ask.STOP
    if key == "enter" and scene.unlocked:
        return Ask.RESET
    if key in ("q", "ctrl+c"):
        return Ask.QUIT
    return _LOOKS.get(key, Ask.STOP)


def shown_in(snapshot: Snapshot | None) -> tuple[Control, ...]:
    """The controls that do something now, in the table's order."""
    phase = snapshot.phase if snapshot else Phase.CONNECTING
    if is_latched(snapshot) or _belt_alone(snapshot, phase):
        return ()
    return tuple(control for control in CONTROLS if phase in control.phases)


def hints(snapshot: Snapshot | None) -> tuple[str, ...]:
    """The line of keys: each a key, or keys, and its label."""
    rows = groupby(shown_in(snapshot), key=lambda control: control.label)
    return tuple(" ".join([*(control.shown for control in same), label]) for label, same in rows)
