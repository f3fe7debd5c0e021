"""The watch over one strap: bytes in, and at any time the heart rate, or why there is none.

Rules:
- A heart rate is told only while every check holds. The first that does not is the reason, in the order of `_CHECKS`;
  there is nothing between a fresh figure and none.
- The contact bit is believed when it says no, never when it says yes: a wet strap on a table has contact.
- A sign of life is a heart rate that changes, a beat-to-beat (RR) interval that differs from the last one told, or
  contact that comes back. The energy counter is none: straps reckon it from the heart rate they repeat.
- Bytes that cannot be read have not been heard. A packet that comes twice (bluez.md 1) changes nothing.
- Time is an argument, seconds, and never goes backwards.

Source: Heart Rate Service 1.0, 3.1 (a measurement about once a second; the contact bits); `reference/ftms.md`, last
part. The bounds are judgement, each with its reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

from runback.errors import CodecError
from runback.ftms.heart_rate import HeartRate, decode_heart_rate


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


LOWEST: Final = 30
HIGHEST: Final = 240
"""Beats per minute outside which no walker's or runner's heart is; 0 is what many straps say for "none"."""
SILENT_AFTER: Final = 5.0
"""Seconds: five packets missed in a row are more than an arm in the way; the treadmill's own silence has as long."""
FROZEN_AFTER: Final = 30.0
"""Seconds. Breath alone moves a heart within a few of them, and straps average over up to some fifteen: the same
figure for twice that is the strap's memory. Sooner would take a calm heart, well averaged, for a dead strap."""
BEATLESS_AFTER: Final = 10.0
"""Seconds that a strap which tells beats may repeat a figure without telling one: five of the slowest heart's."""


class StrapConnection(Enum):
    """How the strap is connected."""

    NEVER = "never"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Reading:
    """`bpm` beats per minute, None while there is none to believe; `loss` why, None if there is one or none was to be
    expected yet; `lost` whether there has been one before. Of `bpm` and `loss` at least one is None."""

    bpm: int | None = None
    loss: HeartRateLoss | None = None
    lost: bool = False


class HeartRateMonitor:
    """What is known of one strap."""

    def __init__(self) -> None:
        self._link = StrapConnection.NEVER
        self._had = False
        self._packet: HeartRate | None = None
        """The newest on this connection."""
        self._heard_at = 0.0
        """When it came, or the connection."""
        self._alive_at = 0.0
        """The newest sign of life."""
        self._beats: tuple[int, ...] = ()
        self._beaten_at: float | None = None
        """When the newest beats were told; None if none have been on this connection."""

    def connected(self, now: float) -> None:
        """The strap is connected, and will be heard; nothing of an earlier connection counts any more."""
        self._link = StrapConnection.UP
        self._packet, self._beats, self._beaten_at = None, (), None
        self._heard_at = now

    def disconnected(self) -> None:
        """The strap is gone."""
        if self._link is StrapConnection.UP:
            self._link = StrapConnection.DOWN

    def receive(self, data: bytes, now: float) -> None:
        """A Heart Rate Measurement (2A37). What comes without a connection is too late to count."""
        if self._link is not StrapConnection.UP:
            return
        try:
            packet = decode_heart_rate(data)
        except CodecError:
            return
        last, beats = self._packet, packet.rr_intervals
        regained = last is None or (last.contact is False and packet.contact is not False)
        if regained or (last is not None and packet.bpm != last.bpm) or (beats and beats != self._beats):
            self._alive_at = now
        if beats:
            self._beats, self._beaten_at = beats, now
        self._packet, self._heard_at = packet, now
        self._had = self._had or self.read(now).bpm is not None

    def read(self, now: float) -> Reading:
        """The heart rate at `now`, or why there is none."""
        loss = self._loss(now)
        bpm = None if loss is not None or self._packet is None else self._packet.bpm
        return Reading(bpm, loss, lost=self._had and bpm is None)

    def deadline(self, now: float) -> float | None:
        """When `read` will say something else though nothing is heard; None if it will not."""
        if self._link is not StrapConnection.UP:
            return None
        times = [self._heard_at + SILENT_AFTER]
        if self._packet is not None:
            times.append(self._frozen_at())
        return min((at for at in times if at > now), default=None)

    def _loss(self, now: float) -> HeartRateLoss | None:
        if self._link is StrapConnection.NEVER:
            return None
        if self._link is StrapConnection.DOWN:
            return HeartRateLoss.NO_LINK
        packet = self._packet
        if packet is None:
            waiting = HeartRateLoss.NO_LINK if self._had else None
            return HeartRateLoss.SILENT if self._silent(packet, now) else waiting
        return next((loss for loss, fails in self._CHECKS if fails(self, packet, now)), None)

    def _silent(self, _: HeartRate | None, now: float) -> bool:
        return now >= self._heard_at + SILENT_AFTER

    def _no_contact(self, packet: HeartRate, _: float) -> bool:
        return packet.contact is False

    def _implausible(self, packet: HeartRate, _: float) -> bool:
        return not LOWEST <= packet.bpm <= HIGHEST

    def _frozen(self, _: HeartRate, now: float) -> bool:
        return now >= self._frozen_at()

    def _frozen_at(self) -> float:
        """When the present figure will have stood for too long."""
        frozen = self._alive_at + FROZEN_AFTER
        if self._beaten_at is not None:
            frozen = min(frozen, max(self._alive_at, self._beaten_at) + BEATLESS_AFTER)
        return frozen

    _CHECKS: Final[tuple[tuple[HeartRateLoss, Callable[[HeartRateMonitor, HeartRate, float], bool]], ...]] = (
        (HeartRateLoss.SILENT, _silent),
        (HeartRateLoss.NO_CONTACT, _no_contact),
        (HeartRateLoss.IMPLAUSIBLE, _implausible),
        (HeartRateLoss.FROZEN, _frozen),
    )
