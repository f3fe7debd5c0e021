"""The one-line notation: `5m walk 4.5, 5x(1m run 7.5, 1m walk 5.0), 3m walk 4.0`.

    workout = item { "," item }
    item    = step | count ("x" | "×" | "*") "(" workout ")"
    step    = duration kind speed [ "@" incline ]

Rules:
- Blanks and capitals mean nothing; `5MWALK4.5` is `5m walk 4.5`.
- Nothing is guessed: a step without a speed, a group without a count, a count without parentheses are refused with the
  way to write them. The first step stays what it was called.
- Whatever is given, the answer is a Workout or a WorkoutError, whose `where` is the column (from 1) of the fault.
- Depth, number of steps and length are bounded while reading, before anything is unrolled.
"""

from __future__ import annotations

import re

from runback.config_files.error_text import printable, quoted
from runback.errors import WorkoutError
from runback.workout import kinds, quantities
from runback.workout.formatting import spell_duration, spell_incline, spell_speed
from runback.workout.limits import DEEPEST, MOST_STEPS, NOTHING, check_size, measure
from runback.workout.model import Kind, Repeat, Step, Workout

LONGEST_TEXT = 1_000_000  # characters
LONGEST_NAME = 60  # characters of the text that become the workout's name

_TIMES = "x×*"
_NUMBER = re.compile(r"[-+−]?[0-9.:]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_KIND = re.compile(r"(?:warm[\s\-‐‑–]*up|cool[\s\-‐‑–]*down|walk|run|free)(?![^\W\d_])", re.IGNORECASE | re.ASCII)
_UNITS = ("min", "sec", "hr", "h", "m", "s")  # longest first
_SPEED_UNIT = re.compile(r"(?:\s*+(?:[^\W\d_]++|/))++")
_STARTS = tuple(kind.value[:4].strip("-") for kind in Kind) + tuple(kinds.MEANT)


def parse(text: str) -> Workout:
    """The workout that `text` spells, named by its text. Raises WorkoutError, and nothing else."""
    if len(text) > LONGEST_TEXT:
        what = f"{len(text):,} characters are more than a workout needs"
        raise WorkoutError(f"column {LONGEST_TEXT + 1}", what, "put it in a TOML file")
    name = printable(" ".join(text[: 4 * LONGEST_NAME].split()), LONGEST_NAME)
    return Workout(name, _Parser(text).workout())


def to_notation(workout: Workout) -> str:
    """One line that `parse` reads as the same steps. Name and description are not in it."""
    return ", ".join(_spell(item) for item in workout.steps)


def _spell(item: Step | Repeat) -> str:
    if isinstance(item, Repeat):
        return f"{item.times}x({', '.join(_spell(inner) for inner in item.steps)})"
    incline = f" @ {spell_incline(item.incline)}%" if item.incline else ""
    return f"{spell_duration(item.duration)} {item.kind} {spell_speed(item.speed)}{incline}"


class _Parser:
    """One pass over one text. `at` is the index of the next character to read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def workout(self) -> tuple[Step | Repeat, ...]:
        items = self.items(0)
        if self.at < len(self.text):  # items() ends at a closing parenthesis or at the end
            raise self.fault(self.at, 'this ")" closes nothing', "remove it, or open a group: 5x(1m run 7.5)")
        return items

    def items(self, depth: int) -> tuple[Step | Repeat, ...]:
        found: list[Step | Repeat] = []
        size = NOTHING
        while True:
            self.skip()
            start = self.at
            item = self.item(depth)
            size += measure((item,))
            check_size(size, self.where(start))
            found.append(item)
            here = self.peek()
            if here in ("", ")"):
                return tuple(found)
            if here != ",":
                what = f"{self.found()} follows a finished step"
                raise self.fault(self.at, what, 'put a comma between steps, "@" before an incline')
            self.at += 1

    def item(self, depth: int) -> Step | Repeat:
        start = self.at
        if self.take(_NUMBER):
            end = self.at
            count, here = self.text[start:end], self.peek().lower()
            if here and here in _TIMES:
                return self.repeat(start, count, depth)
            if here == "(":
                raise self.fault(start, 'there is no "x" between count and group', f"write {printable(count, 10)}x(…)")
            self.at = end
            return self.step(start)
        here = self.peek()
        if not self.text.strip():
            raise self.fault(0, "the workout is empty", "write one like 5m walk 4.5, 5x(1m run 7.5, 1m walk 5.0)")
        if here in ("", ",", ")"):
            raise self.fault(start, "a step is missing here", "write one like 5m walk 4.5, or remove the comma before")
        if here == "(":
            raise self.fault(start, "this group has no count", "write how often it is done: 2x(…)")
        if _KIND.match(self.text, self.at):
            raise self.fault(
                start, f"{self.found()} has no duration before it", "write the duration first: 5m walk 4.5"
            )
        raise self.fault(start, f"{self.found()} does not begin a step", "write a step like 5m walk 4.5")

    def repeat(self, start: int, count: str, depth: int) -> Repeat:
        self.at += 1
        if not count.isdigit() or not count.strip("0"):
            what = f"{quoted(count)} is not a number of repeats"
            raise self.fault(start, what, "write a whole number from 1, such as 5x(…)")
        if len(count) > quantities.LONGEST:
            raise self.fault(start, f"{quoted(count)} repeats are more than {MOST_STEPS:,} steps", "repeat less often")
        if self.peek() != "(":
            raise self.fault(self.at, "the repeated steps have no parentheses", f"write {count}x(1m run 7.5)")
        if depth == DEEPEST:
            raise self.fault(start, f"more than {DEEPEST} groups are nested in each other", "write out the innermost")
        opened = self.at
        self.at += 1
        steps = self.items(depth + 1)
        if self.peek() != ")":
            raise self.fault(opened, "this group is not closed", 'add a ")" where it ends')
        self.at += 1
        return Repeat(int(count), steps)

    def step(self, start: int) -> Step:
        self.duration_units(start)
        seconds = quantities.duration(self.text[start : self.at], self.where(start))
        kind = self.kind()
        speed = self.speed(kind)
        incline = self.incline() if self.peek() == "@" else 0
        return Step(kind, seconds, speed, incline)

    def duration_units(self, start: int) -> None:
        """Read on from the first number of the duration at `start` to the end of its last unit, or until it is longer
        than `quantity` takes."""
        while self.at - start <= quantities.LONGEST:
            end = self.at
            self.skip()
            letters = _LETTERS.match(self.text, self.at)
            word = letters[0].lower() if letters else ""
            unit = next((unit for unit in _UNITS if word.startswith(unit) and self.begins_kind(word, unit)), "")
            if unit:
                self.at += len(unit)
            elif letters and self.at == end and not word.startswith(_STARTS):
                self.at = letters.end()  # "1km": the unit is wrong, and the duration says so
                return
            else:
                self.at = end
                return
            end = self.at
            self.skip()
            if not self.take(_NUMBER):
                self.at = end
                return

    @staticmethod
    def begins_kind(word: str, unit: str) -> bool:
        """Whether `word` is just `unit`, or `unit` run together with what begins a kind (`mwalk`)."""
        rest = word[len(unit) :]
        return not rest or rest.startswith(_STARTS)

    def kind(self) -> Kind:
        self.skip()
        start = self.at
        if self.take(_KIND):
            return kinds.kind(self.text[start : self.at], self.where(start))
        letters = _LETTERS.match(self.text, start)
        if letters is None:
            raise self.fault(
                start, "the step does not say what it is", "write walk or run after the duration: 5m walk 4.5"
            )
        return kinds.kind(letters[0], self.where(start))

    def speed(self, kind: Kind) -> int:
        self.skip()
        start = self.at
        if not self.take(_NUMBER):
            letters = _LETTERS.match(self.text, start + (self.peek() in ("-", "+", "−")))
            if letters and letters[0].lower() in ("nan", "inf", "infinity"):
                return quantities.speed(self.text[start : letters.end()], self.where(start))
            hint = f"write one in km/h after it: {kind} {7.5 if kind is Kind.RUN else 5.0}"
            raise self.fault(start, f"the {kind} step has no speed", hint)
        self.take(_SPEED_UNIT)
        return quantities.speed(self.text[start : self.at], self.where(start))

    def incline(self) -> int:
        self.at += 1
        self.skip()
        start = self.at
        if not self.take(_NUMBER):
            raise self.fault(start, 'there is no incline after "@"', "write one like @ 1%")
        if self.peek() == "%":
            self.at += 1
        return quantities.incline(self.text[start : self.at], self.where(start))

    def skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def peek(self) -> str:
        """The next character that is no blank, now at `at`; "" at the end."""
        self.skip()
        return self.text[self.at : self.at + 1]

    def take(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        if match is None:
            return False
        self.at = match.end()
        return True

    def found(self) -> str:
        letters = _LETTERS.match(self.text, self.at)
        return quoted(letters[0] if letters else self.text[self.at])

    def where(self, index: int) -> str:
        return f"column {index + 1}"

    def fault(self, index: int, what: str, hint: str) -> WorkoutError:
        return WorkoutError(self.where(index), what, hint)
