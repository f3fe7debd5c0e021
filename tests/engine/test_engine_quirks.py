"""Each numbered quirk of quirks.md, alone on a twin, before the whole client with a profile that says so.

`headless` starts at once: the countdown runs from 0.3 to 10.4 s or so.
"""

from __future__ import annotations

import pytest

from runback.engine.connection import STARTS_ITSELF
from runback.engine.summary import SessionOutcome
from runback.session.model import Intent, Phase
from runback.session.transitions import NOT_FOLLOWING
from runback.workout.model import Step
from tests.support.engine.bench import RUN, WALK, Line, asks, console_speed, number, stops
from tests.support.engine.twins import KNOWN, judge_twin, octets, quirky, speeds, starts, stranger

SHORT = (Step(WALK, 30, 300), Step(RUN, 25, 600), Step(WALK, 15, 300))
ON_THE_WAY = (15.0, 29.0)
"""Seconds into the first step, while it is walked."""


def completes(line: Line) -> Line:
    """It runs the whole workout, at the speeds the workout says."""
    line.headless()
    assert line.outcome is SessionOutcome.COMPLETED, line.summary["reason"]
    assert max(speed for _, speed in line.belt) >= 580
    began = number(line.events("step")[0], "t")
    walked = line.belt_between(*(began + into for into in ON_THE_WAY))
    assert all(abs(speed - 300) <= 20 for speed in walked), walked
    judge_twin(line)
    return line


def press_start(line: Line) -> None:
    assert line.treadmill.buttons.press_start(line.engine.now())


def press_pause(line: Line) -> None:
    line.treadmill.buttons.press_pause(line.engine.now())


def press_stop(line: Line) -> None:
    line.treadmill.buttons.press_stop(line.engine.now())


WHOLE: dict[str, str] = {
    # test name's end: the profile's tables
    "quirk_01_write_without_response": '[control]\nwrite_type = "command"\n',
    "quirk_02_response_by_notification": '[control]\nresponse_by = "notification"\n',
    "quirk_03_control_never_answered": '[control]\nrequest_answer = "unanswered"\n',
    "quirk_03_control_refused": '[control]\nrequest_answer = "refused"\n',
    "quirk_03_control_never_requested": '[control]\nrequest_control = "never"\n',
    "quirk_04_acknowledged_by_status": '[control]\nacknowledged_by = "status"\n',
    "quirk_05_always_says_yes": "[control]\nsuccess_trusted = false\n",
    "quirk_05_nothing_is_acknowledged": '[control]\nacknowledged_by = "telemetry"\n',
    "quirk_06_unlocking_by_name": (
        '[[unlock]]\ncharacteristic = "FFF1"\noctets = "71 00 05 01"\npayload = "name-plus-one"\n'
        'reply_on = "FFF2"\nreply = "71 80"\n'
    ),
    "quirk_07_preamble_before_each": '[preamble]\ncharacteristic = "FFF1"\noctets = "01 02"\nwhen = "each"\n',
    "quirk_07_preamble_before_each_and_a_gap": (
        '[preamble]\ncharacteristic = "FFF1"\noctets = "01 02"\nwhen = "each"\n'
        '[link]\ngap = 0.4\ntoo_fast = "ignored"\n'
    ),
    "quirk_07_preamble_once_and_control_twice": (
        '[preamble]\ncharacteristic = "FFF1"\noctets = "01 02"\nwhen = "once"\n[control]\nrequest_control = "twice"\n'
    ),
    "quirk_07_control_before_each": '[control]\nrequest_control = "each"\n',
    "quirk_08_unlocking_by_octets": '[[unlock]]\ncharacteristic = "FFF1"\noctets = "aa 01 00 01 55"\n',
    "quirk_09_request_control_with_a_key": '[control]\nkey = "93 f0 51 e8"\n',
    "quirk_10_device_information_fails": '[link]\ndevice_information = "fail"\n',
    "quirk_11_start_toggles": '[start]\nrepeat = "toggle"\n',
    "quirk_12_start_restarts": '[start]\nrepeat = "restarts"\n',
    "quirk_12_start_pauses": '[start]\nrepeat = "pauses"\n',
    "quirk_12_start_slows": '[start]\nrepeat = "slows"\nslow_to = 1.0\n',
    "quirk_13_start_is_a_keepalive": '[start]\nrepeat = "keepalive"\n[link]\nkeepalive = 1\n',
    "quirk_16_a_target_while_spinning_up_fails": '[start]\nspin_up = "failed"\ncountdown = 5\n',
    "quirk_16_a_target_while_spinning_up_drops_the_link": '[start]\nspin_up = "drops"\n',
    "quirk_16_a_target_before_training_status_says_so_fails": (
        '[start]\nready = "training-status"\nspin_up = "failed"\ncountdown = 3\n'
    ),
    "quirk_16_a_target_before_training_status_says_so_drops_the_link": (
        '[start]\nready = "training-status"\nspin_up = "drops"\n'
    ),
    "quirk_16_a_long_countdown": "[start]\ncountdown = 17\nmoves_within = 20\n",
    "quirk_24_increments_of_miles": "",
    "quirk_25_no_incline_motor": "[incline]\ncontrollable = false\nzero_range = true\n",
    "quirk_27_an_incline_in_levels": '[incline]\ncode = "level"\n',
    "quirk_28_no_incline_feedback": '[incline]\nfeedback = false\nrefusal = "failed"\n',
    "quirk_29_a_step_count_of_the_vendors": "[data]\nstep_octets = 3\n",
    "quirk_30_records_cut_at_20_octets": "[data]\nflags = 0x1B9E\ncut_at = 20\n",
    "quirk_31_records_split": "[data]\nflags = 0x069E\nsplit_at = 19\n",
    "quirk_32_paces_of_one_octet": "[data]\nflags = 0x17FE\npace_octets = 1\n",
    "quirk_33_no_elevation": "[data]\nelevation_unavailable = 0xFFFF\n",
    "quirk_34_padded_statuses": "[data]\nstatus_octets = 3\ntraining_pausing = 0x10\ntraining_paused = 0x11\n",
    "quirk_35_reads_are_empty_before_the_first_start": '[data]\nreads_before_start = "empty"\n',
    "quirk_35_reads_fail_before_the_first_start": '[data]\nreads_before_start = "fail"\n',
    "quirk_36_a_ramp_trace": "[data]\nramp_trace = true\n",
    "quirk_36_a_stale_first_status": "[data]\nstale_status = true\n",
    "quirk_37_time_stands_still": "[data]\nelapsed_freezes = true\ndistance_step = 16.1\n",
    "quirk_39_speed_in_running_speed_and_cadence": '[data]\nsource = "rsc"\n',
    "quirk_39_speed_in_both": '[data]\nsource = "both"\n',
    "quirk_41_one_client": "[link]\nclients = 1\n",
    "quirk_42_writes_too_fast_are_ignored": '[link]\ngap = 0.4\ntoo_fast = "ignored"\n',
    "quirk_42_writes_too_fast_drop_the_link": '[link]\ngap = 0.4\ntoo_fast = "drops"\n',
}


@pytest.mark.full
@pytest.mark.parametrize("tables", WHOLE.values(), ids=WHOLE)
def test_a_whole_workout_on_a_machine_with(tables: str) -> None:
    completes(quirky(KNOWN + tables, *SHORT))


@pytest.mark.full
@pytest.mark.parametrize("tables", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("at", [10.6, 35.0])
def test_stop_on_a_machine_with(tables: str, at: float) -> None:
    line = quirky(KNOWN + tables, *SHORT).attended((at, stops), until=at + 25.0)
    assert line.rested
    assert max(line.belt_between(at + 9.0, at + 25.0)) == 0
    judge_twin(line)


def test_quirk_01_the_control_point_is_written_as_the_profile_says() -> None:
    line = completes(quirky(KNOWN + '[control]\nwrite_type = "command"\n', *SHORT))
    assert not any(write.response for _, write in line.engine.writes)


def test_quirk_07_if_the_preamble_hangs_stop_still_goes_out() -> None:
    tables = '[preamble]\ncharacteristic = "FFF1"\noctets = "01 02"\nwhen = "each"\n'
    line = quirky(KNOWN + tables, *SHORT).attended((35.0, stops), until=60.0)
    stop = next(at for at, data in line.written() if data == "0801")
    assert stop <= 35.0 + 0.31
    assert line.rested


def test_quirk_16_no_target_is_written_before_training_status_says_that_the_countdown_is_over() -> None:
    line = completes(quirky(KNOWN + '[start]\nready = "training-status"\nspin_up = "drops"\n', *SHORT))
    told = [record for record in line.events("notification") if record["uuid"] == "2AD3"]
    assert [str(record["hex"]) for record in told][:2] == ["000e", "000d"]
    first = next(at for at, data in octets(line) if data.startswith("02"))
    assert first >= number(told[1], "t")
    assert any(speed > 0 for speed in line.belt_between(number(told[0], "t"), number(told[1], "t")))
    assert not line.events("link lost")


def test_quirk_14_the_belt_stands_still_until_the_announced_moment() -> None:
    line = completes(quirky(KNOWN + '[control]\nrequest_control = "unsafe"\n', *SHORT))
    (start,) = starts(line)
    assert start >= 10.0
    assert set(line.belt_between(0.0, start)) == {0}
    assert "07" not in [data for _, data in octets(line)]


def test_quirk_14_called_off_in_the_countdown_nothing_is_written() -> None:
    line = quirky(KNOWN + '[control]\nrequest_control = "unsafe"\n').attended((5.0, asks(Intent.PAUSE)), until=30.0)
    assert line.written() == []


@pytest.mark.parametrize("console", ["console_first = true", "remote = false"])
def test_quirks_15_and_17_its_own_button_starts_it_once_the_countdown_has_run(console: str) -> None:
    line = quirky(KNOWN + f"[start]\n{console}\n", *SHORT).attended((15.0, press_start), until=200.0)
    assert line.outcome is SessionOutcome.COMPLETED
    notices = [record.get("notice") for record in line.events("phase")]
    assert "press START on the treadmill" in notices
    sevens = [at for at, data in octets(line) if data == "07"]
    assert len(sevens) == (1 if "first" in console else 0)
    assert all(at >= 15.0 for at in sevens)
    assert max(speed for _, speed in line.belt) >= 580


@pytest.mark.parametrize("console", ["console_first = true", "remote = false"])
def test_quirks_15_and_17_a_button_pressed_too_late_starts_no_session(console: str) -> None:
    line = quirky(KNOWN + f"[start]\n{console}\n", *SHORT).attended((75.0, press_start), until=100.0)
    assert "07" not in [data for _, data in octets(line)]
    assert speeds(line) == []
    assert line.rested


def test_quirk_18_a_belt_that_starts_on_connecting_is_only_told_of() -> None:
    line = quirky(KNOWN + "[start]\non_connect = true\n", *SHORT).attended(until=20.0, start=False)
    assert line.written() == []
    assert line.session.notice == "the belt moves: started at the console"
    assert line.session.phase is Phase.READY
    assert [record["line"] for record in line.events("remark")] == [STARTS_ITSELF]


def test_quirk_19_stop_in_a_pause_starts_no_belt() -> None:
    line = quirky(KNOWN + '[stop]\nwhile_paused = "starts"\n', *SHORT)
    line.attended((30.0, asks(Intent.PAUSE)), (45.0, stops), (46.0, stops), (50.0, stops), until=80.0)
    assert set(line.belt_between(40.0, 80.0)) == {0}
    assert line.outcome is SessionOutcome.STOPPED
    assert "0801" not in [data for _, data in octets(line)]


def test_quirk_19_stop_after_a_lost_link_in_a_pause_starts_no_belt() -> None:
    line = quirky(KNOWN + '[stop]\nwhile_paused = "starts"\n', *SHORT, faults=("link-loss@45+4",))
    line.attended((30.0, asks(Intent.PAUSE)), (46.0, stops), until=80.0)
    assert set(line.belt_between(40.0, 80.0)) == {0}
    assert line.outcome is SessionOutcome.STOPPED


def test_quirk_19_without_a_pause_of_its_own_a_pause_is_a_stop_from_which_a_start_goes_on() -> None:
    line = quirky(KNOWN + "[stop]\npause_supported = false\n", *SHORT)
    line.attended((30.0, asks(Intent.PAUSE)), (45.0, asks(Intent.RESUME)), until=300.0)
    assert set(line.belt_between(40.0, 54.9)) == {0}
    assert "0802" not in [data for _, data in octets(line)]
    assert len(starts(line)) == 2
    assert line.outcome is SessionOutcome.COMPLETED
    judge_twin(line)


def test_quirk_19_a_pause_that_no_profile_calls_unsupported_ends_in_a_stop() -> None:
    line = stranger("[stop]\npause_supported = false\n", *SHORT).attended((30.0, asks(Intent.PAUSE)), until=60.0)
    assert line.rested
    assert line.session.phase is Phase.STOPPED


def test_quirk_28_an_incline_that_is_not_where_the_deck_is_is_not_shown() -> None:
    line = quirky(KNOWN + "[incline]\nfeedback = false\n", Step(WALK, 30, 300, 30)).attended(until=30.0)
    assert line.treadmill.belt_incline(line.ended_at) == 30
    assert line.machine.belt.incline is None


@pytest.mark.parametrize("hand", ["remote = false\n", "[speed]\ncontrollable = false\n"])
def test_quirk_18_a_start_button_that_is_dead_while_connected_is_left_to_the_person(hand: str) -> None:
    line = quirky(f"[start]\nconsole_blocked = true\n{hand}", *SHORT).attended((12.0, press_start), until=60.0)
    assert line.session.timed_only
    assert line.written() == []
    assert max(line.belt_between(20.0, 60.0)) > 0  # its button works, for nobody is connected


def test_quirk_18_where_a_start_from_here_works_the_link_stays() -> None:
    completes(quirky(KNOWN + "[start]\nconsole_blocked = true\n", *SHORT))


@pytest.mark.parametrize("resume", ["previous", "minimum"])
def test_quirk_19_after_a_resume_the_target_is_set_again(resume: str) -> None:
    line = quirky(KNOWN + f'[start]\nresume = "{resume}"\n', *SHORT)
    line.attended((50.0, asks(Intent.PAUSE)), (65.0, asks(Intent.RESUME)), until=300.0)
    assert line.outcome is SessionOutcome.COMPLETED
    again = starts(line)[1]
    later = [data for at, data in octets(line) if at > again and data.startswith("02")]
    assert later[0] == "022c01"  # walking first
    if resume == "minimum":
        judge_twin(line)


BY_HAND = ((12.0, press_start), (16.0, console_speed(300)), (44.0, console_speed(600)), (70.0, console_speed(300)))
"""A person who does what is asked, through the whole of `SHORT`."""


def test_quirk_19_a_machine_that_cannot_be_stopped_from_here_is_not_driven_from_here() -> None:
    line = quirky(KNOWN + "[stop]\nsupported = false\n", *SHORT)
    line.attended(*BY_HAND, (90.0, press_stop), until=200.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert {data for _, data in octets(line)} <= {"0801", "00"}  # Stop is tried all the same
    assert line.rested


def test_quirk_9_without_a_control_point_the_person_sets_the_speed_and_the_belt_confirms() -> None:
    line = quirky(KNOWN + "[protocol]\ncontrol_point = false\n", *SHORT)
    line.attended(*BY_HAND, (90.0, press_stop), until=200.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert line.written() == []
    assert line.rested


@pytest.mark.parametrize("refusal", ["not-supported", "failed", "silent"])
def test_quirks_20_and_21_the_person_sets_the_speed_and_the_belt_confirms(refusal: str) -> None:
    line = quirky(KNOWN + f'controllable = false\nrefusal = "{refusal}"\n', *SHORT)
    line.attended(*BY_HAND, until=200.0)
    assert line.outcome is SessionOutcome.COMPLETED
    over = number(line.events("signal")[-1], "t") if not line.written() else line.written()[0][0]
    assert over >= 80.0  # nothing before the end
    assert {data for _, data in line.written()} <= {"0801", "00"}  # Stop, and control for it once it was refused
    told = [record.get("notice") for record in line.trace]
    assert line.rested
    assert any("press START" in str(each) for each in told)


def test_quirk_20_a_pause_at_the_treadmill_pauses_the_session_in_prompt_mode() -> None:
    line = quirky(KNOWN + "controllable = false\n", *SHORT)
    line.attended((12.0, press_start), (25.0, asks(Intent.PAUSE)), (27.0, press_pause), until=50.0)
    assert line.session.phase is Phase.PAUSED
    assert line.written() == []


def test_quirk_20_a_lock_that_no_profile_knows_is_told_of() -> None:
    line = stranger('[speed]\ncontrollable = false\nrefusal = "silent"\n', Step(WALK, 120, 400)).headless()
    assert "the belt does not follow" in [record["signal"] for record in line.events("signal")]
    assert line.session.notice == NOT_FOLLOWING


UNITS = {
    # what the machine really does: [speed] of its twin
    "targets in miles": 'write_unit = "mph"\nread_unit = "km/h"\n',
    "reports in miles": 'write_unit = "km/h"\nread_unit = "mph"\n',
    "both in miles": 'write_unit = "mph"\nread_unit = "mph"\n',
    "neither": 'write_unit = "km/h"\nread_unit = "km/h"\n',
}


@pytest.mark.full
@pytest.mark.parametrize("units", UNITS.values(), ids=UNITS)
def test_quirk_22_a_machine_whose_units_are_described_runs_in_kilometres(units: str) -> None:
    completes(quirky(f"[speed]\n{units}", *SHORT))


@pytest.mark.full
@pytest.mark.parametrize("units", UNITS.values(), ids=UNITS)
def test_quirk_22_a_stranger_in_miles_never_runs_faster_than_announced(units: str) -> None:
    steps = (Step(WALK, 60, 300), Step(RUN, 40, 800), Step(WALK, 15, 300))
    line = stranger(f"[speed]\n{units}", *steps).headless()
    if "both" in units or units == UNITS["both in miles"]:
        assert line.outcome is SessionOutcome.STOPPED
        assert "count speed in km/h" in str(line.summary["reason"])
        assert max(speed for _, speed in line.belt) <= 660  # a brisk walk
    else:
        assert line.outcome is SessionOutcome.COMPLETED, line.summary["reason"]
        assert max(speed for _, speed in line.belt) == pytest.approx(800, abs=20)
        judge_twin(line)


@pytest.mark.full
@pytest.mark.parametrize("units", UNITS.values(), ids=UNITS)
def test_quirk_22_a_workout_that_begins_with_running_walks_until_units_are_known(units: str) -> None:
    line = stranger(f"[speed]\n{units}", Step(RUN, 120, 900)).headless()
    assert max(line.belt_between(0.0, 25.0)) <= 660
    assert line.rested


def test_quirk_22_a_speed_set_at_the_console_is_no_unit() -> None:
    """1.2 km/h by hand after 0.8 from here is 1.5 times as fast: nearly what a machine in miles would show."""
    line = stranger('[speed]\nwrite_unit = "km/h"\nread_unit = "km/h"\n', Step(WALK, 60, 300))
    line.attended((15.0, console_speed(120)), (17.0, asks(Intent.FASTER)), until=60.0)
    written = [int.from_bytes(bytes.fromhex(each)[1:], "little") for each in speeds(line)]
    assert min(written) >= 80
    judge_twin(line)


def test_quirk_23_a_range_in_miles_is_read_in_miles() -> None:
    line = quirky(KNOWN + 'range_unit = "mph"\nminimum = 1.0\nmaximum = 6.1\nincrement = 0.1\n', *SHORT)
    completes(line)
    assert line.machine.speed.grid.high == pytest.approx(610, abs=2)


def test_quirk_24_targets_lie_on_the_machines_own_steps() -> None:
    limits = 'minimum = 0.96\nmaximum = 6.43\nincrement = 0.32\nnative_unit = "mph"\nrounding = "truncated"\n'
    line = quirky(KNOWN + limits, Step(WALK, 30, 300), Step(RUN, 20, 600)).headless()
    assert line.outcome is SessionOutcome.COMPLETED
    written = [int.from_bytes(bytes.fromhex(each)[1:], "little") for each in speeds(line)]
    assert all((speed - 96) % 32 == 0 for speed in written)
    judge_twin(line)


def test_quirk_25_an_increment_of_zero_divides_nothing() -> None:
    line = quirky(KNOWN + "increment = 0\n", Step(WALK, 30, 333), Step(RUN, 20, 610)).headless()
    assert line.outcome is SessionOutcome.COMPLETED
    assert line.machine.speed.grid.step == 0
    judge_twin(line)


def test_quirk_26_a_target_below_the_minimum_is_refused_before_anything_is_written() -> None:
    line = quirky(KNOWN + 'minimum = 1.0\nbelow_minimum = "silent"\n', Step(WALK, 30, 80))
    with pytest.raises(BaseExceptionGroup) as caught:
        line.headless()
    assert "below this treadmill's slowest" in repr(caught.value)
    assert line.written() == []


@pytest.mark.parametrize(
    ("tables", "raw"),
    [
        ('code = "level"\nper_level = 0.5\n', 6),
        ('code = "level"\nper_level = 1\n', 3),
        ('code = "offset-16"\nminimum = 0\nincrement = 1\n', 46),
        ('code = "degrees"\n', 17),
        ("increment = 1\n", 30),
    ],
)
def test_quirk_27_an_incline_is_set_in_what_the_machine_counts(tables: str, raw: int) -> None:
    steps = (Step(WALK, 30, 300, 30), Step(WALK, 20, 320, 0))
    line = quirky(KNOWN + f"[incline]\n{tables}", *steps).attended(until=36.0)
    set_to = [bytes.fromhex(data) for _, data in octets(line) if data.startswith("03")]
    assert [int.from_bytes(data[1:], "little", signed=True) for data in set_to] == [raw]
    assert line.treadmill.belt_incline(line.ended_at) == pytest.approx(30, abs=1)
    assert line.machine.belt.incline == pytest.approx(30, abs=1)
    assert not line.events("console")


def test_quirk_27_levels_that_nobody_knows_in_percent_are_neither_set_nor_shown() -> None:
    line = quirky(KNOWN + '[incline]\ncode = "level"\n', Step(WALK, 30, 300, 30)).headless()
    assert not [data for _, data in octets(line) if data.startswith("03")]
    assert line.machine.belt.incline is None


def test_quirk_37_a_speed_reported_while_paused_starts_nothing_and_ends_in_a_stop() -> None:
    line = quirky(KNOWN + "[data]\nspeed_while_paused = true\n", *SHORT).attended(
        (30.0, asks(Intent.PAUSE)), until=80.0
    )
    assert len(starts(line)) == 1
    assert line.rested
    assert line.session.phase is Phase.STOPPED
    assert set(line.belt_between(45.0, 80.0)) == {0}


def test_quirk_38_a_machine_that_never_says_what_its_belt_does_is_not_driven_and_the_clock_counts() -> None:
    line = quirky('[data]\nsource = "nothing"\n', *SHORT).attended(*BY_HAND, (90.0, press_stop), until=200.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert {data for _, data in octets(line)} == {"0801", "00"}  # Stop, and control for it once it was refused


def test_quirk_38_stop_is_written_to_it_all_the_same_and_the_person_has_to_look() -> None:
    line = quirky('[data]\nsource = "nothing"\n').headless((0.01, press_start), (0.02, stops))
    assert "0801" in [data for _, data in octets(line)]
    assert line.outcome is SessionOutcome.ALARM  # a reported 0 is no evidence
    assert line.rested


def test_quirk_40_a_machine_without_a_name_is_known_by_its_services() -> None:
    line = quirky(KNOWN + '[match]\nanonymous = true\nservices = ["1816", "1826"]\n', *SHORT)
    completes(line)


def test_quirk_43_a_machine_of_another_protocol_is_only_watched() -> None:
    line = quirky(KNOWN + "[protocol]\nftms = false\n", *SHORT)
    line.attended(*BY_HAND, (90.0, press_stop), until=200.0)
    assert line.outcome is SessionOutcome.COMPLETED
    assert line.written() == []


def test_quirk_43_what_is_never_to_be_written_is_not() -> None:
    line = completes(quirky(KNOWN + '[protocol]\nnever_write = ["FFF0", "FFF3"]\n', *SHORT))
    assert not line.engine.connection.may_write("0000fff3-0000-1000-8000-00805f9b34fb")
    assert list(line.treadmill.vendor_writes) == []


@pytest.mark.parametrize("what", ["runs-on", "stops"])
def test_quirk_44_whatever_a_lost_link_does_to_the_belt_only_the_person_goes_on(what: str) -> None:
    line = quirky(KNOWN + f'[link]\non_disconnect = "{what}"\n', *SHORT, faults=("link-loss@30+4",))
    line.attended(until=60.0)
    assert [data for at, data in octets(line) if 34.0 < at < 59.9] == []
    assert line.rested


def test_a_stop_that_outlives_the_link_is_the_first_thing_written() -> None:
    line = quirky(KNOWN, *SHORT, faults=("link-loss@30+4",)).attended((31.0, stops), until=60.0)
    back = next(at for at in line.link.connected_at if at > 30.0)
    assert next(data for at, data in line.written() if at >= back) == "0801"
    assert number(line.events("stop")[0], "t") == pytest.approx(31.0)
