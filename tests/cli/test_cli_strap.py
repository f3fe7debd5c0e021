"""`--strap` as it is typed: what goes with what, and a heart rate that reaches the journal and its exports."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.support.cli.person import Person

RUN = ("run", "20s walk 4, 30s run 7", "--headless", "--speedup", "max")


@pytest.mark.full
def test_a_session_with_a_strap_has_its_heart_rate_second_by_second_and_gaps_where_it_was_lost(person: Person) -> None:
    told = person.does(*RUN, "--json", "--journal", "--strap", "sim", "--fault", "strap-no-contact@20+10")
    snapshots = [one for one in map(json.loads, told.splitlines()) if one["event"] == "snapshot"]
    assert {one.get("heart_rate_sensor") for one in snapshots[2:]} == {"strap"}
    assert [one.get("heart_rate_lost") for one in snapshots].count("no contact") == 10
    assert all(("heart_rate_bpm" in one) != ("heart_rate_lost" in one) for one in snapshots[2:])
    rows = list(csv.DictReader(io.StringIO(person.does("export", "last", "--csv", "-o", "-"))))
    rates = [row["heart rate (bpm)"] for row in rows]
    assert rates[2:].count("") == 10
    assert all(rate == "" or 55 <= int(rate) <= 150 for rate in rates)
    exported = json.loads(person.does("export", "last", "--json", "-o", "-"))
    assert exported["session"]["mean_heart_rate_bpm"] in range(60, 130)


@pytest.mark.full
def test_without_a_strap_nothing_is_said_of_one(person: Person) -> None:
    told = person.does(*RUN, "--json")
    assert "heart" not in told
    assert "strap" not in told


@pytest.mark.full
def test_a_trace_has_what_the_strap_said_and_the_standard_output_has_not(person: Person) -> None:
    trace = person.home / "trace"
    told = person.does(*RUN, "--json", "--strap", "sim", "--trace", str(trace))
    said = [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines() if "strap says" in line]
    assert len(said) > 40
    assert all(bytes.fromhex(one["hex"])[0] & 0x06 == 0x06 for one in said)
    assert "strap says" not in told
    assert '"event": "strap", "state": "connected"' in told


@pytest.mark.full
def test_the_same_run_gives_the_same_bytes(person: Person) -> None:
    command = (*RUN, "--json", "--strap", "sim", "--fault", "strap-lost@15+6", "--fault", "strap-frozen@30")
    assert person.does(*command) == person.does(*command)


@pytest.mark.full
def test_a_session_with_a_strap_is_replayed_as_it_was(person: Person) -> None:
    person.does(*RUN, "--journal", "--strap", "sim", "--fault", "strap-lost@15+6")
    assert person.types("replay", "last", "--headless", "--speedup", "max").returncode == 0


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--strap", "sim", "-t", "Horizon"), "a simulated strap goes with the simulated treadmill"),
        (("--strap", "Polar", "--speedup", "max"), "a real strap keeps real time"),
        (("--strap", "horizon", "-t", "Horizon"), "horizon is the treadmill"),
        (("--strap", " "), "it has no name"),
        (("--fault", "strap-frozen@3"), "strap-frozen@3 is a simulated strap's; add --strap sim"),
        (("--strap", "sim", "--fault", "strap-frozen:3"), "it takes no argument"),
        (("--strap", "sim", "--fault", "strap-thawed"), "is not a kind of fault"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_line(
    person: Person, arguments: tuple[str, ...], says: str
) -> None:
    done = person.types("run", "first-run", "--headless", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_faults_of_the_strap_are_explained(person: Person) -> None:
    told = person.does("run", "first-run", "--fault", "help")
    assert "strap-no-contact[@START][+DURATION]" in told
