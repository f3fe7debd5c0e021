"""Whatever arrives and whatever is wanted, in any order: the promises hold.

A witness stands beside the core. It knows only what went in and what came out, keeps its own small account of both
(`tests.support.machine.witness`), and judges every write by it.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from runback.errors import LimitError
from runback.machine.client import Capabilities
from runback.machine.procedure import StartIntent
from runback.machine.stop_latch import LatchState
from runback.machine.targets import SupportedRange
from runback.safety.gate import Caps, Gate, Rates
from runback.source import Source
from tests.support.effort import examples
from tests.support.machine.driver import DATA, POINT, STATUS, Bench
from tests.support.machine.witness import Witness

pytestmark = pytest.mark.timeout(600)
"""It draws long stories; a busy computer may take its time over that."""

ABLE = Capabilities(SupportedRange(96, 1888, 32), SupportedRange(-20, 100, 5))
CAPS = Caps(plan=1500)
RATES = Rates(per_command=200, per_second=300)

answers = st.sampled_from([f"80{op}{result}" for op in ("00", "02", "03", "07", "08") for result in ("01", "04", "05")])
statuses = st.sampled_from(["01", "0201", "0202", "03", "04", "052c01", "05b004", "050000", "063200", "ff"])


rough = precondition(lambda self: not self.calm)
"""What ends a run sooner or later: without these in some stories few targets would ever be written."""


class Promises(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate(CAPS, RATES)
        self.bench = Bench(ABLE, gate=self.gate)
        self.witness = Witness(ABLE, CAPS, RATES, self.bench.gap)
        self.intents: list[StartIntent] = []
        self.calm = False

    @initialize(begun=st.booleans(), calm=st.booleans())
    def some_stories_begin_with_a_belt_that_runs_and_some_are_calm(self, *, begun: bool, calm: bool) -> None:
        self.calm = calm
        if begun or calm:
            self.link_comes()
            self.arrives(DATA, "00000000")
            self.person_arms()
            self.person_starts(50)
            for _ in range(2):
                self.pump()
                self.machine_takes_it()
                self.time_passes(3)
            self.arrives(DATA, "0000f401")

    # -- what happens to it -------------------------------------------------------------------------------------------

    @rule(tenths=st.integers(1, 20), heard=st.booleans())
    def time_passes(self, tenths: int, *, heard: bool = False) -> None:
        self.bench.now = round(self.bench.now + tenths / 10, 6)
        if heard:
            self.belt_obeys()
        self.tick()

    @rule()
    def link_comes(self) -> None:
        if self.bench.machine.capabilities is None:
            self.bench.connect()
            self.witness.link_up()
        self.tick()

    @rough
    @rule()
    def link_goes(self) -> None:
        self.bench.lose()
        self.witness.link_down()
        self.tick()

    @rough
    @rule(change=st.sampled_from([-100, -20, 0, 20, 100]))
    def belt_is_measured(self, change: int) -> None:
        speed = max(0, (self.bench.measured() or 0) + change)
        self.arrives(DATA, "0000" + speed.to_bytes(2, "little").hex())

    @rule()
    def belt_obeys(self) -> None:
        speed, target = self.bench.measured() or 0, self.bench.machine.speed.sent
        aim = speed if target is None else max(speed - 100, min(target, speed + 100))
        self.arrives(DATA, "0000" + aim.to_bytes(2, "little").hex())

    @rough
    @rule()
    def belt_rests(self) -> None:
        self.arrives(DATA, "00000000")

    @rule()
    def machine_takes_it(self) -> None:
        """The likeliest answer: what is under way succeeds."""
        if self.witness.procedure is not None:
            self.arrives(POINT, f"80{self.witness.procedure:02x}01")

    @rough
    @rule(octets=answers)
    def machine_answers(self, octets: str) -> None:
        self.arrives(POINT, octets)

    @rough
    @rule(octets=statuses)
    def machine_says(self, octets: str) -> None:
        self.arrives(STATUS, octets)

    @rough
    @rule(uuid=st.sampled_from([DATA, STATUS, POINT]), data=st.binary(max_size=8))
    def anything_arrives(self, uuid: str, data: bytes) -> None:
        self.arrives(uuid, data.hex())

    def arrives(self, uuid: str, octets: str) -> None:
        if self.bench.machine.capabilities is not None:
            self.witness.hears(uuid, bytes.fromhex(octets), self.bench.now)
            self.bench.hears(uuid, octets)
        self.tick()

    def tick(self) -> None:
        self.witness.time(self.bench.now)
        self.bench.machine.tick(self.bench.now)
        if self.bench.machine.latch.latched:
            self.witness.stopped()

    # -- what is wanted of it -----------------------------------------------------------------------------------------

    @rule()
    def person_arms(self) -> None:
        self.gate.arm()
        self.bench.machine.request_control()

    @precondition(lambda self: not self.bench.measured())  # a session asks for no start of a belt that runs
    @rule(good_for=st.integers(0, 80))
    def person_starts(self, good_for: int) -> None:
        self.intents.append(StartIntent(self.bench.now + good_for / 10))
        self.bench.machine.start(self.intents[-1])
        self.witness.start_asked(self.intents[-1].expires)

    @precondition(lambda self: self.intents and self.intents[0].spent and not self.bench.measured())
    @rule()
    def a_spent_intent_is_tried_again(self) -> None:
        self.bench.machine.start(self.intents[0])
        self.witness.start_asked(self.bench.now)  # that is: good for nothing

    @rule(speed=st.one_of(st.integers(90, 1510), st.integers(-50, 2200)), source=st.sampled_from(Source))
    def a_speed_is_wanted(self, speed: int, source: Source) -> None:
        with suppress(LimitError):
            self.bench.machine.want_speed(speed, source)
        self.pump()

    @rule(incline=st.integers(-40, 120))
    def an_incline_is_wanted(self, incline: int) -> None:
        with suppress(LimitError):
            self.bench.machine.want_incline(incline, Source.PLAN)

    @rough
    @rule()
    def person_pauses(self) -> None:
        self.bench.machine.pause()
        self.witness.paused()

    @rough
    @rule()
    def person_stops(self) -> None:
        self.bench.machine.stop()
        self.witness.stopped()

    @rule()
    def person_resets(self) -> None:
        at_rest = self.bench.latch() is LatchState.AT_REST
        if self.bench.machine.reset_stop():
            self.witness.latched = False
            assert at_rest
            assert self.bench.offered() is None

    # -- what comes out -----------------------------------------------------------------------------------------------

    @rule(end=st.sampled_from(["written", "answered first", "busy", "failed"]))
    def pump_once(self, end: str) -> None:
        self.tick()
        if self.bench.offered() is None:
            return
        self.witness.sees(self.bench.writes[-1], self.bench.now, opened=self.gate.open)
        if end == "answered first":
            self.machine_takes_it()
        if end in ("busy", "failed"):
            self.witness.refused(busy=end == "busy")
            self.bench.refuses(0xFE if end == "busy" else 0x0E)
        else:
            self.bench.machine.written(self.bench.now)

    @rule()
    def pump(self) -> None:
        self.pump_once("written")

    @invariant()
    def a_latched_machine_with_a_link_always_waits_for_something_or_rests(self) -> None:
        at = self.bench.machine.deadline(self.bench.now)
        assert at is None or at >= self.bench.now
        if self.bench.machine.latch.latched and self.bench.machine.capabilities is not None:
            assert at is not None or self.bench.latch() is LatchState.AT_REST

    @invariant()
    def what_it_says_is_always_taken(self) -> None:
        self.bench.said()
        assert not self.bench.machine.has_events


Promises.TestCase.settings = settings(max_examples=examples(120), stateful_step_count=60, deadline=None)
TestPromises = Promises.TestCase
