"""What a replay refuses, what it flags, and that nobody at it can move anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from runback.engine.recorder import Recorder
from runback.errors import AttError, JournalError, LinkLost
from runback.ftms import assigned_numbers
from runback.journal.model import Event, Json, Packet, SessionRecord
from runback.replay.playback import Playback
from runback.replay.recorded_link import RecordedLink
from runback.replay.script import Connecting, RecordedRules
from runback.replay.script_builder import script
from runback.replay.transcript import Transcript
from runback.session.belt_ramp import RampModel, RampSample
from runback.session.model import CountFrom, Intent, SteppedOff
from runback.units import Unit
from tests.support.replay import altered, keep, replay


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> SessionRecord:
    return keep(tmp_path_factory.mktemp("kept") / "journal.db")


def without(word: str) -> Callable[[Event], Event | None]:
    return lambda event: None if event.word == word else event


def with_fields(word: str, **fields: Json) -> Callable[[Event], Event]:
    def change(event: Event) -> Event:
        left: Mapping[str, Json] = {key: value for key, value in {**event.fields, **fields}.items() if value != "gone"}
        return replace(event, fields=left) if event.word == word else event

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without("offers"), "runback 0.1.0 recorded it without what its treadmill offers"),
        (without("connected"), "it was never connected"),
        (with_fields("offers", characteristics=3), "is not a list"),
        (with_fields("offers", characteristics={"2AD9": "write"}), "is not known here"),
        (with_fields("offers", characteristics={"2AD9": ["fly"]}), "is not known here"),
        (with_fields("offers", characteristics={"zz": []}), "has no UUID"),
        (with_fields("read", hex="0g"), "'read' has no bytes"),
        (with_fields("read", uuid="gone"), "'read' has no uuid"),
        (with_fields("ask", ask="fly"), "the ask of 'ask' is not known here"),
        (with_fields("phase", phase=7), "'phase' has no phase"),
        (with_fields("rules", count_from="fly"), "the count_from of 'rules' is not known here"),
        (with_fields("rules", stepped_off_after="gone"), "its rules say no time"),
        (with_fields("rules", up="gone"), "its rules have no up"),
        (with_fields("rules", down=[["x"]]), "its rules have no down"),
        (lambda event: replace(event, word="write refused") if event.word == "written" else event, "has no code"),
    ],
)
def test_a_record_that_cannot_be_played_is_one_line(
    kept: SessionRecord, change: Callable[[Event], Event | None], told: str
) -> None:
    with pytest.raises(JournalError) as raised:
        script(altered(kept, change))
    assert told in str(raised.value)
    assert str(raised.value).startswith("session 1: ")


def test_a_session_from_before_there_were_rules_had_their_defaults(kept: SessionRecord) -> None:
    assert script(altered(kept, without("rules"))).rules == RecordedRules(CountFrom.COMMAND, SteppedOff.OFF)
    learned = script(altered(kept, with_fields("rules", up=[[1.0, 50.0]]))).rules
    assert (learned.stepped_off, learned.lag) == (SteppedOff.PAUSE, RampModel(up=(RampSample(1.0, 50.0),)))


def test_a_workout_that_cannot_be_read_is_one_line(kept: SessionRecord) -> None:
    broken = SessionRecord(replace(kept.session, plan="5m fly"), kept.intervals, kept.samples, kept.events, kept.octets)
    with pytest.raises(JournalError, match="its workout cannot be read"):
        script(broken)


def test_a_write_that_this_version_does_not_make_is_flagged(kept: SessionRecord) -> None:
    def faster(octets: Packet) -> Packet:
        return replace(octets, data=bytes.fromhex("022003")) if octets.data.hex() == "02bc02" else octets

    flagged = replay(altered(kept, lambda event: event, faster)).divergences
    assert sorted(each.line.split(" s ", 1)[1] for each in flagged) == [
        "the record has the write 022003 (plan), which this version does not make",
        "this version makes the write 02BC02 (plan), which is not in the record",
    ]


def test_a_record_whose_end_is_lost_plays_as_far_as_it_goes(kept: SessionRecord) -> None:
    end = 20_000
    cut = altered(
        kept, lambda event: event if event.at < end else None, lambda octets: octets if octets.at < end else None
    )
    played = replay(replace(cut, session=replace(kept.session, length=end, outcome=None)))
    assert played.whole
    assert played.divergences == ()
    assert played.phases()[-1][1] == "running"


def test_a_phase_that_came_otherwise_is_flagged(kept: SessionRecord) -> None:
    flagged = replay(altered(kept, with_fields("phase", phase="paused"))).divergences
    assert any("the record has the phase 'paused'" in each.line for each in flagged)
    assert any("this version makes the phase 'running'" in each.line for each in flagged)
    assert [each.at for each in flagged] == sorted(each.at for each in flagged)


@pytest.mark.full
@pytest.mark.parametrize("ask", [Intent.START, Intent.RESUME, Intent.FASTER, Intent.PAUSE, Intent.RESET, Intent.REARM])
def test_nothing_that_is_asked_for_at_a_replay_changes_it(kept: SessionRecord, ask: Intent) -> None:
    asked, alone = replay(kept, lambda playback: playback.ask(ask)), replay(kept)
    assert (asked.writes(), asked.phases(), asked.divergences) == (alone.writes(), alone.phases(), ())


@pytest.mark.parametrize(
    "leave",
    [
        lambda playback: playback.ask(Intent.STOP),
        lambda playback: playback.ask(Intent.QUIT),
        lambda playback: playback.stop(),
    ],
)
def test_stop_and_leave_end_a_replay_and_write_nothing(kept: SessionRecord, leave: Callable[[Playback], None]) -> None:
    played = replay(kept, leave)
    assert not played.whole
    assert played.writes() == replay(kept).writes()[: len(played.writes())]


def test_a_computer_that_slept_has_lost_its_link_again(kept: SessionRecord) -> None:
    at = next(event.at for event in kept.events if event.word == "phase" and event.fields["phase"] == "running") + 3000
    order = max(each.order for each in kept.octets if each.at <= at)
    events = (*kept.events, Event(order, at, "gap", {"gap": "slept"}))
    played = replay(SessionRecord(kept.session, kept.intervals, kept.samples, events, kept.octets))
    assert "link lost" in [phase for _, phase in played.phases()]


async def test_the_link_of_a_replay_knows_only_its_record(kept: SessionRecord) -> None:
    link = RecordedLink(script(kept))
    link.begin(asyncio.get_running_loop().time())
    await link.write(assigned_numbers.FITNESS_MACHINE_CONTROL_POINT, b"\x55", response=True)
    with pytest.raises(AttError):
        await link.read(assigned_numbers.TREADMILL_DATA)
    ear = Playback(script(kept), Recorder(), lambda _: None).engine
    link.connecting(Connecting(0, "nobody had asked"))
    link.connecting(Connecting(0, None))
    assert await link.connect(ear) == script(kept).services  # it had come up before it was asked for
    asked = asyncio.ensure_future(link.connect(ear))
    await asyncio.sleep(0)
    link.connecting(Connecting(0, "it was not there"))
    with pytest.raises(LinkLost, match="it was not there"):
        await asked
    assert link.name == "REPLAY of session 1 (Simulated Treadmill)"


async def test_a_write_that_failed_fails_again_and_one_that_is_late_is_not_waited_for(kept: SessionRecord) -> None:
    def failed(event: Event) -> Event:
        return replace(event, word="write failed", fields={"reason": "gone"}) if event.word == "written" else event

    link = RecordedLink(script(altered(kept, failed)))
    first = link_write(kept)
    link.begin(asyncio.get_running_loop().time() - first.at / 1000)
    link.fated(0)
    link.fated(0)
    with pytest.raises(LinkLost, match="gone"):
        await link.write(assigned_numbers.FITNESS_MACHINE_CONTROL_POINT, first.data, response=True)
    await link.caught_up(3, asyncio.get_running_loop().time())
    await link.write(assigned_numbers.FITNESS_MACHINE_CONTROL_POINT, first.data, response=True)


def link_write(kept: SessionRecord) -> Packet:
    """The first write."""
    return next(each for each in kept.octets if each.source is not None)


def test_a_session_that_was_run_for_a_plan_keeps_its_limits(kept: SessionRecord) -> None:
    purpose = Event(-1, 0, "purpose", {"version": 1, "plan": "return-to-running", "stage": "1", "running_ms": 300_000})
    found = script(SessionRecord(kept.session, kept.intervals, kept.samples, (purpose, *kept.events), kept.octets))
    assert (found.plan, found.run_cap) == ("return-to-running", 300.0)
    assert (script(kept).plan, script(kept).run_cap) == (None, None)


@pytest.mark.full
@pytest.mark.parametrize(
    ("unit", "run", "walk"),
    [(Unit.KMH, "7.0 km/h", "4.0 km/h"), (Unit.MPH, "4.3 mph", "2.5 mph"), (Unit.MIN_PER_KM, "8:34/km", "15:00/km")],
)
def test_what_happened_is_told_in_lines_in_the_persons_unit(tmp_path: Path, unit: Unit, run: str, walk: str) -> None:
    lines: list[str] = []
    telling = Transcript(lines.append, unit)
    played = replay(keep(tmp_path / "journal.db", "refuses-stop@0"))
    telling.zero = played.zero
    for t, word, fields in played.happened:
        telling.hear(t, word, fields)
    told = [line[10:] for line in lines]
    assert [line[:8].strip() for line in lines][:2] == ["0:00.0", "0:00.0"]
    assert f"step 2: run, 15 s at {run}" in told
    assert f"target {run}, belt {walk}" in told
    assert "ALARM: the belt is not slowing down" in told
    assert len(told) == len(set(told))


def test_a_session_under_the_persons_own_cap_is_replayed_under_it(tmp_path: Path) -> None:
    presses = [
        (1.0, Intent.START),
        *[(float(at), Intent.FASTER) for at in range(14, 26)],
        (60.0, Intent.STOP),
        (80.0, Intent.QUIT),
    ]
    kept = keep(tmp_path / "journal.db", presses=presses, cap=720)
    assert script(kept).person_cap == 720
    played = replay(kept)
    assert (played.divergences, played.whole) == ((), True)
    uncapped = tuple(event for event in kept.events if event.word != "cap")
    assert replay(SessionRecord(kept.session, kept.intervals, kept.samples, uncapped, kept.octets)).divergences


@pytest.mark.parametrize("kmh", [0, -3, 21, True, "12"])
def test_a_cap_that_is_no_speed_is_a_damaged_record(kept: SessionRecord, kmh: object) -> None:
    cap = Event(-1, 0, "cap", {"person_kmh": kmh})  # type: ignore[dict-item]
    with pytest.raises(JournalError, match="its cap is not a speed"):
        script(SessionRecord(kept.session, kept.intervals, kept.samples, (cap, *kept.events), kept.octets))
