"""What a lost link, a Stop and a pause make the core forget: nothing that was so before is held against what comes."""

from __future__ import annotations

from dataclasses import replace

from runback.ftms.assigned_numbers import RSC_MEASUREMENT
from runback.machine.events import Measured, Signal
from runback.machine.procedure import StartIntent
from runback.machine.quirks import ControlRequestPolicy, MachineQuirks, StartAuthority, Unlock, VendorWrite
from runback.safety.watchdog import OBEY_WITHIN
from runback.source import Source
from tests.support.machine.driver import COMMON, DATA, UNKNOWN, Bench

SERVICE = "0000fff1-0000-1000-8000-00805f9b34fb"
REPLIES = "0000fff2-0000-1000-8000-00805f9b34fb"
ASKED = Unlock(VendorWrite(SERVICE, b"\xe1"), REPLIES, b"\x71\x80")


# -- the link ---------------------------------------------------------------------------------------------------------


def test_quirk_39_a_distance_of_the_lost_link_is_not_told_on_the_next() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(speed_from_rsc=True))).connect()
    bench.hears(DATA, "0400" + "2c01" + "150000").lose().connect()
    bench.hears(RSC_MEASUREMENT, "00cd0200")
    told = [event for event in bench.events + bench.machine.take_events() if isinstance(event, Measured)]
    assert (told[-1].speed, told[-1].distance) == (1008, None)


def test_quirk_6_an_answer_that_a_lost_link_cannot_bring_is_not_waited_for() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(unlock=(ASKED,)))).at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    assert bench.pump() == ["e1"]
    bench.lose().said()
    assert bench.machine.deadline(bench.now) is None
    bench.wait(5.0)
    assert bench.signals() == []


def test_quirk_22_a_finding_that_nobody_has_acted_on_is_forgotten_with_the_link() -> None:
    bench = Bench(replace(COMMON, quirks=UNKNOWN)).told_to_walk()
    bench.wait(14.0, belt=105)
    while bench.machine.deadline(bench.now) != bench.now:
        bench.pump()
        bench.now += 1.0
        bench.belt(105)
    bench.lose().connect().belt(0)
    assert bench.wait(2.0, belt=0) == []
    assert bench.machine.trip is None


def test_quirk_22_the_time_without_a_link_is_no_walk() -> None:
    bench = Bench(replace(COMMON, quirks=UNKNOWN)).told_to_walk()
    bench.wait(4.0, belt=80)
    bench.answers("800201")
    bench.goes(8, 400, 0)
    assert bench.machine.walks_only == 400
    bench.lose().now += 60.0
    bench.connect()
    bench.goes(10, 400, 75)
    assert bench.machine.walks_only == 400
    bench.goes(16, 400, 86)
    assert bench.machine.walks_only is None


# -- a Stop, a pause, a start that came to nothing --------------------------------------------------------------------


def pressed() -> Bench:
    """A start has been asked for, and the machine's own button pressed for it (quirk 15); nothing is written yet."""
    bench = Bench(
        replace(COMMON, quirks=MachineQuirks(start_by=StartAuthority.CONSOLE_FIRST, claim=ControlRequestPolicy.NEVER))
    ).at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    bench.machine.start(StartIntent(bench.now + 60.0))
    return bench.says("0201")


def test_quirk_15_a_press_does_not_outlast_a_stop() -> None:
    bench = pressed()
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800801").rests()
    assert bench.machine.reset_stop()
    bench.gate.arm()
    bench.machine.request_control()
    bench.machine.start(StartIntent(bench.now + 60.0))
    assert bench.wait(3.0, belt=0) == []
    assert bench.says("0201").pump() == ["07"]


def test_quirk_15_a_press_does_not_outlast_a_start_that_was_called_off() -> None:
    bench = pressed()
    bench.machine.pause()
    assert Signal.START_FAILED in bench.signals()
    bench.gate.arm()
    bench.machine.start(StartIntent(bench.now + 60.0))
    assert bench.wait(3.0, belt=0) == []
    assert bench.says("0201").pump() == ["07"]


def test_quirk_6_a_wish_to_hear_the_machine_does_not_outlast_a_stop() -> None:
    bench = Bench(replace(COMMON, quirks=MachineQuirks(unlock=(ASKED,)))).at_rest()
    bench.machine.listen()
    bench.machine.stop()
    assert bench.pump() == ["e1", "0801"]
    bench.answers("800801").rests()
    assert bench.machine.reset_stop()
    assert bench.wait(5.0, belt=0) == []


def test_quirk_5_how_long_a_belt_was_behind_does_not_outlast_a_pause() -> None:
    bench = Bench().moving(500)
    bench.machine.want_speed(800, Source.PLAN)
    bench.pump()
    bench.answers("800201").wait(OBEY_WITHIN - 3.0, belt=500)
    bench.machine.pause()
    assert bench.pump() == ["0802"]
    bench.answers("800801")
    bench.gate.arm()
    bench.machine.want_speed(800, Source.PLAN)
    assert bench.wait(1.0) == ["022003"]
    bench.answers("800201").wait(6.0, belt=500)
    assert Signal.NOT_FOLLOWING not in bench.signals()
