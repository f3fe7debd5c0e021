"""Fitness Machine Feature (2ACC): what a machine says it measures and lets be set.

Rules:
- Reserved bits are kept, surplus bytes ignored.
- It is a claim, not a fact: machines set bits for what they never send (quirk 37).

Source: S0 4.3.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.errors import CodecError
from runback.ftms.assigned_numbers import Feature, TargetFeature


@dataclass(frozen=True, slots=True)
class MachineFeature:
    """Both words of the characteristic."""

    features: Feature
    targets: TargetFeature


def decode_feature(data: bytes) -> MachineFeature:
    """2ACC. Raises CodecError if shorter than 8 bytes."""
    if len(data) < 8:
        raise CodecError("Fitness Machine Feature", bytes(data), "8 bytes are needed")
    return MachineFeature(
        Feature(int.from_bytes(data[0:4], "little")),
        TargetFeature(int.from_bytes(data[4:8], "little")),
    )
