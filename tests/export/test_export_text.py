"""TCX, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runback.export.csv_file import to_csv
from runback.export.json_file import to_json
from runback.export.tcx import EXTENSION, NAMESPACE, to_tcx
from runback.journal.log_entries import add, entries
from runback.journal.model import SessionRecord
from runback.workout.notation import parse
from tests.support.effort import examples
from tests.support.journal.stage import BEGAN, beats, events, keep, metres, position, speed

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "tcx_v2.xsd"))
SPACES = {"t": NAMESPACE, "x": EXTENSION}


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journal") / "journal.db"


@pytest.fixture(scope="module")
def kept(journal: Path) -> SessionRecord:
    return keep(journal)


def tcx(story: SessionRecord) -> ElementTree.Element:
    """`story` as TCX, found to be as the schema says."""
    octets = to_tcx(story)
    SCHEMA.validate(io.BytesIO(octets))
    return ElementTree.fromstring(octets)


def texts(root: ElementTree.Element, path: str) -> list[str | None]:
    return [element.text for element in root.iterfind(path, SPACES)]


def test_a_tcx_document_has_a_lap_each_interval_as_its_schema_says(kept: SessionRecord) -> None:
    root = tcx(kept)
    assert texts(root, ".//t:Activity/t:Id") == ["2026-03-01T21:59:43Z"]
    assert texts(root, ".//t:Activity/t:Notes") == ["Thursday"]
    assert texts(root, ".//t:Lap/t:TotalTimeSeconds") == ["20.000", "10.000", "10.000"]
    assert texts(root, ".//t:Lap/t:DistanceMeters") == ["24.0", "19.5", "14.0"]
    assert texts(root, ".//t:Lap/t:Intensity") == ["Active", "Active", "Resting"]
    assert len(root.findall(".//t:Lap[2]/t:Track", SPACES)) == 2  # the pause
    assert len(texts(root, ".//t:Trackpoint/t:Time")) == len(set(texts(root, ".//t:Trackpoint/t:Time"))) == 41


def test_a_tcx_trackpoint_has_what_was_measured_and_nothing_else(kept: SessionRecord) -> None:
    points = tcx(kept).findall(".//t:Lap[1]/t:Track/t:Trackpoint", SPACES)
    for second, point in enumerate(points, 13):
        kmh, rate = speed(second), beats(second)
        assert texts(point, "t:DistanceMeters") == [f"{metres(second):.1f}"]
        assert texts(point, ".//x:Speed") == ([] if kmh is None else [f"{kmh / 3.6:.3f}"])
        assert texts(point, "t:HeartRateBpm/t:Value") == ([] if rate is None else [str(rate)])
    assert len(points) == 20


def test_a_tcx_document_without_heart_rate_has_no_word_of_it(tmp_path: Path) -> None:
    octets = to_tcx(keep(tmp_path / "journal.db", events(heart_rate=False)))
    SCHEMA.validate(io.BytesIO(octets))
    assert b"HeartRate" not in octets


def test_a_tcx_document_of_what_little_is_known_is_as_its_schema_says(kept: SessionRecord) -> None:
    bare = [
        replace(one, actual=None, actual_speed=None, top_speed=None, distance=None, began=one.began + 100_000)
        for one in kept.intervals
    ]
    tcx(replace(kept, intervals=tuple(bare)))
    nothing = [replace(one, speed=None, distance=None, heart_rate=None) for one in kept.samples]
    tcx(replace(kept, samples=tuple(nothing)))


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_makes_a_tcx_document(kept: SessionRecord, name: str) -> None:
    tcx(replace(kept, session=replace(kept.session, workout=name), samples=kept.samples[13:15]))


def test_a_table_has_a_row_a_second_and_units_in_its_header(kept: SessionRecord) -> None:
    header, *rows = csv.reader(io.StringIO(to_csv(kept).decode(), newline=""))
    assert header[5:] == ["speed (km/h)", "target speed (km/h)", "incline (%)", "distance (m)", "heart rate (bpm)"]
    assert len(rows) == 69
    for second, row in enumerate(rows):
        kmh, rate = speed(second), beats(second)
        when = datetime.fromisoformat(row[0])
        assert when - BEGAN == timedelta(seconds=second)
        assert row[1:3] == [f"{second}.000", f"{position(second):.3f}"]
        assert row[5] == ("" if kmh is None else f"{kmh:.2f}")
        assert row[7:] == ["0.5", f"{metres(second):.1f}", "" if rate is None else str(rate)]
    assert [row[3:5] for row in rows[12:14]] == [["", ""], ["1", "warm-up"]]
    assert rows[0][6] == ""


def test_a_document_holds_everything_with_its_units(kept: SessionRecord, journal: Path) -> None:
    add(journal, "check-in", BEGAN, {"words": "fine"}, version=1, session=kept.session.id)
    add(journal, "check-in", BEGAN, {"words": "of no session"}, version=1)
    document = json.loads(to_json(kept, entries(journal)))
    assert (document["format"], document["version"]) == ("runback session", 1)
    session = document["session"]
    assert datetime.fromisoformat(session["began"]) == BEGAN
    assert parse(session["plan"]).duration == session["planned_s"] == 40.0
    assert (session["treadmill"], session["top_kmh"], session["outcome"]) == ("Köhler Läufer 3", 7.5, "completed")
    assert [one["actual_kmh"] for one in document["intervals"]] == [4.4, None, 5.1]
    assert [one["speed_kmh"] for one in document["samples"]] == [speed(second) for second in range(69)]
    assert [one["heart_rate_bpm"] for one in document["samples"]] == [beats(second) for second in range(69)]
    assert [(one["hex"], one["source"], one["response"]) for one in document["writes"]] == [
        ("00", "person", "800001"),
        ("07", "plan", "800701"),
        ("02c201", "plan", "800204"),
        ("0801", "plan", None),
    ]
    assert document["writes"][-1]["trouble"] == "write hung"
    assert [one["hex"] for one in document["notifications"]] == ["800001", "0000e803", "800701", "800204"]
    assert {"t_s": -3.0, "event": "no link", "fields": {"reason": "not found"}} in document["events"]
    assert [one["payload"] for one in document["entries"]] == [{"words": "fine"}]
