"""Stop in every state that can be reached, on machines with habits (quirks.md): the claims of `test_stop_exhaustive`.

What may go ahead of Stop is what the machine's habits say, at the same instant, and Stop follows whatever becomes of
it. The one machine that gets no Stop is the one that Stop would start: its belt has just been measured at rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest

from runback.machine.belt import BeltPhase
from runback.machine.quirks import (
    AckEvidence,
    ControlRequestPolicy,
    MachineQuirks,
    ReportedUnit,
    StartAuthority,
    Unlock,
    VendorWrite,
)
from runback.machine.stop_latch import LatchState
from tests.machine.test_stop_exhaustive import AFTER, ALPHABET, INPUTS, LATE, Act, latched_shape, shape
from tests.support.machine.driver import COMMON, POINT, Bench

pytestmark = pytest.mark.timeout(600)
"""They search; a busy computer may take its time over that."""

VENDOR = "0000fff1-0000-1000-8000-00805f9b34fb"
REPLIES = "0000fff2-0000-1000-8000-00805f9b34fb"
ASKED = Unlock(VendorWrite(VENDOR, b"\xe1"), REPLIES, b"\x71\x80")
PLAIN = Unlock(VendorWrite(VENDOR, b"\xe2"))
PREAMBLE = VendorWrite(VENDOR, b"\xe0")
AHEAD = frozenset({"e0", "e1", "e2"})

HABITS: dict[str, MachineQuirks] = {
    "preamble before each": MachineQuirks(preamble=PREAMBLE, obeys_unclaimed=True, proof=AckEvidence.STATUS),
    "preamble once": MachineQuirks(preamble=PREAMBLE, preamble_once=True, claim=ControlRequestPolicy.TWICE),
    "unlocking that answers": MachineQuirks(unlock=(ASKED,), gap=0.4),
    "unlocking, and a preamble": MachineQuirks(unlock=(PLAIN, ASKED), preamble=PREAMBLE, gap=0.4),
    "claiming starts": MachineQuirks(claim=ControlRequestPolicy.STARTS),
    "claiming each time": MachineQuirks(claim=ControlRequestPolicy.EACH, key=b"\x93"),
    "nobody claims": MachineQuirks(claim=ControlRequestPolicy.NEVER, proof=AckEvidence.BELT),
    "always says yes": MachineQuirks(proof=AckEvidence.BELT, write_unit=ReportedUnit.MPH),
    "stop starts": MachineQuirks(stop_starts=True),
    "stop starts, with a preamble": MachineQuirks(stop_starts=True, preamble=PREAMBLE, proof=AckEvidence.STATUS),
    "keepalive": MachineQuirks(keepalive=1.0),
    "units unknown": MachineQuirks(write_unit=ReportedUnit.UNKNOWN, read_unit=ReportedUnit.UNKNOWN),
    "console first": MachineQuirks(start_by=StartAuthority.CONSOLE_FIRST),
    "starts at the console only": MachineQuirks(start_by=StartAuthority.CONSOLE),
    "blind": MachineQuirks(blind=True),
}
LEFT_OUT = (
    *("wait 15", "wait 3", "want 900", "speed failed", "speed not permitted", "pause taken", "start not permitted"),
    *("console sets", "control lost", "busy", "offer"),
)
MOST = 250
"""States that are looked at for each habit, nearest first; `test_stop_exhaustive` looks at all, without habits."""
MORE: dict[str, Act] = {
    "unlocked": lambda bench: bench.hears(REPLIES, "71800100"),
    "listen": lambda bench: bench.machine.listen(),
}
BEFORE = {name: act for name, act in ALPHABET.items() if name not in LEFT_OUT} | MORE
ALL = INPUTS | MORE
every_habit = pytest.mark.parametrize("habit", HABITS)


def play(habit: str, path: Iterable[str]) -> Bench:
    bench = Bench(replace(COMMON, quirks=HABITS[habit]))
    for name in path:
        step(bench, name)
    return bench


def step(bench: Bench, name: str) -> None:
    ALL[name](bench)
    bench.machine.tick(bench.now)
    if bench.machine.latch.latched and "latched" not in bench.trace:
        bench.trace.append("latched")


def wider(bench: Bench) -> tuple[object, ...]:
    """`shape`, and what habits add to it."""
    machine = bench.machine
    unlock, state = vars(machine.unlock), vars(machine)["_state"]
    return (
        *shape(bench),
        unlock["_unlocked"],
        unlock["_primed"],
        unlock["reply_by"] is None,
        machine.units.stage,
        state.console_started,
        state.claimed,
        state.kept_alive_at is None,
    )


@cache
def states(habit: str) -> tuple[tuple[str, ...], ...]:
    """One shortest way to each state that can be told apart, as long as nobody has stopped the belt."""
    known = {wider(play(habit, ()))}
    found: list[tuple[str, ...]] = [()]
    for path in found:  # grows while it is walked
        if len(found) >= MOST:
            break
        for name in BEFORE:
            bench = play(habit, (*path, name))
            if (seen := wider(bench)) not in known:
                known.add(seen)
                if not bench.machine.latch.latched:
                    found.append((*path, name))
    return tuple(found)


def stop_goes_out(bench: Bench) -> bool:
    """Whether Stop is offered at once, with nothing before it but what has to go ahead of it."""
    for _ in range(4):
        offered = bench.offered()
        if offered not in AHEAD:
            return offered == "0801"
        bench.machine.written(bench.now)
    return False


def spared(bench: Bench) -> bool:
    """Whether Stop would start this belt, which has just been seen at rest, and which we have not told to start."""
    belt = bench.machine.belt
    rests = belt.state is BeltPhase.AT_REST and belt.heard_at is not None and bench.now < belt.heard_at + 2.0
    return bench.machine.quirks.stop_starts and rests


@pytest.mark.full
@every_habit
def test_stop_is_offered_at_once_in_every_state(habit: str) -> None:
    assert len(states(habit)) > 40
    for path in states(habit):
        bench = play(habit, path).connect()
        bench.machine.stop()
        if spared(bench):
            assert bench.offered() is None, path
            bench.now += 0.3
            bench.belt(90)  # it moves after all
        assert stop_goes_out(bench), path


@pytest.mark.full
@every_habit
def test_stop_is_offered_at_once_whatever_late_answer_comes_between(habit: str) -> None:
    for path in states(habit)[::4]:
        for late in LATE:
            bench = play(habit, path).connect()
            bench.machine.stop()
            INPUTS[late](bench)
            assert spared(bench) or stop_goes_out(bench), (path, late)


@pytest.mark.full
@every_habit
def test_a_hung_stop_is_offered_first_on_a_fresh_link(habit: str) -> None:
    for path in states(habit):
        bench = play(habit, path).connect()
        bench.machine.stop()
        if spared(bench):
            continue
        assert stop_goes_out(bench), path
        bench.now += 1.0
        bench.lose().connect()
        if bench.machine.quirks.stop_starts:
            bench.now += 1.5  # a belt that lay still is listened for
        assert stop_goes_out(bench), path


@cache
def stopped_states(habit: str) -> tuple[tuple[str, ...], ...]:
    """Stop pressed in every state, and every state that follows from there."""
    found: list[tuple[str, ...]] = []
    known = set()
    for path in states(habit):
        longer = (*path, "stop")
        bench = play(habit, longer)
        if (seen := (wider(bench), latched_shape(bench))) not in known:
            known.add(seen)
            found.append(longer)
    latched = {latched_shape(play(habit, path)) for path in found}
    ways = list(found)
    for path in ways:  # grows while it is walked
        if len(ways) >= MOST:
            break
        for name in AFTER | BEFORE:
            longer = (*path, name)
            if (shaped := latched_shape(play(habit, longer))) not in latched:
                latched.add(shaped)
                ways.append(longer)
    return tuple(ways)


@pytest.mark.full
@every_habit
def test_after_stop_nothing_is_written_but_stop_and_what_belongs_to_it(habit: str) -> None:
    for path in stopped_states(habit)[::2]:
        for name in AFTER | BEFORE:
            bench = play(habit, (*path, name))
            assert bench.machine.latch.latched
            assert only_stop(habit, bench.trace), (path, name)


@pytest.mark.full
@every_habit
def test_a_belt_that_stop_would_start_gets_none_while_it_is_seen_at_rest(habit: str) -> None:
    for path in stopped_states(habit):
        bench = play(habit, path)
        if spared(bench):
            written = bench.belt(0).wait(6.0, belt=0)
            assert written == [], path
            assert bench.latch() is LatchState.AT_REST, path


@pytest.mark.full
@every_habit
def test_reset_lets_go_at_rest_only_and_leads_to_no_write(habit: str) -> None:
    let_go = 0
    for path in stopped_states(habit):
        bench = play(habit, path)
        at_rest = bench.latch() is LatchState.AT_REST
        if bench.machine.reset_stop():
            let_go += 1
            assert at_rest or habit == "blind", path  # there it is the person's word
            assert bench.wait(6.0, belt=0) == [], path
        else:
            assert bench.machine.latch.latched
    assert let_go > 0


@pytest.mark.full
def test_a_reported_zero_is_no_evidence_on_a_machine_that_always_reports_zero() -> None:
    for path in stopped_states("blind"):
        assert play("blind", path).latch() is not LatchState.AT_REST, path


@pytest.mark.full
@every_habit
def test_the_latch_always_waits_for_something_or_rests(habit: str) -> None:
    for path in stopped_states(habit):
        bench = play(habit, path)
        bench.machine.next_write(bench.now)
        bench.machine.written(bench.now)
        for _ in range(12):
            at = bench.machine.deadline(bench.now)
            if at is None:
                break
            assert at >= bench.now
            stood = at == bench.now
            bench.now = at
            bench.machine.tick(at)
            wrote = 0
            while bench.machine.next_write(at) is not None:
                bench.machine.written(at)
                wrote += 1
                assert wrote < 6, path  # it never turns on the spot
            after = bench.machine.deadline(at)
            assert not stood or after is None or after > at, path


SLOWEST = (">025000", ">023200")
"""0.8 km/h, and the same in miles an hour."""


def only_stop(habit: str, trace: list[str]) -> bool:
    """Whether nothing went out but Stop, what goes ahead of it, and claims where it was not permitted, or where yes
    means nothing; and the slowest speed to a moving belt that knows no Stop. Where claiming starts a belt, only to a
    moving one."""
    quirks = HABITS[habit]
    claim = ">00" + quirks.key.hex()
    may_claim = may_slow = moving = latched = False
    for octets in trace:
        latched = latched or octets == "latched"
        if octets.startswith("<0000"):
            moving = octets != "<00000000"
        if not latched:
            continue
        if octets == claim:
            if not may_claim or (quirks.claim is ControlRequestPolicy.STARTS and not moving):
                return False
        elif octets in SLOWEST:
            if not may_slow or not moving:
                return False
        elif octets.startswith(">") and octets != ">0801" and octets[1:] not in AHEAD:
            return False
        may_slow = octets == "<800802" or (may_slow and octets not in SLOWEST)
        asks = octets == "<800805" or (quirks.proof is AckEvidence.BELT and octets in ("<800801", "<800804", "<800802"))
        may_claim = asks or (may_claim and octets not in (">0801", claim))
    return True


def test_an_unlocking_write_that_is_never_answered_starves_no_stop() -> None:
    """Quirks 6 and 42: such a machine ignores what follows too soon; every other Stop goes bare."""
    bench = Bench(replace(COMMON, quirks=HABITS["unlocking that answers"])).connect()
    bench.machine.stop()
    bench.wait(3.0)
    sent = [octets for _, octets in bench.log]
    assert sent[:6] == ["e1", "0801", "0801", "e1", "0801", "0801"]
    assert {write.uuid for write in bench.writes if not write.ahead} == {POINT}
