"""What is mutated, and which tests judge it: stage by stage, the quickest killers first, the exhaustive search last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCE = "src/runback"

Stage = tuple[str, ...]
"""Arguments for pytest."""


@dataclass(frozen=True, slots=True)
class Room:
    """Files that the same tests judge."""

    files: tuple[str, ...]
    stages: tuple[Stage, ...]


def _machine(*first: str) -> tuple[Stage, ...]:
    parts = ("stop", "machine_start", "machine_control", "machine_targets", "machine_console")
    quick = dict.fromkeys((*first, *(f"tests/machine/test_{part}.py" for part in parts)))
    searches = ("machine_deadline", "machine_properties", "stop_exhaustive")
    one, *others = quick
    return ((one,), tuple(others), *((f"tests/machine/test_{search}.py",) for search in searches))


def _files(*names: str) -> tuple[str, ...]:
    return tuple(f"{SOURCE}/{name}.py" for name in names)


ROOMS: tuple[Room, ...] = (
    Room(_files("machine/stop", "machine/descent"), _machine()),
    Room(_files("machine/core"), _machine()),
    Room(_files("safety/gate"), (("tests/safety/test_safety_gate.py",), *_machine())),
    Room(_files("safety/watchdog"), (("tests/safety/test_safety_watchdog.py",), *_machine())),
    Room(_files("machine/inbox", "machine/console"), _machine("tests/machine/test_machine_console.py")),
    Room(
        _files("machine/outbox", "machine/outcomes", "machine/slots", "machine/procedure"),
        _machine("tests/machine/test_machine_targets.py"),
    ),
    Room(_files("machine/belt", "machine/state", "machine/events"), _machine("tests/machine/test_machine_start.py")),
    Room(_files("keeper/keyboard"), (("tests/keeper/test_keeper_keyboard.py",),)),
    Room(_files("keys"), (("tests/tui/test_tui_keys.py",),)),
    Room(
        _files("keeper/pump"),
        (
            ("tests/keeper/test_keeper_trouble.py", "-k", "not signal"),  # signals go to other processes: not mutated
            ("tests/keeper/test_keeper_parts.py", "tests/keeper/test_keeper_stop.py"),
            ("tests/keeper/test_keeper_promises.py",),
        ),
    ),
)
"""In the order of what is worst if it is wrong."""

STOP_PATH = ("keys.py", "keeper/keyboard.py", "keeper/pump.py")
"""What has to be in the table besides the whole of `machine` and `safety`."""


def all_files() -> tuple[str, ...]:
    """Every file of the table, in its order."""
    return tuple(file for room in ROOMS for file in room.files)
