"""The benchmarks: what the program promises about Stop, time and cost, measured. They run only by name.

    pytest tests/benchmarks                  all of it, some four hours on two cores; best on a computer at rest
    pytest tests/benchmarks --quick          few of everything, about four minutes: that it works, not how fast it is
    pytest tests/benchmarks -k "idle"        some of it; the figures of the rest stay in the file

The codec's needs `pip install -e '.[bench]'`. Each figure goes into one JSON file (`--results`, by default
`.benchmarks/stop.json`): n, median, p90, p95, p99, max, the floor of the same run, targets, met or not.
The summary tells them too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Results
from tests.support.bluez.fixtures import private_bus_address as private_bus_address
from tests.support.bluez.fixtures import system_bus as system_bus

KEPT = pytest.StashKey[Results]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("benchmarks")
    group.addoption("--quick", action="store_true", help="few samples of everything: whether it works, not how fast")
    group.addoption("--samples", type=int, default=300, help="Stops in each scene")
    group.addoption("--presses", type=int, default=1000, help="presses with something in front")
    group.addoption("--flooded", type=int, default=1000, help="Stops in a flood of notifications, and as many in quiet")
    group.addoption("--trials", type=int, default=10_000, help="Stops among speed writes")
    group.addoption("--deaths", type=int, default=20, help="rounds in which a process of each kind is struck")
    group.addoption("--drift-seconds", type=int, default=300, help="length of the workout the clock is held against")
    group.addoption("--cost-seconds", type=int, default=20, help="how long CPU and output are watched")
    group.addoption("--starts", type=int, default=15, help="start-ups")
    group.addoption("--results", type=Path, default=Path(".benchmarks/stop.json"), help="where the figures go")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[KEPT] = Results(config.getoption("results"))


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[[Figure], None]:
    """Write a figure down, then hold it to its targets."""
    results = request.config.stash[KEPT]

    def kept(figure: Figure) -> None:
        results.put(figure)
        assert not figure.missed, "\n".join(figure.lines())

    return kept


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[str, int], int]:
    """How many: the option's number, or `few` of a quick run."""

    def of(option: str, few: int) -> int:
        return few if request.config.getoption("quick") else int(request.config.getoption(option.replace("-", "_")))

    return of


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    results = config.stash[KEPT]
    for figure in results.figures:
        for line in figure.lines():
            terminalreporter.write_line(line)
    if results.figures:
        terminalreporter.write_line(f"all of it in {results.path}")
