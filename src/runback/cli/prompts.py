"""Questions on a terminal, one at a time, in plain words. Enter is never the answer that something is wrong; and where
red flags are asked for it is no answer at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import click

from runback import number_parsing
from runback.cli.number_types import WholeParam
from runback.rehab.records import LegSymptoms
from runback.rehab.red_flags import HealthRisk, RedFlag, StopSign

Sign = TypeVar("Sign", RedFlag, StopSign, HealthRisk)
LEGS = {
    "none": LegSymptoms.NONE,
    "new": LegSymptoms.NEW,
    "same": LegSymptoms.SAME,
    "less": LegSymptoms.LESS,
    "down": LegSymptoms.FURTHER_DOWN,
}
"""As it is typed."""
_NONE = (["n"], ["none"], ["0"])


def ask_pain(question: str) -> int:
    """0 to 10."""
    click.echo(question)
    answer: int = click.prompt("Pain from 0 (none) to 10 (the worst)", type=WholeParam(0, 10))
    return answer


def ask_leg() -> LegSymptoms:
    """Symptoms in a leg."""
    click.echo("Pain, tingling or numbness in a leg: none, or against last time new, the same, less, or further down?")
    return LEGS[click.prompt("Leg", type=click.Choice(list(LEGS)), default="none")]


def ask_yes(question: str) -> bool:
    """Yes or no; Enter is no."""
    return click.confirm(question, default=False)


def ask_either(question: str) -> bool:
    """Yes or no; Enter is neither."""
    return click.confirm(question, default=None)


def ask_signs(title: str, signs: Sequence[Sign]) -> frozenset[Sign]:
    """Which of `signs` there are. Enter is asked again: it says nothing, and may have been typed ahead."""
    click.echo(title)
    for number, sign in enumerate(signs, 1):
        click.echo(f"  {number:2}  {sign.question}")
    while True:
        typed: str = click.prompt("Their numbers, or n for none of these", default="", show_default=False)
        words = typed.replace(",", " ").split()
        if [word.casefold() for word in words] in _NONE:
            return frozenset()
        numbers = [number_parsing.whole(word) for word in words]
        if words and all(number is not None and 1 <= number <= len(signs) for number in numbers):
            return frozenset(signs[number - 1] for number in numbers if number is not None)
        click.echo(f"Please type n for none, or numbers from 1 to {len(signs)}, such as: 3 5")


def ask_words() -> str:
    """Anything else, as it is typed."""
    answer: str = click.prompt("Anything to add, in your own words (or Enter)", default="", show_default=False)
    return answer
