"""What is mutated, and which tests judge it: stage by stage, the quickest killers first, the exhaustive search last.

Searches take seconds. They judge only what the stages before them leave alive and `survivors.toml` does not explain.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCE = "src/runback"

Stage = tuple[str, ...]
"""Test files, in the order in which they are asked."""


@dataclass(frozen=True, slots=True)
class Room:
    """Files that the same tests judge: `stages`, then `searches`. `sources` is all they can run of ours."""

    files: tuple[str, ...]
    stages: tuple[Stage, ...]
    searches: tuple[Stage, ...] = ()
    sources: tuple[str, ...] = (SOURCE,)
    options: tuple[str, ...] = ()
    """For pytest."""

    def tests(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(test for stage in self.stages + self.searches for test in stage)


def _tests(*parts: str) -> tuple[str, ...]:
    return tuple(f"tests/machine/test_{part}.py" for part in parts)


def _files(*names: str) -> tuple[str, ...]:
    return tuple(f"{SOURCE}/{name}.py" for name in names)


_MACHINE = _tests(
    "stop",
    "machine_start",
    "machine_core",
    "machine_inbox",
    "machine_forgets",
    "machine_control",
    "machine_targets",
    "machine_console",
    "machine_slots",
    "machine_deadline",
    "machine_habits",
    "machine_units",
    "machine_inclines",
    "machine_captures",
)
_CORE = tuple(f"{SOURCE}/{room}" for room in ("machine", "safety", "ftms", "errors.py", "source.py", "units.py"))
_SEARCHES = tuple((test,) for test in _tests("machine_properties", "stop_exhaustive", "stop_habits"))


def _room(files: tuple[str, ...], first: str) -> Room:
    """A room of the machine whose own test file is `first`."""
    return Room(files, ((first,), tuple(test for test in _MACHINE if test != first)), _SEARCHES, _CORE)


_NO_SCREEN = (
    "not 80_by_24 and not test_the_help and not test_the_death and not test_keys_and_presses and not is_taken_back "
    "and not leaves_and_says"
)
"""What draws a screen takes long, and says nothing about a key that the tables do not."""

ROOMS: tuple[Room, ...] = (
    _room(_files("machine/stop_latch", "machine/stop_monitor"), "tests/machine/test_stop.py"),
    _room(_files("machine/client"), "tests/machine/test_stop.py"),
    _room(_files("safety/gate"), "tests/safety/test_safety_gate.py"),
    _room(_files("safety/watchdog"), "tests/safety/test_safety_watchdog.py"),
    _room(_files("machine/notifications", "machine/console_override"), "tests/machine/test_machine_console.py"),
    _room(
        _files("machine/commands", "machine/procedure_outcomes", "machine/targets", "machine/procedure"),
        "tests/machine/test_machine_targets.py",
    ),
    _room(_files("machine/belt", "machine/client_state", "machine/events"), "tests/machine/test_machine_start.py"),
    _room(
        _files("machine/endings", "machine/sent_start", "machine/capabilities"), "tests/machine/test_machine_endings.py"
    ),
    _room(_files("machine/plausibility"), "tests/machine/test_machine_plausibility.py"),
    _room(_files("machine/unlock", "machine/quirks"), "tests/machine/test_machine_habits.py"),
    _room(_files("machine/speed_unit"), "tests/machine/test_machine_units.py"),
    _room(_files("machine/incline_unit"), "tests/machine/test_machine_inclines.py"),
    Room(
        _files("terminal/key_parser"),
        (("tests/engine/test_engine_keyboard.py",),),
        sources=(f"{SOURCE}/terminal/key_parser.py",),
    ),
    Room(
        _files("key_bindings"),
        (
            (
                "tests/tui/test_tui_keys.py",
                "tests/engine/test_engine_fresh.py",
            ),
            ("tests/tui/test_tui_words.py", "tests/tui/test_tui_watching.py", "tests/tui/test_tui_commission.py"),
            ("tests/settings/test_settings_keys.py",),
        ),
        options=("-k", _NO_SCREEN),
    ),
    Room(
        _files("engine/eager_call"),
        (("tests/engine/test_engine_begun.py",), ("tests/engine/test_engine_pump.py",)),
    ),
    Room(
        _files("engine/write_pump"),
        (
            ("tests/engine/test_engine_pump.py",),
            ("tests/engine/test_engine_trouble.py",),
            ("tests/engine/test_engine_parts.py", "tests/engine/test_engine_stop.py"),
        ),
        (("tests/engine/test_engine_promises.py",),),
        options=("-k", "not signal"),  # signals are tested in processes of their own, which are not mutated
    ),
)
"""In the order of what is worst if it is wrong."""

STOP_PATH = ("key_bindings.py", "terminal/key_parser.py", "engine/eager_call.py", "engine/write_pump.py")
"""What has to be in the table besides the whole of `machine` and `safety`."""


def all_files() -> tuple[str, ...]:
    """Every file of the table, in its order."""
    return tuple(file for room in ROOMS for file in room.files)
