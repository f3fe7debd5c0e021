"""Quirks 40 to 44 of quirks.md: identity, clients, pace, vendor stacks, the end of the link."""

from __future__ import annotations

import pytest

from tests.support.simulator.treadmill_bench import CONTROL_POINT, uuid
from tests.support.simulator.twin_bench import bench, shipped

FFF2 = uuid("FFF2")


def test_quirk_40_it_advertises_no_name_and_two_services() -> None:
    """quirks.md 40, Horizon Omega Z: 1816 and 1826 only."""
    advertisement = shipped("horizon-omega-z").treadmill.advertisement(0)
    assert advertisement is not None
    assert advertisement.name is None
    assert advertisement.service_uuids == (uuid("1816"), uuid("1826"))


def test_quirk_40_it_can_be_found_for_a_minute_after_being_switched_on() -> None:
    treadmill = bench("[link]\nadvertises_for = 60").treadmill
    assert treadmill.advertisement(1000) is not None
    assert treadmill.advertisement(1059) is not None
    assert treadmill.advertisement(1060) is None


def test_quirk_41_with_one_client_it_is_not_seen_any_more() -> None:
    z1 = shipped("walkingpad-z1")
    assert z1.treadmill.advertisement(0) is not None
    z1.join(1, CONTROL_POINT)
    assert z1.treadmill.advertisement(1) is None


def test_quirk_42_writes_too_soon_after_another_are_ignored() -> None:
    machine = bench('[link]\ngap = 0.4\ntoo_fast = "ignored"').join()
    assert machine.ask("00") == "800001"
    machine.run(0.3)
    assert machine.ask("07") == ""
    machine.run(0.45)
    assert machine.ask("07") == "800701"


def test_quirk_42_writes_too_soon_after_another_drop_the_link() -> None:
    machine = bench('[link]\ngap = 0.4\ntoo_fast = "drops"').join()
    assert machine.ask("00") == "800001"
    machine.run(0.3)
    assert machine.ask("07") == ""
    assert [client for _, client in machine.drops()] == [1]


def test_quirk_42_writes_too_soon_after_another_only_beep() -> None:
    machine = bench('[link]\ngap = 0.4\ntoo_fast = "beeps"').join()
    assert machine.ask("00") == "800001"
    assert machine.ask("07") == "800701"


@pytest.mark.parametrize("response", [True, False])
def test_quirk_43_a_vendors_stack_lies_beside_and_takes_writes(*, response: bool) -> None:
    machine = bench('[protocol]\nbeside = ["FFF1"]\nnever_write = ["FFF1"]').join()
    assert FFF2 in machine.treadmill.services()[uuid("FFF1")]
    machine.treadmill.write(1, FFF2, b"\x01\x00", 1, response=response)
    machine.run(2)
    assert [(one.uuid, one.data) for one in machine.treadmill.vendor_writes] == [(FFF2, b"\x01\x00")]
    assert list(machine.treadmill.received) == []
    assert machine.answers() == ([None] if response else [])


@pytest.mark.parametrize(("habit", "speed"), [("runs-on", 80), ("stops", 0)])
def test_quirk_44_the_belt_runs_on_or_stops_when_the_link_ends(habit: str, speed: int) -> None:
    machine = bench(f'[link]\non_disconnect = "{habit}"').join()
    machine.ask("00")
    machine.ask("07")
    machine.run(10)
    machine.treadmill.disconnected(1, 10)
    assert machine.run(20).speed == speed
