"""A peripheral on the air: its database, its advertising and its connections, on bumble's host.

Rules:
- The peripheral is polled and told of things as the memory link does it (`link/memory.py`): nothing happens inside the
  call that caused it, time is the running loop's, and it may be virtual.
- Discovery, long reads, the MTU and pairing are bumble's server's business; writes, CCCDs and values are `bearer`'s.
- It advertises exactly while the peripheral says so. A controller that cannot advertise while somebody is connected is
  asked again when that has changed.
- A link that the peripheral drops is ended from this side: no controller can be told to vanish.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from bumble import att, device, hci
from bumble.core import BaseBumbleError
from bumble.transport.common import TransportSink, TransportSource

from runback.errors import LinkLost
from runback.peripheral.advertising import advertising_data, static_address
from runback.peripheral.bearer import LEAST_MTU, Bearer
from runback.peripheral.database import publish
from runback.simulator.gatt import AttFault, Dropped, Peripheral

LOOK_AGAIN = 0.25
"""Seconds after which the peripheral is polled although it announced nothing: somebody may have pressed a button."""
INTERVAL = 100.0
"""Milliseconds between two advertisements."""
ANSWERS_WITHIN = 3.0
"""Seconds that the controller may take to be made ready."""
PATIENCE = 2.0
"""Seconds that ending may take."""


class BlePeripheral:
    """One peripheral on one controller, reached by `source` and `sink` (HCI).

    `mtu` is the greatest ATT_MTU it agrees to. `address` is its static random address; None: `static_address`.
    `waits`: the controller comes in its own time, so that its silence is no fault.
    """

    def __init__(
        self,
        peripheral: Peripheral,
        source: TransportSource,
        sink: TransportSink,
        *,
        mtu: int,
        name: str | None,
        address: str | None = None,
        waits: bool = False,
    ) -> None:
        self.address = address or static_address(peripheral, name or "")
        self._peripheral = peripheral
        self._source = source
        self._waits = waits
        config = device.DeviceConfiguration(
            name=name or "",
            address=hci.Address(self.address, hci.Address.RANDOM_DEVICE_ADDRESS),
            advertising_interval_min=INTERVAL,
            advertising_interval_max=INTERVAL,
        )
        self._device = device.Device.from_config_with_hci(config, source, sink)
        self._device.gatt_server.max_mtu = mtu
        self._handles = publish(self._device, peripheral, self)
        self._device.l2cap_channel_manager.register_fixed_channel(att.ATT_CID, self._received)
        self._device.on(device.Device.EVENT_CONNECTION, self._connected)
        self._bearers: dict[int, tuple[Bearer, device.Connection]] = {}
        self._clients = 0
        self._now = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._look = asyncio.Event()
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def clients(self) -> int:
        """How many are connected."""
        return len(self._bearers)

    def now(self) -> float:
        """The peripheral's clock: the running loop's time, never backwards."""
        self._now = max(self._now, asyncio.get_running_loop().time())
        return self._now

    def wake(self) -> None:
        """Poll as soon as the peripheral has something. Call it after pressing a button on it."""
        now = self.now()
        due = self._peripheral.next_at()
        at = now + LOOK_AGAIN if due is None else min(max(due, now), now + LOOK_AGAIN)
        if self._timer is not None and self._timer_at <= at:
            return
        self._disarm()
        self._timer_at = at
        self._timer = asyncio.get_running_loop().call_at(at, self._pump)

    async def serve(self, ready: Callable[[], None] = lambda: None) -> None:
        """Be on the air until cancelled. `ready` is called once it can be found. Raises LinkLost when the controller is
        lost, or does not do what it must."""
        try:
            await self._power_on()
        except BaseBumbleError as error:
            raise LinkLost(f"the Bluetooth controller cannot be used ({error})") from error
        self.wake()
        advertising = asyncio.create_task(self._advertise(ready))
        try:
            await asyncio.wait({self._source.terminated, advertising}, return_when=asyncio.FIRST_COMPLETED)
            if advertising.done():
                advertising.result()
            raise LinkLost("the Bluetooth controller is gone")
        except BaseBumbleError as error:
            raise LinkLost(f"the Bluetooth controller does not let it be found ({error})") from error
        finally:
            advertising.cancel()
            await asyncio.wait({advertising})
            await self._leave()

    async def _power_on(self) -> None:
        while not self._device.powered_on:
            try:
                async with asyncio.timeout(ANSWERS_WITHIN):
                    await self._device.power_on()
            except TimeoutError:
                if not self._waits:
                    raise LinkLost("the Bluetooth controller does not answer") from None

    # -- reads (`database.Reader`) -----------------------------------------------------------------------------------

    def read(self, connection: device.Connection, uuid: str) -> bytes:
        """The value of `uuid`. Raises AttFault."""
        return self._peripheral.read(self._bearer(connection).client, uuid, self.now())

    def cccd(self, connection: device.Connection, uuid: str) -> bytes:
        """What this connection has written to the CCCD of `uuid`."""
        return self._bearer(connection).cccd(uuid)

    def _bearer(self, connection: device.Connection) -> Bearer:
        if connection.handle not in self._bearers:
            raise AttFault(att.ErrorCode.UNLIKELY_ERROR)
        return self._bearers[connection.handle][0]

    # -- connections -----------------------------------------------------------------------------------------------

    def _connected(self, connection: device.Connection) -> None:
        self._clients += 1
        handle = connection.handle
        bearer = Bearer(
            self._clients,
            self._peripheral,
            self._handles,
            lambda pdu: self._device.send_l2cap_pdu(handle, att.ATT_CID, pdu),
        )
        self._bearers[handle] = bearer, connection
        connection.on(connection.EVENT_CONNECTION_ATT_MTU_UPDATE, lambda: self._agreed(bearer, connection.att_mtu))
        connection.on(connection.EVENT_DISCONNECTION, lambda _: self._disconnected(handle))
        self._peripheral.connected(bearer.client, self.now())
        self._agreed(bearer, LEAST_MTU)
        self._look.set()
        self.wake()

    def _agreed(self, bearer: Bearer, mtu: int) -> None:
        bearer.mtu = mtu
        self._peripheral.mtu(bearer.client, mtu, self.now())

    def _disconnected(self, handle: int) -> None:
        bearer, _ = self._bearers.pop(handle)
        self._peripheral.disconnected(bearer.client, self.now())
        self._look.set()
        self.wake()

    def _received(self, handle: int, pdu: bytes) -> None:
        """A PDU on ATT's channel."""
        if not pdu or handle not in self._bearers:
            return
        taken = self._bearers[handle][0].take(pdu, self.now())
        if not taken:
            self._device.on_gatt_pdu(handle, pdu)
        self.wake()

    def _hang_up(self, connection: device.Connection) -> None:
        ending = asyncio.create_task(_end(connection))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    # -- time ------------------------------------------------------------------------------------------------------

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _pump(self) -> None:
        """Runs from the loop only."""
        self._timer = None
        self._now = now = max(self.now(), self._timer_at)
        by_client = {bearer.client: (bearer, connection) for bearer, connection in self._bearers.values()}
        for outgoing in self._peripheral.poll(now):
            if outgoing.client not in by_client:
                continue  # it left while this was on its way
            bearer, connection = by_client[outgoing.client]
            if isinstance(outgoing, Dropped):
                self._hang_up(connection)
            else:
                bearer.carry(outgoing, now)
        for bearer, connection in by_client.values():
            if bearer.dead(now):
                self._hang_up(connection)
        self._look.set()
        self.wake()

    async def _advertise(self, ready: Callable[[], None]) -> None:
        """Advertise while the peripheral does."""
        told, refused_with = False, -1
        while True:
            self._look.clear()
            wanted = self._peripheral.advertisement(self.now())
            if wanted is None and self._device.is_advertising:
                with contextlib.suppress(hci.HCI_Error):  # somebody has connected meanwhile, which stopped it
                    await self._device.stop_advertising()
            elif wanted is not None and not self._device.is_advertising and refused_with != len(self._bearers):
                data = advertising_data(wanted)
                try:
                    await self._device.start_advertising(
                        advertising_data=data.advertised, scan_response_data=data.scan_response
                    )
                    refused_with = -1
                except hci.HCI_Error:
                    if not self._bearers:
                        raise
                    refused_with = len(self._bearers)
            if not told:
                told = True
                ready()
            await self._look.wait()

    async def _leave(self) -> None:
        """Off the air: nobody is left connected to a peripheral that is not there."""
        with contextlib.suppress(TimeoutError, BaseBumbleError, OSError):  # the controller may have gone
            async with asyncio.timeout(PATIENCE):
                await self._device.stop_advertising()
                for _, connection in list(self._bearers.values()):
                    await _end(connection)
                await self._device.power_off()
        for handle in list(self._bearers):
            self._disconnected(handle)
        self._disarm()


async def _end(connection: device.Connection) -> None:
    """End one connection; one that has ended already is no error."""
    with contextlib.suppress(BaseBumbleError):
        await connection.disconnect(hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR)
