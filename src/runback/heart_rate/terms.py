"""The words of a heart rate: who tells it, and why there is none."""

from __future__ import annotations

from enum import StrEnum


class HeartRateSource(StrEnum):
    """Whose heart rate it is."""

    STRAP = "strap"
    TREADMILL = "treadmill"


class HeartRateLoss(StrEnum):
    """Why a strap's heart rate is not shown."""

    NO_LINK = "no link"  # it is not connected, or has not spoken since it is again
    SILENT = "silent"  # connected, but nothing comes
    NO_CONTACT = "no contact"  # it says that it does not touch the skin
    IMPLAUSIBLE = "implausible"  # no heart that beats so is on a treadmill
    FROZEN = "frozen"  # the same figure for longer than a heart keeps one
