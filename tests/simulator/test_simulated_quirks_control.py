"""Quirks 1 to 10 of quirks.md: the control point's transport, unlocking, preambles."""

from __future__ import annotations

import pytest

from runback.simulator.gatt import AttFault, Value
from runback.simulator.treadmill import Treadmill
from runback.simulator.twin import twin
from tests.support.simulator.treadmill_bench import CONTROL_POINT, DATA, STATUS, TRAINING, Bench
from tests.support.simulator.twin_bench import bench, profile, shipped, shipped_spec, uuid

FITNESS_MACHINE = uuid("1826")
ODM = "d18d2c10-c44c-11e8-a355-529269fb1459"
MERACH = "59554c55-0000-6666-8888-4d4552414348"
SUPPLEMENT_WRITE = "24e2521c-f63b-48ed-85be-c5330d00fdf7"
SUPPLEMENT_NOTIFY = "24e2521c-f63b-48ed-85be-c5330b00fdf7"
STATUS_ONLY = '[control]\nacknowledged_by = "status"'


def test_quirk_01_the_control_point_takes_commands_without_response_only() -> None:
    """captures.json, Urevo E1L: ATT op code 0x52 (write command)."""
    e1l = shipped("urevo-e1l").join()
    assert e1l.treadmill.services()[FITNESS_MACHINE][CONTROL_POINT] == {"write-without-response", "notify"}
    e1l.send("00")
    e1l.run(1)
    assert e1l.answers() == [0x03]
    assert e1l.values(CONTROL_POINT) == []
    e1l.send("00", response=False)
    e1l.run(2)
    assert e1l.values(CONTROL_POINT) == ["800001"]


def test_quirk_02_the_response_comes_as_a_notification() -> None:
    omega = bench('[control]\nresponse_by = "notification"').join()
    omega.send("00")
    omega.run(1)
    assert Value(1, CONTROL_POINT, bytes.fromhex("800001"), indication=False) in [said for _, said in omega.heard]


def test_quirk_03_request_control_is_never_answered_and_granted_all_the_same() -> None:
    omega = shipped("horizon-omega-z").join()
    assert omega.ask("00") == ""
    omega.run(1)
    assert omega.ask("07") == "800701"
    assert omega.run(12).speed == 80


def test_quirk_03_request_control_is_refused_and_commands_are_obeyed_all_the_same() -> None:
    machine = bench('[control]\nrequest_answer = "refused"').join()
    assert machine.ask("00") == "800004"
    assert machine.ask("07") == "800701"


def test_quirk_04_commands_are_acknowledged_by_machine_status_alone() -> None:
    machine = bench(STATUS_ONLY).join()
    assert machine.ask("00") == "800001"
    assert machine.ask("07") == ""
    machine.run(5)
    assert machine.ask("02f401") == ""
    assert machine.ask("0801") == ""
    assert machine.values(STATUS) == ["04", "05f401", "0201"]


def test_quirk_04_what_is_refused_is_met_with_silence() -> None:
    machine = bench(STATUS_ONLY).join()
    machine.ask("00")
    assert machine.ask("02f401") == ""
    assert machine.values(STATUS) == []


def test_quirk_04_either_is_both() -> None:
    machine = bench('[control]\nacknowledged_by = "either"').join()
    machine.ask("00")
    assert machine.ask("07") == "800701"
    assert machine.values(STATUS) == ["04"]


def test_quirk_04_telemetry_is_the_only_acknowledgement_of_a_silent_machine() -> None:
    machine = bench('[control]\nacknowledged_by = "telemetry"').join(1, CONTROL_POINT, STATUS, DATA)
    machine.ask("00")
    assert machine.ask("07") == ""
    machine.run(6)
    assert machine.values(STATUS) == []
    assert machine.speed == 80


@pytest.mark.parametrize("request_octets", ["033c00", "07", "0405", "02ffff", "0801"])
def test_quirk_05_success_is_answered_to_everything_whatever_comes_of_it(request_octets: str) -> None:
    """captures.json, Urevo E1L: `033c00`, an incline it does not have, before control: `800301`."""
    machine = shipped("urevo-e1l").join()
    machine.send(request_octets, response=False)
    machine.run(1)
    assert machine.values(CONTROL_POINT) == [f"80{request_octets[:2]}01"]
    assert machine.run(10).speed == 0


def unlock(machine: Bench, octets: str) -> None:
    machine.treadmill.write(1, SUPPLEMENT_WRITE, bytes.fromhex(octets), machine.now, response=False)


def test_quirk_06_without_unlocking_writes_are_accepted_and_nothing_comes_of_them() -> None:
    z1 = shipped("walkingpad-z1").join(1, CONTROL_POINT, STATUS, DATA, SUPPLEMENT_NOTIFY)
    z1.send("00")
    z1.run(1)
    z1.send("07")
    z1.run(10)
    assert z1.answers() == [None, None]
    assert [said for _, said in z1.heard if isinstance(said, Value)] == []
    assert z1.speed == 0
    assert list(z1.treadmill.received) == []


def test_quirk_06_the_unlocking_octets_come_from_the_name() -> None:
    """slandau3/z1-walkingpad-mcp docs/protocol.md: KS-HD-Z1D is unlocked by 71 00 05 01 2e 5a 31 44 74."""
    z1 = shipped("walkingpad-z1").join(1, CONTROL_POINT, DATA, SUPPLEMENT_NOTIFY)
    unlock(z1, "71 00 05 01 2e 5a 31 44 75")
    z1.run(1)
    assert z1.values(SUPPLEMENT_NOTIFY) == []
    unlock(z1, "71 00 05 01 2e 5a 31 44 74")
    z1.run(2)
    assert z1.values(SUPPLEMENT_NOTIFY) == ["7180"]
    assert z1.ask("00") == "800001"
    assert z1.values(DATA) != []


def test_quirk_06_unlocking_ends_with_the_connection() -> None:
    z1 = shipped("walkingpad-z1").join(1, CONTROL_POINT)
    unlock(z1, "71 00 05 01 2e 5a 31 44 74")
    z1.treadmill.disconnected(1, z1.run(1).now)
    z1.join(1, CONTROL_POINT).run(2)
    assert z1.ask("00") == ""


def preamble(machine: Bench) -> None:
    machine.treadmill.write(1, ODM, bytes.fromhex("01000d00060b0f0d"), machine.now, response=True)
    machine.run(machine.now + 0.05)


def test_quirk_07_each_command_needs_its_preamble() -> None:
    each = f'[preamble]\ncharacteristic = "{ODM}"\noctets = "01 00 0d 00 06 0b 0f 0d"\nwhen = "each"'
    machine = bench(each).join()
    assert machine.ask("00") == "800005"
    machine.treadmill.write(1, ODM, bytes.fromhex("0100000308000209"), machine.now, response=True)
    assert machine.ask("00") == "800005"
    preamble(machine)
    assert machine.ask("00") == "800001"
    assert machine.ask("07") == "800705"
    preamble(machine)
    assert machine.ask("07") == "800701"


def test_quirk_07_once_is_enough_where_the_profile_says_so_and_control_is_requested_twice() -> None:
    once = f'[preamble]\ncharacteristic = "{ODM}"\noctets = "01 00 0d 00 06 0b 0f 0d"\nwhen = "once"\n'
    machine = bench(once + '[control]\nrequest_control = "twice"').join()
    preamble(machine)
    assert machine.ask("00") == "800001"
    assert machine.ask("07") == "800705"
    assert machine.ask("00") == "800001"
    assert machine.ask("07") == "800701"


def test_quirk_07_the_mc_21_obeys_after_its_preamble_and_answers_by_status() -> None:
    mc21 = shipped("walkingpad-mc21").join(1, CONTROL_POINT, STATUS)
    preamble(mc21)
    assert mc21.ask("00") == "800004"
    preamble(mc21)
    assert mc21.ask("07") == ""
    assert mc21.values(STATUS)[-1] == "04"


def test_quirk_08_a_vendors_characteristic_unlocks_without_a_reply() -> None:
    merach = shipped("merach-t").join()
    assert merach.ask("00") == ""
    merach.run(1)
    merach.treadmill.write(1, MERACH, bytes.fromhex("aa01000155"), merach.now, response=False)
    assert merach.ask("00") == "800001"


def test_quirk_09_request_control_carries_a_key() -> None:
    myrun = shipped("technogym-myrun").join()
    assert myrun.ask("00") == "800003"
    assert myrun.ask("00 0000000000000000") == "800005"
    assert myrun.ask("07") == "800705"
    assert myrun.ask("00 93f051e81b42928e") == "800001"
    assert myrun.ask("07") == "800701"


def test_quirk_09_some_firmwares_have_no_control_point() -> None:
    machine = bench("[protocol]\ncontrol_point = false")
    assert CONTROL_POINT not in machine.treadmill.services()[FITNESS_MACHINE]
    machine.join(1, DATA, TRAINING)
    with pytest.raises(AttFault):
        machine.treadmill.subscribed(1, CONTROL_POINT, 0, enabled=True)


def test_quirk_10_the_link_ends_unless_vendor_writes_are_made() -> None:
    life_fitness = shipped("life-fitness").join().run(10)
    assert life_fitness.drops() == [(5.0, 1)]


def test_quirk_10_a_client_that_has_left_is_not_dropped_any_more() -> None:
    life_fitness = shipped("life-fitness").join()
    life_fitness.treadmill.disconnected(1, 2)
    assert life_fitness.run(10).drops() == []


def test_quirk_10_a_client_that_unlocks_it_may_stay() -> None:
    text = f'[link]\nneeds_unknown_writes = true\n[[unlock]]\ncharacteristic = "{MERACH}"\noctets = "aa"'
    machine = Bench(twin(profile(text))).join()
    machine.treadmill.write(1, MERACH, b"\xaa", 0, response=False)
    assert machine.run(20).drops() == []


def test_quirk_10_reading_the_manufacturer_fails() -> None:
    treadmill = Treadmill(shipped_spec("life-fitness"))
    treadmill.connected(1, 0)
    with pytest.raises(AttFault) as failed:
        treadmill.read(1, uuid("2A29"), 0)
    assert failed.value.code == 0x0E
    assert treadmill.read(1, uuid("2AD4"), 0) != b""
