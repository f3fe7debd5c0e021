"""What is asked of the treadmill on the air, and what it answers: every procedure, every result, every ATT error."""

from __future__ import annotations

import asyncio

import pytest
from bumble import att, gatt_client

from runback.simulator.faults import parse_fault
from runback.simulator.treadmill import Treadmill
from tests.support.peripheral.bumble_link import BumbleLink, Unconfirming
from tests.support.peripheral.station_bench import (
    BOUND,
    CONTROL,
    DATA,
    STATUS,
    Phone,
    failing,
    on_the_air,
    running,
    uuid,
)

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


@pytest.mark.full
@pytest.mark.parametrize(("request_", "response"), AT_REST)
async def test_each_procedure_answers_at_rest_as_the_specification_has_it(request_: str, response: str) -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        phone = await Phone(ether).join()
        assert await phone.ask("00") == "800001"
        assert await phone.ask(request_) == response


@pytest.mark.full
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


class Counting(gatt_client.Client):
    """A client that counts what it is answered."""

    answers = 0

    def on_gatt_pdu(self, att_pdu: att.ATT_PDU) -> None:
        self.answers += att_pdu.op_code in att.ATT_RESPONSES
        super().on_gatt_pdu(att_pdu)


async def test_each_request_has_one_answer_whoever_gives_it() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        phone = Phone(ether)
        phone.link = BumbleLink(ether, client=Counting)
        await phone.join(CONTROL, STATUS)
        client = phone.link.client
        assert isinstance(client, Counting)
        before = client.answers
        assert await phone.ask("00") == "800001"
        await phone.link.read(uuid("2ACC"))
        with pytest.raises(att.ATT_Error):
            await client.write_value(phone.link.characteristics[CONTROL].handle, bytes(400), with_response=True)
        await asyncio.sleep(1)
        assert client.answers == before + 4  # a long write is refused, and then given up


async def test_nobody_rewrites_the_database() -> None:
    async with asyncio.timeout(BOUND), on_the_air(Treadmill()) as (ether, _):
        phone = await Phone(ether).join()
        client = phone.link.client
        assert client is not None
        declaration = phone.link.characteristics[CONTROL].handle - 1
        before = await client.read_value(declaration)
        with pytest.raises(att.ATT_Error) as refused:
            await client.write_value(declaration, b"\x00", with_response=True)
        assert refused.value.error_code == 0x03
        await client.write_value(declaration, b"\x00")
        assert await client.read_value(declaration) == before
