"""`runback today` from outside: it wants a terminal, and it knows what was said in the session before."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from runback.cli.app import execute
from runback.cli.front_door import said_wrong
from runback.journal.database import open_to_write
from runback.journal.inserts import Store
from runback.journal.model import Event, Record, SessionStart
from runback.key_bindings import CONTROLS
from runback.session.model import Intent, Phase


def test_without_a_terminal_it_says_what_to_do_instead(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["today"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "`runback plan`" in told


@pytest.mark.parametrize(("ask", "wrong"), [(Intent.TROUBLE, True), (Intent.EASE_OFF, False)])
def test_what_was_said_in_the_newest_session_is_known_afterwards(ask: Intent, wrong: bool, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    connection = open_to_write(path)
    for number, said in enumerate((Intent.EASE_OFF, ask)):
        began = datetime(2026, 10, 1 + number, tzinfo=UTC)
        records: list[Record] = [SessionStart(began, "first-run", "", 1000, simulated=True, program="1")]
        Store().write(connection, [*records, Event(1, 500, "ask", {"ask": said.value})], 0)
    connection.close()
    assert said_wrong(path) is wrong


def test_the_key_for_something_is_wrong_is_one_key_and_only_while_the_belt_runs() -> None:
    (control,) = (each for each in CONTROLS if each.what is Intent.TROUBLE)
    assert [*control.keys, *control.phases] == ["w", Phase.RUNNING]
