"""Workout files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.config_files.toml_file import LARGEST
from runback.errors import WorkoutError
from runback.workout.files import dump, load, loads
from runback.workout.model import Kind, Repeat, Step, Workout
from tests.support.workout import attempt, workouts

STEP = '[[step]]\nkind = "walk"\nduration = "5m"\nspeed = 4.5\n'
INNER = STEP.replace("[[step]]", "[[step.step]]")
MONDAY = '''
name = "Monday"
description = """Six quick
minutes."""

[[step]]
kind = "warm-up"
duration = "300s"
speed = "8:00/km"

[[step]]
repeat = 6

  [[step.step]]
  kind = "run"
  duration = "1:00"
  speed = 9
  incline = 1

  [[step.step]]
  kind = "walk"
  duration = "1m30s"
  speed = "3.1 mph"
  incline = "-0.5%"
'''


def refused(text: str) -> WorkoutError:
    with pytest.raises(WorkoutError) as caught:
        loads(text, "monday.toml")
    assert str(caught.value).isprintable()
    return caught.value


def step(**changes: str) -> str:
    """A file of one step in TOML, with values changed; an empty one is left out."""
    values = {"kind": '"run"', "duration": '"5m"', "speed": "7.5"} | changes
    return "[[step]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items() if value)


def test_a_file_says_its_name_steps_and_repeats() -> None:
    assert loads(MONDAY, "monday.toml") == Workout(
        "Monday",
        (
            Step(Kind.WARM_UP, 300.0, 750),
            Repeat(6, (Step(Kind.RUN, 60.0, 900, 10), Step(Kind.WALK, 90.0, 499, -5))),
        ),
        "Six quick minutes.",
    )


@pytest.mark.parametrize(
    ("text", "where", "what", "hint"),
    [
        (step(speed=""), "step 1 (run)", "speed is missing", "add speed = 5.0 (km/h)"),
        (step(duration=""), "step 1 (run)", "duration is missing", 'add duration = "5m"'),
        (step(kind=""), "step 1", "kind is missing", 'add kind = "walk"'),
        (step(kind='"jog"'), "step 1", '"jog" is not a kind', "write run"),
        (step(kind="3"), "step 1", "kind is not text", "kind"),
        (step(speed="0"), "step 1 (run)", "below 0.1 km/h", "at least"),
        (step(speed="-7.5"), "step 1 (run)", "negative", "above zero"),
        (step(speed="nan"), "step 1 (run)", "not a finite number", "7.5"),
        (step(speed="-inf"), "step 1 (run)", "not a finite number", "7.5"),
        (step(speed="1e300"), "step 1 (run)", "above 25.0 km/h", "at most"),
        (step(speed="true"), "step 1 (run)", "speed is true", "7.5"),
        (step(speed="[7.5]"), "step 1 (run)", "speed is a list", "7.5"),
        (step(duration="-5"), "step 1 (run)", "negative", "5m"),
        (step(duration="nan"), "step 1 (run)", "not a finite number", "5m"),
        (step(duration="0"), "step 1 (run)", "zero", "5m"),
        (step(duration='"5"'), "step 1 (run)", "no unit", "5m"),
        (step(duration="5"), "step 1 (run)", "duration 5 has no unit", 'duration = "5s" for seconds'),  # issue 11, 20
        (step(duration="5.5"), "step 1 (run)", "duration 5.5 has no unit", 'duration = "5.5m" for minutes'),
        (step(duration='"1.30m"'), "step 1 (run)", "can be misread", "write 1m18s or 1m30s"),
        (step(incline="0.05"), "step 1 (run)", "incline 0.05 is finer than 0.1 %", "write 0% or 0.1%"),
        (step(duration="1_000_000_000"), "step 1 (run)", "longer than 24h", "shorten"),
        (step(duration="01:30:00"), "step 1 (run)", "time of day", "1:30"),
        (step(duration="1" * 4000), "step 1 (run)", "far too many", "5m"),
        (step(incline="90"), "step 1 (run)", "outside", "incline"),
        (step(incline="false"), "step 1 (run)", "incline is false", "1%"),
        (STEP + step(sped="7.5", speed=""), "step 2 (run)", 'unknown key "sped"', "did you mean speed?"),
        (step(colour='"red"'), "step 1 (run)", 'unknown key "colour"', "kind, duration, speed, incline"),
        ("nmae = 'x'\n" + STEP, "", 'unknown key "nmae"', "did you mean name?"),
        (STEP.replace("step", "steps"), "", 'unknown key "steps"', "did you mean step?"),
        ("", "", "there are no steps", "[[step]]"),
        ("step = []", "", "nothing in it", "[[step]]"),
        ("step = 5", "", "not a list of tables", "[[step]]"),
        ("step = [5]", "step 1", "not a table", "[[step]]"),
        ("[step]\nspeed = 5", "", "not a list of tables", "[[step]]"),
        ("[[step]]\nrepeat = 5", "step 1", "there are no steps", "[[step.step]]"),
        ("[[step]]\nrepeat = 0\n[step.step]", "step 1", "not a whole number from 1", "repeat = 5"),
        ("name = 5\n" + STEP, "", "name is not text", "name"),
        ("name = ' '\n" + STEP, "", "name is empty", "80"),
        ('name = "\\u001b[2J"\n' + STEP, "", "control characters", "80"),
        (f"name = '{'a' * 81}'\n" + STEP, "", "too long", "80"),
    ],
)
def test_a_fault_is_told_with_its_step_and_its_hint(text: str, where: str, what: str, hint: str) -> None:
    error = refused(text)
    assert error.where == ("monday.toml: " + where if where else "monday.toml")
    assert what in error.what
    assert hint in error.hint


def test_a_step_inside_a_repeat_is_named_by_both_numbers() -> None:
    text = STEP + '[[step]]\nrepeat = 2\n[[step.step]]\nkind = "run"\nduration = "1m"\nspeed = 7\n'
    error = refused(text + '[[step.step]]\nkind = "walk"\nduration = "1m"\n')
    assert error.where == "monday.toml: step 2.2 (walk)"


def test_several_faults_are_one_line_that_counts_the_others() -> None:
    error = refused(step(speed="") + step(duration="0", speed="0"))
    assert error.where == "monday.toml: step 1 (run)"
    assert error.what == "speed is missing (and 2 more)"


def test_a_misspelt_key_is_one_fault_and_not_also_a_missing_one() -> None:
    assert refused(step(speed="", sped="7.5")).what == 'unknown key "sped"'


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("name = 'x'\n\n[[step]]\nduration = 5m\n", "monday.toml: line 4"),
        ("name = 'x'\nstep = [", "monday.toml: line 2"),
        ('name = "\x07"', "monday.toml: line 1"),
        ("a = 1\na = 2", "monday.toml: line 2"),
    ],
)
def test_broken_toml_is_told_with_its_line(text: str, where: str) -> None:
    error = refused(text)
    assert error.where == where
    assert error.what.startswith("broken TOML")


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "{a = " * 10_000,
        "a = " + "9" * 6000,
        step(duration="0x" + "f" * 9000),
        step(speed="0x" + "f" * 9000),
        "repeat = 0x" + "f" * 9000,
        "\n".join("[[" + ".".join(["step"] * level) + "]]\nrepeat = 1" for level in range(1, 300)),
        "[[step]]\nrepeat = 1000000000\n" + INNER,
        "[[step]]\nrepeat = true\n" + INNER,
        "[[step]]\nrepeat = 2.0\n" + INNER,
        "[[step]]\nrepeat = 289\n" + INNER,
        "[[step]]\nrepeat = 9999\n[[step.step]]\nrepeat = 9999\n"
        '[[step.step.step]]\nkind = "run"\nduration = "1s"\nspeed = 7\n',
    ],
)
def test_hostile_size_and_depth_are_one_short_line(text: str) -> None:
    assert len(str(refused(text))) < 250


def test_a_file_that_is_no_readable_text_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"name = 'x'\ndescription = '\xff'\n")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (LARGEST + 1))
    paths = {
        broken: "not UTF-8",
        large: "larger than 1 MB",
        tmp_path: "a folder",
        tmp_path / "none.toml": "no such file",
        broken / "inside.toml": "cannot be read",
        Path("\0"): "cannot be read",
        Path("\ud83d"): "cannot be read",
        Path("x" * 5000): "cannot be read",
    }
    for path, what in paths.items():
        with pytest.raises(WorkoutError) as caught:
            load(path)
        assert what in caught.value.what
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 350


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    with pytest.raises(WorkoutError, match="not a plain file"):
        load(pipe)


def test_a_file_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(WorkoutError):  # it exists, it is a plain file, and nobody, root included, can read it
        load(Path("/proc/self/mem"))


def test_a_file_from_notepad_with_mark_and_crlf_is_read_and_named_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "easy day.toml"
    path.write_bytes(b"\xef\xbb\xbf" + STEP.replace("\n", "\r\n").encode())
    assert load(path) == Workout("easy day", (Step(Kind.WALK, 300.0, 450),))


@given(workouts)
def test_what_is_written_is_read_back_equal(workout: Workout) -> None:
    assert loads(dump(workout), "dumped.toml") == workout


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_name_and_description_make_valid_toml_text(name: str, description: str) -> None:
    text = dump(Workout(name, (Step(Kind.WALK, 60.0, 500),), description))
    outcome = attempt(lambda: loads(text, "dumped.toml"))
    assert isinstance(outcome, Workout) or not outcome.what.startswith("broken TOML")


KEYS = st.sampled_from(["name", "description", "step", "repeat", "kind", "duration", "speed", "incline", "x"])
SCALARS = st.sampled_from(['"5m"', '"run"', "5", "-1", "nan", "true", '""', "1979-05-27", "[]", "{}", "[{}]", "[[]]"])
LINES = st.one_of(
    st.builds("{} = {}".format, KEYS, SCALARS),
    st.sampled_from(["[[step]]", "[[step.step]]", "[step]", "[[step.step.step]]", '"5m"', "]"]),
)


@given(st.lists(LINES, max_size=12).map("\n".join) | st.text())
def test_any_file_is_a_workout_or_one_printable_line(text: str) -> None:
    outcome = attempt(lambda: loads(text, "fuzz.toml"))
    if isinstance(outcome, Workout):
        assert loads(dump(outcome), "again.toml") == outcome
    else:
        assert str(outcome).isprintable()
        assert outcome.where.startswith("fuzz.toml")
