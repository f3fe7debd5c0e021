"""The intake: what a flood of notifications leaves out, and what it never does (issue 11, points 21 and 22)."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.engine.notification_intake import AT_ONCE, EVERY, KEEP, MOST, SOON, Ears, Intake, Said
from runback.engine.recorder import PER_SECOND
from runback.engine.summary import SessionOutcome
from runback.ftms.assigned_numbers import (
    FITNESS_MACHINE_CONTROL_POINT,
    FITNESS_MACHINE_STATUS,
    HEART_RATE_MEASUREMENT,
    RSC_MEASUREMENT,
    TRAINING_STATUS,
    TREADMILL_DATA,
)
from runback.ftms.treadmill_data import MAX_PARTS, RecordMerger, decode_treadmill_data
from runback.machine.stop_latch import LatchState
from runback.simulator.spec import MachineSpec
from runback.workout.model import Step
from tests.support.engine.bench import WALK, Line, WatchedLoop, number, plan, stops

MORE = b"\x01\x00"
VENDOR = "0000fff1-0000-1000-8000-00805f9b34fb"
ANSWER: Said = (FITNESS_MACHINE_CONTROL_POINT, bytes.fromhex("800801"))
STOPPED: Said = (FITNESS_MACHINE_STATUS, bytes.fromhex("0201"))


def record(speed: int) -> Said:
    """A record of one part."""
    return TREADMILL_DATA, b"\x00\x00" + speed.to_bytes(2, "little")


def part(content: int) -> Said:
    """A part of a record that goes on."""
    return TREADMILL_DATA, MORE + content.to_bytes(2, "little")


def step(speed: int) -> Said:
    return RSC_MEASUREMENT, b"\x00" + speed.to_bytes(2, "little") + b"\x50"


def flooded(said: Iterable[Said]) -> Intake:
    """An intake with `said` waiting in a flood that began at 0 s."""
    intake = Intake()
    for count in range(AT_ONCE + 1):
        intake.put(VENDOR, bytes([count]), 0.0)
    assert intake.flooded
    assert len(intake.take(0.0)) == AT_ONCE + 1
    for uuid, data in said:
        intake.put(uuid, data, 0.0)
    return intake


def test_what_comes_at_a_treadmills_pace_goes_straight_on() -> None:
    intake = Intake()
    for tick in range(100):
        now = tick * 0.25
        for uuid, data in (record(tick), step(tick), part(1), record(tick), STOPPED, ANSWER):
            intake.put(uuid, data, now)
            assert not intake.flooded
            due = intake.due()
            assert due is not None
            assert due <= now
            assert intake.take(now) == [(uuid, data)]
            assert intake.due() is None
    assert not intake.left_out


def test_of_a_flood_of_records_the_newest_two_go_on() -> None:
    intake = flooded(record(speed) for speed in range(200))
    assert intake.due() == EVERY
    assert intake.take(EVERY) == [record(198), record(199)]
    assert intake.left_out == {TREADMILL_DATA: 198}
    assert intake.due() is None


def test_each_characteristic_keeps_records_of_its_own() -> None:
    intake = flooded(said for speed in range(50) for said in (record(speed), step(speed)))
    assert intake.take(EVERY) == [record(48), step(48), record(49), step(49)]


def test_answers_and_statuses_are_waited_for_ten_milliseconds_at_most_and_never_left_out() -> None:
    said = [record(1), record(2), ANSWER, record(3), STOPPED, record(4), (TRAINING_STATUS, b"\x00\x01"), record(5)]
    intake = flooded(said)
    assert intake.due() == SOON
    assert intake.take(SOON) == [ANSWER, STOPPED, said[5], said[6], said[7]]


def test_junk_pushes_no_record_out_and_the_newest_of_it_is_still_seen() -> None:
    junk: Said = (TREADMILL_DATA, b"\xff")
    unfinished = [part(count) for count in range(MAX_PARTS)]
    intake = flooded([record(7), record(8), *[junk] * 300, *unfinished * 5, (TREADMILL_DATA, b"\x00\x00\x07")])
    assert intake.take(EVERY) == [record(7), record(8), (TREADMILL_DATA, b"\x00\x00\x07")]


def test_the_parts_of_a_split_record_stay_together_or_are_left_out_together() -> None:
    intake = flooded([part(1), part(2), record(10), part(3), record(11), part(4), part(5), record(12), part(6)])
    assert intake.take(EVERY) == [part(3), record(11), part(4), part(5), record(12), part(6)]
    assert intake.left_out == {TREADMILL_DATA: 3}


def test_a_record_that_has_gone_on_in_part_is_not_left_out() -> None:
    intake = flooded([part(1)])
    assert intake.take(EVERY) == [part(1)]
    for uuid, data in (part(2), record(10), record(11), record(12), record(13)):
        intake.put(uuid, data, EVERY)
    assert intake.take(2 * EVERY) == [part(2), record(10), record(12), record(13)]


def test_a_flood_of_what_is_never_left_out_goes_on_a_bounded_number_at_a_time() -> None:
    statuses: list[Said] = [(FITNESS_MACHINE_STATUS, bytes([count % 256])) for count in range(3 * MOST)]
    intake = flooded(statuses)
    taken = []
    for _ in range(3):
        due = intake.due()
        assert due is not None
        assert due <= SOON
        going = intake.take(SOON)
        assert len(going) == MOST
        taken += going
    assert taken == statuses
    assert intake.due() is None


def test_of_a_strap_that_floods_the_newest_is_heard() -> None:
    intake = flooded((HEART_RATE_MEASUREMENT, bytes([0, beats])) for beats in range(60, 200))
    assert intake.take(EVERY) == [(HEART_RATE_MEASUREMENT, bytes([0, 199]))]
    assert intake.left_out == {HEART_RATE_MEASUREMENT: 139}


def test_once_the_flood_is_over_everything_goes_straight_on_again() -> None:
    intake = flooded([])
    intake.put(*record(1), EVERY)
    assert intake.due() == EVERY
    intake.put(*record(2), 2 * EVERY + 0.001)
    assert intake.due() == -math.inf
    assert intake.take(2 * EVERY + 0.001) == [record(1), record(2)]


_SAID = st.one_of(
    st.integers(0, 2000).map(record),
    st.integers(0, 2000).map(step),
    st.integers(0, 9).map(part),
    st.binary(max_size=5).map(lambda data: (TREADMILL_DATA, data)),
    st.binary(max_size=5).map(lambda data: (RSC_MEASUREMENT, data)),
    st.binary(min_size=1, max_size=4).map(lambda data: (FITNESS_MACHINE_STATUS, data)),
    st.binary(min_size=1, max_size=4).map(lambda data: (FITNESS_MACHINE_CONTROL_POINT, data)),
    st.binary(min_size=1, max_size=4).map(lambda data: (VENDOR, data)),
)
_EVENTS = st.lists(
    st.tuples(_SAID, st.sampled_from([0.0, 0.0005, 0.0005, 0.004, 0.03, 0.3]), st.booleans()), max_size=150
)


@given(_EVENTS)
def test_whatever_comes_nothing_changes_its_place_and_only_records_are_left_out(
    events: list[tuple[Said, float, bool]],
) -> None:
    intake, now = Intake(), 0.0
    came: list[Said] = []
    went: list[Said] = []
    for said, wait, looks in events:
        now += wait
        kept = (said[0], bytes(said[1]))
        came.append(kept)
        intake.put(*kept, now)
        due = intake.due()
        if looks and due is not None and due <= now:
            went += intake.take(now)
    while intake.due() is not None:
        now += EVERY
        went += intake.take(now)
    assert [said for said in went if said[0] not in (TREADMILL_DATA, RSC_MEASUREMENT)] == [
        said for said in came if said[0] not in (TREADMILL_DATA, RSC_MEASUREMENT)
    ]
    left = iter(came)
    assert all(any(each[0] == other[0] and each[1] is other[1] for other in left) for each in went)
    assert len(came) - len(went) == sum(intake.left_out.values())
    for uuid in (TREADMILL_DATA, RSC_MEASUREMENT):
        assert _whole(went, uuid)[-KEEP:] == _whole(came, uuid)[-KEEP:]


def _whole(said: list[Said], uuid: str) -> list[object]:
    """What the rules make of the records on `uuid` that tell a speed: whole, merged from their parts."""
    if uuid == RSC_MEASUREMENT:
        return [data for each, data in said if each == uuid and len(data) >= 4]
    merger, found = RecordMerger(), list[object]()
    for each, data in said:
        if each == uuid and len(data) >= 2:
            whole = merger.add(decode_treadmill_data(data))
            if whole is not None and len(data) >= 4:
                found.append(whole)
    return found


# -- in the running loop -------------------------------------------------------------------------------------------


def test_in_the_loop_a_flood_goes_on_in_few_turns_and_what_was_left_out_is_told() -> None:
    heard: list[tuple[float, list[Said]]] = []
    told: list[tuple[float, str, int]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        ears = Ears(
            loop.time,
            lambda said: heard.append((loop.time(), list(said))),
            lambda uuid, count: told.append((loop.time(), uuid, count)),
        )
        for speed in range(6000):
            ears.notified(*record(speed))
            if speed == 3000:
                ears.notified(*ANSWER)
            await asyncio.sleep(0.0005)
        ears.close()
        await asyncio.sleep(1.0)

    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        runner.run(main())
    assert len(heard) <= AT_ONCE + 3.0 / EVERY + 2
    assert max(len(said) for _, said in heard) <= KEEP + 1
    (answered,) = [at for at, said in heard if ANSWER in said]
    assert 1.499 <= answered <= 1.501 + SOON
    went = sum(len(said) for _, said in heard)
    assert sum(count for _, _, count in told) + went + KEEP >= 6001
    assert 3 <= len(told) <= 5


def test_what_waits_of_a_link_that_is_lost_goes_on_before_the_loss() -> None:
    heard: list[Said] = []

    async def main() -> None:
        ears = Ears(asyncio.get_running_loop().time, heard.extend, lambda _uuid, _count: None)
        for speed in range(AT_ONCE + 20):
            ears.notified(*record(speed))
        ears.finish()
        await asyncio.sleep(1.0)

    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        runner.run(main())
    assert heard[AT_ONCE:] == [record(AT_ONCE + 18), record(AT_ONCE + 19)]


FLOOD = MachineSpec(telemetry_period=1 / 512)
"""Records: more than 500 a second."""


@pytest.mark.full
def test_a_workout_on_a_treadmill_that_floods_is_done_as_on_any_other_and_its_record_is_bounded() -> None:
    line = Line(plan(Step(WALK, 5, 400)), spec=FLOOD).headless()
    assert line.outcome is SessionOutcome.COMPLETED
    assert line.rested
    recorded = Counter(int(number(each, "t")) for each in line.events("notification") if each["uuid"] == "2ACD")
    assert max(recorded.values()) <= 3 * KEEP / EVERY
    left_out = line.events("left out")
    assert {(each["uuid"], each["judged"]) for each in left_out} == {("2ACD", False)}
    assert sum(number(each, "count") for each in left_out) > 10 * sum(recorded.values())
    assert len(left_out) <= line.ended_at + 1


@pytest.mark.full
def test_a_stop_in_a_flood_is_written_at_once_and_its_rest_is_proved() -> None:
    line = Line(plan(Step(WALK, 30, 400)), spec=FLOOD).attended((10.0, stops), until=10.0)
    assert [at for at, octets in line.written() if octets == "0801"] == [10.0]
    assert line.machine.latch.state is LatchState.AT_REST
    assert line.rested


@pytest.mark.full
def test_a_surge_in_a_flood_is_seen_no_later_than_in_quiet_and_stops_the_belt() -> None:
    def stopped_at(spec: MachineSpec) -> float:
        line = Line(plan(Step(WALK, 30, 400)), ("surge@20:8",), spec=spec).headless()
        assert line.rested
        return next(number(each, "t") for each in line.events("stop") if each["source"] == "safety")

    assert stopped_at(FLOOD) <= stopped_at(MachineSpec()) + EVERY


def test_of_one_characteristic_no_more_than_a_hundred_notifications_are_recorded_each_second() -> None:
    def flood(line: Line) -> None:
        for count in range(1000):
            line.engine.notified(VENDOR, count.to_bytes(2, "little"))

    line = Line(plan(Step(WALK, 12, 400))).headless((6.5, flood))
    assert len([each for each in line.events("notification") if each["uuid"] == "FFF1"]) == PER_SECOND
    assert [(each["uuid"], each["count"], each["judged"]) for each in line.events("left out")] == [
        ("FFF1", 1000 - PER_SECOND, True)
    ]
