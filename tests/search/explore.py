"""The search: every state that is reached with at most so many departures from good behaviour.

A seed is a state right after a departure. From it everybody behaves, step after step, until a state turns up that is
known already; in each state on that way every other departure is tried. So states come in the order of how much has to
go wrong for them, and a counterexample found first needs the fewest departures.

Two states are one if their fingerprints are (`copying`). The last departures are shared out among processes: what
two of them find is counted once.
"""

from __future__ import annotations

import multiprocessing
import time
from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from random import Random

from tests.search.alphabet import ACTS, ON, play, possible
from tests.search.copying import copied, fingerprint
from tests.search.scenes import Scene
from tests.search.shell import State
from tests.search.witness import Violation

LONGEST = 600
"""Steps of good behaviour in a row: by then every session is over."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """How a rule was broken: in which scene, by which steps, which rule and how."""

    scene: str
    steps: tuple[str, ...]
    rule: str
    why: str

    @property
    def departures(self) -> tuple[str, ...]:
        """What went wrong on the way."""
        return tuple(name for name in self.steps if name != ON)


@dataclass(slots=True)
class Result:
    """What one search came to."""

    scene: str
    states: int = 0
    steps: int = 0
    seconds: float = 0.0
    complete: int = 0
    """So many departures have been searched in full."""
    broken: int = 0
    """How many ways led to a broken rule."""
    found: list[Counterexample] = field(default_factory=list)
    """For each rule, those that need no departures which another one could do without."""


class Explorer:
    """One search in one scene: `departures` at most, or until `most` states are known, or `first` counterexamples."""

    def __init__(
        self,
        scene: Scene,
        *,
        departures: int,
        most: int = 100_000_000,
        acts: Iterable[str] = ACTS,
        first: int | None = None,
        processes: int = 1,
    ) -> None:
        self._scene = scene
        self._departures = departures
        self._most = most
        self._acts = tuple(acts)
        self._first = first
        self._processes = processes
        self._known: set[int] = set()
        self.result = Result(scene.name)

    def run(self) -> Result:
        """Search; give what was found."""
        began = time.perf_counter()
        first = State(self._scene)
        self._is_new(first)
        seeds = [first]
        for level in range(self._departures):
            # All that is known with so many departures is marked before one more is tried: else a state could be taken
            # for one that needs more of them, and be left with fewer.
            ways = [(seed, self._follow(copied(seed, {}))) for seed in seeds]
            last = level + 1 == self._departures
            if last:
                Random(0).shuffle(ways)  # a search that ends at `most` has then looked everywhere a little
            if last and self._processes > 1:
                done = self._share_out(ways)
            else:
                seeds, done = self._branch_all(ways, last=last)
            if not done:
                break
            self.result.complete = level + 1
        self.result.states = len(self._known)
        self.result.seconds = time.perf_counter() - began
        return self.result

    # -- several processes --------------------------------------------------------------------------------------

    def _share_out(self, ways: list[tuple[State, int]]) -> bool:
        """The last departures, by several processes, each from its share of the ways so far."""
        context = multiprocessing.get_context("fork")
        children = []
        for number in range(self._processes):
            here, there = context.Pipe(duplex=False)
            share = ways[number :: self._processes]
            child = context.Process(target=self._share, args=(share, there))
            child.start()
            there.close()
            children.append((child, here))
        done = True
        for child, here in children:
            marks, steps, broken, found, complete = here.recv()
            child.join()
            new = array("q")
            new.frombytes(marks)
            self._known.update(new)
            self.result.steps += steps
            self.result.broken += broken
            for each in found:
                self._keep(each)
            done = done and complete
        return done

    def _share(self, ways: list[tuple[State, int]], there: Connection) -> None:
        before = set(self._known)
        self._most = len(before) + max(0, self._most - len(before)) // self._processes
        self.result = Result(self._scene.name)
        _, done = self._branch_all(ways, last=True)
        marks = array("q", self._known - before).tobytes()
        there.send((marks, self.result.steps, self.result.broken, self.result.found, done))
        there.close()

    # -- one process --------------------------------------------------------------------------------------------

    def _branch_all(self, ways: Sequence[tuple[State, int]], *, last: bool) -> tuple[list[State], bool]:
        following: list[State] = []
        left = deque(ways)
        while left:
            if self._is_enough():
                return following, False
            self._branch(*left.popleft(), following, last=last)
        return following, True

    def _is_enough(self) -> bool:
        return len(self._known) >= self._most or (self._first is not None and len(self.result.found) >= self._first)

    def _is_new(self, state: State) -> bool:
        mark = fingerprint(state, state.now)
        if mark in self._known:
            return False
        self._known.add(mark)
        return True

    def _follow(self, state: State) -> int:
        """Let everybody behave until something known turns up; how many steps that took."""
        moment, met = state.now, {fingerprint(state, state.now)}
        for length in range(LONGEST):
            if state.left or not self._step(state, ON):
                return length
            if state.now != moment:
                moment, met = state.now, set()
            mark = fingerprint(state, state.now)
            if mark in met:
                self._break(state, Violation("endless", "it goes in a circle, and no time passes"))
                return length
            met.add(mark)
            if mark in self._known:
                return length
            self._known.add(mark)
        gone = [name for name in steps_of(state) if name != ON]
        raise RuntimeError(f"a session that does not end: {self._scene.name}, {gone}")

    def _branch(self, state: State, length: int, following: list[State], *, last: bool) -> None:
        """Try every departure in `state` and in each of the `length` states that follow from it by good behaviour."""
        for left in range(length, -1, -1):
            self._depart(state, following, last=last)
            if left:
                self._step(state, ON)

    def _depart(self, state: State, following: list[State], *, last: bool) -> None:
        for name in self._acts:
            if not possible(state, name):
                continue
            child: State = copied(state, {})
            if self._step(child, name) and self._is_new(child):
                if last:
                    self._follow(child)
                else:
                    following.append(child)

    def _step(self, state: State, name: str) -> bool:
        self.result.steps += 1
        try:
            play(state, name)
        except Violation as violation:
            self._break(state, violation)
            return False
        return True

    def _break(self, state: State, violation: Violation) -> None:
        self.result.broken += 1
        self._keep(Counterexample(self._scene.name, steps_of(state), violation.rule, str(violation)))

    def _keep(self, found: Counterexample) -> None:
        """Keep `found`, unless one that breaks the same rule needs no more than it does."""
        gone = set(found.departures)
        if not any(gone.issuperset(each.departures) for each in self.result.found if each.rule == found.rule):
            self.result.found.append(found)


def steps_of(state: State) -> tuple[str, ...]:
    """How `state` was reached."""
    steps: list[str] = []
    trail = state.trail
    while trail is not None:
        trail, name = trail
        steps.append(name)
    return tuple(reversed(steps))
