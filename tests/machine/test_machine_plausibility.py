"""Which reported speeds are measurements: what no belt can do is not believed alone, and a real surge does not hide.

Source: issue "What trials broke", points 4 and 18 (QZ #1567, FitOSC #15; six records of 0000ffff).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.machine.client import Capabilities
from runback.machine.events import Garbled, Measured, Signal
from runback.machine.plausibility import FALL, REST_FALL, RISE, Plausibility, SpeedVerdict
from runback.machine.procedure import StartIntent
from runback.machine.quirks import MachineQuirks, ReportedUnit
from runback.machine.stop_latch import Alarm, LatchState
from runback.machine.targets import SupportedRange
from runback.safety.watchdog import APART, TripReason
from tests.support.machine.driver import COMMON, DATA, Bench

CEILING = 2100


def judged(*records: tuple[float, int], stopping: bool = False) -> list[SpeedVerdict]:
    judge = Plausibility()
    return [judge.judge(speed, at, ceiling=CEILING, stopping=stopping) for at, speed in records]


M, D, G = SpeedVerdict.MEASURED, SpeedVerdict.DOUBTED, SpeedVerdict.GARBLED


# -- the judge by itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "verdicts"),
    [
        # the first of a link
        ([(0.0, 500)], [M]),
        ([(0.0, 0)], [D]),
        ([(0.0, 0), (1.0, 0)], [D, M]),
        ([(0.0, 0), (1.0, 500)], [D, M]),
        # one 0 between two equal speeds, at any speed
        ([(0.0, 900), (1.0, 0), (2.0, 900)], [M, D, M]),
        ([(0.0, 100), (1.0, 0), (2.0, 100)], [M, D, M]),
        # two are a belt that stands
        ([(0.0, 900), (1.0, 0), (2.0, 0), (3.0, 0)], [M, D, M, M]),
        # the same record, delivered twice, is one
        ([(0.0, 900), (1.0, 0), (1.0, 0), (1.1, 0), (1.0 + APART, 0)], [M, D, D, D, M]),
        # a spike, and one that is borne out
        ([(0.0, 500), (1.0, 1800), (2.0, 500)], [M, G, M]),
        ([(0.0, 500), (1.0, 1800), (2.0, 1800)], [M, G, M]),
        ([(0.0, 500), (1.0, 1800), (1.1, 1800)], [M, G, G]),
        # an old value
        ([(0.0, 900), (1.0, 400), (2.0, 900)], [M, D, M]),
        ([(0.0, 900), (1.0, 400), (2.0, 380)], [M, D, M]),
        # what is faster than the machine is never borne out
        ([(0.0, 500), (1.0, CEILING + 1), (2.0, CEILING + 1), (3.0, 65535)], [M, G, G, G]),
        ([(0.0, CEILING + 1), (1.0, CEILING)], [G, M]),
        # 0 bears out nothing but 0
        ([(0.0, 900), (1.0, 100), (2.0, 0), (3.0, 0)], [M, D, D, M]),
    ],
)
def test_what_no_belt_can_do_is_not_believed_alone(
    records: list[tuple[float, int]], verdicts: list[SpeedVerdict]
) -> None:
    assert judged(*records) == verdicts


def test_a_belt_that_was_told_to_stop_is_believed_its_last_fall() -> None:
    assert judged((0.0, REST_FALL), (1.0, 0), stopping=True) == [M, M]
    assert judged((0.0, REST_FALL + 1), (1.0, 0), stopping=True) == [M, D]
    assert judged((0.0, 2 * REST_FALL), (2.0, 0), stopping=True) == [M, M]


def test_a_belt_that_nobody_told_to_stop_is_not() -> None:
    assert judged((0.0, 80), (1.0, 0), stopping=False) == [M, D]


@pytest.mark.parametrize("apart", [0.2, 1.0])
def test_the_rates_hold_from_record_to_record(apart: float) -> None:
    """Many machines measure once a second, however often they report."""
    assert judged((0.0, 100), (apart, 100 + RISE)) == [M, M]
    assert judged((0.0, 100), (apart, 101 + RISE)) == [M, G]
    assert judged((0.0, 900), (apart, 900 - FALL)) == [M, M]
    assert judged((0.0, 900), (apart, 899 - FALL)) == [M, D]
    assert judged((0.0, 100), (3.0, 100 + 3 * RISE)) == [M, M]


speeds = st.integers(0, 0xFFFF)


@given(st.lists(st.tuples(st.floats(0.0, 3.0), speeds), max_size=30), st.booleans())
def test_rest_is_never_believed_of_one_zero_after_a_fall_no_belt_makes(
    steps: list[tuple[float, int]], stopping: bool
) -> None:
    judge, now = Plausibility(), 0.0
    believed: tuple[float, int] | None = None
    zero_since: float | None = None
    for wait, speed in steps:
        now += wait
        verdict = judge.judge(speed, now, ceiling=CEILING, stopping=stopping)
        if verdict is SpeedVerdict.MEASURED:
            if speed == 0 and believed is not None and believed[1] > 0:
                slow = stopping and believed[1] <= REST_FALL * max(now - believed[0], 1.0)
                assert slow or (zero_since is not None and now >= zero_since + APART)
            believed = (now, speed)
        zero_since = None if speed else (now if zero_since is None else zero_since)
        assert speed <= CEILING or verdict is SpeedVerdict.GARBLED


# -- on the machine ---------------------------------------------------------------------------------------------------


def test_one_zero_after_stop_is_not_rest() -> None:
    """Issue 11, point 4: at 9 km/h, after Stop, one record of 0 was told as "belt at rest"."""
    bench = Bench().moving(500)
    bench.machine.want_speed(800, bench.writes[-1].source)
    bench.pump()
    bench.answers("800201").runs(800)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.answers("800801").said()
    bench.now += 1.0
    bench.belt(0)
    assert bench.latch() is LatchState.ACCEPTED
    assert Signal.STOP_CONFIRMED not in bench.signals()
    bench.now += 1.0
    bench.belt(750)
    assert bench.alarm() is None  # it falls
    assert bench.latch() is LatchState.ACCEPTED
    for speed in (500, 250, 0):
        bench.now += 1.0
        bench.belt(speed)
    assert bench.latch() is LatchState.AT_REST


def test_one_zero_in_the_middle_of_a_run_changes_nothing() -> None:
    """Issue 11, point 4: it ended the session, and then "getting faster" was cried."""
    bench = Bench().moving(500)
    bench.now += 1.0
    bench.belt(0)
    bench.now += 1.0
    bench.belt(500)
    assert bench.wait(5.0, belt=500) == []
    assert bench.signals() == []
    assert bench.machine.speed.wanted == 500
    assert bench.measured() == 500


def test_one_old_value_after_stop_raises_no_alarm() -> None:
    bench = Bench().moving(500)
    bench.machine.stop()
    bench.pump()
    bench.answers("800801")
    for speed in (400, 300, 500 + 300, 200):
        bench.now += 0.5
        bench.belt(speed)
    assert bench.alarm() is None


@pytest.mark.parametrize("raw", [0xFFFF, 12000])
def test_six_records_of_nonsense_are_no_speed_and_stop_the_belt(raw: int) -> None:
    """Issue 11, point 18: 0000ffff six times was a top speed of 655.35 km/h."""
    bench = Bench().moving(500)
    bench.said()
    bench.hears(DATA, "0000" + raw.to_bytes(2, "little").hex())
    assert bench.pump() == []  # one stops nobody's run
    bench.now += 1.0
    bench.hears(DATA, "0000" + raw.to_bytes(2, "little").hex())
    assert bench.pump() == ["0801"]  # two are a surge until the opposite is shown
    assert bench.machine.trip is TripReason.SURGE
    told = bench.events + bench.machine.take_events()
    assert not [event for event in told if isinstance(event, Measured) and event.speed != 500]
    assert bench.measured() == 500


def test_a_real_surge_does_not_hide_behind_the_filter() -> None:
    bench = Bench().moving(500)
    bench.now += 1.0
    bench.belt(1800)
    assert bench.pump() == []
    bench.now += 1.0
    bench.belt(1800)
    assert bench.pump() == ["0801"]
    assert bench.measured() == 1800
    assert bench.alarm() in (None, Alarm.RISING)


def test_what_is_garbled_is_told_as_such() -> None:
    bench = Bench().moving(500)
    bench.said()
    bench.belt(65535)
    assert [type(event) for event in bench.said()] == [Garbled]


@pytest.mark.parametrize(
    ("quirks", "speed", "believed"),
    [
        (MachineQuirks(), 1300, True),  # its range, 12 km/h, and a tolerance
        (MachineQuirks(), 1301, False),
        (
            MachineQuirks(write_unit=ReportedUnit.UNKNOWN, read_unit=ReportedUnit.UNKNOWN),
            1900,
            True,
        ),  # its range may have been in miles
        (MachineQuirks(write_unit=ReportedUnit.UNKNOWN, read_unit=ReportedUnit.UNKNOWN), 2100, False),
    ],
)
def test_nothing_is_faster_than_the_machine_says_it_can_go(quirks: MachineQuirks, speed: int, believed: bool) -> None:
    able = Capabilities(speed=SupportedRange(80, 600, 10), fastest=1200, quirks=quirks)
    assert (Bench(able).connect().belt(speed).measured() == speed) is believed


def test_a_machine_that_tells_no_range_is_believed_what_treadmills_can_do() -> None:
    assert Bench(Capabilities()).connect().belt(2600).measured() == 2600
    assert Bench(Capabilities()).connect().belt(2601).measured() is None


def test_no_start_goes_out_while_the_newest_record_is_doubted() -> None:
    """Found by search: a spike in the last second of the countdown was ignored, and Start left in the same turn."""
    bench = Bench().in_control().belt(400)
    assert bench.measured() == 0
    bench.now += 0.1
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == []
    bench.now += 1.0
    assert bench.belt(0).pump() == ["07"]


def test_quirk_13_no_keepalive_goes_to_a_belt_that_may_have_come_to_rest() -> None:
    """Found by search: the 0 was true, and the keepalive started the belt again."""
    bench = Bench(replace(COMMON, quirks=MachineQuirks(keepalive=6.0))).moving(500)
    bench.now += 1.5
    assert bench.belt(0).pump() == []
    bench.now += 1.0
    assert bench.belt(0).pump() == []
    assert bench.wait(5.0, belt=0) == []
    bench = Bench(replace(COMMON, quirks=MachineQuirks(keepalive=6.0))).moving(500)
    bench.now += 1.5
    assert bench.belt(0).pump() == []
    bench.now += 1.0
    assert bench.belt(500).pump() == ["07"]
