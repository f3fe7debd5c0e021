"""From what the engine records to what the journal keeps.

Rules:
- A session begins in the journal with its treadmill: at `connected`, or the first bytes. What was recorded before that
  (looking for it, a key) is kept with a time before 0, if the session begins at all.
- Snapshots become samples, one a second however many come; bytes become bytes; a step an interval; everything else
  stays an event, in its own words.
- Totals and the interval under way are carried along each second, so that a killed program leaves them right.
- `put` never raises for what it is given: a field that is missing is a thing not known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from runback.journal.accumulator import SessionAccumulator
from runback.journal.coercion import Fields, as_json, octets, text
from runback.journal.model import Event, MachineRow, Packet, SessionStart
from runback.journal.plan_runs import Purpose
from runback.journal.writer import LAST_WAIT, Writer
from runback.workout.model import Workout
from runback.workout.notation import to_notation

BEFORE = 100
"""Events before the treadmill answered that are kept."""
_BEGINS = frozenset({"connected", "write", "notification"})


class Recording:
    """One session on its way into the journal. `clock` tells the wall's time (aware), asked once, when the session
    begins; `address` is the treadmill's, if it is known; `program` the version that runs; `purpose` the stage of a plan
    that it is run for, if it is."""

    def __init__(
        self,
        writer: Writer,
        workout: Workout,
        clock: Callable[[], datetime],
        *,
        simulated: bool,
        program: str,
        address: str = "",
        purpose: Purpose | None = None,
    ) -> None:
        self._writer = writer
        self._workout = workout
        self._clock = clock
        self._simulated = simulated
        self._program = program
        self._address = address
        self._purpose = purpose
        self._before: deque[tuple[float, str, Fields]] = deque(maxlen=BEFORE)
        self._zero: float | None = None
        self._order = 0
        self._tally = SessionAccumulator()
        self._ended = False

    @property
    def failed(self) -> str | None:
        """Why the journal is not complete, in one line; None if it is. Final after `close`."""
        return self._writer.failed

    @property
    def session(self) -> int | None:
        """The session's id in the journal, once it is written."""
        return self._writer.session

    def put(self, t: float, event: str, fields: Fields) -> None:
        """Take what the recorder records: `event` at `t` (s), with its `fields`."""
        if self._ended:
            return
        if self._zero is None:
            if event not in _BEGINS:
                self._before.append((t, event, fields))
                return
            self._begin(t)
        self._take(t, event, fields)

    def close(self, timeout: float = LAST_WAIT) -> None:
        """The session is over: write what is left. Never raises."""
        self._ended = True
        self._writer.close(timeout)

    def _begin(self, t: float) -> None:
        self._zero = t
        workout = self._workout
        planned = round(workout.duration * 1000)
        name, plan = text(workout.name), to_notation(workout)
        self._writer.put(SessionStart(self._clock(), name, plan, planned, self._simulated, self._program))
        if self._purpose is not None:
            self._writer.put(self._purpose.event(self._next()))
        while self._before:
            self._take(*self._before.popleft())

    def _take(self, t: float, event: str, fields: Fields) -> None:
        at = round((t - (self._zero or 0.0)) * 1000)
        match event:
            case "snapshot":
                for record in self._tally.snapshot(at, fields):
                    self._writer.put(record)
            case "write" | "notification" if (data := octets(text(fields.get("hex")))) is not None:
                source = fields.get("source")
                told = None if source is None else text(source)
                self._writer.put(Packet(self._next(), at, text(fields.get("uuid")), data, told))
            case "summary":
                self._writer.put(self._tally.ended(at, fields))
            case _:
                if event == "connected":
                    address = text(fields.get("address")) if "address" in fields else self._address
                    self._writer.put(MachineRow(text(fields.get("treadmill")), address))
                elif event == "step":
                    self._writer.put(self._tally.begin(at, fields))
                self._writer.put(Event(self._next(), at, event, as_json(fields)))

    def _next(self) -> int:
        self._order += 1
        return self._order - 1


def record(
    path: Path,
    workout: Workout,
    clock: Callable[[], datetime],
    *,
    simulated: bool,
    program: str,
    address: str = "",
    purpose: Purpose | None = None,
) -> Recording:
    """A recording of a session of `workout` into the journal at `path`."""
    return Recording(
        Writer(path), workout, clock, simulated=simulated, program=program, address=address, purpose=purpose
    )
