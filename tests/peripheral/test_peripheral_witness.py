"""Two carriers, one machine: what arrives over real ATT bytes is what the memory link delivers, and when."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.devices.library import available
from runback.engine.scaled_loop import ScaledLoop
from runback.errors import AttError, LinkLost
from runback.link.memory import MemoryLink, Radio
from runback.link.protocol import Link
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.simulator.twin import twin
from tests.support.effort import examples
from tests.support.peripheral.bumble_link import BumbleLink
from tests.support.peripheral.station_bench import on_the_air

BEGIN = 1.37
"""When everybody is connected, and no event of the machine is near."""
LOST = -1
NAMES = ("2AD9", "2ADA", "2AD3", "2ACD", "2A53")


def uuid(short: str) -> str:
    return f"0000{short.lower()}-0000-1000-8000-00805f9b34fb"


@dataclass
class Heard:
    """All that a client got."""

    values: list[tuple[str, str]] = field(default_factory=list)
    errors: list[int | None] = field(default_factory=list)
    losses: int = 0
    belt: list[int] = field(default_factory=list)

    def notified(self, uuid: str, data: bytes) -> None:
        self.values.append((uuid, data.hex()))

    def lost(self, reason: str) -> None:  # noqa: ARG002
        self.losses += 1


Script = list[tuple[float, str]]


async def play(link: Link, script: Script, treadmill: Treadmill) -> Heard:
    """Do what `script` says, each so many seconds after the last, at the same moments on any carrier."""
    loop, heard = asyncio.get_running_loop(), Heard()
    offered = await link.connect(heard)
    response = "write" in offered.get(uuid("2AD9"), ())
    await asyncio.sleep(BEGIN - loop.time())
    at = BEGIN
    for name in NAMES:
        if uuid(name) in offered:
            await link.subscribe(uuid(name))
    for wait, request in script:
        at += wait
        await asyncio.sleep(at - loop.time())
        try:
            await link.write(uuid("2AD9"), bytes.fromhex(request), response=response)
            heard.errors.append(None)
        except AttError as error:
            heard.errors.append(error.code)
        except LinkLost:
            heard.errors.append(LOST)
        heard.belt.append(treadmill.belt_speed(loop.time()))
    await asyncio.sleep(at + 5.0 - loop.time())
    return replace(heard)  # what befalls it afterwards is the bench's doing


def by_memory(spec: MachineSpec, script: Script) -> tuple[Heard, Treadmill]:
    treadmill = Treadmill(spec)

    async def run() -> Heard:
        return await play(MemoryLink(Radio(treadmill)), script, treadmill)

    with asyncio.Runner(loop_factory=ScaledLoop) as runner:
        return runner.run(run()), treadmill


def by_air(spec: MachineSpec, script: Script) -> tuple[Heard, Treadmill]:
    treadmill = Treadmill(spec)

    async def run() -> Heard:
        async with on_the_air(treadmill, mtu=spec.mtu, name=spec.name) as (ether, _):
            return await play(BumbleLink(ether), script, treadmill)

    with asyncio.Runner(loop_factory=ScaledLoop) as runner:
        return runner.run(run()), treadmill


def compare(spec: MachineSpec, script: Script) -> Heard:
    memory, one = by_memory(spec, script)
    air, other = by_air(spec, script)
    for name in NAMES:
        assert [data for each, data in air.values if each == uuid(name)] == [
            data for each, data in memory.values if each == uuid(name)
        ], name
    assert air.errors == memory.errors
    assert air.losses == memory.losses
    assert air.belt == memory.belt
    assert [(each.data, each.result) for each in other.received] == [(each.data, each.result) for each in one.received]
    return air


speeds = st.integers(0, 2100).map(lambda speed: "02" + speed.to_bytes(2, "little").hex())
inclines = st.integers(-20, 140).map(lambda incline: "03" + incline.to_bytes(2, "little", signed=True).hex())
requests = st.sampled_from(["00", "07", "0801", "0802", "01", "0803", "02", "", "7f"]) | speeds | inclines
waits = st.sampled_from([0.25, 0.5, 1.25, 3.0, 7.5, 20.0])
scripts = st.lists(st.tuples(waits, requests), min_size=1, max_size=12).map(lambda rest: [(0.5, "00"), *rest])
PLAIN: Script = [(0.5, "00"), (0.5, "07"), (5.0, "022003"), (12.0, "031400"), (9.0, "0801")]


@settings(max_examples=examples(25), deadline=None)
@given(scripts)
def test_whatever_is_asked_the_octets_are_the_memory_links(script: Script) -> None:
    compare(MachineSpec(), script)


@pytest.mark.full
@pytest.mark.parametrize("entry", available(None), ids=lambda entry: entry.name)
def test_every_twins_octets_are_the_memory_links(entry: object) -> None:
    spec = twin(entry.profile)  # type: ignore[attr-defined]
    assert bool(compare(spec, PLAIN).values) is not spec.door.muted


def test_the_plain_script_really_moves_the_belt() -> None:
    heard = compare(MachineSpec(), PLAIN)
    assert [data for each, data in heard.values if each == uuid("2AD9")] == [
        "800001",
        "800701",
        "800201",
        "800301",
        "800801",
    ]
    assert max(heard.belt) == 800
