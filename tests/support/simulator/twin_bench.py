"""A bench for a quirk: a few lines of a profile's TOML, and the twin they make."""

from __future__ import annotations

from runback.devices.library import find, loads
from runback.devices.profile import Profile
from runback.simulator.spec import MachineSpec
from runback.simulator.twin import twin
from tests.support.simulator.treadmill_bench import CONTROL_POINT, DATA, STATUS, TRAINING, Bench, uuid

__all__ = ["CONTROL_POINT", "DATA", "STATUS", "TRAINING", "Bench", "bench", "profile", "shipped", "uuid"]

HEAD = """
title = "Quirky"
unverified = "nothing"
[[evidence]]
source = "the test"
level = "inferred"
covers = "one quirk"
"""


def profile(text: str) -> Profile:
    """The profile that the tables `text` describe, beside a machine without a quirk."""
    return loads(HEAD + ("" if "[match]" in text else '[match]\nname_prefix = ["QUIRKY-1"]\n') + text, "test", "quirky")


def bench(text: str, *faults: str) -> Bench:
    """Its twin, nobody connected."""
    return Bench(twin(profile(text)), *faults)


def shipped(name: str) -> Bench:
    """The twin of a profile that comes with runback, nobody connected."""
    return Bench(shipped_spec(name))


def shipped_spec(name: str) -> MachineSpec:
    """Its spec."""
    return twin(find(name, None))
