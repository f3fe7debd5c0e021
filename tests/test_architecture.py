"""The house's own rules: who may import whom, what lies at the top, and that the examples of the README are true."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("nothing_left_by_other_tests")

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "runback"

ALLOWED = {
    here: frozenset(there.split())
    for here, there in {
        "errors": "",
        "units": "",
        "source": "",
        "theme": "",
        "ipc": "config_files session source heart_rate windows workout",
        "number_parsing": "",
        "private_files": "",
        "windows": "",
        "child_processes": "",
        "config_files": "errors",
        "guide": "",
        "devices": "config_files errors units",
        "ftms": "errors units",
        "heart_rate": "errors ftms",
        "safety": "errors",
        "machine": "errors ftms safety source units",
        "workout": "config_files errors number_parsing units",
        "importing": "config_files errors number_parsing units workout",
        "rehab": "config_files errors units workout",
        "session": "machine source units workout",
        "commissioning": "config_files devices machine session units workout",
        "cues": "child_processes errors ipc session units windows workout",
        "key_bindings": "ipc session",
        "settings": "config_files errors key_bindings number_parsing session theme units workout",
        "preferences": "key_bindings theme units",
        "simulator": "config_files devices errors number_parsing units",
        "link": "config_files errors simulator",
        "peripheral": "errors number_parsing simulator",
        "terminal": "child_processes ipc session windows",
        "failsafe": "child_processes config_files ipc link private_files windows",
        "engine": (
            "commissioning config_files devices errors failsafe ftms ipc key_bindings link machine preferences "
            "private_files safety session source heart_rate terminal units workout"
        ),
        "watch": "config_files engine ipc key_bindings preferences private_files session terminal",
        "journal": "config_files errors private_files workout",
        "training_log": "errors journal rehab workout",
        "export": "errors journal workout",
        "report": "config_files errors journal rehab units",
        "replay": "config_files errors ftms engine ipc journal link machine safety session source units workout",
        "tui": "guide ipc theme units workout",
        "tui/cockpit": "child_processes errors ipc key_bindings preferences session terminal tui units workout",
        "tui/planner": "training_log errors guide journal number_parsing rehab tui units",
        "tui/home": (
            "errors guide ipc journal key_bindings number_parsing preferences rehab settings training_log tui "
            "tui/planner units workout"
        ),
        "cli": (
            "__init__ training_log child_processes commissioning config_files cues devices engine errors export "
            "failsafe ftms guide importing ipc journal key_bindings link machine number_parsing peripheral "
            "preferences private_files rehab replay report safety session settings simulator source terminal theme "
            "tui/home tui/planner units watch workout"
        ),
        "__main__": "cli",
        "__init__": "",
    }.items()
}
"""The rooms of ours that each room may import, itself aside."""
PURE = frozenset(
    {
        "commissioning",
        "config_files",
        "devices",
        "errors",
        "export",
        "ftms",
        "guide",
        "importing",
        "machine",
        "number_parsing",
        "rehab",
        "report",
        "safety",
        "session",
        "settings",
        "simulator",
        "source",
        "theme",
        "heart_rate",
        "units",
        "workout",
    }
)
"""Rooms without clock, loop, radio, terminal or database."""
PURE_FILES = (
    "ipc/line_decoder.py",
    "ipc/conflating_writer.py",
    *(f"peripheral/{name}.py" for name in ("advertising", "bearer", "typed_controls", "event_log")),
    *(f"cues/{name}.py" for name in ("settings", "speech", "cue_sounds", "tones", "protocol")),
)
"""And files of rooms that are not."""
IMPURE = frozenset({"asyncio", "bleak", "textual", "sqlite3", "time", "threading", "subprocess", "socket", "signal"})


def room(file: Path) -> str:
    return room_of(file.relative_to(SOURCE).with_suffix("").parts)


def room_of(module: tuple[str, ...]) -> str:
    """The room of a module below `runback`; the screens' three are rooms of their own."""
    return "/".join(module[: 2 if "/".join(module[:2]) in ALLOWED else 1])


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
MODULES = {".".join(("runback", *file.relative_to(SOURCE).with_suffix("").parts)): file for file in FILES}


def needed(module: str) -> set[str]:
    """The modules of ours that `module` imports, wherever in it, also those imported by name from a package."""
    return {
        each
        for node in ast.walk(parsed(MODULES[module]))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        for each in (f"{node.module}.{alias.name}", str(node.module))
        if each in MODULES
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_room_imports_only_what_its_door_allows(file: Path) -> None:
    here = room(file)
    for name in imports(file):
        parts = name.split(".")
        if parts[0] == "runback":
            there = room_of(tuple(parts[1:])) if len(parts) > 1 and parts[1] != "__version__" else "__init__"
            assert there == here or there in ALLOWED[here], f"{here} must not import {name}"
        elif here in PURE or file.relative_to(SOURCE).as_posix() in PURE_FILES:
            assert parts[0] not in IMPURE, f"{here} must not import {name}"


def test_nothing_on_the_way_to_the_belt_imports_the_cues() -> None:
    assert {room(file) for file in FILES if any(name.startswith("runback.cues") for name in imports(file))} == {
        "cli",
        "cues",
    }


def test_nothing_on_the_way_to_the_belt_knows_of_a_strap() -> None:
    """What decides and writes does not; what shows does, and the engine's companion, which only listens."""
    knowing = {
        file.relative_to(SOURCE).as_posix()
        for file in FILES
        if any("runback.heart_rate" in name or "heart_rate_task" in name for name in imports(file))
    }
    assert {file for file in knowing if not file.startswith(("heart_rate/", "cli/"))} == {
        "engine/heart_rate_task.py",
        "engine/snapshots.py",
        "ipc/messages.py",
    }


@pytest.mark.parametrize(
    ("library", "names"), [("bleak", ["ble.py", "ble_client.py", "ble_scan.py"]), ("dbus_fast", ["bluez_bus.py"])]
)
def test_bluetooth_is_reached_by_few_files_only(library: str, names: list[str]) -> None:
    assert [file.name for file in FILES if any(name.split(".")[0] == library for name in imports(file))] == names


def test_bumble_is_imported_by_the_peripheral_only_and_not_before_it_is_asked_for() -> None:
    files = [file for file in FILES if any(name.split(".")[0] == "bumble" for name in imports(file))]
    assert {file.relative_to(SOURCE).as_posix() for file in files} == {
        f"peripheral/{name}.py" for name in ("database", "peripheral", "transport", "virtual")
    }
    needing = {f"runback.peripheral.{file.stem}" for file in files}
    for file in FILES:
        at_once = [node for node in parsed(file).body if not isinstance(node, ast.If)]
        named = {str(node.module) for node in at_once if isinstance(node, ast.ImportFrom)}
        assert room(file) == "peripheral" or not named & needing, f"{file}: imports bumble at start-up"


def test_a_replay_cannot_reach_a_radio() -> None:
    reached, left = set[str](), {name for name, file in MODULES.items() if room(file) == "replay"}
    while left:
        reached |= left
        ours = left & MODULES.keys()
        left = {name for module in ours for name in (*imports(MODULES[module]), *needed(module))} - reached
    assert "runback.link.protocol" in reached
    assert not {"bleak", "runback.link.ble", "runback.link.memory", "socket"} & reached


def test_what_only_windows_has_is_imported_in_its_folder_only() -> None:
    """And all that stands in that folder is for Windows: elsewhere it is empty."""
    only = {"ctypes", "msvcrt", "winreg", "winsound", "_winapi"}
    using = {file for file in FILES if any(name.split(".")[0] in only for name in imports(file))}
    assert {room(file) for file in using} == {"windows"}
    for file in using:
        names = {type(node) for node in parsed(file).body if not isinstance(node, (ast.Import, ast.ImportFrom))}
        assert names == {ast.Expr, ast.If}, file
    for file in FILES:
        guarded = {
            id(each)
            for node in ast.walk(parsed(file))
            if isinstance(node, ast.If) and ast.unparse(node.test) == "sys.platform == 'win32'"
            for each in node.body
        }
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("runback.windows"):
                assert id(node) in guarded, file


def test_only_a_replay_says_that_there_is_no_belt() -> None:
    """An engine that is told so stops nothing before it leaves (`engine.snapshots.SessionKind`)."""
    saying = {
        room(file)
        for file in FILES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.keyword) and node.arg == "replayed"
    }
    assert saying == {"replay"}


MAKES = frozenset({"mkdir", "makedirs", "write_text", "write_bytes", "mkstemp", "touch"})
MAY_MAKE = {"private_files.py", "watch/socket.py", "cues/player_process.py", "cues/tones.py"}
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
    assert drawing == {"tui", "tui/cockpit", "tui/home", "tui/planner"}


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Also for types only, and within functions: two modules that need each other are one, or need a third."""
    needs = {module: needed(module) for module in MODULES}
    while free := [name for name, others in needs.items() if not others & needs.keys()]:
        for name in free:
            del needs[name]
    assert sorted(needs) == []


def test_no_public_class_name_is_defined_twice() -> None:
    """One name, one idea: whoever reads it in a trace or a diff knows which it is."""
    where: dict[str, list[str]] = {}
    for file in FILES:
        for node in parsed(file).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where.setdefault(node.name, []).append(file.relative_to(SOURCE).as_posix())
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


MAY_BE_INHERITED = frozenset({"_Message", "_Table", "Request", "Range", "TextWidget", "VirtualRadio"})
"""Kinds of one thing (a message, a table of a file, a request, a range, a widget, an emulated radio), each complete by
itself. Errors and protocols may be inherited too."""


def test_no_class_is_built_upon_another_one_of_ours() -> None:
    """A class holds its parts: who reads one need not read what it would have inherited."""
    classes = {
        node.name: {ast.unparse(base).partition("[")[0] for base in node.bases}
        for file in FILES
        for node in parsed(file).body
        if isinstance(node, ast.ClassDef)
    }
    errors = {"RunbackError"}
    while more := {name for name, bases in classes.items() if bases & errors} - errors:
        errors |= more
    protocols = {"Protocol", *(name for name, bases in classes.items() if "Protocol" in bases)}
    ours = classes.keys() - MAY_BE_INHERITED - errors - protocols
    assert {name: bases for name, bases in classes.items() if bases & ours} == {}


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
                assert given.get("env", "").startswith("child_processes.environment("), f"{here}: {ast.unparse(node)}"
                assert "shell" not in given, here
        assert ("sys.executable" in source or "shutil.which" in source) is (here == "child_processes.py"), here
        assert "multiprocessing" not in {one.split(".")[0] for one in imports(file)}, here
    assert starting == {
        "cli/commands/doctor.py",
        "cues/playback_slot.py",
        "cues/client.py",
        "failsafe/dead_mans_switch.py",
        "terminal/screen_process.py",
        "tui/cockpit/rescue.py",
    }


def test_sqlite_is_imported_by_the_journal_only() -> None:
    assert {room(file) for file in FILES if any(name.split(".")[0] == "sqlite3" for name in imports(file))} == {
        "journal"
    }


def test_the_exports_know_the_journals_values_and_not_its_file() -> None:
    used = {name for file in FILES if room(file) == "export" for name in imports(file) if "runback.journal" in name}
    assert used == {"runback.journal.model", "runback.journal.write_results"}


def test_the_simulator_never_reads_the_clients_codec() -> None:
    assert "ftms" not in ALLOWED["simulator"]
    assert "machine" not in ALLOWED["simulator"]


def test_the_stop_latch_stands_first_in_next_write() -> None:
    tree = ast.parse((SOURCE / "machine" / "client.py").read_text(encoding="utf-8"))
    doors = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "next_write"]
    assert len(doors) == 1
    statements = [node for node in doors[0].body if not isinstance(node, ast.Expr)]
    first = statements[0]
    assert isinstance(first, ast.If)
    assert ast.unparse(first.test) == "self.latch.latched"


def test_the_top_level_holds_only_what_it_should() -> None:
    known = {"pyproject.toml", "src", "tests", "devices", "README.md", "dist", "build"}
    assert [entry.name for entry in ROOT.iterdir() if entry.name not in known and not entry.name.startswith(".")] == []
