"""A Tab in a real shell."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

LIMIT = 30.0
PROGRAM = Path(sys.executable).parent / "runback"


class Shell:
    """bash in a pseudo-terminal, which has been told to complete for runback."""

    def __init__(self, home: Path) -> None:
        self.master, slave = pty.openpty()
        environment = {
            **os.environ,
            "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "TERM": "dumb",
            "PS1": "ready> ",
            "INPUTRC": os.devnull,
        }
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"], stdin=slave, stdout=slave, stderr=slave, env=environment,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.shown = ""
        self.type("PS1='ready> '; eval \"$(runback completion bash)\"; echo told-$?\n")
        self.until("told-0")

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def until(self, wanted: str) -> str:
        """Read until `wanted` is shown; returns what came until then, and forgets it."""
        deadline = time.monotonic() + LIMIT
        while wanted not in self.shown:
            assert time.monotonic() < deadline, f"{wanted!r} never shown: {self.shown!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                self.shown += os.read(self.master, 1 << 14).decode(errors="replace")
        before, _, self.shown = self.shown.partition(wanted)
        return before

    def completes(self, line: str, wanted: str) -> None:
        """A Tab after `line` makes it `wanted`."""
        self.type(f"{line}\t")
        self.until(wanted)
        self.type("\x15")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    workouts = tmp_path / "config" / "runback" / "workouts"
    workouts.mkdir(parents=True)
    (workouts / "tempo.toml").write_text('description = "x"\n[[step]]\nkind = "run"\nduration = "1m"\nspeed = 7\n')
    found = Shell(tmp_path)
    yield found
    found.close()


@pytest.mark.full
@pytest.mark.timeout(180)
def test_a_tab_in_bash_completes_commands_workouts_treadmills_and_settings(shell: Shell) -> None:
    shell.completes("runback docto", "runback doctor ")
    shell.completes("runback run fir", "runback run first-run ")
    shell.completes("runback run tem", "runback run tempo ")
    shell.completes("runback run tempo -t sim:urevo-e1", "-t sim:urevo-e1l ")
    shell.completes("runback run tempo --fault safety-k", "--fault safety-key")
    shell.completes("runback plan start return", "runback plan start return-to-running ")
    shell.completes("runback replay la", "runback replay last ")
    shell.completes("runback config cues.vol", "runback config cues.volume ")
    shell.completes("runback config theme li", "runback config theme light ")


HOSTILE = (
    "x;touch PWN",
    "y$(touch PWN)",
    "z`touch PWN`",
    "v|touch PWN",
    "q' ;touch PWN",
    'u" ;touch PWN',
    "t\ntouch PWN",
)


@pytest.fixture
def trapped(shell: Shell, tmp_path: Path) -> Shell:
    """A shell whose person has got workouts with names that are commands."""
    workouts = tmp_path / "config" / "runback" / "workouts"
    for name in HOSTILE:
        (workouts / f"{name}.toml").write_text('[[step]]\nkind = "run"\nduration = "1m"\nspeed = 7\n')
    shell.type(f"cd {tmp_path}; echo there-$?\n")
    shell.until("there-0\r")
    return shell


@pytest.mark.full
@pytest.mark.timeout(300)
def test_enter_after_a_tab_runs_nothing_of_what_was_completed(trapped: Shell, tmp_path: Path) -> None:
    """Issue 11, point 21: the shell was handed `x;touch PWN` as it is."""
    for name in HOSTILE:
        trapped.type(f"runback run {name[0]}\t")
        trapped.until("PWN" if name.isprintable() else "empo")  # no line end in a name is ever completed
        trapped.type(" --headless --speedup nothing\n")
        trapped.until("is not a speed")
        assert not (tmp_path / "PWN").exists(), name


@pytest.mark.full
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("quote", "left_out"), [('"', "yzu"), ("'", "q")])
def test_within_quotes_only_what_they_keep_is_completed(
    trapped: Shell, tmp_path: Path, quote: str, left_out: str
) -> None:
    for name in HOSTILE[:-1]:
        trapped.type(f"runback run {quote}{name[0]}\t")
        trapped.until("\x07" if name[0] in left_out else "PWN")
        trapped.type((quote if name[0] in left_out else "") + " --headless --speedup nothing\n")
        trapped.until("is not a speed" if name[0] not in left_out else "it does not exist")
        assert not (tmp_path / "PWN").exists(), name


@pytest.mark.full
@pytest.mark.timeout(180)
def test_a_completed_name_that_means_something_to_the_shell_is_that_workout(trapped: Shell) -> None:
    trapped.type("runback run x\t--headless --speedup max\n")
    trapped.until("x;touch PWN: completed")


def complete(line: str, home: Path, *, shell: str = "fish") -> tuple[list[str], str]:
    """What the program answers to a shell that asks it."""
    words = line.split(" ")
    done = subprocess.run(
        [sys.executable, "-m", "runback"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home), "_RUNBACK_COMPLETE": f"{shell}_complete"}
        | {"COMP_WORDS": "\n".join(words) if shell == "fish" else line, "COMP_CWORD": words[-1]},
    )
    return re.findall(r"^\w+,([^\t\n]*)", done.stdout, flags=re.MULTILINE), done.stderr


@pytest.mark.full
def test_a_tab_is_answered_also_with_broken_settings_and_a_broken_journal(tmp_path: Path) -> None:
    folder = tmp_path / "runback"
    folder.mkdir()
    (folder / "config.toml").write_text("units = \n")
    (folder / "journal.db").write_text("not a journal")
    for line in ("runback run -t s", "runback replay l", "runback run --theme d", "runback history -"):
        found, said = complete(line, tmp_path)
        assert found, line
        assert said == "", line


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "runback", "completion", shell],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_RUNBACK_COMPLETE={shell}_complete" in done.stdout
