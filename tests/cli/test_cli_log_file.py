"""A log for bug reports: `log_file`, `--log-file`, `--verbose`."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest

from runback.cli.log_file import FULL, MOST, LogHandler, open_log
from runback.ipc.background_writer import BackgroundWriter
from tests.support.cli.person import Person

SHORT = ("run", "2s walk 4", "--headless", "--speedup", "max")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.mark.full
@pytest.mark.parametrize("way", ["option", "environment", "file"])
def test_a_log_is_written_however_it_was_asked_for_and_is_the_persons_alone(
    person: Person, log: Path, way: str
) -> None:
    if way == "environment":
        person.environment["RUNBACK_LOG_FILE"] = str(log)
    if way == "file":
        person.does("config", "log_file", str(log))
    person.does(*SHORT, *(["--log-file", str(log)] if way == "option" else []))
    lines = log.read_text().splitlines()
    assert "INFO    runback: runback " in lines[0]
    assert any("runback.session: write {'uuid': '2AD9'" in line for line in lines)
    assert not any("snapshot" in line for line in lines)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_verbose_writes_it_to_the_state_folder(person: Person) -> None:
    person.does(*SHORT, "--verbose")
    assert (person.home / "state" / "runback" / "runback.log").stat().st_size > 0


def test_without_being_asked_for_there_is_none(person: Person) -> None:
    person.does(*SHORT)
    assert not list(person.home.rglob("*.log"))


@pytest.mark.full
def test_what_went_wrong_is_its_last_line_but_one(person: Person, log: Path) -> None:
    person.fails(*SHORT[:1], "no-such-workout", "--log-file", str(log))
    assert 'ERROR   runback: workout "no-such-workout": it does not exist' in log.read_text().splitlines()[-2]


@pytest.mark.full
def test_a_log_that_cannot_be_written_is_one_line_and_nothing_begins(person: Person, tmp_path: Path) -> None:
    for where, why in (
        (tmp_path, "plain file"),
        (tmp_path / "none" / "log", "No such file"),
        ("/dev/null", "plain file"),
    ):
        told = person.fails(*SHORT, "--log-file", str(where))
        assert told.startswith("runback: log_file: ")
        assert why in told
        assert "give a file that can be written" in told


def test_stop_asks_for_no_log(person: Person) -> None:
    person.environment["RUNBACK_LOG_FILE"] = "/nowhere/log"
    told = person.types("stop", "--treadmill", "sim")
    assert "lives inside its own session" in told.stderr
    assert "log_file" not in told.stderr


def test_bluetooth_is_heard_in_full_and_others_when_they_warn(log: Path) -> None:
    with open_log(str(log)):
        logging.getLogger("bleak.backends").debug("a notification")
        logging.getLogger("asyncio").debug("a selector")
        logging.getLogger("asyncio").warning("a slow callback\x1b[2J")
    logging.getLogger("bleak.backends").warning("too late")
    told = log.read_text()
    assert "DEBUG   bleak.backends: a notification" in told
    assert "a selector" not in told
    assert "WARNING asyncio: a slow callback\\x1b[2J" in told
    assert "too late" not in told


def test_a_log_that_is_full_is_put_aside(log: Path) -> None:
    log.write_bytes(b"x" * FULL)
    log.chmod(0o600)
    with open_log(str(log)):
        pass
    assert log.with_name("log.1").stat().st_size == FULL
    assert 0 < log.stat().st_size < 1000


def test_a_log_ends_where_it_may_be_no_longer(log: Path) -> None:
    with log.open("wb") as file:
        writer = BackgroundWriter(file.fileno())
        says(LogHandler(writer, room=10_000), times=100)
        assert writer.close(10.0) is None
    *lines, last = log.read_text().splitlines()
    assert len(lines) < 10
    assert last == f"The log ends here: it has {MOST // 1_000_000} MB."


def test_a_disk_that_takes_nothing_holds_nothing_up() -> None:
    """A pipe that nobody reads stands for it: whoever writes more than 64 KiB to it waits for ever."""
    read, write = os.pipe()
    writer = BackgroundWriter(write, most=100_000)
    says(LogHandler(writer, room=MOST), times=1000)
    assert writer.close(0.0) is not None
    os.close(read)  # which ends its thread
    assert writer.close(10.0) is not None
    os.close(write)


def says(handler: LogHandler, *, times: int) -> None:
    for _ in range(times):
        handler.handle(logging.LogRecord("bleak", logging.DEBUG, "", 0, "x" * 1500, None, None))
