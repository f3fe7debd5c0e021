"""The house's own rules: who may import whom, what lies at the top, and that the examples of the README are true."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "runback"

ALLOWED: dict[str, frozenset[str]] = {
    # room: the rooms of ours it may import, itself aside
    "errors": frozenset(),
    "units": frozenset(),
    "source": frozenset(),
    "lines": frozenset(),
    "numerals": frozenset(),
    "private": frozenset(),
    "pipes": frozenset(),
    "children": frozenset(),
    "quoting": frozenset(),
    "tables": frozenset({"quoting"}),
    "toml_file": frozenset({"errors", "quoting"}),
    "devices": frozenset({"errors", "quoting", "tables", "toml_file", "units"}),
    "ftms": frozenset({"errors", "units"}),
    "strap": frozenset({"errors", "ftms"}),
    "safety": frozenset({"errors"}),
    "machine": frozenset({"errors", "ftms", "safety", "source", "units"}),
    "workout": frozenset({"errors", "numerals", "quoting", "tables", "toml_file", "units"}),
    "importing": frozenset({"errors", "numerals", "units", "workout"}),
    "rehab": frozenset({"errors", "quoting", "units", "workout"}),
    "session": frozenset({"machine", "source", "units", "workout"}),
    "commissioning": frozenset({"devices", "machine", "quoting", "session", "units", "workout"}),
    "cues": frozenset({"children", "session", "units", "workout"}),
    "keys": frozenset({"messages", "session"}),
    "settings": frozenset({"errors", "keys", "numerals", "quoting", "session", "tables", "units", "workout"}),
    "taste": frozenset({"keys", "units"}),
    "messages": frozenset({"quoting", "session", "source", "strap", "workout"}),
    "simulator": frozenset({"devices", "errors", "numerals", "quoting", "units"}),
    "link": frozenset({"errors", "quoting", "simulator"}),
    "peripheral": frozenset({"errors", "numerals", "simulator"}),
    "keeper": frozenset(
        {"devices", "errors", "ftms", "keys", "lines", "link", "machine", "messages", "pipes", "safety", "session"}
        | {"children", "commissioning", "private", "quoting", "source", "strap", "taste", "units", "workout"}
    ),
    "journal": frozenset({"errors", "private", "quoting", "workout"}),
    "casebook": frozenset({"errors", "journal", "rehab", "workout"}),
    "export": frozenset({"errors", "journal", "workout"}),
    "report": frozenset({"errors", "journal", "quoting", "rehab", "units"}),
    "replay": frozenset(
        {"errors", "ftms", "journal", "keeper", "link", "machine", "messages", "safety", "session", "source"}
        | {"quoting", "units", "workout"}
    ),
    "tui": frozenset(
        {"children", "errors", "keys", "lines", "messages", "pipes", "session", "taste", "units", "workout"}
    ),
    "planner": frozenset({"casebook", "errors", "journal", "numerals", "rehab", "tui", "units"}),
    "cli": frozenset(
        {
            "__init__",
            "casebook",
            "children",
            "cues",
            "devices",
            "errors",
            "export",
            "ftms",
            "importing",
            "journal",
            "keeper",
        }
        | {"link", "machine", "messages", "pipes", "planner", "quoting", "rehab", "replay", "report", "safety"}
        | {"commissioning", "session", "keys", "settings", "simulator", "source", "taste", "toml_file", "units"}
        | {"numerals", "peripheral", "private", "workout"}
    ),
    "__main__": frozenset({"cli"}),
    "__init__": frozenset(),
}
PURE = frozenset(
    {"devices", "errors", "export", "ftms", "importing", "lines", "machine", "numerals", "quoting", "safety", "session"}
    | {"rehab", "report", "settings", "simulator", "source", "strap", "tables", "toml_file", "units", "workout"}
    | {"commissioning"}
)
"""Rooms without clock, loop, radio, terminal or database."""
PURE_FILES = (
    *(f"peripheral/{name}.py" for name in ("advertising", "bearer", "hands", "watched")),
    *(f"cues/{name}.py" for name in ("settings", "speech", "score", "tones", "wire")),
)
"""And files of rooms that are not."""
IMPURE = frozenset({"asyncio", "bleak", "textual", "sqlite3", "time", "threading", "subprocess", "socket", "signal"})


def room(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


@functools.cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@functools.cache
def imports(file: Path) -> tuple[str, ...]:
    """What `file` imports, wherever in it."""
    return tuple(_imports(file))


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield from (
                f"{node.module}.{alias.name}" if node.module == "runback" else str(node.module) for alias in node.names
            )


FILES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_room_imports_only_what_its_door_allows(file: Path) -> None:
    here = room(file)
    for name in imports(file):
        parts = name.split(".")
        if parts[0] == "runback":
            there = parts[1] if len(parts) > 1 and parts[1] != "__version__" else "__init__"
            assert there == here or there in ALLOWED[here], f"{here} must not import {name}"
        elif here in PURE or file.relative_to(SOURCE).as_posix() in PURE_FILES:
            assert parts[0] not in IMPURE, f"{here} must not import {name}"


def test_nothing_on_the_way_to_the_belt_imports_the_cues() -> None:
    assert {room(file) for file in FILES if any(name.startswith("runback.cues") for name in imports(file))} == {
        "cli",
        "cues",
    }


def test_nothing_on_the_way_to_the_belt_knows_of_a_strap() -> None:
    """What decides and writes does not; what shows does, and the keeper's companion, which only listens."""
    knowing = {file.relative_to(SOURCE).as_posix() for file in FILES if any("strap" in name for name in imports(file))}
    assert {file for file in knowing if not file.startswith(("strap/", "cli/"))} == {
        "keeper/conductor.py",  # its type only
        "keeper/strap.py",
        "keeper/view.py",
        "messages.py",
    }


@pytest.mark.parametrize(
    ("library", "names"), [("bleak", ["ble.py", "ble_client.py", "ble_scan.py"]), ("dbus_fast", ["bluez_bus.py"])]
)
def test_bluetooth_is_reached_by_few_files_only(library: str, names: list[str]) -> None:
    assert [file.name for file in FILES if any(name.split(".")[0] == library for name in imports(file))] == names


def test_bumble_is_imported_by_the_peripheral_only_and_not_before_it_is_asked_for() -> None:
    files = [file for file in FILES if any(name.split(".")[0] == "bumble" for name in imports(file))]
    assert {file.relative_to(SOURCE).as_posix() for file in files} == {
        f"peripheral/{name}.py" for name in ("database", "station", "transport", "virtual")
    }
    needing = {f"runback.peripheral.{file.stem}" for file in files}
    for file in FILES:
        at_once = [node for node in parsed(file).body if not isinstance(node, ast.If)]
        named = {str(node.module) for node in at_once if isinstance(node, ast.ImportFrom)}
        assert room(file) == "peripheral" or not named & needing, f"{file}: imports bumble at start-up"


def test_a_replay_cannot_reach_a_radio() -> None:
    reached, left = set[str](), {f"runback.replay.{file.stem}" for file in FILES if room(file) == "replay"}
    while left:
        reached |= left
        modules = {".".join(("runback", *file.relative_to(SOURCE).with_suffix("").parts)): file for file in FILES}
        left = {name for module in left if module in modules for name in imports(modules[module])} - reached
    assert "runback.link.protocol" in reached
    assert not {"bleak", "runback.link.ble", "runback.link.memory", "socket"} & reached


MAKES = frozenset({"mkdir", "makedirs", "write_text", "write_bytes", "mkstemp", "touch"})
MAY_MAKE = {"private.py", "keeper/door.py", "cues/loudspeaker.py", "cues/tones.py"}
"""The one place; a folder whose mode is given; sounds in a temporary folder, which is private, or in memory."""


def test_every_file_is_made_where_its_mode_is_given() -> None:
    """Issue 11, point 19: whatever makes a file otherwise makes it as readable as the umask happens to say."""
    making = set[str]()
    for file in FILES:
        for node in ast.walk(parsed(file)):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            modes = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            opens = name == "open" and any(set(mode) & set("wxa+") and set(mode) <= set("rwxabt+") for mode in modes)
            if name in MAKES or opens or "O_CREAT" in ast.unparse(node):
                making.add(file.relative_to(SOURCE).as_posix())
    assert making <= MAY_MAKE


def test_textual_is_imported_by_the_screens_only() -> None:
    drawing = {room(file) for file in FILES if any(name.split(".")[0] == "textual" for name in imports(file))}
    assert drawing == {"tui", "planner"}


def test_the_planner_knows_of_the_cockpit_only_its_colours_and_its_letters() -> None:
    used = {name for file in FILES if room(file) == "planner" for name in imports(file) if "runback.tui" in name}
    assert used == {"runback.tui.glyphs", "runback.tui.themes"}


def test_plotext_is_imported_by_one_file_only() -> None:
    assert [file.name for file in FILES if "textual_plotext" in set(imports(file))] == ["plots.py"]


STARTS = frozenset({"Popen", "create_subprocess_exec", "create_subprocess_shell", "check_output", "check_call"})
CALLS = frozenset({"subprocess.run", "subprocess.call", "os.system", "os.popen"})


def test_every_child_is_started_with_what_keeps_the_current_folder_out() -> None:
    """Issue 11, point 15: the module path of our own, and PATH of the others (`children`)."""
    starting = set[str]()
    for file in FILES:
        source, here = file.read_text(encoding="utf-8"), file.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            name = called.rpartition(".")[2]
            assert not (called.startswith("os.") and name.startswith(("exec", "spawn", "posix_spawn"))), here
            if name in STARTS or called in CALLS:
                starting.add(here)
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                assert given.get("env", "").startswith("children.environment("), f"{here}: {ast.unparse(node)}"
                assert "shell" not in given, here
        assert ("sys.executable" in source or "shutil.which" in source) is (here == "children.py"), here
        assert "multiprocessing" not in {one.split(".")[0] for one in imports(file)}, here
    assert starting == {
        "cli/doctor.py",
        "cues/channel.py",
        "cues/crier.py",
        "keeper/deadman.py",
        "keeper/screen.py",
        "tui/rescue.py",
    }


def test_sqlite_is_imported_by_the_journal_only() -> None:
    assert {room(file) for file in FILES if any(name.split(".")[0] == "sqlite3" for name in imports(file))} == {
        "journal"
    }


def test_the_exports_know_the_journals_values_and_not_its_file() -> None:
    used = {name for file in FILES if room(file) == "export" for name in imports(file) if "runback.journal" in name}
    assert used == {"runback.journal.model", "runback.journal.writes"}


def test_the_simulator_never_reads_the_clients_codec() -> None:
    assert "ftms" not in ALLOWED["simulator"]
    assert "machine" not in ALLOWED["simulator"]


def test_the_stop_latch_stands_first_in_next_write() -> None:
    tree = ast.parse((SOURCE / "machine" / "core.py").read_text(encoding="utf-8"))
    doors = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "next_write"]
    assert len(doors) == 1
    statements = [node for node in doors[0].body if not isinstance(node, ast.Expr)]
    first = statements[0]
    assert isinstance(first, ast.If)
    assert ast.unparse(first.test) == "self.latch.latched"


def test_the_top_level_holds_only_what_it_should() -> None:
    known = {"pyproject.toml", "src", "tests", "devices", "README.md", "dist", "build"}
    assert [entry.name for entry in ROOT.iterdir() if entry.name not in known and not entry.name.startswith(".")] == []
