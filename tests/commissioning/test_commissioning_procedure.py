"""The procedure and its session alone, with facts and words in any order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.commissioning import bounds as limits
from runback.commissioning.bounds import Bounds, InclineRange
from runback.commissioning.display import NEITHER, choices, typed
from runback.commissioning.procedure import PersonPrompt, Procedure, ProcedureAction
from runback.commissioning.session import ANSWERS, Commissioning
from runback.commissioning.stages import ORDER, TABLE, CommissioningStage, OnTimeout, after
from runback.machine.events import Axis, ConsoleChanged, Event, Garbled, Measured, Refused, Signal
from runback.machine.targets import SupportedRange
from runback.session.announcements import LEAD
from runback.session.model import CueKind, Intent, MachineRequest, Phase
from runback.session.start_sequence import FINDING_UNITS
from tests.support.effort import examples

SPEED, INCLINE = SupportedRange(80, 2000, 10), SupportedRange(0, 120, 5)
BOUNDS = Bounds(80, 10)
AS_SHOWN, IN_MILES = choices(80)[0], choices(80)[2]


class Play:
    """A commissioning session on a machine that does what it is told, played by hand."""

    def __init__(self, *, incline: SupportedRange | None = INCLINE) -> None:
        self.now = 0.0
        self.commissioning = Commissioning()
        self.session = self.commissioning.session
        self.procedure = self.commissioning.procedure
        self.orders: list[MachineRequest] = []
        self.answered = False
        """Whether the machine has answered a Stop."""
        self.says(Signal.LINK_UP)
        self.commissioning.fit(SPEED, incline, self.now)
        self.belt = self.deck = 0

    def says(self, *events: Event) -> Play:
        for event in events:
            self.answered |= event is Signal.STOP_ANSWERED
            self.commissioning.observe(event, self.now)
            self._take()
        return self

    def asks(self, ask: Intent) -> Play:
        self.commissioning.apply(ask, self.now)
        self._take()
        return self

    def waits(self, seconds: float) -> Play:
        """Time passes; each second a record tells what the belt does."""
        for _ in range(round(seconds)):
            self.now += 1.0
            self.commissioning.tick(self.now)
            self._take()
            self.belt = self.belt and (self.commissioning.target or self.belt)
            self.deck = self.commissioning.incline if self.commissioning.incline is not None else self.deck
            self.says(Measured(self.now, self.belt, self.deck))
        return self

    def _take(self) -> None:
        for order in self.commissioning.take_orders():
            self.orders.append(order)
            if order is MachineRequest.RESET:
                self.commissioning.released()

    # -- getting somewhere ---------------------------------------------------------------------------------------------

    def at(self, stage: CommissioningStage) -> Play:
        """As far as that."""
        for _ in range(100):
            if self.procedure.stage is stage:
                break
            self._further()
        assert self.procedure.stage is stage
        return self

    def _further(self) -> None:
        match self.procedure.stage:
            case CommissioningStage.READ:
                self.waits(5).asks(Intent.START)
            case CommissioningStage.STOP:
                self.hears_of_stop().says(Signal.STOP_ANSWERED, Signal.STOP_CONFIRMED)
            case CommissioningStage.START:
                self.starts()
            case CommissioningStage.UNITS:
                self.asks(Intent.ANSWER_1)
            case CommissioningStage.DISTANCE:
                self.proves_units()
            case _:
                self.waits(1)

    def stands_at(self, stage: CommissioningStage) -> bool:
        """Whether that is the stage under way."""
        return self.procedure.stage is stage

    def waits_for(self, word: PersonPrompt) -> bool:
        """Whether that is what is waited for."""
        return self.procedure.word is word

    def hears_of_stop(self) -> Play:
        """The latch tells of the Stop that was ordered, as the engine passes it on."""
        self.commissioning.stopped("you stopped the belt", self.now)
        self._take()
        return self

    def starts(self) -> Play:
        self.asks(Intent.START).waits(LEAD).says(Signal.CONTROL_GRANTED)
        self.belt = 80
        return self.says(Signal.BELT_MOVED, Measured(self.now, 80, 0)).waits(4)

    def proves_units(self) -> Play:
        self.commissioning.restrict(None, self.now)
        self.commissioning.tick(self.now)
        self._take()
        return self


def test_a_machine_that_does_as_it_is_told_is_seen_through() -> None:
    played = Play().at(CommissioningStage.STOP_AGAIN)
    assert played.orders == [
        MachineRequest.FINISH,
        MachineRequest.RESET,
        MachineRequest.ARM,
        MachineRequest.START,
        MachineRequest.FINISH,
    ]
    played.hears_of_stop()
    played.belt = 0
    played.waits(2).says(Signal.STOP_CONFIRMED)
    assert played.procedure.over
    assert played.procedure.why is None
    assert played.procedure.findings.passed == ORDER
    assert played.session.phase is Phase.COMPLETED
    assert played.procedure.doing == "Done. The belt is at rest."
    assert played.procedure.deadline() is None


def test_without_an_incline_that_stage_is_left_out() -> None:
    played = Play(incline=None).at(CommissioningStage.DISTANCE)
    assert CommissioningStage.INCLINE not in played.procedure.findings.passed
    assert played.commissioning.incline is None


@pytest.mark.parametrize(
    "stage",
    [
        CommissioningStage.START,
        CommissioningStage.UNITS,
        CommissioningStage.INCREMENT,
        CommissioningStage.INCLINE,
        CommissioningStage.DISTANCE,
    ],
)
def test_a_stop_in_any_stage_is_the_end_for_good(stage: CommissioningStage) -> None:
    played = Play().at(stage)
    played.commissioning.stopped("you stopped the belt", played.now)
    played._take()
    assert played.procedure.why == "you stopped the belt"
    assert played.session.phase is Phase.STOPPED
    began = len(played.orders)
    played.belt = 0
    played.says(Signal.BELT_RESTED, Signal.STOP_CONFIRMED).asks(Intent.RESET)
    for ask in (Intent.START, Intent.RESUME, Intent.REARM, *ANSWERS):
        played.asks(ask).waits(12)
    assert set(played.orders[began:]) <= {MachineRequest.STOP, MachineRequest.RESET}
    assert played.commissioning.target is None


def test_a_start_that_is_refused_while_it_is_counted_down_is_the_end_and_nothing_starts() -> None:
    """As when the sentinel dies in the countdown (`engine.start_condition`)."""
    played = Play().at(CommissioningStage.START).asks(Intent.START).waits(3)
    assert played.session.phase is Phase.COUNTDOWN
    played.commissioning.refuse_start("the sentinel is gone", played.now)
    played._take()
    assert (played.procedure.over, played.procedure.why) == (True, "the sentinel is gone")
    played.waits(12).asks(Intent.START).waits(12)
    assert MachineRequest.START not in played.orders


def test_the_persons_stop_is_the_end_however_it_comes() -> None:
    played = Play().at(CommissioningStage.INCREMENT).asks(Intent.STOP)
    assert (played.procedure.over, played.session.phase) == (True, Phase.STOPPED)
    assert played.commissioning.target is None
    assert MachineRequest.STOP in played.orders


def test_a_persons_stop_beside_the_one_that_is_tried_is_the_end() -> None:
    played = Play().at(CommissioningStage.STOP)
    played.hears_of_stop()
    assert not played.procedure.over
    played.hears_of_stop()
    assert played.procedure.why == "you stopped the belt"
    played.says(Signal.STOP_ANSWERED, Signal.STOP_CONFIRMED)
    assert MachineRequest.RESET not in played.orders


def test_a_watchdogs_stop_is_the_end_though_a_stop_of_its_own_is_on_its_way() -> None:
    played = Play().at(CommissioningStage.STOP_AGAIN)
    played.commissioning.stopped("the belt is faster than its target", played.now)
    assert played.procedure.why == "the belt is faster than its target"


def test_a_stop_that_is_not_answered_unlocks_nothing() -> None:
    played = Play().at(CommissioningStage.STOP).says(Signal.STOP_CONFIRMED)
    assert played.procedure.why == TABLE[CommissioningStage.STOP].otherwise
    assert MachineRequest.RESET not in played.orders


@pytest.mark.parametrize("stage", [stage for stage in ORDER if TABLE[stage].missed is OnTimeout.END])
def test_what_is_not_seen_in_time_is_the_end(stage: CommissioningStage) -> None:
    played = Play().at(stage)
    if stage is CommissioningStage.START:
        played.asks(Intent.START)
    at = played.commissioning.deadline(played.now)
    while at is not None and not played.procedure.over:
        played.now = at
        played.commissioning.tick(at)
        played._take()
        at = played.commissioning.deadline(at)
    assert played.procedure.why == TABLE[stage].otherwise
    assert (MachineRequest.STOP in played.orders) is (stage is not CommissioningStage.READ)


def test_an_incline_that_does_not_move_is_passed_over_and_set_back() -> None:
    played = Play().at(CommissioningStage.INCLINE)
    played.now += 91
    played.commissioning.tick(played.now)
    assert played.stands_at(CommissioningStage.DISTANCE)
    assert not played.procedure.findings.has(CommissioningStage.INCLINE)
    assert played.commissioning.incline == 0


def test_an_incline_that_does_not_come_back_is_passed_over() -> None:
    played = Play().at(CommissioningStage.INCLINE)
    played.says(Measured(played.now, 80, 5))
    played.now += 91
    played.commissioning.tick(played.now)
    assert played.stands_at(CommissioningStage.DISTANCE)
    assert not played.procedure.findings.has(CommissioningStage.INCLINE)


def test_an_incline_that_is_refused_is_passed_over() -> None:
    played = Play().at(CommissioningStage.INCREMENT).says(Refused(Axis.INCLINE, 5, "the treadmill refused it"))
    assert played.stands_at(CommissioningStage.INCREMENT)
    played.at(CommissioningStage.INCLINE).says(Refused(Axis.INCLINE, 5, "the treadmill refused it"))
    assert played.stands_at(CommissioningStage.DISTANCE)
    assert not played.procedure.over


@pytest.mark.parametrize(
    "event",
    [
        Refused(Axis.SPEED, 90, "the treadmill refused it"),
        ConsoleChanged(Axis.SPEED, 200),
        ConsoleChanged(Axis.INCLINE, 20),
        Signal.LINK_DOWN,
        Signal.CONTROL_LOST,
        Signal.SAFETY_KEY,
        Signal.CONSOLE_PAUSED,
        Signal.NOT_FOLLOWING,
        Signal.BELT_RESTED,
        Measured(99.0, 200),
    ],
    ids=str,
)
def test_whatever_should_not_happen_is_the_end(event: Event) -> None:
    played = Play().at(CommissioningStage.INCREMENT).says(event)
    assert played.procedure.over
    assert played.session.phase is Phase.STOPPED
    assert played.orders[-1] is MachineRequest.STOP


def test_a_belt_that_rests_again_before_it_obeys_is_the_end() -> None:
    """The session stops by itself then, without the latch: the procedure hears of that too."""
    played = Play().at(CommissioningStage.START).asks(Intent.START).waits(LEAD)
    played.says(Signal.BELT_MOVED, Signal.BELT_RESTED)
    assert played.procedure.why == "the belt came to rest before it could be controlled"
    assert played.session.phase is Phase.STOPPED
    assert played.orders[-1] is MachineRequest.STOP


def test_what_says_nothing_of_the_belt_changes_nothing() -> None:
    played = (
        Play().at(CommissioningStage.INCREMENT).says(Measured(99.0, None), Garbled("2ACD", "cut"), Signal.WENT_QUIET)
    )
    assert not played.procedure.over


def test_a_link_that_is_lost_while_it_is_read_is_read_anew() -> None:
    played = Play().waits(5)
    assert played.waits_for(PersonPrompt.BEGIN)
    played.says(Signal.LINK_DOWN)
    assert played.waits_for(PersonPrompt.NOTHING)
    played.asks(Intent.START)
    assert played.orders == []
    played.says(Signal.LINK_UP).waits(5)
    assert played.waits_for(PersonPrompt.BEGIN)


def test_a_belt_that_moves_while_it_is_read_takes_the_word_back() -> None:
    played = Play().waits(5).says(Measured(6.0, 300))
    assert played.waits_for(PersonPrompt.NOTHING)
    played.says(Measured(7.0, 300))
    assert not played.procedure.over
    played.asks(Intent.START)
    assert played.orders == []


@pytest.mark.parametrize(
    ("grid", "why"),
    [
        (None, "says no range of speeds"),
        (SupportedRange(0, 2000, 10), "slowest speed is 0"),
        (SupportedRange(80, 2000, 150), "steps of 1.5 km/h"),
        (SupportedRange(395, 2000, 10), "leaves no step of walking"),
        (SupportedRange(80, 85, 10), "leaves no step of walking"),
    ],
)
def test_a_machine_that_cannot_go_slowly_is_not_commissioned(grid: SupportedRange | None, why: str) -> None:
    commissioning = Commissioning()
    commissioning.observe(Signal.LINK_UP, 0.0)
    commissioning.fit(grid, None, 0.0)
    assert why in str(commissioning.procedure.why)
    commissioning.apply(Intent.START, 1.0)
    commissioning.observe(Measured(1.0, 0), 1.0)
    assert commissioning.take_orders() == []
    assert commissioning.session.notice is not None


def test_a_record_before_it_has_been_read_says_nothing_yet() -> None:
    commissioning = Commissioning()
    commissioning.observe(Measured(1.0, 0), 1.0)
    assert commissioning.procedure.speed == 0
    assert commissioning.deadline(1.0) is None


def test_any_speed_and_any_incline_have_a_step_of_their_own() -> None:
    assert limits.bounds(SupportedRange(80, 2000, 0)) == Bounds(80, 10)
    assert limits.tilt(SupportedRange(0, 100, 0), 0) == InclineRange(0, 10, 10)
    assert limits.tilt(SupportedRange(0, 120, 5), 120) == InclineRange(120, 115, 5)
    assert limits.tilt(SupportedRange(0, 4, 5), 0) is None
    assert limits.tilt(INCLINE, None) is None


def test_a_stop_that_is_let_go_of_unasked_unlocks_nothing() -> None:
    played = Play().at(CommissioningStage.STOP)
    played.commissioning.released()
    assert played.stands_at(CommissioningStage.STOP)
    played.says(Signal.STOP_ANSWERED)
    played.commissioning.released()
    assert played.stands_at(CommissioningStage.STOP)


def test_an_incline_on_its_way_is_waited_for() -> None:
    played = Play().at(CommissioningStage.INCLINE)
    played.says(Measured(played.now, 80, 2), Measured(played.now, 80, None))
    played.says(Measured(played.now, 80, 0))
    assert played.stands_at(CommissioningStage.INCLINE)
    played.says(Measured(played.now, 80, 5), Measured(played.now, 80, 5))
    assert played.stands_at(CommissioningStage.INCLINE)
    played.says(Measured(played.now, 80, 0))
    assert played.procedure.findings.has(CommissioningStage.INCLINE)


def test_a_deck_that_has_not_been_told_anything_yet_shows_nothing() -> None:
    played = Play().at(CommissioningStage.INCLINE)
    played.procedure.told_incline(0, played.now)
    played.procedure.measured(80, 0, played.now)
    assert played.stands_at(CommissioningStage.INCLINE)


def test_the_person_is_told_what_a_word_would_begin() -> None:
    played = Play().waits(5)
    assert "Nobody on the belt" in played.procedure.doing
    assert "ten seconds" in played.at(CommissioningStage.START).procedure.doing


def test_what_ended_says_why() -> None:
    played = Play().at(CommissioningStage.UNITS)
    played.procedure.end("the reason")
    assert played.procedure.doing == "the reason"
    assert played.procedure.question == ()


def test_the_word_is_taken_once_and_only_where_it_is_waited_for() -> None:
    procedure = Procedure()
    assert not procedure.begin(0.0)
    procedure.answer(AS_SHOWN, 0.0)
    assert procedure.take_moves() == []
    assert procedure.findings.display is None


def test_a_stop_of_anothers_in_the_midst_of_a_stage_is_left_to_the_latch() -> None:
    procedure = Play().at(CommissioningStage.UNITS).procedure
    procedure.stopped(99.0)
    procedure.released(99.0)
    assert not procedure.over
    procedure.end("why")
    procedure.stopped(99.0)
    procedure.surprise("another")
    procedure.measured(80, 0, 99.0)
    assert procedure.why == "why"
    assert procedure.take_moves() == [ProcedureAction.END]


@pytest.mark.parametrize(("choice", "why"), [(NEITHER, "does not show"), (IN_MILES, "counts in miles")])
def test_an_answer_that_does_not_fit_is_the_end(choice: object, why: str) -> None:
    played = Play().at(CommissioningStage.UNITS)
    played.asks(ANSWERS[[*played.procedure.question].index(choice)])  # type: ignore[arg-type]
    assert why in str(played.procedure.why)
    assert played.orders[-1] is MachineRequest.STOP


def test_only_what_is_waited_for_can_be_asked_for() -> None:
    played = Play().at(CommissioningStage.UNITS)
    for ask in (Intent.FASTER, Intent.SKIP, Intent.PAUSE, Intent.STEEPER, Intent.EXTEND, Intent.START):
        played.asks(ask)
        assert played.session.notice is not None
    assert played.stands_at(CommissioningStage.UNITS)
    assert played.commissioning.target == 80


def test_nothing_is_said_of_halves_and_runs() -> None:
    played = Play().at(CommissioningStage.DISTANCE)
    kinds = {cue.kind for cue in played.commissioning.take_cues()}
    assert CueKind.HEADS_UP in kinds
    assert not kinds & {CueKind.HALFWAY, CueKind.TIME_LEFT, CueKind.POSTURE, CueKind.RUN}


def test_what_it_is_for_needs_no_notice() -> None:
    played = Play().at(CommissioningStage.STOP)
    played.commissioning.restrict(400, played.now)
    played.hears_of_stop().says(Signal.STOP_ANSWERED, Signal.STOP_CONFIRMED)
    played.starts()
    assert played.session.notice != FINDING_UNITS


def test_each_stage_says_what_it_does_and_has_one_after_it() -> None:
    assert [after(stage) for stage in ORDER] == [*ORDER[1:], None]
    assert set(TABLE) == set(CommissioningStage)
    played = Play()
    said = {played.at(stage).procedure.doing for stage in ORDER}
    assert len(said) == len(ORDER)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0.8", "0.8 km/h"),
        ("0,8 km/h", "0.8 km/h"),
        ("0.5", "0.5 mph"),
        ("0.8mph", "0.8 mph"),
        ("1.3", "1.3 km/h"),
        ("7", "something else, or nothing"),
    ],
)
def test_what_is_typed_is_one_of_the_choices(text: str, meant: str) -> None:
    found = typed(text, choices(80))
    assert found is not None
    assert found.text == meant


def test_what_is_no_speed_is_none_of_them() -> None:
    assert typed("fast", choices(80)) is None


FACTS = st.one_of(
    st.sampled_from(list(Signal)),
    st.sampled_from(list(Intent)),
    st.builds(Measured, st.just(0.0), st.sampled_from([0, 40, 80, 90, 129, 145, 500]), st.sampled_from([None, 0, 5])),
    st.builds(ConsoleChanged, st.sampled_from(Axis), st.sampled_from([80, 300])),
    st.builds(Refused, st.sampled_from(Axis), st.just(90), st.just("no")),
    st.sampled_from([0.1, 1.0, 3.0, 10.0, 100.0]),
    st.sampled_from(["stopped", "released", "units known", "units unknown"]),
)


@given(st.sampled_from(ORDER), st.lists(FACTS, max_size=25))
@settings(max_examples=examples(200), deadline=None)
def test_no_sequence_of_facts_goes_faster_or_starts_unasked(stage: CommissioningStage, facts: list[object]) -> None:
    played = Play().at(stage)
    commissioning, procedure = played.commissioning, played.procedure
    began = len(played.orders)
    started = MachineRequest.START in played.orders
    word_at: float | None = None
    for fact in facts:
        before = len(played.orders)
        if isinstance(fact, float):
            played.now += fact
            commissioning.tick(played.now)
            played._take()
        elif isinstance(fact, Intent):
            if fact is Intent.START and procedure.word is PersonPrompt.START and played.session.phase is Phase.READY:
                word_at = played.now
            played.asks(fact)
        elif fact == "stopped":
            commissioning.stopped("somebody did", played.now)
            played._take()
        elif fact == "released":
            commissioning.released()
        elif isinstance(fact, str):
            commissioning.restrict(None if fact == "units known" else 400, played.now)
        else:
            played.says(fact)  # type: ignore[arg-type]
        assert commissioning.target is None or commissioning.target <= BOUNDS.top
        assert commissioning.incline is None or commissioning.incline in (0, 5)
        for order in played.orders[before:]:
            if order is MachineRequest.START:
                assert played.answered
                assert CommissioningStage.STOP in procedure.findings.passed
                assert word_at is not None
                assert played.now >= word_at + LEAD - 1e-6
                assert not started, "a start for each word"
                started = True
    assert MachineRequest.PAUSE not in played.orders[began:]
    assert MachineRequest.LISTEN not in played.orders[began:]
