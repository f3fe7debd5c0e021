"""The control: the same cockpit, with Stop as a Textual app usually has it, a priority binding.

    python bound_cockpit.py STAMP_FD [--widgets]

The door at which the cockpit judges keys is taken out; Space is bound with priority. What the binding's action sends is
stamped: CLOCK_MONOTONIC nanoseconds, a line each, on STAMP_FD, which is where a pipe to a engine would begin.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message

from runback.ipc.messages import Heartbeat, IntentMessage, Kind, Phase, Snapshot, StepView, TimelineView
from runback.session.model import Intent
from runback.tui.cockpit import app
from runback.tui.cockpit.app import CockpitApp

_STEPS = (StepView(number=1, kind=Kind.WALK, duration_s=1800.0, speed_kmh=4.0),)
PLAN = TimelineView(workout="30m walk 4", steps=_STEPS)
REDRAW = 0.25


class Stamps:
    """A port that writes down when a Stop was sent."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def send(self, message: IntentMessage | Heartbeat) -> None:
        if isinstance(message, IntentMessage) and message.ask is Intent.STOP:
            os.write(self._fd, f"{time.monotonic_ns()}\n".encode())


class BoundCockpit(CockpitApp):
    """A cockpit whose Stop is a priority binding."""

    CSS_PATH = str(Path(app.__file__).with_name("cockpit.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "stop_belt", "Stop", priority=True)]

    def __init__(self, stamps: Stamps, *, loaded: bool) -> None:
        super().__init__(stamps, when_ready=self._begin)
        self._stamps = stamps
        self._loaded = loaded
        self._count = 0

    def post_message(self, message: Message) -> bool:
        return App.post_message(self, message)

    def action_stop_belt(self) -> None:
        """What the binding does."""
        self._stamps.send(IntentMessage(ask=Intent.STOP))

    def _begin(self) -> None:
        self.show_plan(PLAN)
        self._move()
        self.set_interval(REDRAW, self._move)
        if self._loaded:
            os.kill(os.getpid(), signal.SIGRTMIN)  # the same burden as the program's screen gets (tests/burdens)

    def _move(self) -> None:
        self._count += 1
        at = self._count * REDRAW
        self.show(
            Snapshot(
                t=at,
                phase=Phase.RUNNING,
                treadmill="Simulated Treadmill",
                step=_STEPS[0],
                step_remaining_s=1800.0 - at,
                elapsed_s=at,
                total_s=1800.0,
                target_kmh=4.0,
                measured_kmh=4.0,
                link_age_s=0.1,
            )
        )


if __name__ == "__main__":
    BoundCockpit(Stamps(int(sys.argv[1])), loaded="--widgets" in sys.argv).run()
