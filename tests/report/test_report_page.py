"""The clinician's page: what stands on it, that it needs nothing else, and that nobody's word becomes markup."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatch
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.library import load
from runback.rehab.records import CheckIn, CheckInMoment, Cleared, Declaration, SessionDone
from runback.rehab.red_flags import RedFlag
from runback.report.page import page
from runback.report.report_data import ReportData
from runback.units import Unit
from tests.support.effort import examples
from tests.support.rehab.story import Story, at
from tests.support.rehab.strategies import PLANS, asked
from tests.support.report import BERLIN, NOTHING, SPITEFUL, dossier, kept, weeks

ROOT = Path(__file__).parents[2]
VOID = frozenset({"meta"})
LOADS = frozenset({"src", "href", "srcset", "data", "action", "style", "poster", "background"})


class Reader(HTMLParser):
    """The page as a browser reads it: every tag closed in turn, its attributes, and the text of each table cell."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.rows: list[list[str]] = []
        self.text: list[str] = []
        self.said: list[str] = []
        self._in_words = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "bdi":
            self.said.append("")
            self._in_words = True

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._in_words = self._in_words and tag != "bdi"

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data
        if self._in_words:
            self.said[-1] += data

    def row(self, beginning: str) -> list[str]:
        """The row of the sessions' table that begins so."""
        return next(row for row in self.rows if row[0] == beginning)

    @property
    def whole(self) -> str:
        return " ".join(" ".join(self.text).split())


def read(made: ReportData) -> Reader:
    return Reader(page(made))


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    text = page(dossier(words=SPITEFUL))
    reader = Reader(text)
    assert "://" not in text
    assert "url(" not in text.replace("url(#rest-hatching)", "")
    assert not {name for _, name, _ in reader.attributes} & LOADS
    assert not set(reader.tags) & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "a"}
    assert not any(name.startswith("on") for _, name, _ in reader.attributes)
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in reader.attributes


def test_the_page_is_made_of_templates_that_ship_with_the_program() -> None:
    """As data of the package, which the wheel takes whole."""
    shipped = {each.name for each in files("runback.report").joinpath("templates").iterdir()}
    assert shipped == {"report.html.j2", "macros.html.j2", "report.css"}
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["src/runback"]
    assert not {"include", "exclude", "only-include"} & wheel.keys()
    ignored = (ROOT / ".gitignore").read_text().split()
    assert not {name for name in shipped for pattern in ignored if fnmatch(name, pattern)}


def test_the_template_engine_waits_until_a_page_is_made() -> None:
    code = "import sys; import runback.cli.commands.report; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_template_runs_a_script_or_marks_a_value_as_safe() -> None:
    for template in files("runback.report").joinpath("templates").iterdir():
        text = template.read_text("utf-8")
        assert not re.search(r"<script|javascript:|\|\s*safe|autoescape|\bon\w+=", text)


def test_the_page_is_whole_html_in_english() -> None:
    text = page(dossier())
    reader = Reader(text)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert reader.open == []
    assert reader.tags.count("h1") == reader.tags.count("main") == reader.tags.count("title") - 3 == 1
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert "local to that zone" in reader.whole
    assert reader.whole.count("not a medical device") == 2


def test_every_drawing_is_an_svg_with_a_title_and_a_description() -> None:
    drawings = re.findall(r"<svg.*?</svg>", page(dossier()), flags=re.DOTALL)
    assert len(drawings) == 3
    for drawing in drawings:
        svg = ElementTree.fromstring(drawing)
        ids = {each.get("id"): each for each in svg.iter() if each.get("id")}
        named = str(svg.get("aria-labelledby")).split()
        assert svg.get("role") == "img"
        assert all((ids[name].text or "").strip() for name in named)
        assert [ids[name].tag for name in named] == ["title", "desc"]
        _, _, width, height = (float(each) for each in str(svg.get("viewBox")).split())
        for mark in svg.iter("rect"):
            if mark.get("class") is not None:
                x, y = float(str(mark.get("x"))), float(str(mark.get("y")))
                assert x >= 0
                assert y >= 0
                assert x + float(str(mark.get("width"))) <= width
                assert y + float(str(mark.get("height"))) <= height


def test_every_table_has_a_caption_and_headed_rows_and_columns() -> None:
    text = page(dossier())
    reader = Reader(text)
    assert reader.tags.count("caption") == reader.tags.count("table") > 5
    assert {value for tag, name, value in reader.attributes if tag == "th" and name == "scope"} == {"row", "col"}
    for body in re.findall(r"<tr>(.*?)</tr>", text, flags=re.DOTALL):
        assert "scope=" in body


def test_a_session_tells_what_was_planned_done_said_and_measured() -> None:
    reader = read(dossier())
    assert reader.row("1") == [
        *("1", "2026-01-05 19:00", "1", "5:00 of 5:00, 100 %", "–", "1", "1", "1", "1"),
        *("1950 m, 7.5 km/h, 131 bpm", "completed"),
    ]
    assert reader.row("3")[5:] == ["1", "1", "missing", "missing", "not measured", "–"]
    assert reader.row("4")[4] == "44 h (reason given)"
    assert reader.row("7")[-1] == "stopped, ended because of symptoms: my race is on Sunday"


def test_the_reaction_to_each_run_is_told_settled_or_not_and_half_answered() -> None:
    story = Story().gate(at(1)).session("1", at(1), b=1, d=3, m=2, g=1).session("2", at(4), b=1, d=1, m=None, g=None)
    story.session("3", at(7), b=1, d=1, m=4, g=3)
    rows = read(dossier(story)).rows
    begin = rows.index(["Run begun", "Stage", "Reaction"]) + 1
    assert [row[1:] for row in rows[begin : begin + 3]] == [
        ["1", "before 1, worst 3, next morning 2, last 1: settled in 48 h"],
        ["2", "before 1, worst 1, next morning –, last 1: no reaction in these answers"],
        ["3", "before 1, worst 1, next morning 4, now 3: 2 above before, not settled yet"],
    ]


def test_speeds_and_distances_are_in_the_persons_unit() -> None:
    assert read(replace(dossier(), unit=Unit.MPH)).row("1")[-2] == "1.21 mi, 4.7 mph, 131 bpm"
    assert read(replace(dossier(), unit=Unit.MIN_PER_KM)).row("1")[-2] == "1950 m, 7:59/km, 131 bpm"


def test_rest_too_short_without_a_reason_is_said() -> None:
    story = Story().gate(at(1)).session("1", at(1), g=None).session("2", at(2))
    reader = read(dossier(story))
    assert reader.row("2")[4] == "23 h (no reason)"
    assert "0 of 1; of the 1 shorter, 0 with a recorded reason" in reader.whole
    assert "The session was begun all the same." in reader.whole


def test_what_can_still_be_answered_is_not_called_missing() -> None:
    story = Story().gate(at(1)).session("1", at(1), d=None, m=None, g=None)
    made = replace(dossier(story), now=at(1, 3))
    assert read(made).row("1")[5:9] == ["1", "not yet", "not yet", "not yet"]
    assert "Check-ins missing 0 of 1" in read(made).whole


def test_a_red_flag_stands_before_everything_else_even_from_before_since() -> None:
    text = page(dossier(since=at(24)))
    flagged, stands = text.index("Red flags reported"), text.index("Where the plan stands")
    assert flagged < stands < text.index("In short")
    assert "fever" in text[flagged:stands]
    assert "Cleared on 2026-01-26 19:00 by" in text[flagged:stands]


def test_a_red_flag_that_is_not_cleared_says_that_the_plan_is_locked() -> None:
    story = Story().gate(at(1)).session("1", at(1))
    story.say(CheckInMoment.GATE, at(4), flags=frozenset({RedFlag.CHEST_PAIN, RedFlag.FEVER})).clear(
        Cleared.PAIN, at(5)
    )
    told = read(replace(dossier(story), now=at(6))).whole
    assert told.count("Not cleared: the plan is locked.") == 2
    assert "Get help now." in told
    assert "chest pain (emergency)" in told


def test_since_bounds_what_is_shown_and_not_what_is_judged() -> None:
    whole, part = read(dossier()), read(dossier(since=at(15)))
    assert [row[0] for row in part.rows if row[0].isdigit()] == ["7", "8"]
    assert part.row("8") == whole.row("8")
    assert "from 2026-01-19" in part.whole
    dated = [row for row in part.rows if row[0].startswith("20")]
    assert [row[1] for row in dated if row[0] < "2026-01-19"] == ["leg symptoms: no; back surgery: no"]


def test_decisions_are_those_of_their_time_with_their_rule() -> None:
    found = read(dossier()).rows
    begin = found.index(["When", "After", "Decision, and why", "Rule"]) + 1
    rows = found[begin : found.index(["When", "Check-in", "Pain", "Signs"])]
    told = {(row[0], row[1]): row[2:] for row in rows}
    assert told["2026-01-07 19:20", "check-in (gate): pain 1"] == ["Go on to stage 2: stage 1 went well.", "5"]
    assert told["2026-01-16 19:20", "check-in (gate): pain 1"] == ["Repeat stage 4: pain of 4 during the run.", "4"]
    assert told["2026-01-24 19:00", "check-in (gate): pain 2"][1] == "1"
    assert rows[-1][1] == "as this report was made"
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_a_session_begun_without_an_answer_says_which() -> None:
    story = Story().gate(at(1, -3)).session("1", at(1), b=None)
    assert "The session was begun without an answer (before)." in read(dossier(story)).whole


def test_overrides_and_remarks_stand_in_the_persons_own_words() -> None:
    words = "Ich weiß <es> & laufe\nהיום 48h? No!"
    reader = read(dossier(words=words))
    assert words in reader.said
    assert [words for row in reader.rows if row[-1] == words]


def test_spiteful_words_change_no_tag() -> None:
    plain, spiteful = read(dossier()), read(dossier(words=SPITEFUL))
    assert spiteful.tags == plain.tags
    assert spiteful.attributes[20:] == plain.attributes[20:]
    page(dossier(words=SPITEFUL)).encode()


@given(st.text(st.characters(), min_size=1, max_size=40).filter(str.strip))
@settings(deadline=None, max_examples=examples(15))
def test_no_word_of_a_person_ever_becomes_markup(words: str) -> None:
    reader = read(dossier(words=words))
    assert (reader.tags, reader.open) == (PLAIN.tags, [])
    assert [each[:2] for each in reader.attributes] == [each[:2] for each in PLAIN.attributes]


PLAIN = read(dossier())


@pytest.mark.parametrize("number", range(len(PLANS)), ids=[plan.name for plan in PLANS])
@given(st.data())
@settings(deadline=None, max_examples=examples(4))
def test_any_history_of_any_plan_makes_a_page(number: int, data: st.DataObject) -> None:
    history, now = data.draw(asked(number))
    made = ReportData(PLANS[number], history, now, BERLIN, "0.1.0")
    text = page(made)
    assert page(made) == text
    assert Reader(text).open == []
    for drawing in re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL):
        ElementTree.fromstring(drawing)


def test_nothing_recorded_is_said_in_words() -> None:
    reader = read(NOTHING)
    assert "svg" not in reader.tags
    for words in ("Nobody was asked yet.", "No session is recorded.", "No check-in is recorded.", "There was none."):
        assert words in reader.whole


def test_sessions_of_another_plan_and_outside_any_are_told_apart() -> None:
    other = Story(load("couch-to-5k")).run("w1", at(3)).history.sessions
    story = Story().gate(at(1)).session("1", at(1)).add(sessions=other)
    made = replace(dossier(story), sessions=(kept(1, at(1)), kept(5, at(9), workout="<i>mine</i>")), now=at(12))
    reader = read(made)
    assert reader.row("2")[2] == "w1 of couch-to-5k"
    assert reader.row("2")[5:9] == ["–"] * 4
    assert [row[1:3] for row in reader.rows if row[0] == "2026-01-13 19:00"] == [["<i>mine</i>", "19:50"]]


def test_low_impact_work_is_told_by_the_week_and_rehearsals_are_marked() -> None:
    rowing = LoggedActivity(ActivityKind.ROWING, 20, at(-20), 3)
    story = Story().gate(at(1)).add(activities=(rowing,)).session("1", at(1))
    reader = read(replace(dossier(story), rehearsal=True, cautious=True))
    assert "rowing 20 min (once)" in reader.whole
    assert "This is a rehearsal" in reader.whole
    assert "every stage twice" in reader.whole


@pytest.mark.full
def test_many_sessions_still_fit_their_drawings() -> None:
    story = Story().gate(at(1))
    for number in range(60):
        story.session("1", at(1 + 3 * number))
    made = dossier(story)
    svg = [ElementTree.fromstring(each) for each in re.findall(r"<svg.*?</svg>", page(made), flags=re.DOTALL)]
    names = [each for each in svg[0].iter("text") if each.get("class") == "middle"]
    assert len(names) == 40  # every third session is named, and its stage


def test_a_long_rest_is_drawn_cut_and_says_so() -> None:
    assert "215 ↑" in page(dossier())


def test_a_check_in_of_the_future_is_told_and_not_drawn() -> None:
    story = weeks().add(check_ins=(CheckIn(CheckInMoment.GATE, at(90), 9),))
    reader = read(dossier(story))
    assert "check the clock" in reader.whole
    assert "2026-04-04 20:00" in [row[0] for row in reader.rows]


def test_a_dossier_of_one_moment_has_a_drawing_too() -> None:
    story = Story().gate(at(1)).run("1", at(1))
    made = replace(dossier(story), since=at(1), now=at(1) + timedelta(minutes=20))
    assert "svg" in read(made).tags


def test_a_session_that_is_over_when_it_begins_is_not_held_against_itself() -> None:
    story = Story().gate(at(1))
    began = at(1, 0.1)
    story.add(sessions=(SessionDone("return-to-running", "1", began, began, 300, 300),))
    told = read(dossier(story))
    assert "begun all the same" not in told.whole
    causes = [row[1] for row in told.rows if len(row) == 4 and "session of stage 1" in row[1]]
    assert causes == ["session of stage 1 begins", "session of stage 1 is over"]


def test_the_dates_under_a_drawing_do_not_overlap() -> None:
    for days in (0, 1, 3, 40):
        story = Story().gate(at(1)).session("1", at(1)).say(CheckInMoment.BEFORE, at(1 + days, 1))
        made = replace(dossier(story), now=at(1 + days, 2), since=at(1))
        svg = ElementTree.fromstring(re.findall(r"<svg.*?</svg>", page(made), flags=re.DOTALL)[1])
        dates = [float(str(each.get("x"))) for each in svg.iter("text") if (each.text or "").startswith("2026-")]
        assert dates
        assert all(later - earlier >= 60 for earlier, later in pairwise(dates))
        assert dates[-1] <= 660


def test_a_plan_for_everybody_and_a_session_without_a_heart_rate_leave_nothing_blank() -> None:
    made = dossier(Story().gate(at(1)).session("1", at(1)))
    bare = replace(made.sessions[0], distance=None, top_speed=None, mean_heart_rate=None, outcome=None)
    reader = read(replace(made, plan=replace(made.plan, exclusions=()), sessions=(bare,)))
    assert reader.row("1")[-2:] == ["not measured", "the program was interrupted"]
    assert "Not for" not in reader.whole
    assert not any(cell.strip() == "" for row in reader.rows for cell in row)


def test_what_was_said_about_the_injury_counts_as_a_cause() -> None:
    story = Story().gate(at(1), declared=True).clear(Cleared.LEG_SYMPTOMS, at(0.5), "Dr Jones").session("1", at(1))
    told = read(dossier(story))
    assert "leg symptoms: yes; back surgery: no" in told.whole
    assert "a clinician's clearance to run after leg symptoms or surgery" in told.whole


def test_the_walk_that_opened_the_gate_is_a_cause() -> None:
    story = Story().clear(Cleared.START, at(1)).say(CheckInMoment.GATE, at(1, 1))
    story.add(declarations=(Declaration(at(1), leg_symptoms=False, surgery=False, risks=frozenset()),))
    walk = LoggedActivity(ActivityKind.WALKING, 30, at(1, 2), 1, rise_next_morning=False)
    made = replace(dossier(story.add(activities=(walk,))), now=at(1, 3))
    told = [row for row in read(made).rows if row[1:2] == ["brisk walking, 30 min"]]
    assert [row[2] for row in told] == ["You're ready for stage 1."]
