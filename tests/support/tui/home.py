"""Home over a training log and a treadmill that are as a test wants them."""

from __future__ import annotations

from dataclasses import dataclass

from runback.tui.home.home_app import AfterSession, FirstPage, HomeApp
from runback.tui.home.home_page import LastSession, TreadmillState
from runback.tui.planner.plan_data import PlanData
from runback.tui.themes import DARK

REAL = TreadmillState("Kettler Arena", "ready", simulated=False)
SIMULATED = TreadmillState("simulated", "choose yours here", simulated=True)


@dataclass(frozen=True, slots=True)
class FixedPorts:
    """What Home asks for, answered with what stands here."""

    belt: TreadmillState = REAL
    worn: str = ""
    abandoned: str = ""
    session: str = ""
    sessions: int = 0
    newest: LastSession | None = None

    def treadmill(self) -> TreadmillState:
        """See `HomePorts.treadmill`."""
        return self.belt

    def strap(self) -> str:
        """See `HomePorts.strap`."""
        return self.worn

    def left(self) -> str:
        """See `HomePorts.left`."""
        return self.abandoned

    def running(self) -> str:
        """See `HomePorts.running`."""
        return self.session

    def last(self) -> tuple[int, LastSession | None]:
        """See `HomePorts.last`."""
        return self.sessions, self.newest


def today_app(at: PlanData, *, theme: str = DARK.name, after: bool = False, wrong: bool = False) -> HomeApp:
    """The app at Today, over `at`; `after` a session, in which something was `wrong`."""
    came = AfterSession(None, wrong) if after or wrong else None
    return HomeApp(lambda: at, FixedPorts(), theme=theme, first=FirstPage.TODAY, after=came)
