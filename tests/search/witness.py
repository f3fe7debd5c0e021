"""The witness: judges every write and every claim by what went in and out, what the person was told, and the true belt.

It knows the core's vocabulary (bytes, intents, cues, signals) and none of its state. Its four rules:
1. After a Stop nothing but Stop is written, and what has to go ahead of it, until rest was measured and the person has
   let go of it. Stop is the first thing written, at once, and on every new link.
2. No increase without a word of the person that still holds and a countdown that they heard, 3, 2, 1. An increase is a
   start, or a target above what the belt is going to do anyway.
3. Rest is said only if it was measured: two records of 0, or a fall that a belt can make. Nobody leaves a belt that was
   started, or told a speed, and has not been seen at rest since.
4. Nothing of a start that failed survives: the person's word is void with it, and the machine is told Stop.
Besides: a machine that is not heard is stopped after 5 s, and so is one that reports nonsense.

Where the core may rightly see it either way, the witness lets it.

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from typing import Final

from runback.machine.events import Event, Signal
from runback.machine.quirks import AckEvidence, ControlRequestPolicy, MachineQuirks, StartAuthority
from runback.session.model import Cue, CueKind
from tests.search.heard import Heard

LEAD_SLACK: Final = 0.1
START_VALID: Final = 5.0
PRESS_WITHIN: Final = 60.0
UNSEEN: Final = 2.0
SILENT: Final = 5.0
AGAIN: Final = 4.0
"""Seconds after which Stop is written again to a belt that runs on."""
PER_COMMAND: Final = 300
STANDS_FOR: Final = 14.0
SETTLE: Final = 1.5
"""Seconds for which a console's target has to stand before it counts."""
AHEAD: Final = 0.5
"""Seconds after an unlocking write or a preamble within which Stop follows."""
BEHIND: Final = 1.5
"""Seconds that a Stop which nobody pressed may wait for a write under way."""


class Violation(Exception):
    """A rule was broken. `rule` is its short name, the text one plain sentence."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(text)
        self.rule = rule


class Witness:
    """What one observer has seen so far."""

    __slots__ = (
        *("after_stop", "announced", "blind", "by_console", "by_hand", "ceiling", "claim_allowed"),
        *("claim_starts", "counted", "failed", "go", "granted", "hand", "heard", "keepalive", "link_stop"),
        *("lowest", "moved", "online", "proof_belt", "rest_said", "rested_once", "start_good", "start_out"),
        *("started_at", "stop_at", "stop_due", "stop_no", "stop_no_at", "stop_starts", "stopped", "taken"),
        *("target_taken", "told", "touched", "traced", "tried", "used"),
    )

    def __init__(self, quirks: MachineQuirks) -> None:
        self.blind = quirks.blind
        self.claim_starts = quirks.claim is ControlRequestPolicy.STARTS
        self.proof_belt = quirks.proof is AckEvidence.BELT
        self.stop_starts = quirks.stop_starts
        self.by_console = quirks.start_by is not StartAuthority.CLIENT
        self.keepalive = quirks.keepalive is not None
        self.lowest = 80
        self.online = False
        self.granted = False
        self.stopped = False
        """A Stop holds."""
        self.after_stop = False
        """Stop has been written since."""
        self.link_stop = False
        """Stop has been written on this link since."""
        self.stop_due: float | None = None
        """A Stop that was asked for has to be the next write, and by then."""
        self.stop_at: float | None = None
        """When Stop, or what stands for it, was last written on this link."""
        self.rest_said = False
        """The core has said that the belt rests after Stop, and it has not moved since."""
        self.claim_allowed = False
        self.stop_no = 0
        """Whether the machine has just said that it does not know Stop."""
        self.stop_no_at: float | None = None
        self.go = False
        """The person's word, for as long as it holds."""
        self.used = False
        """Something has been written on account of it."""
        self.moved = False
        """The belt has moved since."""
        self.counted: tuple[tuple[int, int, float], ...] = ()
        """Countdowns under way: (speed, what was counted last, when)."""
        self.announced: tuple[tuple[int, float], ...] = ()
        """Those that have run out: (speed, from when on)."""
        self.ceiling = 0
        """The highest speed that the person has been told of and that has been reached since."""
        self.told: int | None = None
        """The target written last."""
        self.target_taken = False
        """The machine has said yes to it."""
        self.tried = False
        """A target was written since the start, whatever the radio made of it."""
        self.by_hand: int | None = None
        """What the console has set since, as far as it says."""
        self.hand = False
        """A hand has set it, beyond doubt."""
        self.traced: tuple[int, float] | None = None
        """The ceiling before that, and when: it may have been a ramp of ours that the machine traces."""
        self.start_good: float | None = None
        """Until when the start that was counted down may be written."""
        self.start_out = False
        """A start was written, and nobody knows yet what becomes of it."""
        self.started_at: float | None = None
        self.taken = False
        """The machine has said yes to that start."""
        self.failed = False
        """A start has just been given up that was written, and not refused."""
        self.touched = False
        """Whether the belt was started or told a speed, and has not been seen at rest since."""
        self.rested_once = False
        self.heard = Heard()

    # -- what goes in -------------------------------------------------------------------------------------------

    def link(self, now: float, *, up: bool) -> None:
        """The link is made, or gone."""
        self.online = up
        self.granted = False
        self.link_stop = False
        self.claim_allowed = False
        self.heard.new_link()
        self.stop_no, self.stop_no_at = 0, None
        self.stop_due = now if up and self.stopped and not self.rest_said else None
        self.stop_at = None
        if not up:
            self.void()

    def void(self) -> None:
        """The person's word does not hold any more, and what was announced on account of it is void."""
        self.go = self.used = self.moved = False
        self.counted = self.announced = ()
        self.ceiling = 0
        self.start_good = None
        self.told = self.by_hand = self.traced = None
        self.hand = False

    def stop(self, now: float, *, within: float = 0.0) -> None:
        """Somebody asked for Stop; it has to be written `within` so many seconds."""
        self.void()
        if not self.stopped:
            self.stopped = True
            self.after_stop = self.link_stop = False
            self.stop_no, self.stop_no_at = 0, None
            self.rest_said = False
        # What a belt has done without a link, or without a word of it, nobody knows.
        self.rest_said = self.rest_said and self.online and self.heard.since(now) < UNSEEN
        seen = self.rest_said and self.heard.says_rest
        if self.online and not self.link_stop and not seen:
            self.stop_due = now + within if self.stop_due is None else min(self.stop_due, now + within)

    def says_go(self, measured: int) -> None:
        """Start, resume or re-arm; `measured` is what the belt does."""
        if not self.go and not self.stopped:
            self.void()
            self.go = True
            self.ceiling = 0 if measured == 0 else measured

    def record(self, speed: int | None, now: float) -> None:
        """A record arrives; None if it cannot be read."""
        heard = self.heard
        if not heard.record(speed, now):
            return
        if heard.says_motion:
            if heard.moves:
                if self.rest_said and self.stop_at is not None:
                    self.stop_at = now  # from here on Stop is owed again
                heard.moving, self.rest_said = True, False
                self.moved = self.used
                self.start_out = False
                self.start_good = self.started_at = None
        elif heard.rests:
            if self.moved and heard.zeros > 1:
                self.void()  # twice 0: a belt that lies still needs the person's word again
            if heard.moving or ((self.after_stop or self.stop_starts) and not self.start_out):
                self.touched = False
            heard.moving = False

    def status(self, data: bytes, now: float) -> None:
        """A Machine Status arrives."""
        code = data[0]
        if code in (0x01, 0xFF):
            self.granted = False
            self.void()
        elif code == 0x03:
            self.void()
            self.start_out = False
        elif code == 0x04:
            self.taken = self.taken or self.start_out
        elif code == 0x02:
            self.start_out = False
            if self.heard.moving:
                self.void()
        elif code == 0x05 and self.told is not None:  # before that it may be stale
            self._set_by_console(int.from_bytes(data[1:3], "little"), now)

    def _set_by_console(self, value: int, now: float) -> None:
        """The machine reports a target. What is below ours, and then ours again within `SETTLE`, may be a ramp that it
        traces; what is above ours was a hand, and so is what follows."""
        if self.told is None:
            return
        if value == self.told and not self.hand:
            if self.traced is not None and now < self.traced[1] + SETTLE:
                self.ceiling, self.by_hand = self.traced[0], None
            self.traced = None
            return
        self.hand = self.hand or value > self.told
        if self.traced is None:
            self.traced = (self.ceiling, now)
        self.by_hand = value
        self.ceiling = min(self.ceiling, value)

    def answer(self, op: int, result: int, now: float) -> None:
        """An answer arrives."""
        if op == 0x08 and self.stopped and self.after_stop:
            self.claim_allowed = self.claim_allowed or result == 5
            if result in (2, 3):
                self.stop_no = 1
                self.stop_no_at = now if self.stop_no_at is None else self.stop_no_at
            else:
                self.stop_no, self.stop_no_at = 0, None
        if op == 0x00 and result == 1 and not self.stopped:
            self.granted = True
        starts = op == 0x07 or (op == 0x00 and self.claim_starts)
        if starts and result != 1 and not self.taken and not self.moved:  # a no behind the motion it denies
            self.start_out = False
            if result != 5:
                self.void()
            elif self.started_at is not None:
                self.start_good = self.started_at + START_VALID
        if starts and result == 1:
            self.taken = True
        if op == 0x08 and result == 1:
            self.start_out = False
        if op == 0x02:
            self.target_taken = self.target_taken or result == 1
            self.told = self.told if self.target_taken else None  # whoever says yes and then no has said yes

    def busy(self, op: int) -> None:
        """A write was refused by the radio: the machine has not had it."""
        if (op == 0x07 or (op == 0x00 and self.claim_starts)) and self.started_at is not None:
            self.start_out = False
            self.start_good = self.started_at + START_VALID
        if op == 0x02:
            self.told = None

    # -- what comes out -----------------------------------------------------------------------------------------

    def cue(self, cue: Cue, now: float) -> None:
        """The person is told something."""
        if cue.kind is CueKind.WITHDRAWN:
            kept = tuple(each for each in self.announced if now >= each[1] - LEAD_SLACK)
            self.announced = tuple(each for each in self.announced if each in kept or cue.speed not in (None, each[0]))
            self.counted = tuple(each for each in self.counted if cue.speed not in (None, each[0]))
        if cue.kind is not CueKind.COUNTDOWN or cue.speed is None:
            return
        speed, count = cue.speed, round(cue.seconds)
        others = tuple(each for each in self.counted if each[0] != speed)
        known = next((each for each in self.counted if each[0] == speed), None)
        if count == 3:
            self.counted = (*others, (speed, 3, now))
        elif known is not None and known[1] == count + 1 and now >= known[2] + 1.0 - LEAD_SLACK:
            self.counted = (*others, (speed, count, now))
            if count == 1:
                self.counted = others
                self.announced = (*(each for each in self.announced if each[0] != speed), (speed, now + 1.0))

    def _may_rise_to(self, now: float) -> int:
        return max([self.ceiling, *(speed for speed, due in self.announced if now >= due - LEAD_SLACK)])

    def event(self, event: Event, now: float, *, waits_for_speed: bool) -> None:
        """The machine core says something; whether the belt really waits for a speed (quirk 52)."""
        if event is Signal.LATCHED and not self.stopped:
            self.stop(now, within=BEHIND)
        elif event is Signal.STOP_CONFIRMED and (self.blind or not self.heard.rests):
            raise Violation("rest unmeasured", "it says that the belt rests after Stop, and that was not measured")
        elif event is Signal.STOP_CONFIRMED:
            self.rest_said = True
        elif event is Signal.BELT_RESTED and (self.blind or not self.heard.rests):
            raise Violation("rest unmeasured", "it says that the belt came to rest, and that was not measured")
        elif event is Signal.BELT_RESTED and self.used:
            self.void()
        elif event is Signal.START_FAILED:
            self.failed = self.start_out
            if waits_for_speed:
                self._judge_stand(now)
            self.void()
        elif event in (Signal.CONTROL_LOST, Signal.CONTROL_REFUSED):
            self.void()

    def _judge_stand(self, now: float) -> None:
        """A start is given up: was a belt that stands told a speed before?"""
        seen = self.heard.says_rest and self.heard.since(now) <= 2.0
        waited = self.started_at is not None and now >= self.started_at + STANDS_FOR
        if waited and self.start_out and self.taken and not self.tried and seen and not self.stopped:
            raise Violation("stands", "a belt that stands after its start is given up without being told a speed")

    def write(self, data: bytes, now: float, *, goal: int, ahead: bool, stop: bool) -> None:
        """A write leaves, a Stop's or not; `goal` is what the belt is going to do anyway."""
        if stop and not self.stopped:
            self.stop(now)  # the core's own
        if ahead:
            if self.stop_due is not None:
                self.stop_due = now + AHEAD
            return
        op = data[0]
        if self.stopped:
            self._write_after_stop(data, now, goal)
            return
        if op == 0x07 or (op == 0x00 and self.claim_starts):
            self._start(now, op)
        elif op == 0x02:
            self._target(int.from_bytes(data[1:3], "little"), now, goal)

    def _write_after_stop(self, data: bytes, now: float, goal: int) -> None:
        if data == b"\x08\x01":
            lies_still = self.heard.zeros > 1 and self.heard.since(now) < 1.5
            if self.stop_starts and self.started_at is None and lies_still:
                raise Violation("after stop", "Stop is written to a belt at rest that it starts")
            self.stop_at = now
            self.after_stop = self.link_stop = True
            self.stop_due = None
            self.claim_allowed = self.start_out = False
            return
        if self.stop_due is not None:
            raise Violation("stop first", f"{data.hex()} goes out ahead of Stop")
        claims = self.claim_allowed or (self.proof_belt and not self.granted)
        if data[0] == 0x00 and claims and not (self.claim_starts and self.heard.says_rest):
            self.claim_allowed = False
            return
        value = int.from_bytes(data[1:3], "little") if data[0] == 0x02 else None
        if value is not None and self.stop_no and value <= max(self.lowest, goal):
            self.stop_no_at = None
            self.stop_at = now
            return
        raise Violation("after stop", f"{data.hex()} is written after Stop")

    def _start(self, now: float, op: int) -> None:
        moving = self.heard.says_motion
        if op == 0x07 and self.keepalive and moving and self.go:
            return
        if moving:
            raise Violation("unannounced", "a start is written to a belt that was last seen moving")
        matured = [due for _, due in self.announced if now >= due - LEAD_SLACK]
        if self.start_good is None and self.go and matured:
            self.start_good = max(matured) + (PRESS_WITHIN if self.by_console else START_VALID) + LEAD_SLACK
        if not self.go or self.start_good is None or now > self.start_good:
            raise Violation("unannounced", "a start is written without a countdown and the person's word")
        self.start_good = None  # once
        self.tried = False
        self.ceiling = self._may_rise_to(now)
        self.announced = tuple(each for each in self.announced if now < each[1] - LEAD_SLACK)
        self.used = True
        self.started_at = now
        self.start_out = self.touched = True
        self.after_stop = self.taken = False

    def _target(self, value: int, now: float, goal: int) -> None:
        top = self._may_rise_to(now)
        if value > goal:
            heard = max([0, *(each[0] for each in (self.heard.last, self.heard.before) if each is not None)])
            if value > max(goal, self.told or 0, heard) + PER_COMMAND:
                raise Violation("too much", f"{value / 100} km/h is written at once, to a belt that goes {goal / 100}")
            if not self.go:
                raise Violation("unannounced", f"{value / 100} km/h is written without the person's word")
            if value > top:
                raise Violation("unannounced", f"{value / 100} km/h is written, announced was {top / 100}")
        self.touched = self.used = self.tried = True
        self.after_stop = False
        before = self.told if self.by_hand is None else self.by_hand
        if before is not None and value < before:
            self.announced = tuple(each for each in self.announced if now < each[1] - LEAD_SLACK)
            self.ceiling = value
        elif self.go:
            self.ceiling = max(self.ceiling, top)
            self.announced = tuple(each for each in self.announced if now < each[1] - LEAD_SLACK)
        self.told, self.by_hand, self.traced, self.hand = value, None, None, False
        self.target_taken = False

    # -- after everything has been said and written -------------------------------------------------------------

    def settle(self, now: float, *, goal: int, left: bool, completed: bool, alarm: bool) -> None:
        """Nothing more comes out now: what should have?"""
        if alarm and self.rest_said and self.heard.zeros > 1:  # one 0 is no rest, nor one spike the opposite
            raise Violation("alarm stays", "the person is told to step off a belt that is said to be at rest")
        runs_on = self.stopped and self.online and goal > LEFT_TO and not self.rest_said and not self.blind
        if runs_on and self.stop_at is not None and now > self.stop_at + AGAIN:
            raise Violation("stop once", "the belt runs on after Stop, and Stop is not written again")
        if self.stop_due is not None and self.stop_starts and self.heard.says_rest:
            self.stop_due = None
        if self.stop_due is not None and now >= self.stop_due and self.online:
            raise Violation("stop first", "Stop was asked for, and is not written")
        failed, self.failed = self.failed, False
        if failed and self.online and not self.stopped:
            raise Violation("start survives", "a start that may still happen is given up, and no Stop is written")
        if left and self.touched and not self.blind:
            raise Violation("left moving", "the person is let go while the belt was started and not seen at rest")
        if completed and not self.blind and not self.heard.rests:
            raise Violation("rest unmeasured", "the session says completed, and rest was not measured")
        if self.heard.garbled >= 2 and self.online and self.go and self.heard.moving and not self.stopped:
            raise Violation("nonsense", "two speeds that no belt can have, and no Stop")
        driven = self.online and self.go and self.heard.moving and not self.stopped and not self.blind
        if driven and self.heard.at is not None and now >= self.heard.at + SILENT + LEAD_SLACK:
            raise Violation("silence", "nothing was heard of a moving belt for 5 s, and no Stop is written")
        if self.stop_no_at is not None and self.online and goal > LEFT_TO and now > self.stop_no_at + 3.0:
            raise Violation("stop unknown", "the machine does not know Stop, and is not told its lowest speed")

    def reset(self) -> None:
        """The person has let go of a Stop, and the core has agreed."""
        if not self.blind and not self.heard.rests:
            raise Violation("rest unmeasured", "the Stop is let go of, and rest was not measured")
        self.stopped = self.after_stop = self.link_stop = False
        self.stop_due = None
        self.stop_no, self.stop_no_at = 0, None


LEFT_TO: Final = 100
"""A belt that is brought down to this, where Stop is not known, has been brought down."""
