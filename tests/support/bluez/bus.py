"""A D-Bus daemon of our own, for an org.bluez of our own: no test ever talks to the computer's."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>custom</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class NoDbusDaemon(RuntimeError):
    """dbus-daemon is not installed: the bench cannot run, and says so instead of passing."""


@contextmanager
def private_bus() -> Iterator[str]:
    """A running dbus-daemon; yields its address. It is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="runback-bus-") as folder:  # short: a socket's path is 107 bytes at most
        socket, config = Path(folder, "bus"), Path(folder, "bus.conf")
        config.write_text(_CONFIG.format(socket=socket), encoding="utf-8")
        try:
            daemon = subprocess.Popen(
                ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"],
                stdout=subprocess.PIPE,
            )
        except FileNotFoundError:
            raise NoDbusDaemon("dbus-daemon is not installed; the Bluetooth bench needs it (package dbus)") from None
        with daemon:
            try:
                assert daemon.stdout is not None
                address = daemon.stdout.readline().decode().strip()
                if not address:
                    raise NoDbusDaemon("dbus-daemon did not start; the Bluetooth bench needs it")
                yield address.partition(",guid=")[0]
            finally:
                daemon.terminate()


@contextmanager
def as_system_bus(address: str) -> Iterator[None]:
    """Make `address` the system bus of this process and its children, and undo it."""
    before = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS")
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = address
    try:
        yield
    finally:
        if before is None:
            del os.environ["DBUS_SYSTEM_BUS_ADDRESS"]
        else:
            os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = before
