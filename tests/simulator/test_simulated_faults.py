"""Every fault does what its line of help says, when it says, and no longer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import InputError
from runback.simulator.fault_kinds import SHAPES
from runback.simulator.faults import FAULT_HELP, Fault, FaultKind, parse_fault
from tests.support.simulator.treadmill_bench import CONTROL_POINT, DATA, STATUS, Bench


def faulty(*faults: str) -> Bench:
    """A belt at 8 km/h at second 35.3, one client in control; the fault clock began at 0."""
    return Bench(None, *faults).join(1, CONTROL_POINT, STATUS, DATA).started()


# -- as written -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("surge", Fault(FaultKind.SURGE)),
        ("surge@120", Fault(FaultKind.SURGE, 120.0)),
        ("surge@60:3.0", Fault(FaultKind.SURGE, 60.0, None, 3.0)),
        ("lost-indication@60+30", Fault(FaultKind.LOST_INDICATION, 60.0, 30.0)),
        ("att-error@60:0xFE", Fault(FaultKind.ATT_ERROR, 60.0, None, 0xFE)),
        ("refuses-stop+2.5:success", Fault(FaultKind.REFUSES_STOP, 0.0, 2.5, "success")),
        ("console-incline@1:-2", Fault(FaultKind.CONSOLE_INCLINE, 1.0, None, -2.0)),
    ],
)
def test_a_fault_is_read_as_written(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("explodes@3", "not a kind of fault"),
        ("", "not a kind of fault"),
        ("surge@soon", "plain number of seconds"),
        ("surge@-1", "plain number of seconds"),
        ("surge+0", "is no fault; leave it out"),
        ("surge:99", "not within 0.1 to 30 km/h"),
        ("surge:fast", "not a number"),
        ("late-indication:nan", "not a number"),
        ("late-indication:inf", "not a number"),
        ("att-error:0x100", "not within 0x01 to 0xFF"),
        ("split-data:6", "not within 7 to 512 bytes"),
        ("console-speed@3", "KMH is missing"),
        ("console-stop@3+4", "takes no DURATION"),
        ("hung-write:perhaps", "not ignored|obeyed"),
        ("dead-telemetry:4", "takes no argument"),
    ],
)
def test_a_fault_that_cannot_be_meant_is_refused_with_one_line(text: str, wrong: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_fault(text)
    assert wrong in caught.value.what
    assert "\n" not in str(caught.value)


def test_an_unknown_kind_is_told_all_kinds() -> None:
    with pytest.raises(InputError) as caught:
        parse_fault("explodes")
    assert all(kind in caught.value.hint for kind in FaultKind)


def test_every_kind_has_a_line_of_help() -> None:
    assert len(FAULT_HELP) == len(SHAPES) == len(FaultKind)
    assert {usage.split("[")[0] for usage in FAULT_HELP} == set(FaultKind)


SECONDS = st.floats(0, 9999).map(lambda value: round(value, 3))


@given(
    kind=st.sampled_from([kind for kind in FaultKind if not SHAPES[kind].argument]),
    start=SECONDS,
    duration=st.none() | SECONDS.filter(bool),
)
def test_a_fault_written_out_is_read_back(kind: FaultKind, start: float, duration: float | None) -> None:
    fault = Fault(kind, start, duration if SHAPES[kind].lasts else None)
    assert parse_fault(str(fault)) == fault


@given(text=st.text(max_size=30) | st.from_regex(r"(surge|att-error|split-data)[@+:0-9.x]{0,12}", fullmatch=True))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        fault = parse_fault(text)
    except InputError:
        return
    assert fault.start >= 0


# -- indications -----------------------------------------------------------------------------------------------------


def test_a_lost_indication_was_obeyed_all_the_same() -> None:
    bench = faulty("lost-indication@30")
    assert bench.ask("025802") == ""
    assert bench.answers() == [None]
    assert bench.ask("02bc02") == "800201"
    assert bench.run(bench.now + 10).speed == 700


def test_every_indication_within_the_span_is_lost() -> None:
    bench = faulty("lost-indication@30+10")
    assert [bench.ask("025802"), bench.ask("02bc02")] == ["", ""]
    bench.run(41)
    assert bench.ask("025802") == "800201"


def test_a_late_indication_is_overtaken_by_the_next() -> None:
    """As bluez.md 5 saw it: `800201` after `0801` was written."""
    bench = faulty("late-indication@30:2.0")
    asked = bench.now
    assert bench.ask("025802") == ""
    assert bench.ask("0801") == "800801"
    bench.run(bench.now + 5)
    at, late = bench.timed(CONTROL_POINT)[-1]
    assert late == "800201"
    assert at == pytest.approx(asked + 2.03)


def test_a_duplicate_indication_comes_twice_and_acts_once() -> None:
    bench = faulty("duplicate-indication@30")
    assert bench.ask("025802") == "800201 800201"
    assert [each.data.hex() for each in bench.treadmill.received].count("025802") == 1
    assert bench.ask("025802") == "800201"


def test_a_slow_procedure_refuses_the_next_until_it_is_done() -> None:
    bench = faulty("slow-procedure@30:2")
    assert bench.ask("025802") == ""
    assert bench.ask("0801") == ""
    assert bench.answers() == [None, 0xFE]
    bench.run(bench.now + 2)
    assert bench.ask("0801") == "800801"


def test_faults_on_one_indication_happen_one_after_the_other() -> None:
    bench = faulty("lost-indication@30", "duplicate-indication@30", "late-indication@30:1")
    assert bench.ask("025802") == ""
    assert bench.ask("02bc02") == ""
    bench.run(bench.now + 2)
    assert bench.values(CONTROL_POINT) == ["800201", "800201"]


# -- writes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "speed"), [("hung-write@30", 800), ("hung-write@30:obeyed", 600)])
def test_a_hung_write_is_never_answered_nor_is_anything_after_it(fault: str, speed: int) -> None:
    bench = Bench(None, fault).join(1, CONTROL_POINT, DATA).started()
    assert bench.ask("025802") == ""
    assert bench.ask("0801") == ""
    bench.run(bench.now + 60)
    assert (bench.answers(), bench.speed) == ([], speed)
    assert len(bench.values(DATA)) == 60


def test_a_new_connection_gets_past_a_hung_write() -> None:
    bench = faulty("hung-write@30")
    bench.send("0801")
    bench.run(bench.now + 1)
    bench.treadmill.disconnected(1, bench.now)
    bench.join(1)
    assert bench.ask("00") == "800001"
    assert bench.ask("0801") == "800801"


def test_the_other_client_is_not_hung() -> None:
    bench = Bench(None, "hung-write@30").join(1).join(2).started()
    bench.send("0801", 1)
    assert bench.ask("00", 2) == "800001"
    assert bench.ask("0801", 2) == "800801"


def test_an_att_error_refuses_the_write_once() -> None:
    bench = faulty("att-error@30:0xFC")
    assert bench.ask("0801") == ""
    assert bench.answers() == [0xFC]
    assert bench.speed == 800
    assert bench.ask("0801") == "800801"


def test_an_att_error_is_unlikely_unless_named() -> None:
    bench = faulty("att-error@30+10")
    bench.ask("0801")
    bench.ask("0801")
    assert bench.answers() == [0x0E, 0x0E]


# -- data ------------------------------------------------------------------------------------------------------------


def test_split_data_has_more_data_in_all_parts_but_the_last() -> None:
    bench = faulty("split-data@40+1.5").run(43.5)
    assert [record[:4] for _, record in bench.timed(DATA)][4:] == ["1f00", "8004", "1f00", "8004", "9e04", "9e04"]


def test_truncated_data_is_cut_without_a_word() -> None:
    """Quirk 30: Matrix, cut at 20 bytes without More Data."""
    bench = faulty("truncated-data@40").run(41.5)
    assert [(record[:4], len(record) // 2) for record in bench.values(DATA)[-2:]] == [("9e04", 20), ("9e04", 20)]


def test_dead_telemetry_comes_back_on_the_old_beat() -> None:
    bench = faulty("dead-telemetry@40.5+3").run(46)
    assert [at for at, _ in bench.timed(DATA)] == [36, 37, 38, 39, 40, 44, 45, 46]
    assert bench.ask("0801") == "800801"


# -- people ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "speed"),
    [
        ("control-taken@40", "ff", 800),
        ("console-speed@40:6.0", "055802", 600),
        ("console-incline@40:2", "061400", 800),
        ("console-stop@40", "0201", 0),
        ("console-pause@40", "0202", 0),
        ("safety-key@40", "03", 0),
    ],
)
def test_what_somebody_does_is_told_at_its_moment(fault: str, status: str, speed: int) -> None:
    bench = faulty(fault).run(60)
    assert bench.timed(STATUS) == [(40.0, status)]
    assert bench.speed == speed


def test_somebody_may_start_the_belt() -> None:
    bench = Bench(None, "console-start@40").join().run(60)
    assert (bench.timed(STATUS), bench.speed) == ([(40.0, "04")], 80)


def test_the_safety_key_may_come_back() -> None:
    bench = faulty("safety-key@40+10").run(49)
    assert bench.ask("07") == "800704"
    bench.run(50)
    assert bench.ask("07") == "800701"


def test_the_fault_clock_starts_with_the_first_connection() -> None:
    bench = Bench(None, "console-start@10")
    bench.now = 100.0
    bench.join().run(109.9)
    bench.treadmill.disconnected(1, bench.now)
    bench.join().run(120)
    assert bench.timed(STATUS) == [(110.0, "04")]


# -- the link --------------------------------------------------------------------------------------------------------


def test_link_loss_is_noticed_after_the_supervision_timeout_and_ends_with_its_span() -> None:
    bench = faulty("link-loss@40+5").run(44.9)
    assert bench.drops() == [(40.45, 1)]
    assert not [at for at, _ in bench.timed(DATA) if at >= 40]
    assert bench.treadmill.advertisement(44.9) is None
    assert bench.treadmill.advertisement(45.0) is not None
    assert bench.speed == 800


def test_nothing_written_during_silence_arrives() -> None:
    bench = faulty("link-loss@40+5").run(40.2)
    bench.send("0801")
    assert bench.run(60).speed == 800
    assert bench.answers() == []


def test_a_procedure_under_way_is_lost_with_its_link() -> None:
    bench = faulty("link-loss@40").run(39.995)
    bench.send("0801")
    bench.run(60)
    assert (bench.answers(), bench.values(CONTROL_POINT), bench.speed) == ([], [], 0)
    assert bench.treadmill.advertisement(9999.0) is None


# -- the belt --------------------------------------------------------------------------------------------------------


def test_a_surge_is_above_every_target_and_unannounced() -> None:
    bench = faulty("surge@40+60:3.0").run(60)
    assert (bench.speed, bench.values(STATUS)) == (1100, [])
    bench.ask("025802")
    assert bench.run(80).speed == 900
    assert bench.run(120).speed == 600


def test_stop_works_during_a_surge() -> None:
    bench = faulty("surge@40").run(60)
    assert bench.ask("0801") == "800801"
    assert bench.run(80).speed == 0


def test_one_record_says_a_speed_that_the_belt_does_not_have() -> None:
    """QZ #1567, FitOSC #15: one 0 at full speed."""
    once, twice = faulty("wrong-speed@40:0").run(43), faulty("wrong-speed@40+2:655.35").run(43)
    assert [each[4:8] for each in once.values(DATA)][-5:] == ["2003", "0000", "2003", "2003", "2003"]
    assert [each[4:8] for each in twice.values(DATA)][-5:] == ["2003", "ffff", "ffff", "2003", "2003"]
    assert (once.speed, twice.speed) == (800, 800)


def test_a_start_that_is_ignored_is_answered_with_success() -> None:
    bench = faulty("ignores-start@45")
    bench.ask("0801")
    bench.run(50)
    assert bench.ask("07") == "800701"
    assert bench.run(90).speed == 0


def test_a_start_that_comes_late_comes_though_stop_has_come_in_between() -> None:
    bench = faulty("starts-late@45:22")
    bench.ask("0801")
    bench.run(50)
    assert bench.ask("07") == "800701"
    bench.ask("0801")
    assert bench.run(70).speed == 0
    assert bench.run(85).speed == 80


@pytest.mark.parametrize(("word", "answer"), [("failed", "800804"), ("success", "800801"), ("unsupported", "800802")])
def test_a_belt_that_refuses_stop_runs_on_until_the_key_is_pulled(word: str, answer: str) -> None:
    bench = faulty(f"refuses-stop@30:{word}")
    assert bench.ask("0801") == answer
    assert bench.ask("0802") == answer
    assert bench.run(60).speed == 800
    bench.treadmill.buttons.pull_key(bench.now)
    assert bench.run(70).speed == 0


def test_a_slow_stop_is_slow_and_the_key_is_not() -> None:
    bench = faulty("slow-stop@30:0.1")
    stopped = bench.now
    bench.ask("0801")
    bench.run(stopped + 10)
    assert bench.speed == 700
    bench.treadmill.buttons.pull_key(bench.now)
    assert bench.run(bench.now + 1).speed == 0


def test_a_belt_that_creeps_can_be_stopped_again_and_creeps_again_until_it_is_over() -> None:
    bench = faulty("creeps-after-stop@30+60:1.0")
    bench.ask("0801")
    bench.run(bench.now + 5)
    assert bench.speed == 0
    bench.run(bench.now + 5)
    assert bench.speed == 100
    assert bench.ask("0801") == "800801"
    bench.run(bench.now + 1)
    assert bench.speed == 0
    bench.run(bench.now + 5)
    assert bench.speed == 100
    assert bench.run(100).speed == 0


def test_a_belt_does_not_creep_without_its_key_nor_before_it_has_run() -> None:
    fresh = Bench(None, "creeps-after-stop").join().run(30)
    assert fresh.speed == 0
    bench = faulty("creeps-after-stop@30")
    bench.treadmill.buttons.pull_key(bench.now)
    assert bench.run(bench.now + 30).speed == 0


def test_a_belt_already_at_rest_begins_to_creep_when_the_fault_begins() -> None:
    bench = faulty("creeps-after-stop@80:2")
    bench.ask("0801")
    assert bench.run(79.9).speed == 0
    assert bench.run(85).speed == 200
