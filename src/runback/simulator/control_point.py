"""The Fitness Machine Control Point's rules: who may ask for what, and what the answer is.

Rules, in the order they are asked:
1. An op code this machine does not know: 02 op code not supported.
2. Request Control is for everybody; the newest wins, and whoever held control loses it (status FF).
3. Anything else without control: 05 control not permitted.
4. A parameter of the wrong length, or outside the supported range: 03 invalid parameter.
5. What the machine cannot do now (start when started, stop when stopped, speed when not driven): 04 operation failed.
6. 01 success; the *other* clients are told by Machine Status.

Control ends with the connection, with status FF and with Reset. Values between two increments are rounded. Where a
machine's `habits` say otherwise, they hold; numbers of quirks stand there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

from runback.devices.quirk_values import Refusal, RepeatedStart, RequestAnswer, SpinUp, StopPaused
from runback.simulator import encoding
from runback.simulator.belt import BeltMotion
from runback.simulator.connections import Client
from runback.simulator.console import Console
from runback.simulator.spec import AtRest
from runback.simulator.wire_units import true_incline, true_speed


class ResultByte(IntEnum):
    """Result codes of the response 80."""

    SUCCESS = 0x01
    NOT_SUPPORTED = 0x02
    INVALID_PARAMETER = 0x03
    FAILED = 0x04
    NOT_PERMITTED = 0x05


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What a request led to: the result for its client, the status for the others, the client that lost control."""

    result: ResultByte
    status: bytes | None = None
    lost: int | None = None
    drops: bool = False
    """The machine ends the connection instead of answering (quirk 16)."""


SUCCESS = WriteOutcome(ResultByte.SUCCESS)
FAILED = WriteOutcome(ResultByte.FAILED)
INVALID = WriteOutcome(ResultByte.INVALID_PARAMETER)
NOT_PERMITTED = WriteOutcome(ResultByte.NOT_PERMITTED)
_REFUSED = {
    Refusal.NOT_SUPPORTED: WriteOutcome(ResultByte.NOT_SUPPORTED),
    Refusal.INVALID: INVALID,
    Refusal.FAILED: FAILED,
    Refusal.SILENT: SUCCESS,
}
_SPINNING = {
    SpinUp.FAILED: FAILED,
    SpinUp.NOT_PERMITTED: NOT_PERMITTED,
    SpinUp.DROPS: WriteOutcome(ResultByte.FAILED, drops=True),
}


class ControlPoint:
    """Requests in, outcomes out; the belt acts at once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._spec = console.spec
        self._habits = console.spec.habits
        self.holder: int | None = None
        """The client that has control."""
        self.refuses_stop: ResultByte | None = None
        """A defect: Stop and Pause are answered with this, and do nothing."""
        self.starts_instead: Callable[[float], None] | None = None
        """A defect: what comes of an accepted Start instead of a start; None: a start."""
        self._procedures = {
            0x00: (len(self._spec.door.key), self._request_control),
            0x01: (0, self._reset),
            0x02: (2, self._target_speed),
            0x07: (0, self._start),
            0x08: (1, self._stop),
        }
        if self._spec.has_incline or self._habits.incline_lock is not None:
            self._procedures[0x03] = (2, self._target_incline)

    def request(self, client: Client, data: bytes, now: float) -> WriteOutcome:
        """Carry out one request of at least one byte."""
        outcome = self._carry_out(client, data, now)
        if self._habits.always_succeeds and not outcome.drops:
            return replace(outcome, result=ResultByte.SUCCESS)
        return outcome

    def _carry_out(self, client: Client, data: bytes, now: float) -> WriteOutcome:
        op_code, parameter = data[0], data[1:]
        if op_code not in self._procedures:
            return _REFUSED[Refusal.NOT_SUPPORTED]
        length, procedure = self._procedures[op_code]
        if op_code != 0x00 and self._spec.door.needs_control and self.holder != client.number:
            return NOT_PERMITTED
        if len(parameter) != length:
            return INVALID
        return procedure(client, parameter, now)

    def release(self) -> int | None:
        """Nobody has control any more; returns who had."""
        holder, self.holder = self.holder, None
        return holder

    def _request_control(self, client: Client, parameter: bytes, now: float) -> WriteOutcome:
        if parameter != self._spec.door.key:
            return NOT_PERMITTED
        if self._habits.request_answer is RequestAnswer.REFUSED:
            return FAILED
        client.claims += 1
        if client.claims < self._spec.door.claims:
            return SUCCESS
        before, self.holder = self.holder, client.number
        started = self._habits.starts_on_control and self._console.start(now)
        lost = before if before != client.number else None
        return WriteOutcome(ResultByte.SUCCESS, encoding.STATUS_STARTED if started else None, lost)

    def _reset(self, _: Client, __: bytes, now: float) -> WriteOutcome:
        self._console.reset(now)
        self.holder = None
        return WriteOutcome(ResultByte.SUCCESS, encoding.STATUS_RESET)

    def _target_speed(self, _: Client, parameter: bytes, now: float) -> WriteOutcome:
        spec, habits = self._spec, self._habits
        speed = true_speed(int.from_bytes(parameter, "little"), spec.form.write_unit)
        if habits.speed_lock is not None:
            return _REFUSED[habits.speed_lock]
        if habits.spin_up in _SPINNING and self._console.counting_down:
            return _SPINNING[habits.spin_up]
        if speed < spec.speed_min:
            return _REFUSED[habits.below_minimum]
        if speed > spec.speed_max:
            return INVALID
        told = WriteOutcome(ResultByte.SUCCESS, encoding.speed_changed(self._console.speed_on_grid(speed), spec.form))
        if self._console.aim(now, speed):
            return told
        kept = spec.target_at_rest
        if habits.spin_up is SpinUp.ACCEPTED and self._console.belt.phase is BeltMotion.COUNTDOWN:
            kept = AtRest.KEPT
        match kept:
            case AtRest.REFUSED:
                return FAILED
            case AtRest.KEPT:
                self._console.keep(now, speed)
                return told
            case AtRest.IGNORED:
                return SUCCESS

    def _target_incline(self, _: Client, parameter: bytes, now: float) -> WriteOutcome:
        if self._habits.incline_lock is not None:
            return _REFUSED[self._habits.incline_lock]
        spec = self._spec
        incline = true_incline(int.from_bytes(parameter, "little", signed=True), spec.form)
        if not spec.incline_min <= incline <= spec.incline_max:
            return INVALID
        self._console.tilt(now, incline)
        return WriteOutcome(ResultByte.SUCCESS, encoding.incline_changed(self._console.belt.incline_target, spec.form))

    def _start(self, _: Client, __: bytes, now: float) -> WriteOutcome:
        if not self._habits.remote_start or (self._habits.console_first and not self._startable()):
            return FAILED
        if self.starts_instead is not None:
            self.starts_instead(now)
            return WriteOutcome(ResultByte.SUCCESS, encoding.STATUS_STARTED)
        if self._console.start(now):
            self._console.feed(now)
            return WriteOutcome(ResultByte.SUCCESS, encoding.STATUS_STARTED)
        match self._console.start_again(now):
            case RepeatedStart.REFUSED:
                return FAILED
            case RepeatedStart.TOGGLE:
                return WriteOutcome(ResultByte.SUCCESS, encoding.STATUS_STOPPED)
            case RepeatedStart.PAUSES:
                return WriteOutcome(ResultByte.SUCCESS, encoding.STATUS_PAUSED)
            case _:
                return SUCCESS

    def _startable(self) -> bool:
        """Its own button has been pressed, or it is started or paused already (quirk 15)."""
        return self._console.called or self._console.paused or self._console.belt.phase is not BeltMotion.AT_REST

    def _stop(self, _: Client, parameter: bytes, now: float) -> WriteOutcome:
        if parameter[0] not in (1, 2):
            return INVALID
        if self.refuses_stop is not None:
            return WriteOutcome(self.refuses_stop)
        return self._pause(now) if parameter[0] == 2 else self._stop_for_good(now)

    def _pause(self, now: float) -> WriteOutcome:
        if not self._habits.pause_supported:
            return _REFUSED[Refusal.NOT_SUPPORTED]
        return WriteOutcome(ResultByte.SUCCESS, encoding.STATUS_PAUSED) if self._console.pause(now) else FAILED

    def _stop_for_good(self, now: float) -> WriteOutcome:
        console, habits = self._console, self._habits
        if not habits.stop_supported:
            return _REFUSED[Refusal.NOT_SUPPORTED]
        if habits.stop_paused is StopPaused.STARTS and console.paused and console.start(now):
            return WriteOutcome(ResultByte.SUCCESS, encoding.STATUS_STARTED)
        pausing = habits.stop_means_pause and not console.paused
        done = console.pause(now) if pausing else console.stop(now)
        if done and habits.stop_resets:
            console.belt.reset(now)
        return WriteOutcome(ResultByte.SUCCESS, encoding.STATUS_STOPPED) if done else FAILED
