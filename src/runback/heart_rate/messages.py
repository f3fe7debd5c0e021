"""What is said once when a strap's heart rate is lost, or does not come.

Rules:
- One line each, which fits a window of 80 columns. Nobody is asked to see to a strap while the belt moves.
- It is said of the strap, never of the heart.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from runback.heart_rate.monitor import HeartRateLoss

_LOST: Final[Mapping[HeartRateLoss, str]] = MappingProxyType(
    {
        HeartRateLoss.NO_LINK: "the strap is out of reach; looking for it.",
        HeartRateLoss.SILENT: "the strap sends nothing.",
        HeartRateLoss.NO_CONTACT: "the strap does not feel the skin. Adjust it at rest.",
        HeartRateLoss.IMPLAUSIBLE: "the strap reads wrongly. Adjust it at rest.",
        HeartRateLoss.FROZEN: "the strap repeats itself. Adjust it at rest.",
    }
)
_NOT_YET: Final[Mapping[HeartRateLoss, str]] = MappingProxyType(
    {
        HeartRateLoss.NO_LINK: "the strap is out of reach; looking for it.",
        HeartRateLoss.SILENT: "the strap sends nothing.",
        HeartRateLoss.NO_CONTACT: "the strap does not feel the skin; wet it at rest.",
        HeartRateLoss.IMPLAUSIBLE: "the strap has no reading; wet it at rest.",
        HeartRateLoss.FROZEN: "the strap repeats itself; wet it at rest.",
    }
)


def line(loss: HeartRateLoss, *, lost: bool) -> str:
    """Why there is no heart rate; `lost`: there has been one."""
    return f"Heart rate lost: {_LOST[loss]}" if lost else f"No heart rate yet: {_NOT_YET[loss]}"
