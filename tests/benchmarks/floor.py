"""The floor: the least that can lie between a key and the link. A bare process on the same bus, the same bench and a
terminal of the same kind: a blocking read of the terminal, then the same bleak write of 08 01. Nothing else.

    python floor.py ADDRESS GO_FD

It waits to be told on GO_FD, one byte a sample, lets its loop rest, answers on GO_FD, and reads the terminal.
"""

from __future__ import annotations

import asyncio
import os
import sys
import termios
import tty

from bleak import BleakClient, BleakScanner

CONTROL_POINT = "00002ad9-0000-1000-8000-00805f9b34fb"
STOP = bytes.fromhex("0801")


async def main(address: str, go: int) -> None:
    """Samples until GO_FD ends."""
    device = await BleakScanner.find_device_by_address(address, timeout=20.0)
    assert device is not None, "the bench is not on the air"
    tty.setraw(0, termios.TCSANOW)
    async with BleakClient(device) as client:
        characteristic = client.services.get_characteristic(CONTROL_POINT)
        assert characteristic is not None
        await client.start_notify(characteristic, lambda _, __: None)
        os.write(go, b"r")
        while True:
            await asyncio.sleep(0.05)  # what the bus still has to say is taken before the terminal is read
            if not os.read(go, 1):
                return
            await asyncio.sleep(0.02)
            os.write(go, b"g")
            os.read(0, 64)
            await client.write_gatt_char(characteristic, STOP, response=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
