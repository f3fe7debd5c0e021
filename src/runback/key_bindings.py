"""What a key means: one table and one function, `decide`. Engine and screen both ask it, the engine first.

Rules:
- A key that is a control in this phase does what the table says. While the belt may move, **every other key is Stop**.
- Whether the belt may move is read from the last snapshot, and doubt counts as moving.
- Starting, going on and re-arming have one key, Enter, and no other way in; Enter cannot be typed into anything that
  starts the belt, and one that comes a moment after the first is not a Stop.
- Text is being typed only in the command palette. There, Space, Escape, Ctrl-C, q and what nobody types stay Stop.
- At a second screen a key stops the belt, looks, or leaves, and can do nothing else. Whatever stops at the session's
  own screen stops there too, q, Esc and Ctrl-C included; so leaving a belt that moves has a key of its own.
- Letting go of the stop latch takes two different keys and asks for nothing but `RESET`. Of a belt that only the person
  can see they are the person's word that it lies still.
- A person may put the controls on other keys (`Keymap`), never those that are `FIXED`; a key taken away from a control
  is any other key: Stop. Engine and screen are given the same map.
- Pure: no Textual. Key names are Textual's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby

from runback.ipc.messages import Snapshot, StopState
from runback.session.model import Intent, Phase


class UiAction(StrEnum):
    """What the screen does itself."""

    HELP = "help"
    PALETTE = "palette"
    THEME = "theme"
    UNLOCK = "unlock"  # the first of the two steps that let go of the stop latch
    CLOSE = "close"  # shut the open palette or help
    LEAVE = "leave"  # end the screen: one whose engine is gone, or a second one
    TYPE = "type"  # let Textual have the key
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """A key that does something else than Stop: `keys` in Textual's names, `what` they ask for in `phases`. For people:
    `shown` and `label` in the line of keys (neighbours of one label share it), `means` in the help and the palette."""

    keys: tuple[str, ...]
    what: Intent
    shown: str
    label: str
    means: str
    phases: frozenset[Phase]


_RUNNING = frozenset({Phase.RUNNING})
_GO_ON = frozenset({Phase.PAUSED, Phase.SAFETY_KEY})
_ARM = frozenset({Phase.REARM, Phase.CONTROL_LOST})

CONTROLS = (
    KeyBinding(("enter",), Intent.START, "Enter", "start", "Start, go on", frozenset({Phase.READY})),
    KeyBinding(("enter",), Intent.RESUME, "Enter", "go on", "Go on", _GO_ON),
    KeyBinding(("enter",), Intent.REARM, "Enter", "go on", "Go on", _ARM),
    KeyBinding(("w",), Intent.TROUBLE, "w", "wrong", "Something is wrong", _RUNNING),
    KeyBinding(("p",), Intent.PAUSE, "p", "pause", "Pause", _RUNNING),
    KeyBinding(("e",), Intent.EASE_OFF, "e", "ease off", "Ease off to a walk", _RUNNING),
    KeyBinding(("plus", "equals_sign", "up"), Intent.FASTER, "+", "speed", "Faster", _RUNNING),
    KeyBinding(("minus", "down"), Intent.SLOWER, "-", "speed", "Slower", _RUNNING),
    KeyBinding(("n", "right"), Intent.SKIP, "n", "next", "Next step", _RUNNING),
    KeyBinding(("r", "left"), Intent.REPEAT, "r", "repeat", "This step again", _RUNNING),
    KeyBinding(("x",), Intent.EXTEND, "x", "+30 s", "30 s more of it", _RUNNING),
    KeyBinding(("right_square_bracket",), Intent.STEEPER, "]", "incline", "Steeper", _RUNNING),
    KeyBinding(("left_square_bracket",), Intent.FLATTER, "[", "incline", "Flatter", _RUNNING),
    KeyBinding(
        ("q", "escape", "ctrl+c"), Intent.QUIT, "q", "leave", "Leave", frozenset({Phase.CONNECTING, Phase.READY})
    ),
    KeyBinding(("q", "escape", "ctrl+c", "enter"), Intent.QUIT, "q", "leave", "Leave", frozenset({Phase.COMPLETED})),
)

CONFIRM = KeyBinding(("enter",), Intent.START, "Enter", "go on", "Go on", frozenset({Phase.READY}))
ANSWERS = tuple(
    KeyBinding((str(number),), ask, str(number), "display shows", f"The display shows choice {number}", _RUNNING)
    for number, ask in enumerate(
        (Intent.ANSWER_1, Intent.ANSWER_2, Intent.ANSWER_3, Intent.ANSWER_4, Intent.ANSWER_5), start=1
    )
)
"""While a treadmill is commissioned there are only these, each while it is waited for, and leaving."""


@dataclass(frozen=True, slots=True)
class UiBinding:
    """A key that changes what is seen, and nothing else: `keys` in Textual's names, `shown` in the line of keys."""

    keys: tuple[str, ...]
    what: UiAction
    shown: str


UI_BINDINGS = (
    UiBinding(("question_mark", "f1"), UiAction.HELP, "F1"),
    UiBinding(("ctrl+p",), UiAction.PALETTE, "Ctrl-P"),
    UiBinding(("t",), UiAction.THEME, "t"),
)
FIXED = frozenset({"space", "escape", "ctrl+c", "q", "enter", "u", "ctrl+p"})
"""Keys that no person's map moves: the Stop keys that people know, the one that starts, the first of the two that let
go of a stop, and the palette's."""
REMAPPABLE: tuple[Intent | UiAction, ...] = (
    *(control.what for control in CONTROLS if control.phases == _RUNNING),
    UiAction.HELP,
    UiAction.THEME,
)
"""What a person may put on other keys, in the tables' order; `name.lower()` is what it is called in the settings."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """What is on which key."""

    controls: tuple[KeyBinding, ...] = CONTROLS
    looks: tuple[UiBinding, ...] = UI_BINDINGS
    known: frozenset[str] = field(init=False, repr=False, compare=False)
    """Every key that means something of its own somewhere, in Textual's names; all others are Stop while a belt may
    move, and nothing while it may not."""

    def __post_init__(self) -> None:
        rows: tuple[KeyBinding | UiBinding, ...] = (*self.controls, *self.looks, CONFIRM, *ANSWERS)
        object.__setattr__(self, "known", frozenset(key for row in rows for key in row.keys))

    def keys(self, what: Intent | UiAction) -> tuple[str, ...]:
        """The keys of one of the controls or looks."""
        rows: tuple[KeyBinding | UiBinding, ...] = (*self.controls, *self.looks)
        return next((each.keys for each in rows if each.what is what), ())

    def sign(self, what: UiAction) -> str:
        """How the line of keys names its key."""
        return next((look.shown for look in self.looks if look.what is what), "")

    def look(self, key: str) -> UiAction | None:
        """The look that `key` is, if any."""
        for look in self.looks:
            if key in look.keys:
                return look.what
        return None

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """What is on other keys than usual, by its name in the settings."""
        return {
            what.name.lower(): self.keys(what) for what in REMAPPABLE if self.keys(what) != DEFAULT_KEYMAP.keys(what)
        }


DEFAULT_KEYMAP = Keymap()


def keymap(chosen: Mapping[str, tuple[str, ...]]) -> Keymap:
    """The usual keys, but for those `chosen` (Textual's names) by name of what they do. They have been checked."""
    controls = (
        replace(each, keys=keys, shown=key_name(keys[0]))
        if each.what in REMAPPABLE and (keys := chosen.get(each.what.name.lower(), each.keys)) != each.keys
        else each
        for each in CONTROLS
    )
    looks = (
        replace(each, keys=keys, shown=key_name(keys[0]))
        if (keys := chosen.get(each.what.name.lower(), each.keys)) != each.keys
        else each
        for each in UI_BINDINGS
    )
    return Keymap(tuple(controls), tuple(looks))


KEY_NAMES = {
    "plus": "+", "equals_sign": "=", "minus": "-", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "right_square_bracket": "]", "left_square_bracket": "[", "enter": "Enter", "question_mark": "?", "f1": "F1",
}  # fmt: skip
"""What people call a key, by Textual's name, where that differs."""


def key_name(key: str) -> str:
    """What people call `key`."""
    return KEY_NAMES.get(key, key)


@dataclass(frozen=True, slots=True)
class KeyContext:
    """What a key is judged by. `help` and `palette`: open; `unlocked`: the first step of the release has been taken;
    `gone`: the engine is dead; `watching`: at a second screen; `keymap`: the person's keys."""

    snapshot: Snapshot | None = None
    help: bool = False
    palette: bool = False
    unlocked: bool = False
    gone: bool = False
    watching: bool = False
    keymap: Keymap = DEFAULT_KEYMAP


STARTS_BELT = frozenset({Intent.START, Intent.RESUME, Intent.REARM})
"""What sets the belt going: never from behind an open help screen, where nobody sees what the key would do."""
_STILL = frozenset({Phase.READY, Phase.COMPLETED, Phase.STOPPED})
LOCAL_HINTS = {
    UiAction.HELP: ("help", "The keys, and the check before the start"),
    UiAction.THEME: ("theme", "Next theme"),
    UiAction.PALETTE: ("commands", "What the keys do, to choose from"),
}
"""The looks as the line of keys has them, behind the controls: a label, and what they do."""
_LEAVES = ("l",)
_LEAVES_AT_REST = ("q", "ctrl+c")
STOP = b"s"
UNSURE = b"?"
"""The words of `word_for`."""

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


def controls_in(snapshot: Snapshot | None, keymap: Keymap = DEFAULT_KEYMAP) -> tuple[KeyBinding, ...]:
    """The table that holds: a session's, or the few of a commissioning."""
    view = None if snapshot is None else snapshot.commission
    if view is None:
        return keymap.controls
    leaves = tuple(control for control in CONTROLS if control.what is Intent.QUIT)
    return (*((CONFIRM,) if view.waits else ()), *ANSWERS[: len(view.choices)], *leaves)


def decide(key: str, character: str | None, scene: KeyContext) -> Intent | UiAction:
    """What `key` (Textual's name; `character` what it prints, if anything) does in `scene`."""
    key = key.lower() if len(key) == 1 else key
    if scene.watching:
        return _at_a_second_screen(key, scene)
    if scene.gone:
        return UiAction.LEAVE if key in ("q", "ctrl+c") else UiAction.NOTHING
    moving = may_move(scene.snapshot)
    if scene.palette:
        return _while_typing(key, character, moving)
    if scene.help and not moving and key in ("escape", "q", "enter"):
        return UiAction.CLOSE
    if is_latched(scene.snapshot):
        return _on_the_stop_screen(key, scene, moving)
    look = scene.keymap.look(key)
    if look is not None:
        return look
    phase = scene.snapshot.phase if scene.snapshot else Phase.CONNECTING
    if not _belt_alone(scene.snapshot, phase, moving):
        for control in controls_in(scene.snapshot, scene.keymap):
            if key in control.keys and phase in control.phases:
                return UiAction.CLOSE if scene.help and control.what in STARTS_BELT else control.what
        if _is_echo(key, phase, scene.keymap) or (key == "enter" and _tries_stop(scene.snapshot)):
            return UiAction.NOTHING
    return Intent.STOP if moving else UiAction.NOTHING


def _at_a_second_screen(key: str, scene: KeyContext) -> Intent | UiAction:
    if scene.gone:
        return UiAction.LEAVE if key in (*_LEAVES, *_LEAVES_AT_REST) else UiAction.NOTHING
    moving = may_move(scene.snapshot)
    if key in _LEAVES or (key in _LEAVES_AT_REST and not moving):
        return UiAction.LEAVE
    look = scene.keymap.look(key)
    if look is None or look is UiAction.PALETTE or (moving and is_latched(scene.snapshot)):
        return Intent.STOP
    return look


def _is_echo(key: str, phase: Phase, keymap: Keymap) -> bool:
    """Whether it is the press again that started the belt, or that paused it."""
    if phase in (Phase.COUNTDOWN, Phase.STARTING):
        return key == "enter"
    return phase is Phase.PAUSING and key in keymap.keys(Intent.PAUSE)


def stops(
    key: str, character: str | None, snapshot: Snapshot | None, *, typing: bool, keymap: Keymap = DEFAULT_KEYMAP
) -> bool:
    """Whether `key` is Stop, by what can be known without a screen. The stop screen's own keys are the screen's.

    What the first of the release's two keys would open, only the screen knows; to all others it makes no difference.
    """
    latched = is_latched(snapshot)
    stop = snapshot.stop if snapshot else None
    if latched and (stop is None or stop.state is StopState.AT_REST):
        return False
    if not latched and not typing and (key.lower() if len(key) == 1 else key) not in keymap.known:
        return may_move(snapshot)  # as `decide` has it, without looking through the tables
    return decide(key, character, KeyContext(snapshot, palette=typing, unlocked=latched, keymap=keymap)) is Intent.STOP


def stop_pipe_byte(
    key: str, character: str | None, snapshot: Snapshot | None, *, typing: bool, keymap: Keymap = DEFAULT_KEYMAP
) -> bytes:
    """What the screen's input thread tells the engine about `key`: `STOP`, `UNSURE` (it does nothing, as nothing moves;
    but the engine may know better), or nothing."""
    if stops(key, character, snapshot, typing=typing, keymap=keymap):
        return STOP
    if may_move(snapshot):
        return b""
    scene = KeyContext(snapshot, palette=typing, keymap=keymap)
    return UNSURE if decide(key, character, scene) is UiAction.NOTHING else b""


def _tries_stop(snapshot: Snapshot | None) -> bool:
    """Whether a commissioning sends Stop to a belt at rest: an Enter is the echo of the press that began it."""
    return (
        snapshot is not None
        and snapshot.commission is not None
        and snapshot.phase is Phase.ENDING
        and snapshot.measured_kmh == 0
    )


def _belt_alone(snapshot: Snapshot | None, phase: Phase, moving: bool) -> bool:
    """Whether the belt is seen to move, but not for this session: nothing is a control then, all is Stop."""
    return moving and phase in _STILL and not (snapshot is not None and snapshot.unseen)


def _while_typing(key: str, character: str | None, moving: bool) -> Intent | UiAction:
    if not moving:
        return UiAction.CLOSE if key in ("ctrl+c", "ctrl+q", "escape") else UiAction.TYPE
    if key in _STOPS_EVEN_TYPED:
        return Intent.STOP
    if key == "ctrl+p":
        return UiAction.CLOSE
    typed = key in _EDITING or (character is not None and character.isprintable())
    return UiAction.TYPE if typed else Intent.STOP


def _on_the_stop_screen(key: str, scene: KeyContext, moving: bool) -> Intent | UiAction:
    """Anything but the release repeats Stop, which can only help."""
    stop = scene.snapshot.stop if scene.snapshot else None
    state = stop.state if stop else StopState.STOPPING
    if key == "u":
        return UiAction.UNLOCK if state is not StopState.STOPPING else Intent.STOP
    if state is StopState.UNSEEN and key == "enter" and scene.unlocked:
        return Intent.RESET
    if state in (StopState.ALARM, StopState.UNSEEN):  # the belt cannot be seen to obey: leaving has to be meant
        return Intent.QUIT if key == "q" and scene.unlocked else Intent.STOP
    if moving:
        return Intent.STOP
    if key == "enter" and scene.unlocked:
        return Intent.RESET
    if key in ("q", "ctrl+c"):
        return Intent.QUIT
    return scene.keymap.look(key) or Intent.STOP


def shown_in(snapshot: Snapshot | None, keymap: Keymap = DEFAULT_KEYMAP) -> tuple[KeyBinding, ...]:
    """The controls that do something now, in the table's order."""
    phase = snapshot.phase if snapshot else Phase.CONNECTING
    if is_latched(snapshot) or _belt_alone(snapshot, phase, may_move(snapshot)):
        return ()
    return tuple(control for control in controls_in(snapshot, keymap) if phase in control.phases)


def hints(snapshot: Snapshot | None, keymap: Keymap = DEFAULT_KEYMAP) -> tuple[str, ...]:
    """The line of keys: each a key, or keys, and its label."""
    rows = groupby(shown_in(snapshot, keymap), key=lambda control: control.label)
    return tuple(" ".join([*(control.shown for control in same), label]) for label, same in rows)


def local_hints(keymap: Keymap = DEFAULT_KEYMAP) -> tuple[str, ...]:
    """The looks, as the line of keys has them; the help first."""
    return tuple(f"{keymap.sign(what)} {label}" for what, (label, _) in LOCAL_HINTS.items())


def meaning(hint: str) -> str:
    """The same in words, for one of `hints` or of `local_hints`; empty if nobody knows it."""
    same = [control.means for control in (*CONTROLS, CONFIRM, *ANSWERS) if hint.endswith(f" {control.label}")]
    same += [means for label, means in LOCAL_HINTS.values() if hint.endswith(f" {label}")]
    return ", ".join(dict.fromkeys(same))
