"""The last resort's Stop, on the twins of machines that want to hear something first, or are written otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from runback.workout.model import Step
from tests.support.engine.bench import RUN, WALK, Line
from tests.support.engine.twins import KNOWN, SERVED, octets, quirky, shipped

STEPS = (Step(WALK, 60, 300), Step(RUN, 60, 600))
AT = 40.0


def as_if_the_core_had_failed(tasks: set[asyncio.Task[None]]) -> Callable[[Line], object]:
    """The blind Stops, beside a session that knows nothing of them."""

    def act(line: Line) -> None:
        task = asyncio.get_running_loop().create_task(line.engine.pump.last_resort_stop())
        tasks.add(task)

    return act


def stops_blindly(line: Line, until: float = AT + 10.0) -> Line:
    tasks: set[asyncio.Task[None]] = set()
    line.attended((AT, as_if_the_core_had_failed(tasks)), until=until)
    assert all(task.done() for task in tasks)
    return line


@pytest.mark.full
@pytest.mark.parametrize("name", SERVED)
def test_it_stops_every_machine(name: str) -> None:
    line = stops_blindly(shipped(name, *STEPS))
    assert min(line.belt_between(AT - 5.0, AT - 0.5)) > 0
    assert set(line.belt_between(AT + 8.5, AT + 9.9)) == {0}


@pytest.mark.parametrize(
    "tables",
    [
        '[preamble]\ncharacteristic = "FFF1"\noctets = "01 02"\nwhen = "each"\n',
        '[preamble]\ncharacteristic = "FFF1"\noctets = "01 02"\nwhen = "each"\n'
        '[link]\ngap = 0.4\ntoo_fast = "ignored"\n',
        '[preamble]\ncharacteristic = "FFF1"\noctets = "01 02"\nwhen = "once"\n',
        '[control]\nwrite_type = "command"\n',
        '[link]\ngap = 0.4\ntoo_fast = "ignored"\n',
    ],
    ids=["preamble", "preamble and gap", "preamble once", "written without response", "gap"],
)
def test_quirks_1_7_and_42_are_heeded(tables: str) -> None:
    line = stops_blindly(quirky(KNOWN + tables, *STEPS))
    assert set(line.belt_between(AT + 8.5, AT + 9.9)) == {0}
    taken = [each.result for each in line.treadmill.received if each.data == b"\x08\x01"]
    assert 1 in taken


def test_quirk_7_what_goes_ahead_is_written_before_every_other_stop() -> None:
    tables = '[preamble]\ncharacteristic = "FFF1"\noctets = "01 02"\nwhen = "each"\n'
    line = stops_blindly(quirky(KNOWN + tables, *STEPS))
    written = [data for at, data in line.written() if AT <= at < AT + 2.0]
    assert written == ["0102", "0801", "0801", "0102", "0801", "0801"]


def test_quirk_43_what_must_never_be_written_is_not() -> None:
    tables = '[preamble]\ncharacteristic = "FFF1"\noctets = "01 02"\nwhen = "each"\n'
    line = stops_blindly(quirky(KNOWN + tables, *STEPS))
    assert {write.uuid[4:8] for write in line.treadmill.vendor_writes} <= {"fff1"}
    assert octets(line)
