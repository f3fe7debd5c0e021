"""For all tests: what mostly waits comes first, and the quick files fill up what is left of the processors."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# A busy computer draws examples slowly; that says nothing of what is tested. `--hypothesis-profile` wins over it.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

WAITS = "tests/processes/"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order within a file, and among the others, stays."""
    items.sort(key=lambda item: not item.nodeid.startswith(WAITS))
