"""The one-line notation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import WorkoutError
from runback.workout.limits import LONGEST, MOST_STEPS, measure
from runback.workout.model import Kind, Repeat, Step, Workout
from runback.workout.notation import parse, to_notation
from tests.support.workout import attempt, workouts

FIRST_RUN = "5m walk 4.5, 5x(1m run 7.5, 1m walk 5.0), 3m walk 4.0"


def test_the_issues_example_is_eighteen_minutes_with_five_runs() -> None:
    workout = parse(FIRST_RUN)
    assert workout.steps == (
        Step(Kind.WALK, 300.0, 450),
        Repeat(5, (Step(Kind.RUN, 60.0, 750), Step(Kind.WALK, 60.0, 500))),
        Step(Kind.WALK, 180.0, 400),
    )
    assert workout.duration == 18 * 60
    assert workout.top_speed == 750
    assert workout.name == FIRST_RUN


@pytest.mark.parametrize(
    "text",
    [
        "5mwalk4.5,5x(1mrun7.5,1mwalk5.0),3mwalk4.0",
        "  5 m  WALK 4.5 ,5 X ( 1m Run 7.5 , 1:00 walk 5 )\n, 180s walk 4 km/h ",
        "5min walk 4.5, 5×(60s run 8:00/km, 1 min walk 5kmh), 3m walk 4.00",
        "0:05:00 walk 4.5, 5*(1.0m run 7.5kph, 60sec walk 5.), 3m\u00a0walk 4.0",
    ],
)
def test_blanks_capitals_and_units_do_not_change_the_steps(text: str) -> None:
    assert parse(text).steps == parse(FIRST_RUN).steps


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("walk", Kind.WALK),
        ("RUN", Kind.RUN),
        ("warm-up", Kind.WARM_UP),
        ("warmup", Kind.WARM_UP),
        ("Warm Up", Kind.WARM_UP),
        ("cool-down", Kind.COOL_DOWN),
        ("cooldown", Kind.COOL_DOWN),
        ("free", Kind.FREE),
    ],
)
@pytest.mark.parametrize("gap", ["", " "])
def test_every_kind_can_be_written(word: str, kind: Kind, gap: str) -> None:
    assert parse(f"1m{gap}{word}{gap}5").steps == (Step(kind, 60.0, 500),)


def test_an_incline_follows_an_at_sign() -> None:
    assert parse("1m run 7.5 @ 1%, 1m walk 5@-2.5 %").steps == (
        Step(Kind.RUN, 60.0, 750, 10),
        Step(Kind.WALK, 60.0, 500, -25),
    )


def test_groups_stand_inside_groups() -> None:
    assert parse("2x(3x(1m run 7), 1m walk 5)").flat() == parse("2x(1m run 7, 1m run 7, 1m run 7, 1m walk 5)").flat()


@pytest.mark.parametrize(
    ("text", "where", "fault", "hint"),
    [
        ("", "column 1", "empty", "5m walk 4.5"),
        ("5m walk, 1m run 7", "column 8", "the walk step has no speed", "walk 5.0"),
        ("5m walk 4.5, 1m run", "column 20", "the run step has no speed", "run 7.5"),
        ("1m run @ 7.5", "column 8", "no speed", "run 7.5"),
        ("5m", "column 3", "does not say what it is", "walk or run"),
        ("walk 4.5", "column 1", "no duration", "5m walk 4.5"),
        ("5 walk 4", "column 1", '"5" has no unit', "5m"),
        ("5m walk 4.5, -1m run 7", "column 14", "negative", "5m"),
        ("5m walk -4", "column 9", "negative", "above zero"),
        ("5m walk nan", "column 9", "not a finite number", "7.5"),
        ("5m walk -inf", "column 9", "not a finite number", "7.5"),
        ("5m walk 26", "column 9", "above 25.0 km/h", "at most"),
        ("5m jog 7", "column 4", '"jog" is not a kind', "write run"),
        ("5m wolk 7", "column 4", '"wolk" is not a kind', "write walk"),
        ("5m running 7", "column 4", '"running" is not a kind', "write run"),
        ("1km run 7", "column 1", '"1km" cannot be read', "5m"),
        ("5x 1m run 7", "column 4", "no parentheses", "5x("),
        ("5(1m run 7)", "column 1", 'no "x"', "5x("),
        ("(1m run 7)", "column 1", "no count", "2x("),
        ("0x(1m run 7)", "column 1", '"0" is not a number of repeats', "from 1"),
        ("-2x(1m run 7)", "column 1", '"-2" is not a number of repeats', "from 1"),
        ("1.5x(1m run 7)", "column 1", '"1.5" is not a number of repeats', "from 1"),
        ("5x(1m run 7", "column 3", "not closed", '")"'),
        ("5x(1m run 7))", "column 13", "closes nothing", "remove"),
        ("5x()", "column 4", "missing", "5m walk 4.5"),
        ("5m walk 4,,", "column 11", "missing", "comma"),
        ("5m walk 4,", "column 11", "missing", "comma"),
        ("5m walk 4,5", "column 11", "no unit", "point"),
        ("5m walk 4 5m run 7", "column 11", "follows", "comma"),
        ("5m walk 4.5 furlongs", "column 9", "cannot be read", "km/h"),
        ("5m walk 4 @", "column 12", "no incline", "1%"),
        ("5m walk 4 @ 1", "column 13", "no % sign", "1%"),
        ("1000000000s run 7", "column 1", "longer than 24h", "shorten"),
        ("1000000000x(1s run 7)", "column 1", "1,000,000,000 steps", "repeat less"),
        ("5m walk 4, 1000x(1000x(1s run 7))", "column 12", "1,000,001 steps", "repeat less"),
        ("9" * 4000 + "x(1s run 7)", "column 1", "more than 10,000 steps", "repeat less"),
        ("13h walk 4, 12h walk 4", "column 13", "more than 24", "shorten"),
        ("100x(1h walk 4)", "column 1", "100 hours", "shorten"),
    ],
)
def test_a_slip_is_told_with_its_column_and_its_hint(text: str, where: str, fault: str, hint: str) -> None:
    with pytest.raises(WorkoutError) as caught:
        parse(text)
    assert caught.value.where == where
    assert fault in caught.value.what
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["(" * 10_000, "1x(" * 10_000, "1x(" * 10_000 + "1m run 7" + ")" * 10_000, ")" * 10_000, "1s run 7," * 120_000],
)
def test_hostile_depth_and_length_are_one_short_line(text: str) -> None:
    with pytest.raises(WorkoutError) as caught:
        parse(text)
    assert len(str(caught.value)) < 200


def test_the_bounds_themselves_are_allowed() -> None:
    assert measure(parse(f"{MOST_STEPS}x(1s run 7)").steps).steps == MOST_STEPS
    assert parse("24x(1h walk 4)").duration == LONGEST
    assert parse("1x(" * 8 + "1m run 7" + ")" * 8).duration == 60


def test_a_workout_is_named_by_what_was_typed_in_one_line() -> None:
    assert parse(" 5m  walk\n4.5 ").name == "5m walk 4.5"
    assert len(parse(", ".join(["1m run 7"] * 100)).name) <= 60


@given(workouts)
def test_what_is_spelt_is_read_back(workout: Workout) -> None:
    spelt = to_notation(workout)
    assert parse(spelt).steps == workout.steps
    assert to_notation(parse(spelt)) == spelt
    assert parse("".join(spelt.split()).upper()).steps == workout.steps


PIECES = (
    "5m",
    "walk",
    "run",
    "warm-up",
    "4.5",
    "x",
    "(",
    ")",
    ",",
    "@",
    "1%",
    " ",
    "-",
    "8:00/km",
    "9" * 50,
    "5x(",
    "é",
)


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_is_a_bounded_workout_or_one_printable_line(text: str) -> None:
    outcome = attempt(lambda: parse(text))
    if isinstance(outcome, WorkoutError):
        assert str(outcome).isprintable()
        assert outcome.where.startswith("column ")
    else:
        size = measure(outcome.steps)
        assert 1 <= size.steps <= MOST_STEPS
        assert size.seconds <= LONGEST + 0.001
        assert parse(to_notation(outcome)).steps == outcome.steps
