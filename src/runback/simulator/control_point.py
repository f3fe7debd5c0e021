"""The Fitness Machine Control Point's rules: who may ask for what, and what the answer is.

Rules, in the order they are asked:
1. An op code this machine does not know: 02 op code not supported.
2. Request Control is for everybody; the newest wins, and whoever held control loses it (status FF).
3. Anything else without control: 05 control not permitted.
4. A parameter of the wrong length, or outside the supported range: 03 invalid parameter.
5. What the machine cannot do now (start when started, stop when stopped, speed when not driven): 04 operation failed.
6. 01 success; the *other* clients are told by Machine Status.

Control ends with the connection, with status FF and with Reset. Values between two increments are rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from runback.simulator import octets
from runback.simulator.console import Console
from runback.simulator.spec import AtRest


class Result(IntEnum):
    """Result codes of the response 80."""

    SUCCESS = 0x01
    NOT_SUPPORTED = 0x02
    INVALID_PARAMETER = 0x03
    FAILED = 0x04
    NOT_PERMITTED = 0x05


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request led to: the result for its client, the status for the others, the client that lost control."""

    result: Result
    status: bytes | None = None
    lost: int | None = None


FAILED = Outcome(Result.FAILED)
INVALID = Outcome(Result.INVALID_PARAMETER)


class ControlPoint:
    """Requests in, outcomes out; the belt acts at once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.holder: int | None = None
        """The client that has control."""
        self.refuses_stop: Result | None = None
        """A defect: Stop and Pause are answered with this, and do nothing."""
        self._procedures = {
            0x00: (0, self._request_control),
            0x01: (0, self._reset),
            0x02: (2, self._target_speed),
            0x07: (0, self._start),
            0x08: (1, self._stop),
        }
        if console.spec.has_incline:
            self._procedures[0x03] = (2, self._target_incline)

    def request(self, client: int, data: bytes, now: float) -> Outcome:
        """Carry out one request of at least one octet."""
        op_code, parameter = data[0], data[1:]
        if op_code not in self._procedures:
            return Outcome(Result.NOT_SUPPORTED)
        length, procedure = self._procedures[op_code]
        if op_code != 0x00 and self.holder != client:
            return Outcome(Result.NOT_PERMITTED)
        if len(parameter) != length:
            return INVALID
        return procedure(client, parameter, now)

    def release(self) -> int | None:
        """Nobody has control any more; returns who had."""
        holder, self.holder = self.holder, None
        return holder

    def _request_control(self, client: int, _: bytes, __: float) -> Outcome:
        before, self.holder = self.holder, client
        return Outcome(Result.SUCCESS, lost=before if before != client else None)

    def _reset(self, _: int, __: bytes, now: float) -> Outcome:
        self._console.reset(now)
        self.holder = None
        return Outcome(Result.SUCCESS, octets.STATUS_RESET)

    def _target_speed(self, _: int, parameter: bytes, now: float) -> Outcome:
        speed = int.from_bytes(parameter, "little")
        spec = self._console.spec
        if not spec.speed_min <= speed <= spec.speed_max:
            return INVALID
        if self._console.aim(now, speed):
            return Outcome(Result.SUCCESS, octets.speed_changed(self._console.speed_on_grid(speed)))
        match spec.target_at_rest:
            case AtRest.REFUSED:
                return FAILED
            case AtRest.KEPT:
                self._console.keep(now, speed)
                return Outcome(Result.SUCCESS, octets.speed_changed(self._console.speed_on_grid(speed)))
            case AtRest.IGNORED:
                return Outcome(Result.SUCCESS)

    def _target_incline(self, _: int, parameter: bytes, now: float) -> Outcome:
        incline = int.from_bytes(parameter, "little", signed=True)
        spec = self._console.spec
        if not spec.incline_min <= incline <= spec.incline_max:
            return INVALID
        self._console.tilt(now, incline)
        return Outcome(Result.SUCCESS, octets.incline_changed(self._console.belt.incline_target))

    def _start(self, _: int, __: bytes, now: float) -> Outcome:
        return Outcome(Result.SUCCESS, octets.STATUS_STARTED) if self._console.start(now) else FAILED

    def _stop(self, _: int, parameter: bytes, now: float) -> Outcome:
        if parameter[0] not in (1, 2):
            return INVALID
        if self.refuses_stop is not None:
            return Outcome(self.refuses_stop)
        pause = parameter[0] == 2
        if not (self._console.pause(now) if pause else self._console.stop(now)):
            return FAILED
        return Outcome(Result.SUCCESS, octets.STATUS_PAUSED if pause else octets.STATUS_STOPPED)
