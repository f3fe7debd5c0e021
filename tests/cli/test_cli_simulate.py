"""`runback simulate`: which machine goes on the air, before it does."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from runback.cli.app import app, execute
from runback.cli.commands.simulate import SimulateOptions, machine
from runback.devices.library import find
from runback.errors import DeviceError, InputError
from runback.simulator.twin import twin


def test_it_is_the_usual_simulator_unless_a_profile_is_named() -> None:
    assert machine(SimulateOptions("usb:0")).name == "Simulated Treadmill"
    assert machine(SimulateOptions("usb:0", "sim:urevo-e1l")) == twin(find("urevo-e1l", None))
    assert machine(SimulateOptions("usb:0", seed=3)).seed == 3


@pytest.mark.parametrize("treadmill", ["sim", "sim:urevo-e1l", "sim:horizon-omega-z"])
def test_a_name_that_is_given_is_the_name_and_none_is_anonymous(treadmill: str) -> None:
    assert machine(SimulateOptions("usb:0", treadmill, "Mine")).name == "Mine"
    assert not machine(SimulateOptions("usb:0", treadmill, "")).name


def test_a_machine_unlocked_by_its_name_is_unlocked_by_the_one_it_is_given() -> None:
    renamed, usual = (
        machine(SimulateOptions("usb:0", "sim:walkingpad-z1", "KS-HD-Z1D9")),
        twin(find("walkingpad-z1", None)),
    )
    assert renamed.name == "KS-HD-Z1D9"
    assert renamed.door.unlock != usual.door.unlock
    assert [step.uuid for step in renamed.door.unlock] == [step.uuid for step in usual.door.unlock]


def test_a_real_treadmill_is_not_put_on_the_air() -> None:
    with pytest.raises(InputError, match="only a simulated treadmill can be put on the air; give sim, or sim:PROFILE"):
        machine(SimulateOptions("usb:0", "My Treadmill"))


def test_a_name_nobody_could_show_is_refused() -> None:
    with pytest.raises(InputError, match="--name"):
        machine(SimulateOptions("usb:0", name="x" * 249))


def test_an_unknown_profile_is_told_as_everywhere() -> None:
    with pytest.raises(DeviceError, match="did you mean"):
        machine(SimulateOptions("usb:0", "sim:urevo-e1"))


def test_fault_help_lists_the_faults_without_a_controller() -> None:
    shown = CliRunner().invoke(app, ["simulate", "--transport", "none", "--fault", "help"])
    assert shown.exit_code == 0
    assert "hung-write" in shown.output


def test_without_a_transport_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["simulate"]) == 2
    assert "--transport" in capsys.readouterr().err
