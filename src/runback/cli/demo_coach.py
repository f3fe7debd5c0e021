"""What the demo says beside the session: which key to try next. It sends nothing, and stands before nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from runback.session.model import Cue, CueKind

if TYPE_CHECKING:
    from runback.engine.ports import EnginePort
    from runback.engine.publisher import CueHandler

BEGIN = "Demo: nothing moves. Press Enter: a countdown, then the belt starts."
_SAID = {
    CueKind.HEADS_UP: "Demo: each faster step is announced before it comes.",
    CueKind.RUN: "Demo: now press any key, the space bar say. The belt stops at once.",
    CueKind.WALK: "Demo: Stop works at any time. Try it: press any key.",
    CueKind.STOPPED: "Demo: that was Stop. u, then Enter unlocks it; q leaves.",
    CueKind.COMPLETED: "Demo: that was a whole session. q leaves. Next time, try Stop.",
}


def coach(engine: EnginePort) -> CueHandler:
    """Say the first line on `engine`, and the others as its session goes on."""
    engine.seen.remark_line = BEGIN  # the engine is being made: nobody looks yet

    def heard(cues: Sequence[Cue]) -> None:
        for cue in cues:
            if cue.kind in _SAID:
                engine.remark(_SAID[cue.kind])

    return heard
