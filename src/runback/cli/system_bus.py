"""Whether the D-Bus system bus is there: by connecting to it, as every Bluetooth program here does.

Rules:
- The address is read as the D-Bus specification writes it ("Server Addresses"): several alternatives, each a transport
  with its options, percent-encoded.
- A transport that is not known here is not judged: another program may well know it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from urllib.parse import unquote

VARIABLE = "DBUS_SYSTEM_BUS_ADDRESS"
USUAL = "unix:path=/run/dbus/system_bus_socket"
WITHIN = 2.0
"""Seconds that a bus may take to let a program in."""


def address() -> str:
    """Where the system bus is said to be."""
    return os.environ.get(VARIABLE) or USUAL


def reachable(where: str) -> bool | None:
    """Whether a bus lets itself be connected to at `where`; None if no way to it is known here."""
    known = False
    for transport, options in _alternatives(where):
        target = _target(transport, options)
        if target is None:
            continue
        known = True
        family, place = target
        try:
            with socket.socket(family) as tried:
                tried.settimeout(WITHIN)
                tried.connect(place)
                return True
        except (OSError, ValueError):  # ValueError: a path with a null character
            continue
    return False if known else None


def _alternatives(where: str) -> Iterator[tuple[str, dict[str, str]]]:
    for one in where.split(";"):
        transport, colon, rest = one.strip().partition(":")
        if colon:
            pairs = (option.partition("=") for option in rest.split(",") if option)
            yield transport, {key: unquote(value) for key, _, value in pairs}


def _target(transport: str, options: dict[str, str]) -> tuple[socket.AddressFamily, str | tuple[str, int]] | None:
    if transport == "unix" and "path" in options:
        return socket.AF_UNIX, options["path"]
    if transport == "unix" and "abstract" in options:
        return socket.AF_UNIX, "\0" + options["abstract"]
    port = options.get("port", "")
    if transport in ("tcp", "nonce-tcp") and port.isascii() and port.isdecimal() and int(port) < 1 << 16:
        family = socket.AF_INET6 if options.get("family") == "ipv6" else socket.AF_INET
        return family, (options.get("host", "localhost"), int(port))
    return None
