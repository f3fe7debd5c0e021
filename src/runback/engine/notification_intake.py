"""The intake: what a treadmill (or a strap) says, on its way from the link to the rules, however much there is of it.

Rules:
- As long as no more than `AT_ONCE` notifications come in `EVERY` seconds, each goes straight on. What comes faster is
  a flood: it waits, and what is left of it goes on together, once each `EVERY`, with one turn for all of it.
- Of the records that wait (Treadmill Data, RSC and Heart Rate Measurement) the oldest are left out, each with all its
  parts. The newest `KEEP` that tell a speed stay: rest is proved by two, and a surge is seen in the newest. Of those
  that tell none, junk among them, the newest stays, and pushes no other out.
- A record is not left out before it has ended, nor once a part of it has gone on: its parts stay together.
- Nothing else is ever left out: answers, statuses, whatever a machine says. They wait `SOON` at most, and what came
  before them goes on before them: nothing changes its place.
- At most `MOST` go on in one round of the loop, so that a key is never far.
- What has been left out is told, by characteristic, once each second that it happens in.

Source: issue 11, point 22: at 2,000 notifications a second Stop took 7.6 ms (median), 70 at worst, for bleak reads its
bus until nothing is left there, and each made a turn of the whole session. Treadmills send 1-4 records a second.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter, deque
from collections.abc import Callable, Sequence

from runback.ftms.assigned_numbers import HEART_RATE_MEASUREMENT, RSC_MEASUREMENT, TREADMILL_DATA
from runback.ftms.treadmill_data import MAX_PARTS

AT_ONCE = 12
"""A record of eight parts, its steps, a status, an answer and a training status fit in."""
EVERY = 0.1
"""Seconds: less than half of what lies between the records of the quickest treadmills."""
SOON = 0.01
KEEP = 2
MOST = 32
TELL_EVERY = 1.0
_RECORDS = frozenset({TREADMILL_DATA, RSC_MEASUREMENT, HEART_RATE_MEASUREMENT})
_FLAGS, _SPEED = 2, 4
"""Bytes of Treadmill Data up to its flags, and its speed; RSC Measurement with a speed has 4 as well."""

Said = tuple[str, bytes]
"""Bytes, and the characteristic they came on."""


class _Record:
    """One record that comes, in one part or several."""

    __slots__ = ("begun", "left_out", "parts", "waiting")

    def __init__(self) -> None:
        self.parts = self.waiting = 0
        """Parts of it that have come, and those of them that have not gone on."""
        self.begun = self.left_out = False
        """Whether some of it has gone on; whether none has, and none will."""


class Intake:
    """What has arrived and has not gone on. Sans-IO: times are arguments, seconds."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Said, _Record | None]] = deque()
        self._unfinished: dict[str, _Record] = {}
        self._whole: dict[tuple[str, bool], deque[_Record]] = {}
        """Records that have ended and wait, by characteristic and whether they tell a speed."""
        self._urgent = 0
        """How many things wait that are no records."""
        self._more = False
        """Whether the last round has left something that was due."""
        self._began = -math.inf
        self._arrived = 0
        self._went_on = -math.inf
        self.flooded = False
        self.left_out: Counter[str] = Counter()
        """By characteristic, since whoever tells it has cleared it."""

    def put(self, uuid: str, data: bytes, now: float) -> None:
        """`data` has arrived on `uuid`."""
        self._measure(now)
        if uuid not in _RECORDS:
            self._urgent += 1
            self._waiting.append(((uuid, data), None))
            return
        whole_by_itself = uuid != TREADMILL_DATA or len(data) < _FLAGS
        unfinished = None if whole_by_itself else self._unfinished.pop(uuid, None)
        record = _Record() if unfinished is None else unfinished
        record.parts += 1
        record.waiting += 1
        self._waiting.append(((uuid, data), record))
        goes_on = not whole_by_itself and bool(data[0] & 1)  # S0 4.9.1.1: More Data
        if goes_on and record.parts < MAX_PARTS:
            self._unfinished[uuid] = record
        else:
            self._ended((uuid, len(data) >= _SPEED and not goes_on), record)

    def _measure(self, now: float) -> None:
        if now >= self._began + EVERY:
            self.flooded = self._arrived > AT_ONCE and now < self._began + 2 * EVERY
            self._began, self._arrived = now, 0
        self._arrived += 1
        self.flooded = self.flooded or self._arrived > AT_ONCE

    def _ended(self, kind: tuple[str, bool], record: _Record) -> None:
        """A record is whole: an older one of its kind may have to make room."""
        uuid, tells_speed = kind
        whole = self._whole.setdefault(kind, deque())
        whole.append(record)
        # Those have gone on in full: they make no room by being left out.
        while whole[0].waiting == 0:
            whole.popleft()
        if len(whole) > (KEEP if tells_speed else 1):
            oldest = whole.popleft()
            # A record whose first part has gone on cannot be taken back: half a record would be garbled.
            if not oldest.begun:
                oldest.left_out = True
                self.left_out[uuid] += oldest.parts
        while self._waiting and (first := self._waiting[0][1]) is not None and first.left_out:
            self._waiting.popleft()

    def due(self) -> float | None:
        """When something may go on: a time past for at once; None if nothing waits."""
        if not self._waiting:
            return None
        if self._more or not self.flooded:
            return -math.inf
        return self._went_on + (SOON if self._urgent else EVERY)

    def take(self, now: float) -> list[Said]:
        """What goes on now, in the order it came."""
        going: list[Said] = []
        while self._waiting and len(going) < MOST:
            said, record = self._waiting.popleft()
            if record is None:
                self._urgent -= 1
            elif record.left_out:
                continue
            else:
                record.begun = True
                record.waiting -= 1
            going.append(said)
        self._more = bool(self._waiting)
        self._went_on = now
        return going


class Ears:
    """The intake at work in the running loop: `hear` is given what goes on, `left_out` a characteristic and how many of
    its notifications have been left out."""

    def __init__(
        self,
        now: Callable[[], float],
        hear: Callable[[Sequence[Said]], None],
        left_out: Callable[[str, int], None],
    ) -> None:
        self._now = now
        self._hear = hear
        self._left_out = left_out
        self._intake = Intake()
        self._timer: asyncio.TimerHandle | None = None
        self._due = math.inf
        self._told_at = -math.inf

    def notified(self, uuid: str, data: bytes) -> None:
        """`data` has arrived on `uuid`."""
        self._intake.put(uuid, data, self._now())
        if self._intake.flooded:
            self._arm()
        else:
            self._go_on()

    def finish(self) -> None:
        """Nothing more comes on this link: what waits goes on now."""
        while self._intake.due() is not None:
            self._go_on()

    def close(self) -> None:
        """Nothing goes on any more; what was left out is told."""
        self._disarm()
        self._tell()

    def _go_on(self) -> None:
        self._disarm()
        now = self._now()
        going = self._intake.take(now)
        if going:
            self._hear(going)
        if now >= self._told_at + TELL_EVERY:
            self._tell()
        self._arm()

    def _tell(self) -> None:
        counts = self._intake.left_out
        if counts:
            self._told_at = self._now()
            for uuid in sorted(counts):
                self._left_out(uuid, counts[uuid])
            counts.clear()

    def _arm(self) -> None:
        due = self._intake.due()
        if due is None or (self._timer is not None and self._due <= due):
            return
        self._disarm()
        self._due = due
        self._timer = asyncio.get_running_loop().call_at(max(due, self._now()), self._go_on)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
