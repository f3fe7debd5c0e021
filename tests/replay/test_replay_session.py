"""A recorded session, played back: the same phases at the same times, the same writes, whatever happened in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runback.journal.model import SessionRecord
from runback.session.model import CountFrom, Intent
from tests.support.replay import Played, Press, keep, recorded_phases, recorded_writes, replay

ROUNDING = 2
"""ms: the record keeps whole ones, and some follow from others."""


def follows(played: Played, kept: SessionRecord) -> None:
    """The replay did what the record says."""
    assert [each[1:] for each in played.writes()] == [each[1:] for each in recorded_writes(kept)]
    assert [each[1:] for each in played.phases()] == [each[1:] for each in recorded_phases(kept)]
    made = [each[0] for each in played.writes()] + [each[0] for each in played.phases()]
    recorded = [each[0] for each in recorded_writes(kept)] + [each[0] for each in recorded_phases(kept)]
    assert all(abs(mine - theirs) <= ROUNDING for mine, theirs in zip(made, recorded, strict=True))
    assert played.divergences == ()
    assert played.outcome == kept.session.outcome
    assert played.whole


@pytest.mark.full
@pytest.mark.parametrize(
    "fault",
    [
        *(
            "link-loss@18",
            "link-loss@18+5",
            "link-loss@18+30",
            "hung-write@13.7",
            "hung-write@25+3",
            "hung-write@18:obeyed",
        ),
        *("surge@16+20", "console-speed@16:5.5", "console-incline@16:3", "console-stop@18", "console-pause@18"),
        *("refuses-stop@0", "slow-stop@0", "creeps-after-stop@0", "safety-key@18", "control-taken@18"),
        *("lost-indication@25+3", "late-indication@13+20", "slow-procedure@13+20", "att-error@13+8", "att-error@9.5"),
        *("dead-telemetry@20", "split-data@0", "truncated-data@20", "duplicate-indication@0"),
    ],
)
def test_a_replay_does_what_was_done(fault: str, tmp_path: Path) -> None:
    kept = keep(tmp_path / "journal.db", fault)
    follows(replay(kept), kept)


@pytest.mark.full
@pytest.mark.parametrize("faults", [(), ("surge@20+20",), ("split-data@0",), ("console-pause@24",)])
def test_a_session_in_a_flood_is_replayed_from_the_part_that_the_rules_had(
    faults: tuple[str, ...], tmp_path: Path
) -> None:
    """Issue 11, point 21."""
    kept = keep(tmp_path / "journal.db", *faults, period=1 / 256)
    played = replay(kept)
    follows(played, kept)
    assert played.script.unseen > 1000
    assert played.script.unrecorded == 0
    heard = sum(each.source is None for each in kept.octets)
    assert heard < 0.3 * (heard + played.script.unseen)


def test_a_session_without_trouble_is_played_to_its_end(tmp_path: Path) -> None:
    kept = keep(tmp_path / "journal.db")
    played = replay(kept)
    follows(played, kept)
    assert played.outcome == "completed"
    assert len(played.writes()) > 4
    assert [fields for _, word, fields in played.happened if word == "snapshot"][20]["measured_kmh"] == 4.0


@pytest.mark.full
@pytest.mark.parametrize("fault", ["link-loss@18+5", "console-speed@32:5.5", "dead-telemetry@30+3", "split-data@0"])
def test_a_session_that_counted_from_the_speed_is_replayed_so(fault: str, tmp_path: Path) -> None:
    kept = keep(tmp_path / "journal.db", fault, count_from=CountFrom.SPEED)
    played = replay(kept)
    follows(played, kept)
    assert played.script.rules.count_from is CountFrom.SPEED


ALL_KEYS: list[Press] = [
    *((1.0, Intent.START), (16.0, Intent.FASTER), (24.0, Intent.SLOWER), (25.0, Intent.STEEPER), (26.0, Intent.SKIP)),
    *(
        (40.0, Intent.PAUSE),
        (50.0, Intent.RESUME),
        (66.0, Intent.EXTEND),
        (67.0, Intent.REPEAT),
        (68.0, Intent.FLATTER),
    ),
    *(
        (69.0, Intent.EASE_OFF),
        (75.0, Intent.STOP),
        (75.5, Intent.STOP),
        (85.0, Intent.RESET),
        (90.0, Intent.QUIT),
        (91.0, Intent.QUIT),
    ),
]


def test_whatever_the_person_asked_for_is_asked_again(tmp_path: Path) -> None:
    kept = keep(tmp_path / "journal.db", presses=ALL_KEYS)
    played = replay(kept)
    follows(played, kept)
    assert played.told("ask", "ask") == [event.fields["ask"] for event in kept.events if event.word == "ask"]
    assert played.told("stop", "source") == ["person", "person"]


def test_leaving_a_moving_belt_is_the_stop_that_it_was(tmp_path: Path) -> None:
    kept = keep(
        tmp_path / "journal.db",
        presses=[(0.5, Intent.START), (20.0, Intent.STOP), (20.01, Intent.QUIT), (30.0, Intent.QUIT)],
    )
    follows(replay(kept), kept)


def test_a_stop_before_the_link_is_there_is_the_first_thing_on_it(tmp_path: Path) -> None:
    kept = keep(
        tmp_path / "journal.db",
        "link-loss@18+8",
        presses=[(1.0, Intent.START), (20.0, Intent.STOP), (60.0, Intent.STOP)],
    )
    played = replay(kept)
    follows(played, kept)
    assert played.writes()[-1][1] == "0801"


def test_a_start_that_was_refused_is_refused_again(tmp_path: Path) -> None:
    """One in its countdown, one before any (issue 11, point 15)."""
    presses = [(1.0, Intent.START), (20.0, Intent.START), (30.0, Intent.QUIT)]
    kept = keep(tmp_path / "journal.db", presses=presses, guarded_until=5.0)
    assert [event.word for event in kept.events if event.word in ("ask", "start refused")][:3] == [
        "ask",
        "start refused",
        "start refused",
    ]
    follows(replay(kept), kept)


def test_a_replay_of_a_replay_is_the_same(tmp_path: Path) -> None:
    kept = keep(tmp_path / "journal.db", "surge@16+20")
    first, second = replay(kept), replay(kept)
    assert first.happened == second.happened


def test_a_stop_that_is_shown_says_that_it_is_a_replays(tmp_path: Path) -> None:
    played = replay(keep(tmp_path / "journal.db", "refuses-stop@0"))
    shown = [fields["stop"] for _, word, fields in played.happened if word == "snapshot" and "stop" in fields]
    assert shown
    assert all(isinstance(stop, dict) and str(stop["reason"]).startswith("REPLAY: ") for stop in shown)
