"""The one heart rate that is shown and kept, of two that may be told.

Rules:
- The strap's is the one, from the first it has told to the session's end. Once it is lost the treadmill's own does not
  step in: it may come from the same strap, or from hands on the grips, and a jump would look like the heart's.
- Until then the treadmill's own is.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.heart_rate.monitor import HeartRateLoss, HeartRateSource, Reading


@dataclass(frozen=True, slots=True)
class HeartRateReading:
    """`bpm` None: there is none. `sensor`: whose it is, or was; None if nobody has told one. `lost`: why there is none
    any more."""

    bpm: int | None = None
    sensor: HeartRateSource | None = None
    lost: HeartRateLoss | None = None


def figure(strap: Reading | None, own: int | None) -> HeartRateReading:
    """The strap's `reading` (None: there is no strap) against the treadmill's own, per minute, 0 or None for none."""
    if strap is not None and (strap.bpm is not None or strap.lost):
        return HeartRateReading(strap.bpm, HeartRateSource.STRAP, strap.loss)
    return HeartRateReading(own, HeartRateSource.TREADMILL) if own else HeartRateReading()
