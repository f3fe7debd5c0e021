"""What the machine reports of itself: Treadmill Data or its substitutes, Training Status, ramp traces.

Rules: everything here only reads the console; how it is put into bytes is the machine's `form`.
"""

from __future__ import annotations

from dataclasses import replace

from runback.devices.quirk_values import DataSource, Reads
from runback.simulator import encoding
from runback.simulator.attributes import Att
from runback.simulator.belt import BeltMotion
from runback.simulator.console import Console
from runback.simulator.gatt import AttFault

NOTHING = encoding.ReportSample(0, 0, 0, 0, 0, 0, 0, strap=False)
_FTMS_READS = frozenset({encoding.FEATURE, encoding.TRAINING_STATUS, encoding.SPEED_RANGE, encoding.INCLINE_RANGE})


class Reports:
    """The reports of one machine."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._spec = console.spec
        self._form = console.spec.form
        self._fields = encoding.record_fields(console.spec)

    @property
    def sources(self) -> tuple[str, ...]:
        """The characteristics that are notified at each tick."""
        running = self._form.source in (DataSource.RSC, DataSource.BOTH)
        return (encoding.TREADMILL_DATA, encoding.RUNNING_MEASUREMENT) if running else (encoding.TREADMILL_DATA,)

    def data(
        self, at: float, split: int | None, cut: int | None, mtu: int | None = None, *, said: int | None = None
    ) -> list[tuple[str, bytes]]:
        """What is notified at a tick. `split`, `cut` and `said` are faults: bytes per part, at most, and a speed
        (0.01 km/h) that is said instead of the belt's. `mtu` is the connection's ATT_MTU, the machine's own where None.
        """
        sample = self._sample(at)
        if said is not None:
            sample = replace(sample, speed=said)
        told = sample if self._form.source in (DataSource.FTMS, DataSource.BOTH) else NOTHING
        fits = (self._spec.mtu if mtu is None else min(mtu, self._spec.mtu)) - 3
        limit = min(each for each in (fits, self._form.split_at, split) if each is not None)
        cut = self._form.cut_at if cut is None else cut
        whole = cut is not None and self._form.cut_at is not None
        parts = encoding.treadmill_data(self._fields, told, 512 if whole else limit, self._form)
        records = [(encoding.TREADMILL_DATA, part if cut is None else part[:cut]) for part in parts]
        if encoding.RUNNING_MEASUREMENT in self.sources:
            stepping = self._console.walker.on
            records.append(
                (encoding.RUNNING_MEASUREMENT, encoding.running_measurement(sample.speed, stepping=stepping))
            )
        return records

    def training(self) -> bytes:
        """2AD3."""
        return encoding.training_status(self._console.training(), self._form)

    def trace(self, at: float) -> bytes:
        """2ADA 05 with what the belt does now (quirk 36)."""
        return encoding.speed_changed(self._console.belt.speed(at), self._form)

    def stale(self) -> bytes:
        """An old Machine Status: a target somebody set some time ago (quirk 36)."""
        return encoding.speed_changed(self._spec.speed_max, self._form)

    def check_read(self, uuid: str) -> bytes | None:
        """What a read before the first start gives instead of the value; None: the value. Raises AttFault 0x0E."""
        habit = self._form.reads_before_start
        if habit is None or self._console.ever_started or uuid not in _FTMS_READS:
            return None
        if habit is Reads.FAIL:
            raise AttFault(Att.UNLIKELY)
        return b""

    def _sample(self, at: float) -> encoding.ReportSample:
        sample = encoding.ReportSample.of(self._console.belt, at)
        if not self._spec.heart_rate:
            sample = replace(sample, strap=False)
        missed = self._console.walker.missed(sample.distance)
        if missed:
            sample = replace(sample, missed=missed)
        resting = self._console.paused and self._console.belt.phase is BeltMotion.AT_REST
        if resting and self._form.speed_while_paused:
            sample = replace(sample, speed=self._form.speed_while_paused)
        return sample
