"""What comes of a commissioning: the profile, and the report that may be shared."""

from __future__ import annotations

import json

import pytest

from runback.commissioning import profile as profiles
from runback.commissioning.bounds import Bounds
from runback.commissioning.findings import Findings
from runback.commissioning.procedure import Procedure
from runback.commissioning.profile import Circumstances
from runback.commissioning.report import RecordedLine, ReportHeader, beginning, report
from runback.commissioning.stages import CommissioningStage
from runback.devices.identity import Identity
from runback.devices.library import available, find, loads
from runback.devices.profile import Profile
from runback.devices.quirk_values import Level, WireUnit
from runback.devices.serialization import text
from tests.support.commissioning.bench import GENERIC, Run

ALL = tuple(CommissioningStage)
SEEN = Circumstances("2026-11-25", 2000, WireUnit.KMH, WireUnit.KMH)
ADDRESS = "C4:64:E3:12:AB:9F"
OWNER = Identity("Anna's FS-9D2C41", frozenset(), "T-1", "Maker\nInc", "1.0.2")


def made(
    passed: tuple[CommissioningStage, ...] = ALL, identity: Identity = OWNER, base: Profile = GENERIC
) -> Profile | None:
    findings = Findings(Bounds(80, 10), start_delay=3.94, up_within=0.02, down_within=1.0, stop_within=1.2)
    findings.passed = passed
    return profiles.profile(base, identity, findings, SEEN, [entry.name for entry in available(None)])


@pytest.mark.parametrize("stage", sorted(profiles.NEEDED, key=ALL.index))
def test_there_is_no_profile_without_every_stage_that_is_needed(stage: CommissioningStage) -> None:
    assert made(tuple(each for each in ALL if each is not stage)) is None


def test_nothing_seen_is_no_profile() -> None:
    assert profiles.profile(GENERIC, OWNER, Findings(), SEEN, ()) is None


def test_the_profile_is_known_again_by_what_the_machine_shows_of_itself() -> None:
    profile = made()
    assert profile is not None
    assert profile.match.name_prefix == ("Anna's FS-9D2C41",)
    assert (profile.match.model, profile.match.manufacturer, profile.match.firmware) == (
        ("T-1",),
        ("Maker Inc",),
        ("1.0.2",),
    )
    assert profile.name == "anna-s-fs-9d2c41"
    assert profile.title == "Maker Inc T-1"
    assert profile.evidence[-1].level is Level.OBSERVED
    assert loads(text(profile), "own.toml", profile.name) == profile


def test_no_time_is_shorter_than_what_can_be_seen() -> None:
    profile = made()
    assert profile is not None
    assert (profile.start.countdown, profile.speed.up_within) == (3.9, 0.1)


def test_a_machine_without_a_name_is_known_by_its_service_and_model() -> None:
    profile = made(identity=Identity(None, frozenset(), "T-1"))
    assert profile is not None
    assert profile.match.anonymous
    assert profile.match.services
    assert loads(text(profile), "own.toml", profile.name) == profile


def test_a_machine_that_shows_nothing_is_called_a_treadmill() -> None:
    assert profiles.key(Identity("跑步机"), ()) == "treadmill"


def test_a_profile_of_runbacks_own_is_not_taken_the_place_of() -> None:
    profile = made(identity=Identity("Generic"))
    assert profile is not None
    assert profile.name == "generic-mine"


def test_what_was_known_of_the_model_stays_known() -> None:
    base = find("walkingpad-z1", None)
    profile = made(base=base)
    assert profile is not None
    assert (profile.unlock, profile.link, profile.title) == (base.unlock, base.link, base.title)
    assert profile.evidence[:-1] == base.evidence


def test_a_machine_that_counts_by_its_console_is_walked_first_each_time() -> None:
    profile = made(base=find("merach-t", None))
    assert profile is not None
    assert profile.speed.write_unit is WireUnit.CONSOLE


def test_what_was_seen_on_a_simulator_is_no_observation() -> None:
    findings = Findings(Bounds(80, 10), passed=ALL)
    seen = Circumstances("2026-11-25", 2000, WireUnit.KMH, WireUnit.KMH, simulated=True)
    profile = profiles.profile(GENERIC, OWNER, findings, seen, ())
    assert profile is not None
    assert profile.evidence[-1].level is Level.INFERRED
    assert profile.start.countdown is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("URTM041", "URTM041"),
        ("FS-9D2C41", "FS"),
        ("KS-HD-Z1D", "KS-HD-Z1D"),
        ("Treadmill 0042", "Treadmill"),
        ("Anna's FS-9D2C41", "FS"),
        ("Laufband von Bernd", "Laufband"),
        ("12345678", None),
        (None, None),
    ],
)
def test_of_the_name_only_what_says_the_model_is_shared(name: str | None, kept: str | None) -> None:
    assert beginning(name) == kept


def test_the_report_has_what_was_said_and_nothing_of_whose_it_is() -> None:
    procedure = Procedure()
    procedure.end(f"an earlier session left {OWNER.name} ({ADDRESS}) without seeing its belt at rest")
    entries: list[RecordedLine] = [
        (5.0, "offers", {"characteristics": {"2A25": ["read"], "fff1": ["notify"]}}),
        (5.1, "read", {"uuid": "2A24", "hex": "542d31"}),
        (5.2, "read", {"uuid": "2A25", "hex": "39443243"}),
        (5.3, "connected", {"treadmill": OWNER.name}),
        (5.4, "write", {"uuid": "24e2521c-f63b-48ed-85be-c5330d00fdf7", "hex": "7100050139443243", "source": "person"}),
        (5.5, "notification", {"uuid": "2ACD", "hex": "8400000000"}),
        (5.6, "link lost", {"reason": f"/org/bluez/hci0/dev_{ADDRESS.replace(':', '_')}"}),
        (5.7, "remark", {"line": "Anna"}),
    ]
    shown = report(ReportHeader("0.1.0", "2026-11-25", simulated=False, base="generic"), OWNER, procedure, entries)
    said = json.dumps(shown)
    for secret in (ADDRESS, ADDRESS.replace(":", "_"), "Anna", "9D2C41", "39443243"):
        assert secret not in said
    capture = shown["capture"]
    assert isinstance(capture, list)
    assert [line["event"] for line in capture] == ["offers", "read", "read", "write", "notification", "link lost"]
    assert capture[4] == {"t": 0.5, "event": "notification", "uuid": "2ACD", "hex": "8400000000"}
    assert capture[3]["hex"] == "8 bytes"


def test_the_report_of_a_whole_commissioning_has_every_write_and_what_was_learned() -> None:
    run = Run().go()
    found = run.engine.connection.found
    assert found is not None
    shown = report(
        ReportHeader("0", "2026-11-25", simulated=True, base="generic"), found.identity, run.procedure, run.records
    )
    capture = shown["capture"]
    assert isinstance(capture, list)
    assert [line["hex"] for line in capture if line["event"] == "write"] == run.written
    assert any(line["event"] == "notification" and line["uuid"] == "2ACD" for line in capture)
    assert shown["ended"] == "seen through"
    learned = shown["learned"]
    assert isinstance(learned, dict)
    assert learned["display"] == "0.8 km/h"
    assert run.spec.address not in json.dumps(shown)
    assert f'"{run.spec.serial}"' not in json.dumps(shown)


def test_a_report_of_nothing_is_a_report() -> None:
    shown = report(ReportHeader("0", "2026-11-25", simulated=False, base=""), Identity(), Procedure(), [])
    assert shown["capture"] == []
    assert shown["ended"] == "not ended"
