"""A treadmill that no profile describes: read, and stopped, but not driven."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runback.devices.profile import ProfileEntry
from runback.engine.headless import run_headless
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.summary import SessionOutcome
from runback.errors import DeviceError
from runback.session.model import Phase
from runback.simulator.spec import MachineSpec
from tests.support.engine.bench import Line, plan
from tests.support.engine.twins import ENTRIES, profile_of

STRICT = ProfileCatalog(ENTRIES, strangers=False)
UNHEARD = replace(MachineSpec(), name="Unheard Of")
OWN = profile_of('[match]\nname_prefix = ["Unheard Of"]\n')


def test_a_stranger_is_refused_before_anything_is_written_and_the_line_names_the_way() -> None:
    line = Line(plan(), spec=UNHEARD, catalog=STRICT)
    with pytest.raises(ExceptionGroup) as refused:
        line.headless()
    (error,) = refused.value.exceptions
    assert isinstance(error, DeviceError)
    assert str(error) == (
        '"Unheard Of": nothing is known of this treadmill yet; it is only read, and stopped; '
        'with nobody on it: runback commission -t "Unheard Of"'
    )
    assert line.written() == []


async def _stop(line: Line) -> None:
    """What `runback stop` does."""
    line.engine.stop("runback stop")
    await run_headless(line.engine, lambda _: None)


def test_a_strangers_belt_is_stopped_all_the_same() -> None:
    line = Line(plan(), spec=UNHEARD, catalog=STRICT)
    line.treadmill.buttons.press_start(0.0)
    line.run(lambda: _stop(line))
    assert line.outcome is SessionOutcome.STOPPED
    assert "0801" in [octets for _, octets in line.written()]
    assert line.rested


def test_a_machine_with_a_profile_that_ships_runs_as_before() -> None:
    line = Line(plan(), spec=replace(MachineSpec(), name="FS-9D2C41"), catalog=STRICT)
    assert line.headless().session.phase is Phase.COMPLETED


def test_a_persons_own_profile_makes_it_no_stranger() -> None:
    catalog = ProfileCatalog([*ENTRIES, ProfileEntry(OWN.name, "own.toml", OWN)], strangers=False)
    assert Line(plan(), spec=UNHEARD, catalog=catalog).headless().session.phase is Phase.COMPLETED


def test_one_that_could_be_several_and_is_read_in_a_hurry_is_a_stranger() -> None:
    twice = [ProfileEntry(name, "own.toml", replace(OWN, name=name)) for name in ("one", "two")]
    line = Line(plan(), spec=UNHEARD, catalog=ProfileCatalog(twice, strangers=False))
    line.run(lambda: _stop(line))
    found = line.engine.connection.found
    assert found is not None
    assert found.stranger
