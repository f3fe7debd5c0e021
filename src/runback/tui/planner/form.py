"""A form: questions asked one a page, and the answers given so far.

Rules:
- Nothing is answered beforehand: silence is no answer, also where the answer is "none of these".
- Going back loses nothing; a form that is left keeps its answers until it is done with.
- What was said last time stands beside the question, and is no answer; one key says that all is the same again.
- A form never changes: each answer makes a new one. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from runback import number_parsing

Answer = int | frozenset[int] | str
"""The number on a scale or of a choice; the numbers of what is ticked (none: "none of these"); words."""


class AnswerKind(Enum):
    """What kind of answer a question wants."""

    SCALE = "scale"  # 0 to 10
    CHOICE = "choice"  # one of the options
    TICKS = "ticks"  # any of the options, or none of these
    NUMBER = "number"  # whole, as typed
    WORDS = "words"  # as typed


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One page. `id` names the answer, `title` is the question, `hint` a line below it; `none` is what the last row of
    ticks says; `most` the largest number."""

    id: str
    asks: AnswerKind
    title: str
    hint: str = ""
    options: tuple[str, ...] = ()
    none: str = "None of these"
    most: int = 10
    last: str = ""
    """What was answered last time, in words; empty if it was not asked."""

    def fault(self, answer: Answer | None) -> str:
        """What is wrong with `answer`, in a line; empty if nothing is."""
        match self.asks:
            case AnswerKind.SCALE:
                return "" if isinstance(answer, int) and 0 <= answer <= 10 else "Choose a number from 0 to 10."
            case AnswerKind.CHOICE:
                known = isinstance(answer, int) and 0 <= answer < len(self.options)
                return "" if known else "Choose one of these."
            case AnswerKind.TICKS:
                return "" if isinstance(answer, frozenset) else f'Tick all that apply, or "{self.none}".'
            case AnswerKind.NUMBER:
                number = number_parsing.whole(answer) if isinstance(answer, str) else None
                fits = number is not None and 0 < number <= self.most
                return "" if fits else f"Type a number from 1 to {self.most}."
            case AnswerKind.WORDS:
                return "" if isinstance(answer, str) and answer.strip() else "Please write a few words."

    def spoken(self, answer: Answer) -> str:
        """`answer` in words, for reading it over."""
        match answer:
            case frozenset():
                return "; ".join(self.options[index] for index in sorted(answer)) or self.none
            case int() if self.asks is AnswerKind.SCALE:
                return f"{answer} of 10"
            case int():
                return self.options[answer]
            case _:
                return answer


@dataclass(frozen=True, slots=True)
class CheckInForm:
    """Questions, the `answers` given so far, and the page `at` which it stands; the page after the last question is
    for reading everything over. `name` says which form it is."""

    name: str
    title: str
    questions: tuple[FormQuestion, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    at: int = 0
    same: Mapping[str, Answer] = field(default_factory=dict)
    """What is answered by "the same as last time, nothing new"; empty where that cannot be said."""

    @property
    def question(self) -> FormQuestion | None:
        """The one asked now; None once all are answered."""
        return self.questions[self.at] if self.at < len(self.questions) else None

    @property
    def answer(self) -> Answer | None:
        """What has been answered to it."""
        return None if self.question is None else self.answers.get(self.question.id)

    @property
    def fault(self) -> str:
        """Why it cannot go on from here; empty if it can."""
        return "" if self.question is None else self.question.fault(self.answer)

    def say(self, answer: Answer) -> CheckInForm:
        """`answer` to the question asked now."""
        return self if self.question is None else replace(self, answers={**self.answers, self.question.id: answer})

    def unsay(self) -> CheckInForm:
        """No answer to the question asked now."""
        kept = {
            name: answer for name, answer in self.answers.items() if self.question is None or name != self.question.id
        }
        return replace(self, answers=kept)

    def forward(self) -> CheckInForm:
        """The next page, if this one is answered."""
        return self if self.fault or self.question is None else replace(self, at=self.at + 1)

    def back(self) -> CheckInForm:
        """The page before."""
        return replace(self, at=max(0, self.at - 1))

    @property
    def can_repeat(self) -> bool:
        """Whether "the same as last time, nothing new" is an answer here: before anything else is answered."""
        return bool(self.same) and not self.answers and self.at == 0

    def repeat(self) -> CheckInForm:
        """Answered as last time, and to be read over."""
        return replace(self, answers=dict(self.same), at=len(self.questions)) if self.can_repeat else self

    @property
    def begun(self) -> bool:
        """Whether anything would be lost with it."""
        return bool(self.answers)

    @property
    def progress(self) -> str:
        """Which page this is."""
        return "Read it over" if self.question is None else f"Question {self.at + 1} of {len(self.questions)}"

    def number(self, name: str) -> int:
        """The answer called `name`, where that is a number. Raises KeyError if it is not there."""
        answer = self.answers[name]
        if isinstance(answer, frozenset):
            raise KeyError(name)
        return int(answer)

    def ticked(self, name: str) -> frozenset[int]:
        """What is ticked in the answer called `name`; nothing if it was not asked."""
        answer = self.answers.get(name)
        return answer if isinstance(answer, frozenset) else frozenset()
