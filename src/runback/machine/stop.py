"""The stop latch: the whole of what happens between "stop" and a belt seen at rest.

Rules:
1. `pull` only latches: no clock, no I/O, no failure. While latched nothing but this file says what is written.
2. Stop (08 01) is due at once, on this link and again on every new one. It is repeated until the machine has accepted
   it **and** the speed falls; an acceptance alone is believed for `FALL_WITHIN` seconds.
3. The one other octet it ever writes is Request Control (00), and only when the machine has refused Stop with "control
   not permitted". Never Start, never a speed.
4. At rest means speed 0 measured after the acceptance (or for `ZERO_FOR` seconds without any); a belt that moves
   again afterwards is stopped again.
5. Alarm, until at rest: not falling within `FALL_WITHIN`, rising, nothing heard for `UNSEEN_AFTER`, or no link.
6. Only `reset`, and only at rest, lets go. It writes nothing.

Source: training.md "Stop"; FTMS S0 4.16.2.9 (Stop or Pause), table 4.24 (results). Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from enum import Enum

from runback.ftms.assigned import Result

STOP = bytes.fromhex("0801")
REQUEST_CONTROL = bytes.fromhex("00")

RETRY = 0.5
"""Between two Stops while the first is unanswered, or was refused."""
BUSY_RETRY = 0.1
"""After "procedure already in progress": the machine is about to be free."""
REPEAT = 1.0
"""Between two Stops of a machine that accepts them and does not slow down."""
FALL_WITHIN = 1.5
UNSEEN_AFTER = 2.0
ZERO_FOR = 5.0
"""Longer than the longest start countdown seen (5 s, quirk 16)."""
LAG = 1.0
"""Records up to this long after Stop may still show the belt as it was."""
RISE = 30
"""0.3 km/h above the lowest speed since Stop is rising."""
UNHEARD_TRIES = 4
"""Stops without any answer and without any effect before the link is called useless."""


class Latch(Enum):
    """Where a stop stands."""

    CLEAR = "clear"
    DUE = "due"
    WRITTEN = "written"
    ACCEPTED = "accepted"
    AT_REST = "at rest"


class Alarm(Enum):
    """Why a person must step off. The value is the plain line for the screen."""

    NOT_FALLING = "the belt is not slowing down"
    RISING = "the belt is getting faster"
    UNSEEN = "the treadmill does not say what its belt does"
    NO_LINK = "there is no link to the treadmill"


class StopLatch:
    """One belt's stop. See the rules above."""

    def __init__(self) -> None:
        self.state = Latch.CLEAR
        self.alarm: Alarm | None = None
        self._online = False
        self._speed: int | None = None
        self._heard_at: float | None = None
        self._clear()

    def _clear(self) -> None:
        self.since: float | None = None
        self._next: float | None = None
        self._claim = False
        self._claimed_at: float | None = None
        self._tries = 0
        self._lowest: int | None = None
        self._progress_at: float | None = None
        self._zero_since: float | None = None

    @property
    def latched(self) -> bool:
        """Whether Stop has been asked for and not been let go of."""
        return self.state is not Latch.CLEAR

    def pull(self) -> None:
        """Latch. Idempotent; takes nothing, waits for nothing, cannot fail."""
        if self.state is Latch.CLEAR:
            self.state = Latch.DUE

    def reset(self) -> bool:
        """Let go, if the belt is at rest; says whether it did."""
        if self.state is not Latch.AT_REST:
            return False
        self.state = Latch.CLEAR
        self.alarm = None
        self._clear()
        return True

    def next_write(self, now: float) -> bytes | None:
        """The octets for the control point that are due at `now`, if any."""
        self.judge(now)
        if self.state in (Latch.CLEAR, Latch.AT_REST) or not self._online:
            return None
        if self._next is not None and now < self._next:
            return None
        if self._claim:
            self._claim = False
            self._claimed_at = now
            self._next = now + RETRY
            return REQUEST_CONTROL
        if self.state is Latch.ACCEPTED and self.alarm is None:
            return None
        if self.state is not Latch.ACCEPTED:
            self.state = Latch.WRITTEN
        self._tries += 1
        self._next = now + (REPEAT if self.state is Latch.ACCEPTED else RETRY)
        return STOP

    def answered(self, request: int, result: int, now: float) -> None:
        """The machine answered procedure `request` with `result`. An answer to anything else only says that the
        machine is free again."""
        if self.state not in (Latch.DUE, Latch.WRITTEN, Latch.ACCEPTED):
            return
        self._tries = 0
        if request != STOP[0]:
            self._next = now
        elif result == Result.CONTROL_NOT_PERMITTED:
            self.state = Latch.DUE
            self._claim = True
            self._next = now if self._claimed_at is None else self._claimed_at + RETRY
        elif result in (Result.SUCCESS, Result.OPERATION_FAILED):
            # "failed" is what a machine answers that has nothing to stop; whether that is so, the speed says.
            self.accepted(now)

    def accepted(self, now: float) -> None:
        """The machine says that it stops: by its answer, or by its status."""
        if self.state in (Latch.DUE, Latch.WRITTEN):
            self.state = Latch.ACCEPTED
            self._next = now + REPEAT
            self._zero_since = None  # only a speed measured from now on confirms it

    def refused(self, now: float, *, busy: bool) -> None:
        """The write itself was refused; `busy` if because of another procedure (ATT error 0xFE)."""
        self._next = now + (BUSY_RETRY if busy else RETRY)

    def measured(self, speed: int, now: float) -> None:
        """A fresh record says the belt runs at `speed`."""
        before, self._speed, self._heard_at = self._speed, speed, now
        if self.state is Latch.CLEAR:
            return
        since = self._begin(now)
        if self.state is Latch.AT_REST:
            if speed > 0:
                self.state = Latch.DUE
                self.alarm = Alarm.RISING
                self._next = now
                self._zero_since = None
            return
        if self._lowest is None:
            self._lowest = speed if before is None else before
        if speed < self._lowest:
            self._progress_at = now
        if speed > self._lowest + RISE and now >= since + LAG:
            self.alarm = Alarm.RISING
        self._lowest = speed if now < since + LAG else min(self._lowest, speed)
        self._zero_since = (now if self._zero_since is None else self._zero_since) if speed == 0 else None
        self.judge(now)

    def link_up(self, now: float) -> None:
        """A link is there: Stop is due on it, and silence counts from here."""
        self._online = True
        self._heard_at = now
        self._again(now)

    def link_down(self, now: float) -> None:
        """The link is gone, and with it every way to stop the belt from here."""
        self._online = False
        if self._again(now):
            self.alarm = Alarm.NO_LINK

    def _again(self, now: float) -> bool:
        if self.state in (Latch.CLEAR, Latch.AT_REST):
            return False
        self._begin(now)
        self.state = Latch.DUE
        self._tries = 0
        self._claim = False
        self._claimed_at = None
        self._next = None
        return True

    def judge(self, now: float) -> None:
        """Bring the state and the alarm up to `now`."""
        if self.state in (Latch.CLEAR, Latch.AT_REST):
            return
        since = self._begin(now)
        if self._rested(now):
            self.state = Latch.AT_REST
            self.alarm = None
        elif self.alarm is None:
            if not self._online:
                self.alarm = Alarm.NO_LINK
            elif now >= self._seen_at(since) + UNSEEN_AFTER:
                self.alarm = Alarm.UNSEEN
            elif self._speed and now >= self._fell_at(since) + FALL_WITHIN:
                self.alarm = Alarm.NOT_FALLING

    def useless(self) -> bool:
        """Whether this link takes Stop after Stop without any answer or effect: a new one may do better."""
        return self.latched and self._tries >= UNHEARD_TRIES and self.alarm is not None

    def deadline(self) -> float | None:
        """When `next_write` or `judge` will next have something to do, if nothing arrives."""
        if self.since is None or self.state is Latch.AT_REST:
            return None
        times = []
        if self._online and (self.state is not Latch.ACCEPTED or self._claim or self.alarm is not None):
            times.append(self.since if self._next is None else self._next)
        if self._zero_since is not None:
            times.append(self._zero_since + ZERO_FOR)
        if self.alarm is None:
            times.append(self._seen_at(self.since) + UNSEEN_AFTER)
            if self._speed:
                times.append(self._fell_at(self.since) + FALL_WITHIN)
        return min(times, default=None)

    def _begin(self, now: float) -> float:
        if self.since is None:
            self.since = now
        return self.since

    def _seen_at(self, since: float) -> float:
        return since if self._heard_at is None else self._heard_at

    def _fell_at(self, since: float) -> float:
        return since if self._progress_at is None else max(since, self._progress_at)

    def _rested(self, now: float) -> bool:
        if self._zero_since is None:
            return False
        return self.state is Latch.ACCEPTED or now >= self._zero_since + ZERO_FOR
