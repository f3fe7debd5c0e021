"""JSON: everything the journal has of a session, numbered by version.

Rules:
- Units stand in the names: `_s` seconds since the session began, `_kmh`, `_percent`, `_m`, `_bpm`. Bytes are hex.
- What is not known is null, never left out: the shape is the same for every session.
- A change that a reader could trip over is a new `VERSION`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from runback.journal.model import IntervalRow, Json, LogRow, SampleRow, SessionRecord, SessionRow
from runback.journal.write_results import WriteResult, writes

VERSION = 1


def to_json(story: SessionRecord, entries: Sequence[LogRow] = ()) -> bytes:
    """`story`, and the `entries` that belong to it, as one JSON object, UTF-8."""
    document: dict[str, Json] = {
        "format": "runback session",
        "version": VERSION,
        "session": _session(story.session),
        "intervals": [_interval(interval) for interval in story.intervals],
        "samples": [_sample(sample) for sample in story.samples],
        "writes": [_write(written) for written in writes(story)],
        "notifications": [
            {"t_s": octets.at / 1000, "uuid": octets.uuid, "hex": octets.data.hex()}
            for octets in story.octets
            if octets.source is None
        ],
        "events": [
            {"t_s": event.at / 1000, "event": event.word, "fields": dict(event.fields)} for event in story.events
        ],
        "entries": [_entry(entry) for entry in entries if entry.session == story.session.id],
    }
    return (json.dumps(document, indent=1, allow_nan=False) + "\n").encode()


def _session(session: SessionRow) -> dict[str, Json]:
    return {
        "id": session.id,
        "began": session.began.isoformat(),
        "zone": session.began.tzname(),
        "workout": session.workout,
        "plan": session.plan,
        "planned_s": session.planned / 1000,
        "simulated": session.simulated,
        "program": session.program,
        "treadmill": session.treadmill,
        "address": session.address or None,
        "length_s": session.length / 1000,
        "active_s": session.active / 1000,
        "distance_m": _per(session.distance, 10),
        "top_kmh": _per(session.top_speed, 100),
        "mean_heart_rate_bpm": session.mean_heart_rate,
        "top_heart_rate_bpm": session.top_heart_rate,
        "outcome": session.outcome,
        "reason": session.reason,
        "lost_records": session.lost,
    }


def _interval(interval: IntervalRow) -> dict[str, Json]:
    return {
        "ordinal": interval.ordinal,
        "number": interval.number,
        "kind": interval.kind,
        "began_s": interval.began / 1000,
        "planned_s": interval.planned / 1000,
        "planned_kmh": interval.planned_speed / 100,
        "planned_incline_percent": interval.planned_incline / 10,
        "actual_s": _per(interval.actual, 1000),
        "actual_kmh": _per(interval.actual_speed, 100),
        "top_kmh": _per(interval.top_speed, 100),
        "distance_m": _per(interval.distance, 10),
    }


def _sample(sample: SampleRow) -> dict[str, Json]:
    return {
        "t_s": sample.at / 1000,
        "session_clock_s": sample.position / 1000,
        "speed_kmh": _per(sample.speed, 100),
        "target_kmh": _per(sample.target, 100),
        "incline_percent": _per(sample.incline, 10),
        "distance_m": _per(sample.distance, 10),
        "heart_rate_bpm": sample.heart_rate,
    }


def _write(written: WriteResult) -> dict[str, Json]:
    return {
        "t_s": written.octets.at / 1000,
        "uuid": written.octets.uuid,
        "hex": written.octets.data.hex(),
        "source": written.octets.source,
        "response": None if written.response is None else written.response.hex(),
        "answered_s": _per(written.answered, 1000),
        "trouble": written.trouble,
    }


def _entry(entry: LogRow) -> dict[str, Json]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "at": entry.at.isoformat(),
        "version": entry.version,
        "payload": dict(entry.payload),
    }


def _per(value: int | None, scale: int) -> float | None:
    return None if value is None else value / scale
