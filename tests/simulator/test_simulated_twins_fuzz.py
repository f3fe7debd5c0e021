"""No twin comes to harm whatever is written to it, and none runs faster than it can."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.devices.library import available
from runback.simulator.gatt import AttFault
from tests.support.effort import examples
from tests.support.simulator.twin_bench import shipped

PROFILES = [entry.name for entry in available(None)]
COMMANDS = st.sampled_from(["00", "01", "02c800", "02ffff", "020000", "031e00", "07", "0801", "0802", "7f"])
DEEDS = st.tuples(
    st.floats(0.01, 4), COMMANDS | st.binary(max_size=12).map(bytes.hex), st.integers(0, 40), st.booleans()
)


@pytest.mark.parametrize("name", PROFILES)
@settings(max_examples=examples(15), deadline=None)
@given(deeds=st.lists(DEEDS, max_size=12))
def test_no_twin_comes_to_harm(name: str, deeds: list[tuple[float, str, int, bool]]) -> None:
    bench = shipped(name)
    treadmill = bench.treadmill
    everything = [uuid for contents in treadmill.services().values() for uuid in contents]
    treadmill.connected(1, 0)
    for uuid in everything:
        with contextlib.suppress(AttFault):
            treadmill.subscribed(1, uuid, 0, enabled=True)
    for pause, octets, where, response in deeds:
        uuid = everything[where % len(everything)]
        treadmill.write(1, uuid, bytes.fromhex(octets), bench.now, response=response)
        with contextlib.suppress(AttFault):
            treadmill.read(1, uuid, bench.now)
        bench.run(bench.now + pause)
        assert 0 <= bench.speed <= treadmill.spec.speed_max
