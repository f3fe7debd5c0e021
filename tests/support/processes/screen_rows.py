"""The fault table where the screen has the keyboard (`--keyboard screen`, and every system without a pty).

Most rows are played as they are in `fault_rows`: who reads the keyboard must make no difference. A held or frozen
screen does: it cannot hand a key on, so it is missed, and the belt is stopped for that.
"""

from __future__ import annotations

import os
import signal

from tests.support.processes.fault_rows import (
    RAMP,
    Row,
    counting_down,
    ctrl_c,
    engine_and_sentinel_killed,
    engine_frozen,
    engine_killed,
    help_open,
    idle,
    idle_but_moved_at_the_console,
    palette_open,
    paused,
    ramping,
    running,
    running_click,
    running_escape,
    screen_blocked,
    screen_flooded,
    screen_frozen,
    screen_killed,
    stop_while_the_link_is_lost,
    terminal_closed,
    typing_in_the_palette,
    write_hung,
)
from tests.support.processes.stage import Stage

ALONE = "the screen no longer answers"


def start_unseen(stage: Stage) -> None:
    """Enter is the last thing the screen's loop did; its input thread knows all the same that the start is counted."""
    stage.ready()
    stage.now()
    stage.program.type(b"\r")
    stage.program.phase("countdown", stage.here)
    os.kill(stage.program.screen_pid(), signal.SIGUSR1)
    stage.press(b" ")
    stage.stopped_by("you stopped the belt")
    stage.recorded(signal="belt at rest after stop")
    assert "07" not in stage.treadmill.writes


def console_start_unseen(stage: Stage) -> None:
    """The screen's loop is blocked while nothing moves; then the belt is started at its console, and stopped here."""
    stage.ready()
    os.kill(stage.program.screen_pid(), signal.SIGUSR1)
    stage.now()
    assert stage.treadmill.ask("start")
    stage.recorded(signal="belt moved")
    stage.press(b"w")
    stage.stopped_by("you stopped the belt")
    stage.belt_rests()


def screen_held(stage: Stage) -> None:
    """Nobody in that process can do anything: its beats stop before the key comes."""
    stage.running()
    os.kill(stage.program.screen_pid(), signal.SIGUSR2)
    stage.press(b" ")
    stage.stopped_by("")
    stage.belt_rests()


def screen_frozen_then_a_key(stage: Stage) -> None:
    """The key lies in the terminal until the frozen screen has been missed, and killed; then the engine reads it."""
    stage.running()
    stage.signal(stage.program.screen_pid(), signal.SIGSTOP)
    stage.program.type(b" ")
    stage.stopped_by(ALONE)
    stage.belt_rests()


def screen_killed_over_an_alarm(stage: Stage) -> None:
    """The bare terminal's keys are Stop, read by the engine."""
    stage.running()
    stage.press(b" ")
    stage.alarmed()
    stage.program.seen(b"not slowing")
    stage.signal(stage.program.screen_pid(), signal.SIGKILL)
    stage.stopped_by("the screen is gone")
    stage.program.seen(b"Any key sends Stop again")
    stage.press(b"z")
    stage.stopped_by("you stopped the belt")
    stage.belt_rests()


def screen_back(stage: Stage) -> None:
    """A screen that was killed comes back by Enter, and has the keyboard again."""
    stage.running()
    stage.signal(stage.program.screen_pid(), signal.SIGKILL)
    stage.belt_rests()
    stage.program.seen(b"the belt is at rest. Enter shows it again")
    shown = len(stage.program.output)
    stage.program.type(b"\r")
    stage.program.seen(b"\x1b[?1049h", shown)
    stage.program.seen(b"then Enter", shown)
    stage.program.type(b"u")
    stage.program.seen(b"Enter within 5 s", shown)
    stage.now()
    stage.program.type(b"\r")
    stage.program.phase("paused", stage.here)
    stage.program.type(b"\r")
    stage.program.phase("countdown", stage.here)
    stage.press(b"z")
    stage.stopped_by("you stopped the belt")
    stage.belt_rests()


_ROWS = {
    "a Stop key while nothing moves": Row(idle),
    "a Stop key while the belt was started at the console": Row(idle_but_moved_at_the_console),
    "the same, and the screen's loop is blocked": Row(console_start_unseen),
    "a Stop key while the belt runs": Row(running),
    "a lone Esc while the belt runs": Row(running_escape),
    "a click on STOP": Row(running_click),
    "a Stop key while the belt gets faster": Row(ramping, RAMP),
    "a Stop key while the start is counted down": Row(counting_down),
    "the same, and the screen's loop has been blocked since Enter": Row(start_unseen),
    "a Stop key while paused": Row(paused),
    "a Stop key while a write hangs": Row(write_hung),
    "a Stop key while the help is open": Row(help_open),
    "a Stop key while the palette is open": Row(palette_open),
    "a Stop key while something is typed": Row(typing_in_the_palette),
    "a Stop key while the screen's loop is blocked for 5 s": Row(screen_blocked),
    "a Stop key while the screen's interpreter is held for 5 s": Row(screen_held),
    "a Stop key while the screen is flooded": Row(screen_flooded),
    "a Stop key while the screen is frozen": Row(screen_frozen_then_a_key),
    "a Stop key after the screen was killed over an alarm": Row(
        screen_killed_over_an_alarm, faults=("refuses-stop@0+35",)
    ),
    "the screen is killed (`kill -9`)": Row(screen_killed),
    "the screen is killed, and comes back by Enter": Row(screen_back),
    "the screen is frozen (SIGSTOP)": Row(screen_frozen),
    "the engine is killed (`kill -9`)": Row(engine_killed),
    "the engine and the sentinel are killed": Row(engine_and_sentinel_killed),
    "the engine is frozen (SIGSTOP)": Row(engine_frozen),
    "the terminal is closed": Row(terminal_closed),
    "Ctrl-C": Row(ctrl_c),
    "a Stop key while the link is lost": Row(stop_while_the_link_is_lost),
}
SCREEN_ROWS = {
    f"{name} (`--keyboard screen`)": Row(row.act, row.workout, row.faults, ("--keyboard", "screen"))
    for name, row in _ROWS.items()
}
