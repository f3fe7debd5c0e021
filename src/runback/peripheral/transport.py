"""The controller that a peripheral goes on the air with, by bumble's name for it (`usb:0`, `tcp-client:HOST:PORT`, …).

Rules:
- Whatever stands in the way of opening it is one line: bumble has a driver of its own for each kind, and each raises
  what it likes.
- `vhci` is the other way round: there this program is the controller, and the kernel (so bluetoothd) the host. It gets
  a virtual adapter that hears the peripheral's own (`virtual`).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bumble.transport import open_transport
from bumble.transport.common import Transport, TransportSink, TransportSource

from runback.errors import InputError
from runback.peripheral.virtual import beside

_MEND = "give one that bumble knows and that nobody else uses, like usb:0, hci-socket:0, tcp-client:HOST:PORT or vhci"
_SERVERS = ("tcp-server", "unix-server", "ws-server", "pty")
"""Transports that wait for the controller to come."""


def waits(name: str) -> bool:
    """Whether the controller comes to us, in its own time."""
    return name.split(":")[0] in _SERVERS


@asynccontextmanager
async def controller(name: str) -> AsyncIterator[tuple[TransportSource, TransportSink]]:
    """HCI packets from and to the controller at `name`. Raises InputError if it cannot be had."""
    logging.getLogger("bumble").setLevel(logging.CRITICAL)  # what matters is said in one line, by us
    transport = await _open(name)
    try:
        yield beside(transport) if name.split(":")[0] == "vhci" else (transport.source, transport.sink)
    finally:
        await transport.close()


async def _open(name: str) -> Transport:
    try:
        return await open_transport(name)
    except Exception as error:  # see the rules: no list of what the drivers raise would be whole
        raise InputError(f"--transport {name}", str(error) or "it is not complete", _MEND) from error
