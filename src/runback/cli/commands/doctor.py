"""`runback doctor`: what this computer has, what is missing, and what to do about it.

Rules:
- Every finding is one line: what was looked at, what was found, and, where it is not in order, always a hint.
- It works with nothing there at all: each look is on its own, and one that fails is a finding, never an error.
- What it found is shown printable, whoever named it.
- It writes nothing but one empty file into each of runback's folders, and takes it away again.
"""

from __future__ import annotations

import os
import platform
import shlex
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import click

from runback import __version__, child_processes, private_files
from runback.cli import options
from runback.cli.files import own_profiles
from runback.config_files.error_text import json_line, printable

LISTEN = 1.0
"""Seconds of listening that show whether the adapter hears anything."""
WAIT = 5.0
SMALLEST = (60, 20)
"""Columns and rows below which the cockpit shows only a word."""
UNUSABLE = 5
MOST_FILES = 1000
"""Files of a folder that are looked at."""


class FindingState(StrEnum):
    """How a finding is."""

    GOOD = "ok"
    NOTE = "note"  # worth knowing
    BAD = "bad"  # no treadmill can be driven, or nothing can be kept, before it is put right


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing looked at. `hint` is empty where nothing is to be done."""

    what: str
    state: FindingState
    found: str
    hint: str = ""


@click.command()
@options.json
@options.plain_log
def doctor(json: bool) -> int:
    """Look at what runback needs here: Bluetooth, folders, terminal; each finding with what to do about it."""
    worst = 0
    for finding in findings():
        if json:
            shown = asdict(finding)
            shown["mend"] = shown.pop("hint")  # what 0.1.0 called it: a key that programs read
            click.echo(json_line(shown))
        else:
            hint = f"; {finding.hint}" if finding.hint else ""
            click.echo(printable(f"{finding.state:<5} {finding.what:<12} {finding.found}{hint}"))
        if finding.state is FindingState.BAD:
            worst = UNUSABLE
    return worst


def findings() -> Iterator[DoctorFinding]:
    """Every finding, one after the other as it is made."""
    system = f"runback {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}"
    yield DoctorFinding("system", FindingState.GOOD, system)
    yield _bus()
    yield _bluez()
    yield from _adapter()
    yield _config()
    yield _profiles()
    yield from _folders()
    yield _journal()
    yield _mark()
    yield _sentinel()
    yield from _sound()
    yield _terminal()


def _bus() -> DoctorFinding:
    if sys.platform != "linux":
        return DoctorFinding("D-Bus", FindingState.GOOD, "not used on this system")
    from runback.cli.system_bus import VARIABLE, address, reachable

    there = reachable(address())
    if there:
        return DoctorFinding("D-Bus", FindingState.GOOD, "the system bus is there")
    hint = "install and start it (Debian: dbus; systemctl start dbus)"
    if os.environ.get(VARIABLE):
        hint = f"correct {VARIABLE}, which says {address()}, or unset it"
    if there is None:
        return DoctorFinding("D-Bus", FindingState.NOTE, "this check cannot test an address of its kind", hint)
    return DoctorFinding("D-Bus", FindingState.BAD, "no system bus can be reached, and Bluetooth needs one", hint)


def _bluez() -> DoctorFinding:
    if sys.platform != "linux":
        return DoctorFinding("BlueZ", FindingState.GOOD, "not used on this system")
    program = child_processes.program("bluetoothctl")
    if program is None:
        hint = "install it (Debian: bluez), unless Bluetooth comes from elsewhere"
        return DoctorFinding(
            "BlueZ", FindingState.NOTE, "bluetoothctl is not installed, its version is not known", hint
        )
    try:
        done = _asked([program, "--version"])
    except (OSError, subprocess.TimeoutExpired) as error:
        hint = "tested with 5.66; reinstall it, should Bluetooth misbehave (Debian: bluez)"
        return DoctorFinding("BlueZ", FindingState.NOTE, f"its version could not be read ({error})", hint)
    return DoctorFinding(
        "BlueZ", FindingState.GOOD, f"{done.stdout.strip() or 'of an unknown version'}; tested with 5.66"
    )


def _asked(command: list[str]) -> subprocess.CompletedProcess[str]:
    """What a program says, in `WAIT` seconds at most."""
    return subprocess.run(
        command, env=child_processes.environment(), capture_output=True, text=True, timeout=WAIT, check=False
    )


def _sentinel() -> DoctorFinding:
    from runback.failsafe.dead_mans_switch import NOBODY, SENTINEL, can_be_guarded

    if not can_be_guarded():
        return DoctorFinding(
            "sentinel", FindingState.NOTE, NOBODY, "wear the safety key, and confirm it before each session"
        )
    try:
        done = _asked(child_processes.module(SENTINEL, "--help"))  # for that it imports all that it needs
    except (OSError, subprocess.TimeoutExpired) as error:
        return DoctorFinding(
            "sentinel", FindingState.BAD, f"the process that stops the belt if runback dies: {error}", "look again"
        )
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["it does not answer"])[-1]
        found = f"the process that stops the belt if runback dies does not start: {why}"
        return DoctorFinding("sentinel", FindingState.BAD, found, "install runback again; until then it starts no belt")
    return DoctorFinding("sentinel", FindingState.GOOD, "the process that stops the belt if runback dies starts")


def _adapter() -> Iterator[DoctorFinding]:
    import asyncio

    from runback.errors import LinkError
    from runback.link.ble import scan

    try:
        heard = asyncio.run(scan(LISTEN))
    except LinkError as error:
        found, _, hint = error.reason.partition("; ")
        yield DoctorFinding(
            "Bluetooth", FindingState.BAD, found, hint or "restart the Bluetooth service, then look again"
        )
        return
    yield DoctorFinding("Bluetooth", FindingState.GOOD, "adapter on, and this program may use it")
    machines = [one for one in heard if one.is_machine]
    if machines:
        names = ", ".join(str(one) for one in machines)
        yield DoctorFinding("treadmills", FindingState.GOOD, f"heard {names}")
    else:
        hint = "switch the treadmill on; `runback scan` listens longer"
        yield DoctorFinding(
            "treadmills", FindingState.NOTE, f"none heard in {LISTEN:g} s ({len(heard)} other devices)", hint
        )


def _config() -> DoctorFinding:
    from runback.cli import settings_source
    from runback.errors import InputError

    file = settings_source.path()
    try:
        found = settings_source.load(file)
    except InputError as error:
        return DoctorFinding("config", FindingState.BAD, f"{error.where}: {error.what}", error.hint)
    there = str(file) if os.path.lexists(file) else "none written"
    return DoctorFinding("config", FindingState.GOOD, f"{there}; {len(found.origins)} set, `runback config` shows them")


def _profiles() -> DoctorFinding:
    from runback.devices.library import available

    entries = available(own_profiles())
    broken = [entry for entry in entries if entry.error is not None]
    if broken:
        return DoctorFinding("profiles", FindingState.NOTE, str(broken[0].error), "correct or remove that file")
    own = sum(entry.own for entry in entries)
    return DoctorFinding("profiles", FindingState.GOOD, f"{len(entries)} treadmills known, {own} of them yours")


def _folders() -> Iterator[DoctorFinding]:
    import platformdirs

    for what, folder in (
        ("settings", platformdirs.user_config_path("runback")),
        ("data", platformdirs.user_data_path("runback")),
        ("state", platformdirs.user_state_path("runback")),
    ):
        try:
            private_files.folder(folder)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            reason = error.strerror or str(error)
            hint = "make this folder writable; until then sessions run, but are not saved"
            yield DoctorFinding(what, FindingState.NOTE, f"{folder}: {reason}", hint)
        else:
            yield _exposed(what, folder) or DoctorFinding(what, FindingState.GOOD, str(folder))


def _exposed(what: str, folder: Path) -> DoctorFinding | None:
    """Who else may change what is kept in `folder`, if anybody may; or read it, where it is about a person's health."""
    try:
        for path in (folder, *sorted(folder.rglob("*"))[:MOST_FILES]):
            found = path.stat() if path == folder else path.lstat()
            exposed = None if stat.S_ISLNK(found.st_mode) else private_files.exposed(found, secret=what != "settings")
            if exposed is not None:
                hint = f"`chmod -R go= {shlex.quote(str(folder))}` makes it yours alone"
                if found.st_uid != os.geteuid():
                    hint = "move it away, or have its owner give it to you"
                return DoctorFinding(what, FindingState.NOTE, f"{path}: {exposed}", hint)
    except OSError as error:
        return DoctorFinding(
            what, FindingState.NOTE, f"{folder}: {error.strerror or error}", "make this folder readable"
        )
    return None


def _journal() -> DoctorFinding:
    from runback.errors import InputError
    from runback.journal.database import default_path
    from runback.journal.queries import history

    path = default_path()
    try:
        sessions = history(path)
    except InputError as error:
        return DoctorFinding("journal", FindingState.NOTE, f"{error.where}: {error.what}", error.hint)
    real = sum(not session.simulated for session in sessions)
    return DoctorFinding("journal", FindingState.GOOD, f"{len(sessions)} sessions, {real} of them on a treadmill")


def _mark() -> DoctorFinding:
    from runback.cli.marks import belt_mark

    found = belt_mark("").found()
    driving = [left for left in found if left.driven()]
    if driving:
        hint = "end that session before you begin another; `runback stop` stops its belt"
        return DoctorFinding(
            "belt", FindingState.NOTE, f"process {driving[0].pid} drives {driving[0].treadmill} now", hint
        )
    if found:
        names = ", ".join(left.title for left in found)
        hint = "`runback stop` stops it and clears the mark"
        return DoctorFinding(
            "belt", FindingState.NOTE, f"an earlier session left {names} without seeing its belt at rest", hint
        )
    return DoctorFinding("belt", FindingState.GOOD, "no session has left a belt that may be moving")


def _sound() -> Iterator[DoctorFinding]:
    from runback.cues import players

    for what, table, packages in (
        (
            "tones",
            players.TONES,
            "pipewire-bin, pulseaudio-utils or alsa-utils; anywhere: pip install 'runback[audio]'",
        ),
        ("speech", players.VOICES, "speech-dispatcher or espeak-ng"),
    ):
        here = players.found(table)
        if here:
            heard = "`runback cues` plays every cue"
            yield DoctorFinding(what, FindingState.GOOD, f"by {here[0].name}; {heard}")
        else:
            hint = f"install one (Debian: {packages}); every cue is shown on the screen too"
            yield DoctorFinding(what, FindingState.NOTE, "no program on this computer can play them", hint)


def _terminal() -> DoctorFinding:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return DoctorFinding("terminal", FindingState.NOTE, "this is not a terminal", "run with --headless here")
    columns, rows = os.get_terminal_size()
    kind = os.environ.get("TERM", "unknown")
    colours = "true colour" if os.environ.get("COLORTERM") in ("truecolor", "24bit") else "few colours"
    found = f"{kind}, {columns}×{rows}, {colours}"
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        return DoctorFinding("terminal", FindingState.NOTE, found, f"make it at least {SMALLEST[0]}×{SMALLEST[1]}")
    try:
        import termios as _  # noqa: F401 - whether it is there is the question
    except ImportError:
        what = f"{found}; the screen reads the keyboard, no Windows console has been tried"
        return DoctorFinding("terminal", FindingState.NOTE, what, "try it with the simulator first: runback demo")
    return DoctorFinding("terminal", FindingState.GOOD, found)
