"""What may be shared of a commissioning: every byte that matters, and nothing that says whose treadmill it is.

Rules:
- No address, no serial number, no time of day; of the name only its beginning, without what numbers this one machine
  or belongs to a person.
- Bytes of the characteristics that FTMS and Device Information define stand as they were, those of vendors' only
  counted: what is in them nobody knows.
- What is not listed here is left out, not the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runback.commissioning.procedure import Procedure
from runback.commissioning.stages import ORDER, TABLE
from runback.devices.identity import Identity

Value = str | int | float | bool | None | Sequence[object] | Mapping[str, object]
RecordedLine = tuple[float, str, Mapping[str, Value]]
"""A line of the session's record: when, what, and its fields."""

VERSION = 1
PUBLIC = frozenset({"2A24", "2A26", "2A29", "2ACC", "2ACD", "2AD3", "2AD4", "2AD5", "2AD9", "2ADA", "2A53"})
"""Model, firmware, maker; feature, data, training status, ranges, control point, status; speed and cadence."""
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "offers": ("characteristics",),
    "read": ("uuid", "hex"),
    "write": ("uuid", "hex", "source"),
    "written": (),
    "write refused": ("code",),
    "write hung": (),
    "notification": ("uuid", "hex"),
    "garbled": ("why",),
    "signal": ("signal",),
    "phase": ("phase",),
    "ask": ("ask",),
    "stop": ("source",),
    "alarm": ("reason",),
    "console": ("axis", "value"),
    "refused": ("axis", "value"),
    "link lost": (),
    "reset": (),
}
_NUMBER_AT_END = re.compile(r"[-_ .#:]*(?=[0-9A-Fa-f]*[0-9])[0-9A-Fa-f]{4,}$")
_ADDRESS = re.compile(r"(?i)(?<![0-9a-f])(?:[0-9a-f]{2}[:_-]){5}[0-9a-f]{2}(?![0-9a-f])")
_SOMEBODYS = re.compile(r"^.*['’]s?\s+|\s+(of|von|de|di)\s.*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReportHeader:
    """What stands above the capture."""

    program: str
    on: str
    simulated: bool
    base: str
    """The profile it was taken for before."""


def report(
    header: ReportHeader, identity: Identity, procedure: Procedure, entries: Sequence[RecordedLine]
) -> dict[str, object]:
    """The whole report, ready for JSON."""
    findings = procedure.findings

    def clean(text: str | None) -> str | None:
        return None if text is None else _clean(text, identity.name)

    began = entries[0][0] if entries else 0.0
    return {
        "v": VERSION,
        "what": "commissioning",
        "program": header.program,
        "date": header.on,
        "simulated": header.simulated,
        "taken_for": header.base,
        "treadmill": {
            "name_begins": beginning(identity.name),
            "model": clean(identity.model),
            "manufacturer": clean(identity.manufacturer),
            "firmware": clean(identity.firmware),
        },
        "ended": clean(procedure.why) or ("seen through" if procedure.over else "not ended"),
        "stages": [
            {"stage": stage.value, "seen": stage in findings.passed, "unlocks": TABLE[stage].unlocks} for stage in ORDER
        ],
        "observed": list(procedure.seen),
        "learned": {
            "slowest_kmh": None if findings.bounds is None else findings.bounds.low / 100,
            "step_kmh": None if findings.bounds is None else findings.bounds.step / 100,
            "start_delay_s": _rounded(findings.start_delay),
            "step_up_s": _rounded(findings.up_within),
            "step_down_s": _rounded(findings.down_within),
            "stop_s": _rounded(findings.stop_within),
            "incline_step_s": _rounded(findings.tilt_within),
            "display": None if findings.display is None else findings.display.text,
        },
        "capture": [
            {"t": round(at - began, 3), "event": event, **_shown(event, fields)}
            for at, event, fields in entries
            if event in _FIELDS
        ],
    }


def beginning(name: str | None) -> str | None:
    """As much of an advertised name as says which model it is."""
    if name is None:
        return None
    plain = _SOMEBODYS.sub("", name)
    return _NUMBER_AT_END.sub("", plain) or None


def _clean(text: str, name: str | None) -> str:
    """Without an address, or the machine's whole name."""
    plain = _ADDRESS.sub("(address)", text)
    return plain.replace(name, beginning(name) or "(name)") if name else plain


def _shown(event: str, fields: Mapping[str, Value]) -> dict[str, object]:
    shown: dict[str, object] = {one: fields[one] for one in _FIELDS[event] if one in fields}
    uuid, octets = shown.get("uuid"), shown.get("hex")
    if isinstance(octets, str) and uuid not in PUBLIC:
        shown["hex"] = f"{len(octets) // 2} bytes"
    return shown


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
