"""From a story of the journal to a script: everything checked, and put in the order in which it is fed.

Rules:
- A time in the record is rounded. Where a deadline (a write that hangs, a countdown) ends in the same millisecond, the
  order of the record says which came first: what is fed comes a little before it (`ROUNDING`), or a little after.
- A Stop is written before it is told: in a script it stands where it was made, before its own bytes.
- A record from before all that a replay needs was kept, or one that cannot be what was recorded, is refused in a line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar, cast, get_args

from runback.errors import JournalError, WorkoutError
from runback.ftms.assigned_numbers import STOP, full_uuid
from runback.journal.model import Event, Json, Packet, SessionRecord
from runback.link.protocol import Properties, Property
from runback.replay.script import (
    Connecting,
    Cue,
    IntentEvent,
    Lost,
    NotificationEvent,
    RecordedRules,
    RecordedWrite,
    ReplayEvent,
    Script,
    StopEvent,
    WriteFate,
    WriteOutcomeEvent,
)
from runback.session.belt_ramp import RampModel, RampSample
from runback.session.model import CountFrom, Intent, SteppedOff
from runback.source import Source
from runback.units import speed_from_kmh
from runback.workout.model import Workout
from runback.workout.notation import parse

SLEPT = "slept"
TOLD_WITHIN = 20
"""ms from the writing of a Stop to its being told (`engine.engine`: 5, when the loop is not busy)."""
ROUNDING = 0.6
"""ms: a little more than the half that rounding takes."""
_PROPERTIES: frozenset[str] = frozenset(get_args(Property))


def script(story: SessionRecord) -> Script:
    """`story` as a script. Raises JournalError."""
    return _Reader(story).read()


Member = TypeVar("Member", Intent, Source, CountFrom, SteppedOff)


class _Reader:
    """Reads one story; whatever cannot be what was recorded ends it."""

    def __init__(self, story: SessionRecord) -> None:
        self._story = story
        self._where = f"session {story.session.id}"
        merged: list[Packet | Event] = [*story.octets, *story.events]
        self._stops = [one for one in story.octets if one.source is not None and one.data == STOP]
        self._order = sorted(merged, key=self._place)
        self._written = [one for one in self._order if isinstance(one, Packet) and one.source is not None]

    def read(self) -> Script:
        events, session = self._story.events, self._story.session
        offers = [event for event in events if event.word == "offers"]
        if not offers:
            what = f"runback {session.program} recorded it without what its treadmill offers, so it cannot be replayed"
            raise JournalError(self._where, what, "`runback export` has all there is of it")
        if not any(event.word == "connected" for event in events):
            raise self._damaged("it was never connected")
        purpose = next((event.fields for event in events if event.word == "purpose"), {})
        running = purpose.get("running_ms")
        return Script(
            session,
            self._workout(),
            str(purpose["plan"]) if "plan" in purpose else None,
            running / 1000 if isinstance(running, int) else None,
            self._profile(events),
            self._services(offers[0]),
            self._rules(events),
            {self._uuid(event): self._octets(event) for event in events if event.word == "read"},
            tuple(self._feeds()),
            tuple(self._writes()),
            tuple((event.at, self._text(event, "phase")) for event in events if event.word == "phase"),
            self._person_cap(events),
            self._left_out(events, judged=False),
            self._left_out(events, judged=True),
        )

    def _left_out(self, events: Sequence[Event], *, judged: bool) -> int:
        """How many notifications were left out of the record, and had been `judged` or not."""
        counts = [
            event.fields.get("count")
            for event in events
            if event.word == "left out" and event.fields.get("judged") is judged
        ]
        return sum(count for count in counts if isinstance(count, int))

    def _person_cap(self, events: Sequence[Event]) -> int | None:
        kmh = next((event.fields.get("person_kmh") for event in events if event.word == "cap"), None)
        if kmh is None:
            return None
        if isinstance(kmh, bool) or not isinstance(kmh, int | float) or not 0 < kmh <= 20:
            raise self._damaged("its cap is not a speed")
        return speed_from_kmh(kmh)

    def _rules(self, events: Sequence[Event]) -> RecordedRules:
        """A session recorded before there were any had the rules' defaults."""
        told = next((event for event in events if event.word == "rules"), None)
        if told is None:
            return RecordedRules()
        after = told.fields.get("stepped_off_after")
        if not isinstance(after, (int, float)):
            raise self._damaged("its rules say no time")
        return RecordedRules(
            self._member(told, "count_from", CountFrom),
            self._member(told, "stepped_off", SteppedOff),
            float(after),
            RampModel(self._changes(told, "up"), self._changes(told, "down")),
        )

    def _changes(self, told: Event, key: str) -> tuple[RampSample, ...]:
        try:
            return tuple(
                RampSample(*map(float, cast("list[str]", each))) for each in cast("list[Json]", told.fields[key])
            )
        except (KeyError, TypeError, ValueError):
            raise self._damaged(f"its rules have no {key}") from None

    def _profile(self, events: Sequence[Event]) -> str | None:
        named = next((event for event in events if event.word == "profile"), None)
        return None if named is None else self._text(named, "name")

    def _place(self, one: Packet | Event) -> float:
        made = self._made_by(one) if isinstance(one, Event) and one.word == "stop" else None
        return one.order if made is None else made.order - 0.5

    def _made_by(self, stop: Event) -> Packet | None:
        """The bytes that `stop` had written before it was told."""
        made = (each for each in self._stops if each.order < stop.order and stop.at - each.at <= TOLD_WITHIN)
        return next(made, None)

    def _damaged(self, what: str) -> JournalError:
        return JournalError(self._where, f"its record is damaged: {what}", "`runback export` has what is left of it")

    def _workout(self) -> Workout:
        try:
            found = parse(self._story.session.plan)
        except WorkoutError as error:
            raise self._damaged(f"its workout cannot be read ({error.what})") from error
        return Workout(self._story.session.workout, found.steps)

    def _services(self, event: Event) -> Mapping[str, Properties]:
        listed = event.fields.get("characteristics")
        if not isinstance(listed, dict):
            raise self._damaged("what the treadmill offers is not a list")
        return {self._full(name): self._properties(found) for name, found in listed.items()}

    def _properties(self, found: Json) -> Properties:
        if not isinstance(found, list) or not all(isinstance(each, str) and each in _PROPERTIES for each in found):
            raise self._damaged("what the treadmill offers is not known here")
        return frozenset(cast("list[Property]", found))

    def _feeds(self) -> Iterator[ReplayEvent]:
        """The cues, and when each is fed: after what the rules made by themselves in its millisecond, if that stands
        before it in the record; else before, and well before a hanging write is given up, which ends the link."""
        given_up = {event.at: event.order for event in self._story.events if event.word == WriteFate.HUNG.value}
        fates = {event.order: place for place, event in self._fates().items() if event is not None}
        last_cue: int | None = None
        last_made: int | None = None
        due, writes = -math.inf, 0
        for one in self._order:
            cue = self._cue(one, fates)
            if cue is None:
                last_made = one.at
                writes += isinstance(one, Packet)
                continue
            by_itself = last_made == cue.at and last_cue != cue.at
            shift = ROUNDING if by_itself else -ROUNDING
            if one.order < given_up.get(cue.at, -1):
                shift -= ROUNDING
            due = max(due, cue.at + shift)
            last_cue, last_made = cue.at, None
            yield ReplayEvent(due, writes, cue)

    def _cue(self, one: Packet | Event, fates: Mapping[int, int]) -> Cue | None:
        match one:
            case Packet(source=None):
                return NotificationEvent(one.at, self._full(one.uuid), one.data)
            case Packet():
                return None
            case Event() if one.order in fates:
                return WriteOutcomeEvent(one.at, fates[one.order])
            case Event(word="ask"):
                return IntentEvent(one.at, self._member(one, "ask", Intent))
            case Event(word="start refused") if one.fields.get("called_off") is True:
                return IntentEvent(one.at, Intent.PAUSE)  # which calls a countdown off
            case Event(word="stop"):
                made = self._made_by(one)
                at = one.at if made is None else made.at
                return StopEvent(at, self._text(one, "reason"), self._member(one, "source", Source))
            case Event(word="link lost"):
                return Lost(one.at, self._text(one, "reason"))
            case Event(word="connected"):
                return Connecting(one.at, None)
            case Event(word="no link"):
                return Connecting(one.at, self._text(one, "reason"))
            case Event(word="gap") if one.fields.get("gap") == SLEPT:
                return Lost(one.at, "this computer slept", told=False)
            case _:
                return None

    def _writes(self) -> Iterator[RecordedWrite]:
        """Each write with what became of it: the first word about it before the next one."""
        for place, fate in self._fates().items():
            octets = self._written[place]
            found = (octets.at, octets.uuid, octets.data, octets.source or "")
            yield RecordedWrite(*found) if fate is None else self._fated(found, fate)

    def _fates(self) -> dict[int, Event | None]:
        fates: dict[int, Event | None] = {}
        for one in self._order:
            if isinstance(one, Packet):
                if one.source is not None:
                    fates[len(fates)] = None
            elif fates and fates[len(fates) - 1] is None and one.word in _FATES:
                fates[len(fates) - 1] = one
        return fates

    def _fated(self, found: tuple[int, str, bytes, str], event: Event) -> RecordedWrite:
        fate, code = _FATES[event.word], event.fields.get("code")
        if fate is WriteFate.REFUSED and not isinstance(code, int):
            raise self._damaged("a refusal has no code")
        return RecordedWrite(*found, fate, code if isinstance(code, int) else 0, str(event.fields.get("reason", "")))

    # -- fields -----------------------------------------------------------------------------------------------------

    def _text(self, event: Event, key: str) -> str:
        value = event.fields.get(key)
        if not isinstance(value, str):
            raise self._damaged(f"{event.word!r} has no {key}")
        return value

    def _member(self, event: Event, key: str, kind: type[Member]) -> Member:
        try:
            return kind(self._text(event, key))
        except ValueError:
            raise self._damaged(f"the {key} of {event.word!r} is not known here") from None

    def _octets(self, event: Event) -> bytes:
        try:
            return bytes.fromhex(self._text(event, "hex"))
        except ValueError:
            raise self._damaged(f"{event.word!r} has no bytes") from None

    def _uuid(self, event: Event) -> str:
        return self._full(self._text(event, "uuid"))

    def _full(self, name: str) -> str:
        full = full_uuid(name)
        if full is None:
            raise self._damaged("a characteristic has no UUID")
        return full


_FATES = {fate.value: fate for fate in WriteFate if fate is not WriteFate.UNKNOWN}
