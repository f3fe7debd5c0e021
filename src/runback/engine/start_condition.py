"""What has to be there before the belt may start: whatever stops it when this program cannot.

Rules:
- A start is refused, with one plain line, while anything is missing: on the person's word, before a countdown is
  shown; again at the countdown's end; and again right before Start is written.
- What goes missing while the start is counted down calls it off.
- A belt that runs is not stopped for it: what has died is replaced, and said (`deadman`). The next start waits.
- Nothing here, and no option, starts a belt in spite of it.

Needed are the sentinel (on a real treadmill) and the screen (where there is one). Cues, second screens and whatever
else a session has are not: they may come, go and fail as they like.
"""

from __future__ import annotations

from collections.abc import Callable

from runback.engine.ports import SessionPort
from runback.engine.recorder import Recorder
from runback.failsafe.safeguard import Missing
from runback.session.model import Phase
from runback.session.session import Session

UNDER_WAY = (Phase.COUNTDOWN, Phase.STARTING)

Need = Callable[[], Missing | None]
"""Looks whether something is there."""


class StartCondition:
    """Refuses the starts of `session`, through `port`, and calls them off, while something is missing."""

    def __init__(self, session: Session, port: SessionPort, recorder: Recorder) -> None:
        self._session = session
        self._port = port
        self._recorder = recorder
        self._needs: list[Need] = []
        self._told: str | None = None
        """The line that the person was last told."""

    def needs(self, need: Need) -> None:
        """No start from now on without this."""
        self._needs.append(need)

    def missing(self) -> Missing | None:
        """The first thing that is missing."""
        return next((missing for need in self._needs if (missing := need()) is not None), None)

    def refuses_word(self, now: float) -> bool:
        """Whether the person's word to start is refused. One that comes late, when a start is under way, is the
        session's business."""
        return self._session.phase not in UNDER_WAY and self.refuses(now)

    def refuses(self, now: float) -> bool:
        """Whether a start may not be, now; the person is told, and a countdown called off."""
        missing = self.missing()
        if missing is None:
            return False
        called_off = self._session.phase in UNDER_WAY
        self._recorder.put(now, "start refused", why=missing.what, called_off=called_off)
        self._told = missing.line
        self._port.refuse_start(missing.line, now)
        return True

    def look_again(self, now: float) -> None:
        """Something may have come or gone."""
        # What has gone is noticed while the countdown can still be called off, not at its end.
        if self._session.phase is Phase.COUNTDOWN:
            self.refuses(now)
        elif self._told is not None and self._session.notice == self._told and self.missing() is None:
            self._session.notice = self._told = None
