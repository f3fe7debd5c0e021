"""`runback watch` without a screen: a moment as a line, and the last word of a session."""

from __future__ import annotations

import pytest

from runback.cli.watch import line_of
from runback.messages import Kind, Phase, Snapshot, StepView, StopState, StopView

RUN = StepView(number=2, kind=Kind.RUN, duration_s=60.0, speed_kmh=7.5)
STOPPED = StopView(state=StopState.AT_REST, reason="stopped from a second screen", since_s=3.0, measured_kmh=0.0)


def moment(**changes: object) -> Snapshot:
    values: dict[str, object] = {"t": 1.0, "phase": Phase.RUNNING, "treadmill": "TM11GY", "step": RUN}
    return Snapshot.model_validate(values | {"elapsed_s": 402.9, "target_kmh": 7.5, "measured_kmh": 7.4} | changes)


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (moment(), "  6:42  running, run          target  7.5  belt 7.4 km/h"),
        (moment(measured_kmh=None), "  6:42  running, run          target  7.5  belt unknown"),
        (moment(phase=Phase.READY, step=None), "  6:42  ready                 target  7.5  belt 7.4 km/h"),
        (
            moment(phase=Phase.STOPPED, stop=STOPPED, measured_kmh=0.0, notice="the link is back"),
            "  6:42  stopped, run          target  7.5  belt 0.0 km/h"
            "  stop: at rest (stopped from a second screen)  the link is back",
        ),
    ],
)  # fmt: skip
def test_a_moment_is_a_line(now: Snapshot, line: str) -> None:
    assert line_of(now) == line
