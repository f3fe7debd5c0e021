"""A bench for the machine core: its clock, and a treadmill played in literal bytes. No link, no loop, no sleeping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from runback.ftms import assigned_numbers
from runback.machine.client import Capabilities, Machine, Write
from runback.machine.events import Event, Measured, Signal
from runback.machine.procedure import StartIntent
from runback.machine.quirks import MachineQuirks, ReportedUnit
from runback.machine.stop_latch import Alarm, LatchState
from runback.machine.targets import SupportedRange
from runback.safety.gate import Gate
from runback.source import Source

DATA = assigned_numbers.TREADMILL_DATA
STATUS = assigned_numbers.FITNESS_MACHINE_STATUS
POINT = assigned_numbers.FITNESS_MACHINE_CONTROL_POINT

COMMON = Capabilities(speed=SupportedRange(80, 2000, 10), incline=SupportedRange(0, 120, 5))
"""0.8-20 km/h by 0.1, 0-12 % by 0.5."""
UREVO = Capabilities(speed=SupportedRange(96, 643, 32), write_response=False)
"""2AD4 600083022000, 2AD5 all zero: captures.json, Urevo E1L."""

UNKNOWN = MachineQuirks(write_unit=ReportedUnit.UNKNOWN, read_unit=ReportedUnit.UNKNOWN)
"""Nobody knows what it counts speed in."""


@dataclass
class Bench:
    """Drives one Machine. Everything it writes is noted as (time, hex)."""

    able: Capabilities = COMMON
    gap: float = 0.25
    gate: Gate = field(default_factory=Gate)
    now: float = 99.0
    log: list[tuple[float, str]] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    """Everything in order: ">0801" went out, "<800801" came in."""
    writes: list[Write] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.machine = Machine(self.gate, gap=self.gap)

    # -- the machine's side -------------------------------------------------------------------------------------

    def connect(self) -> Bench:
        self.machine.connected(self.able, self.now)
        return self

    def lose(self) -> Bench:
        self.machine.disconnected(self.now)
        return self

    def belt(self, speed: int) -> Bench:
        """Treadmill Data with nothing but a speed: flags 0000, u16."""
        return self.hears(DATA, "0000" + speed.to_bytes(2, "little").hex())

    def answers(self, octets: str) -> Bench:
        return self.hears(POINT, octets)

    def says(self, octets: str) -> Bench:
        return self.hears(STATUS, octets)

    def hears(self, uuid: str, octets: str) -> Bench:
        self.trace.append("<" + octets)
        self.machine.receive(uuid, bytes.fromhex(octets), self.now)
        return self

    def refuses(self, code: int) -> Bench:
        """The write under way fails with an ATT error."""
        self.machine.write_refused(code, self.now)
        return self

    # -- time and writes ----------------------------------------------------------------------------------------

    def pump(self) -> list[str]:
        """Tick, then write all that is due; gives what was written."""
        self.machine.tick(self.now)
        seen = len(self.log)
        while self.offered() is not None:
            self.machine.written(self.now)
        return [octets for _, octets in self.log[seen:]]

    def offered(self) -> str | None:
        """What is due now; its writing is left under way."""
        write = self.machine.next_write(self.now)
        self.events += self.machine.take_events()
        if write is None:
            return None
        self.writes.append(write)
        self.trace.append(">" + write.data.hex())
        self.log.append((round(self.now, 6), write.data.hex()))
        return write.data.hex()

    def wait(self, seconds: float, *, belt: int | None = None) -> list[str]:
        """Let time pass in tenths, pumping; `belt` is measured once a second meanwhile. Gives what was written."""
        seen, began = len(self.log), self.now
        for tenth in range(1, round(seconds * 10) + 1):
            self.now = began + tenth / 10
            if belt is not None and tenth % 10 == 0:
                self.belt(belt)
            self.pump()
        return [octets for _, octets in self.log[seen:]]

    def said(self) -> list[Event]:
        """What has happened since this was last asked, records aside."""
        self.events += self.machine.take_events()
        events, self.events = self.events, []
        return [event for event in events if not isinstance(event, Measured)]

    def signals(self) -> list[Signal]:
        """The facts without a number among it."""
        return [event for event in self.said() if isinstance(event, Signal)]

    def latch(self) -> LatchState:
        return self.machine.latch.state

    def alarm(self) -> Alarm | None:
        return self.machine.latch.alarm

    def measured(self) -> int | None:
        return self.machine.belt.speed

    # -- usual beginnings ---------------------------------------------------------------------------------------

    def at_rest(self) -> Bench:
        return self.connect().rests()

    def rests(self) -> Bench:
        """The belt is heard to lie still, twice, a second apart: once is no evidence."""
        self.belt(0).now += 1.0
        return self.belt(0)

    def runs(self, speed: int) -> Bench:
        """The belt is measured at `speed`, however far that is from what was measured before: a second record, a second
        later, bears it out."""
        self.belt(speed).now += 1.0
        return self.belt(speed)

    def in_control(self) -> Bench:
        """At rest, armed, control granted."""
        self.at_rest().gate.arm()
        self.machine.request_control()
        assert self.pump() == ["00"]
        self.answers("800001")
        self.now += self.gap
        return self

    def starting(self) -> Bench:
        """07 is out and answered; the belt does not move yet."""
        self.in_control().machine.start(StartIntent(self.now + 5.0))
        assert self.pump() == ["07"]
        self.answers("800701")
        self.now += self.gap
        return self

    def moving(self, speed: int = 500) -> Bench:
        """The belt has been started, was set to `speed` and runs so."""
        self.starting().now += 3.0
        self.belt(speed)
        self.machine.want_speed(speed, Source.PLAN)
        assert self.pump() == ["02" + speed.to_bytes(2, "little").hex()]
        self.answers("800201")
        self.wait(2.0, belt=speed)
        self.said()
        return self

    def raised_in_steps(self, yes: Callable[[str], str]) -> Bench:
        """From 3 towards 12 km/h: the machine fails at each step once; at the first two it says `yes`, made of the
        step's bytes, the second time."""
        self.moving(300).machine.want_speed(1200, Source.PLAN)
        for step, speed in (("025802", 300), ("028403", 600), ("02b004", 900)):
            self.now += 1.0
            assert self.belt(speed).pump() == [step]
            self.answers("800204")
            if step == "02b004":
                break
            self.now += 1.0
            assert self.belt(speed).pump() == [step]
            answer = yes(step)
            self.hears(POINT if answer.startswith("80") else STATUS, answer)
        return self

    def told_to_walk(self) -> Bench:
        """Started, and 4 km/h wanted: its units are not known, so it is told its lowest speed."""
        self.starting().belt(80).machine.want_speed(400, Source.PLAN)
        assert self.pump() == ["025000"]
        return self.answers("800201")

    def goes(self, seconds: int, speed: int, begin: int = 0) -> None:
        """A record a second, with the machine's own distance in metres from `begin`."""
        for second in range(seconds):
            self.now += 1.0
            metres = begin + int(second * speed / 360)
            self.hears(DATA, "0400" + speed.to_bytes(2, "little").hex() + metres.to_bytes(3, "little").hex())
            if self.pump():
                self.answers("800201")
