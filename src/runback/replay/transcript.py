"""What happened, in lines for a person: phases, steps, targets with the measured speed, stops and alarms with reasons.

Rules:
- One line a happening, its time in the session first. Nothing is told twice.
- The record may be another program's: what it says is made printable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runback.config_files.error_text import printable
from runback.units import Unit, speed_from_kmh, spell

_TROUBLE = {
    "link lost": "the link is lost: {reason}",
    "no link": "no link: {reason}",
    "connected": "connected",
    "alarm": "ALARM: {reason}",
    "stop": "STOP: {reason} ({source})",
    "reset": "the stop is released",
    "ask": "the person asks: {ask}",
    "console": "set at the console: {axis} {value}",
    "refused": "the treadmill refuses: {axis} {value}",
    "write hung": "the write {hex} hangs",
    "write refused": "the write {hex} is refused (ATT {code})",
    "write failed": "the write {hex} fails: {reason}",
    "failure": "the program failed: {why}",
}


class Transcript:
    """Hears the record of a replay and says it, line by line; `zero` as in `Comparison`."""

    def __init__(self, say: Callable[[str], None], unit: Unit = Unit.KMH) -> None:
        self.zero = 0.0
        self._say = say
        self._unit = unit
        self._target: object = None

    def hear(self, t: float, event: str, fields: Mapping[str, object]) -> None:
        """An event of the replay."""
        line = self._line(event, fields)
        if line is not None:
            self._say(printable(f"{_clock(t - self.zero)}  {line}"))

    def _line(self, event: str, fields: Mapping[str, object]) -> str | None:
        match event:
            case "phase":
                notice = fields.get("notice")
                return f"{fields['phase']}" + (f": {notice}" if notice else "")
            case "step":
                planned = f"{fields['duration_s']:g} s at {self._spell(fields['speed_kmh'])}"
                return f"step {fields['number']}: {fields['kind']}, {planned}"
            case "snapshot":
                return self._speeds(fields)
            case _:
                return _TROUBLE[event].format_map(fields) if event in _TROUBLE else None

    def _speeds(self, fields: Mapping[str, object]) -> str | None:
        target, measured = fields.get("target_kmh"), fields.get("measured_kmh")
        if target == self._target:
            return None
        self._target = target
        belt = "unknown" if measured is None else self._spell(measured)
        return f"target {self._spell(target)}, belt {belt}" if target else f"no target, belt {belt}"

    def _spell(self, kmh: object) -> str:
        return spell(speed_from_kmh(kmh), self._unit) if isinstance(kmh, int | float) else "unknown"


def _clock(seconds: float) -> str:
    tenths = round(abs(seconds) * 10)
    sign = "-" if seconds < 0 and tenths else ""
    return f"{sign}{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}".rjust(8)
