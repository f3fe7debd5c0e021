"""Stop in every state that can be reached, whatever comes after it.

States are found by search: from a machine without a link, every input of `ALPHABET` is tried in every state not seen
before, until nothing new turns up. Two states are the same if `shape` cannot tell them apart. In each of them Stop is
pressed; from there the search goes on the same way, and every write on its way is looked at. Screens are not in here:
nothing of them reaches the core but the calls of the alphabet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import pytest

from runback.machine.procedure import StartIntent
from runback.machine.stop_latch import Alarm, LatchState
from runback.source import Source
from tests.support.machine.driver import Bench

pytestmark = pytest.mark.timeout(600)
"""They search; a busy computer may take its time over that."""

Act = Callable[[Bench], object]


def passes(seconds: float) -> Act:
    """Time passes in silence, in steps of a second."""

    def act(bench: Bench) -> None:
        for _ in range(round(seconds)):
            bench.now += 1.0
            bench.machine.tick(bench.now)

    return act


def writes(bench: Bench) -> None:
    if bench.offered() is not None:
        bench.machine.written(bench.now)


def wants(speed: int) -> Act:
    def act(bench: Bench) -> None:
        bench.machine.want_speed(speed, Source.PLAN)

    return act


def loses(bench: Bench) -> None:
    bench.lose()


def connects(bench: Bench) -> None:
    if bench.machine.capabilities is None:
        bench.connect()


ALPHABET: dict[str, Act] = {
    "connect": connects,
    "lose": loses,
    "offer": lambda bench: bench.offered(),  # and its writing hangs
    "write": writes,
    "wait 1": passes(1),
    "wait 3": passes(3),
    "wait 15": passes(15),
    "belt 0": lambda bench: bench.belt(0),
    "belt 500": lambda bench: bench.belt(500),
    "granted": lambda bench: bench.answers("800001"),
    "speed taken": lambda bench: bench.answers("800201"),
    "speed failed": lambda bench: bench.answers("800204"),
    "speed not permitted": lambda bench: bench.answers("800205"),
    "start taken": lambda bench: bench.answers("800701"),
    "start not permitted": lambda bench: bench.answers("800705"),
    "pause taken": lambda bench: bench.answers("800801"),
    "busy": lambda bench: bench.refuses(0xFE),
    "stopped at the console": lambda bench: bench.says("0201"),
    "key": lambda bench: bench.says("03"),
    "console sets": lambda bench: bench.says("05bc02"),
    "control lost": lambda bench: bench.says("ff"),
    "arm": lambda bench: bench.gate.arm(),
    "request control": lambda bench: bench.machine.request_control(),
    "start": lambda bench: bench.machine.start(StartIntent(bench.now + 5.0)),
    "want 500": wants(500),
    "want 900": wants(900),
    "pause": lambda bench: bench.machine.pause(),
}

AFTER: dict[str, Act] = {
    "refused control": lambda bench: bench.answers("800005"),
    "stop failed": lambda bench: bench.answers("800804"),
    "stop not permitted": lambda bench: bench.answers("800805"),
    "stop unknown": lambda bench: bench.answers("800802"),
    "paused at the console": lambda bench: bench.says("0202"),
    "write failed": lambda bench: bench.refuses(0x0E),
    "write done": lambda bench: bench.machine.written(bench.now),
    "incline": lambda bench: bench.machine.want_incline(50, Source.PLAN),
    "stop": lambda bench: bench.machine.stop(),
    "wait a little": lambda bench: bench.wait(0.5),
    "belt 450": lambda bench: bench.belt(450),
}
"""What is tried besides once Stop has been pressed."""

INPUTS = ALPHABET | AFTER

LATE = (
    *("granted", "refused control", "speed taken", "start taken"),
    *("pause taken", "stop failed", "stop not permitted"),
    *("stopped at the console", "paused at the console", "key"),
    *("busy", "write failed", "write done"),
)
"""What may arrive between Stop and its first byte, and belongs to something earlier."""


def shape(bench: Bench) -> tuple[object, ...]:
    """What the core's next reactions can depend on, times and figures taken together."""
    machine = bench.machine
    # A search has to see more than a caller does; nothing is changed.
    state, commands = vars(machine)["_state"], vars(machine)["_commands"]
    procedure = state.procedure
    return (
        machine.capabilities is None,
        machine.control,
        machine.belt.state,
        machine.belt.confirmed_at_rest(bench.now),
        machine.gate.armed,
        machine.gate.held,
        commands.ready_at is None or commands.ready_at <= bench.now,
        None if procedure is None else procedure.op,
        state.start_intent is not None,
        state.pause_due,
        state.start_deadline is not None,
        state.renewing,
        machine.speed_trace.value is not None,
        machine.speed.due(bench.now) is not None,
        machine.latch.latched,
    )


def play(path: Iterable[str]) -> Bench:
    bench = Bench()
    for name in path:
        step(bench, name)
    return bench


def step(bench: Bench, name: str) -> None:
    INPUTS[name](bench)
    bench.machine.tick(bench.now)
    if bench.machine.latch.latched and "latched" not in bench.trace:
        bench.trace.append("latched")


@cache
def states() -> tuple[tuple[str, ...], ...]:
    """One shortest way to each state that can be told apart, as far as nobody has stopped the belt; and to those in
    which the watchdog just has."""
    known = {shape(play(()))}
    found: list[tuple[str, ...]] = [()]
    for path in found:  # grows while it is walked
        if stopped(path):
            continue
        for name in ALPHABET:
            longer = (*path, name)
            if (seen := shape(play(longer))) not in known:
                known.add(seen)
                found.append(longer)
    return tuple(found)


def stopped(path: tuple[str, ...]) -> bool:
    return play(path).machine.latch.latched


@cache
def running_states() -> tuple[tuple[str, ...], ...]:
    """Those in which nobody, not even the watchdog, has stopped the belt yet."""
    return tuple(path for path in states() if not stopped(path))


@pytest.mark.full
def test_the_search_finds_every_kind_of_state() -> None:
    found = [shape(play(path)) for path in states()]
    assert len(found) > 500
    for place in range(len(found[0])):
        assert len({state[place] for state in found}) > 1  # nothing that `shape` looks at stays as it was


@pytest.mark.full
def test_stop_is_the_first_thing_offered_in_every_state() -> None:
    for path in running_states():
        bench = play(path)
        online = bench.machine.capabilities is not None
        bench.machine.stop()
        assert bench.offered() == ("0801" if online else None), path
        if not online:
            assert bench.connect().offered() == "0801", path


@pytest.mark.full
def test_stop_is_the_first_thing_offered_whatever_late_answer_comes_between() -> None:
    for path in running_states():
        for late in LATE:
            bench = play(path).connect()
            bench.machine.stop()
            INPUTS[late](bench)
            assert bench.offered() == "0801", (path, late)


@pytest.mark.full
def test_a_hung_stop_is_the_first_thing_offered_on_a_fresh_link_in_every_state() -> None:
    for path in running_states():
        bench = play(path).connect()
        bench.machine.stop()
        assert bench.offered() == "0801", path
        bench.now += 1.0
        assert bench.lose().connect().offered() == "0801", path


def latched_shape(bench: Bench) -> tuple[object, ...]:
    """The same for a machine that is stopped."""
    latch = bench.machine.latch
    inner = vars(latch)
    due = inner["_next"]
    return (
        bench.machine.capabilities is None,
        bench.machine.control,
        bench.machine.belt.state,
        bench.machine.belt.confirmed_at_rest(bench.now),
        latch.state,
        latch.alarm,
        inner["_claim"],
        inner["_claimed_at"] is None,
        inner["_asked_again"],
        due is None or due <= bench.now,
        latch.link_unresponsive(),
    )


@cache
def stopped_states() -> tuple[tuple[str, ...], ...]:
    """Stop pressed in every state, or by the watchdog, and every state that follows from there."""
    ways: dict[tuple[object, ...], tuple[str, ...]] = {}
    for path in [*states(), *((*path, "stop") for path in running_states())]:
        bench = play(path)
        if bench.machine.latch.latched:
            ways.setdefault((shape(bench), latched_shape(bench)), path)
    found = list(ways.values())
    known = {latched for _, latched in ways}
    for path in found:  # grows while it is walked
        for name in INPUTS:
            longer = (*path, name)
            if (seen := latched_shape(play(longer))) not in known:
                known.add(seen)
                found.append(longer)
    return tuple(found)


@pytest.mark.full
def test_after_stop_nothing_but_stop_is_written_on_any_way() -> None:
    for path in stopped_states():
        for name in INPUTS:
            bench = play((*path, name))
            assert bench.machine.latch.latched
            assert only_stop(bench.trace[bench.trace.index("latched") :]), (path, name)


@pytest.mark.full
def test_reset_lets_go_at_rest_only_and_leads_to_no_write() -> None:
    let_go = 0
    for path in stopped_states():
        bench = play(path)
        at_rest = bench.latch() is LatchState.AT_REST
        if bench.machine.reset_stop():
            let_go += 1
            assert at_rest, path
            assert bench.wait(6.0, belt=0) == [], path
        else:
            assert bench.machine.latch.latched
    assert let_go


def only_stop(trace: list[str]) -> bool:
    """Whether nothing went out but Stop, a request for control once after a Stop that was not permitted, and the
    slowest speed to a machine that knows no Stop."""
    may_claim = may_slow = False
    for octets in trace:
        if octets == ">00":
            if not may_claim:
                return False
        elif octets == ">025000":
            if not may_slow:
                return False
        elif octets.startswith(">") and octets != ">0801":
            return False
        may_slow = octets == "<800802" or (may_slow and octets != ">025000")
        may_claim = octets == "<800805" or (may_claim and octets not in (">0801", ">00"))
    return True


BELTS: dict[str, tuple[tuple[float, int], ...]] = {
    # what the belt does after Stop at 5 km/h: (seconds after it, speed measured then)
    "obeys": ((0.5, 470), (1.0, 400), (2.0, 300), (3.0, 200), (4.0, 100), (5.0, 0)),
    "runs on": tuple((at / 2, 500) for at in range(1, 12)),
    "trembles": ((0.5, 499), (1.0, 498), (1.5, 497), (2.0, 496), (3.0, 495)),
    "rises": ((0.5, 520), (1.0, 560)),
    "slows, then rises": ((0.5, 470), (1.0, 450), (1.75, 481)),
    "is silent": (),
    "slows, then is silent": ((1.0, 450),),
}
ALARMS: dict[str, tuple[float, Alarm] | None] = {
    # when training.md wants the alarm, and why; None: never
    "obeys": None,
    "runs on": (1.5, Alarm.NOT_FALLING),
    "trembles": (1.5, Alarm.NOT_FALLING),
    "rises": (1.0, Alarm.RISING),
    "slows, then rises": (1.75, Alarm.RISING),
    "is silent": (1.5, Alarm.NOT_FALLING),
    "slows, then is silent": (2.5, Alarm.NOT_FALLING),
}


@pytest.mark.full
@pytest.mark.parametrize("belt", BELTS)
def test_the_alarm_comes_exactly_when_it_should_in_every_state(belt: str) -> None:
    for path in running_states():
        bench = play(path).connect().runs(500)
        bench.machine.stop()
        assert bench.pump() == ["0801"], path
        bench.answers("800801")
        began, records = bench.now, dict(BELTS[belt])
        for quarter in range(1, 25):
            bench.now = began + quarter / 4
            if quarter / 4 in records:
                bench.belt(records[quarter / 4])
            bench.machine.tick(bench.now)
            due = ALARMS[belt]
            expected = None if due is None or quarter / 4 < due[0] else due[1]
            assert bench.alarm() is expected, (path, quarter / 4)
        assert (bench.latch() is LatchState.AT_REST) == (belt == "obeys")
