"""The promises on every profile's twin, under random faults, asks and hands at the console."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runback.session.model import Intent
from runback.workout.model import Step
from tests.support.effort import examples
from tests.support.engine.bench import RUN, WALK, Line, asks, console_speed
from tests.support.engine.twins import SERVED, judge_twin, shipped

STEPS = (Step(WALK, 40, 300), Step(RUN, 30, 600), Step(WALK, 20, 300))
Act = Callable[[Line], object]

moments = st.floats(1.0, 110.0).map(lambda at: round(at, 2))
faults = st.lists(
    st.builds(
        lambda kind, at, lasts: f"{kind}@{at}+{lasts}",
        st.sampled_from(["link-loss", "dead-telemetry", "truncated-data", "refuses-stop"]),
        moments,
        st.integers(1, 8),
    )
    | st.builds(
        lambda kind, at: f"{kind}@{at}",
        st.sampled_from(["lost-indication", "hung-write", "att-error", "control-taken", "console-stop", "safety-key"]),
        moments,
    ),
    max_size=2,
).map(tuple)
wishes = st.sampled_from(
    [Intent.PAUSE, Intent.RESUME, Intent.START, Intent.FASTER, Intent.SLOWER, Intent.REARM, Intent.RESET, Intent.STOP]
)
acts = wishes.map(asks) | st.integers(8, 60).map(lambda tenth: console_speed(tenth * 10))
scripts = st.lists(st.tuples(moments, acts), max_size=8)


@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(SERVED), faults=faults, script=scripts)
def test_on_every_twin_every_promise_holds_whatever_happens(
    name: str, faults: tuple[str, ...], script: list[tuple[float, Act]]
) -> None:
    judge_twin(shipped(name, *STEPS, faults=faults).attended(*script, until=130.0))
