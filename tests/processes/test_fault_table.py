"""Stop, whatever hangs or dies: the guide's table, on the real processes.

The rows mostly wait (a countdown takes its ten seconds), so several are played at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from runback import guide
from tests.support.processes.fault_rows import ROWS
from tests.support.processes.screen_rows import SCREEN_ROWS
from tests.support.processes.stage import Starved, stage

AT_A_TIME = 4
TRIES = 5
"""How often a row is begun on a computer too busy for it to begin."""
TABLE = guide.text("faults")

ALL = {**ROWS, **SCREEN_ROWS}
Played = dict[str, Future[None]]


def play(name: str, folder: Path) -> None:
    """One row, from the curtain to the end."""
    row = ALL[name]
    here = folder / "here" if row.beside else None
    for name in row.beside:
        (folder / "here").mkdir(parents=True, exist_ok=True)
        (folder / "here" / name).write_text("raise SystemExit('I was only lying about')\n", encoding="utf-8")
    for tried in range(1, TRIES + 1):
        try:
            with stage(folder / str(tried), row.workout, *row.faults, options=row.options, cwd=here) as played:
                row.act(played)
            return
        except Starved:
            if tried == TRIES:
                raise


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Every row that was asked for, under way."""
    here = [item for item in request.session.items if item.path == request.path and hasattr(item, "callspec")]
    rows = [item.callspec.params["name"] for item in here]
    folder = tmp_path_factory.mktemp("table")
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        futures = {name: pool.submit(play, name, folder / str(number)) for number, name in enumerate(rows)}
        yield futures
        pool.shutdown(cancel_futures=True)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ALL)
def test_the_belt_comes_to_rest_or_the_alarm_is_latched(name: str, played: Played) -> None:
    played[name].result()


def test_the_guide_lists_every_row() -> None:
    told = re.findall(r"^\| (.+?) \| .+ \|$", TABLE, flags=re.MULTILINE)
    assert [name for name in ROWS if name not in told] == []
