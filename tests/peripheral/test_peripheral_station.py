"""The simulated treadmill on the air: emulated controllers, bumble as the central, real ATT bytes, virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from bumble import att, hci
from bumble.core import UUID, AdvertisingData

from runback.devices.library import available, find
from runback.simulator.faults import parse_fault
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.simulator.twin import twin
from tests.support.peripheral.bumble_link import BumbleLink
from tests.support.peripheral.station_bench import (
    BOUND,
    CONTROL,
    DATA,
    STATUS,
    TRAINING,
    Phone,
    failing,
    on_the_air,
    running,
    uuid,
)


async def test_a_scanner_sees_name_service_and_kind() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, station):
        phone = Phone(ether)
        await phone.link.connect(phone)
        assert phone.link.name == "Simulated Treadmill"
        assert phone.link.seen is not None
        assert phone.link.seen.get_all(AdvertisingData.Type.SERVICE_DATA_16_BIT_UUID) == [
            (UUID.from_16_bits(0x1826), bytes.fromhex("010100"))
        ]
        assert int(station.address[:2], 16) >= 0xC0  # static random


@pytest.mark.full
@pytest.mark.parametrize("entry", available(None), ids=lambda entry: entry.name)
async def test_every_twins_database_is_the_simulated_servers_own(entry: object) -> None:
    spec = twin(entry.profile)  # type: ignore[attr-defined]
    treadmill = Treadmill(spec)
    async with asyncio.timeout(BOUND), on_the_air(treadmill, name=spec.name) as (ether, _):
        phone = Phone(ether)
        offered = await phone.link.connect(phone)
        wanted = {uuid: allowed for each in treadmill.services().values() for uuid, allowed in each.items()}
        assert dict(offered) == wanted
        assert phone.link.shown.services == frozenset({*treadmill.services(), *spec.advertised})
        assert phone.link.shown.name == spec.name


async def test_features_ranges_and_the_makers_name_are_read_as_they_are() -> None:
    treadmill = Treadmill()
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, _):
        phone = await Phone(ether).join()
        read = {short: (await phone.link.read(uuid(short))).hex() for short in ("2ACC", "2AD4", "2AD5", "2AD3")}
        assert read == {
            "2ACC": "1d12000003000000",
            "2AD4": "5000d0070a00",
            "2AD5": "000078000500",
            "2AD3": "0001",
        }
        assert await phone.link.read(uuid("2A29")) == b"runback"


async def test_the_belt_starts_runs_and_stops_and_says_so_once_a_second() -> None:
    treadmill = Treadmill()
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, station):
        phone = await Phone(ether).join(CONTROL, STATUS, TRAINING, DATA)
        await running(phone)
        assert treadmill.belt_speed(station.now()) == 800
        assert await phone.ask("0801") == "800801"
        await asyncio.sleep(10)
        assert treadmill.belt_speed(station.now()) == 0
        times = [at for at, each, _ in phone.heard if each == DATA]
        assert all(abs(later - earlier - 1) < 1e-6 for earlier, later in pairwise(times))
        speeds = [int.from_bytes(bytes.fromhex(data)[2:4], "little") for data in phone.of(DATA)]
        assert max(speeds) == 800
        assert speeds[-1] == 0


async def test_a_record_that_does_not_fit_into_the_least_mtu_is_split_for_this_client_alone() -> None:
    treadmill = Treadmill()
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, _):
        narrow = await Phone(ether, 1, mtu=None).join(CONTROL, DATA)
        wide = await Phone(ether, 2).join(CONTROL, DATA)
        await running(narrow)
        parts, whole = narrow.of(DATA)[-2:], wide.of(DATA)[-1]
        assert len(bytes.fromhex(whole)) == 24
        assert all(len(bytes.fromhex(part)) <= 20 for part in parts)
        first, last = (int(part[2:4] + part[:2], 16) for part in parts)
        assert first & 1 == 1  # More Data, and no speed here
        assert last & 1 == 0
        assert first & ~1 | last == int(whole[2:4] + whole[:2], 16)
        assert parts[1][4:8] == whole[4:8] == (800).to_bytes(2, "little").hex()


async def test_a_twin_that_cuts_its_records_cuts_them_on_the_air() -> None:
    spec = replace(twin(find("matrix", None)), mtu=185)
    assert spec.form.cut_at == 20
    async with asyncio.timeout(BOUND), on_the_air(Treadmill(spec), name=spec.name) as (ether, _):
        phone = await Phone(ether).join(CONTROL, DATA)
        await asyncio.sleep(3)
        assert {len(bytes.fromhex(data)) for data in phone.of(DATA)} == {20}
        assert all(int(data[:2], 16) & 1 == 0 for data in phone.of(DATA))


async def test_whoever_leaves_loses_control_and_ccds_and_the_belt_runs_on() -> None:
    treadmill = Treadmill()
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, station):
        phone = await Phone(ether).join()
        await running(phone)
        await phone.link.disconnect()
        await asyncio.sleep(10)
        assert treadmill.belt_speed(station.now()) == 800
        await phone.link.connect(phone)
        assert await failing(phone.link.write(CONTROL, b"\x07", response=True)) == 0xFD
        await phone.link.subscribe(CONTROL)
        assert await phone.ask("0801") == "800805"
        assert await phone.ask("00") == "800001"
        assert await phone.ask("0801") == "800801"


async def test_a_belt_that_stops_when_its_client_goes_stops() -> None:
    treadmill = Treadmill(MachineSpec(stops_on_disconnect=True))
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, station):
        phone = await Phone(ether).join()
        await running(phone)
        await phone.link.disconnect()
        await asyncio.sleep(10)
        assert treadmill.belt_speed(station.now()) == 0


async def test_two_clients_hear_of_each_other_and_the_newest_has_control() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        one, two = await Phone(ether, 1).join(), await Phone(ether, 2).join()
        assert await one.ask("00") == "800001"
        assert await one.ask("07") == "800701"
        assert two.of(STATUS) == ["04"]
        assert await two.ask("00") == "800001"
        assert one.of(STATUS) == ["ff"]
        assert await one.ask("0801") == "800805"
        assert await two.ask("0801") == "800801"


async def test_it_cannot_be_found_while_it_has_as_many_clients_as_it_takes() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill(MachineSpec(max_clients=1))) as (ether, _):
        one, two = await Phone(ether, 1).join(), Phone(ether, 2)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await two.join()
        await one.link.disconnect()
        await two.join()
        assert await two.ask("00") == "800001"


async def test_a_machine_that_can_be_found_for_a_while_only_is_gone_after_it() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill(MachineSpec(advertises_for=60))) as (ether, _):
        await asyncio.sleep(61)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await Phone(ether).join()


async def test_radio_silence_ends_the_link_and_it_can_be_found_again_after_it() -> None:
    treadmill = Treadmill(None, [parse_fault("link-loss@60+20")])
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, station):
        phone = await Phone(ether).join()
        began = station.now()
        await running(phone)
        await asyncio.sleep(began + 62 - station.now())
        assert len(phone.losses) == 1
        assert treadmill.belt_speed(station.now()) == 800
        await phone.join()
        assert station.now() > began + 80 - 1
        assert await phone.ask("00") == "800001"


async def test_the_key_and_the_console_are_told_to_the_client() -> None:
    treadmill = Treadmill()
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, station):
        phone = await Phone(ether).join()
        await running(phone)
        treadmill.buttons.set_speed(station.now(), 600)
        station.wake()
        await asyncio.sleep(0.1)
        treadmill.buttons.pull_key(station.now())
        await asyncio.sleep(1)
        assert phone.of(STATUS)[-2:] == ["055802", "03"]


async def test_a_central_that_takes_another_random_address_meanwhile_is_still_heard() -> None:
    """Linux connects by its public address, and takes a new random one for each scan."""
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        phone = Phone(ether)
        phone.link = BumbleLink(ether, public_address="02:00:00:00:00:07")
        await phone.join()
        other = hci.Address("3E:94:64:30:37:8E", hci.Address.RANDOM_DEVICE_ADDRESS)
        await phone.link.device.send_sync_command(hci.HCI_LE_Set_Random_Address_Command(random_address=other))
        assert await phone.ask("00") == "800001"


async def test_a_cccd_reads_as_this_client_wrote_it() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        one, two = await Phone(ether, 1).join(), await Phone(ether, 2).join(DATA)
        assert [await cccd(one, each) for each in (CONTROL, STATUS, DATA)] == ["0200", "0100", "0000"]
        assert [await cccd(two, each) for each in (CONTROL, STATUS, DATA)] == ["0000", "0000", "0100"]


async def cccd(phone: Phone, uuid: str) -> str:
    client = phone.link.client
    assert client is not None
    characteristic = phone.link.characteristics[uuid]
    await client.discover_descriptors(characteristic)
    descriptor = characteristic.get_descriptor(UUID.from_16_bits(0x2902))
    assert descriptor is not None
    return (await client.read_value(descriptor)).hex()


async def test_whoever_leaves_with_things_on_their_way_disturbs_nobody() -> None:
    treadmill = Treadmill()
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, station):
        one, two = await Phone(ether, 1).join(), await Phone(ether, 2).join()
        client = one.link.client
        assert client is not None
        treadmill.buttons.press_start(station.now())  # told to both, at the station's next look
        client.send_gatt_pdu(b"")
        client.send_gatt_pdu(bytes(att.ATT_Read_Request(attribute_handle=one.link.characteristics[TRAINING].handle)))
        await one.link.disconnect()
        await asyncio.sleep(1)
        assert one.of(STATUS) == []
        assert two.of(STATUS) == ["04"]
        assert await (await one.join()).ask("00") == "800001"


async def test_ending_it_lets_everybody_go_and_the_treadmill_knows() -> None:
    treadmill = Treadmill()
    async with asyncio.timeout(BOUND):
        async with on_the_air(treadmill) as (ether, station):
            phones = [await Phone(ether, number).join() for number in (1, 2)]
            assert await phones[0].ask("00") == "800001"
        assert [len(phone.losses) for phone in phones] == [1, 1]
        assert not treadmill.take_control(station.now())  # nobody has it
