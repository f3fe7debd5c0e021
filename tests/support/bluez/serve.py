"""The bench as a process of its own, to be killed and to be driven by the real program.

    python tests/bluez/serve.py [--bus ADDRESS] [--name NAME] [--address ADDRESS] [--profile NAME] [--fault FAULT]...
        [--speed FACTOR] [--also N] [--write-latency SECONDS] [--no-distance]
        [--strap] [--strap-fault FAULT]... [--strap-hangs] [--own-name NAME] [--without-services N]
        [--disconnect-takes SECONDS]

`--strap` puts a heart-rate strap on the air as well; with `--strap-hangs` no connection to it ever comes up.
`--also` puts N more treadmills of the kind on the air, "NAME 2" and on, at the addresses that follow; what is ordered
by hand is done to the first. Without `--bus` it brings a private dbus-daemon, which ends with it (not if it is killed).
It writes JSON, one object a line, and obeys lines on its standard input until that ends:
    {"ready": BUS}                                            org.bluez is there; DBUS_SYSTEM_BUS_ADDRESS=BUS finds it
    {"write": {"t", "address", "uuid", "data", "response"}}   each WriteValue; t is CLOCK_MONOTONIC, data hexadecimal
    truth                  → {"truth": {"t", "speed", "incline", "phase", "distance"}}   0.01 km/h, 0.1 %, m
    start stop pause key   → {"done": bool}                   a hand at the machine; so do `speed N` and `incline N`
    refuse N               → {"done": true}   the next N calls of Connect fail, as `Bluez.refuse`
    take                   → {"done": bool}                   another controller takes the treadmill
    flood N                → {"done": true}               N notifications a second more; 0 ends it
    drop stall unstall freeze forget off on die rise          → {"done": true}, see `Bluez`
Anything else is answered {"error": LINE}.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace

from runback.devices.library import find
from runback.simulator.faults import parse_fault
from runback.simulator.heart_rate_strap import SimulatedStrap
from runback.simulator.spec import MachineSpec, ReportField
from runback.simulator.treadmill import Treadmill
from runback.simulator.twin import twin
from tests.support.bluez.air import Habits
from tests.support.bluez.bus import as_system_bus, private_bus
from tests.support.bluez.service import Bluez, Received


def say(what: str, content: object) -> None:
    """One line to whoever started us."""
    sys.stdout.write(json.dumps({what: content}) + "\n")
    sys.stdout.flush()


def report(write: Received) -> None:
    """A write, as it came."""
    fields = {"address": write.address, "uuid": write.uuid, "data": write.data.hex(), "response": write.response}
    say("write", {"t": write.at, **fields})


class Orders:
    """What may be asked of a running bench."""

    def __init__(self, bluez: Bluez, treadmill: Treadmill) -> None:
        self._bluez = bluez
        self._treadmill = treadmill
        self._hands: dict[str, Callable[[float], bool]] = {
            "start": treadmill.buttons.press_start,
            "stop": treadmill.buttons.press_stop,
            "pause": treadmill.buttons.press_pause,
            "key": treadmill.buttons.pull_key,
            "take": treadmill.take_control,
        }
        self._settings: dict[str, Callable[[float, int], bool]] = {
            "speed": treadmill.buttons.set_speed,
            "incline": treadmill.buttons.set_incline,
        }
        self._lives: dict[str, Callable[[], Awaitable[None]]] = {"die": bluez.die, "rise": bluez.rise}
        self._faults: dict[str, Callable[[], None]] = {
            "drop": bluez.drop,
            "stall": bluez.stall,
            "unstall": lambda: bluez.stall(stalled=False),
            "freeze": bluez.freeze,
            "forget": bluez.forget,
            "off": lambda: bluez.power(on=False),
            "on": lambda: bluez.power(on=True),
        }

    async def obey(self, line: str) -> None:
        """Carry out one line, and answer it."""
        word, _, number = line.strip().partition(" ")
        if word == "truth":
            say("truth", self._truth())
        elif word in self._hands:
            say("done", self._hands[word](self._bluez.now()))
        elif word in self._settings and number.isdecimal():
            say("done", self._settings[word](self._bluez.now(), int(number)))
        elif word == "flood" and number.isdecimal():
            self._bluez.flood(int(number))
            say("done", True)  # noqa: FBT003 - the answer itself
        elif word == "refuse" and number.isdecimal():
            self._bluez.refuse(int(number))
            say("done", True)  # noqa: FBT003 - the answer itself
        elif word in self._lives:
            await self._lives[word]()
            say("done", True)  # noqa: FBT003 - the answer itself
        elif word in self._faults:
            self._faults[word]()
            say("done", True)  # noqa: FBT003 - the answer itself
        else:
            say("error", line.strip())
        self._bluez.wake()

    def _truth(self) -> dict[str, object]:
        now = self._bluez.now()
        return {
            "t": asyncio.get_running_loop().time(),
            "speed": self._treadmill.belt_speed(now),
            "incline": self._treadmill.belt_incline(now),
            "phase": self._treadmill.phase(now).name.lower(),
            "distance": self._treadmill.distance(now),
        }


def specs(options: argparse.Namespace) -> list[MachineSpec]:
    """What is on the air."""
    machine = MachineSpec() if options.profile is None else twin(find(options.profile, None))
    name = machine.name if options.name is None else options.name or None
    latency = machine.write_latency if options.write_latency is None else options.write_latency
    fields = machine.fields & ~ReportField.DISTANCE if options.no_distance else machine.fields
    first = replace(machine, name=name, address=options.address, write_latency=latency, fields=fields)
    base, last = options.address.rsplit(":", 1)
    return [
        first,
        *(
            replace(first, name=f"{name} {number}", address=f"{base}:{int(last, 16) + number - 1:02X}")
            for number in range(2, options.also + 2)
        ),
    ]


async def serve(options: argparse.Namespace, bus: str) -> None:
    """Be bluetoothd until standard input ends."""
    treadmills = [Treadmill(spec, [parse_fault(text) for text in options.fault]) for spec in specs(options)]
    straps = [SimulatedStrap(faults=[parse_fault(text) for text in options.strap_fault])] if options.strap else []
    hanging = frozenset(strap.spec.address for strap in straps if options.strap_hangs)
    habits = Habits(
        speed=options.speed,
        never_connects=hanging,
        own_name=options.own_name,
        without_services=options.without_services,
        disconnect_takes=options.disconnect_takes,
    )
    bluez = Bluez([*treadmills, *straps], habits)
    bluez.on_received = report
    await bluez.start()
    say("ready", bus)
    orders = Orders(bluez, treadmills[0])
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        await orders.obey(line.decode())
    await bluez.stop()


def main() -> None:
    usual = MachineSpec()
    parser = argparse.ArgumentParser(description="A small bluetoothd with a simulated treadmill.")
    parser.add_argument("--bus", help="address of the D-Bus to serve; without it, one of its own")
    parser.add_argument("--name", help="advertised name; empty for none; the machine's own if left out")
    parser.add_argument("--profile", help="be the twin of this treadmill profile")
    parser.add_argument("--address", default=usual.address)
    parser.add_argument("--fault", action="append", default=[], help="as in runback.simulator.faults")
    parser.add_argument("--speed", type=float, default=1.0, help="simulated seconds per real one")
    parser.add_argument("--also", type=int, default=0, help="how many more treadmills")
    parser.add_argument(
        "--write-latency", type=float, help="simulated s to the ATT response; the machine's own if left out"
    )
    parser.add_argument("--strap", action="store_true", help="a heart-rate strap too")
    parser.add_argument("--strap-fault", action="append", default=[], help="of the strap")
    parser.add_argument("--strap-hangs", action="store_true", help="no connection to the strap comes up")
    parser.add_argument("--no-distance", action="store_true", help="it does not report how far it has gone")
    parser.add_argument("--own-name", help="what devices are called once they are connected")
    parser.add_argument("--without-services", type=int, default=0, help="connections that show no services")
    parser.add_argument("--disconnect-takes", type=float, default=0.0, help="seconds; BlueZ takes 2")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        bus = options.bus or stack.enter_context(private_bus())
        stack.enter_context(as_system_bus(bus))
        asyncio.run(serve(options, bus))


if __name__ == "__main__":
    main()
