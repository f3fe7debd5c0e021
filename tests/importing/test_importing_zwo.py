"""Zwift run workouts: what Zwift would do with them (rules and sources at the top of `importing/zwo.py`)."""

from __future__ import annotations

import itertools

import pytest

from runback.importing.draft import Reference, SpeedUnit
from runback.workout.model import Kind, Repeat, Step
from tests.support.importing import brought, refused, rows


def zwo(steps: str, *, head: str = "<sportType>run</sportType><durationType>time</durationType>") -> str:
    said = f"<name>Tempo</name><description>Four lines</description>{head}"
    return f"<workout_file>{said}<workout>{steps}</workout></workout_file>"


RACES = {
    Reference.MILE: 240.0,
    Reference.FIVE_K: 270.0,
    Reference.TEN_K: 288.0,
    Reference.HALF: 300.0,
    Reference.MARATHON: 320.0,
}


@pytest.mark.parametrize(
    ("index", "kmh"),
    [(0, 15.0), (1, 13.33), (2, 12.5), (3, 12.0), (4, 11.25)],
)
def test_pace_counts_the_five_race_paces_from_zero(index: int, kmh: float) -> None:
    got = brought(zwo(f'<SteadyState Duration="60" Power="1" pace="{index}"/>'), paces=RACES)
    assert rows(got.workout.steps) == [("run", 60.0, kmh)]


def test_power_is_a_share_of_the_speed_and_not_of_the_time() -> None:
    got = brought(zwo('<SteadyState Duration="60" Power="0.9" pace="3"/>'), paces=RACES)
    assert rows(got.workout.steps) == [("run", 60.0, 10.8)]


def test_intervals_stay_a_repeat_of_on_and_off() -> None:
    text = '<IntervalsT Repeat="6" OnDuration="60" OffDuration="90" OnPower="1.1" OffPower="0.5" pace="3"/>'
    got = brought(zwo(text), paces=RACES)
    assert rows(got.workout.steps) == [(6, [("run", 60.0, 13.2), ("walk", 90.0, 6.0)])]
    assert got.workout.duration == 6 * 150


def test_the_files_own_threshold_stands_before_every_race_pace() -> None:
    head = "<sportType>run</sportType><durationType>time</durationType><thresholdSecPerKm>302</thresholdSecPerKm>"
    text = '<SteadyState Duration="300" pace="2" Power="0.6667"/>'
    expected = round(360000 / 302 * 0.6667)  # 7:33/km, the runner's own figure in qdomyos-zwift issue 589
    assert brought(zwo(text, head=head), pace=200).workout.steps == (Step(Kind.RUN, 300.0, expected),)


def test_one_pace_answers_for_all_and_says_so() -> None:
    got = brought(zwo('<SteadyState Duration="60" Power="1" pace="0"/>'), pace=360)
    assert rows(got.workout.steps) == [("run", 60.0, 10.0)]
    assert any("--pace" in line for line in got.guessed)


@pytest.mark.parametrize("index", ["8268", "-1307163960", "189", "32766"])
def test_an_index_that_means_nothing_takes_the_one_pace(index: str) -> None:
    text = zwo(f'<SteadyState Duration="60" Power="0.5" pace="{index}"/>')
    assert rows(brought(text, pace=300).workout.steps) == [("walk", 60.0, 6.0)]
    assert "reference pace" in refused(text, paces=RACES).what


def test_a_warm_up_rises_a_cool_down_falls_whichever_way_it_is_written() -> None:
    text = '<Warmup Duration="600" PowerLow="0.5" PowerHigh="0.75"/><Cooldown Duration="300" {}/>'
    down = 'PowerLow="0.75" PowerHigh="0.5"'
    upside = 'PowerLow="0.5" PowerHigh="0.75"'
    first, second = (brought(zwo(text.format(each)), pace=300).workout.flat() for each in (down, upside))
    assert first == second
    warm = [step for step in first if step.kind is Kind.WARM_UP]
    cool = [step for step in first if step.kind is Kind.COOL_DOWN]
    assert (warm[0].speed, warm[-1].speed, sum(step.duration for step in warm)) == (600, 900, 600.0)
    assert (cool[0].speed, cool[-1].speed, sum(step.duration for step in cool)) == (900, 600, 300.0)
    assert all(a.speed < b.speed for a, b in itertools.pairwise(warm))


def test_a_ramp_goes_as_the_file_says_up_or_down() -> None:
    got = brought(zwo('<Ramp Duration="300" PowerLow="0.9" PowerHigh="0.6"/>'), pace=300).workout.flat()
    assert (got[0].speed, got[-1].speed) == (1080, 720)


def test_a_steady_range_is_run_at_its_middle() -> None:
    text = '<SteadyState Duration="60" PowerLow="0.8" PowerHigh="1.0"/>'
    assert rows(brought(zwo(text), pace=300).workout.steps) == [("run", 60.0, 10.8)]
    text = (
        '<IntervalsT Repeat="2" OnDuration="30" OffDuration="30" PowerOnLow="0.9" PowerOnHigh="1.1" PowerOffLow="0.5"/>'
    )
    assert rows(brought(zwo(text), pace=300).workout.steps) == [(2, [("run", 30.0, 12.0), ("walk", 30.0, 6.0)])]


@pytest.mark.parametrize("head", ["<durationType>distance</durationType>", ""])
def test_a_run_in_metres_lasts_as_long_as_its_speed_takes(head: str) -> None:
    text = '<IntervalsT Repeat="3" OnDuration="1000" OffDuration="200" OnPower="1" OffPower="0.5"/>'
    text = '<SteadyState Duration="400" Power="1"/>' + text
    got = brought(zwo(text, head=f"<sportType>run</sportType>{head}"), pace=240)
    assert rows(got.workout.steps) == [("run", 96.0, 15.0), (3, [("run", 240.0, 15.0), ("run", 96.0, 7.5)])]
    assert any("Distances" in line for line in got.guessed)


def test_a_ramp_in_metres_covers_them() -> None:
    text = zwo('<Warmup Duration="2000" PowerLow="0.5" PowerHigh="0.8"/>', head="<sportType>run</sportType>")
    steps = brought(text, pace=300).workout.flat()
    assert sum(step.speed / 360 * step.duration for step in steps) == pytest.approx(2000, abs=2.7 * len(steps) / 2)


def test_texts_placed_by_time_make_missing_durations_a_question() -> None:
    text = zwo(
        '<SteadyState Duration="300" Power="1"><textevent timeoffset="20" message="go"/></SteadyState>',
        head="<sportType>run</sportType>",
    )
    assert "--durations" in refused(text, pace=300).hint
    assert brought(text, pace=300, by="time").workout.duration == 300
    assert brought(text, pace=300, by="distance").workout.duration == 90


def test_a_file_without_a_sport_is_a_run_in_seconds_and_says_so() -> None:
    got = brought(zwo('<SteadyState Duration="300" Power="1"/>', head=""), pace=300)
    assert got.workout.duration == 300
    assert sum("does not say" in line for line in got.guessed) >= 2


def test_free_running_needs_a_speed_of_its_own() -> None:
    text = zwo('<SteadyState Duration="60" Power="1"/><FreeRide Duration="120" FlatRoad="1"/>')
    error = refused(text, pace=300)
    assert (error.where, error.hint) == ("mine.file: FreeRide 2", "add --speed free=5.0 with yours")
    assert rows(brought(text, pace=300, speeds={Kind.FREE: 550}).workout.steps)[1] == ("free", 120.0, 5.5)


def test_a_speed_needs_its_unit_and_a_pace_brings_it() -> None:
    assert "--unit" in refused(zwo('<SteadyState Duration="60" Speed="6"/>'), pace=300).hint
    assert rows(brought(zwo('<SteadyState Duration="60" Speed="6"/>'), unit=SpeedUnit.MPH).workout.steps) == [
        ("run", 60.0, 9.66)
    ]
    assert rows(brought(zwo('<SteadyState Duration="60" Pace="6:00/km"/>')).workout.steps) == [("run", 60.0, 10.0)]
    assert "per what" in refused(zwo('<SteadyState Duration="60" Pace="6:00"/>')).what
    assert rows(brought(zwo('<SteadyState Duration="60" pace="360"/>')).workout.steps) == [("run", 60.0, 10.0)]
    assert rows(brought(zwo('<Ramp Duration="9" SpeedLow="6" SpeedHigh="6"/>'), unit=SpeedUnit.KMH).workout.steps) == [
        ("walk", 9.0, 6.0)
    ]


def test_capitals_misspellings_and_namespaces_do_not_matter() -> None:
    text = """<Workout_File xmlns="urn:x"><SPORTTYPE>Run</SPORTTYPE><DurationType>Time</DurationType><workout>
    <solidstate duration="60" power="1"/><Freeride Duration="60" Speed="5"/><RestDay/></workout></Workout_File>"""
    assert rows(brought(text, pace=360, unit=SpeedUnit.KMH).workout.steps) == [("run", 60.0, 10.0), ("free", 60.0, 5.0)]


def test_a_bare_ampersand_and_windows_letters_are_overlooked() -> None:
    text = zwo('<SteadyState Duration="60" Power="1"/>').replace("Tempo", "Don’t stop & go").encode("cp1252")
    assert brought(b'<?xml version="1.0"?>\n' + text, pace=360).workout.name == "Don’t stop & go"


def test_the_name_the_description_and_the_texts_are_kept_for_the_preview() -> None:
    told = '<textevent timeoffset="5" message="Easy  now"/><TextEvent distoffset="100" message="far"/>'
    told += "<textevent/><gameplayevent/>"
    text = f'<Warmup Duration="60" Power="1">{told}</Warmup><textevent message="alone"/>'
    got = brought(zwo(text), pace=360)
    assert (got.workout.name, got.workout.description) == ("Tempo", "Four lines")
    assert got.lines[0].notes == ("at 5 s: Easy now", "at 100 m: far")


def test_what_has_no_length_is_left_out_and_said() -> None:
    text = '<IntervalsT Repeat="4" OnDuration="60" OffDuration="0" OnPower="1" OffPower="1"/>'
    got = brought(zwo('<SteadyState Duration="0" Power="1"/>' + text), pace=360)
    assert got.workout.steps == (Repeat(4, (Step(Kind.RUN, 60.0, 1000),)),)
    assert sum("no length" in line for line in got.guessed) == 2
    empty = '<IntervalsT Repeat="4" OnDuration="0" OffDuration="0"/>'
    assert "no step" in refused(zwo(empty)).what


def test_an_incline_of_the_file_is_kept() -> None:
    got = brought(zwo('<SteadyState Duration="60" Power="1" Incline="1.5"/>'), pace=360)
    assert got.workout.flat()[0].incline == 15


@pytest.mark.full
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<SteadyState Power="1"/>', "Duration is missing"),
        ('<SteadyState Duration="-5" Power="1"/>', "negative"),
        ('<SteadyState Duration="nan" Power="1"/>', "not a plain number"),
        ('<SteadyState Duration="0.4" Power="1"/>', "shorter than 1 s"),
        ('<SteadyState Duration="1e6" Power="1"/>', "24"),
        ('<SteadyState Duration="60"/>', "neither a Power nor a speed"),
        ('<SteadyState Duration="60" Zone="2"/>', "neither a Power nor a speed"),
        ('<SteadyState Duration="60" Power="85"/>', "ten times"),
        ('<SteadyState Duration="60" Power="0"/>', "share of 0"),
        ('<SteadyState Duration="60" Power="0.001"/>', "below 0.1"),
        ('<SteadyState Duration="60" Power="5"/>', "faster than anybody"),
        ('<SteadyState Duration="60" Power="1" Incline="80"/>', "outside"),
        ('<SteadyState Duration="60" Power="1" pace="1.5"/>', "not a whole number"),
        ('<SteadyState Duration="60" Pace="6:75/km"/>', "cannot be read"),
        ('<MaxEffort Duration="60"/>', "no speed"),
        ('<Swim Duration="60" Power="1"/>', "not a step"),
        ('<IntervalsT Repeat="0" OnDuration="1" OffDuration="1" OnPower="1" OffPower="1"/>', "number of repeats"),
        ('<IntervalsT Repeat="2" OnDuration="9" OffDuration="9" OnPower="1"/>', "neither a Power"),
        ('<SteadyState Duration="1" Power="1"/>' * 10_001, "10,000 steps"),
        ("", "no steps"),
        ("<textevent message='x'/>", "no step"),
    ],
)
def test_what_cannot_be_resolved_is_refused(text: str, what: str) -> None:
    assert what in refused(zwo(text), pace=300).what


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("<sportType>bike</sportType>", "bike"),
        ("<sportType>run</sportType><thresholdSecPerKm>5</thresholdSecPerKm>", "not a pace"),
        ("<sportType>run</sportType><thresholdSecPerKm>x</thresholdSecPerKm>", "not a plain number"),
    ],
)
def test_a_head_that_is_not_a_runs_is_refused(head: str, what: str) -> None:
    assert what in refused(zwo('<SteadyState Duration="60" Power="1"/>', head=head), pace=300).what
