"""Foreign text as a person is shown it: one line, nothing a terminal obeys, nothing that hides. Issue 11, point 16."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runback.config_files.error_text import LINE, json_line, printable, quoted
from runback.ipc.messages import Announcement, Snapshot, StopState, StopView
from runback.session.model import Phase
from tests.support.bluez.hostile import NAMES, harmful

anything = st.text(st.characters())
"""Every code point there is, lone surrogates too."""


@given(anything)
@example("".join(map(chr, range(0x20))))
@example("".join(map(chr, range(0x7F, 0xA1))))
@example("\u200b\u200e\u202a\u202e\u2028\u2029\u2066\u2069\ufeff\ud800\udcff\ue000\U000e0001\u034f\u115f\u3164")
@settings(deadline=None)
def test_no_character_of_the_forbidden_categories_is_ever_shown(text: str) -> None:
    for shown in (printable(text), quoted(text), json_line({text: [text]})):
        assert harmful(shown) == []
        assert "\n" not in shown
        shown.encode("utf-8")


@given(anything.filter(lambda text: not harmful(text) and "\n" not in text and len(text) <= LINE))
@example("Horizon 7.4AT  (Öffi's) 跑步机 ❤\ufe0f")
@settings(deadline=None)
def test_printable_text_is_shown_unchanged(text: str) -> None:
    assert printable(text) == text


@given(anything)
@settings(deadline=None)
def test_what_has_been_made_printable_stays_as_it_is(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@given(anything.filter(lambda text: "\\" not in text), anything.filter(lambda text: "\\" not in text))
@settings(deadline=None)
def test_two_different_names_are_shown_as_two(one: str, other: str) -> None:
    longest = 12 * max(len(one), len(other)) + 1
    assert (printable(one, longest) == printable(other, longest)) == (one == other)


@given(anything)
@settings(deadline=None)
def test_json_loses_nothing_of_what_it_does_not_show(text: str) -> None:
    assert json.loads(json_line({"name": text})) == {"name": text}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_message_shows_no_more_than_one_line_whoever_sent_it(name: str) -> None:
    stop = {"state": "stopping", "reason": name, "since_s": 0.0, "measured_kmh": None}
    sent = {"t": 0.0, "phase": "ready", "treadmill": name, "notice": name, "stop": stop}
    heard = Snapshot.model_validate_json(json.dumps(sent))
    assert heard.stop is not None
    assert harmful(heard.treadmill + (heard.notice or "") + heard.stop.reason) == []
    assert "\n" not in heard.treadmill + (heard.notice or "") + heard.stop.reason


def test_a_message_of_plain_words_says_them() -> None:
    told = Snapshot(
        t=0.0,
        phase=Phase.READY,
        treadmill="Öffi's Mill",
        stop=StopView(state=StopState.STOPPING, reason="you stopped the belt", since_s=0, measured_kmh=None),
        announcement=Announcement(in_s=3.0, speed_kmh=7.5, kind=None),
    )
    assert Snapshot.model_validate_json(told.model_dump_json()) == told
