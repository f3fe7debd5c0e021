"""Radio without a radio: a peripheral's controller and somebody else's, both in this process, on bumble's local link.

Rules:
- What bumble's emulation leaves out is put right here and nowhere else: a scan response is the advertiser's own, and
  not its advertising data once more; data comes from the address that the connection was made with, and not from
  whatever random address its host has taken since (Linux takes another one for each scan); a connection that is called
  off is called off, and the host is told so; what the emulation does not do is not offered.
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
"""Public address of the adapter that the kernel gets, of those that are nobody's (bit 1 of the first byte): bluetoothd
ignores an adapter without one."""


class VirtualAir(LocalLink):
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


class VirtualRadio(Controller):
    """An emulated controller on an ether. `host_sink` is where its host hears it."""

    le_features = Controller.le_features & ~hci.LeFeatureMask.LL_PRIVACY
    """No address is ever resolved here. A host that believes otherwise waits for an event that never comes."""

    def __init__(
        self, name: str, ether: VirtualAir, host_sink: TransportSink, public_address: str | None = None
    ) -> None:
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

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Call off the connection that is being made, and tell the host that it has ended (Core vol 4 E 7.8.13): only
        then may the host ask for another one. Command Disallowed where none is being made."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        ended = hci.HCI_LE_Connection_Complete_Event(
            status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=pending.peer_address.address_type,
            peer_address=pending.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(self.send_hci_packet, ended)  # the command's own answer comes first
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)


class Adapter(VirtualRadio):
    """The controller that the kernel gets: of before Bluetooth 5, with one advertisement and one scan at a time. Of a
    newer one Linux wants the Enhanced Connection Complete event, which bumble's emulation does not send: each
    connection would block the next one (EBUSY)."""

    le_features = VirtualRadio.le_features & ~(
        hci.LeFeatureMask.LE_EXTENDED_ADVERTISING | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
    )


class RadioSource(BaseSource):
    """Packets from an emulated controller to its host."""

    def on_packet(self, packet: bytes) -> None:
        """One packet, later: never inside the call that caused it."""
        asyncio.get_running_loop().call_soon(self._deliver, packet)

    def _deliver(self, packet: bytes) -> None:
        if self.sink is not None:
            self.sink.on_packet(packet)


def radio(name: str, ether: VirtualAir, public_address: str | None = None) -> tuple[RadioSource, TransportSink]:
    """A new controller on `ether`, as its host needs it."""
    source = RadioSource()
    return source, AsyncPipeSink(VirtualRadio(name, ether, source, public_address))


def beside(transport: Transport) -> tuple[TransportSource, TransportSink]:
    """Be the controller for the host at the other end of `transport`; returns another one that it can hear."""
    ether = VirtualAir()
    transport.source.set_packet_sink(Adapter("adapter", ether, transport.sink, ADAPTER))
    return radio("treadmill", ether)
