"""What waits to be written: bounded, and never waited for.

Rules:
- `put` takes a lock for as long as it takes to append, and returns.
- When there is no room, the oldest sample goes, then the oldest bytes that came from the treadmill. What was written
  to it, events, intervals, beginnings and ends are kept whatever happens: they are few.
- What goes is counted.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from runback.journal.model import Packet, ProgressUpdate, Record, SampleRow

ROOM = 20_000
"""Records. A treadmill that speaks twice a second fills it in an hour and a half, with nothing written meanwhile."""

_Numbered = tuple[int, Record]


class WriteQueue:
    """Records on their way from the engine to the writer."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._condition = threading.Condition()
        self._samples: deque[_Numbered] = deque()
        self._heard: deque[_Numbered] = deque()
        self._kept: deque[_Numbered] = deque()
        self._first = 0
        self._last = 0
        """Records are numbered upwards as they are put, downwards as they are put back: the order survives both."""
        self._asked = 0
        self._begun = 0
        self._done = 0
        """Flushes asked for, begun and done."""
        self._closed = False
        self.dropped = 0
        """Records that found no room."""

    def put(self, record: Record) -> None:
        """Hand `record` over."""
        with self._condition:
            self._last += 1
            self._queue(record).append((self._last, record))
            self._make_room()

    def take(self, most: int) -> list[Record]:
        """The first of what waits, at most `most`, in the order it was put."""
        records: list[Record] = []
        with self._condition:
            queues = (self._samples, self._heard, self._kept)
            while len(records) < most and (waiting := [queue for queue in queues if queue]):
                _, record = min(waiting, key=lambda queue: queue[0][0]).popleft()
                records.append(record)
        return records

    def put_back(self, records: Sequence[Record]) -> None:
        """These could not be written: they wait again, before all others."""
        with self._condition:
            for record in reversed(records):
                self._first -= 1
                self._queue(record).appendleft((self._first, record))
            self._make_room()

    def lose(self, count: int) -> None:
        """`count` records that were taken are gone."""
        with self._condition:
            self.dropped += count

    def __len__(self) -> int:
        with self._condition:
            return self._waiting()

    # -- when to write -------------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> bool:
        """Wait `seconds`, or until somebody asks for a flush or an end; whether to go on after this round."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed or self._asked > self._done, seconds)
            self._begun = self._asked
            return not self._closed

    def attempted(self) -> None:
        """What was put before the last `wait` was over has been written, or put back."""
        with self._condition:
            self._done = self._begun
            self._condition.notify_all()

    def flush(self, timeout: float) -> bool:
        """Have everything written now, or tried; whether that came to pass within `timeout` seconds."""
        with self._condition:
            self._asked += 1
            asked = self._asked
            self._condition.notify_all()
            return self._condition.wait_for(lambda: self._done >= asked, timeout)

    def close(self) -> None:
        """Nothing more will be put."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def _queue(self, record: Record) -> deque[_Numbered]:
        if isinstance(record, (SampleRow, ProgressUpdate)):
            return self._samples
        if isinstance(record, Packet) and record.source is None:
            return self._heard
        return self._kept

    def _waiting(self) -> int:
        return len(self._samples) + len(self._heard) + len(self._kept)

    def _make_room(self) -> None:
        while self._waiting() > self._room and (queue := self._samples or self._heard):
            queue.popleft()
            self.dropped += 1
