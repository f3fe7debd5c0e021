"""What is said of the belt, of an end and of a refusal is what was measured, when it was. Issue 11, point 11."""

from __future__ import annotations

import asyncio

import pytest

from runback.cli.run_session import conclude
from runback.cli.session_factory import unwrap_group
from runback.engine import fallback_prompt, summary
from runback.engine.headless import run_headless
from runback.engine.recorder import Recorder
from runback.errors import PAIR_FIRST, BeltNotSeen, PairingWanted
from runback.ipc.messages import Snapshot
from runback.session.model import Intent, Phase
from runback.tui.cockpit import texts
from runback.workout.model import Step
from tests.support.engine.bench import RUN, Line, asks, plan, stops


@pytest.mark.parametrize("letting_go", [2.0, 3.0, 10.0])
def test_the_last_line_counts_from_the_sessions_end_and_not_from_the_links(letting_go: float) -> None:
    line = Line(plan())
    line.link.letting_go = letting_go
    line.attended((26.0, stops), until=40.0)
    assert line.lines[-1] == "The belt is at rest."


def test_how_long_the_belt_was_not_seen_is_counted_to_the_sessions_end() -> None:
    line = Line(plan(), ("dead-telemetry@25",))
    line.link.letting_go = 10.0
    line.attended((26.0, stops), until=40.0)
    said = line.lines[-1]
    assert said.startswith("The belt was last seen at 4.0 km/h, ")
    ended = line.engine.ended_at
    assert ended is not None
    assert said.endswith(f" {ended - line.engine.seen.belt[1]:.0f} s before the end.")


def test_the_start_is_promised_once_and_only_when_it_is_about_to_be_counted_down() -> None:
    line, promised = Line(plan()), list[Phase]()
    line.run(lambda: run_headless(line.engine, begins=lambda: promised.append(line.session.phase)))
    assert promised == [Phase.READY]
    assert line.outcome is summary.SessionOutcome.COMPLETED


@pytest.mark.parametrize("code", [0x05, 0x0C, 0x0F])
def test_control_refused_for_want_of_pairing_says_so_and_what_to_do(code: int) -> None:
    """Core vol 3 F 3.4.1.1: Insufficient Authentication, Encryption Key Size, Encryption."""
    line = Line(plan(), (f"att-error@0+600:{code:#04x}",)).headless()
    assert line.session.stop_reason == PAIR_FIRST


def test_a_treadmill_whose_answers_pairing_keeps_from_us_is_refused_before_anything_is_written() -> None:
    line = Line(plan(), ("wants-pairing:subscribe",))
    with pytest.raises(BaseExceptionGroup) as failed:
        line.headless()
    assert failed.group_contains(PairingWanted)
    assert line.written() == []


@pytest.mark.full
def test_a_stop_is_written_though_pairing_is_wanted_and_its_alarm_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    line = Line(plan(), ("att-error@20+600:0x0F",)).attended((26.0, stops), until=120.0)
    assert line.outcome is summary.SessionOutcome.ALARM
    assert "0801" in [data for at, data in line.written() if at >= 26.0]

    async def concluding() -> int:
        return conclude(line.engine, Recorder(), json=False)

    assert asyncio.run(concluding()) == 4
    assert f"runback: {PAIR_FIRST}\n" in capsys.readouterr().err


class _Broken(Exception):
    pass


@pytest.mark.full
def test_a_program_that_fails_with_a_moving_belt_ends_with_the_alarm_and_no_other_code() -> None:
    line = Line(plan(Step(RUN, 600, 800)), ("refuses-stop",))

    async def running() -> None:
        async def failing() -> None:
            await asyncio.sleep(30)
            raise _Broken

        async with asyncio.TaskGroup() as group:
            group.create_task(run_headless(line.engine))
            group.create_task(failing())

    with pytest.raises(BeltNotSeen, match="STEP OFF, pull the safety key"):
        line.run(lambda: unwrap_group(running(), line.engine, None))


def test_without_a_screen_rest_is_said_only_of_a_belt_that_was_measured() -> None:
    heard: list[str] = []
    line = Line(plan(), ("link-loss@0",))
    line.attended(
        (2.0, lambda line: heard.extend(fallback_prompt.lines(line.engine, "it died"))), until=3.0, start=False
    )
    assert heard == ["runback: it died; nothing was sent to the treadmill. Enter shows it again, q leaves."]


def test_a_link_that_is_back_is_not_called_missing_before_the_first_record() -> None:
    shown: list[Snapshot] = []

    def look(line: Line) -> None:
        shown.append(line.engine.snapshot())

    line = Line(plan(), ("link-loss@25+5", "dead-telemetry@25+60"))
    line.attended(*((at / 4, look) for at in range(100, 200)), (55.0, asks(Intent.QUIT)), until=56.0)
    back = [each for each in shown if each.phase is Phase.REARM]
    lost = [each for each in shown if each.phase is Phase.LINK_LOST]
    assert back
    assert lost
    assert {texts.link(each)[0] for each in back} == {"○ nothing heard yet"}
    assert {texts.link(each)[0] for each in lost} == {"○ no link"}
