"""A start that is refused, because something is not there that it needs (issue 11, point 15)."""

from __future__ import annotations

import pytest

from runback.session.model import CueKind, Phase
from tests.support.session.stage import Stage, brought_to

WHY = "not started: something is missing"


def refused(stage: Stage) -> Stage:
    """The start is refused, now."""
    stage.forget().session.refuse_start(WHY, stage.now)
    stage.note()
    return stage


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in (Phase.COUNTDOWN, Phase.STARTING)])
def test_where_no_start_is_under_way_a_refusal_is_only_said(phase: Phase) -> None:
    stage = refused(brought_to(phase))
    assert (stage.phase, stage.session.notice, stage.orders) == (phase, WHY, [])


@pytest.mark.parametrize("phase", [Phase.COUNTDOWN, Phase.STARTING])
def test_a_start_under_way_is_called_off_and_nothing_is_ordered_later(phase: Phase) -> None:
    stage = refused(brought_to(phase))
    assert (stage.phase, stage.session.notice, stage.speed) == (Phase.READY, WHY, None)
    withdrawn = CueKind.WITHDRAWN in [cue.kind for cue in stage.cues]
    assert withdrawn is (phase is Phase.COUNTDOWN)
    assert stage.wait(60.0).orders == []
    assert stage.phase is Phase.READY
