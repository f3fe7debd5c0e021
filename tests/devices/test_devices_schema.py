"""What a profile's file may say, and how a slip is told."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.devices.library import loads
from runback.devices.quirk_values import ControlRequests, InclineCode, Refusal, WireUnit
from runback.errors import DeviceError
from tests.support.devices import EVIDENCE, HEAD, profile


def refusal(text: str) -> str:
    with pytest.raises(DeviceError) as refused:
        loads(text, "mine.toml", "mine")
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_files_are_in_kilometres_an_hour_and_percent() -> None:
    made = profile("[speed]\nminimum = 0.96\nmaximum = 8.2\nincrement = 0.32\n[incline]\nminimum = -3\nmaximum = 12.5")
    assert (made.speed.minimum, made.speed.maximum, made.speed.increment) == (96, 820, 32)
    assert (made.incline.minimum, made.incline.maximum) == (-30, 125)


def test_uuids_and_octets_are_written_as_people_write_them() -> None:
    made = profile('[[unlock]]\ncharacteristic = "fff2"\noctets = "AA 01 0001 55"')
    assert made.unlock[0].characteristic == "0000fff2-0000-1000-8000-00805f9b34fb"
    assert made.unlock[0].octets == bytes.fromhex("aa01000155")


def test_what_is_left_out_is_not_known() -> None:
    made = profile()
    assert made.speed.controllable is None
    assert made.speed.write_unit is None
    assert made.start.repeat is None
    assert made.link.on_disconnect is None
    assert made.control.request_control is ControlRequests.ONCE
    assert made.incline.code is InclineCode.PERCENT


def test_words_are_enumerated() -> None:
    made = profile('[speed]\nwrite_unit = "mph"\nrefusal = "silent"')
    assert made.speed.write_unit is WireUnit.MPH
    assert made.speed.refusal is Refusal.SILENT


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        ("[speed]\nminimun = 1", 'mine.toml: speed: unknown key "minimun"; did you mean minimum?'),
        (
            "[stop]\nzzzzzz = 1",
            'mine.toml: stop: unknown key "zzzzzz"; remove it; the keys here are supported, pause_supported, '
            "means_pause, resets_counters, while_paused, deceleration, within",
        ),
        (
            '[[unlock]]\ncharacteristic = "2AD9"\noctets = "00"\nreplies = "71"',
            'mine.toml: unlock 1: unknown key "replies"; did you mean reply?',
        ),
        (
            '[preamble]\ncharacteristic = "2AD9"\noctets = "00"\nwhen = "each"\nwhenn = "each"',
            'mine.toml: preamble: unknown key "whenn"; did you mean when?',
        ),
        ("[spede]\nminimum = 1", 'mine.toml: unknown key "spede"; did you mean speed?'),
        ("[speed]\nmaximum = 31", "mine.toml: speed: maximum is above 30; check the figure and its unit"),
        ("[speed]\nminimum = -1", "mine.toml: speed: minimum is below 0; check the figure and its unit"),
        ('[speed]\nminimum = "1"', "mine.toml: speed: minimum is not a number; write a number"),
        ("[speed]\nminimum = nan", "mine.toml: speed: minimum is not a number; write a number"),
        ('[speed]\ncontrollable = "no"', "mine.toml: speed: controllable is not true or false; write true or false"),
        ("[speed]\ncontrollable = 0", "mine.toml: speed: controllable is not true or false; write true or false"),
        (
            '[speed]\nwrite_unit = "miles"',
            'mine.toml: speed: write_unit is not a valid value; use "km/h", "mph" or "console"',
        ),
        ("[data]\nflags = 1.5", "mine.toml: data: flags is not a whole number; write a whole number"),
        ("[data]\nstep_octets = 4", "mine.toml: data: step_octets is above 3; check the figure and its unit"),
        ('[match]\nname_prefix = "FS-"', "mine.toml: match: name_prefix is not a list in brackets; "),
        ("[match]\nname_prefix = [1]", "mine.toml: match: name_prefix 1 is not text in quotes; write text in quotes"),
        ('[match]\nservices = ["1826", "x"]', "mine.toml: match: services 2 is not a UUID such as 2AD9; "),
        ('[match]\nmodel = [" "]', "mine.toml: match: model 1 is not one line of 1 to 300 characters; "),
        ("unlock = [3]", "mine.toml: unlock 1 is not a table; write a table"),
        ("preamble = 3", "mine.toml: preamble is not a table; write a table"),
        ('[[unlock]]\noctets = "00"', 'mine.toml: unlock 1: characteristic is missing; add characteristic = "FFF1"'),
        (
            '[[unlock]]\ncharacteristic = "zz"\noctets = "00"',
            "mine.toml: unlock 1: characteristic is not a UUID such as 2AD9; write it like that",
        ),
        (
            '[[unlock]]\ncharacteristic = "2AD9"\noctets = "0"',
            "mine.toml: unlock 1: octets is not hexadecimal bytes, such as 71 00; write it like that",
        ),
        (
            '[[unlock]]\ncharacteristic = "2AD9"\noctets = ""',
            "mine.toml: unlock 1: octets is not 1 to 512 bytes long; write it like that",
        ),
        ('[match]\nname_regex = "("', "mine.toml: match: name_regex is not a regular expression ("),
        (f'[match]\nname_regex = "{"x" * 81}"', "mine.toml: match: name_regex is longer than 80 characters; "),
        ("[data]\nfeatures = 1979-05-27", "mine.toml: a value is not text, a number or a table; "),
    ],
)
def test_a_slip_is_told_in_one_line_with_its_place_and_its_hint(tables: str, line: str) -> None:
    text = tables + "\n" + HEAD if tables.startswith(("preamble", "unlock")) else HEAD + tables
    assert refusal(text).startswith(line)


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        ("[speed]\nminimum = 6\nmaximum = 5", "mine.toml: speed: minimum is above maximum; "),
        ("[incline]\nminimum = 6\nmaximum = 5", "mine.toml: incline: minimum is above maximum; "),
        ("[incline]\nincrement = -1", "mine.toml: incline: increment is below 0; "),
        ('[speed]\nrange_unit = "mph"', "mine.toml: speed: a range in miles an hour needs a limit; "),
        ('[start]\nrepeat = "keepalive"', "mine.toml: start: a keepalive needs its time, and only it has one; "),
        ("[link]\nkeepalive = 1", "mine.toml: start: a keepalive needs its time, and only it has one; "),
        ('[start]\nrepeat = "slows"', "mine.toml: start: slowing needs its speed, and only slowing has one; "),
        ('[link]\ntoo_fast = "drops"', "mine.toml: link: too_fast needs a gap; "),
        ('[data]\nfeatures = "00"', "mine.toml: data: features is not eight bytes; "),
        (
            '[protocol]\nnever_write = ["FFF2"]\n[[unlock]]\ncharacteristic = "FFF2"\noctets = "00"',
            "mine.toml: protocol: 0000fff2-0000-1000-8000-00805f9b34fb is written and must never be written; ",
        ),
        (
            '[protocol]\nnever_write = ["FFF2"]\n[preamble]\ncharacteristic = "FFF2"\noctets = "00"\nwhen = "once"',
            "mine.toml: protocol: 0000fff2-0000-1000-8000-00805f9b34fb is written and must never be written; ",
        ),
        (
            '[[unlock]]\ncharacteristic = "FFF2"\noctets = "00"\nreply = "71"',
            "mine.toml: unlock 1: a reply needs its characteristic and its bytes; ",
        ),
        ('[match]\nname_regex = "LF.*"', "mine.toml: match: name_regex needs a name to try it on; "),
        (
            '[match]\nname_prefix = ["FS-"]\nname_example = "SF-1"',
            "mine.toml: match: it does not match its own example; ",
        ),
    ],
)
def test_what_cannot_be_meant_together_is_refused(tables: str, line: str) -> None:
    assert refusal(HEAD + tables).startswith(line)


@pytest.mark.parametrize("tables", ["per_level = 1", 'code = "level"\nper_level = 0', 'code = "level"\nper_level = -1'])
def test_what_a_level_is_worth_goes_with_levels_and_upwards(tables: str) -> None:
    line = refusal(HEAD + f"[incline]\n{tables}")
    assert line.startswith("mine.toml: incline: per_level is what one level up is worth; ")


def test_a_profile_without_evidence_is_refused() -> None:
    text = 'title = "A machine"\nunverified = "nothing"\n'
    assert refusal(text) == "mine.toml: evidence is missing; add [[evidence]] with source, level and covers"
    assert refusal("evidence = []\n" + text).startswith("mine.toml: evidence: nothing is named; ")


def test_a_misspelt_key_counts_once_with_the_missing_one_it_was_meant_for() -> None:
    line = refusal('titel = "A machine"\nunverified = "nothing"\n' + EVIDENCE)
    assert line == 'mine.toml: unknown key "titel"; did you mean title?'
    assert "(and 1 more)" in refusal('titel = "A machine"\nunverified = 3\n' + EVIDENCE)


def test_a_file_may_not_call_itself_something_else() -> None:
    assert refusal('name = "other"\n' + HEAD).startswith("mine.toml: name: the name is not the file's; ")


def test_a_file_name_must_be_fit_to_be_typed() -> None:
    with pytest.raises(DeviceError, match="name is not lower-case letters, digits and hyphens; "):
        loads(HEAD, "My Pad.toml", "My Pad")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one, max_size=3)))
def test_whatever_a_key_holds_the_answer_is_a_profile_or_one_line(value: object) -> None:
    from runback.devices.schema import profile_from

    data: dict[str, object] = {"title": "A", "unverified": "b", "evidence": [], "speed": value, "unlock": value}
    with pytest.raises(DeviceError) as refused:
        profile_from(data, "mine", "mine.toml")
    assert "\n" not in str(refused.value)


def test_pydantic_is_met_only_when_a_file_is_read() -> None:
    code = (
        "import sys, runback.devices.library, runback.devices.matching, runback.devices.limits\n"
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
