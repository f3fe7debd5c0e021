"""When the program itself is in trouble: no treadmill, a broken turn, a broken link, a signal."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys

import pytest

from runback.engine.headless import run_headless
from runback.engine.recorder import Recorder
from runback.engine.session_engine import SessionEngine
from runback.engine.summary import EXIT_CODES, SessionOutcome
from runback.errors import AdapterUnavailable, AttError, LinkError, LinkLost, LinkTimeout, TreadmillNotFound
from runback.ftms import assigned_numbers
from runback.machine.client import Machine
from runback.safety.gate import Caps, Gate
from runback.session.model import Intent, Phase
from runback.session.session import Session
from tests.support.engine.bench import Line, WatchedLoop, asks, plan
from tests.support.engine.links import CONTROL, Scripted
from tests.support.engine.rules import judge

POINT = assigned_numbers.FITNESS_MACHINE_CONTROL_POINT


def headless(link: Scripted) -> BaseExceptionGroup[BaseException]:
    """Run on `link` with nobody there; what came out."""
    engine = SessionEngine(Session(plan()), Machine(Gate(Caps())), link, Recorder())

    async def main() -> None:
        async with asyncio.timeout(300):
            await run_headless(engine, lambda _: None)

    with (
        asyncio.Runner(loop_factory=WatchedLoop) as runner,
        pytest.raises(BaseExceptionGroup) as caught,
    ):
        runner.run(main())
    return caught.value


# -- the first connection -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [TreadmillNotFound("nobody there"), AdapterUnavailable("off"), LinkLost("gone"), LinkTimeout("late")]
)
def test_a_first_connection_that_fails_is_told_and_lets_the_link_go(error: LinkError) -> None:
    link = Scripted({}, connect=error)
    raised = headless(link)
    assert raised.subgroup(type(error)) is not None
    assert link.calls[-1] == "disconnect"
    assert link.writes == []


def test_a_treadmill_that_never_answers_a_subscription_is_given_up() -> None:
    link = Scripted({POINT: CONTROL}, deaf=frozenset({POINT}))
    assert headless(link).subgroup(LinkLost) is not None


def test_a_treadmill_that_refuses_a_subscription_is_used_as_far_as_it_goes() -> None:
    link = Scripted({}, refuses=AttError(0x0E))
    assert headless(link).subgroup(AttError) is None


# -- a broken program ---------------------------------------------------------------------------------------


def break_session(line: Line) -> None:
    """What a bug does: the next turn that looks at the plan fails."""
    line.session.speed_plan.timeline.steps = None  # type: ignore[assignment]  # the bug


@pytest.mark.parametrize("at", [5.0, 12.0, 20.0, 27.0, 45.0])
def test_a_turn_that_fails_stops_the_belt_before_the_error_goes_on(at: float) -> None:
    line = Line(plan())
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - which bug it is does not matter
        line.headless((at, break_session))
    assert not isinstance(caught.value, TimeoutError)
    after = [octets for when, octets in line.written() if when > at]
    assert set(after) <= {"0801"}
    end = max(when for when, _ in line.belt)
    assert line.treadmill.belt_speed(end + 1.0) == 0


# -- asking to leave ----------------------------------------------------------------------------------------


def test_leaving_while_the_belt_moves_stops_it_first() -> None:
    line = Line(plan()).attended(
        (30.0, asks(Intent.PAUSE)), (30.2, asks(Intent.STOP)), (30.4, asks(Intent.QUIT)), until=60.0
    )
    assert line.rested
    assert 30.4 < line.ended_at < 40.0
    judge(line)


def test_leaving_a_session_at_rest_writes_nothing_more() -> None:
    line = Line(plan()).attended((5.0, asks(Intent.PAUSE)), (8.0, asks(Intent.QUIT)), until=60.0)
    assert line.ended_at == pytest.approx(8.0, abs=0.2)
    assert [octets for _, octets in line.written()] == ["00"]
    assert line.outcome is SessionOutcome.STOPPED


# -- headless, where nobody can be asked --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("console-pause@20", "the belt came to rest, and nobody is here to resume"),
        ("link-loss@20+3", "the link was lost and is back, and nobody is here to go on"),
        ("link-loss@5+3", "the link was lost and is back, and nobody is here to go on"),
        ("control-taken@20", "another controller took the treadmill"),
        ("safety-key@20", "the safety key was pulled"),
        ("safety-key@2", "the safety key was pulled"),
        ("dead-telemetry@20+20", "the treadmill has said nothing for 5 seconds"),
        ("surge@20+60", "the belt is faster than its target"),
    ],
)
def test_whatever_needs_a_person_ends_in_stop_with_its_reason(fault: str, reason: str) -> None:
    line = Line(plan(), (fault,)).headless()
    assert (line.outcome, line.session.stop_reason) == (SessionOutcome.STOPPED, reason)
    judge(line)


@pytest.mark.full
@pytest.mark.parametrize(
    "fault", ["link-loss@5", "link-loss@11", "link-loss@20", "refuses-stop@0", "dead-telemetry@20"]
)
def test_a_belt_that_cannot_be_stopped_ends_in_an_alarm_in_bounded_time(fault: str) -> None:
    line = Line(plan(), (fault,)).headless()
    assert line.outcome is SessionOutcome.ALARM
    assert EXIT_CODES[SessionOutcome.ALARM] == line.summary["exit_code"]
    assert line.ended_at < 200.0


def test_a_treadmill_that_never_gives_control_is_not_started() -> None:
    line = Line(plan(), ("hung-write@0+1000",)).headless()
    assert "07" not in [octets for _, octets in line.written()]
    assert line.session.phase is Phase.STOPPED
    assert line.rested


# -- signals ------------------------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_belt_and_ends_the_program_at_rest(number: signal.Signals) -> None:
    command = [
        sys.executable,
        "-m",
        "runback",
        "run",
        "20s walk 4, 900s run 7",
        "--headless",
        "--speedup",
        "20",
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        records = []
        for text in process.stdout:
            records.append(json.loads(text))
            if records[-1]["event"] == "phase" and records[-1]["phase"] == "running":
                os.kill(process.pid, number)
                break
        records += [json.loads(text) for text in process.stdout]
        code = process.wait()
    stop = next(record for record in records if record["event"] == "stop")
    assert stop["reason"] == f"{number.name} was received"
    assert (code, records[-1]["event"], records[-1]["outcome"]) == (3, "summary", "stopped")
    assert [write["hex"] for write in records[-1]["writes"]][-1] == "0801"
