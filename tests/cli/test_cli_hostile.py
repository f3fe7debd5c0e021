"""Foreign text that is no name from the air: notes, clinicians, files, as the program shows it. Issue 11, point 16."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.bluez.hostile import FAKED, NAMES, harmful
from tests.support.cli.person import Person

EVIL = f"Dr X\x1b[2J\x9b8m\r\n{FAKED}\u2028\u202eterces\u202c\u200b"
ZWO = """<workout_file><name>Run &#x202e;&#x85;</name><description>Easy&#x200b; &#x9b;2J</description>
<sportType>run</sportType><durationType>time</durationType>
<workout><SteadyState Duration="300" Power="0.8" pace="0"><textevent timeoffset="0" message="go &#x202e;og"/>
</SteadyState></workout></workout_file>"""
ICU = "Main\u202e set\n- go\u200b \u202eog 5m 6:00/km Pace\n"


def honest(text: str) -> bool:
    """Whether `text` holds nothing that a terminal obeys, and no line that only this program may write."""
    return harmful(text) == [] and not any(line.startswith(FAKED) for line in text.split("\n"))


@pytest.mark.full
def test_a_clinicians_name_and_notes_are_shown_on_their_own_line(ready: Person) -> None:
    told = [ready.does("plan", "clear", "--clinician", EVIL, "--what", "pain", "--note", EVIL)]
    told.append(ready.does("checkin", "48h", "--pain", "1", "--note", EVIL))
    told.append(ready.does("log", "cycling", "40", "--pain", "1", "--note", EVIL))
    told += [ready.does("plan"), ready.does("history", "--all"), ready.does("history", "--all", "--json")]
    for each in told:
        assert honest(each), ascii(each)
    assert EVIL in [row["words"] for row in ready.records()]  # kept to the last character


@pytest.mark.full
def test_the_reason_of_an_override_is_part_of_one_printable_sentence(ready: Person) -> None:
    ready.runs(1, 0, 1, 1)
    went = ready.does("plan", "override", "--because", EVIL)
    told = [went, ready.does("plan"), ready.does("history"), ready.does("plan", "--json")]
    assert "you go ahead all the same" in went
    for each in told:
        assert honest(each), ascii(each)


@pytest.mark.full
def test_the_clinicians_page_holds_no_hidden_character(ready: Person, tmp_path: Path) -> None:
    ready.does("plan", "clear", "--clinician", EVIL, "--what", "pain", "--note", EVIL)
    page = tmp_path / "page.html"
    ready.does("report", "-o", str(page))
    told = page.read_text("utf-8")
    assert "Dr X" in told
    assert harmful(told) == []


@pytest.mark.full
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["lines", "json"])
def test_files_with_hostile_names_are_listed_printable(person: Person, options: tuple[str, ...]) -> None:
    own = person.home / "config" / "runback"
    for folder in ("workouts", "devices"):
        (own / folder).mkdir(parents=True)
        for name in NAMES.values():
            (own / folder / f"{name}.toml").write_text('[[step]]\nkind = "run"\nduration = "1m"\nspeed = 7\n')
    for command in ("workouts", "treadmills"):
        told = person.does(command, *options)
        assert honest(told), ascii(told)
        assert sum("Mill" in line or "Mi" in line for line in told.splitlines()) >= len(NAMES)


@pytest.mark.full
def test_a_foreign_workouts_title_and_texts_are_previewed_and_written_printable(person: Person) -> None:
    for file, content in (("zwift.zwo", ZWO), (f"{NAMES['ESC'].replace('/', '')}.zwo", ZWO), ("icu.txt", ICU)):
        path = person.home / file
        path.write_text(content, encoding="utf-8")
        for options in ((), ("--json",)):
            done = person.types("import", str(path), "--pace", "6:00/km", "--cap", "12", *options)
            assert done.returncode == 2, done  # nothing is written without a yes
            assert honest(done.stdout + done.stderr), ascii(done.stdout)
    written = json.loads(person.does("import", str(person.home / "icu.txt"), "--yes", "--json"))
    assert honest(person.does("workouts"))
    assert harmful(Path(written["written"]).read_text("utf-8")) == []


@pytest.mark.full
def test_whatever_is_typed_is_refused_in_one_printable_line(person: Person) -> None:
    for arguments in (
        ("run", EVIL),
        ("run", f"./{EVIL}.toml"),
        ("run", "1m walk 3", "--strap", "x", "--treadmill", f"sim:{EVIL}"),
        ("plan", "start", EVIL),
        ("config", EVIL, "1"),
        ("config", "theme", EVIL),
        (f"--{EVIL}",),
        ("history", EVIL),
        ("export", EVIL, "--fit"),
    ):
        assert honest(person.fails(*arguments)), arguments


@pytest.mark.full
def test_a_setting_is_shown_printable(person: Person) -> None:
    folder = person.home / "config" / "runback"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"strap = {json.dumps(EVIL)}\n", encoding="utf-8")
    for options in ((), ("strap",), ("--json",)):
        told = person.types("config", *options)
        assert honest(told.stdout + told.stderr), ascii(told.stdout + told.stderr)
