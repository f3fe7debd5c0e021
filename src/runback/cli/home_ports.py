"""What Home asks of the program around it: this user's treadmill, strap, marks, sessions and journal."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from runback.cli.files import own_workouts
from runback.cli.local_time import days_ago, local_now
from runback.cli.marks import belt_mark
from runback.cli.run_options import SIMULATOR, TWIN, RunOptions
from runback.errors import WorkoutError
from runback.tui.home.home_page import HomeEntry, LastSession, TreadmillState
from runback.watch import socket as door
from runback.watch.folders import folders

DEMO = "demo"
"""The workout that nobody runs for its own sake."""

if TYPE_CHECKING:
    from runback.cli.settings_ports import OwnSettings
    from runback.cli.workouts_ports import OwnWorkoutsPorts
    from runback.failsafe.moving_marker import StaleMarker
    from runback.tui.home.device_picker import DeviceScanner


class OwnHomePorts:
    """The ports of Home (`tui.home.home_app.HomePorts`) over the journal at `path`; `options` reads what is set."""

    def __init__(self, path: Path, options: Callable[[], RunOptions]) -> None:
        self._path, self._options = path, options

    def treadmill(self) -> TreadmillState:
        """See `HomePorts.treadmill`. Raises SettingsError."""
        from runback.cli.device_scanners import name_of

        options = self._options()
        if options.treadmill == SIMULATOR:
            return TreadmillState("simulated", "choose yours here", simulated=True)
        if options.simulated:
            return TreadmillState(options.treadmill.removeprefix(TWIN), "simulated", simulated=True)
        name = name_of(options.treadmill, self._path)
        return TreadmillState(name, "" if name == options.treadmill else options.treadmill, simulated=False)

    def strap(self) -> str:
        """See `HomePorts.strap`. Raises SettingsError."""
        return self._options().strap or ""

    def left(self) -> str:
        """See `HomePorts.left`."""
        return ", ".join(each.title for each in _marks() if not each.driven())

    def running(self) -> str:
        """See `HomePorts.running`. A session says where it can be watched; one on a real belt has its mark as well."""
        driven = [each.title for each in _marks() if each.driven()]
        if driven:
            return ", ".join(driven)
        others = [pid for pid in door.sessions(folders()) if pid != os.getpid()]
        return f"process {others[0]}" if others else ""

    def scanner(self, entry: HomeEntry) -> DeviceScanner:
        """See `HomePorts.scanner`. Raises SettingsError."""
        from runback.cli.device_scanners import StrapScanner, TreadmillScanner

        options = self._options()
        if entry is HomeEntry.STRAP:
            return StrapScanner(options.strap or "")
        return TreadmillScanner(options.treadmill, self._path)

    def settings(self) -> OwnSettings:
        """See `HomePorts.settings`."""
        from runback.cli.settings_ports import OwnSettings

        return OwnSettings()

    def workouts(self) -> OwnWorkoutsPorts:
        """See `HomePorts.workouts`."""
        from runback.cli.workouts_ports import OwnWorkoutsPorts

        return OwnWorkoutsPorts(self._path)

    def last(self) -> tuple[int, LastSession | None]:
        """See `HomePorts.last`. Raises JournalError."""
        from runback.journal.queries import history
        from runback.workout.library import find

        sessions = history(self._path)
        if not sessions:
            return 0, None
        newest = next((each for each in sessions if each.workout != DEMO), sessions[0])
        now = local_now()
        try:
            again = find(newest.workout, own_workouts()).name != DEMO
        except WorkoutError:  # a stage, a file that was moved, a line that was typed
            again = False
        when = days_ago(newest.began.astimezone(now.tzinfo).date(), now.date())
        return len(sessions), LastSession(newest.workout, again, when)


def _marks() -> tuple[StaleMarker, ...]:
    return belt_mark("").found()
