"""What the README and the guide show is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runback import guide
from runback.cli.app import EXIT_CODES, app
from runback.workout.files import loads
from runback.workout.notation import parse

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {"README": README} | {topic: guide.text(topic) for topic in guide.TOPICS}
EVERYTHING = "\n".join(PAGES.values())
MOST_WORDS = 1500
"""Of the README: what is longer is not read."""


def test_the_readme_is_short_and_begins_with_promises_limits_and_both_commands() -> None:
    assert len(README.split()) <= MOST_WORDS
    top = " ".join(README.splitlines()[:32])
    for needed in ("Two promises", "Wear the safety key", "not medical advice", "emergency stop", "demo", "pytest"):
        assert needed in top.replace("**", ""), needed


@pytest.mark.parametrize("line", re.findall(r'runback run "(.*?)"', EVERYTHING))
def test_each_one_line_workout_is_one(line: str) -> None:
    assert parse(line).duration > 0


@pytest.mark.parametrize("text", re.findall(r"```toml\n(.*?)```", EVERYTHING, flags=re.DOTALL))
def test_each_workout_file_is_one(text: str) -> None:
    assert loads(text, "guide").duration > 0


def test_the_exit_codes_are_those_of_the_program() -> None:
    told = re.findall(r"^\| (\d) \|", guide.text("exit-codes"), flags=re.MULTILINE)
    assert told == re.findall(r"^  (\d)  ", EXIT_CODES, flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_each_command_that_is_named_exists(page: str) -> None:
    fences = re.findall(r"```\w*\n(.*?)```", PAGES[page], flags=re.DOTALL)
    named = re.findall(r"`runback ([a-z]+)", PAGES[page])
    named += re.findall(r"^(?:\S*/)?runback ([a-z]+)", "\n".join(fences), flags=re.MULTILINE)
    assert [command for command in named if command not in app.commands] == []


@pytest.mark.parametrize("page", PAGES)
def test_each_file_that_is_named_exists(page: str) -> None:
    """Files and folders of the project, the package's without `src/runback/`. A user's own folder is none of them."""
    named = re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.(?:py|toml))?)`", PAGES[page].replace("`workouts/` folder", ""))
    assert [name for name in named if not (ROOT / name).exists() and not (ROOT / "src/runback" / name).exists()] == []


def test_each_topic_has_a_title_a_purpose_and_a_link_in_the_readme() -> None:
    assert {path.stem for path in (ROOT / "src/runback/guide").glob("*.md")} == set(guide.TOPICS)
    for topic in guide.TOPICS:
        title, nothing, purpose, *_ = guide.text(topic).splitlines()
        assert title.startswith("# "), topic
        assert (nothing, bool(purpose)) == ("", True), topic
        assert f"src/runback/guide/{topic}.md" in README, topic


@pytest.mark.parametrize("page", PAGES)
def test_each_link_of_a_page_leads_somewhere(page: str) -> None:
    folder = ROOT if page == "README" else ROOT / "src/runback/guide"
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", PAGES[page])
    assert [link for link in links if not link.startswith("http") and not (folder / link).exists()] == []
