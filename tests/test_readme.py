"""What the README shows is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runback.cli.app import EXIT_CODES
from runback.workout.files import loads
from runback.workout.notation import parse

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, flags=re.DOTALL)


def test_the_first_thirty_lines_hold_promises_limits_and_both_commands() -> None:
    top = "\n".join(README.splitlines()[:30])
    for needed in ("Two promises", "Wear the safety key", "not medical advice", "emergency stop", "demo", "pytest"):
        assert needed in top.replace("\n", " "), needed


@pytest.mark.parametrize("line", re.findall(r'runback run "(.*)"', README))
def test_each_one_line_workout_is_one(line: str) -> None:
    assert parse(line).duration > 0


@pytest.mark.parametrize("text", [text for language, text in BLOCKS if language == "toml"])
def test_each_workout_file_is_one(text: str) -> None:
    assert loads(text, "README").duration > 0


def test_the_exit_codes_are_those_of_the_program() -> None:
    told = re.findall(r"^\| (\d) \|", README, flags=re.MULTILINE)
    assert told == re.findall(r"^  (\d)  ", EXIT_CODES, flags=re.MULTILINE)
