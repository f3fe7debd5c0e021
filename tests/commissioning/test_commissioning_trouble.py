"""What may befall a commissioning: a Stop, a lost link, a hand at the console, a machine that disobeys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runback.commissioning.stages import CommissioningStage
from runback.devices.library import loads
from runback.engine.summary import SessionOutcome
from runback.failsafe.safeguard import Missing
from runback.simulator.spec import MachineSpec
from runback.simulator.twin import twin
from tests.support.commissioning.bench import STRANGER, Run, judge

STAGES = [
    CommissioningStage.READ,
    CommissioningStage.STOP,
    CommissioningStage.START,
    CommissioningStage.INCREMENT,
    CommissioningStage.INCLINE,
    CommissioningStage.DISTANCE,
    CommissioningStage.STOP_AGAIN,
]
"""UNITS is over in no time here: who answers does not have to walk to the display. See the session's own tests."""
UNDER_WAY = {
    # on the usual simulated treadmill, seconds after it was connected
    CommissioningStage.READ: 1.5,
    CommissioningStage.STOP: 5.9,
    CommissioningStage.START: 12.0,
    CommissioningStage.INCREMENT: 30.0,
    CommissioningStage.INCLINE: 33.5,
    CommissioningStage.DISTANCE: 50.0,
}
HEAD = (
    'title = "Quirky"\nunverified = "nothing"\n[[evidence]]\nsource = "the test"\nlevel = "inferred"\ncovers = "it"\n'
)


@pytest.mark.full
@pytest.mark.parametrize("stage", STAGES)
def test_a_stop_in_any_stage_is_the_end_and_the_belt_rests(stage: CommissioningStage) -> None:
    run = Run(when={stage: lambda run: run.engine.stop()}).go()
    judge(run)
    assert run.procedure.why == "you stopped the belt"
    assert run.profile() is None
    assert run.belt[-1][1] == 0
    assert stage not in run.procedure.findings.passed


@pytest.mark.full
@pytest.mark.parametrize("stage", UNDER_WAY)
@pytest.mark.parametrize("lasts", ["+3", ""])
def test_a_lost_link_is_the_end_and_nothing_follows_it_but_stop(stage: CommissioningStage, lasts: str) -> None:
    run = Run(faults=(f"link-loss@{UNDER_WAY[stage]}{lasts}",)).go()
    judge(run)
    if stage is CommissioningStage.READ and lasts:
        assert run.through  # nothing had been written: it was read again
        return
    assert run.profile() is None
    lost = next(float(str(event["t"])) for event in run.trace() if event["event"] == "link lost")
    assert {write.data.hex() for at, write in run.engine.writes if at > lost} <= {"0801", "00"}
    if lasts:
        assert run.belt[-1][1] == 0


@pytest.mark.full
@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("console-start@7", "the belt moved without being started from here"),
        ("console-stop@25", "stopped at the console"),
        ("console-speed@50:1.5", "somebody set its speed at the treadmill"),
        ("console-incline@50:3", "somebody set its incline at the treadmill"),
        ("control-taken@50", "another controller has the treadmill"),
        ("safety-key@50", "the safety key was pulled"),
        ("surge@50:3", "the belt is faster than its target"),
        ("dead-telemetry@50", "the treadmill has said nothing for 5 seconds"),
    ],
)
def test_what_should_not_happen_is_the_end(fault: str, why: str) -> None:
    run = Run(faults=(fault,)).go()
    judge(run)
    assert run.profile() is None
    assert why in str(run.procedure.why)


def test_a_countdown_that_is_called_off_is_the_end() -> None:
    """What a start needs has gone (issue 11, point 15)."""

    def goes(run: Run) -> None:
        run.engine.start_condition.needs(lambda: Missing("the guard has died"))
        run.engine.reconsider_start()

    run = Run(when={CommissioningStage.START: goes}).go()
    judge(run)
    assert "the guard has died" in str(run.procedure.why)
    assert "07" not in run.written


def test_before_its_word_a_refused_start_is_only_said() -> None:
    run = Run(
        when={CommissioningStage.READ: lambda run: run.commissioning.refuse_start("not yet", run.engine.now())}
    ).go()
    judge(run)
    assert run.through


def test_a_belt_that_somebody_walks_on_is_read_and_nothing_else() -> None:
    run = Run(replace(MachineSpec(), countdown=0.5), faults=("console-start@1",)).go()
    assert run.procedure.why == "the treadmill did not say for three seconds that its belt is at rest"
    assert run.written == []
    assert run.belt[-1][1] > 0


def test_a_belt_that_comes_to_rest_while_it_is_read_is_waited_for() -> None:
    run = Run(replace(MachineSpec(), countdown=0.5), faults=("console-start@1", "console-stop@20")).go()
    judge(run)
    assert run.through


def test_a_machine_that_refuses_stop_is_never_started() -> None:
    profile = loads(HEAD + '[match]\nname_prefix = ["Quirky"]\n[stop]\nsupported = false', "test", "quirky")
    run = Run(twin(profile), STRANGER).go()
    judge(run)
    assert run.procedure.why == "the treadmill did not take Stop"
    assert run.procedure.findings.passed == (CommissioningStage.READ,)
    assert set(run.written) <= {"0801", "00"}
    assert all(speed == 0 for _, speed in run.belt)


@pytest.mark.full
@pytest.mark.parametrize("answer", ["failed", "success"])
def test_a_machine_that_says_yes_to_stop_and_runs_on_unlocks_nothing(answer: str) -> None:
    run = Run(faults=(f"refuses-stop:{answer}",)).go()
    judge(run)
    assert run.outcome is SessionOutcome.ALARM
    assert run.profile() is None
    assert CommissioningStage.STOP_AGAIN not in run.procedure.findings.passed


def test_a_display_that_shows_something_else_is_the_end() -> None:
    run = Run(display="5.0").go()
    judge(run)
    assert run.procedure.why == "the display does not show what the treadmill reports"
    assert run.profile() is None


def test_a_lost_answer_here_and_there_is_no_end() -> None:
    run = Run(faults=("lost-indication@15+2", "slow-procedure@20+5:1")).go()
    judge(run)
    assert run.through, run.procedure.why
