"""The plain screen: a line for each event, the same keys as the drawn one, and no beat before it is heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from runback.ipc.messages import RESCUED, STEP_OFF, Announcement, CommissionView, SessionDied, Snapshot, StopState
from runback.key_bindings import CONTROLS, STARTS_BELT, KeyContext, decide, is_latched
from runback.preferences import Preferences
from runback.session.model import Intent, Phase
from runback.tui.cockpit.event_lines import EventLines
from runback.tui.cockpit.plain_screen import LEFT_ALONE, PlainScreen
from runback.units import Unit
from runback.workout.model import Kind
from tests.support.tui.scenes import PLAN, SCENES, Clock, Outbox, moment, still, stopped

KEYS = sorted(
    {"space", "escape", "ctrl+c", "q", "enter", "ctrl+p", "u", "a", "f5", "tab", "t", "question_mark", "f1", "l"}
    | {key for control in CONTROLS for key in control.keys}
)


class Paper:
    """Where lines go in a test; `waiting` as if a terminal had not taken them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.waiting = 0
        self.torn = False

    def write(self, line: str) -> None:
        if self.torn:
            raise OSError
        self.lines.append(line)


class Desk:
    """A plain screen with its outbox, paper and clock."""

    def __init__(self, *, watching: bool = False, lends: bool = False) -> None:
        self.outbox, self.paper, self.clock = Outbox(), Paper(), Clock()
        self.reads = True
        self.screen = PlainScreen(
            self.outbox,
            self.paper,
            taste=Preferences("light"),
            watching=watching,
            lends=lends,
            reads=lambda: self.reads,
            clock=self.clock,
        )
        self.screen.show_plan(PLAN)

    def show(self, now: Snapshot) -> list[str]:
        """Show `now`, and what that said."""
        said = len(self.paper.lines)
        self.screen.show(now)
        return self.paper.lines[said:]

    def press(self, key: str, *, ago: float = 0.0) -> list[str]:
        """Press `key`, a moment after what was shown, and what that said."""
        said = len(self.paper.lines)
        self.clock.now += 0.1
        self.screen.pressed(key, self.clock.now - ago)
        return self.paper.lines[said:]


def told(*scenes: Snapshot, watching: bool = False) -> list[str]:
    """The lines for `scenes`, one after the other."""
    lines = EventLines(watching=watching)
    lines.plan(PLAN)
    return [line for scene in scenes for line in lines.tell(scene)]


def ahead(in_s: float) -> Snapshot:
    """A walk, and the run after it announced."""
    return moment(at=4, left_s=in_s, announcement=Announcement(in_s=in_s, speed_kmh=7.5, kind=Kind.RUN))


# -- what is said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("watching", [False, True])
def test_every_scene_says_itself_in_lines(watching: bool, snapshot: SnapshotAssertion) -> None:
    assert {name: told(scene, watching=watching) for name, scene in SCENES.items()} == snapshot


def test_every_scene_has_a_status_in_a_line_and_its_keys(snapshot: SnapshotAssertion) -> None:
    said = {}
    for name, scene in SCENES.items():
        lines = EventLines()
        lines.plan(PLAN)
        lines.tell(scene)
        said[name] = (lines.status(), *lines.keys())
    assert said == snapshot


def test_what_stands_is_not_said_again() -> None:
    for scene in SCENES.values():
        later = scene.model_copy(update={"t": scene.t + 0.25, "cue": None})
        assert told(scene, later) == told(scene)


def test_an_increase_is_said_and_counted_at_10_5_3_2_1() -> None:
    seconds = [14.9 - 0.25 * count for count in range(59)]
    said = told(moment(at=4, left_s=20, measured_kmh=5.0), *(ahead(left) for left in seconds))[2:]
    counted = [line for line in said if "belt" not in line.lower()]
    assert counted == ["RUN 7.5 km/h in 15 s.", "RUN 7.5 km/h in 10 s.", "RUN 7.5 km/h in 5 s.", "3.", "2.", "1."]


def test_seconds_that_were_lost_are_not_counted_afterwards() -> None:
    assert told(ahead(14.9), ahead(1.6))[-1] == "2."
    assert len(told(ahead(14.9), ahead(1.6))) == len(told(ahead(14.9))) + 1


def test_a_slower_step_is_said_ten_seconds_before_it() -> None:
    run = moment(at=3, left_s=10.2, measured_kmh=7.5)
    assert told(run, moment(at=3, left_s=9.9, measured_kmh=7.5))[-1] == "WALK in 10 s: 5.0 km/h for 1:00."


def test_an_interval_says_what_how_fast_how_long_and_which() -> None:
    assert "RUN, 7.5 km/h for 2:00, interval 2 of 3." in told(moment(at=2), moment(at=3, left_s=120.0))


def test_the_belt_that_has_its_new_speed_is_said_once() -> None:
    faster = [moment(at=3, left_s=120.0 - second, measured_kmh=5.0 + second) for second in range(6)]
    said = [line for line in told(moment(at=2, left_s=0.2, measured_kmh=5.0), *faster) if line.startswith("Belt at")]
    assert said == []  # 7.0, 8.0: never at it
    at_it = [moment(at=3, left_s=100.0 - second, measured_kmh=7.4) for second in range(3)]
    said = [line for line in told(moment(at=2, left_s=0.2), *faster, *at_it) if line.startswith("Belt at")]
    assert said == ["Belt at 7.4 km/h."]


def test_stop_is_said_with_its_reason_then_how_it_slows_then_measured_rest() -> None:
    slow = [stopped(StopState.STOPPING, 5.0 - at).model_copy(update={"t": 101.0 + at}) for at in range(5)]
    said = told(moment(), *slow, stopped(StopState.AT_REST, 0.0).model_copy(update={"t": 107.0}))[2:]
    assert said[0].startswith("STOPPING: You pressed Space. Belt: 5.0 km/h. Any key sends Stop again.")
    assert said[1:3] == ["Slowing: 3.0 km/h.", "Slowing: 1.0 km/h."]
    assert said[3].startswith("STOPPED, the belt is at rest.")
    assert len(said) == 4


def test_an_alarm_is_said_again_every_five_seconds() -> None:
    alarm = stopped(StopState.ALARM, 6.8)
    later = [alarm.model_copy(update={"t": alarm.t + second}) for second in range(12)]
    said = [line for line in told(alarm, *later) if "STEP OFF" in line]
    assert len(said) == 3
    assert all("6.8 km/h" in line for line in said)


def test_a_lost_link_says_the_safety_key_and_says_it_again() -> None:
    lost = SCENES["link lost"]
    said = told(moment(), *(lost.model_copy(update={"t": lost.t + second}) for second in range(6)))
    assert len([line for line in said if "PULL THE SAFETY KEY" in line]) == 2


@given(st.lists(st.sampled_from(sorted(SCENES)), max_size=8), st.sampled_from(list(Unit)))
def test_rest_is_only_said_where_it_was_measured_and_lines_are_lines(names: list[str], unit: Unit) -> None:
    lines = EventLines(unit)
    for name in names:
        scene = SCENES[name]
        for line in (*lines.tell(scene), lines.status(), *lines.keys()):
            assert line.isprintable()
            if "is at rest" in line.lower():
                rests = scene.stop is not None and scene.stop.state is StopState.AT_REST
                assert rests or scene.measured_kmh == 0, (name, line)


def test_a_commissioning_says_what_to_do_and_what_was_seen_and_nothing_of_a_workout() -> None:
    asks = CommissionView(title="START", doing="Stay off the belt.", seen=("it answers Stop",), waits=True)
    begun = asks.model_copy(update={"doing": "The belt starts.", "waits": False})
    ready = still(Phase.READY, step=None, commission=asks)
    said = told(ready, still(Phase.STARTING, commission=begun))
    assert said[:3] == ["Treadmill: TM11GY.", "Seen: it answers Stop.", "START. Stay off the belt. Enter goes on."]
    assert said[3] == "The belt starts. Stay off it."
    question = begun.model_copy(update={"choices": ("1.0", "0.6")})
    (asked,) = told(ready, moment(commission=begun), moment(commission=question))[-1:]
    assert asked == "Press 1 for 1.0, 2 for 0.6."


# -- what keys do -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", [None, *sorted(SCENES)])
def test_every_key_asks_for_what_it_asks_for_on_the_drawn_screen(scene: str | None) -> None:
    for key in KEYS:
        desk = Desk()
        now = None if scene is None else SCENES[scene]
        if now is not None:
            desk.show(now)
        desk.press(key)
        what = decide(key, key if len(key) == 1 else None, KeyContext(now))
        assert desk.outbox.asks == ([what] if isinstance(what, Intent) else []), key


def test_an_enter_from_before_the_question_starts_nothing() -> None:
    desk = Desk()
    desk.clock.now += 10
    desk.show(SCENES["ready"])
    assert desk.press("enter", ago=0.5) == ["That Enter came before the question. Press it again."]
    assert desk.outbox.asks == []
    assert desk.press("enter") == []
    assert desk.outbox.asks == [Intent.START]


def test_an_enter_starts_nothing_while_the_terminal_has_not_taken_the_question() -> None:
    desk = Desk()
    desk.show(SCENES["ready"])
    desk.paper.waiting = 80
    desk.press("enter")
    assert desk.outbox.asks == []


def test_an_old_enter_starts_nothing_where_this_screen_has_the_keyboard() -> None:
    desk = Desk(lends=True)
    desk.show(SCENES["paused"])
    desk.clock.now += 5
    desk.press("enter", ago=1.5)
    assert desk.outbox.asks == []
    desk.press("enter", ago=0.5)
    assert desk.outbox.asks == [Intent.RESUME]
    assert Intent.RESUME in STARTS_BELT


def test_an_enter_right_behind_a_q_starts_nothing() -> None:
    desk = Desk()
    desk.show(SCENES["ready"])
    desk.press("q")
    desk.press("enter")
    assert desk.outbox.asks == [Intent.QUIT]


def test_u_then_enter_unlocks_within_five_seconds_and_is_locked_again_after() -> None:
    desk = Desk()
    desk.show(SCENES["stopped"])
    assert desk.press("u") == ["Enter within 5 s: unlock. q: leave. Any other key: stay locked."]
    desk.clock.now += 5.1
    desk.show(SCENES["stopped"])
    desk.screen.tick()
    assert desk.paper.lines[-1] == "Locked again."
    desk.press("enter")
    assert Intent.RESET not in desk.outbox.asks
    desk.press("u")
    desk.press("enter")
    assert desk.outbox.asks[-1] is Intent.RESET
    assert desk.show(still(Phase.READY, step=None))[0] == "Unlocked: the belt stays still."


def test_the_theme_key_says_how_things_stand_with_the_heart_rate() -> None:
    desk = Desk()
    desk.show(moment())
    (line,) = desk.press("t")
    for words in ("RUN, 1:42 left", "interval 2 of 3", "Belt 7.3 km/h, target 7.5 km/h", "Heart rate 142"):
        assert words.lower() in line.lower()


def test_the_help_key_says_the_keys_and_that_any_other_stops() -> None:
    desk = Desk()
    desk.show(moment())
    said = desk.press("f1")
    assert "p: Pause." in said
    assert "Any other key stops the belt: space, Esc, Ctrl-C, q." in said


def test_a_second_screen_asks_for_nothing_but_stop() -> None:
    for scene in SCENES.values():
        for key in KEYS:
            desk = Desk(watching=True)
            desk.show(scene)
            desk.press(key)
            assert set(desk.outbox.asks) <= {Intent.STOP}


# -- whether it is heard ----------------------------------------------------------------------------------------------


def test_it_beats_once_a_moment_was_said_and_not_before() -> None:
    desk = Desk()
    desk.screen.beat()
    assert desk.outbox.beats == 0
    desk.show(SCENES["ready"])
    desk.screen.beat()
    assert (desk.outbox.beats, desk.outbox.themes) == (1, ["light"])


def test_it_does_not_beat_while_the_terminal_takes_nothing() -> None:
    desk = Desk()
    desk.show(SCENES["ready"])
    desk.paper.waiting = 12
    desk.screen.beat()
    assert desk.outbox.beats == 0
    desk.paper.waiting = 0
    desk.screen.beat()
    assert desk.outbox.beats == 1


def test_a_terminal_that_is_gone_ends_it_and_so_does_a_keyboard_nobody_reads() -> None:
    desk = Desk()
    desk.paper.torn = True
    desk.screen.show(SCENES["ready"])
    assert desk.screen.over.is_set()
    other = Desk()
    other.show(SCENES["ready"])
    other.reads = False
    other.screen.beat()
    assert other.screen.over.is_set()
    assert other.outbox.beats == 0


def test_a_silent_program_is_said_to_be_silent_and_over_a_moving_stop_to_step_off() -> None:
    desk = Desk()
    desk.show(moment())
    desk.clock.now += 2.1
    desk.screen.tick()
    assert desk.paper.lines[-1].startswith("The program has not answered for 2 s. Step off")
    said = len(desk.paper.lines)
    desk.clock.now += 1
    desk.screen.tick()
    assert len(desk.paper.lines) == said
    assert desk.show(stopped(StopState.STOPPING, 3.0))[0] == "The program answers again."
    desk.clock.now += 3
    desk.screen.tick()
    assert desk.paper.lines[-1].startswith(STEP_OFF)


def test_a_dead_program_is_said_at_once_and_a_goodbye_ends_it() -> None:
    desk = Desk(watching=True)
    desk.screen.show_gone()
    assert (desk.screen.last_line, desk.screen.over.is_set()) == (LEFT_ALONE, True)
    desk = Desk()
    desk.screen.say_goodbye("bye")
    assert (desk.screen.said_goodbye, desk.screen.last_line) == (True, "bye")


def test_a_watched_session_that_died_says_what_is_known_of_its_belt() -> None:
    desk = Desk(watching=True)
    desk.show(moment())
    desk.screen.show_death(SessionDied(state=StopState.ALARM, line="Its sentinel stops the belt now."))
    assert "STEP OFF" in desk.paper.lines[-1]
    desk.screen.show_death(SessionDied(state=StopState.AT_REST, line=RESCUED))
    assert "STOPPED BELT AT REST" in " ".join(desk.paper.lines[-1].split())
    assert desk.press("q") == []
    assert desk.screen.over.is_set()


def test_latched_scenes_are_those_of_the_stop_screen() -> None:
    for name, scene in SCENES.items():
        if is_latched(scene):
            assert any(word in told(scene)[1] for word in ("STOP", "STEP OFF")), name
