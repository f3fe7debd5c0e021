"""`runback guide`: the manual at the command line."""

from __future__ import annotations

import pytest

from runback.guide import TOPICS, text
from tests.support.cli.person import Person


def test_every_topic_is_listed_and_shown_as_it_is_kept(person: Person) -> None:
    listed = person.does("guide")
    assert [line.split()[0] for line in listed.splitlines()[:-1]] == list(TOPICS)
    for topic in TOPICS:
        assert person.does("guide", topic) == text(topic)


@pytest.mark.parametrize(("asked", "near"), [("sefety", "safety"), ("treadmill", "treadmills")])
def test_a_topic_that_does_not_exist_is_refused_with_the_nearest(person: Person, asked: str, near: str) -> None:
    assert near in person.fails("guide", asked)


def test_in_a_terminal_a_topic_is_laid_out_in_its_width(person: Person) -> None:
    person.environment["PAGER"] = "cat"
    code, screen = person.talks("guide", "exit-codes", answers=[])
    assert code == 0
    assert "Exit codes" in screen
    assert "| 0 |" not in screen
