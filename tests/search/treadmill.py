"""The treadmill of the search: its true belt, and what it may still say. It knows nothing of the program.

By itself it is well behaved: it takes every write, answers it with success, follows its target at `RATE`, and reports
its speed once a second. Each fault is one call, made by the adversary (`alphabet`); afterwards it is well
behaved again.

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from typing import Final

from runback.machine.quirks import ControlRequestPolicy, MachineQuirks, StartAuthority

LOWEST: Final = 80
RATE: Final = 200
"""0.01 km/h in a second, both ways: 6 km/h in 3 s."""
SPIN_UP: Final = 2.0
"""From Start to a moving belt."""
LATE: Final = 20.0
"""Seconds by which a start may be late: 5 s longer than the core waits for one."""
PERIOD: Final = 1.0
QUIET: Final = 7
"""Records left out when it goes quiet."""
STOP, PAUSE, START, CLAIM, SPEED = b"\x08\x01", b"\x08\x02", 0x07, 0x00, 0x02


class Treadmill:
    """One treadmill; `speed` is what its belt does."""

    __slots__ = (
        *("answers", "claim_starts", "goal", "late", "lie", "moved_at", "next_record", "old", "quiet", "said"),
        *("speed", "start_at", "stop_starts", "undo", "by_console", "babbles", "knows_stop", "needs_speed"),
    )

    def __init__(self, now: float, quirks: MachineQuirks) -> None:
        self.claim_starts = quirks.claim is ControlRequestPolicy.STARTS
        """Request Control starts its belt (quirk 14)."""
        self.stop_starts = quirks.stop_starts
        """Stop starts its belt when it lies still (quirk 19)."""
        self.by_console = quirks.start_by is StartAuthority.CONSOLE
        """Start does nothing: its own button does (quirk 17)."""
        self.speed = 0
        self.goal = 0
        self.start_at: float | None = None
        self.moved_at = now
        self.next_record = now + 0.5
        self.quiet = 0
        self.babbles = 0
        """So many records will be half ones."""
        self.knows_stop = True
        self.needs_speed = False
        """Its belt stands after Start until it is told a speed (quirk 52)."""
        self.lie: str | None = None
        self.said = 0
        """The speed it reported last."""
        self.old = 0
        """The highest speed it reported lately."""
        self.answers: tuple[tuple[int, int], ...] = ()
        """What it has still to answer: (op code, result)."""
        self.late: tuple[int, int] | None = None
        """An answer that was held back."""
        self.undo: tuple[int, float | None] | None = None
        """Goal and start as they were before the last write."""

    # -- time ---------------------------------------------------------------------------------------------------

    def move(self, now: float) -> None:
        """Let the belt run until `now`."""
        since, self.moved_at = self.moved_at, now
        if self.start_at is not None and now >= self.start_at:
            since = max(since, self.start_at)
            self.start_at = None
            self.speed = self.speed or LOWEST
            self.goal = max(self.goal, LOWEST)
        change = round(RATE * (now - since))
        if self.speed < self.goal:
            self.speed = min(self.goal, self.speed + change)
        else:
            self.speed = max(self.goal, self.speed - change)
            if self.speed < LOWEST and self.goal == 0:
                self.speed = 0

    def record(self) -> bytes | None:
        """The record that is due now, true or not; None if it is left out."""
        self.next_record += PERIOD
        if self.quiet:
            self.quiet -= 1
            return None
        if self.babbles:
            self.babbles -= 1
            return b"\x00\x00\x01"
        lie, self.lie = self.lie, None
        told = {
            None: self.speed,
            "zero": 0,
            "spike": self.speed + 400,
            "absurd": 0xFFFF,
            "repeat": self.said,
            "old": self.old,
        }.get(lie)
        if told is None:
            return b"\x00\x00\x01"
        if told != 0xFFFF:
            self.said = told
            self.old = max(self.old, told)
        return b"\x00\x00" + told.to_bytes(2, "little")

    def deadline(self) -> float:
        """When it does something by itself."""
        return self.next_record if self.start_at is None else min(self.next_record, self.start_at)

    # -- the control point --------------------------------------------------------------------------------------

    def take(self, data: bytes, now: float) -> None:
        """A write has arrived: it is obeyed, and an answer is due."""
        self.undo = (self.goal, self.start_at)
        result = 1
        if data[0] == START or (data[0] == CLAIM and self.claim_starts):
            if self.speed == 0 and not self.by_console and not self.needs_speed:
                self.start_at = now + SPIN_UP
        elif data == STOP and not self.knows_stop:
            result = 2
        elif data in (STOP, PAUSE):
            if data == STOP and self.stop_starts and self.speed == 0 and self.start_at is None:
                self.start_at = now + 0.5
            else:
                self.goal, self.start_at = 0, None
        elif data[0] == SPEED and self.goal:
            self.goal = max(LOWEST, int.from_bytes(data[1:3], "little"))
        elif data[0] == SPEED and self.needs_speed:
            self.start_at, self.needs_speed = now + 1.0, False
        self.answers = (*self.answers, (data[0], result))[-2:]

    def refuse(self, result: int) -> None:
        """The next answer is no, and what was asked for is not done."""
        op, _ = self.answers[0]
        self.answers = ((op, result), *self.answers[1:])
        if self.undo is not None:
            self.goal, self.start_at = self.undo
        self.undo = None

    # -- hands at the console -----------------------------------------------------------------------------------

    def press_start(self) -> bytes | None:
        """START: the belt starts at its lowest, with none of what it was told before."""
        if self.speed or self.start_at is not None:
            return None
        self.speed = self.goal = LOWEST
        return b"\x04"

    def halt(self) -> None:
        """STOP, PAUSE or the safety key."""
        self.goal, self.start_at = 0, None

    def press(self, change: int) -> bytes | None:
        """+ or −: another target; None if nothing comes of it."""
        goal = min(2000, max(LOWEST, self.goal + change)) if self.goal else 0
        if goal == self.goal:
            return None
        self.goal = goal
        return b"\x05" + goal.to_bytes(2, "little")
