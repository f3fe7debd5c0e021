"""Stop, on the whole line: from every state of a session, through every fault of the treadmill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from runback.engine.summary import SessionOutcome
from runback.session.model import Intent, Phase
from tests.support.engine.bench import Line, asks, number, plan, stops
from tests.support.engine.rules import judge

Act = Callable[[Line], object]
BEGAN = 0.3
"""The fault clock starts when the link is up."""
STOP_BOUND, FALL_WITHIN, UNSEEN_AFTER = 1.0, 1.5, 2.0
"""Seconds; training.md "Stop", and the engine's own promise."""
FRESH_LINK = 1.0
"""Seconds the simulated link needs to be released, made again and subscribed."""


@dataclass(frozen=True)
class State:
    """How to get into a state of a session, and when it is stopped there."""

    phase: Phase
    at: float
    script: tuple[tuple[float, Act], ...] = ()
    faults: tuple[str, ...] = ()
    start: bool = True
    online: bool = True
    moving: bool = True
    controls: bool = True
    """Whether the treadmill takes our word; if not, it refuses Stop until it has been asked for control (00), which a
    client that hears no refusal never does (some machines start their belt on a 00: quirk 14). Then it is an alarm."""


PAUSE, RESUME = (30.0, asks(Intent.PAUSE)), (40.0, asks(Intent.RESUME))
STATES = {
    # The belt moves from 14.0; walks to 26.0, runs to 41.0, walks to 51.0.
    "connecting": State(Phase.CONNECTING, 0.1, online=False, moving=False),
    "ready": State(Phase.READY, 5.0, start=False, moving=False),
    "countdown": State(Phase.COUNTDOWN, 5.0, moving=False),
    "start just written": State(Phase.STARTING, 10.365, moving=False),
    "starting": State(Phase.STARTING, 11.0, moving=False),
    "running": State(Phase.RUNNING, 20.0),
    "ramping up": State(Phase.RUNNING, 27.0),
    "raise announced": State(Phase.RUNNING, 24.5),
    "plus just written": State(Phase.RUNNING, 21.005, ((18.0, asks(Intent.FASTER)),)),
    "pausing": State(Phase.PAUSING, 30.5, (PAUSE,)),
    "paused": State(Phase.PAUSED, 39.0, (PAUSE,), moving=False),
    "resuming": State(Phase.COUNTDOWN, 45.0, (PAUSE, RESUME), moving=False),
    "link lost": State(Phase.LINK_LOST, 22.0, faults=("link-loss@20+8",), online=False, controls=False),
    "re-arm": State(Phase.REARM, 30.0, faults=("link-loss@20+3",), controls=False),
    "control lost": State(Phase.CONTROL_LOST, 25.0, faults=("control-taken@20",), controls=False),
    "safety key": State(Phase.SAFETY_KEY, 20.4, faults=("safety-key@20",)),
    "ending": State(Phase.ENDING, 51.2),
}
FAULTS = {
    "none": "",
    "hung": "hung-write@{}",
    "hung but obeyed": "hung-write@{}:obeyed",
    "lost indication": "lost-indication@{}",
    "every indication lost": "lost-indication@{}+200",
    "late indication": "late-indication@{}:3",
    "busy": "att-error@{}+1:0xFE",
    "refused by ATT": "att-error@{}+1:0x80",
    "slow procedure": "slow-procedure@{}:2",
    "refuses stop a while": "refuses-stop@{}+6",
    "says yes and runs on": "refuses-stop@{}+6:success",
    "refuses stop for ever": "refuses-stop@{}+1000",
    "link lost": "link-loss@{}+6",
    "link lost for ever": "link-loss@{}",
    "control taken": "control-taken@{}",
    "key pulled": "safety-key@{}",
    "surge": "surge@{}+8",
    "telemetry dies": "dead-telemetry@{}+1000",
    "telemetry pauses": "dead-telemetry@{}+6",
    "creeps afterwards": "creeps-after-stop@{}+10",
    "stops slowly": "slow-stop@{}+1000:0.2",
    "data cut short": "truncated-data@{}+1000:3",
    "data cut to nothing": "truncated-data@{}+1000:0",
    "data split": "split-data@{}+1000",
}
HAPPENS = ("control-taken", "safety-key", "link-loss")
"""Faults that would change the session's state if they came first: 5 ms after Stop has been handed over."""
HANGS = {"hung", "hung but obeyed"}
NEVER_RESTS = {"refuses stop for ever", "link lost for ever", "telemetry dies", "data cut to nothing"}


def stopped(state: State, fault: str = "") -> Line:
    """`stop` called in `state`, `fault` beginning that very moment; run to the end."""
    phases: list[Phase] = []
    begin = round(max(0.0, state.at - BEGAN + (0.005 if fault.startswith(HAPPENS) else -0.001)), 6)
    line = Line(plan(), (*state.faults, *([fault.format(begin)] if fault else [])))

    def stop_there(line: Line) -> None:
        phases.append(line.session.phase)
        line.engine.stop()

    line.attended(*state.script, (state.at, stop_there), until=state.at, start=state.start)
    assert phases == [state.phase]
    return line


@pytest.mark.full
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("state", STATES)
def test_stop_goes_out_at_once_and_the_belt_rests_or_the_alarm_is_raised(state: str, fault: str) -> None:
    begun = STATES[state]
    line = stopped(begun, FAULTS[fault])
    after = [(at, octets) for at, octets in line.written() if at >= begun.at]
    assert {octets for _, octets in after} <= {"0801", "00"}
    if begun.phase is not Phase.ENDING and not (fault.startswith("link lost") and not begun.online):
        first_at, first = after[0]
        assert first == "0801"
        if begun.online:
            assert first_at == pytest.approx(begun.at, abs=1e-9)
        else:
            ready = [at for at in line.link.connected_at if at <= first_at]
            assert first_at - ready[-1] <= 0.2
    judge(line)
    deaf = fault == "every indication lost" and not begun.controls
    if fault not in NEVER_RESTS and not deaf:
        assert line.rested
    if not line.rested or (begun.moving and fault in ("link lost for ever", "telemetry dies", "data cut to nothing")):
        assert line.events("alarm")


@pytest.mark.full
@pytest.mark.parametrize("fault", sorted(HANGS))
@pytest.mark.parametrize("state", [name for name, state in STATES.items() if state.online and name != "ending"])
def test_a_hung_stop_is_sent_again_by_a_fresh_link_within_its_bound(state: str, fault: str) -> None:
    begun = STATES[state]
    line = stopped(begun, FAULTS[fault])
    again = [at for at, octets in line.written() if octets == "0801" and at > begun.at]
    assert again[0] <= begun.at + STOP_BOUND + FRESH_LINK
    assert line.link.connected_at[-1] > begun.at


def test_stop_does_not_wait_for_a_write_that_hangs_already() -> None:
    state = State(Phase.RUNNING, 22.0, ((18.0, asks(Intent.FASTER)),))
    line = Line(plan(), (f"hung-write@{20.0 - BEGAN}",)).attended(*state.script, (22.0, stops), until=22.0)
    hung, first, second = [(at, octets) for at, octets in line.written() if at > 20.0][:3]
    assert [octets for _, octets in (hung, first, second)] == ["02c201", "0801", "0801"]
    assert first[0] == pytest.approx(22.0, abs=1e-9)  # handed over at once; it waits behind the hung one
    assert second[0] <= 22.0 + STOP_BOUND + FRESH_LINK
    judge(line)
    assert line.rested


@pytest.mark.parametrize("presses", [2, 5])
@pytest.mark.parametrize("gap", [0.0, 0.001, 0.02, 0.2])
def test_pressing_stop_again_and_again_does_not_hold_it_up(presses: int, gap: float) -> None:
    script = [(20.0 + gap * press, stops) for press in range(presses)]
    line = Line(plan()).attended(*script, until=25.0)
    taken = [each.at for each in line.treadmill.received if each.data == b"\x08\x01"]
    assert taken[0] == pytest.approx(20.0, abs=0.001)
    assert line.outcome is SessionOutcome.STOPPED
    judge(line)


@pytest.mark.full
@pytest.mark.parametrize("state", [name for name, state in STATES.items() if state.online and state.moving])
def test_a_belt_that_does_not_slow_down_raises_the_alarm_in_time(state: str) -> None:
    begun = STATES[state]
    line = stopped(begun, FAULTS["refuses stop for ever"])
    if state not in ("safety key", "pausing", "ending"):
        assert number(line.events("alarm")[0], "t") <= begun.at + FALL_WITHIN + 0.01
        assert line.outcome is SessionOutcome.ALARM


@pytest.mark.parametrize("fault", ["telemetry dies", "data cut to nothing"])
def test_a_belt_nobody_can_see_raises_the_alarm_in_time(fault: str) -> None:
    line = stopped(STATES["running"], FAULTS[fault])
    assert number(line.events("alarm")[0], "t") <= 20.0 + UNSEEN_AFTER + 0.01
    assert line.outcome is SessionOutcome.ALARM


def test_the_latch_holds_through_a_lost_link_and_is_let_go_only_by_a_reset_that_starts_nothing() -> None:
    line = Line(plan(), ("link-loss@20+4",)).attended(
        (20.1, stops), (35.0, asks(Intent.RESUME)), (36.0, asks(Intent.RESET)), until=80.0
    )
    assert {octets for at, octets in line.written() if at > 20.0} == {"0801", "00"}
    assert line.events("reset")
    assert line.session.phase is Phase.PAUSED
    judge(line)


def test_a_reset_while_the_belt_still_moves_is_refused() -> None:
    line = Line(plan(), ("slow-stop@19+100:0.2",)).attended((20.0, stops), (21.0, asks(Intent.RESET)), until=21.5)
    assert not line.events("reset")
    judge(line)


@pytest.mark.full
@pytest.mark.parametrize("delay", [0.0, 0.005, 0.012, 0.02, 0.04, 0.5, 2.0, 2.9, 3.0, 3.5])
def test_a_pause_at_any_moment_of_a_start_leaves_no_belt_moving(delay: float) -> None:
    line = Line(plan()).attended((10.36 + delay, asks(Intent.PAUSE)), until=40.0)
    moved = [speed for at, speed in line.belt if at > 10.36 + delay + 4.0]
    assert set(moved) == {0}
    judge(line)


def test_a_pause_before_a_start_could_go_out_takes_the_start_back() -> None:
    line = Line(plan(), ("slow-procedure@0+12:12",)).attended((10.5, asks(Intent.PAUSE)), until=60.0)
    assert {speed for _, speed in line.belt} == {0}
    judge(line)
