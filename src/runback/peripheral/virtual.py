"""Radio without a radio: a peripheral's controller and somebody else's, both in this process, on bumble's local link.

Rules:
- What bumble's emulation leaves out is put right here and nowhere else: a scan response is the advertiser's own, and
  not its advertising data once more; data comes from the address that the connection was made with, and not from
  whatever random address its host has taken since (Linux takes another one for each scan).
- Nothing takes time: packets go from one controller to the other in the order they were sent.
"""

from __future__ import annotations

import asyncio

from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink, BaseSource, Transport, TransportSink, TransportSource

_SCAN_RSP = int(hci.HCI_LE_Advertising_Report_Event.EventType.SCAN_RSP)
_SCAN_RESPONSE = int(hci.HCI_LE_Extended_Advertising_Report_Event.EventType.SCAN_RESPONSE)


ADAPTER = "02:1D:00:00:18:26"
"""Public address of the adapter that the kernel gets, of those that are nobody's (bit 1 of the first octet): bluetoothd
ignores an adapter without one."""


class Ether(LocalLink):
    """A local link that knows what its advertisers would answer a scanner."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def send_acl_data(
        self, sender_controller: Controller, destination_address: hci.Address, transport: PhysicalTransport, data: bytes
    ) -> None:
        """From one end of a connection to the other."""
        connection = sender_controller.le_connections.get(destination_address)
        destination = self.find_le_controller(destination_address)
        if connection is not None and destination is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(destination.on_link_acl_data, connection.self_address, transport, data)

    def scan_response(self, address: hci.Address) -> bytes:
        """The scan response of whoever advertises with `address`."""
        for controller in self.controllers:
            legacy = controller.le_legacy_advertiser
            if legacy.enabled and legacy.address == address:
                return bytes(legacy.scan_response_data)
            for advertising_set in controller.advertising_sets.values():
                if advertising_set.enabled and advertising_set.address == address:
                    return bytes(advertising_set.scan_response_data)
        return b""


class Radio(Controller):
    """An emulated controller on an ether. `host_sink` is where its host hears it."""

    def __init__(self, name: str, ether: Ether, host_sink: TransportSink, public_address: str | None = None) -> None:
        super().__init__(name, None, host_sink, ether, public_address)
        self._ether = ether

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """To its host."""
        if isinstance(packet, hci.HCI_LE_Advertising_Report_Event):
            for legacy in packet.reports:
                if int(legacy.event_type) == _SCAN_RSP:
                    legacy.data = self._ether.scan_response(legacy.address)
        elif isinstance(packet, hci.HCI_LE_Extended_Advertising_Report_Event):
            for extended in packet.reports:
                if int(extended.event_type) == _SCAN_RESPONSE:
                    extended.data = self._ether.scan_response(extended.address)
        super().send_hci_packet(packet)


class RadioSource(BaseSource):
    """Packets from an emulated controller to its host."""

    def on_packet(self, packet: bytes) -> None:
        """One packet, later: never inside the call that caused it."""
        asyncio.get_running_loop().call_soon(self._deliver, packet)

    def _deliver(self, packet: bytes) -> None:
        if self.sink is not None:
            self.sink.on_packet(packet)


def radio(name: str, ether: Ether, public_address: str | None = None) -> tuple[RadioSource, TransportSink]:
    """A new controller on `ether`, as its host needs it."""
    source = RadioSource()
    return source, AsyncPipeSink(Radio(name, ether, source, public_address))


def beside(transport: Transport) -> tuple[TransportSource, TransportSink]:
    """Be the controller for the host at the other end of `transport`; returns another one that it can hear."""
    ether = Ether()
    transport.source.set_packet_sink(Radio("adapter", ether, transport.sink, ADAPTER))
    return radio("treadmill", ether)
