"""What stands around the engine: the clock, reading, the recorder, the summary, the view."""

from __future__ import annotations

import asyncio
import io
import json
import math
import os
import re
from collections.abc import Coroutine
from itertools import pairwise
from typing import TypeVar

import pytest

from runback.engine import snapshots as view
from runback.engine import summary
from runback.engine.discovery import READ_WITHIN, read_capabilities
from runback.engine.headless import run_headless
from runback.engine.recorder import Recorder, Sink
from runback.engine.scaled_loop import ScaledLoop
from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import check_range
from runback.errors import AttError, LimitError, LinkError, LinkLost, LinkTimeout, TreadmillNotFound, WorkoutError
from runback.ftms import assigned_numbers
from runback.ipc.messages import Snapshot
from runback.link.protocol import Services
from runback.machine.client import Machine
from runback.machine.targets import SupportedRange
from runback.safety.gate import Caps, Gate
from runback.session.model import Intent
from runback.session.model import Phase as SessionPhase
from runback.session.session import Session
from runback.simulator.spec import MachineSpec
from runback.units import Unit
from runback.workout.model import Kind, Step
from tests.support.engine.bench import RUN, WALK, Line, Record, asks, console_speed, number, plan, stops
from tests.support.engine.links import CONTROL, NOTIFY, READ, Scripted

T = TypeVar("T")
SPEEDS, INCLINES = assigned_numbers.SUPPORTED_SPEED_RANGE, assigned_numbers.SUPPORTED_INCLINATION_RANGE
POINT = assigned_numbers.FITNESS_MACHINE_CONTROL_POINT
ALL: Services = {SPEEDS: READ, INCLINES: READ, POINT: CONTROL, assigned_numbers.TREADMILL_DATA: NOTIFY}
UREVO_SPEEDS = bytes.fromhex("600083022000")
"""0.96 to 6.43 by 0.32 km/h: a Urevo E1L (quirks.md, first profiles)."""
UREVO_INCLINES = bytes(6)
"""All zero: no incline motor (quirk 25, a Urevo E1L)."""


def virtually(coroutine: Coroutine[object, object, T]) -> T:
    """Run on a clock that jumps."""
    with asyncio.Runner(loop_factory=lambda: ScaledLoop(math.inf)) as runner:
        return runner.run(coroutine)


# -- clock --------------------------------------------------------------------------------------------------


def test_an_infinite_speedup_jumps_to_each_timer_in_order() -> None:
    async def wait() -> list[tuple[float, str]]:
        loop = asyncio.get_running_loop()
        seen: list[tuple[float, str]] = []
        loop.call_at(3600.0, lambda: seen.append((loop.time(), "hour")))
        loop.call_later(1.5, lambda: seen.append((loop.time(), "soon")))
        await asyncio.sleep(86_400)
        seen.append((loop.time(), "day"))
        return seen

    assert virtually(wait()) == [(1.5, "soon"), (3600.0, "hour"), (86_400.0, "day")]


def test_time_stands_still_while_anything_can_be_done() -> None:
    async def spin() -> float:
        for _ in range(1000):
            await asyncio.sleep(0)
        return asyncio.get_running_loop().time()

    assert virtually(spin()) == 0.0


def test_a_file_descriptor_that_is_ready_comes_before_any_jump() -> None:
    async def read() -> float:
        loop = asyncio.get_running_loop()
        heard = asyncio.Event()
        ours, theirs = os.pipe()
        loop.add_reader(ours, heard.set)
        os.write(theirs, b"x")
        sleeping = loop.create_task(asyncio.sleep(1000))
        await heard.wait()
        sleeping.cancel()
        loop.remove_reader(ours)
        os.close(ours)
        os.close(theirs)
        return loop.time()

    assert virtually(read()) == 0.0


def test_a_finite_speedup_counts_faster_seconds() -> None:
    async def wait() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.sleep(5.0)
        return loop.time() - began

    with asyncio.Runner(loop_factory=lambda: ScaledLoop(1000.0)) as runner:
        assert runner.run(wait()) >= 4.999


# -- reading ------------------------------------------------------------------------------------------------


def test_ranges_are_read_and_nothing_is_written() -> None:
    link = Scripted(ALL, {SPEEDS: UREVO_SPEEDS, INCLINES: bytes.fromhex("ceff96000500")})
    found = virtually(read_capabilities(link, ALL))
    assert found.speed == SupportedRange(96, 643, 32)
    assert found.incline == SupportedRange(-50, 150, 5)
    assert (found.controllable, found.write_response) == (True, True)
    assert link.writes == []


@pytest.mark.parametrize(
    "octets", [b"", b"\x01", bytes(5), bytes(6), bytes.fromhex("d0071e000a00"), bytes.fromhex("640064000a00")]
)
def test_a_range_that_is_none_is_unknown(octets: bytes) -> None:
    found = virtually(read_capabilities(Scripted(ALL, {SPEEDS: octets, INCLINES: octets}), ALL))
    assert (found.speed, found.incline) == (None, None)


def test_all_zero_inclines_are_no_incline() -> None:
    found = virtually(read_capabilities(Scripted(ALL, {SPEEDS: UREVO_SPEEDS, INCLINES: UREVO_INCLINES}), ALL))
    assert found.incline is None


@pytest.mark.parametrize("error", [AttError(0x02), AttError(0x0E), TreadmillNotFound("odd")])
def test_a_failing_read_is_something_unknown(error: LinkError) -> None:
    found = virtually(read_capabilities(Scripted(ALL, {SPEEDS: error, INCLINES: error}), ALL))
    assert (found.speed, found.incline) == (None, None)


def test_a_read_of_what_is_not_there_is_not_tried() -> None:
    link = Scripted({POINT: CONTROL})
    found = virtually(read_capabilities(link, {POINT: CONTROL}))
    assert (found.speed, found.incline, link.calls) == (None, None, [])


def test_a_link_lost_while_reading_is_a_lost_link() -> None:
    with pytest.raises(LinkLost):
        virtually(read_capabilities(Scripted(ALL, {SPEEDS: LinkLost("gone")}), ALL))


def test_a_read_that_is_never_answered_is_given_up() -> None:
    async def read() -> float:
        with pytest.raises(LinkTimeout):
            await read_capabilities(Scripted(ALL), ALL)
        return asyncio.get_running_loop().time()

    assert virtually(read()) == READ_WITHIN


@pytest.mark.parametrize(
    ("services", "controllable", "response"),
    [
        ({POINT: frozenset({"write", "indicate"})}, True, True),
        ({POINT: frozenset({"write-without-response", "indicate"})}, True, False),
        ({POINT: frozenset({"write", "write-without-response", "notify"})}, True, True),
        ({POINT: frozenset({"indicate"})}, False, False),
        ({}, False, True),
    ],
)
def test_how_the_control_point_is_written_comes_from_its_properties(
    services: Services, controllable: bool, response: bool
) -> None:
    found = virtually(read_capabilities(Scripted(services), services))
    assert (found.controllable, found.write_response) == (controllable, response)


# -- what a treadmill must be able to do --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "steps", "told"),
    [
        (MachineSpec(speed_max=600), [Step(WALK, 20, 500), Step(RUN, 20, 700)], "step 2 (run)"),
        (MachineSpec(speed_min=160), [Step(WALK, 20, 100)], "step 1 (walk)"),
    ],
)
def test_a_workout_the_treadmill_cannot_do_is_refused_before_anything_is_written(
    spec: MachineSpec, steps: list[Step], told: str
) -> None:
    line = Line(plan(*steps), spec=spec)
    with pytest.raises(BaseExceptionGroup) as caught:
        line.headless()
    assert caught.group_contains(WorkoutError, match=re.escape(told))
    assert line.written() == []


def test_without_a_link_there_is_no_range_to_check() -> None:
    engine = SessionEngine(Session(plan()), Machine(Gate(Caps())), Scripted({}), Recorder())
    check_range(engine)
    assert engine.session.speed_plan.low == 50


# -- the recorder -------------------------------------------------------------------------------------------


class Broken(io.StringIO):
    """A stream that fails after `good` lines."""

    def __init__(self, good: int, error: Exception) -> None:
        super().__init__()
        self._good = good
        self._error = error

    def write(self, text: str) -> int:
        if self._good == 0:
            raise self._error
        self._good -= 1
        return super().write(text)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BrokenPipeError("gone"), "gone"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (ValueError("closed"), "closed"),
    ],
)
def test_a_sink_that_fails_is_left_alone_and_disturbs_neither_belt_nor_the_other_sinks(
    error: Exception, said: str
) -> None:
    whole = Line(plan()).headless()
    broken, good = Sink(Broken(5, error), everything=True), io.StringIO()
    line = Line(plan())
    recorder = Recorder(broken, Sink(line.stream, everything=True), Sink(good, everything=False))
    line.equipped(recorder=recorder).headless()
    assert broken.failed == said
    assert line.text == whole.text
    assert "notification" not in good.getvalue()


def test_a_closed_file_is_a_failed_sink() -> None:
    stream = io.StringIO()
    sink = Sink(stream, everything=True)
    stream.close()
    Recorder(sink).put(0.0, "phase", phase="ready")
    assert sink.failed


def test_every_line_is_one_json_object_in_order() -> None:
    line = Line(plan()).headless()
    first = [json.loads(text)["event"] for text in line.text.splitlines()][:6]
    assert first == ["offers", "read", "read", "rules", "connected", "signal"]
    assert line.text.endswith("\n")
    plain = [record for record in line.trace if record["event"] not in ("cue", "step")]  # those bear their own time
    times = [number(record, "t") for record in plain]
    assert times == sorted(times)


# -- summary and view ---------------------------------------------------------------------------------------


def listed(record: Record, key: str) -> list[Record]:
    """A list of objects out of a line of JSON."""
    value = record[key]
    assert isinstance(value, list)
    return value


def test_the_summary_says_what_was_planned_and_what_was_done() -> None:
    line = Line(plan(Step(WALK, 20, 360), Step(RUN, 20, 720), Step(WALK, 20, 360))).headless()
    told = line.summary
    assert (told["outcome"], told["exit_code"], told["planned_s"], told["actual_s"]) == ("completed", 0, 60.0, 60.0)
    assert [
        (each["number"], each["kind"], each["actual_s"], each["top_kmh"]) for each in listed(told, "intervals")
    ] == [
        (1, "walk", 20.0, 3.6),
        (2, "run", 20.0, 7.2),
        (3, "walk", 20.0, pytest.approx(7.2)),  # the belt takes its time to slow down
    ]
    real = line.treadmill.distance(line.ended_at)
    assert abs(number(told, "distance_m") - real) < 5
    writes = listed(told, "writes")
    assert [each["hex"] for each in writes][:2] == ["00", "07"]
    assert writes[-1]["hex"] == "0801"
    assert {each["source"] for each in writes} == {"person", "plan"}


def test_the_summary_for_people_has_a_line_for_each_interval() -> None:
    line = Line(plan()).attended((20.0, stops), until=25.0)
    told = line.lines
    assert told[0].startswith("test: stopped (you stopped the belt), 0:06 of 0:37, ")
    assert len(told) == 3
    assert told[2] == "The belt is at rest."
    assert told[1].startswith("  1  walk       planned   0:12 at  4.0 km/h  done   0:06 at")


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (61, "1:01"), (3600, "60:00")])
def test_times_are_told_in_minutes_and_seconds(seconds: float, text: str) -> None:
    assert summary.clock_text(seconds) == text


def test_a_run_that_never_wrote_anything_is_no_alarm() -> None:
    line = Line(plan()).attended(until=1.0, start=False)
    assert (line.outcome, line.written()) == (summary.SessionOutcome.STOPPED, [])


def snapshots(line: Line) -> list[Snapshot]:
    """A run with nobody there, and what was told each second."""
    told: list[Snapshot] = []
    line.run(lambda: run_headless(line.engine, told.append))
    return told


def test_snapshots_come_once_a_second_and_say_where_things_stand() -> None:
    told = snapshots(Line(plan()))
    assert [round(after.t - before.t, 6) for before, after in pairwise(told)] == [1.0] * (len(told) - 1)
    run = next(each for each in told if each.step is not None and each.step.kind is RUN)
    assert (run.phase, run.target_kmh, run.next_step and run.next_step.speed_kmh) == (SessionPhase.RUNNING, 7.0, 4.5)
    soon = next(each for each in told if each.announcement is not None and each.phase is SessionPhase.RUNNING)
    assert soon.announcement is not None
    assert soon.announcement.speed_kmh == 7.0
    assert all(each.elapsed_s <= each.total_s for each in told)


def test_what_the_belt_does_is_shown_only_while_it_is_fresh() -> None:
    told = snapshots(Line(plan(), ("dead-telemetry@18",)))
    silent = [each for each in told if each.t > 22.5]
    assert {each.measured_kmh for each in silent} == {None}
    assert any(each.stop is not None and each.stop.state == "alarm" for each in silent)


def test_the_console_is_named_as_the_source_of_its_speed() -> None:
    seen: list[Snapshot] = []
    note = (22.0, lambda line: seen.append(line.engine.snapshot()))
    Line(plan()).attended((17.0, console_speed(520)), note, (23.0, asks(Intent.STOP)), until=24.0)
    assert (seen[0].source, seen[0].target_kmh) == ("console", 5.2)


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        (Unit.KMH, "speed 12.5 km/h is outside 0.8 to 10 km/h (plan cap)"),
        (Unit.MPH, "speed 7.8 mph is outside 0.5 to 6.2 mph (plan cap)"),
        (Unit.MIN_PER_KM, "speed 4:48/km is outside 75:00 to 6:00/km (plan cap)"),
    ],
)
def test_a_refused_target_is_told_in_the_persons_unit(unit: Unit, told: str) -> None:
    assert view.refusal(LimitError("speed", 1250, 80, 1000, "plan cap"), unit) == told
    incline = LimitError("incline", 120, 0, 100, "machine")
    assert view.refusal(incline, unit) == str(incline)


@pytest.mark.parametrize(
    ("unit", "told"),
    [(Unit.KMH, " at  4.0 km/h  done "), (Unit.MPH, " at  2.5 mph  done "), (Unit.MIN_PER_KM, " at 15:00/km  done ")],
)
def test_the_summary_is_in_the_persons_unit(unit: Unit, told: str) -> None:
    line = Line(plan(Step(Kind.WALK, 12, 400), Step(Kind.RUN, 12, 600)))
    line.session.unit = unit
    line.headless()
    assert told in line.lines[1]
    assert line.lines[0].endswith(" mi" if unit is Unit.MPH else " m")
    assert line.lines[-1] == "The belt is at rest."
