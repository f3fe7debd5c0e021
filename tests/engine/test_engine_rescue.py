"""Bringing a belt to rest over a link of one's own, on virtual time: what is said, and what is not.

Sources: issue 11, point 3 (rest is only ever said when it was measured; bleak #1806) and 7 (transient errors).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest

from runback.cli.begun_link import STOP, BegunLink
from runback.cli.rescue import bring_to_rest
from runback.engine.recorder import Recorder
from runback.errors import AdapterUnavailable, LinkBusy, LinkError, LinkLost, NoServices, TreadmillNotFound
from runback.ftms.assigned_numbers import FITNESS_MACHINE_CONTROL_POINT, TREADMILL_DATA
from runback.link.memory import MemoryLink, Radio
from runback.link.protocol import AdvertisedIdentity, LinkListener, Services
from runback.simulator.faults import parse_fault
from runback.simulator.spec import MachineSpec, ReportField
from runback.simulator.treadmill import Treadmill
from tests.support.engine.bench import WatchedLoop
from tests.support.engine.links import CONTROL, NOTIFY

ALL = {FITNESS_MACHINE_CONTROL_POINT: CONTROL, TREADMILL_DATA: NOTIFY}


class Dumb:
    """A treadmill that takes everything and never says a word. `services` and `failures` of each connection."""

    name = "Dumb"
    shown = AdvertisedIdentity("Dumb")

    def __init__(self, services: Services, *failures: LinkError) -> None:
        self.services = services
        self.failures = deque(failures)
        self.connected = 0
        self.written: list[bytes] = []

    def resume(self, listener: LinkListener) -> Services | None:  # noqa: ARG002
        return None

    async def connect(self, listener: LinkListener) -> Services:  # noqa: ARG002
        self.connected += 1
        if self.failures:
            raise self.failures.popleft() if len(self.failures) > 1 else self.failures[0]
        return self.services

    async def subscribe(self, uuid: str) -> None:
        """Nothing will come."""

    async def read(self, uuid: str) -> bytes:
        raise LinkError(uuid)

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:  # noqa: ARG002
        self.written.append(data)

    async def disconnect(self) -> None:
        """Nothing is held."""


class Simulated(MemoryLink):
    """A simulated treadmill's."""

    def resume(self, listener: LinkListener) -> Services | None:  # noqa: ARG002
        return None


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def rescued(link: Dumb | Simulated | Callable[[], Simulated]) -> int:
    """The exit code."""

    async def run() -> int:
        await asyncio.sleep(20.0)  # a belt that was started at the machine moves by then
        made = link if isinstance(link, (Dumb, Simulated)) else link()
        return await bring_to_rest(BegunLink("X", made), Recorder(), None)

    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        return runner.run(run())


@pytest.mark.parametrize(
    ("services", "says"),
    [
        ({}, "cannot be stopped from here: press its own STOP; the belt was not seen at rest: STEP OFF"),
        ({TREADMILL_DATA: NOTIFY}, "cannot be stopped from here: press its own STOP"),
        (ALL, "the belt was not seen at rest: STEP OFF"),
        ({FITNESS_MACHINE_CONTROL_POINT: CONTROL}, "the belt was not seen at rest: STEP OFF"),
    ],
    ids=["nothing", "no control point", "no data", "no data offered"],
)
def test_a_belt_that_nobody_has_seen_at_rest_is_an_alarm(
    capsys: pytest.CaptureFixture[str], services: Services, says: str
) -> None:
    """Issue 11, point 3: nothing was written, or nothing was heard; neither is rest."""
    link = Dumb(services)
    assert rescued(link) == 4
    out, err = capsys.readouterr()
    assert "at rest" not in out
    assert says in err
    assert err.rstrip().endswith("pull the safety key")
    assert set(link.written) == ({STOP} if FITNESS_MACHINE_CONTROL_POINT in services else set())


def test_a_treadmill_that_never_shows_its_services_is_an_alarm_and_says_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    link = Dumb(ALL, NoServices("the treadmill is connected, and shows none of its services: switch it off and on"))
    assert rescued(link) == 4
    assert "switch it off and on; the belt was not seen at rest: STEP OFF" in capsys.readouterr().err
    assert link.connected > 20, "it is tried again for a minute"


@pytest.mark.parametrize("failure", [LinkBusy("busy"), LinkLost("went away"), LinkError("Bluetooth: failed (Failed)")])
def test_connecting_is_tried_again_for_a_minute_and_each_failure_is_said(
    capsys: pytest.CaptureFixture[str], failure: LinkError
) -> None:
    """Issue 11, point 7."""
    link = Dumb(ALL, failure)
    with pytest.raises(type(failure)):
        rescued(link)
    assert link.connected > 20
    said = capsys.readouterr().err.splitlines()
    assert set(said) == {f"runback: {failure}; trying again: pull the safety key if the belt moves"}
    assert link.connected - len(said) in (0, 1), "the last may be the end of the minute"


@pytest.mark.parametrize(
    "failure", [TreadmillNotFound("nothing called X was heard"), AdapterUnavailable("Bluetooth is off")]
)
def test_what_does_not_pass_is_said_at_once(failure: LinkError) -> None:
    link = Dumb(ALL, failure)
    with pytest.raises(type(failure)):
        rescued(link)
    assert link.connected == 1


def test_after_a_failure_that_passed_the_belt_is_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    class Late(Simulated):
        failures = 2

        async def connect(self, listener: LinkListener) -> Services:
            if self.failures:
                self.failures -= 1
                raise LinkBusy("Operation already in progress")
            return await super().connect(listener)

    treadmill = Treadmill()
    treadmill.buttons.press_start(0.0)
    assert rescued(lambda: Late(Radio(treadmill))) == 0
    assert capsys.readouterr().out == "Simulated Treadmill: belt at rest\n"


@pytest.mark.parametrize("fields", [ReportField.DISTANCE, ReportField(0)], ids=["data", "speed alone"])
def test_a_moving_belt_is_stopped_and_its_rest_is_measured(
    capsys: pytest.CaptureFixture[str], fields: ReportField
) -> None:
    treadmill = Treadmill(MachineSpec(fields=fields) if fields else None)
    treadmill.buttons.press_start(0.0)
    assert rescued(lambda: Simulated(Radio(treadmill))) == 0
    assert capsys.readouterr().out == "Simulated Treadmill: belt at rest\n"
    assert treadmill.belt_speed(1000.0) == 0


def test_a_belt_that_does_not_obey_is_an_alarm() -> None:
    treadmill = Treadmill(None, [parse_fault("refuses-stop@0+500")])
    treadmill.buttons.press_start(0.0)
    assert rescued(lambda: Simulated(Radio(treadmill))) == 4


def test_rest_is_told_with_the_record_that_proves_it_and_not_after_the_link_is_let_go() -> None:
    """Issue 11, point 10: STEP OFF stood for 3.2 s over a belt at rest; BlueZ takes two to let a link go."""
    told: list[str] = []

    class Leaves(Simulated):
        async def disconnect(self) -> None:
            if self.connected_once:
                told.append("let go")
            await super().disconnect()

        connected_once = False

        async def connect(self, listener: LinkListener) -> Services:
            services = await super().connect(listener)
            self.connected_once = True
            return services

    async def run() -> int:
        await asyncio.sleep(20.0)
        link = BegunLink("X", Leaves(Radio(Treadmill(None, []))))
        return await bring_to_rest(link, Recorder(), None, rests=lambda: told.append("at rest"))

    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        assert runner.run(run()) == 0
    assert told[:2] == ["at rest", "let go"]
