"""The record of a session: one JSON object a line, in the order things happened.

Rules:
- Each line is `{"t": seconds, "event": word, …}`; `t` is CLOCK_MONOTONIC on a real clock, seconds from the start on a
  simulated one. Speeds are km/h, inclines %, as everywhere people read.
- A record never disturbs the belt: a sink that fails is closed and said once (`failed`), nothing is raised.
- What is the same for the same seed is the same to the byte: no wall clock, no ids, no unordered sets.
- It does not grow without bound: of each characteristic no more than `PER_SECOND` notifications are kept, and what is
  not is counted in the record itself (`left out`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping

from runback.ftms.assigned_numbers import short_name
from runback.ipc.background_writer import Stream
from runback.ipc.messages import Snapshot
from runback.link.protocol import Services
from runback.machine.client import Write
from runback.session.model import Cue
from runback.source import Source

Field = str | int | float | bool | None | list[object] | dict[str, object]

QUIET = frozenset({"notification", "offers", "read", "strap says", "written"})
"""Events too many for standard output; a trace has them, and the journal: a replay needs them."""


class Sink:
    """One stream of lines. `everything` false leaves out what is only for traces."""

    def __init__(self, stream: Stream, *, everything: bool) -> None:
        self._stream: Stream | None = stream
        self._everything = everything
        self.failed: str | None = None

    def line(self, event: str, text: str) -> None:
        """Write one line and flush it."""
        if self._stream is None or (event in QUIET and not self._everything):
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError) as error:
            self.failed = getattr(error, "strerror", None) or str(error)
            self._stream = None


PER_SECOND = 100
"""Notifications of one characteristic that are recorded each second; the intake lets some 30 records through."""


class Ration:
    """Which notifications are recorded, by characteristic."""

    def __init__(self) -> None:
        self._seconds: dict[str, tuple[int, int]] = {}
        """The second that the newest came in, and how many came in it."""

    def passed(self, t: float, uuid: str) -> int:
        """One more has come at `t`: how many of the last second before it were not recorded, if that is over now."""
        second, count = self._seconds.get(uuid, (0, 0))
        over = math.floor(t) != second
        self._seconds[uuid] = (math.floor(t), 1 if over else count + 1)
        return max(0, count - PER_SECOND) if over else 0

    def allows(self, uuid: str) -> bool:
        """Whether the one that has just come is recorded."""
        return self._seconds[uuid][1] <= PER_SECOND

    def rest(self) -> list[tuple[str, int]]:
        """What was left out and has not been told; it counts as told."""
        found = [(uuid, count - PER_SECOND) for uuid, (_, count) in sorted(self._seconds.items())]
        self._seconds.clear()
        return [(uuid, count) for uuid, count in found if count > 0]


RecordListener = Callable[[float, str, Mapping[str, Field]], None]
"""Hears every record with its time and its fields. It returns at once and never raises."""


class Recorder:
    """Fans records out to its sinks, and to a `listener` (the journal)."""

    def __init__(self, *sinks: Sink, listener: RecordListener | None = None) -> None:
        self._sinks = sinks
        self._listener = listener
        self._ration = Ration()

    def failures(self) -> list[str]:
        """Why sinks were given up, if any were."""
        return [sink.failed for sink in self._sinks if sink.failed is not None]

    def put(self, t: float, event: str, **fields: Field) -> None:
        """Record `event` at `t`."""
        if self._listener is not None:
            self._listener(t, event, fields)
        self._line(t, event, fields)

    def _line(self, t: float, event: str, fields: Mapping[str, Field]) -> None:
        if self._sinks:
            text = json.dumps({"t": round(t, 6), "event": event, **fields}, separators=(", ", ": ")) + "\n"
            for sink in self._sinks:
                sink.line(event, text)

    def write(self, t: float, write: Write) -> None:
        """Bytes are about to leave for the treadmill."""
        self.put(t, "write", uuid=short_name(write.uuid), hex=write.data.hex(), source=write.source.value)

    def written(self, t: float, write: Write) -> None:
        """The link says that the treadmill's radio has taken it."""
        self.put(t, "written", hex=write.data.hex())

    def offers(self, t: float, services: Services) -> None:
        """What a treadmill that was connected offers."""
        names: dict[str, object] = {short_name(uuid): sorted(services[uuid]) for uuid in sorted(services)}
        self.put(t, "offers", characteristics=names)

    def read(self, t: float, uuid: str, data: bytes) -> None:
        """A value was read from it."""
        self.put(t, "read", uuid=short_name(uuid), hex=data.hex())

    def notification(self, t: float, uuid: str, data: bytes) -> None:
        """Bytes have arrived from the treadmill, and are about to be judged. More than `PER_SECOND` of one
        characteristic are not kept, but counted."""
        passed = self._ration.passed(t, uuid)
        if passed:
            self.left_out(t, uuid, passed, judged=True)
        if self._ration.allows(uuid):
            self.put(t, "notification", uuid=short_name(uuid), hex=data.hex())

    def left_out(self, t: float, uuid: str, count: int, *, judged: bool) -> None:
        """So many notifications of `uuid` are not in the record; `judged`: the rules had them all the same."""
        self.put(t, "left out", uuid=short_name(uuid), count=count, judged=judged)

    def settle(self, t: float) -> None:
        """Nothing more is notified: tell what has not been told of what was left out."""
        for uuid, count in self._ration.rest():
            self.left_out(t, uuid, count, judged=True)

    def strap(self, t: float, data: bytes) -> None:
        """Bytes have arrived from a heart-rate strap: for a trace alone. The journal has the heart rate each second,
        and a replay is the treadmill's."""
        self._line(t, "strap says", {"hex": data.hex()})

    def cue(self, cue: Cue) -> None:
        """Something was said to the person."""
        fields: dict[str, Field] = {"kind": cue.kind.value}
        if cue.seconds:
            fields["seconds"] = round(cue.seconds, 3)
        if cue.speed is not None:
            fields["speed_kmh"] = cue.speed / 100
        if cue.step is not None:
            fields["step"] = cue.step.value
        self.put(cue.at, "cue", **fields)

    def snapshot(self, t: float, snapshot: Snapshot) -> None:
        """The state of things, once a second."""
        if self._sinks or self._listener is not None:
            self.put(t, "snapshot", **snapshot.model_dump(mode="json", exclude={"v", "type", "t"}, exclude_none=True))


class LateRecords:
    """What is written down only once a Stop is on its way: a record wakes a thread, which wants the interpreter just
    then. The Stops come first in the record, then the bytes, each with the time at which it happened."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._stops: list[tuple[float, str, Source]] = []
        """Stops that are latched, and not told to the session yet."""
        self._told = 0
        """How many of them are in the record."""
        self._writes: list[tuple[float, Write]] = []

    def stop(self, at: float, reason: str, source: Source) -> None:
        """Stop was latched at `at`."""
        self._stops.append((at, reason, source))

    def write(self, at: float, write: Write) -> None:
        """Bytes left for the treadmill at `at`."""
        self._writes.append((at, write))

    def settle(self) -> None:
        """Write it all down, before anything that came of it."""
        while self._told < len(self._stops):
            at, reason, source = self._stops[self._told]
            self._told += 1
            self._recorder.put(at, "stop", reason=reason, source=source.value)
        writes, self._writes = self._writes, []
        for at, write in writes:
            self._recorder.write(at, write)

    def take_stops(self) -> list[str]:
        """The reasons of the Stops since the last call, which are in the record by then."""
        self.settle()
        stops, self._stops, self._told = self._stops, [], 0
        return [reason for _, reason, _ in stops]
