"""Whatever is at the other end of the program, and whatever it is given: one line, never an internal error."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from runback.cli.app import execute
from runback.engine.ramp_store import RampStore
from tests.support.cli.person import Person, _listen

SESSION = ("run", "5s walk 4", "--headless", "--speedup", "max", "--journal")
LOST = "runback: standard output: {}; not everything was written, give it a place with room\n"
UNTEXT = os.fsdecode(b"x\xff")
"""A file name that no terminal can show."""
COMMANDS = [
    ("--help",),
    ("workouts", "--json"),
    ("config",),
    ("history", "--all"),
    ("export", "last", "--csv", "-o", "-"),
    SESSION,
]
DRIVING = frozenset({"run"})


@pytest.fixture
def settled(person: Person) -> Person:
    """Somebody with a plan, and a session in the journal."""
    person.does("plan", "start", "return-to-running", "--rehearse")
    person.does(*SESSION)
    return person


def into(person: Person, shell: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command with its streams as `shell` redirects them."""
    command = ["bash", "-c", f'exec "$@" {shell}', "bash", sys.executable, "-m", "runback", *arguments]
    return subprocess.run(
        command, env=person.environment | environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )


@pytest.mark.full
@pytest.mark.parametrize(("shell", "why"), [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
def test_output_that_cannot_be_written_is_one_line_and_its_exit_code(shell: str, why: str, settled: Person) -> None:
    """Issue 11, point 21: "internal error … please report it", and a session ended by it."""
    for arguments in COMMANDS:
        done = into(settled, shell, *arguments)
        assert done.stderr.decode() == LOST.format(why), arguments
        assert done.returncode == (0 if arguments[0] in DRIVING else 2), arguments


@pytest.mark.full
def test_a_session_is_run_and_kept_though_nobody_can_be_told(settled: Person) -> None:
    done = into(settled, ">/dev/full 2>/dev/full", *SESSION, "--fault", "refuses-stop@0")
    assert done.returncode == 4
    done = into(settled, ">&- 2>&- <&-", *SESSION, "--json")
    assert done.returncode == 0
    assert len(settled.history("--all")) == 4


@pytest.mark.full
def test_a_json_record_that_cannot_be_written_is_said(settled: Person) -> None:
    done = into(settled, ">/dev/full", *SESSION, "--json")
    assert (done.returncode, done.stderr) == (0, b"runback: the record is not complete: No space left on device\n")


@pytest.mark.full
def test_a_file_opened_where_standard_output_was_closed_is_not_written_to(settled: Person) -> None:
    trace = settled.home / "trace"
    into(settled, ">&- 2>&-", *SESSION, "--trace", str(trace))
    assert all(line.startswith('{"t": ') for line in trace.read_text().splitlines())


@pytest.mark.full
@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_every_terminals_encoding_will_do(encoding: str, settled: Person) -> None:
    """Issue 11, point 21: the minus sign of `config` ended it on a latin-1 terminal."""
    for arguments in COMMANDS:
        done = into(settled, "", *arguments, PYTHONIOENCODING=encoding)
        assert (done.returncode, done.stderr) == (0, b""), arguments
    assert b"+ and - stay" in into(settled, "", "config", PYTHONIOENCODING="latin-1").stdout


def in_a_terminal(person: Person, encoding: str, *arguments: str) -> tuple[int, str]:
    """The exit code of a command in a terminal of that encoding, and what it showed."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "runback", *arguments],
        env=person.environment | {"PYTHONIOENCODING": encoding, "TERM": "dumb"},
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(slave)
        shown = ""
        while portion := _listen(master):
            shown += portion
        os.close(master)
    return process.returncode, shown


@pytest.mark.full
def test_a_latin_1_terminal_is_spelled_to(settled: Person) -> None:
    code, shown = in_a_terminal(settled, "latin-1", "config", "units")
    assert code == 0
    assert "+ and - stay 0.5 km/h" in shown


@pytest.mark.full
def test_a_name_that_is_no_text_is_shown_and_ends_nothing(settled: Person) -> None:
    """Issue 11, point 21: one such file ended `workouts`, Tab and `export -o`; in `devices`, `stop` as well."""
    workouts, devices = (settled.home / "config" / "runback" / name for name in ("workouts", "devices"))
    for folder, text in ((workouts, '[[step]]\nkind = "walk"\nduration = "1m"\nspeed = 5\n'), (devices, "x = 1\n")):
        folder.mkdir(parents=True)
        (folder / f"{UNTEXT}.toml").write_text(text)
    for arguments in (
        ("workouts",),
        ("treadmills",),
        ("run", UNTEXT, "--headless", "--speedup", "max"),
        (*SESSION, "--trace", str(settled.home / UNTEXT)),
        ("export", "last", "--csv", "-o", str(settled.home / f"{UNTEXT}.csv")),
        ("plan", "clear", "--clinician", UNTEXT, "--what", "start", "--note", UNTEXT),
        ("history", "--all"),
        ("report", "-o", "-"),
    ):
        done = settled.types(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), (arguments, done)
    for arguments in (
        ("run", "5s walk 4", "-t", UNTEXT, "--headless"),
        ("stop", "-t", UNTEXT),
        ("config", "treadmill", UNTEXT),
        ("import", UNTEXT),
    ):
        done = settled.types(*arguments)
        assert done.returncode == 2, (arguments, done)
        assert "internal error" not in done.stderr
        assert "not a table" not in done.stderr


@pytest.mark.full
def test_a_home_whose_name_is_no_text_will_do(person: Person) -> None:
    at_home = {f"XDG_{name}_HOME": "" for name in ("CONFIG", "DATA", "STATE")}
    at_home["HOME"] = str(person.home / UNTEXT)
    for arguments in (SESSION, ("config", "--path"), ("config", "units", "mph")):
        done = into(person, "", *arguments, **at_home)
        assert (done.returncode, done.stderr) == (0, b""), (arguments, done)


UNUSABLE = ["pipe", "folder", "device", "nowhere", "socket"]


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """A folder with something of every sort that is no plain file."""
    folder = tmp_path / "places"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    (folder / "device").symlink_to("/dev/zero")
    (folder / "nowhere").symlink_to(folder / "missing" / "file")
    subprocess.run(
        [sys.executable, "-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", "socket"],
        cwd=folder,
        check=True,
    )
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that commands find which are run in this process."""
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


@pytest.mark.full
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("what", UNUSABLE)
def test_a_path_to_what_is_no_plain_file_is_one_line_and_never_waited_for(
    what: str, places: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue 11, point 21: `--trace PIPE` waited for a reader, before the session and before Stop."""
    assert execute(["plan", "start", "return-to-running"]) == 0
    assert execute(SESSION) == 0
    path = str(places / what)
    for arguments in (
        (*SESSION, "--trace", path),
        ("demo", "--trace", path),
        ("export", "last", "--csv", "-o", path),
        ("report", "-o", path),
        ("import", path),
        ("run", path, "--headless", "--speedup", "max"),
    ):
        capsys.readouterr()
        code = execute(arguments)
        shown = capsys.readouterr()
        if what == "nowhere" and "--trace" in arguments:
            continue  # a link to a file that is not there yet: it is made
        assert code == 2, (arguments, shown)
        assert shown.err.count("\n") == 1, (arguments, shown)
        assert "internal error" not in shown.err


@pytest.mark.parametrize("what", UNUSABLE)
def test_no_trace_stands_before_stop(
    what: str, places: Path, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={here}/nobody")
    execute(["stop", "-t", "X", "--trace", str(places / what)])
    *said, last = capsys.readouterr().err.splitlines()
    assert [line[:18] for line in said] == ["runback: --trace: "]
    assert "Bluetooth" in last  # it has gone on, and got as far as it can without a radio


@pytest.mark.full
@pytest.mark.parametrize("what", UNUSABLE)
def test_a_file_of_runbacks_own_that_is_no_plain_file_ends_nothing(
    what: str, places: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Brothers of issue 11, point 21: what runback opens by itself."""
    odd = places / what
    for name in ("state/runback/ramps.json", "config/runback/workouts/odd.toml", "config/runback/devices/odd.toml"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).symlink_to(odd)
    assert execute(["workouts"]) == 0
    assert execute(["treadmills"]) == 0
    assert capsys.readouterr().out.count("odd ") == 2
    RampStore(here / "state" / "runback")
    (here / "data" / "runback").mkdir(parents=True)
    (here / "data" / "runback" / "journal.db").symlink_to(odd)
    assert execute(SESSION) == 0
    assert "the journal is not complete" in capsys.readouterr().err
    execute(["history"])
    assert "internal error" not in capsys.readouterr().err
    (here / "config" / "runback" / "config.toml").symlink_to(odd)
    assert execute(["workouts"]) == 2
