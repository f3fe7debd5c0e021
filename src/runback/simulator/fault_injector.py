"""Faults that act by themselves: what somebody does at the machine, and defects of its belt.

Rules:
- A moment is done once, through the same buttons a person has.
- A defect is set again from what holds now at each edge of a span, so spans may overlap and end in any order.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from runback.simulator.console import Console
from runback.simulator.console_input import Buttons
from runback.simulator.control_point import ControlPoint, ResultByte
from runback.simulator.fault_schedule import FaultSchedule
from runback.simulator.faults import Fault, FaultKind
from runback.simulator.scheduler import Scheduler

_RESULTS = {"failed": ResultByte.FAILED, "success": ResultByte.SUCCESS, "unsupported": ResultByte.NOT_SUPPORTED}
CREEP_AFTER = 2.0
"""Seconds at rest before a defective belt moves again."""


class FaultInjector:
    """The declared faults at work on one machine. `take_control(now)` gives it to another client, `lose(now, until)`
    loses the radio from `now` to `until`, `look` is called after the belt has started by itself."""

    def __init__(
        self,
        book: FaultSchedule,
        agenda: Scheduler,
        buttons: Buttons,
        console: Console,
        control_point: ControlPoint,
        take_control: Callable[[float], bool],
        lose: Callable[[float, float], None],
        look: Callable[[float], None],
    ) -> None:
        self._book = book
        self._agenda = agenda
        self._buttons = buttons
        self._console = console
        self._control_point = control_point
        self._take_control = take_control
        self._lose = lose
        self._look = look
        self._usual_deceleration = console.belt.stop_deceleration

    def begin(self, now: float) -> None:
        """Start the fault clock, unless it runs."""
        if self._book.begun:
            return
        self._book.begin(now)
        for begin, end, fault in self._book.edges():
            self._agenda.at(begin, partial(self._begins, fault))
            if end is not None:
                self._agenda.at(end, partial(self._ends, fault))

    def came_to_rest(self, now: float) -> None:
        """The belt has just come to rest."""
        self._agenda.at(now + CREEP_AFTER, self._creep)

    def _begins(self, fault: Fault, now: float) -> None:
        hands = self._buttons
        match fault.kind:
            case FaultKind.CONTROL_TAKEN:
                self._take_control(now)
            case FaultKind.SAFETY_KEY:
                hands.pull_key(now)
            case FaultKind.CONSOLE_START:
                hands.press_start(now)
            case FaultKind.CONSOLE_STOP:
                hands.press_stop(now)
            case FaultKind.CONSOLE_PAUSE:
                hands.press_pause(now)
            case FaultKind.CONSOLE_SPEED:
                hands.set_speed(now, round(fault.number * 100))
            case FaultKind.CONSOLE_INCLINE:
                hands.set_incline(now, round(fault.number * 10))
            case FaultKind.LINK_LOSS:
                self._lose(now, math.inf if fault.duration is None else now + fault.duration)
            case FaultKind.STEPS_OFF:
                self._console.walker.step_off(self._console.belt.totals(now).distance)
            case _:
                self._set_defects(now)

    def _ends(self, fault: Fault, now: float) -> None:
        if fault.kind is FaultKind.SAFETY_KEY:
            self._buttons.insert_key(now)
        elif fault.kind is FaultKind.STEPS_OFF:
            self._console.walker.step_on(self._console.belt.totals(now).distance)
        else:
            self._set_defects(now)

    def _set_defects(self, now: float) -> None:
        belt = self._console.belt
        surge = self._book.active(FaultKind.SURGE, now)
        belt.surplus(now, round(surge.number * 100) if surge else 0)
        slow = self._book.active(FaultKind.SLOW_STOP, now)
        belt.stop_deceleration = slow.number if slow else self._usual_deceleration
        refusal = self._book.active(FaultKind.REFUSES_STOP, now)
        self._control_point.refuses_stop = _RESULTS[refusal.word] if refusal else None
        late = self._book.active(FaultKind.STARTS_LATE, now)
        if self._book.active(FaultKind.IGNORES_START, now):
            self._control_point.starts_instead = lambda _: None
        elif late:
            self._control_point.starts_instead = partial(self._start_later, late.number)
        else:
            self._control_point.starts_instead = None
        self._creep(now)

    def _start_later(self, seconds: float, now: float) -> None:
        self._agenda.at(now + seconds, self._start)

    def _start(self, now: float) -> None:
        """The belt starts by itself."""
        self._console.start(now)
        self._look(now)

    def _creep(self, now: float) -> None:
        """A belt that has run and lies still moves again; when the defect is over it lies still again."""
        belt = self._console.belt
        fault = self._book.active(FaultKind.CREEPS_AFTER_STOP, now)
        if fault is None:
            belt.creep(now, 0)
        elif self._console.key and not belt.moving(now) and belt.totals(now).distance > 0:
            belt.creep(now, round(fault.number * 100))
