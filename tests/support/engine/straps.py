"""Straps for the engine's tests: the simulated one on a line, and links that do what no link should."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from runback.engine.heart_rate_task import HeartRateTask
from runback.errors import AttError, LinkError, LinkLost
from runback.ftms.assigned_numbers import HEART_RATE_MEASUREMENT
from runback.ipc.messages import Snapshot
from runback.link.memory import MemoryLink, Radio
from runback.link.protocol import AdvertisedIdentity, Link, LinkListener, Services
from runback.simulator import heart_rate_strap as simulated
from runback.simulator.faults import parse_fault
from tests.support.engine.bench import Line, Record

BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
STRAP_ALONE = frozenset({"strap", "strap says", "remark"})
"""What a record has of a strap: all else is the session's."""


class StrapLink:
    """A link to the simulated strap that notes when it was asked for what; `connects` may be replaced."""

    def __init__(self, *faults: str, load: Callable[[float], float] = lambda _: 0.0) -> None:
        self.radio = Radio(simulated.SimulatedStrap(faults=[parse_fault(text) for text in faults], load=load))
        self._link = MemoryLink(self.radio)
        self.asked_at: list[float] = []
        self.given_up_at: list[float] = []

    name = "Simulated Strap"
    shown = AdvertisedIdentity()

    async def connect(self, listener: LinkListener) -> Services:
        self.asked_at.append(asyncio.get_running_loop().time())
        try:
            return await self.connects(listener)
        except asyncio.CancelledError:
            self.given_up_at.append(asyncio.get_running_loop().time())
            raise

    async def connects(self, listener: LinkListener) -> Services:
        return await self._link.connect(listener)

    async def subscribe(self, uuid: str) -> None:
        await self._link.subscribe(uuid)

    async def read(self, uuid: str) -> bytes:
        return await self._link.read(uuid)

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        await self._link.write(uuid, data, response=response)

    async def disconnect(self) -> None:
        await self._link.disconnect()


class Hangs(StrapLink):
    """Never comes up: it does not advertise, or its adapter takes for ever."""

    async def connects(self, listener: LinkListener) -> Services:  # noqa: ARG002
        await asyncio.Event().wait()
        raise LinkLost("never")


class Fails(StrapLink):
    """Nothing by that name."""

    async def connects(self, listener: LinkListener) -> Services:  # noqa: ARG002
        await asyncio.sleep(0.5)
        raise LinkError("nothing called “Polar” was heard in 10 s; switch it on, close other apps")


class Breaks(StrapLink):
    """Raises what no link may."""

    async def connects(self, listener: LinkListener) -> Services:  # noqa: ARG002
        raise RuntimeError("the adapter's library is broken")

    async def disconnect(self) -> None:
        raise OSError("and so is its end")


class NeverSubscribes(StrapLink):
    """Connects, and hangs in the subscription and in being released."""

    async def subscribe(self, uuid: str) -> None:  # noqa: ARG002
        await asyncio.Event().wait()

    async def disconnect(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2.1):
                await asyncio.Event().wait()


class NoStrap(StrapLink):
    """Something else by that name: it tells no heart rate."""

    async def subscribe(self, uuid: str) -> None:
        raise AttError(0x0A, f"the device has no characteristic {uuid}")


class Refuses(StrapLink):
    """A strap that wants to be paired first."""

    async def subscribe(self, uuid: str) -> None:  # noqa: ARG002
        raise AttError(0x05, "refused: Not paired")


class Floods(StrapLink):
    """Sends garbage and good packets, hundreds a second, and drops."""

    async def connects(self, listener: LinkListener) -> Services:
        services = await super().connects(listener)
        loop = asyncio.get_running_loop()
        loop.call_later(0.5, listener.notified, BATTERY_LEVEL, b"\x64")
        for number in range(600):
            data = bytes((number & 0x1F, number & 0xFF, *range(number % 7)))
            loop.call_later(number * 0.01, listener.notified, HEART_RATE_MEASUREMENT, data)
        loop.call_later(7.0, listener.lost, "a made-up loss")
        return services


class Flaps(StrapLink):
    """Connects and is lost again, again and again."""

    async def connects(self, listener: LinkListener) -> Services:
        services = await super().connects(listener)
        asyncio.get_running_loop().call_later(0.2, listener.lost, "lost again")
        return services


STRAPS: dict[str, Callable[[], Link]] = {
    "works": StrapLink,
    "hangs": Hangs,
    "fails": Fails,
    "breaks": Breaks,
    "never subscribes": NeverSubscribes,
    "is no strap": NoStrap,
    "refuses": Refuses,
    "floods": Floods,
    "flaps": Flaps,
    "comes and goes": lambda: StrapLink("strap-lost@10+7", "strap-no-contact@25+10", "strap-silent@45+30"),
}
"""What may be at the other end."""


def worn(line: Line, link: Link) -> Line:
    """`line` with a strap at the other end of `link`."""
    return line.equipped(companion=lambda engine: HeartRateTask(link, engine))


def without_strap(line: Line) -> list[Record]:
    """What the record has but for the strap."""
    return [record for record in line.trace if record["event"] not in STRAP_ALONE]


class Eye:
    """Looks at the snapshot at given times."""

    def __init__(self, *at: float) -> None:
        self.seen: dict[float, Snapshot] = {}
        self.script = [(each, self._look(each)) for each in at]

    def _look(self, at: float) -> Callable[[Line], object]:
        return lambda line: self.seen.__setitem__(at, line.engine.snapshot())
