"""Counterexamples as stories: told one line a step, and kept as lists of inputs that can be played again.

A kept story says when each departure came: in which phase of the session (the second time "countdown 2", and so on),
so many seconds after it began, and so many further steps of good behaviour after that moment, or after the departure
before if that came in the same one. Between them everybody behaves. So a story still fits a core that takes more time
on the way, or less.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from runback.session.model import Phase
from tests.search.alphabet import ACTS, ON, play, possible
from tests.search.explore import Counterexample
from tests.search.scenes import SCENES
from tests.search.shell import State
from tests.search.witness import Violation

END = "ends"
LATER = 3.0
"""Seconds by which a departure may be later than it was, should it not be possible at its own time; and for which a
story goes on after its last line."""
PATIENCE = 300.0
"""Seconds of good behaviour in which what a story waits for has to come."""
BUSY = 60
"""Steps in which no time passes: there are never as many but in a circle."""
_LINE = re.compile(
    r"(?P<phase>[a-z-]+(?: [a-z]+)?)(?: (?P<visit>\d+))?, (?P<seconds>[\d.]+) s \+(?P<further>\d+): (?P<act>.+)"
)


@dataclass(frozen=True, slots=True)
class Departure:
    """What went wrong, and when: see above. `END` is no departure: it says how long the story is."""

    phase: str
    visit: int
    seconds: float
    further: int
    act: str

    def __str__(self) -> str:
        visit = f" {self.visit}" if self.visit > 1 else ""
        return f"{self.phase}{visit}, {self.seconds:g} s +{self.further}: {self.act}"


def parsed(line: str) -> Departure:
    """The inverse of `str`. Raises ValueError."""
    match = _LINE.fullmatch(line)
    if match is None or match["phase"] not in list(Phase) or (match["act"] != END and match["act"] not in ACTS):
        raise ValueError(f"no line of a story: {line!r}")
    return Departure(
        match["phase"], int(match["visit"] or 1), float(match["seconds"]), int(match["further"]), match["act"]
    )


class _Place:
    """Where in its story a state is."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._visits: Counter[str] = Counter()
        self._began = self._moment = state.now
        self._further = self._steps = 0
        self._phase: Phase | None = None
        self._look()

    def play(self, name: str) -> None:
        """One step. Raises Violation."""
        before = self._state.now
        play(self._state, name)
        self._further += 1
        if self._state.now != self._moment or name != ON:
            self._further = 0
        self._moment = self._state.now
        self._look()
        self._steps = self._steps + 1 if self._state.now == before else 0
        if self._steps > BUSY:
            raise Violation("endless", "it goes in a circle, and no time passes")

    def _look(self) -> None:
        if self._state.session.phase is not self._phase:
            self._phase = self._state.session.phase
            self._visits[self._phase] += 1
            self._began = self._state.now
            self._further = 0

    def here(self, act: str) -> Departure:
        """`act` as a departure at this place."""
        seconds = round(self._state.now - self._began, 2)
        return Departure(
            self._state.session.phase.value, self._visits[self._state.session.phase], seconds, self._further, act
        )

    def reaches(self, departure: Departure) -> bool:
        """Whether it is time for `departure`, but for the further steps."""
        phase = self._state.session.phase
        there = phase.value == departure.phase and self._visits[phase] == departure.visit
        return there and self._state.now >= self._began + departure.seconds - 0.005


def kept(found: Counterexample) -> tuple[Departure, ...]:
    """A counterexample in the form that is kept."""
    state = State(SCENES[found.scene])
    place = _Place(state)
    departures: list[Departure] = []
    since = state.now
    with suppress(Violation):
        for name in found.steps:
            if name != ON:
                departures.append(place.here(name))
                since = state.now
            place.play(name)
    last = Phase.CONNECTING.value if not departures else departures[-1].phase
    return (*departures, Departure(last, 1, round(state.now - since + LATER, 2), 0, END))


def replayed(scene: str, departures: Sequence[Departure]) -> tuple[list[str], Violation | None]:
    """Play a kept story; what happened, line by line, and the rule that was broken, if one was. Raises ValueError if a
    departure is not possible any more."""
    lines: list[str] = []
    state = State(SCENES[scene], log=lines)
    place = _Place(state)
    try:
        for departure in departures:
            if departure.act == END:
                until = state.now + departure.seconds
                while state.now < until and not state.left:
                    place.play(ON)
            else:
                _go_to(state, place, departure)
                place.play(departure.act)
    except Violation as violation:
        state.say(f"!!! {violation.rule}: {violation}")
        return lines, violation
    return lines, None


def _go_to(state: State, place: _Place, departure: Departure) -> None:
    patience = state.now + PATIENCE
    while not place.reaches(departure):
        if state.left or state.now > patience:
            raise ValueError(f"{departure}: it does not come to that any more")
        place.play(ON)
    for _ in range(departure.further):
        place.play(ON)
    patience = state.now + LATER
    while not possible(state, departure.act):
        if state.left or state.now > patience:
            raise ValueError(f"{departure}: not possible any more")
        place.play(ON)


def told(found: Counterexample, *, most: int = 40) -> str:
    """A counterexample as a story; only its last `most` lines, if it is longer."""
    lines: list[str] = []
    state = State(SCENES[found.scene], log=lines)
    try:
        for name in found.steps:
            play(state, name)
    except Violation as violation:
        state.say(f"!!! {violation.rule}: {violation}")
    if len(lines) > most:
        lines = [f"          ... {len(lines) - most} lines before that ...", *lines[-most:]]
    head = [f"{found.rule}: {found.why}", f"  scene {found.scene!r}", *(f"    {each}" for each in kept(found))]
    return "\n".join([*head, *(f"  {line}" for line in lines)])


def saved(found: Counterexample) -> str:
    """A counterexample as a table of `stories.toml`, still to be given a name that says what has to hold."""
    steps = "".join(f"  {json.dumps(str(each))},\n" for each in kept(found))
    head = {"name": found.why, "scene": found.scene, "broke": found.rule}
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in head.items())
    return f"[[story]]\n{lines}steps = [\n{steps}]\n\n"
