"""What is left of a commissioning: a profile in the person's folder, and a report to share.

Rules:
- The report is written in any case, before the profile: what failed is what others need to see.
- What cannot be read back as a profile is not written; one that was there is kept beside it, and that is said.
- What was seen on a simulated treadmill is kept only where the person says: it must never unlock a real one.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from runback import __version__, private_files
from runback.cli.files import own_profiles, own_reports
from runback.cli.saying import say
from runback.commissioning import profile as profiles
from runback.commissioning.procedure import Procedure
from runback.commissioning.report import RecordedLine as Line
from runback.commissioning.report import ReportHeader, beginning, report
from runback.devices.identity import Identity
from runback.devices.library import available, loads
from runback.devices.matching import choose
from runback.devices.profile import Profile
from runback.devices.quirk_values import WireUnit
from runback.engine.discovery import ConnectedTreadmill
from runback.engine.session_engine import SessionEngine
from runback.errors import InputError


def leave(
    engine: SessionEngine, procedure: Procedure, lines: list[Line], *, simulated: bool, output: Path | None
) -> bool:
    """Write report and profile, and say where they are; whether there is a profile. `output`: the folder for both;
    None: the user's own folders for each. Where nothing was seen, nothing is written. Raises InputError,
    DeviceError."""
    found = engine.connection.found
    identity = Identity() if found is None else found.identity
    base = "" if found is None or found.profile is None else found.profile.name
    header = ReportHeader(__version__, _today(), simulated, base)
    if procedure.seen or output is not None:
        _share(output or own_reports(), report(header, identity, procedure, lines), identity)
    made = None if found is None else _made(engine, found, procedure, simulated=simulated)
    if made is None:
        say(f"runback: not commissioned: {procedure.why or 'it was left before it was finished'}", err=True)
        return False
    if output is not None:
        _keep(output, made)
    elif simulated:
        say("Finished. The treadmill is simulated, so its profile is not saved; --output FOLDER saves it.")
    else:
        _keep(own_profiles(), made)
        _say_if_another_is_chosen(identity, made)
    return True


def _made(engine: SessionEngine, found: ConnectedTreadmill, procedure: Procedure, *, simulated: bool) -> Profile | None:
    if found.profile is None:
        return None
    units = engine.machine.units
    seen = profiles.Circumstances(
        on=_today(),
        high=engine.machine.speed.grid.high,
        write_unit=WireUnit(units.write.value),
        read_unit=WireUnit(units.read.value),
        simulated=simulated,
    )
    taken = [entry.name for entry in available(None)]
    return profiles.profile(found.profile, found.identity, procedure.findings, seen, taken)


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()


def _keep(folder: Path, made: Profile) -> None:
    """Write the profile; one of its name that is there already is kept beside it."""
    from runback.devices.serialization import text

    written = text(made)
    path = folder / f"{made.name}.toml"
    loads(written, str(path), made.name)
    try:
        private_files.folder(folder)
        if path.exists():
            kept = _beside(path)
            path.rename(kept)
            say(f"The earlier profile is saved as {kept}")
        private_files.write(path, written.encode())
    except OSError as error:
        raise InputError(str(path), error.strerror or str(error), "give a folder that you can write to") from None
    say(f"Commissioned: {path}")


def _say_if_another_is_chosen(identity: Identity, made: Profile) -> None:
    chosen = choose(identity, available(own_profiles()))
    if chosen.name != made.name:
        say(f"runback: another profile of yours, {chosen.name}, is for this treadmill too, and wins", err=True)


def _beside(path: Path) -> Path:
    """A name for the old file that is no profile's."""
    number = 1
    while (kept := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    return kept


def _share(folder: Path, made: dict[str, object], identity: Identity) -> None:
    """Write the report to a new file."""
    stem = profiles.key(Identity(beginning(identity.name), model=identity.model), ())
    path = _free(folder / f"commissioning-{stem}-{_today()}.json")
    try:
        private_files.folder(folder)
        private_files.write(path, _text(made).encode())
    except OSError as error:
        say(f"runback: the report could not be written: {error.strerror or error}", err=True)
        return
    say(f"Report to share (no address, no serial number, no names): {path}")


def _text(made: dict[str, object]) -> str:
    """JSON, a line for each line of the capture."""
    capture = made["capture"]
    lines = [json.dumps(line, ensure_ascii=False) for line in capture] if isinstance(capture, list) else []
    head = json.dumps({key: value for key, value in made.items() if key != "capture"}, ensure_ascii=False, indent=1)
    body = ",\n  ".join(lines)
    return f'{head[:-2]},\n "capture": [\n  {body}\n ]\n}}\n'


def _free(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free
