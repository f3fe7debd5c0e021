"""The promises, judged on what was written down. Each raises AssertionError with the line it is about."""

from __future__ import annotations

from runback.engine.session_turn import START_VALID
from runback.engine.summary import SessionOutcome
from tests.support.engine.bench import Line, Record, number

LEAD, PERSON_LEAD, LATE = 10.0, 3.0, 0.06
HEARD = 2.2
"""Seconds: the belt is judged by records at most two seconds old, and one is 10 ms on its way."""
TOLERANCE = 15
HELD_UP = 0.1
SPEED, START, STOP, CONTROL = "02", "07", "0801", "00"
BREAKS = {"belt at rest", "belt moved", "link down", "control lost", "control granted", "safety key pulled"}


def judge(line: Line) -> None:
    """All of them."""
    increases_are_announced(line)
    starts_are_announced_and_find_a_belt_at_rest(line)
    nothing_follows_a_stop_but_stop(line)
    belt_stays_below_what_was_announced(line)
    ends_at_rest_or_in_alarm(line)


def _heard_of(heads_up: list[tuple[float, float]], speed: float, by: float) -> bool:
    return any(said >= speed and at <= by for at, said in heads_up)


def _heads_up(record: Record, heads_up: list[tuple[float, float]]) -> None:
    if record["event"] == "cue" and record["kind"] == "heads-up":
        heads_up.append((number(record, "t"), number(record, "speed_kmh") * 100))


def increases_are_announced(line: Line) -> None:
    """(a) Every written speed above the last one, or above what the belt does where there is none, was announced."""
    heads_up: list[tuple[float, float]] = []
    last: float | None = None
    plussed = False
    for record in line.trace:
        _heads_up(record, heads_up)
        if record["event"] == "ask" and record["ask"] == "faster":
            plussed = True
        broken = record["event"] == "signal" and record["signal"] in BREAKS
        if broken:
            last = None
        if record["event"] == "cue" and record["kind"] == "console":
            last = number(record, "speed_kmh") * 100  # the person set it, even if the belt is still on its way there
        if record["event"] != "write" or not str(record["hex"]).startswith(SPEED):
            continue
        at, speed = number(record, "t"), int.from_bytes(bytes.fromhex(str(record["hex"]))[1:], "little")
        before = last if last is not None else max(line.belt_between(at - HEARD, at + 0.01), default=0)
        if speed > before + TOLERANCE:
            lead = LEAD if record["source"] == "plan" and not plussed else PERSON_LEAD
            assert _heard_of(heads_up, speed - TOLERANCE, at - lead + LATE), f"{record}: unannounced above {before}"
        last = speed


def starts_are_announced_and_find_a_belt_at_rest(line: Line) -> None:
    """(b) Every Start was asked for, counted down, and sent to a belt that was seen at rest."""
    heads_up: list[tuple[float, float]] = []
    asked: list[float] = []
    for record in line.trace:
        _heads_up(record, heads_up)
        if record["event"] == "ask" and record["ask"] in ("start", "resume"):
            asked.append(number(record, "t"))
        if record["event"] == "write" and record["hex"] == START:
            at = number(record, "t")
            assert _heard_of(heads_up, 1, at - LEAD + LATE), f"{record}: a start nobody was warned of"
            fresh = [then for then in asked if at <= then + LEAD + START_VALID + HELD_UP]
            assert fresh, f"{record}: a start nobody asked for"
            assert 0 in line.belt_between(at - HEARD, at + 0.01), f"{record}: the belt was moving"

    taken = [each for each in line.treadmill.received if each.data == b"\x07" and each.result == 1]
    assert len(taken) <= len(asked), f"{taken}: one wish started the belt twice"


def nothing_follows_a_stop_but_stop(line: Line) -> None:
    """(c) After a stop only Stop is written, and Request Control where Stop was refused for want of it."""
    latched_at: float | None = None
    for record in line.trace:
        if record["event"] == "stop" or (record["event"] == "signal" and record["signal"] == "stop latched"):
            latched_at = number(record, "t") if latched_at is None else latched_at
        if record["event"] == "reset":
            latched_at = None
        if latched_at is None or record["event"] != "write":
            continue
        octets, at = str(record["hex"]), number(record, "t")
        assert octets in (STOP, CONTROL), f"{record} after a stop at {latched_at}"
        if octets == CONTROL:
            results = [each.result for each in line.treadmill.received if each.data == b"\x08\x01" and each.at <= at]
            assert 5 in results, f"{record}: nobody has refused Stop"


def belt_stays_below_what_was_announced(line: Line) -> None:
    """(e) The belt is never faster than anything announced, or set at the console; a surge excepted."""
    if any(fault.startswith("surge") for fault in line.faults):
        return
    floor = max([line.treadmill.spec.speed_min, *(_creep(fault) for fault in line.faults)])
    known = [(0.0, float(floor))] + [(at, float(speed)) for at, speed in line.console]
    for record in line.trace:
        _heads_up(record, known)
    for at, speed in line.belt:
        highest = max(said for when, said in known if when <= at)
        assert speed <= highest + TOLERANCE, f"{speed} at {at}, {highest} announced"


def _creep(fault: str) -> int:
    return 100 if fault.startswith("creeps") else 0


def ends_at_rest_or_in_alarm(line: Line) -> None:
    """(f) The belt stands still at the end, or the person was told to step off."""
    assert line.outcome is not None
    assert line.rested or line.outcome is SessionOutcome.ALARM, f"{line.outcome} with the belt at {line.belt[-1]}"
