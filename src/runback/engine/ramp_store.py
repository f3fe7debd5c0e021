"""What has been learned of each treadmill's changes of speed, kept from session to session.

Rules:
- Read once before a session, written once after it: no disk stands on the way to the belt.
- It is a convenience. A file that is missing, broken, or of another version is as none; one that cannot be written is
  no error, since nothing that matters rests on it.
- A simulated treadmill is not remembered: the same command gives the same bytes, every time.

Units: delay s, rate 0.01 km/h per second.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runback import private_files
from runback.engine.discovery import ConnectedTreadmill
from runback.engine.recorder import Recorder
from runback.session.belt_ramp import KEEP, RampEstimator, RampModel, RampSample
from runback.session.session import Session

FILE = "ramps.json"
LARGEST = 1 << 20
"""Bytes. A treadmill takes a few hundred."""
_Delay = Annotated[float, Field(ge=0.0, le=60.0)]
_Rate = Annotated[float, Field(gt=0.1, le=10_000.0)]
_Changes = Annotated[tuple[tuple[_Delay, _Rate], ...], Field(max_length=KEEP)]


class _Machine(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    up: _Changes = ()
    down: _Changes = ()


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1] = 1
    machines: dict[str, _Machine] = {}


class RampStore:
    """The file in `folder`; `None`: nothing is remembered."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = None if folder is None else folder / FILE
        self._file = _File() if self._path is None else _read(self._path)
        self._joined: tuple[str, Session] | None = None

    def join(self, session: Session, found: ConnectedTreadmill, name: str, recorder: Recorder, now: float) -> None:
        """It is known which treadmill this is: what has been learned of it holds from now on, else what the session was
        given. Also puts the session's rules on record, since a replay needs them."""
        machine = name if found.profile is None else f"{found.profile.name} {name}"
        ramps = session.speed_plan.counting.ramps
        if (kept := self._file.machines.get(machine)) is not None:
            ramps.lag = RampModel(*(tuple(RampSample(*each) for each in side) for side in (kept.up, kept.down)))
        self._joined = machine, session
        steps = session.steps
        recorder.put(
            now,
            "rules",
            count_from=session.speed_plan.counting.count_from.value,
            stepped_off=steps.up_to.value,
            stepped_off_after=steps.after,
            up=_pairs(ramps.lag.up),
            down=_pairs(ramps.lag.down),
        )

    def keep(self) -> None:
        """The session is over: write what has been learned. What a person sets by hand says nothing of the machine."""
        if self._path is None or self._joined is None:
            return
        machine, session = self._joined
        learned = _learned(session.speed_plan.counting.ramps)
        if session.prompts or learned == self._file.machines.get(machine, _Machine()):
            return
        machines = {**self._file.machines, machine: learned}
        with contextlib.suppress(OSError):
            private_files.folder(self._path.parent)
            private_files.replace(self._path, _File(machines=machines).model_dump_json().encode())


def _pairs(changes: tuple[RampSample, ...]) -> list[object]:
    return [[round(each.delay, 3), round(each.rate, 3)] for each in changes]


def _learned(ramps: RampEstimator) -> _Machine:
    sides = [
        tuple((round(each.delay, 3), round(each.rate, 3)) for each in side) for side in (ramps.lag.up, ramps.lag.down)
    ]
    return _Machine.model_construct(up=sides[0], down=sides[1])


def _read(path: Path) -> _File:
    try:
        return _File.model_validate_json(private_files.read(path, LARGEST))
    except (OSError, ValidationError):
        return _File()
