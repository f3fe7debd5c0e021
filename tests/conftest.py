"""For all tests: the quick suite, and `--full` for the whole of it."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.effort import VARIABLE, examples

SLOW_FOLDER = "tests/processes/"
"""Real processes on a private D-Bus: each of these mostly waits, for ten seconds of countdown and more."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--full`: everything; without it, what takes about a minute."""
    parser.addoption("--full", action="store_true", help="real processes, sweeps, searches and all examples as well")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Say how much is to be done before anything is imported that asks."""
    if config.getoption("--full"):
        os.environ[VARIABLE] = "1"
    else:
        os.environ.pop(VARIABLE, None)
    # A busy computer draws examples slowly; that says nothing of what is tested. `--hypothesis-profile` wins over it.
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples(100))
    settings.register_profile("patient", patient)
    # The same examples in every run: what has passed once lands.
    settings.register_profile("repeatable", patient, derandomize=True, database=None)
    if not config.getoption("--hypothesis-profile", None):
        settings.load_profile("patient")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The quick suite does not even read what it leaves out as a whole."""
    asked = config.getoption("--full") or any(SLOW_FOLDER in f"{one}/" for one in config.args)
    return None if asked or not collection_path.match(f"{SLOW_FOLDER}*.py") else True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only the full suite does, unless a file or a test of it was asked for by name."""
    if config.getoption("--full"):
        # What mostly waits comes first, and the quick files fill up what is left of the processors.
        items.sort(key=lambda item: not item.nodeid.startswith(SLOW_FOLDER))
        return
    named = tuple(str(one).split("::")[0] for one in config.args if ".py" in str(one))
    slow = [item for item in items if item.get_closest_marker("full") and not item.nodeid.startswith(named)]
    if slow:
        config.hook.pytest_deselected(items=slow)
        left = set(slow)
        items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="module")
def nothing_left_by_other_tests() -> None:
    """What other tests have left is collected now: a future that complains while CPython 3.11 builds a syntax tree (its
    traceback builds one too) ends that in a SystemError (python/cpython#106905)."""
    gc.collect()
