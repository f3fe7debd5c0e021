"""Hostile files: sizes, expansions, entities, and bytes that are nothing at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.errors import WorkoutError
from runback.importing.answers import Answers
from runback.importing.detect import LARGEST, read
from runback.importing.draft import Imported, Reference, SpeedUnit
from runback.importing.resolve import Resolved, resolve
from runback.workout.files import dump, loads
from runback.workout.model import Kind
from tests.support.effort import examples
from tests.support.importing import brought, fit, fit_crc, refused

ANSWERS = Answers(2000, {Reference.UNNAMED: 300.0}, SpeedUnit.KMH, dict.fromkeys(Kind, 500), 60.0)


def attempt(data: bytes) -> Resolved | WorkoutError:
    """Everything an import does with `data`, or the one line it is refused with."""
    try:
        imported = read(data, "mine", "mine.file")
        assert isinstance(imported, Imported)
        return resolve(imported, ANSWERS, "mine.file")
    except WorkoutError as error:
        return error


def test_more_than_five_megabytes_are_not_parsed() -> None:
    assert "5 MB" in refused(b"<" * (LARGEST + 1)).what
    assert "broken" in refused(b"<" * LARGEST).what


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE rows><rows><row duration="00:01:00" speed="5"/></rows>',
        '<!DOCTYPE rows SYSTEM "http://example.org/rows.dtd"><rows/>',
        '<!DOCTYPE r [<!ENTITY a "b">]><rows><row duration="&a;" speed="5"/></rows>',
        '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rows>&a;</rows>',
        '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><workout_file>&b; & </workout_file>',
    ],
)
def test_document_types_and_entities_are_refused(text: str) -> None:
    assert "document type or entities" in refused(text).what


def test_an_entity_nobody_declared_is_broken_and_not_guessed() -> None:
    assert "broken" in refused("<workout_file><name>&lol;</name></workout_file>").what


@pytest.mark.full
@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\xff\xfe\x00\x01", "not a workout that runback knows"),
        (b"hello", "not a workout that runback knows"),
        (b'name = "x"\n', "not a workout that runback knows"),
        (b"<gpx/>", "not a workout that runback knows"),
        (b"<rows>", "broken"),
        (b"<rows>\xff</rows", "broken"),
        (b'<?xml version="1.0" encoding="nonsense"?><rows/>', "no rows"),
        (b"<a>" * 100_000, "broken"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "not a workout"),
        (b"PK\x03\x04" + b"\0" * 40, "not a workout that runback knows"),
    ],
)
def test_what_is_no_workout_is_one_line(data: bytes, what: str) -> None:
    assert what in refused(data).what


def test_utf_16_is_read_like_any_other() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><rows><row duration="00:01:00" speed="5" forcespeed="1"/></rows>'
    assert brought(text.encode("utf-16")).workout.duration == 60


def test_the_content_says_the_format_and_not_the_name() -> None:
    assert brought("\ufeff- 5m 6:00/km").format == "intervals.icu text"
    assert brought('\n<rows><row duration="00:01:00" speed="5"/></rows>').format == "QZ training programme"
    assert brought(fit([(0, 60_000, 0, 0, 2000, 2000, 0)])).format == "FIT workout"


@pytest.mark.full
@pytest.mark.parametrize(
    "text",
    [
        '<rows><repeat times="1000000000"><row duration="00:00:01" speed="5"/></repeat></rows>',
        '<rows><repeat times="101"><repeat times="100"><row duration="00:00:01" speed="5"/></repeat></repeat></rows>',
        "10001x\n- 1s 6:00/km",
        "- 20h ramp 20:00-3:00/km\n" * 9999,
        "9999x\n- 1m ramp 20:00-3:00/km",
        '<workout_file><workout><IntervalsT Repeat="999999999" OnDuration="1" OnPower="1" OffDuration="0"/></workout>'
        "</workout_file>",
    ],
)
def test_more_than_ten_thousand_steps_are_never_unrolled(text: str) -> None:
    error = refused(text, pace=300)
    assert "steps" in error.what or "hours" in error.what


def test_many_ramps_end_at_ten_thousand_stages() -> None:
    assert "steps" in refused("- 30s ramp 20:00-3:00/km\n" * 2000).what


TAGS = st.sampled_from(
    [
        "row",
        "repeat",
        "workout",
        "SteadyState",
        "Warmup",
        "Cooldown",
        "IntervalsT",
        "FreeRide",
        "Ramp",
        "textevent",
        "name",
        "sportType",
        "durationType",
        "thresholdSecPerKm",
        "x",
    ]
)
KEYS = st.sampled_from(
    [
        "duration",
        "Duration",
        "speed",
        "Speed",
        "Power",
        "PowerLow",
        "PowerHigh",
        "OnPower",
        "OffPower",
        "OnDuration",
        "OffDuration",
        "Repeat",
        "times",
        "pace",
        "distance",
        "speedfrom",
        "speedto",
        "inclination",
        "forcespeed",
    ]
)
SAID = ["00:01:00", "60", "1", "0", "-1", "0.8", "5:00/km", "5:00", "1e9", "nan", "run", "time", "5.5", ""]
VALUES = st.sampled_from(SAID) | st.text(max_size=5)


def _tag(name: str, attributes: dict[str, str], inner: list[str]) -> str:
    from xml.sax.saxutils import quoteattr

    said = " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name} {said}>{''.join(inner)}</{name}>"


ELEMENTS = st.recursive(
    st.builds(_tag, TAGS, st.dictionaries(KEYS, VALUES, max_size=5), st.just([])),
    lambda inner: st.builds(_tag, TAGS, st.dictionaries(KEYS, VALUES, max_size=3), st.lists(inner, max_size=4)),
    max_leaves=8,
)
MARKUP = st.builds(_tag, st.sampled_from(["rows", "workout_file", "rows"]), st.just({}), st.lists(ELEMENTS, max_size=5))
WORDS = [
    "- ",
    "5m",
    "400mtr",
    "1'30\"",
    " ",
    "6:00/km",
    "6:00",
    "-",
    "80%",
    " Pace",
    "ramp ",
    "5x",
    "\n",
    "Warmup",
    "Z2",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=25).map("".join)
ANY_TEXT = st.text().map(lambda text: text.encode("utf-8", "replace"))


@given(MARKUP.map(str.encode) | TEXT.map(str.encode) | st.binary() | ANY_TEXT)
def test_any_octets_are_a_workout_that_can_be_kept_or_one_printable_line(data: bytes) -> None:
    outcome = attempt(data)
    if isinstance(outcome, WorkoutError):
        assert str(outcome).isprintable()
        assert len(str(outcome)) < 400
    else:
        assert loads(dump(outcome.workout), "again.toml") == outcome.workout
        assert outcome.workout.top_speed <= ANSWERS.cap


SOUND = fit([(0, 60_000, 0, 0, 2000, 2500, 0), (1, 40_000, 0, 0, 3000, 3000, 1), (6, 0, 2, 3, None, None, 0)])


@settings(max_examples=examples(300))
@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), max_size=4), st.integers(0, len(SOUND)))
def test_a_damaged_fit_file_is_one_line_or_a_workout(changes: list[tuple[int, int]], length: int) -> None:
    data = bytearray(SOUND[:length])
    for at, octet in changes:
        if at < len(data):
            data[at] = octet
    if len(data) > 20:
        data[12:14] = fit_crc(bytes(data[:12]))
        data[-2:] = fit_crc(bytes(data[:-2]))
    outcome = attempt(bytes(data))
    assert isinstance(outcome, Resolved) or str(outcome).isprintable()
