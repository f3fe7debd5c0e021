"""What a user reads is plain English: a short list of words that it does not need.

That is: the README, the manual, the notes of profiles, plans and built-in workouts, each command's help, and each text
with a space in the source that is not a docstring (errors, screens, cues, report).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from jinja2 import Environment, nodes

from runback import guide
from runback.cli.app import app

pytestmark = pytest.mark.usefixtures("nothing_left_by_other_tests")

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "runback"
BANNED = re.compile(
    r"\b(octets?|mend(s|ed|ing)?|whoever|whomever|anew|lets? go of|of its own|is none|there is none)\b", re.IGNORECASE
)
"""What each of them says better: bytes; what to do, correct; any program, the user; again; release; its, separate; does
not exist, is not a ..."""
NOT_READ = ("journal/schema.py", "journal/inserts.py")
"""SQL."""
READ = {
    name: file for file in sorted(SOURCE.rglob("*.py")) if (name := file.relative_to(SOURCE).as_posix()) not in NOT_READ
}
KEPT = {"devices/schema.py": ("octets = ",)}
"""A key of files that users have written."""


def texts(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    bodies = [body for node in ast.walk(tree) if isinstance(body := getattr(node, "body", None), list)]
    docstrings = {id(each.value) for body in bodies for each in body if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("name", READ)
def test_no_message_has_a_word_that_it_does_not_need(name: str) -> None:
    found = [text for text in texts(READ[name]) if " " in text and BANNED.search(text)]
    assert [text for text in found if not any(kept in text for kept in KEPT.get(name, ()))] == []


def commands(group: click.Group) -> Iterator[click.Command]:
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from commands(command)


def test_no_help_has_one() -> None:
    helps = [command.get_help(click.Context(command, info_name=command.name)) for command in (app, *commands(app))]
    assert len(helps) > 20
    assert [found.group() for text in helps for found in BANNED.finditer(text)] == []


@pytest.mark.parametrize("topic", ["README", *guide.TOPICS])
def test_no_page_has_one(topic: str) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8") if topic == "README" else guide.text(topic)
    assert [found.group() for found in BANNED.finditer(text)] == []


@pytest.mark.parametrize("folder", ["devices", "src/runback/rehab/plans", "src/runback/workout/builtin"])
def test_no_note_of_a_profile_a_plan_or_a_workout_has_one(folder: str) -> None:
    for file in (ROOT / folder).glob("*.toml"):
        values = re.sub(r"^\w+ *=", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert [found.group() for found in BANNED.finditer(values)] == [], file.name


def test_no_word_of_the_report_is_one() -> None:
    """Its text, and the texts that its templates hand to one another; not the words of their language."""
    for file in (SOURCE / "report" / "templates").glob("*.j2"):
        tree = Environment().parse(file.read_text(encoding="utf-8"))
        texts = [str(node.data) for node in tree.find_all(nodes.TemplateData)]
        texts += [node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)]
        assert len(texts) > 10, file.name
        assert [found.group() for text in texts for found in BANNED.finditer(text)] == [], file.name
