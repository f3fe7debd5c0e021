"""What the journal keeps, as frozen values.

Rules:
- Integers in the wire's own units: speed 0.01 km/h, incline 0.1 %, heart rate per minute. Times inside a session are
  milliseconds on the monotonic clock from its beginning (`at`), or on the session's own clock, which pauses stop
  (`position`). Distances are 0.1 m.
- What was not measured is None, never 0.
- The wall clock appears once a session (`began`), and in entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class SessionStart:
    """A session begins. `began` is aware; `plan` the workout in one line, `planned` its length in ms; `simulated`
    says that no treadmill moved; `program` is the version that wrote it."""

    began: datetime
    workout: str
    plan: str
    planned: int
    simulated: bool
    program: str


@dataclass(frozen=True, slots=True)
class MachineRow:
    """A treadmill: the name it gives itself, and its address ("" if nobody knows it)."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One second: measured `speed`, `target` speed, measured `incline` and `heart_rate`; None what is not known."""

    at: int
    position: int
    speed: int | None
    target: int | None
    incline: int | None
    distance: int | None
    heart_rate: int | None


@dataclass(frozen=True, slots=True)
class Packet:
    """What was written to the treadmill (`source` says for whom), or came from it (`source` is None). `uuid` is a short
    name (`2AD9`). `order` counts bytes and events together, from 0."""

    order: int
    at: int
    uuid: str
    data: bytes
    source: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """Anything else that happened, in the recorder's word and fields."""

    order: int
    at: int
    word: str
    fields: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One step, planned and as done. `ordinal` counts the steps begun, from 1; `number` is the step's in the plan (a
    repeated step has the same number again). `actual` is ms on the session's clock; the last four are None until
    something is known of them."""

    ordinal: int
    number: int
    kind: str
    began: int
    planned: int
    planned_speed: int
    planned_incline: int
    actual: int | None = None
    actual_speed: int | None = None
    top_speed: int | None = None
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class ProgressUpdate:
    """The totals so far, and the interval under way. The newest alone is enough."""

    at: int
    active: int
    distance: int | None
    top_speed: int | None
    mean_heart_rate: int | None
    top_heart_rate: int | None
    interval: IntervalRow | None


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over: the summary's words, and the intervals as they were in the end."""

    at: int
    outcome: str
    reason: str | None
    active: int
    distance: int
    intervals: tuple[IntervalRow, ...]


Record = SessionStart | MachineRow | SampleRow | Packet | Event | IntervalRow | ProgressUpdate | Ended


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One line of the history. `outcome` is None while it runs, or if its program was killed; `length` is then the time
    of the last thing known. `lost` counts records that could not be kept."""

    id: int
    began: datetime
    workout: str
    plan: str
    planned: int
    simulated: bool
    program: str
    treadmill: str | None
    address: str | None
    length: int
    active: int
    distance: int | None
    top_speed: int | None
    mean_heart_rate: int | None
    top_heart_rate: int | None
    outcome: str | None
    reason: str | None
    lost: int


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """Everything kept of one session, each in the order it happened."""

    session: SessionRow
    intervals: tuple[IntervalRow, ...]
    samples: tuple[SampleRow, ...]
    events: tuple[Event, ...]
    octets: tuple[Packet, ...]


@dataclass(frozen=True, slots=True)
class KnownTreadmill:
    """A treadmill that has been used: when first and last, and in how many sessions."""

    machine: MachineRow
    first_used: datetime
    last_used: datetime
    sessions: int


@dataclass(frozen=True, slots=True)
class LogRow:
    """Something a person, a clinician or a rule said that is kept for good: a check-in, a clearance, an override, a
    plan's state, low-impact work. `kind` names which, `version` the shape of `payload`; `session` is the one it belongs
    to, if any. Entries are never changed: a later one of the same kind takes its place where the rules say so."""

    id: int
    kind: str
    at: datetime
    version: int
    payload: Mapping[str, Json]
    session: int | None = None
