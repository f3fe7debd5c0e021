"""What may be asked in each phase, and what each signal leads to: every cell of both tables."""

from __future__ import annotations

import pytest

from runback.machine.events import Axis, ConsoleChanged, Garbled, Measured, Refused, Signal
from runback.session.model import CueKind, Intent, MachineRequest, ManualMode, Phase
from runback.session.transitions import ALLOWED, SIGNALS, at_rest
from tests.support.session.stage import LOW, Stage, brought_to

SETTLED = {Phase.STOPPED, Phase.ENDING, Phase.COMPLETED}

ASKED: dict[tuple[Phase, Intent], tuple[Phase, list[MachineRequest]]] = {
    # (phase, ask): (phase afterwards, orders). Written from the issue and training.md, not from the code's table.
    (Phase.CONNECTING, Intent.QUIT): (Phase.CONNECTING, [MachineRequest.QUIT]),
    (Phase.READY, Intent.START): (Phase.COUNTDOWN, [MachineRequest.ARM]),
    (Phase.READY, Intent.QUIT): (Phase.READY, [MachineRequest.QUIT]),
    (Phase.COUNTDOWN, Intent.PAUSE): (Phase.READY, []),
    (Phase.STARTING, Intent.PAUSE): (Phase.PAUSING, [MachineRequest.PAUSE]),
    (Phase.RUNNING, Intent.PAUSE): (Phase.PAUSING, [MachineRequest.PAUSE]),
    (Phase.RUNNING, Intent.FASTER): (Phase.RUNNING, []),
    (Phase.RUNNING, Intent.SLOWER): (Phase.RUNNING, []),
    (Phase.RUNNING, Intent.STEEPER): (Phase.RUNNING, []),
    (Phase.RUNNING, Intent.FLATTER): (Phase.RUNNING, []),
    (Phase.RUNNING, Intent.SKIP): (Phase.RUNNING, []),
    (Phase.RUNNING, Intent.REPEAT): (Phase.RUNNING, []),
    (Phase.RUNNING, Intent.EXTEND): (Phase.RUNNING, []),
    (Phase.RUNNING, Intent.EASE_OFF): (Phase.RUNNING, []),
    (Phase.RUNNING, Intent.TROUBLE): (Phase.RUNNING, []),
    (Phase.PAUSED, Intent.RESUME): (Phase.COUNTDOWN, [MachineRequest.ARM]),
    (Phase.PAUSED, Intent.QUIT): (Phase.PAUSED, [MachineRequest.QUIT]),
    (Phase.LINK_LOST, Intent.QUIT): (Phase.LINK_LOST, [MachineRequest.QUIT]),
    (Phase.REARM, Intent.REARM): (Phase.REARM, [MachineRequest.ARM]),
    (Phase.CONTROL_LOST, Intent.REARM): (Phase.CONTROL_LOST, [MachineRequest.ARM]),
    (Phase.SAFETY_KEY, Intent.RESUME): (Phase.COUNTDOWN, [MachineRequest.ARM]),
    (Phase.SAFETY_KEY, Intent.QUIT): (Phase.SAFETY_KEY, [MachineRequest.QUIT]),
    (Phase.COMPLETED, Intent.QUIT): (Phase.COMPLETED, [MachineRequest.QUIT]),
    (Phase.STOPPED, Intent.RESET): (Phase.STOPPED, [MachineRequest.RESET]),
    (Phase.STOPPED, Intent.QUIT): (Phase.STOPPED, [MachineRequest.QUIT]),
}

LED: dict[tuple[Phase, Signal], tuple[Phase, list[MachineRequest]]] = {
    # The same for signals. Anything not listed changes neither phase nor orders.
    (Phase.CONNECTING, Signal.LINK_UP): (Phase.READY, []),
    (Phase.READY, Signal.LINK_DOWN): (Phase.CONNECTING, []),
    (Phase.COUNTDOWN, Signal.LINK_DOWN): (Phase.LINK_LOST, []),
    (Phase.COUNTDOWN, Signal.CONTROL_REFUSED): (Phase.READY, []),
    (Phase.COUNTDOWN, Signal.CONTROL_LOST): (Phase.READY, []),
    (Phase.COUNTDOWN, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, []),
    (Phase.STARTING, Signal.BELT_MOVED): (Phase.RUNNING, []),
    (Phase.STARTING, Signal.START_FAILED): (Phase.READY, []),
    (Phase.STARTING, Signal.CONTROL_REFUSED): (Phase.READY, []),
    (Phase.STARTING, Signal.CONTROL_LOST): (Phase.CONTROL_LOST, []),
    (Phase.STARTING, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, []),
    (Phase.STARTING, Signal.LINK_DOWN): (Phase.LINK_LOST, []),
    (Phase.RUNNING, Signal.BELT_RESTED): (Phase.PAUSED, []),
    (Phase.RUNNING, Signal.CONSOLE_PAUSED): (Phase.PAUSING, []),
    (Phase.RUNNING, Signal.CONSOLE_STOPPED): (Phase.PAUSING, []),
    (Phase.RUNNING, Signal.CONTROL_LOST): (Phase.CONTROL_LOST, []),
    (Phase.RUNNING, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, []),
    (Phase.RUNNING, Signal.LINK_DOWN): (Phase.LINK_LOST, []),
    (Phase.PAUSING, Signal.BELT_RESTED): (Phase.PAUSED, []),
    (Phase.PAUSING, Signal.START_FAILED): (Phase.PAUSED, []),
    (Phase.PAUSING, Signal.BELT_MOVED): (Phase.PAUSING, [MachineRequest.PAUSE]),
    (Phase.PAUSING, Signal.PAUSE_REFUSED): (Phase.STOPPED, [MachineRequest.STOP]),
    (Phase.PAUSING, Signal.CONTROL_LOST): (Phase.CONTROL_LOST, []),
    (Phase.PAUSING, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, []),
    (Phase.PAUSING, Signal.LINK_DOWN): (Phase.LINK_LOST, []),
    (Phase.PAUSED, Signal.LINK_DOWN): (Phase.LINK_LOST, []),
    (Phase.PAUSED, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, []),
    (Phase.LINK_LOST, Signal.LINK_UP): (Phase.REARM, []),
    (Phase.REARM, Signal.CONTROL_GRANTED): (Phase.RUNNING, []),
    (Phase.REARM, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, []),
    (Phase.REARM, Signal.LINK_DOWN): (Phase.LINK_LOST, []),
    (Phase.CONTROL_LOST, Signal.CONTROL_GRANTED): (Phase.RUNNING, []),
    (Phase.CONTROL_LOST, Signal.BELT_RESTED): (Phase.PAUSED, []),
    (Phase.CONTROL_LOST, Signal.SAFETY_KEY): (Phase.SAFETY_KEY, []),
    (Phase.CONTROL_LOST, Signal.LINK_DOWN): (Phase.LINK_LOST, []),
    (Phase.SAFETY_KEY, Signal.LINK_DOWN): (Phase.LINK_LOST, []),
    (Phase.ENDING, Signal.STOP_CONFIRMED): (Phase.COMPLETED, []),
    (Phase.ENDING, Signal.STOP_ALARM): (Phase.STOPPED, []),
    (Phase.ENDING, Signal.STOP_UNSEEN): (Phase.COMPLETED, []),
}


def state(stage: Stage) -> tuple[object, ...]:
    """All that a person or a machine would notice of a session, but its notice."""
    session, timeline = stage.session, stage.session.speed_plan.timeline
    return (
        session.phase,
        session.target,
        session.incline,
        session.stop_reason,
        session.incline_target.offset,
        session.speed_plan.source,
        session.speed_plan.commanded,
        timeline.index,
        timeline.start,
        tuple(timeline.steps),
        dict(timeline.offsets),
        timeline.easing,
        session.announced is None,
        stage.position,
    )


@pytest.mark.parametrize(
    ("phase", "ask"),
    [
        (Phase.READY, Intent.START),
        (Phase.PAUSED, Intent.RESUME),
        (Phase.SAFETY_KEY, Intent.RESUME),
        (Phase.STOPPED, Intent.RESET),
    ],
)
def test_an_enter_behind_a_q_starts_nothing(phase: Phase, ask: Intent) -> None:
    """Seen in a terminal: q, then Enter before the session had left, began a countdown."""
    stage = brought_to(phase).forget().ask(Intent.QUIT).ask(ask)
    assert stage.phase is phase
    starts = ask is not Intent.RESET  # letting the latch go moves nothing
    assert (stage.session.notice == "you are leaving: nothing starts") is starts


@pytest.mark.full
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("ask", [ask for ask in Intent if ask is not Intent.STOP])
def test_what_may_not_be_asked_changes_nothing_but_the_notice(phase: Phase, ask: Intent) -> None:
    stage = brought_to(phase).forget()
    before = state(stage)
    stage.ask(ask)
    if (phase, ask) in ASKED:
        led, orders = ASKED[phase, ask]
        assert (stage.phase, stage.ordered) == (led, orders)
    else:
        assert state(stage) == before
        assert (stage.ordered, stage.cues) == ([], [])
        assert stage.session.notice == f"{ask.value} is not possible now ({phase.value})"


def test_the_table_of_asks_is_the_one_these_tests_were_written_from() -> None:
    assert {(phase, ask) for phase, asks in ALLOWED.items() for ask in asks} == set(ASKED)
    assert set(ALLOWED) == set(Phase)


@pytest.mark.parametrize("phase", Phase)
def test_stop_may_be_asked_everywhere_and_leaves_nothing_wanted(phase: Phase) -> None:
    stage = brought_to(phase).forget().ask(Intent.STOP)
    assert stage.phase is (phase if phase in SETTLED else Phase.STOPPED)
    assert stage.speed is None
    assert stage.session.incline is None
    assert stage.session.announced is None
    assert stage.ordered == []  # the engine has latched it before
    assert (CueKind.STOPPED in stage.kinds()) is (phase not in SETTLED)
    stage.wait(600.0)
    assert stage.ordered == []


@pytest.mark.full
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("signal", Signal)
def test_a_signal_leads_where_the_table_says_and_nowhere_else(phase: Phase, signal: Signal) -> None:
    stage = brought_to(phase).forget()
    before = state(stage)
    stage.hear(signal)
    led, orders = LED.get((phase, signal), (phase, []))
    assert (stage.phase, stage.ordered) == (led, orders)
    if (phase, signal) not in LED and signal not in (Signal.WENT_QUIET, Signal.HEARD_AGAIN, Signal.STANDS):
        assert state(stage) == before


def test_the_table_of_signals_leads_from_where_these_tests_say() -> None:
    leading = {key for key, (phase, _) in SIGNALS.items() if phase is not None}
    only_said = {(Phase.PAUSING, Signal.BELT_MOVED)}
    only_with_more = {(Phase.STARTING, Signal.CONTROL_GRANTED), (Phase.STARTING, Signal.BELT_RESTED)}
    assert leading == set(LED) - only_said | only_with_more


@pytest.mark.parametrize(("phase", "signal"), SIGNALS)
def test_every_trouble_is_told_in_a_line(phase: Phase, signal: Signal) -> None:
    told = SIGNALS[phase, signal][1]
    stage = brought_to(phase)
    if (phase, signal) == (Phase.STARTING, Signal.BELT_RESTED):
        stage = moving_while_starting()
    stage.hear(signal)
    assert told in (None, stage.session.notice, stage.session.stop_reason)


def moving_while_starting() -> Stage:
    """Started at the console during the countdown; nobody has given control yet."""
    stage = Stage().hear(Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.START).hear(Signal.BELT_MOVED).wait(10.0)
    assert stage.phase is Phase.STARTING
    return stage


def test_a_belt_moving_at_the_end_of_the_countdown_is_not_started_again() -> None:
    stage = moving_while_starting()
    assert MachineRequest.START not in stage.ordered
    stage.wait(1.0).hear(Signal.CONTROL_GRANTED)
    assert (stage.phase, stage.speed) == (Phase.RUNNING, 450)


def test_a_belt_that_rests_before_control_is_given_is_stopped_for_good() -> None:
    stage = moving_while_starting().forget().hear(Signal.BELT_RESTED)
    assert (stage.phase, stage.ordered) == (Phase.STOPPED, [MachineRequest.STOP])
    stage.hear(Signal.CONTROL_GRANTED).wait(60.0)
    assert (stage.phase, stage.ordered) == (Phase.STOPPED, [MachineRequest.STOP])


def test_a_belt_moving_with_control_at_the_end_of_the_countdown_is_taken_over_there() -> None:
    stage = Stage().hear(Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.START)
    stage.hear(Signal.CONTROL_GRANTED, Signal.BELT_MOVED).measure(900).wait(9.9)
    assert stage.speed is None
    stage.wait(0.1)
    assert (stage.phase, stage.session.target, MachineRequest.START in stage.ordered) == (Phase.RUNNING, 450, False)


@pytest.mark.parametrize("phase", Phase)
def test_the_belt_is_wanted_to_move_only_while_starting_or_running(phase: Phase) -> None:
    stage = brought_to(phase)
    assert (stage.speed is not None) is (phase in (Phase.STARTING, Phase.RUNNING))
    resting = {Phase.CONNECTING, Phase.READY, Phase.PAUSED, Phase.COMPLETED, Phase.STOPPED}
    assert at_rest(phase) is (phase in resting)


@pytest.mark.parametrize("phase", Phase)
def test_a_letting_go_of_the_latch_matters_only_when_stopped(phase: Phase) -> None:
    stage = brought_to(phase).forget()
    stage.session.released()
    assert stage.phase is (Phase.READY if phase is Phase.STOPPED else phase)
    stage.wait(60.0) if phase is not Phase.RUNNING else None
    assert MachineRequest.START not in stage.ordered or phase is Phase.COUNTDOWN


@pytest.mark.parametrize("phase", Phase)
def test_facts_that_are_no_signals_lead_nowhere(phase: Phase) -> None:
    stage = brought_to(phase).forget()
    stage.hear(Garbled("uuid", "why"), Measured(stage.now, None), Measured(stage.now, 300))
    assert stage.phase is phase
    stage.hear(ConsoleChanged(Axis.INCLINE, 20), ConsoleChanged(Axis.SPEED, 600))
    assert (stage.phase, stage.ordered) == (phase, [])


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (Refused(Axis.SPEED, 1250, "the treadmill refused it"), "speed 12.5 km/h: the treadmill refused it"),
        (Refused(Axis.INCLINE, 15, "the treadmill refused it"), "incline 1.5 %: the treadmill refused it"),
    ],
)
def test_a_refused_target_is_told_in_the_unit_people_read(refused: Refused, told: str) -> None:
    assert brought_to(Phase.RUNNING).hear(refused).session.notice == told


# -- a belt that stands after its start (quirk 52) --------------------------------------------------------------------


def test_quirk_52_a_belt_that_stands_is_told_its_slowest_speed_after_three_counts() -> None:
    stage = brought_to(Phase.STARTING).forget().hear(Signal.STANDS)
    raised = stage.session.announced
    assert raised is not None
    assert (raised.speed, raised.due - stage.now) == (LOW, 3.0)
    assert stage.wait(2.9).ordered == []
    assert stage.wait(0.2).ordered == [MachineRequest.ROUSE]
    assert [cue.seconds for cue in stage.cues if cue.kind is CueKind.COUNTDOWN] == [3, 2, 1]
    assert stage.phase is Phase.STARTING
    stage.hear(Signal.BELT_MOVED)
    assert (stage.phase, stage.session.notice) == (Phase.RUNNING, None)


@pytest.mark.parametrize("ends", [Signal.BELT_MOVED, Signal.START_FAILED, Signal.LINK_DOWN, Signal.SAFETY_KEY, None])
def test_quirk_52_it_is_not_told_once_anything_has_come_in_between(ends: Signal | None) -> None:
    stage = brought_to(Phase.STARTING).hear(Signal.STANDS).forget().wait(1.0)
    if ends is None:
        stage.ask(Intent.STOP)
    else:
        stage.hear(ends)
    assert MachineRequest.ROUSE not in stage.wait(30.0).ordered


@pytest.mark.parametrize("by_hand", [ManualMode.START, ManualMode.EVERYTHING])
def test_quirk_52_a_belt_that_a_hand_starts_is_not_told(by_hand: ManualMode) -> None:
    stage = Stage()
    stage.session.by_hand = by_hand
    stage.hear(Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.START).hear(Signal.CONTROL_GRANTED).wait(10.0)
    assert stage.phase is Phase.STARTING
    stage.hear(Signal.STANDS)
    assert MachineRequest.ROUSE not in stage.wait(10.0).ordered
