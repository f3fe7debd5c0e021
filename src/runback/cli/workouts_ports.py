"""What the workouts' page asks of the program around it: files, journal, favourites and limits of this user."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from runback import private_files
from runback.cli.files import own_workouts
from runback.cli.local_time import days_ago, local_now
from runback.cli.settings_source import settings
from runback.config_files.error_text import printable
from runback.errors import InputError
from runback.safety.gate import Caps
from runback.workout.library import LONGEST_NAME, WorkoutEntry, available, find
from runback.workout.limits import check_caps
from runback.workout.model import Workout

_MOST_FAVOURITES = 1000
_LARGEST = 1 << 16


class OwnWorkoutsPorts:
    """The ports of `tui.home.workouts_screen` over the journal at `path`. Favourites are names in a file of their own,
    a line each: a key changes them often, and settings are a text that the user writes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def workouts(self) -> list[WorkoutEntry]:
        """See `WorkoutsPorts.workouts`."""
        return available(own_workouts())

    def last_runs(self) -> Mapping[str, str]:
        """See `WorkoutsPorts.last_runs`. Raises JournalError."""
        from runback.journal.queries import history

        now = local_now()
        found: dict[str, str] = {}
        for each in history(self._path):  # the newest first
            found.setdefault(each.workout, days_ago(each.began.astimezone(now.tzinfo).date(), now.date()))
        return found

    def favourites(self) -> frozenset[str]:
        """See `WorkoutsPorts.favourites`. A file that cannot be read has none."""
        try:
            with _favourites().open("rb") as file:
                lines = file.read(_LARGEST).decode(errors="replace").splitlines()
        except OSError:
            return frozenset()
        return frozenset(printable(line.strip(), LONGEST_NAME) for line in lines[:_MOST_FAVOURITES] if line.strip())

    def keep_favourites(self, names: frozenset[str]) -> None:
        """See `WorkoutsPorts.keep_favourites`. Raises InputError."""
        file = _favourites()
        try:
            if file.exists():
                file.open("rb").close()  # what cannot be read is not written over
            private_files.folder(file.parent)
            private_files.replace(file, "".join(f"{name}\n" for name in sorted(names)).encode())
        except OSError as error:
            reason = error.strerror or "it cannot be written"
            raise InputError(printable(str(file), 200), reason, "make its folder writable") from None

    def max_speed(self) -> int | None:
        """See `WorkoutsPorts.max_speed`. Raises SettingsError."""
        return settings().max_speed

    def parse(self, text: str) -> Workout:
        """See `WorkoutsPorts.parse`. Raises WorkoutError, LimitError."""
        workout = find(text, own_workouts())
        check_caps(workout, Caps().absolute, "absolute cap")
        return workout


def _favourites() -> Path:
    import platformdirs

    return platformdirs.user_data_path("runback") / "favourites.txt"
