"""What runback keeps of a person is theirs alone, whatever the umask (issue 11, point 19)."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli.person import Person
from tests.support.journal.stage import keep

SESSION = ("run", "5s walk 4, 5s walk 5", "--headless", "--speedup", "max", "--journal")
ZWO = """<workout_file><sportType>run</sportType><durationType>time</durationType><workout>
<SteadyState Duration="60" Speed="7"/></workout></workout_file>"""


@pytest.fixture
def careless(person: Person) -> Iterator[Person]:
    """Somebody whose every new file can be read and changed by all, unless a program sees to it."""
    before = os.umask(0)
    yield person
    os.umask(before)


def open_to_others(folder: Path) -> dict[str, str]:
    """What of `folder` others may read or change, with its mode."""
    found = {path.relative_to(folder).as_posix(): path.lstat().st_mode for path in folder.rglob("*")}
    return {name: oct(stat.S_IMODE(mode)) for name, mode in found.items() if mode & 0o077}


@pytest.mark.full
def test_everything_that_is_kept_of_a_person_is_made_for_them_alone(careless: Person) -> None:
    given = careless.home / "given"
    given.mkdir(mode=0o700)
    file = given / "tempo.zwo"
    file.write_text(ZWO)
    file.chmod(0o600)
    careless.does("plan", "start", "return-to-running", "--rehearse")
    careless.does("log", "cycling", "40", "--pain", "1")
    careless.does(*SESSION, "--trace", str(given / "trace"))
    careless.does("export", "last", "--csv", "-o", str(given / "export.csv"))
    careless.does("report", "-o", str(given / "report.html"))
    careless.does("config", "units", "mph")
    careless.does("config", "units", "km/h")
    careless.does("import", str(file), "--unit", "km/h", "--yes")
    careless.types("doctor")
    commissioned = careless.types(
        *("commission", "-t", "sim:urevo-e1l", "--headless", "--yes", "--console", "1.0", "--speedup", "max"),
        *("--output", str(given / "machines")),
    )
    assert commissioned.returncode == 0, commissioned
    kept = {path.name for path in careless.home.rglob("*") if path.is_file()}
    assert {"journal.db", "trace", "export.csv", "report.html", "config.toml", "tempo.toml"} <= kept
    assert open_to_others(careless.home) == {}


AUDITED = """
import os, sys
def hook(event, args):
    if event == "open" and args[0] == sys.argv[1] and isinstance(args[2], int) and args[2] & os.O_CREAT:
        made.append(True)
    if event == "os.chmod":
        made.append(args[0])
made = []
sys.addaudithook(hook)
from runback.cli.app import execute
code = execute(["export", "last", "--csv", "-o", sys.argv[1]])
print(code, made)
"""


def test_an_export_is_private_from_the_moment_it_is_made(careless: Person) -> None:
    """Not by a change of its mode afterwards: until then somebody may have opened it."""
    keep(careless.journal)
    target = careless.home / "export.csv"
    done = subprocess.run(
        [sys.executable, "-c", AUDITED, str(target)],
        env=careless.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "0 [True]"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def doctor(person: Person) -> dict[str, dict[str, str]]:
    done = person.types("doctor", "--json")
    return {found["what"]: found for found in map(json.loads, done.stdout.splitlines())}


@pytest.mark.full
@pytest.mark.parametrize(
    ("path", "mode", "what", "told"),
    [
        ("data/runback", 0o755, "data", "other users may read it (mode 0755)"),
        ("data/runback", 0o777, "data", "other users may change it (mode 0777)"),
        ("data/runback/journal.db", 0o640, "data", "other users may read it (mode 0640)"),
        ("state/runback", 0o750, "state", "other users may read it (mode 0750)"),
        ("state/runback/ramps.json", 0o644, "state", "other users may read it (mode 0644)"),
        ("config/runback", 0o777, "settings", "other users may change it (mode 0777)"),
    ],
)
def test_the_doctor_says_who_else_may_read_what_is_kept_and_how_that_ends(
    path: str, mode: int, what: str, told: str, person: Person
) -> None:
    for name in ("data/runback/journal.db", "state/runback/ramps.json", "config/runback/config.toml"):
        (person.home / name).parent.mkdir(parents=True)
        (person.home / name).parent.chmod(0o700)
        (person.home / name).touch(mode=0o600)
    (person.home / path).chmod(mode)
    found = doctor(person)[what]
    assert (found["state"], found["found"]) == ("note", f"{person.home / path}: {told}")
    assert found["mend"].startswith("`chmod -R go= ")
    subprocess.run(found["mend"].split("`")[1], shell=True, check=True)
    assert doctor(person)[what]["state"] == "ok"


@pytest.mark.full
def test_a_trace_that_others_may_read_already_is_said(person: Person) -> None:
    trace = person.home / "trace"
    trace.touch(mode=0o600)
    trace.chmod(0o644)
    done = person.types(*SESSION, "--trace", str(trace))
    assert done.returncode == 0
    assert done.stderr == f"runback: {trace}: other users may read it (mode 0644); `chmod 600` ends that\n"


@pytest.mark.full
def test_a_trace_deleted_while_the_session_runs_is_said(person: Person) -> None:
    trace = person.home / "trace"
    command = f'"{sys.executable}" -m runback run "5s walk 4" --headless --trace "{trace}" & '
    wait = f'until [ -s "{trace}" ]; do sleep 0.05; done; rm "{trace}"; kill -INT $!; wait $!'
    done = subprocess.run(
        ["bash", "-mc", command + wait], env=person.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done
    assert f"runback: {trace} was deleted meanwhile: the trace is lost" in done.stderr
