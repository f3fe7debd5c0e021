"""Home over a training log and a treadmill that are as a test wants them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from runback.cli.settings_ports import OwnSettings
from runback.errors import AdapterUnavailable, WorkoutError
from runback.tui.home.device_picker import DeviceScanner, HeardDevice, Readiness
from runback.tui.home.home_app import AfterSession, FirstPage, HomeApp
from runback.tui.home.home_page import HomeEntry, LastSession, TreadmillState
from runback.tui.planner.plan_data import PlanData
from runback.tui.themes import DARK
from runback.workout.library import WorkoutEntry, built_in, find
from runback.workout.model import Workout

REAL = TreadmillState("Kettler Arena", "ready", simulated=False)
SIMULATED = TreadmillState("simulated", "choose yours here", simulated=True)


class FixedWorkouts:
    """The built-in workouts, a broken one, and favourites that are kept here."""

    def __init__(self) -> None:
        self.starred = frozenset({"walk-30"})

    def workouts(self) -> list[WorkoutEntry]:
        """See `WorkoutsPorts.workouts`."""
        broken = WorkoutError("hills.toml", "line 3: speed is missing", "write a speed")
        return [*built_in(), WorkoutEntry("hills", "hills.toml", None, broken)]

    def last_runs(self) -> Mapping[str, str]:
        """See `WorkoutsPorts.last_runs`."""
        return {"first-run": "on Sunday"}

    def favourites(self) -> frozenset[str]:
        """See `WorkoutsPorts.favourites`."""
        return self.starred

    def keep_favourites(self, names: frozenset[str]) -> None:
        """See `WorkoutsPorts.keep_favourites`."""
        self.starred = names

    def max_speed(self) -> int | None:
        """See `WorkoutsPorts.max_speed`."""
        return 700

    def parse(self, text: str) -> Workout:
        """See `WorkoutsPorts.parse`."""
        return find(text, None)


class FixedScanner:
    """Hears what `devices` says, then nothing more; or has no adapter, for the reason in `fault`."""

    def __init__(self, title: str, *devices: HeardDevice, fault: str = "", known: HeardDevice | None = None) -> None:
        self.title = title
        self.devices, self.fault, self.remembered = devices, fault, known
        self.chosen: list[str] = []
        self.listening = False

    async def listen(self, heard: Callable[[HeardDevice], None]) -> None:
        """See `DeviceScanner.listen`."""
        if self.fault:
            raise AdapterUnavailable(self.fault)
        self.listening = True
        try:
            for each in self.devices:
                heard(each)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # as an adapter takes a moment to end it
            self.listening = False

    def fixed(self) -> tuple[HeardDevice, ...]:
        """See `DeviceScanner.fixed`."""
        return (HeardDevice("sim", "Simulated treadmill", None, "simulated", Readiness.SIMULATED),)

    def known(self) -> HeardDevice | None:
        """See `DeviceScanner.known`."""
        return self.remembered

    def choose(self, device: HeardDevice) -> None:
        """See `DeviceScanner.choose`."""
        self.chosen.append(device.chosen)


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

    def scanner(self, entry: HomeEntry) -> DeviceScanner:
        """See `HomePorts.scanner`."""
        return FixedScanner(str(entry.value))

    def settings(self) -> OwnSettings:
        """See `HomePorts.settings`: a file that is not there."""
        return OwnSettings(Path("no-such-folder") / "config.toml")

    def workouts(self) -> FixedWorkouts:
        """See `HomePorts.workouts`."""
        return FixedWorkouts()

    def last(self) -> tuple[int, LastSession | None]:
        """See `HomePorts.last`."""
        return self.sessions, self.newest


def today_app(at: PlanData, *, theme: str = DARK.name, after: bool = False, wrong: bool = False) -> HomeApp:
    """The app at Today, over `at`; `after` a session, in which something was `wrong`."""
    came = AfterSession(None, wrong) if after or wrong else None
    return HomeApp(lambda: at, FixedPorts(), theme=theme, first=FirstPage.TODAY, after=came)
