"""What is learned of a treadmill is kept and used again; the file is a convenience, and never in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runback.engine.ramp_store import FILE, RampStore
from runback.ipc.messages import SpeedRampView
from runback.session.model import CountFrom
from runback.simulator.spec import MachineSpec
from runback.workout.model import Step
from tests.support.engine.bench import RUN, WALK, Line, number, plan
from tests.support.engine.rules import judge

STEPS = (Step(WALK, 30, 400), Step(RUN, 30, 800), Step(WALK, 30, 400), Step(RUN, 30, 800), Step(WALK, 20, 400))
SLOW = MachineSpec(acceleration=0.4, deceleration=0.8)


def ran(book: RampStore, *steps: Step, spec: MachineSpec = SLOW) -> Line:
    line = Line(plan(*(steps or STEPS)), spec=spec, count_from=CountFrom.SPEED, ramps=book).headless()
    judge(line)
    book.keep()
    return line


def learned(folder: Path) -> dict[str, dict[str, list[list[float]]]]:
    content = json.loads((folder / FILE).read_text())
    assert content["version"] == 1
    machines: dict[str, dict[str, list[list[float]]]] = content["machines"]
    return machines


def test_what_the_belt_really_does_is_learned_each_way_and_kept(tmp_path: Path) -> None:
    ran(RampStore(tmp_path / "state"))
    (machine,) = learned(tmp_path / "state").values()
    assert [rate for _, rate in machine["up"]] == pytest.approx([40.0, 40.0], rel=0.1)
    assert [rate for _, rate in machine["down"]] == pytest.approx([80.0, 80.0], rel=0.1)
    assert all(0.0 <= delay <= 1.2 for delay, _ in machine["up"] + machine["down"])


@pytest.mark.full
def test_the_next_session_knows_it_from_the_first_change_on(tmp_path: Path) -> None:
    def shown(book: RampStore) -> list[SpeedRampView | None]:
        seen: list[SpeedRampView | None] = []
        line = Line(plan(*STEPS), spec=SLOW, count_from=CountFrom.SPEED, ramps=book)
        line.headless(*((at, lambda then: seen.append(then.engine.snapshot().reaching)) for at in (58.0, 60.0)))
        book.keep()
        return seen

    assert shown(RampStore(tmp_path)) == [SpeedRampView(speed_kmh=8.0, counts_then=True)] * 2
    first, second = shown(RampStore(tmp_path))
    assert first is not None
    assert second is not None
    assert first.in_s is not None
    assert 2.0 < first.in_s < 10.0
    assert second.in_s == pytest.approx(first.in_s - 2.0, abs=0.1)


@pytest.mark.full
def test_each_machine_is_known_by_itself(tmp_path: Path) -> None:
    ran(RampStore(tmp_path))
    ran(RampStore(tmp_path), spec=MachineSpec(name="Another"))
    assert set(learned(tmp_path)) == {"Simulated Treadmill", "Another"}


@pytest.mark.full
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"version": 2, "machines": {}}',
        b'{"version": 1, "machines": {"Simulated Treadmill": {"up": [[1.0, 0.0]]}}}',
        b'{"version": 1, "machines": {"Simulated Treadmill": {"up": [[-1.0, 50.0]]}}}',
        b'{"version": 1, "machines": {"Simulated Treadmill": {"up": [[NaN, 50.0]]}}}',
        b'{"version": 1, "machines": {"Simulated Treadmill": {"sideways": []}}}',
        json.dumps({"version": 1, "machines": {"Simulated Treadmill": {"up": [[1.0, 50.0]] * 10}}}).encode(),
    ],
)
def test_a_broken_file_is_as_none_and_is_written_anew(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    line = ran(RampStore(tmp_path))
    assert line.events("rules")[0]["up"] == []
    assert list(learned(tmp_path)) == ["Simulated Treadmill"]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file stands where the folder should")
    ran(RampStore(tmp_path / "state"))
    assert (tmp_path / "state").is_file()


def test_without_a_folder_nothing_is_kept_and_without_a_change_nothing_is_written(tmp_path: Path) -> None:
    ran(RampStore())
    RampStore(tmp_path).keep()
    ran(RampStore(tmp_path), Step(WALK, 20, 400))
    assert list(tmp_path.iterdir()) == []


def test_the_summary_says_what_was_planned_what_it_took_and_what_of_it_was_changing_speed() -> None:
    line = ran(RampStore())
    changing = number(line.summary, "changing_s")
    assert 20.0 < changing < 60.0
    assert "planned 2:20, took 2:" in line.lines[0] or "planned 2:20, took 3:" in line.lines[0]
    assert "changing speed" in line.lines[0]
    intervals = line.summary["intervals"]
    assert isinstance(intervals, list)
    assert sum(each["changing_s"] for each in intervals) == pytest.approx(changing, abs=0.1)
    assert [each["actual_s"] for each in intervals] == pytest.approx([30, 30, 30, 30, 20], abs=0.01)


def test_counted_from_the_command_nothing_of_it_is_said() -> None:
    line = Line(plan(*STEPS), spec=SLOW).headless()
    assert "changing_s" not in line.summary
    assert " of 2:20," in line.lines[0]
