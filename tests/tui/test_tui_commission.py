"""A commissioning on the screen: what its keys do, and what it says."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from runback.ipc.messages import Announcement, CommissionView, Snapshot
from runback.key_bindings import CONTROLS, KeyContext, UiAction, decide, hints
from runback.session.model import Intent, Phase
from runback.workout.model import Kind
from tests.support.tui.reading import screen_text
from tests.support.tui.scenes import cockpit, moment, still

CHOICES = ("0.8 km/h", "0.5 mph", "0.8 mph", "1.3 km/h", "something else, or nothing")
SEEN = (
    "it goes from 0.8 km/h in steps of 0.1",
    "it reports its belt at rest",
    "it answers Stop, and stays at rest",
    "it starts after 3.8 s, and keeps to 0.8 km/h",
)


def view(title: str, doing: str, seen: int = 1, **more: object) -> CommissionView:
    return CommissionView.model_validate({"title": title, "doing": doing, "seen": SEEN[:seen], **more})


SCENES: dict[str, Snapshot] = {
    "reading": still(Phase.READY, commission=view("READ", "Reading the treadmill; nothing is sent.")),
    "first word": still(Phase.READY, commission=view("READ", "Nobody on the belt, safety key in.", waits=True)),
    "stop is tried": still(Phase.ENDING, commission=view("STOP", "Stop is sent to the resting belt.", 2)),
    "second word": still(Phase.READY, commission=view("START", "Stay off the belt.", 3, waits=True)),
    "countdown": still(
        Phase.COUNTDOWN,
        commission=view("START", "The belt starts.", 3),
        announcement=Announcement(in_s=7.2, speed_kmh=0.8, kind=Kind.WALK),
    ),
    "question": moment(
        measured_kmh=0.8,
        target_kmh=0.8,
        commission=view("UNITS", "Look at the treadmill's own display.", 4, waits=True, choices=CHOICES),
    ),
    "one step": moment(
        measured_kmh=0.8,
        target_kmh=0.8,
        commission=view("ONE STEP", "One step faster, announced, then back.", 4),
        announcement=Announcement(in_s=7.2, speed_kmh=0.9, kind=Kind.WALK),
    ),
    "ending": moment(Phase.ENDING, measured_kmh=0.4, commission=view("STOP AGAIN", "Stopping the belt.", 4)),
    "seen all": still(Phase.COMPLETED, commission=view("STOP AGAIN", "Done.", 4, over=True, done=True)),
    "not done": still(Phase.READY, commission=view("READ", "it did not say.", 1, over=True)),
}
EXPECTED: dict[str, dict[str, Intent | UiAction]] = {
    "first word": {"enter": Intent.START},
    "second word": {"enter": Intent.START},
    "stop is tried": {"enter": UiAction.NOTHING},
    "countdown": {"enter": UiAction.NOTHING},
    "question": dict(
        zip("12345", (Intent.ANSWER_1, Intent.ANSWER_2, Intent.ANSWER_3, Intent.ANSWER_4, Intent.ANSWER_5), strict=True)
    ),
    "seen all": {"enter": Intent.QUIT},
}
MOVING = ("stop is tried", "countdown", "question", "one step", "ending")
LOOKS = {"question_mark", "f1", "ctrl+p", "t"}
LEAVES = {"q", "escape", "ctrl+c"}
KEYS = {key for control in CONTROLS for key in control.keys} | set("123456789az") | {"enter", "space", "tab", "f5"}


@pytest.mark.parametrize("name", SCENES)
def test_only_what_is_waited_for_is_a_key_and_all_others_stop_a_belt_that_may_move(name: str) -> None:
    expected = EXPECTED.get(name, {})
    for key in sorted(KEYS - LOOKS):
        found = decide(key, key if len(key) == 1 else None, KeyContext(SCENES[name]))
        if key in expected:
            assert found is expected[key], key
        elif name in MOVING:
            assert found is Intent.STOP, key
        else:
            assert found is (Intent.QUIT if key in LEAVES else UiAction.NOTHING), key


def test_enter_stops_a_belt_that_moves_while_it_is_brought_to_rest() -> None:
    assert decide("enter", None, KeyContext(SCENES["ending"])) is Intent.STOP


def test_enter_that_is_not_waited_for_stops_unless_stop_is_being_tried() -> None:
    question = SCENES["question"].model_copy(update={"measured_kmh": 0.0})
    assert decide("enter", None, KeyContext(question)) is Intent.STOP


def test_the_keys_are_said() -> None:
    assert hints(SCENES["second word"]) == ("Enter go on", "q leave")
    assert hints(SCENES["question"]) == ("1 2 3 4 5 display shows",)
    assert hints(SCENES["one step"]) == ()


@pytest.mark.full
async def test_each_moment_at_80_by_24(snapshot: SnapshotAssertion) -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        for name, scene in SCENES.items():
            app.show(scene)
            app.tick()
            await pilot.pause()
            assert screen_text(app) == snapshot(name=name)


async def test_the_help_has_the_keys_of_a_commissioning_and_no_others() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(SCENES["second word"])
        await pilot.press("f1")
        text = screen_text(app)
    assert "Go on" in text
    assert "Pause" not in text
