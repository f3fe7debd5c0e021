"""A phone: bumble's host as the central, as a `Link`, so that the whole client runs over real ATT bytes.

Rules: nothing of the peripheral's room is used but the ether; what a scanner sees, what the database holds and what
arrives is as bumble's own client decodes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid as uuid_module
from types import MappingProxyType

from bumble import att, device, gatt_client, hci
from bumble.core import UUID, AdvertisingData, BaseBumbleError
from bumble.transport.common import TransportSink, TransportSource

from runback.errors import AttError, LinkLost
from runback.link.protocol import AdvertisedIdentity, LinkListener, Property, Services
from runback.peripheral.virtual import VirtualAir, radio

FITNESS_MACHINE = UUID.from_16_bits(0x1826)
_STACKS_OWN = (UUID.from_16_bits(0x1800), UUID.from_16_bits(0x1801))
"""Services that BlueZ keeps to itself."""
SERVICE_LISTS = (
    AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)
_NAMES: dict[int, Property] = {
    0x02: "read",
    0x04: "write-without-response",
    0x08: "write",
    0x10: "notify",
    0x20: "indicate",
}
ATTRIBUTE_NOT_FOUND = 0x0A


def full(uuid: UUID) -> str:
    """As `Link` names it."""
    return str(uuid_module.UUID(bytes=uuid.to_bytes(force_128=True)[::-1]))


def listed(data: AdvertisingData) -> list[UUID]:
    """The services that are advertised."""
    return [uuid for kind in SERVICE_LISTS for uuids in data.get_all(kind) if isinstance(uuids, list) for uuid in uuids]


class Unconfirming(gatt_client.Client):
    """A client that never confirms an indication."""

    def send_confirmation(self, confirmation: att.ATT_Handle_Value_Confirmation) -> None:
        """Not at all."""


class BumbleLink:
    """Implements `link.protocol.Link`. `mtu`: None for a client that never asks for another one. With a
    `public_address` it connects by that, as Linux does. `on`: an ether, or a controller to have."""

    def __init__(
        self,
        on: VirtualAir | tuple[TransportSource, TransportSink],
        number: int = 1,
        *,
        mtu: int | None = 517,
        client: type[gatt_client.Client] = gatt_client.Client,
        public_address: str | None = None,
    ) -> None:
        source, sink = radio(f"central {number}", on, public_address) if isinstance(on, VirtualAir) else on
        self._own = hci.OwnAddressType.RANDOM if public_address is None else hci.OwnAddressType.PUBLIC
        address = hci.Address(f"F0:F0:F0:00:00:{number:02X}", hci.Address.RANDOM_DEVICE_ADDRESS)
        config = device.DeviceConfiguration(name="central", address=address)
        self.device = device.Device.from_config_with_hci(config, source, sink)
        self.seen: AdvertisingData | None = None
        self.client: gatt_client.Client | None = None
        self._mtu = mtu
        self._client_type = client
        self._connection: device.Connection | None = None
        self.characteristics: dict[str, gatt_client.CharacteristicProxy[bytes]] = {}
        self._writing = asyncio.Lock()
        self._heard: set[str] = set()
        self._shown = AdvertisedIdentity()
        self._address = ""
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        return self._shown.name or self._address

    @property
    def shown(self) -> AdvertisedIdentity:
        return self._shown

    async def scan(self) -> hci.Address:
        """Wait for a fitness machine, and for its scan response."""
        found: asyncio.Future[hci.Address] = asyncio.get_running_loop().create_future()

        def hear(advert: device.Advertisement) -> None:
            uuids = advert.data.get_all(AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS)
            if any(FITNESS_MACHINE in each for each in uuids) and advert.is_scan_response and not found.done():
                self.seen = advert.data
                found.set_result(advert.address)

        self.device.on("advertisement", hear)
        await self.device.start_scanning(active=True)
        try:
            return await found
        finally:
            self.device.remove_listener("advertisement", hear)
            await self.device.stop_scanning()

    async def connect(self, listener: LinkListener) -> Services:
        await self.disconnect()
        if not self.device.powered_on:
            await self.device.power_on()
        address = await self.scan()
        assert self.seen is not None
        connection = await self.device.connect_le(address, own_address_type=self._own)
        client = self._client_type(connection)
        connection.gatt_client = client
        ended = asyncio.Event()

        def lost(reason: int) -> None:
            ended.set()
            if self._connection is connection:
                self._connection = self.client = None
                listener.lost(f"HCI reason {reason:#x}")

        connection.on(connection.EVENT_DISCONNECTION, lost)
        self._connection, self.client, self._listener = connection, client, listener
        self._writing, self._heard = asyncio.Lock(), set()
        if self._mtu is not None:
            await client.request_mtu(self._mtu)
        services = [one for one in await client.discover_services() if one.uuid not in _STACKS_OWN]
        self.characteristics = {
            full(one.uuid): one for service in services for one in await client.discover_characteristics((), service)
        }
        names = self.seen.get_all(AdvertisingData.Type.COMPLETE_LOCAL_NAME)
        self._address = str(address)
        advertised = {full(uuid) for uuid in listed(self.seen)}
        self._shown = AdvertisedIdentity(
            names[0] if names else None, frozenset(advertised | {full(one.uuid) for one in services})
        )
        return MappingProxyType(
            {
                uuid: frozenset(name for bit, name in _NAMES.items() if one.properties & bit)
                for uuid, one in self.characteristics.items()
            }
        )

    async def subscribe(self, uuid: str) -> None:
        client = self._client()
        characteristic = self._found(uuid)
        listener = self._listener

        def hear(data: bytes) -> None:
            if self.client is client:
                asyncio.get_running_loop().call_soon(listener.notified, uuid, data)

        with Translated():
            if uuid not in self._heard:
                self._heard.add(uuid)
                await client.subscribe(characteristic, hear)

    async def read(self, uuid: str) -> bytes:
        client = self._client()
        with Translated():
            return await client.read_value(self._found(uuid))

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        client = self._client()
        handle = self._found(uuid).handle
        if not response:
            await client.send_command(att.ATT_Write_Command(attribute_handle=handle, attribute_value=data))
            return
        # Given up by its caller, a request is still on its way, and the next one waits behind it.
        writing = asyncio.create_task(self._request(client, handle, data))
        self._tasks.add(writing)
        writing.add_done_callback(self._over)
        with Translated():
            await asyncio.shield(writing)

    async def _request(self, client: gatt_client.Client, handle: int, data: bytes) -> None:
        async with self._writing:
            if self.client is client:
                request = att.ATT_Write_Request(attribute_handle=handle, attribute_value=data)
                response = await client.send_request(request)
                if response.op_code == att.Opcode.ATT_ERROR_RESPONSE:
                    raise att.ATT_Error(response.error_code)

    def _over(self, writing: asyncio.Task[None]) -> None:
        self._tasks.discard(writing)
        if not writing.cancelled():
            writing.exception()  # whoever waited has it; a caller that gave up does not want it

    async def disconnect(self) -> None:
        connection, self._connection, self.client = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(BaseBumbleError):
                await connection.disconnect()

    def _client(self) -> gatt_client.Client:
        if self.client is None:
            raise LinkLost("not connected")
        return self.client

    def _found(self, uuid: str) -> gatt_client.CharacteristicProxy[bytes]:
        if uuid not in self.characteristics:
            raise AttError(ATTRIBUTE_NOT_FOUND)
        return self.characteristics[uuid]


class Translated:
    """bumble's errors as the link's. A request that was cancelled by nobody here was cancelled by the link's end."""

    def __enter__(self) -> None:
        self._asked = _cancelling()

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, att.ATT_Error):
            raise AttError(int(error.error_code)) from error
        if isinstance(error, BaseBumbleError):
            raise LinkLost(str(error)) from error
        if isinstance(error, asyncio.CancelledError) and _cancelling() == self._asked:
            raise LinkLost("the link ended under it") from error


def _cancelling() -> int:
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()
