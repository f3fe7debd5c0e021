"""Numbers on the command line: what Python would take and a person did not mean is refused, whatever asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runback.cli.app import execute
from tests.support.cli.person import Person

MISREAD = ("1e1", "1_0", "١٠", "nan", "inf", "0x10", "7,5", "9" * 5000)
"""Issue 11, point 20. All but the last three were read as 10, or as a number that is compared with nothing."""
RUN = ("run", "5s walk 4", "--headless", "--json")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.full
@pytest.mark.parametrize("text", MISREAD)
@pytest.mark.parametrize(
    "command",
    [
        ("log", "cycling", "{}", "--pain", "1"),
        ("log", "cycling", "40", "--pain", "{}"),
        ("log", "cycling", "40", "--pain", "1", "--replaces", "{}"),
        ("log", "withdraw", "{}"),
        ("log", "session", "--corrects", "{}"),
        ("log", "session", "--ran", "{}"),
        ("checkin", "before", "--pain", "{}"),
        (*RUN, "--volume", "{}"),
        (*RUN, "--stepped-off-after", "{}"),
        (*RUN, "--speedup", "{}"),
        (*RUN, "--seed", "{}"),
        (*RUN, "--fault", "surge@{}"),
        (*RUN, "--fault", "surge:{}"),
        (*RUN, "--fault", "truncated-data:{}"),
        ("run", "{}m walk 4", "--headless", "--json"),
        ("run", "5s walk {}", "--headless", "--json"),
        ("run", "5s walk 4 @ {}%", "--headless", "--json"),
        ("run", "{}x(5s walk 4)", "--headless", "--json"),
        ("watch", "{}"),
        ("scan", "--seconds", "{}"),
        ("config", "stepped_off_after", "{}"),
        ("config", "cues.volume", "{}"),
        ("config", "max_speed", "{}"),
        ("log", "cycling", "40", "--pain", "1", "--at", "{}:30"),
        ("log", "cycling", "40", "--pain", "1", "--at", "2026-03-{} 18:30"),
        ("report", "--since", "2026-03-{}"),
        ("export", "{}", "--csv"),
        ("replay", "{}", "--headless"),
        ("commission", "-t", "sim", "--headless", "--yes", "--console", "{}"),
    ],
    ids=" ".join,
)
def test_a_number_nobody_meant_is_one_line_whatever_asks_for_it(
    command: tuple[str, ...], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "7,5" in text and ("--console" in command or "5s walk {}" in command):
        return  # a display is copied as it looks; and in one line a comma ends a step, which fails in its own words
    assert execute([each.replace("{}", text) for each in command]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("runback: ")
    assert shown.err.count("\n") == 1
    assert len(shown.err) < 400
    assert "internal error" not in shown.err


@pytest.mark.parametrize(
    "text", ["2026-W10-1 18:30", "20260301 18:30", "2026-03-01 1830", "2026-03-01 18", "2026-03-01 18:30-05"]
)
def test_a_moment_in_a_form_nobody_is_told_of_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["log", "cycling", "40", "--pain", "1", "--at", text]) == 2
    assert "write 18:30 for today, 2026-03-01 18:30, or yesterday 18:30" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["2026-3-1", "0001-01-01", "9999-12-31", "2026-02-30", "٢٠٢٦-٠٣-٠١"])
def test_a_since_in_another_form_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["report", "--since", text]) == 2
    assert execute(["plan", "start", "return-to-running"]) == 0
    capsys.readouterr()
    assert execute(["report", "--since", text]) == 2
    assert "is not a date; write it like 2026-01-31" in capsys.readouterr().err


def test_minutes_that_look_like_a_clock_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["log", "cycling", "40.30", "--pain", "1"]) == 2
    assert "can be read in two ways" in capsys.readouterr().err
    assert execute(["log", "cycling", "40.5", "--pain", "1"]) == 0


@pytest.mark.parametrize("variable", ["RUNBACK_STEPPED_OFF_AFTER", "RUNBACK_CUES_VOLUME", "RUNBACK_MAX_SPEED"])
@pytest.mark.parametrize("text", MISREAD)
def test_a_number_in_the_environment_is_read_as_one_in_a_command(
    variable: str, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, text)
    assert execute(["config"]) == 2
    assert f"environment: {variable}: " in capsys.readouterr().err


def test_a_setting_written_with_a_comma_is_told_to_take_a_point(capsys: pytest.CaptureFixture[str]) -> None:
    """Issue 11, point 21: the answer was "it is not a table"."""
    assert execute(["config", "stepped_off_after", "7,5"]) == 2
    told = "runback: runback config: stepped_off_after: it is not a number; write a number such as 7.5, with a point"
    assert capsys.readouterr().err.startswith(told)
    assert execute(["config", "stepped_off_after", "7.5"]) == 0
    assert "stepped_off_after = 7.5" in capsys.readouterr().out


@pytest.mark.full
def test_an_answer_that_is_no_number_is_asked_for_again(person: Person) -> None:
    asked = "Pain from 0 (none) to 10 (the worst)"
    code, screen = person.talks(
        "log", "cycling", "40", answers=[(asked, "1_0"), (asked, "٤"), (asked, "1e0"), (asked, "1")]
    )
    assert code == 0
    assert screen.count("is not a whole number from 0 to 10") == 3
    assert len(person.records()) == 1
