"""A bench for profiles: the whole client against a twin, and what must be true of any of them.

The client finds the profile itself, by what the twin shows; what is judged is the twin's own belt and what reached it.
"""

from __future__ import annotations

from itertools import pairwise

from runback.devices.library import available, find, loads
from runback.devices.profile import Profile, ProfileEntry
from runback.devices.quirk_values import ControlRequests
from runback.engine.profile_adapter import ProfileCatalog
from runback.simulator.twin import twin
from runback.workout.model import Step, Workout
from tests.support.engine.bench import RUN, WALK, Line, number, plan
from tests.support.engine.rules import LATE, LEAD, belt_stays_below_what_was_announced, ends_at_rest_or_in_alarm

HEAD = """
title = "Quirky"
unverified = "nothing"
[[evidence]]
source = "the test"
level = "inferred"
covers = "one quirk"
"""
KNOWN = '[speed]\nwrite_unit = "km/h"\nread_unit = "km/h"\n'
"""Units that are known, so that a test is about something else."""
ENTRIES = tuple(available(None))
BY_CLOCK = ["life-fitness", "urevo-e3"]
"""Nothing is seen of their belts: the person sets the speed, the clock says when."""
SERVED = [entry.name for entry in ENTRIES if entry.name not in BY_CLOCK]
WALK_RUN_WALK = (Step(WALK, 45, 300), Step(RUN, 30, 600), Step(WALK, 20, 300))


def shipped(name: str, *steps: Step, faults: tuple[str, ...] = ()) -> Line:
    """The client before the twin of a profile that comes with runback."""
    return _line(find(name, None), ProfileCatalog(ENTRIES), steps, faults)


def quirky(text: str, *steps: Step, faults: tuple[str, ...] = ()) -> Line:
    """The client before the twin of the profile that the tables `text` describe."""
    profile = profile_of(text)
    return _line(profile, ProfileCatalog([ProfileEntry("quirky", "shipped", profile)]), steps, faults)


def stranger(text: str, *steps: Step) -> Line:
    """The twin of that profile before a client that knows nothing of it."""
    generic = find("generic", None)
    return _line(profile_of(text), ProfileCatalog([ProfileEntry("generic", "shipped", generic)], "generic"), steps, ())


def profile_of(text: str) -> Profile:
    """The profile that the tables `text` describe."""
    return loads(HEAD + ("" if "[match]" in text else '[match]\nname_prefix = ["QUIRKY-1"]\n') + text, "test", "quirky")


def _line(profile: Profile, catalog: ProfileCatalog, steps: tuple[Step, ...], faults: tuple[str, ...]) -> Line:
    return Line(_workout(steps), faults, spec=twin(profile), catalog=catalog)


def _workout(steps: tuple[Step, ...]) -> Workout:
    return plan(*(steps or WALK_RUN_WALK))


def octets(line: Line) -> list[tuple[float, str]]:
    """What reached the control point: when, and what."""
    return [(each.at, each.data.hex()) for each in line.treadmill.received]


def speeds(line: Line) -> list[str]:
    """The target speeds that reached it, in the order they came."""
    return [data for _, data in octets(line) if data.startswith("02")]


def starts(line: Line) -> list[float]:
    """When something that starts a belt reached one at rest: 07, or 00 where that does the same."""
    unsafe = line.treadmill.spec.habits.starts_on_control
    starting = [at for at, data in octets(line) if data == "07" or (unsafe and data.startswith("00"))]
    return [at for at in starting if 0 in line.belt_between(at - 0.3, at + 0.01)]


def judge_twin(line: Line) -> None:
    """What must be true on every twin, whatever was done."""
    belt_stays_below_what_was_announced(line)
    ends_at_rest_or_in_alarm(line)
    each_start_was_asked_for_and_counted_down(line)
    no_target_is_repeated_without_need(line)
    only_what_the_profile_names_is_written(line)
    after_stop_there_is_only_stop(line)


def each_start_was_asked_for_and_counted_down(line: Line) -> None:
    asked = [number(record, "t") for record in line.events("ask") if record["ask"] in ("start", "resume")]
    found = starts(line)
    assert len(found) <= len(asked), (found, asked)
    for at in found:
        assert any(at >= then + LEAD - LATE for then in asked), (at, asked)


def no_target_is_repeated_without_need(line: Line) -> None:
    broken = {number(each, "t") for each in line.events("signal") if each["signal"] in ("belt at rest", "link down")}
    broken |= {at for at, _ in line.console}
    if line.faults:
        return  # what got lost may be written again
    writes = [(at, data) for at, data in octets(line) if data.startswith("02")]
    for (before, first), (at, second) in pairwise(writes):
        assert first != second or any(before <= when <= at for when in broken), (at, second)


def only_what_the_profile_names_is_written(line: Line) -> None:
    catalog, found = line.catalog, line.engine.connection.found
    assert catalog is not None
    assert found is not None
    assert not line.events("write barred")
    never = () if found.profile is None else found.profile.protocol.never_write
    assert not {write.uuid for _, write in line.engine.writes} & set(never)


def after_stop_there_is_only_stop(line: Line) -> None:
    stopped = [number(each, "t") for each in line.events("signal") if each["signal"] == "stop latched"]
    let_go = [number(each, "t") for each in line.events("reset")]
    for at, write in line.engine.writes:
        latched = any(when <= at and not any(when < back <= at for back in let_go) for when in stopped)
        assert write.stop or not latched, (at, write)


def unsafe(name: str) -> bool:
    """Whether Request Control starts its belt."""
    return find(name, None).control.request_control is ControlRequests.UNSAFE
