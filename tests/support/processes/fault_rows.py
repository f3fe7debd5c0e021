"""The fault table: what happens, and what then has to be seen. One function a row, on a `Stage` of its own.

Rules:
- Each row ends with the treadmill's own belt at rest, or, where there is no link to it left, with a latched alarm.
- After Stop nothing but Stop is written (`00` after a refusal for want of control).
"""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import termios
import threading
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.processes.stage import Stage

WALK = "5m walk 3"
RAMP = "15s walk 3, 5m run 8"
PERSON = "you stopped the belt"
SECOND = "stopped from a second screen"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `act` plays it; `faults` are the treadmill's own, `options` the program's. `beside` are
    files in the folder it is begun in, which nobody should run."""

    act: Callable[[Stage], None]
    workout: str = WALK
    faults: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def _pressed(stage: Stage, key: bytes = b" ") -> None:
    """A Stop key, and what has to follow."""
    stage.press(key)
    stage.stopped_by(PERSON)
    stage.belt_rests()


# -- a Stop key, while … ------------------------------------------------------------------------------------------


def idle(stage: Stage) -> None:
    stage.ready()
    stage.press(b" ")
    stage.program.type(b"q")
    stage.program.exit_code()
    assert stage.treadmill.speed == 0
    assert stage.treadmill.writes == []


def idle_but_moved_at_the_console(stage: Stage) -> None:
    stage.ready()
    assert stage.treadmill.ask("start")
    stage.recorded(signal="belt moved")
    _pressed(stage)


def running(stage: Stage) -> None:
    stage.running()
    _pressed(stage)


def running_escape(stage: Stage) -> None:
    stage.running()
    _pressed(stage, b"\x1b")


def running_click(stage: Stage) -> None:
    stage.running()
    stage.press(b"\x1b[<0;10;22M")
    stage.stopped_by(PERSON)
    stage.belt_rests()


def ramping(stage: Stage) -> None:
    stage.running()
    stage.until("the belt gets faster", lambda: stage.treadmill.speed > 350)
    _pressed(stage)


def counting_down(stage: Stage) -> None:
    stage.counting()
    stage.press(b" ")
    stage.stopped_by(PERSON)
    stage.recorded(signal="belt at rest after stop")
    assert stage.treadmill.speed == 0
    assert "07" not in stage.treadmill.writes


def starting(stage: Stage) -> None:
    stage.counting()
    stage.program.wait_for(lambda record: record.get("event") == "write" and record.get("hex") == "07")
    _pressed(stage)


def paused(stage: Stage) -> None:
    stage.paused()
    stage.press(b" ")
    stage.stopped_by(PERSON)
    stage.recorded(signal="belt at rest after stop")
    assert stage.treadmill.speed == 0


def write_in_flight(stage: Stage) -> None:
    stage.running()
    stage.treadmill.ask("stall")
    stage.now()
    stage.program.type(b"-")
    stage.recorded(event="write", hex="02fa00")
    stage.program.type(b" ")
    stage.stopped_by(PERSON)
    stage.treadmill.ask("unstall")
    stage.belt_rests()


def write_hung(stage: Stage) -> None:
    stage.running()
    stage.treadmill.ask("stall")
    stage.now()
    stage.program.type(b"-")
    stage.recorded(event="write", hex="02fa00")
    stage.program.type(b" ")
    stage.stopped_by(PERSON)
    stage.recorded(event="write hung", hex="0801")
    stage.treadmill.ask("unstall")
    stage.belt_rests()


def indication_lost(stage: Stage) -> None:
    stage.running()
    stage.recorded(event="write", hex="022c01")
    _pressed(stage)


def help_open(stage: Stage) -> None:
    stage.running()
    stage.program.type(b"?")
    stage.program.seen(b"ANY OTHER KEY STOPS THE BELT")
    _pressed(stage, b"z")


def palette_open(stage: Stage) -> None:
    stage.running()
    stage.program.type(b"\x10")
    stage.program.seen(b"Search for commands")
    _pressed(stage, b"\x1b")


def typing_in_the_palette(stage: Stage) -> None:
    stage.running()
    stage.program.type(b"\x10")
    stage.program.seen(b"Search for commands")
    stage.until("the screen says that it types", lambda: _typed(stage))
    _pressed(stage)


def _typed(stage: Stage) -> bool:
    shown = len(stage.program.output)
    stage.program.type(b"the")
    stage.program.listen(0.5)
    return b"the" in stage.program.output[shown:]


def screen_blocked(stage: Stage) -> None:
    stage.running()
    os.kill(stage.program.screen_pid(), signal.SIGUSR1)
    _pressed(stage)


def screen_held(stage: Stage) -> None:
    stage.running()
    os.kill(stage.program.screen_pid(), signal.SIGUSR2)
    _pressed(stage)


def screen_flooded(stage: Stage) -> None:
    stage.running()
    over = threading.Event()

    def storm() -> None:
        columns = 80
        while not over.is_set():
            columns = 200 - columns if columns != 80 else 110
            fcntl.ioctl(stage.program.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
            os.write(stage.program.master, b"\x1b[<35;10;10M" * 20)
            over.wait(0.005)

    flood = threading.Thread(target=storm)
    flood.start()
    try:
        for _ in range(20):
            stage.program.listen(0.05)
        _pressed(stage)
    finally:
        over.set()
        flood.join()


def screen_frozen_and_alarm(stage: Stage) -> None:
    stage.running()
    stage.press(b" ")
    stage.alarmed()
    stage.program.seen(b"not slowing")
    os.kill(stage.program.screen_pid(), signal.SIGSTOP)
    stage.press(b" ")
    stage.stopped_by(PERSON)
    stage.belt_rests()


# -- something dies, or hangs -------------------------------------------------------------------------------------


def screen_killed(stage: Stage) -> None:
    stage.running()
    stage.signal(stage.program.screen_pid(), signal.SIGKILL)
    stage.stopped_by("the screen is gone")
    stage.belt_rests()
    stage.program.seen(b"the belt is at rest. Enter shows it again")
    stage.program.type(b"q")
    assert stage.program.exit_code() == 3
    assert stage.program.settings() == list(stage.program.before)
    assert not stage.marked()


def screen_frozen(stage: Stage) -> None:
    stage.running()
    stage.signal(stage.program.screen_pid(), signal.SIGSTOP)
    stage.stopped_by("the screen no longer answers")
    stage.belt_rests()


def engine_killed(stage: Stage) -> None:
    stage.running()
    stage.signal(stage.program.process.pid, signal.SIGKILL)
    stage.belt_rests()
    stage.program.seen(b"the belt was stopped and is at rest")
    stage.until("the mark goes", lambda: not stage.marked())
    stage.until("the screen leaves", lambda: b"\x1b[?1049l" in stage.program.output)


def engine_and_sentinel_killed(stage: Stage) -> None:
    stage.running()
    os.kill(stage.program.sentinel_pid(), signal.SIGSTOP)
    sentinel = stage.program.sentinel_pid()
    stage.signal(stage.program.process.pid, signal.SIGKILL)
    os.kill(sentinel, signal.SIGKILL)
    stage.belt_rests()
    stage.program.seen(b"the belt was stopped and is at rest")


def engine_frozen(stage: Stage) -> None:
    stage.running()
    stage.signal(stage.program.process.pid, signal.SIGSTOP)
    stage.belt_rests()
    os.kill(stage.program.process.pid, signal.SIGCONT)
    stage.stopped_by("this program hung")
    stage.recorded(signal="belt at rest after stop")


def engine_blocked(stage: Stage) -> None:
    stage.running()
    stage.signal(stage.program.process.pid, signal.SIGUSR1)
    stage.belt_rests()
    stage.stopped_by("this program hung")


def engine_held(stage: Stage) -> None:
    stage.running()
    stage.signal(stage.program.process.pid, signal.SIGUSR2)
    stage.belt_rests()
    stage.stopped_by("this program hung")


def sentinel_killed(stage: Stage) -> None:
    stage.running()
    first = stage.program.sentinel_pid()
    os.kill(first, signal.SIGKILL)
    stage.until("another takes its place", lambda: _another(stage, first))
    stage.signal(stage.program.process.pid, signal.SIGKILL)
    stage.belt_rests()


def _another(stage: Stage, first: int) -> bool:
    try:
        return stage.program.sentinel_pid() != first
    except (LookupError, OSError):
        return False


def sentinel_killed_in_the_countdown(stage: Stage) -> None:
    stage.counting()
    stage.signal(stage.program.sentinel_pid(), signal.SIGKILL)
    stage.recorded(event="start refused", called_off=True)
    stage.program.phase("ready", stage.here)
    assert stage.treadmill.speed == 0
    assert "07" not in stage.treadmill.writes


# -- a second screen ----------------------------------------------------------------------------------------------


def second_screen(stage: Stage) -> None:
    stage.running()
    with stage.watched() as second:
        stage.now()
        second.type(b" ")
        stage.stopped_by(SECOND)
        stage.belt_rests()


def second_screen_hangs(stage: Stage) -> None:
    stage.running()
    with stage.watched() as second:
        os.kill(second.screen_pid(), signal.SIGSTOP)
        stage.now()
        second.type(b" ")
        stage.stopped_by(SECOND)
        stage.belt_rests()


def second_screens_frozen_and_killed(stage: Stage) -> None:
    stage.running()
    with stage.watched() as frozen, stage.watched() as killed:
        stage.now()
        os.kill(frozen.process.pid, signal.SIGSTOP)
        os.kill(killed.process.pid, signal.SIGKILL)
        stage.recorded(event="snapshot")
        assert stage.treadmill.speed >= 290
        _pressed(stage)


def engine_killed_and_watched(stage: Stage) -> None:
    stage.running()
    with stage.watched() as second:
        shown = len(second.output)
        stage.signal(stage.program.process.pid, signal.SIGKILL)
        second.seen(b"program that drives the treadmill is gone", shown)
        stage.belt_rests()
        second.seen(b"The belt was stopped from another process and is at rest", shown)
        second.type(b"q")
        assert second.exit_code() == 0
        assert second.settings() == list(second.before)


# -- the person goes ----------------------------------------------------------------------------------------------


def terminal_closed(stage: Stage) -> None:
    stage.running()
    stage.now()
    stage.program.hang_up()
    stage.stopped_by("")
    stage.belt_rests()
    assert stage.program.exit_code() == 3
    assert not stage.marked()


def ctrl_c(stage: Stage) -> None:
    stage.running()
    _pressed(stage, b"\x03")


def _signalled(number: signal.Signals) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        stage.running()
        stage.signal(stage.program.process.pid, number)
        stage.stopped_by(f"{number.name} was received")
        stage.belt_rests()
        assert stage.program.exit_code() == 3
        assert stage.program.settings() == list(stage.program.before)
        assert b"The belt is at rest." in stage.program.output, stage.program.output[-400:]

    return act


# -- the link, and what carries it --------------------------------------------------------------------------------


def link_lost_and_back(stage: Stage) -> None:
    stage.running()
    stage.now()
    stage.treadmill.ask("drop")
    stage.program.phase("re-arm", stage.here)
    assert stage.treadmill.speed > 0
    _pressed(stage)


def stop_while_the_link_is_lost(stage: Stage) -> None:
    stage.running()
    stage.now()
    stage.treadmill.ask("off")
    stage.program.phase("link lost", stage.here)
    stage.press(b" ")
    stage.stopped_by(PERSON)
    stage.alarmed()
    stage.treadmill.ask("on")
    stage.belt_rests()


def adapter_off(stage: Stage) -> None:
    stage.running()
    stage.press(b" ")
    stage.treadmill.ask("off")
    stage.alarmed()
    stage.program.seen(b"no link to the treadmill")
    stage.treadmill.ask("on")
    stage.belt_rests()


def bluetoothd_killed(stage: Stage) -> None:
    stage.running()
    stage.now()
    stage.treadmill.ask("die")
    stage.press(b" ")
    stage.stopped_by(PERSON)
    stage.alarmed()
    stage.treadmill.ask("rise")
    stage.belt_rests()


def bluetoothd_killed_unnoticed(stage: Stage) -> None:
    stage.running()
    stage.now()
    stage.treadmill.ask("die")
    stage.stopped_by("the treadmill has said nothing")
    stage.alarmed()
    stage.treadmill.ask("rise")
    stage.belt_rests()


def bus_daemon_killed(stage: Stage) -> None:
    stage.running()
    stage.now()
    stage.treadmill.kill_bus()
    stage.press(b" ")
    stage.stopped_by(PERSON)
    stage.alarmed()
    stage.program.seen(b"SAFETY KEY")
    assert stage.marked()


# -- the treadmill ------------------------------------------------------------------------------------------------


def control_taken(stage: Stage) -> None:
    stage.running()
    stage.now()
    assert stage.treadmill.ask("take")
    stage.program.phase("control lost", stage.here)
    _pressed(stage)
    assert "00" in stage.treadmill.writes[stage.written :]


def surge(stage: Stage) -> None:
    stage.running()
    stage.now()
    stage.stopped_by("faster than its target")
    stage.belt_rests()


def stop_refused(stage: Stage) -> None:
    stage.running()
    stage.press(b" ")
    stage.alarmed()
    stage.program.seen(b"not slowing")
    stage.belt_rests()


def safety_key(stage: Stage) -> None:
    stage.running()
    stage.now()
    assert stage.treadmill.ask("key")
    stage.program.phase("safety key", stage.here)
    stage.until("the belt rests", lambda: stage.treadmill.speed == 0)


ROWS: dict[str, Row] = {
    # as the guide's table has it: Row
    "a Stop key while nothing moves": Row(idle),
    "a Stop key while the belt was started at the console": Row(idle_but_moved_at_the_console),
    "a Stop key while the belt runs": Row(running),
    "a lone Esc while the belt runs": Row(running_escape),
    "a click on STOP": Row(running_click),
    "a Stop key while the belt gets faster": Row(ramping, RAMP),
    "a Stop key while the start is counted down": Row(counting_down),
    "a Stop key while the belt starts": Row(starting),
    "a Stop key while paused": Row(paused),
    "a Stop key while a write is in flight": Row(write_in_flight),
    "a Stop key while a write hangs": Row(write_hung),
    "a Stop key while an indication is lost": Row(indication_lost, WALK, ("lost-indication@20",)),
    "a Stop key while the help is open": Row(help_open),
    "a Stop key while the palette is open": Row(palette_open),
    "a Stop key while something is typed": Row(typing_in_the_palette),
    "a Stop key while the screen's loop is blocked for 5 s": Row(screen_blocked),
    "a Stop key while the screen's interpreter is held for 5 s": Row(screen_held),
    "a Stop key while the screen is flooded": Row(screen_flooded),
    "a Stop key while the screen is frozen over an alarm": Row(screen_frozen_and_alarm, WALK, ("refuses-stop@0+35",)),
    "the screen is killed (`kill -9`)": Row(screen_killed),
    "the screen is frozen (SIGSTOP)": Row(screen_frozen),
    "the engine is killed (`kill -9`)": Row(engine_killed),
    "the engine and the sentinel are killed": Row(engine_and_sentinel_killed),
    "the engine is frozen (SIGSTOP)": Row(engine_frozen),
    "the engine's loop is blocked": Row(engine_blocked),
    "the engine's interpreter is held": Row(engine_held),
    "the sentinel is killed, then the engine": Row(sentinel_killed),
    "the sentinel is killed while the start is counted down": Row(sentinel_killed_in_the_countdown),
    "the engine is killed in a folder with a `queue.py`": Row(engine_killed, beside=("queue.py",)),
    "a Stop key at a second screen": Row(second_screen),
    "a Stop key at a second screen that hangs": Row(second_screen_hangs),
    "second screens are frozen and killed, then a Stop key": Row(second_screens_frozen_and_killed),
    "the engine is killed while a second screen watches": Row(engine_killed_and_watched),
    "the terminal is closed": Row(terminal_closed),
    "Ctrl-C": Row(ctrl_c),
    "SIGINT": Row(_signalled(signal.SIGINT)),
    "SIGTERM": Row(_signalled(signal.SIGTERM)),
    "SIGHUP": Row(_signalled(signal.SIGHUP)),
    "the link is lost and comes back, then a Stop key": Row(link_lost_and_back),
    "a Stop key while the link is lost": Row(stop_while_the_link_is_lost),
    "the adapter is switched off": Row(adapter_off),
    "bluetoothd is killed, then a Stop key": Row(bluetoothd_killed),
    "bluetoothd is killed, and nobody does anything": Row(bluetoothd_killed_unnoticed),
    "the D-Bus daemon is killed": Row(bus_daemon_killed),
    "control is taken": Row(control_taken),
    "the belt surges": Row(surge, WALK, ("surge@25+60:4",)),
    "Stop is refused": Row(stop_refused, WALK, ("refuses-stop@0+30",)),
    "the safety key is pulled": Row(safety_key),
}
