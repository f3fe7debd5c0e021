"""Fixtures for whoever needs the bench: import them into a conftest.py by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.bluez.bus import NoDbusDaemon, as_system_bus, private_bus


@pytest.fixture(scope="session")
def private_bus_address() -> Iterator[str]:
    """One dbus-daemon for the test run. A missing one is a failure, in one line, never a skip."""
    try:
        with private_bus() as address:
            yield address
    except NoDbusDaemon as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def system_bus(private_bus_address: str) -> Iterator[str]:
    """The private bus stands in for the system's, in this process and its children. Yields its address."""
    with as_system_bus(private_bus_address):
        yield private_bus_address
