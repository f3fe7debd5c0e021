"""For all tests: what mostly waits comes first, and the quick files fill up what is left of the processors."""

from __future__ import annotations

import pytest

WAITS = "tests/processes/"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order within a file, and among the others, stays."""
    items.sort(key=lambda item: not item.nodeid.startswith(WAITS))
