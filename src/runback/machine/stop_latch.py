"""The stop latch: the whole of what happens between "stop" and a belt seen at rest.

Rules:
1. `pull` only latches: no clock, no I/O, no failure. While latched nothing but this file says what is written.
2. Stop (08 01) is due at once, on this link and again on every new one. Nothing that arrives before it has been written
   can stand for it. It is repeated until the machine has accepted it **and** the speed falls; an acceptance alone is
   believed only as long as there is no alarm (`stop_monitor`).
3. The one other byte it ever writes is Request Control (00): only when the machine has refused Stop with "control not
   permitted", or says yes to everything and has not given control on this link (quirk 5); and where that would start
   a belt at rest (quirk 14), only to one that is measured moving. Never Start. One speed: to a machine that answers
   "op code not supported" to Stop, the slowest there is, in turns with Stop, as long as the belt is faster than that;
   the alarm stands from that answer on, for such a belt will not come to rest by it.
4. At rest means speed 0 measured after the acceptance (or over `ZERO_FOR` seconds without any; while a start of ours
   may still come, for as long as that may take). A belt that moves again
   afterwards, or that nobody can see when Stop is asked for again, is stopped again.
5. Only `reset`, and only at rest, lets go. It writes nothing.
6. A machine that Stop starts out of a pause (quirk 19) gets none while its belt is freshly measured at rest: the latch
   holds and watches. On a new link to such a belt it listens for `LOOK` first.
7. The gap a machine wants between two writes (42) does not hold up the first Stop; a claim after it waits, and so does
   what follows a claim: sooner it would not be heard.
8. A blind machine (quirk 38) always reports 0: that is no evidence, and its silence is none either. Stop is repeated
   for `BLIND_FOR`, then all has been done that can be (`spent`): no alarm, and no rest. Only the person can see that
   the belt lies still; their `reset` says so.

Source: training.md "Stop"; FTMS S0 4.16.2.9 (Stop or Pause), table 4.24 (results). Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from enum import Enum

from runback.ftms.assigned_numbers import STOP, OpCode, Result
from runback.machine.quirks import AckEvidence, ControlRequestPolicy, MachineQuirks
from runback.machine.stop_monitor import FALL_WITHIN, HAND_WITHIN, StopMonitor
from runback.machine.stop_monitor import Alarm as Alarm  # this is the door where a reader looks for it

RETRY = 0.5
"""Between two Stops while the first is unanswered, or was refused."""
BUSY_RETRY = 0.1
"""After "procedure already in progress": the machine is about to be free."""
REPEAT = 1.0
"""Between two Stops of a machine that accepts them and does not slow down."""
ZERO_FOR = 5.0
"""As long as the longest start countdown seen (quirk 16)."""
LOOK = 1.5
"""Machines report about once a second (ftms.md)."""
BLIND_FOR = 6.0
"""Seconds for which Stop is repeated to a machine that nobody here can see."""
UNHEARD_TRIES = 4
"""Stops without any answer and without any effect before the link is called useless."""


class LatchState(Enum):
    """Where a stop stands."""

    CLEAR = "clear"
    DUE = "due"  # the machine has not been told on this link
    WRITTEN = "written"
    ACCEPTED = "accepted"
    AT_REST = "at rest"


_UNDER_WAY = frozenset({LatchState.DUE, LatchState.WRITTEN, LatchState.ACCEPTED})


class StopLatch:
    """One belt's stop. See the rules above."""

    def __init__(self) -> None:
        self.state = LatchState.CLEAR
        self._descent = StopMonitor()
        self._online = False
        self._asked_again = False
        self._look_until: float | None = None
        self._was_at_rest = False
        self._habits = MachineQuirks()
        self._mute = False
        self.controlled = False
        """Whether this link has control, as far as the machine says."""
        self.starting = False
        """A start of ours is on its way: the belt is at rest, but not for long."""
        self.may_start = False
        """The same, or one that was given up and may still come."""
        self.slowest: bytes | None = None
        """What tells the machine its slowest speed; None while the belt is not seen to be faster than that."""
        self._write_again()

    @property
    def by_hand(self) -> bool:
        """Only its own STOP stops it: a hand has to reach that first, before slowness is an alarm (9, 19)."""
        return self._mute or self._habits.stop_by_hand

    @property
    def blind(self) -> bool:
        """Nothing that it reports, and no silence of it, says anything of its belt (38)."""
        return self._habits.blind

    def _write_again(self) -> None:
        self._next: float | None = None
        """When something may be written; None: at once."""
        self._claim = False
        self._claimed_at: float | None = None
        self._slow = False
        """Whether the slowest speed is to be written next: the machine knows no Stop."""
        self._slowed_at: float | None = None
        self._tries = 0
        self._spent_at: float | None = None
        self.spent = False
        """Whether all has been done that can be, and only the person can see what the belt does."""

    @property
    def slowed(self) -> bool:
        """Whether the slowest speed has been written since Stop was."""
        return self._slowed_at is not None

    @property
    def tries(self) -> int:
        """How many Stops have been written since the machine was last heard."""
        return self._tries

    @property
    def latched(self) -> bool:
        """Whether Stop has been asked for and not been let go of."""
        return self.state is not LatchState.CLEAR

    @property
    def alarm(self) -> Alarm | None:
        """Why the person must step off, if they must."""
        return self._descent.alarm

    @property
    def confirmed_by_person(self) -> bool:
        """Whether only the person can see what has come of it."""
        return self.blind and self.state in _UNDER_WAY

    @property
    def since(self) -> float | None:
        """When Stop was first acted upon; None before."""
        return self._descent.since

    def pull(self) -> None:
        """Latch. Idempotent; takes nothing, waits for nothing, cannot fail."""
        if self.state is LatchState.CLEAR:
            self.state = LatchState.DUE
        self._asked_again = self.state is LatchState.AT_REST or self.spent

    def reset(self) -> bool:
        """Let go, if the belt is known to be at rest and Stop has not just been asked for; says whether it did. Of a
        belt that only the person can see it is their word that counts, once Stop has been written."""
        seen = self.state is LatchState.AT_REST and self._descent.speed is not None
        told = (
            self.confirmed_by_person
            and not self._descent.speed
            and (self.state is not LatchState.DUE or not self._may_write)
        )
        # Somebody has just asked for Stop again: whether the belt rests is to be judged again before it is let go of.
        if self._asked_again or not (seen or told):
            return False
        self.state = LatchState.CLEAR
        self._descent.clear()
        self._write_again()
        return True

    def due(self, now: float) -> bool:
        """Whether something is to be written now."""
        self.judge(now)
        if self.state not in _UNDER_WAY or not self._may_write or (self._next is not None and now < self._next):
            return False
        # It has been sent Stop for `BLIND_FOR`: more would change nothing that anybody here can see.
        if self.spent:
            return False
        if self._spared(now) or self._looking(now):
            return False
        return self.state is not LatchState.ACCEPTED or self._repeating

    def next_write(self, now: float) -> bytes:
        """The bytes for the control point that are due at `now`: something is (`due`)."""
        claim, self._claim = self._claim, False
        quirks = self._habits
        if claim and not (quirks.claim is ControlRequestPolicy.STARTS and not self._descent.speed):
            self._claimed_at = now
            self._next = now + max(RETRY, quirks.gap)
            return b"\x00" + quirks.key
        slow, self._slow = self._slow, False
        if slow and self.slowest is not None:
            self._slowed_at = now
            self._next = now + max(RETRY, quirks.gap)
            return self.slowest
        # An accepted Stop that is written again stays accepted: it must not be taken for one that was never answered.
        if self.state is LatchState.ACCEPTED:
            self._next = now + REPEAT
        else:
            self.state = LatchState.WRITTEN
            self._next = now + max(RETRY, quirks.gap)
        self._tries += 1
        if self.blind and self._spent_at is None:
            self._spent_at = now + BLIND_FOR
        return STOP

    @property
    def _claim_first(self) -> bool:
        """Whether a yes may only mean that nobody is in control."""
        return self._habits.proof is AckEvidence.BELT and not self.controlled and self._claimed_at is None

    @property
    def _may_write(self) -> bool:
        return self._online and not self._mute

    @property
    def _repeating(self) -> bool:
        """Whether an accepted Stop is to be written again."""
        return self.alarm is not None or self.blind

    def _spared(self, now: float) -> bool:
        """Whether Stop would start a belt that is seen at rest."""
        until = self._descent.rests_until
        return self._habits.stop_starts and not self.starting and until is not None and now < until

    def _looking(self, now: float) -> bool:
        """Whether a belt that lay still is listened for before anything is written to it."""
        return self._look_until is not None and now < self._look_until and self._descent.speed is None

    def answered(self, request: int, result: int, now: float) -> None:
        """The machine answered procedure `request` with `result`. An answer to anything but a Stop that has been
        written, a pause before it among them, only says that the machine is free again."""
        self._tries = 0
        if self.state is LatchState.DUE or request != OpCode.STOP_OR_PAUSE:
            self._next = now if self._claimed_at is None else max(now, self._claimed_at + self._habits.gap)
            self._claim = self._claim and request != OpCode.REQUEST_CONTROL  # a repeated 05 asks for no second claim
            slow = request == OpCode.SET_TARGET_SPEED and self._slowed_at is not None  # else it is from before Stop
            self._claim |= slow and result == Result.CONTROL_NOT_PERMITTED
        # A late answer to a Stop that has done its work.
        elif self.state is LatchState.AT_REST:
            pass
        # The one reason to ask for control while stopping: the want of it is why the belt runs on, or may be (5).
        elif result == Result.CONTROL_NOT_PERMITTED or self._claim_first:
            self.state = LatchState.WRITTEN
            self._claim = True
            self._next = (
                now + self._habits.gap
                if self._claimed_at is None
                else max(self._claimed_at + RETRY, now + self._habits.gap)
            )
        # Where its own STOP is the only one (`by_hand`), that is known already, and the person has been told.
        elif result == Result.OP_CODE_NOT_SUPPORTED and not self.by_hand:
            self._slow_down(now)
        elif self._believed(result):
            self.accepted(now)

    def _slow_down(self, now: float) -> None:
        """The machine knows no Stop: its slowest speed is better than nothing, once in `REPEAT`."""
        self._descent.cannot_stop()
        lately = self._slowed_at is not None and now < self._slowed_at + REPEAT
        self._slow = self.slowest is not None and not lately
        self._next = now + (self._habits.gap if self._slow else RETRY)

    def _believed(self, result: int) -> bool:
        """Whether an answer says that the belt stops. "Failed" is what a machine answers that has nothing to stop, and
        some say yes to everything; whether that is so, the speed says, unless a start is still on its way."""
        if result == Result.SUCCESS and self._habits.proof is not AckEvidence.BELT:
            return True
        return result in (Result.SUCCESS, Result.OPERATION_FAILED) and not self.may_start

    def accepted(self, now: float) -> None:
        """The machine says that it stops: by its answer, or by its status."""
        self._tries = 0
        # Only a Stop that was written on this link can be accepted: a status may be the console's own.
        if self.state is LatchState.WRITTEN:
            self.state = LatchState.ACCEPTED
            self._claim = False
            self._next = now + REPEAT

    def refused(self, now: float, *, busy: bool) -> None:
        """The write itself was refused; `busy` if because of another procedure (ATT error 0xFE). Before Stop has been
        written that was another write, and does not put Stop off."""
        # Refused was what Stop has overtaken.
        if self.state is LatchState.DUE:
            return
        if self.state is LatchState.WRITTEN:
            self.state = LatchState.DUE
        self._next = now + (BUSY_RETRY if busy else RETRY)

    def measured(self, speed: int, now: float) -> None:
        """A fresh record says the belt runs at `speed`."""
        if self.state not in _UNDER_WAY:
            self._descent.hear(speed, now)
            # It was at rest, the latch holds, and it moves: somebody else's doing, or a start that came late.
            if self.state is LatchState.AT_REST and speed > 0:
                self._due_again()
                self._descent.alarm = Alarm.RISING
            return
        self._descent.measured(speed, now)
        zero_since = self._descent.zero_since
        if zero_since is not None and (self.state is LatchState.ACCEPTED or now >= zero_since + self._zero_for):
            self.state = LatchState.AT_REST
            self._descent.alarm = None

    def doubted(self, speed: int, now: float) -> None:
        """A record says that the belt runs at `speed`, slower than it can be: it may be slowing, and it is heard."""
        self._descent.doubted(speed, now)

    @property
    def _zero_for(self) -> float:
        """How long nothing but 0 has to be measured where no answer says that the belt stops."""
        return max(ZERO_FOR, self._habits.start_within) if self.may_start else ZERO_FOR

    def link_up(self, now: float, quirks: MachineQuirks, *, mute: bool) -> None:
        """A link to a machine with these habits is there: Stop is due on it, and silence counts from here. `mute` if
        it has no control point: nothing can be written, only watched."""
        self._habits, self._mute = quirks, mute
        self._descent.fall_within = HAND_WITHIN if self.by_hand else FALL_WITHIN
        self._online = True
        self._descent.linked(now)
        # Such a belt may have been at rest all the while, and Stop would start it (19): listen for a record first.
        self._look_until = now + LOOK if self._habits.stop_starts and self._was_at_rest else None
        if self.state in _UNDER_WAY:
            self._due_again()

    def link_down(self, now: float) -> None:
        """The link is gone, and with it every way to see the belt and to stop it from here."""
        self._online = False
        self._was_at_rest = self._descent.speed == 0 and not self.starting
        self._descent.unlinked()
        if self.state in _UNDER_WAY:
            self._descent.alarm = None
            self.judge(now)

    def _due_again(self) -> None:
        self.state = LatchState.DUE
        self._descent.zero_since = None
        self._write_again()

    def judge(self, now: float) -> None:
        """Bring the state and the alarm up to `now`."""
        if self._asked_again:
            self._asked_again = False
            # At rest and in sight, another Stop has nothing to do; on some machines it would start the belt (19).
            if self._descent.unseen(now) or self.blind:
                self._due_again()
        if self.confirmed_by_person:
            self._descent.begin(now)
            if self.alarm is not Alarm.RISING:  # what was feared before it was known which machine it is
                self._descent.alarm = None
            self.spent = self._mute or (self._spent_at is not None and now >= self._spent_at)
        elif self.state in _UNDER_WAY:
            self._descent.judge(now, online=self._online)

    def link_unresponsive(self) -> bool:
        """Whether this link takes Stop after Stop without any answer or effect: a new one may do better."""
        return self._tries >= UNHEARD_TRIES and self.alarm is not None

    def deadline(self, now: float, *, writing: bool) -> float | None:
        """When `judge`, or `next_write` unless a write is under way, will next have something to do if nothing
        arrives; a time past if they have something to do already."""
        if self.since is None or self._asked_again:
            return now if self.latched else None
        if self.state not in _UNDER_WAY:
            return None
        if self.spent:
            return None
        times = [] if self.blind else self._descent.deadlines(self.since)  # without a link the alarm stands already
        if self._spent_at is not None:
            times.append(self._spent_at)
        if self._may_write and not writing and (self.state is not LatchState.ACCEPTED or self._repeating):
            until, look = self._descent.rests_until, self._look_until
            waits = [self.since if self._next is None else self._next]
            if self._habits.stop_starts and not self.starting and until is not None:
                waits.append(until)
            elif look is not None and self._descent.speed is None:
                waits.append(look)
            times.append(max(waits))
        return min(times, default=None)
