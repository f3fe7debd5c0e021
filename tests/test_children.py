"""What a child process gets of its surroundings (issue 11, point 15)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runback import child_processes


def path_of(given: dict[str, str], cwd: Path) -> list[str]:
    """The module path of a Python that is started so in `cwd`."""
    command = [*child_processes.module("x")[:2], "-c", "import sys; print(*sys.path, sep='\\n')"]
    environment = child_processes.environment({"PATH": os.defpath, **given})
    done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("entries", ["", ".", "{abs}:", ":{abs}", "{abs}::", "sub:{abs}", "./sub", "..:{abs}:."])
def test_the_current_folder_is_on_no_childs_module_path(entries: str, tmp_path: Path) -> None:
    there = tmp_path / "here" / "sub"
    there.mkdir(parents=True)
    absolute = tmp_path / "absolute"
    found = path_of({"PYTHONPATH": entries.format(abs=absolute)}, there.parent)
    assert [each for each in found if each.startswith(str(tmp_path))] == [str(absolute)] * ("abs" in entries)


def test_a_package_that_is_found_by_the_current_folder_alone_is_found_by_its_children() -> None:
    """As where its source is tried out in place: `cd src; python -m runback`, or PYTHONPATH=."""
    assert (
        child_processes.environment({"PYTHONPATH": os.path.relpath(child_processes.ROOT)})["PYTHONPATH"]
        == child_processes.ROOT
    )


@pytest.mark.parametrize("name", ["PYTHONSTARTUP", "PYTHONINSPECT"])
def test_what_would_be_run_as_a_child_comes_up_or_ends_is_left_out(name: str) -> None:
    assert name not in child_processes.environment({name: "x.py"})


@pytest.mark.parametrize(("folder", "kept"), [("/home/me/.local", True), ("local", False)])
def test_a_persons_own_packages_are_kept_unless_they_lie_in_the_current_folder(folder: str, kept: bool) -> None:
    assert ("PYTHONUSERBASE" in child_processes.environment({"PYTHONUSERBASE": folder})) is kept


def test_a_program_is_found_by_its_full_path_in_absolute_folders_only(tmp_path: Path) -> None:
    for folder in ("relative", "absolute", "later"):
        program = tmp_path / folder / "aplay"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
    (tmp_path / "absolute" / "silent").write_text("no program", encoding="utf-8")
    relative = os.path.relpath(tmp_path / "relative")
    path = os.pathsep.join((relative, "", ".", str(tmp_path / "absolute"), str(tmp_path / "later")))
    assert child_processes.program("aplay", path) == str(tmp_path / "absolute" / "aplay")
    assert child_processes.program("silent", path) is None
    assert child_processes.program("aplay", relative) is None


def test_our_own_modules_are_run_by_this_python_without_the_current_folder() -> None:
    assert child_processes.module("runback.tui.cockpit", "--x") == [
        sys.executable,
        "-P",
        "-m",
        "runback.tui.cockpit",
        "--x",
    ]
