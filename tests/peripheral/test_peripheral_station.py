"""The simulated treadmill on the air: emulated controllers, bumble as the central, real ATT octets, virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from bumble import att, hci
from bumble.core import UUID, AdvertisingData
from bumble_link import BumbleLink, Unconfirming
from station_bench import on_the_air

from runback.devices.library import available, find
from runback.errors import AttError, LinkLost
from runback.peripheral.station import Station, static_address
from runback.peripheral.virtual import Ether, radio
from runback.simulator.faults import parse_fault
from runback.simulator.server import Treadmill
from runback.simulator.spec import MachineSpec
from runback.simulator.twin import twin

BOUND = 300.0
"""Virtual seconds."""


def uuid(short: str) -> str:
    return f"0000{short.lower()}-0000-1000-8000-00805f9b34fb"


CONTROL, DATA, STATUS, TRAINING = uuid("2AD9"), uuid("2ACD"), uuid("2ADA"), uuid("2AD3")


class Phone:
    """A link, and all that it heard, as (when, characteristic, octets)."""

    def __init__(self, ether: Ether, number: int = 1, *, mtu: int | None = 517) -> None:
        self.link = BumbleLink(ether, number, mtu=mtu)
        self.heard: list[tuple[float, str, str]] = []
        self.losses: list[str] = []

    def notified(self, uuid: str, data: bytes) -> None:
        self.heard.append((asyncio.get_running_loop().time(), uuid, data.hex()))

    def lost(self, reason: str) -> None:
        self.losses.append(reason)

    async def join(self, *uuids: str) -> Phone:
        """Connect and subscribe, to the control point and the statuses unless given."""
        await self.link.connect(self)
        for each in uuids or (CONTROL, STATUS, TRAINING):
            await self.link.subscribe(each)
        return self

    async def ask(self, request: str) -> str:
        """Write to the control point; what is indicated within a tenth of a second."""
        before = len(self.of(CONTROL))
        await self.link.write(CONTROL, bytes.fromhex(request), response=True)
        await asyncio.sleep(0.1)
        return " ".join(self.of(CONTROL)[before:])

    def of(self, uuid: str) -> list[str]:
        """Everything heard of one characteristic."""
        return [data for _, each, data in self.heard if each == uuid]


async def running(phone: Phone, speed: int = 800) -> None:
    """Control, start, and `speed` (0.01 km/h) since long ago."""
    assert await phone.ask("00") == "800001"
    assert await phone.ask("07") == "800701"
    await asyncio.sleep(5)
    assert await phone.ask("02" + speed.to_bytes(2, "little").hex()) == "800201"
    await asyncio.sleep(20)


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


AT_REST = [
    ("00", "800001"),
    ("07", "800701"),
    ("0801", "800804"),
    ("0802", "800804"),
    ("0803", "800803"),
    ("08", "800803"),
    ("022003", "800204"),
    ("02ffff", "800203"),
    ("0220", "800203"),
    ("030a00", "800301"),
    ("03f6ff", "800303"),
    ("01", "800101"),
    *((f"{op:02x}", f"80{op:02x}02") for op in (0x04, 0x05, 0x06, *range(0x09, 0x15), 0x7F)),
]
MOVING = [
    ("07", "800704"),
    ("022003", "800201"),
    ("021400", "800203"),
    ("030a00", "800301"),
    ("0802", "800801"),
    ("0801", "800801"),
    ("01", "800101"),
]


@pytest.mark.parametrize(("request_", "response"), AT_REST)
async def test_each_procedure_answers_at_rest_as_the_specification_has_it(request_: str, response: str) -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        phone = await Phone(ether).join()
        assert await phone.ask("00") == "800001"
        assert await phone.ask(request_) == response


@pytest.mark.parametrize(("request_", "response"), MOVING)
async def test_each_procedure_answers_while_the_belt_runs(request_: str, response: str) -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        phone = await Phone(ether).join()
        await running(phone)
        assert await phone.ask(request_) == response


@pytest.mark.parametrize("request_", ["01", "022003", "030a00", "07", "0801", "0802"])
async def test_without_control_nothing_is_permitted(request_: str) -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        phone = await Phone(ether).join()
        assert await phone.ask(request_) == f"80{request_[:2]}05"


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


async def failing(operation: Awaitable[object]) -> int:
    with pytest.raises(AttError) as refused:
        await operation
    return refused.value.code


async def test_what_att_refuses_comes_as_an_att_error() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        phone = await Phone(ether).join(STATUS)
        write = phone.link.write
        assert await failing(write(CONTROL, b"\x00", response=True)) == 0xFD
        assert await failing(write(DATA, b"\x00", response=True)) == 0x03
        assert await failing(write(uuid("2ACC"), b"\x00", response=True)) == 0x03
        assert await failing(phone.link.read(DATA)) == 0x02
        assert await failing(phone.link.read(CONTROL)) == 0x02
        await phone.link.subscribe(CONTROL)
        assert await failing(write(CONTROL, b"", response=True)) == 0x0D
        await write(CONTROL, b"\x00", response=True)
        assert await failing(write(CONTROL, b"\x07", response=True)) == 0xFE


async def test_a_declared_att_error_is_a_real_one() -> None:
    treadmill = Treadmill(None, [parse_fault("att-error:0x80")])
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, _):
        phone = await Phone(ether).join()
        assert await failing(phone.link.write(CONTROL, b"\x00", response=True)) == 0x80
        assert await phone.ask("00") == "800001"


async def test_a_hung_write_is_never_answered_and_the_link_lives_on() -> None:
    treadmill = Treadmill(None, [parse_fault("hung-write")])
    async with asyncio.timeout(BOUND), on_the_air(treadmill) as (ether, _):
        phone = await Phone(ether).join(CONTROL, DATA)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10):
                await phone.link.write(CONTROL, b"\x00", response=True)
        assert len(phone.of(DATA)) >= 9
        assert phone.losses == []


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
        treadmill.set_speed(station.now(), 600)
        station.wake()
        await asyncio.sleep(0.1)
        treadmill.pull_key(station.now())
        await asyncio.sleep(1)
        assert phone.of(STATUS)[-2:] == ["055802", "03"]


async def test_a_client_that_does_not_confirm_is_dropped_after_the_transaction_timeout() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, station):
        phone = Phone(ether)
        phone.link = BumbleLink(ether, client=Unconfirming)
        await phone.join()
        assert await phone.ask("00") == "800001"
        asked = station.now()
        while not phone.losses:  # noqa: ASYNC110 - nothing tells it but time
            await asyncio.sleep(1)
        assert 29 < station.now() - asked < 32


async def test_a_long_write_is_refused_and_not_swallowed() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        phone = await Phone(ether, mtu=None).join()
        client = phone.link.client
        assert client is not None
        with pytest.raises(att.ATT_Error) as refused:
            await client.write_value(0x10, bytes(40), with_response=True)
        assert refused.value.error_code == 0x06
        assert await phone.ask("00") == "800001"


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
        treadmill.press_start(station.now())  # told to both, at the station's next look
        client.send_gatt_pdu(b"")
        client.send_gatt_pdu(bytes(att.ATT_Read_Request(attribute_handle=one.link.characteristics[TRAINING].handle)))
        await one.link.disconnect()
        await asyncio.sleep(1)
        assert one.of(STATUS) == []
        assert two.of(STATUS) == ["04"]
        assert await (await one.join()).ask("00") == "800001"


async def test_a_controller_that_fails_its_reset_is_a_lost_link() -> None:
    source, _ = radio("treadmill", Ether())

    class Broken:
        def on_packet(self, packet: bytes) -> None:
            answer = hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.HARDWARE_FAILURE_ERROR)
            op_code = int.from_bytes(packet[1:3], "little")
            source.on_packet(bytes(hci.HCI_Command_Complete_Event(1, op_code, answer)))

    with pytest.raises(LinkLost, match="cannot be used"):
        await Station(Treadmill(), source, Broken(), mtu=185, name=None).serve()


async def test_ending_it_lets_everybody_go_and_the_treadmill_knows() -> None:
    treadmill = Treadmill()
    async with asyncio.timeout(BOUND):
        async with on_the_air(treadmill) as (ether, station):
            phones = [await Phone(ether, number).join() for number in (1, 2)]
            assert await phones[0].ask("00") == "800001"
        assert [len(phone.losses) for phone in phones] == [1, 1]
        assert not treadmill.take_control(station.now())  # nobody has it


async def test_a_controller_that_does_not_answer_is_a_lost_link() -> None:
    source, _ = radio("treadmill", Ether())

    class Deaf:
        def on_packet(self, packet: bytes) -> None:
            """Nothing comes of it."""

    with pytest.raises(LinkLost, match="does not answer"):
        await Station(Treadmill(), source, Deaf(), mtu=185, name=None).serve()


async def test_a_controller_that_comes_in_its_own_time_is_waited_for() -> None:
    ether = Ether()
    source, sink = radio("treadmill", ether)

    class Late:
        def on_packet(self, packet: bytes) -> None:
            if asyncio.get_running_loop().time() > 60:
                sink.on_packet(packet)

    station = Station(Treadmill(), source, Late(), mtu=185, name=None, waits=True)
    ready = asyncio.Event()
    serving = asyncio.create_task(station.serve(ready.set))
    async with asyncio.timeout(BOUND):
        await ready.wait()
        assert station.now() > 60
        serving.cancel()
        await asyncio.wait({serving})


async def test_a_controller_that_goes_is_a_lost_link_and_lets_the_treadmill_know() -> None:
    ether, treadmill = Ether(), Treadmill(MachineSpec(stops_on_disconnect=True))
    source, sink = radio("treadmill", ether)

    class Plugged:
        def on_packet(self, packet: bytes) -> None:
            if not source.terminated.done():
                sink.on_packet(packet)

    station = Station(treadmill, source, Plugged(), mtu=185, name="Simulated Treadmill")
    serving = asyncio.create_task(station.serve())
    async with asyncio.timeout(BOUND):
        phone = await Phone(ether).join()
        await running(phone)
        source.on_transport_lost()
        with pytest.raises(LinkLost, match="is gone"):
            await serving
        assert station.clients == 0
        assert treadmill.belt_speed(station.now() + 10) == 0


_ENABLING = (hci.HCI_LE_Set_Advertising_Enable_Command, hci.HCI_LE_Set_Extended_Advertising_Enable_Command)


class Grumpy:
    """Between a host and its controller: refuses to advertise while `refuses`, as many do beside a connection."""

    def __init__(self, ether: Ether) -> None:
        self.source, self._sink = radio("treadmill", ether)
        self.refuses: Callable[[], bool] = lambda: True
        self.refused = 0

    def on_packet(self, packet: bytes) -> None:
        command = hci.HCI_Packet.from_bytes(packet)
        if not isinstance(command, _ENABLING) or packet[4] == 0 or not self.refuses():
            self._sink.on_packet(packet)
            return
        self.refused += 1
        answer = hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.source.on_packet(bytes(hci.HCI_Command_Complete_Event(1, command.op_code, answer)))


async def test_a_controller_that_cannot_advertise_beside_a_connection_is_asked_again_after_it() -> None:
    ether, treadmill = Ether(), Treadmill()
    grumpy = Grumpy(ether)
    station = Station(treadmill, grumpy.source, grumpy, mtu=185, name="Simulated Treadmill")
    grumpy.refuses = lambda: bool(station.clients)
    serving = asyncio.create_task(station.serve())
    async with asyncio.timeout(BOUND):
        phone = await Phone(ether, 1).join()
        await asyncio.sleep(30)
        assert grumpy.refused == 1
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10):
                await Phone(ether, 2).join()
        await phone.link.disconnect()
        await Phone(ether, 3).join()
        serving.cancel()
        await asyncio.wait({serving})


async def test_a_controller_that_cannot_advertise_at_all_is_a_lost_link() -> None:
    grumpy = Grumpy(Ether())
    station = Station(Treadmill(), grumpy.source, grumpy, mtu=185, name="Simulated Treadmill")
    with pytest.raises(LinkLost, match="does not let it be found"):
        await station.serve()


def test_an_address_belongs_to_a_name_and_a_database() -> None:
    usual, other = Treadmill(), Treadmill(MachineSpec(incline_max=0, incline_increment=0))
    assert static_address(usual, "A") == static_address(Treadmill(), "A")
    assert len({static_address(usual, "A"), static_address(usual, "B"), static_address(other, "A")}) == 3
