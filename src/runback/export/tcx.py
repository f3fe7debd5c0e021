"""TCX: Training Center Database, version 2, with the activity extension for speed.

Rules:
- A lap each interval, a track each time the timer ran in it, a trackpoint each second. There is no position: the belt
  stands still.
- A field that was not measured is left out. Two cannot be: the schema demands distance and Calories of a lap, and 0 is
  what such files say where they are not known.
- Intensity knows two words: what is walked between runs is Resting, all else Active.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from runback.export.activity import Intensity, Lap, Point, activity
from runback.journal.model import SessionRecord

NAMESPACE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
EXTENSION = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_tcx(story: SessionRecord) -> bytes:
    """`story` as a TCX document. Raises InputError if the belt never ran in it."""
    done = activity(story)
    root = Element("TrainingCenterDatabase", xmlns=NAMESPACE)
    one = SubElement(SubElement(root, "Activities"), "Activity", Sport="Running")
    _say(one, "Id", _time(done.figures.began))
    for lap in done.laps:
        _lap(one, lap)
    _say(one, "Notes", _NO_XML.sub("?", story.session.workout))
    indent(root)
    octets: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return octets


def _lap(parent: Element, lap: Lap) -> None:
    figures = lap.figures
    element = SubElement(parent, "Lap", StartTime=_time(figures.began))
    _say(element, "TotalTimeSeconds", f"{figures.timer:.3f}")
    _say(element, "DistanceMeters", f"{figures.distance or 0.0:.1f}")
    if figures.top_speed is not None:
        _say(element, "MaximumSpeed", f"{figures.top_speed:.3f}")
    _say(element, "Calories", "0")
    _beats(element, "AverageHeartRateBpm", figures.mean_heart_rate)
    _beats(element, "MaximumHeartRateBpm", figures.top_heart_rate)
    _say(element, "Intensity", "Resting" if lap.intensity is Intensity.RECOVERY else "Active")
    _say(element, "TriggerMethod", "Time")
    for track in lap.tracks:
        line = SubElement(element, "Track")
        for point in track:
            _point(line, point)


def _point(parent: Element, point: Point) -> None:
    element = SubElement(parent, "Trackpoint")
    _say(element, "Time", _time(point.second))
    if point.distance is not None:
        _say(element, "DistanceMeters", f"{point.distance:.1f}")
    _beats(element, "HeartRateBpm", point.heart_rate)
    if point.speed is not None:
        extension = SubElement(SubElement(element, "Extensions"), "TPX", xmlns=EXTENSION)
        _say(extension, "Speed", f"{point.speed:.3f}")


def _beats(parent: Element, name: str, value: int | None) -> None:
    if value is not None:
        _say(SubElement(parent, name), "Value", str(value))


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _time(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
