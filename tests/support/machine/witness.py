"""A second reading of what a machine core may write, for `test_machine_properties`: made from inputs and outputs alone.

It is told everything the core is told, in the same order, and asserts of each write that it was allowed. Where a hand
at the console may have changed the target (`UNSURE`), or a procedure may have ended, it is lenient; else strict.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from runback.errors import CodecError
from runback.ftms.control_point import decode_response
from runback.ftms.status import decode_machine_status
from runback.ftms.treadmill_data import RecordMerger, decode_treadmill_data
from runback.machine.client import Capabilities, Write
from runback.safety.gate import Caps, Rates
from tests.support.machine.driver import DATA, POINT, STATUS

UNSURE: Final = -1
APART: Final = 0.2
"""Seconds between two records for the second not to be the first one, delivered twice (bluez.md 1)."""


@dataclass
class Witness:
    able: Capabilities
    caps: Caps
    rates: Rates
    gap: float
    online: bool = False
    latched: bool = False
    speed: int | None = None
    heard_at: float = 0.0
    zero_at: float | None = None
    """When the first 0 came of a belt that was not told to come to rest."""
    told_to_rest: bool = False
    granted: bool = False
    stop_not_permitted: bool = False
    target: int | None = None
    """What was written last, if the machine has it; None: a raise counts from the measured speed."""
    procedure: int | None = None
    answer_by: float = 0.0
    intent: float | None = None
    """Until when the start that was asked for is good; None without one."""
    out: float | None = None
    """The intent behind the 07 under way."""
    rises: list[tuple[float, int]] = field(default_factory=list)
    written_at: float = -1.0
    merger: RecordMerger = field(default_factory=RecordMerger)

    # -- inputs -------------------------------------------------------------------------------------------------------

    def link_up(self) -> None:
        self.online = True

    def link_down(self) -> None:
        self.online = self.granted = self.stop_not_permitted = False
        self.speed = self.zero_at = None
        self.told_to_rest = False
        self.merger.reset()
        self.written_at = -1.0
        self.let_go()

    def let_go(self) -> None:
        self.procedure = self.target = self.intent = self.out = None

    def stopped(self) -> None:
        self.latched = True
        self.let_go()

    def paused(self) -> None:
        self.target = self.intent = self.out = None

    def start_asked(self, expires: float) -> None:
        self.intent = expires

    def time(self, now: float) -> None:
        if self.procedure is not None and now >= self.answer_by:
            shown = self.target is not None and self.speed is not None and abs(self.speed - self.target) <= 20
            if self.procedure == 2 and not shown:
                self.target = None
            self.procedure = None

    def hears(self, uuid: str, data: bytes, now: float) -> None:
        with suppress(CodecError):
            {DATA: self._data, STATUS: self._status, POINT: self._answer}[uuid](data, now)

    def _data(self, data: bytes, now: float) -> None:
        record = self.merger.add(decode_treadmill_data(data))
        if record is None or record.speed is None:
            return
        self.heard_at = now
        if self._is_first_zero(record.speed, now):
            return
        self.zero_at = None
        self.told_to_rest = self.told_to_rest and record.speed > 0
        if record.speed > 0 and not self.speed:  # it moves, whoever started it
            self.intent = None
            if self.procedure == 7:
                self.procedure = None
        if record.speed == 0:
            self.target = None
        self.speed = record.speed

    def _is_first_zero(self, speed: int, now: float) -> bool:
        """One 0 in the middle of a run is no rest (issue 11, A4); a second one is."""
        if speed > 0 or not self.speed or self.latched or self.told_to_rest:
            return False
        if self.zero_at is None:
            self.zero_at = now
        return now < self.zero_at + APART

    def _status(self, data: bytes, _now: float) -> None:
        status = decode_machine_status(data)
        self.told_to_rest = self.told_to_rest or status.op_code in (2, 3)
        if status.op_code == 2 and self.procedure == 8:
            self.procedure = None
        elif status.op_code == 2 and self.speed:
            self.let_go()
        elif status.op_code in (1, 3, 0xFF):
            self.granted = self.granted and status.op_code == 3
            self.let_go()
        elif status.op_code == 4 and self.procedure == 7:
            self.procedure = None
        elif status.op_code == 6 and self.procedure == 3:
            self.procedure = None  # if it was our value; the core knows
        elif status.op_code == 5 and status.value and self.target is not None:
            if abs(status.value - self.target) < 16:
                self.procedure = None if self.procedure == 2 else self.procedure
            else:
                self.target = UNSURE

    def _answer(self, data: bytes, _now: float) -> None:
        answer = decode_response(data)
        if answer.request == 8 and answer.result == 5:
            self.stop_not_permitted = True
        if answer.request != self.procedure:
            return
        self.procedure = None
        if answer.result == 1:
            self.granted = self.granted or answer.request == 0
            return
        if answer.request == 2 and self.target != UNSURE:
            self.target = None
        if answer.result == 5:
            self.granted = False
            self._start_not_taken()

    def _start_not_taken(self) -> None:
        self.intent = self.intent if self.intent is not None else self.out
        self.out = None

    def refused(self, *, busy: bool) -> None:
        """The write just seen was refused by the radio."""
        if self.procedure == 2:
            self.target = None
        if self.procedure == 7 and busy:
            self._start_not_taken()
        self.procedure = None

    # -- outputs ------------------------------------------------------------------------------------------------------

    def sees(self, write: Write, now: float, *, opened: bool) -> None:
        """Judge a write; `opened` is whether the gate let raise just now."""
        octets = write.data
        assert self.online
        if write.stop:
            assert self.latched
            assert octets == b"\x08\x01" or (octets == b"\x00" and self.stop_not_permitted)
            self.stop_not_permitted = False
            return
        assert self.procedure is None, "one procedure at a time"
        assert now >= self.written_at + self.gap - 1e-9
        self.written_at, self.procedure, self.answer_by = now, octets[0], now + 3.0
        match octets[0], octets[1:]:
            case 0x00, b"":
                assert not self.granted
            case 0x07, b"":
                self._start(now, opened=opened)
            case 0x08, b"\x02":
                self.told_to_rest = True
                assert self.granted
            case 0x02, parameter:
                self._set_speed(int.from_bytes(parameter, "little"), now, opened=opened)
            case 0x03, parameter:
                incline = int.from_bytes(parameter, "little", signed=True)
                assert self.granted
                assert self.able.incline is not None
                assert incline in range(self.able.incline.low, self.able.incline.high + 1, self.able.incline.step)
            case _:
                raise AssertionError(octets.hex())

    def _start(self, now: float, *, opened: bool) -> None:
        assert opened
        assert self.granted
        assert self.speed == 0
        assert now <= self.heard_at + 2.0
        assert self.intent is not None
        assert now < self.intent
        self.out, self.intent = self.intent, None

    def _set_speed(self, speed: int, now: float, *, opened: bool) -> None:
        assert self.granted
        assert self.speed, "no target before the belt is measured moving"
        assert self.able.speed is not None
        assert speed in range(self.able.speed.low, self.able.speed.high + 1, self.able.speed.step)
        assert speed != self.target, "an unchanged target is not written again"
        current = self.speed if self.target is None else self.target
        if current != UNSURE and speed > current:
            assert opened
            assert speed <= self.caps.lowest()[0]
            assert speed - current <= self.rates.per_command
            self.rises = [(at, rise) for at, rise in self.rises if at + 1.0 > now] + [(now, speed - current)]
            assert sum(rise for _, rise in self.rises) <= self.rates.per_second
        self.target = speed
