"""What has to be there before the belt may start (issue 11, point 15): the whole session on the simulator."""

from __future__ import annotations

import pytest

from runback.engine.headless import HEARD_WITHIN
from runback.engine.summary import SessionOutcome
from runback.errors import StartRefused
from runback.failsafe.safeguard import LOOK, Missing
from runback.link.remembered import Remembered
from runback.session.model import Intent
from runback.workout.model import Step
from tests.support.engine.bench import WALK, Line, asks, plan
from tests.support.engine.rules import judge
from tests.support.engine.twins import KNOWN, quirky

COMES = Missing("the guard is not ready")
NEVER = Missing("the guard keeps dying", LOOK, comes=False)


class Guard:
    """Stands for a sentinel: there or not, as the test says."""

    def __init__(self, line: Line, *, missing: Missing | None = COMES) -> None:
        self.line = line
        self.is_missing = missing
        line.engine.start_condition.needs(lambda: self.is_missing)

    def comes(self, _: Line) -> None:
        self.turns(None)

    def goes(self, _: Line) -> None:
        self.turns(COMES)

    def turns(self, missing: Missing | None) -> None:
        self.is_missing = missing
        self.line.engine.reconsider_start()


class Sentinel:
    """A failsafe: there or not, as the test says. It notes of which treadmill, and when, it hears that its belt may
    move."""

    def __init__(self, line: Line, *, missing: Missing | None = None) -> None:
        self.line = line.equipped(failsafe=self)
        self.is_missing = missing
        self.heard: list[tuple[float, str, int]] = []
        """When, which treadmill, and how many writes the link had been handed by then."""

    def missing(self) -> Missing | None:
        return self.is_missing

    def may_move(self, machine: Remembered) -> None:
        self.heard.append((self.line.engine.now(), str(machine), len(self.line.written())))


def seen(line: Line) -> list[str]:
    return [str(record["phase"]) for record in line.events("phase")]


def test_a_start_is_refused_before_a_countdown_is_shown() -> None:
    line = Line(plan())
    Guard(line)
    line.attended(until=5.0)
    assert "countdown" not in seen(line)
    assert line.events("cue") == []
    assert line.written() == []
    assert [record["why"] for record in line.events("start refused")] == ["the guard is not ready"]


def test_the_refusal_says_what_is_missing_and_what_to_do_until_it_is_there() -> None:
    line = Line(plan())
    guard, notices = Guard(line), list[str | None]()
    note = [(at, lambda line: notices.append(line.engine.snapshot().notice)) for at in (3.0, 5.0)]
    line.attended((4.0, guard.comes), *note, until=6.0)
    assert notices == ["not started: the guard is not ready; wait a moment, then press Enter again", None]
    assert line.written() == []  # that it came starts nothing


def test_once_it_is_there_enter_starts() -> None:
    line = Line(plan())
    guard = Guard(line)
    line.attended((4.0, guard.comes), (5.0, asks(Intent.START)))
    assert line.outcome is SessionOutcome.COMPLETED
    judge(line)


@pytest.mark.parametrize("at", [2.0, 9.9])
def test_what_goes_missing_in_the_countdown_calls_it_off(at: float) -> None:
    line = Line(plan())
    guard = Guard(line, missing=None)
    line.attended((at, guard.goes), (at + 0.05, guard.comes), until=30.0)
    assert seen(line)[-2:] == ["countdown", "ready"]
    assert "07" not in [octets for _, octets in line.written()]
    assert max(speed for _, speed in line.belt) == 0


def test_it_is_looked_at_again_when_the_countdown_ends() -> None:
    """Nobody has said that it is gone."""
    line = Line(plan())
    guard = Guard(line, missing=None)
    line.attended((5.0, lambda _: setattr(guard, "is_missing", COMES)), until=30.0)
    assert seen(line)[-1] == "ready"
    assert "07" not in [octets for _, octets in line.written()]


@pytest.mark.parametrize("missing", [None, COMES])
def test_it_is_looked_at_again_right_before_start_is_written(missing: Missing | None) -> None:
    """The start has been ordered at 10 s, and waits until the belt is heard to be at rest."""
    line = Line(plan(), faults=("dead-telemetry@7+4.5",))
    guard, notices = Guard(line, missing=None), list[str | None]()
    note = (13.0, lambda line: notices.append(line.engine.snapshot().notice))
    line.attended((10.5, lambda _: setattr(guard, "is_missing", missing)), note, until=13.5)
    started = [at for at, octets in line.written() if octets == "07"]
    assert [at > 11.0 for at in started] == ([True] if missing is None else [])
    assert notices == [None if missing is None else missing.line]


def test_a_belt_that_stands_after_its_start_is_not_told_a_speed_but_stopped() -> None:
    """Quirk 52: its slowest speed, 10 s after Start, is what would set it going."""
    spec = quirky(KNOWN + "[start]\nneeds_target = true\n", Step(WALK, 20, 300)).spec
    line = Line(plan(Step(WALK, 20, 300)), spec=spec)
    guard = Guard(line, missing=None)
    line.attended((15.0, lambda _: setattr(guard, "is_missing", COMES)), until=60.0)
    written = [octets for _, octets in line.written()]
    assert "07" in written
    assert not any(octets.startswith("02") for octets in written)
    assert "0801" in written
    assert max(speed for _, speed in line.belt) == 0


def test_a_resume_is_a_start() -> None:
    line = Line(plan())
    guard = Guard(line, missing=None)
    script = ((15.0, asks(Intent.PAUSE)), (30.0, guard.goes), (31.0, asks(Intent.RESUME)), (50.0, lambda _: None))
    line.attended(*script, until=50.0)
    assert [octets for at, octets in line.written() if at > 30.0] == []
    assert seen(line)[-1] == "paused"


def test_a_belt_that_runs_is_not_stopped_for_it() -> None:
    line = Line(plan())
    guard = Guard(line, missing=None)
    line.attended((15.0, guard.goes))
    assert line.outcome is SessionOutcome.COMPLETED
    judge(line)


def test_without_a_screen_the_start_waits_for_it() -> None:
    line = Line(plan())
    guard = Guard(line)
    line.headless((5.0, guard.comes))
    assert line.outcome is SessionOutcome.COMPLETED
    assert next(at for at, _ in line.written()) == pytest.approx(5.0, abs=0.2)


@pytest.mark.parametrize(("missing", "within"), [(COMES, HEARD_WITHIN + 5.0), (NEVER, 5.0)])
def test_without_a_screen_a_start_that_waits_in_vain_is_refused_with_a_code_of_its_own(
    missing: Missing, within: float
) -> None:
    line = Line(plan())
    line.bound = within
    Guard(line, missing=missing)
    with pytest.raises(ExceptionGroup) as raised:
        line.headless()
    assert raised.group_contains(StartRefused, match=f"not started: {missing.what}; `runback doctor`")
    assert line.written() == []


def test_without_a_screen_a_countdown_that_is_called_off_ends_at_rest() -> None:
    line = Line(plan())
    guard = Guard(line, missing=None)
    line.headless((5.0, guard.goes))
    assert line.outcome is SessionOutcome.STOPPED
    assert "07" not in [octets for _, octets in line.written()]


def test_a_failsafe_hears_of_each_write_that_may_move_the_belt_before_it_leaves_and_not_of_stop() -> None:
    """Should the program die, what outlives it has to know already which belt may be moving."""
    sentinel = Sentinel(Line(plan()))
    line = sentinel.line.attended((25.0, asks(Intent.STOP)), until=30.0)
    moving = [(at, number) for number, (at, octets) in enumerate(line.written()) if octets != "0801"]
    assert [(at, number) for at, _, number in sentinel.heard] == moving
    assert {name for _, name, _ in sentinel.heard} == {line.link.name}
    assert "0801" in [octets for _, octets in line.written()]


def test_a_failsafe_that_is_missing_refuses_a_start() -> None:
    line = Sentinel(Line(plan()), missing=NEVER).line.attended(until=5.0)
    assert [record["why"] for record in line.events("start refused")] == [NEVER.what]
    assert line.written() == []
