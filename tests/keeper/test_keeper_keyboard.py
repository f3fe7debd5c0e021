"""What a terminal sends, told apart: keys, reports, pastes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.keeper.keyboard import ESC_WAIT, PASTE_LIMIT, PASTE_WAIT, SEQUENCE_LIMIT, Keyboard, Sort, Token, name_of

KEYS = {
    "a letter": b"z",
    "space": b" ",
    "ctrl-c": b"\x03",
    "ctrl-z": b"\x1a",
    "up": b"\x1b[A",
    "up in application mode": b"\x1bOA",
    "f1": b"\x1bOP",
    "f5": b"\x1b[15~",
    "f1 of the Linux console": b"\x1b[[A",
    "shift-up": b"\x1b[1;2A",
    "alt-x": b"\x1bx",
    "a letter of two octets": "é".encode(),
    "an emoji": "🛑".encode(),
    "space of the kitty protocol": b"\x1b[32;;32u",
    "escape of the kitty protocol": b"\x1b[27u",
    "shift-tab": b"\x1b[Z",
    "delete": b"\x7f",
    "an octet that is no text": b"\xff",
}
REPORTS = {
    "a mouse press": b"\x1b[<0;10;20M",
    "a mouse release": b"\x1b[<0;10;20m",
    "a wheel": b"\x1b[<64;1;1M",
    "a mouse press of the old kind": b"\x1b[M !!",
    "focus gained": b"\x1b[I",
    "focus lost": b"\x1b[O",
    "cursor position": b"\x1b[12;40R",
    "device attributes": b"\x1b[?62;4c",
    "mode report": b"\x1b[?2026;2$y",
    "size in band": b"\x1b[48;24;80;480;1600t",
    "kitty flags": b"\x1b[?0u",
    "a key let go": b"\x1b[32;1:3u",
    "a colour": b"\x1b]11;rgb:0000/0000/0000\x07",
    "a colour, ended by ST": b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    "a terminal's name": b"\x1bP>|tmux 3.3a\x1b\\",
}


@pytest.mark.parametrize("octets", KEYS.values(), ids=KEYS.keys())
def test_a_whole_key_comes_out_at_once(octets: bytes) -> None:
    assert Keyboard().feed(octets, 0.0) == [Token(Sort.KEY, octets)]


@pytest.mark.parametrize("octets", REPORTS.values(), ids=REPORTS.keys())
def test_what_the_terminal_says_by_itself_is_no_key(octets: bytes) -> None:
    assert Keyboard().feed(octets, 0.0) == [Token(Sort.REPORT, octets)]


def test_a_lone_escape_is_a_key_after_its_wait_and_not_before() -> None:
    keyboard = Keyboard()
    assert keyboard.feed(b"\x1b", 1.0) == []
    at = keyboard.deadline()
    assert at == 1.0 + ESC_WAIT
    assert keyboard.expire(at - 0.001) == []
    assert keyboard.expire(at) == [Token(Sort.KEY, b"\x1b")]
    assert keyboard.deadline() is None


def test_a_sequence_in_two_reads_is_one_key() -> None:
    keyboard = Keyboard()
    assert keyboard.feed(b"\x1b[", 0.0) == []
    assert keyboard.feed(b"A", ESC_WAIT / 2) == [Token(Sort.KEY, b"\x1b[A")]


def test_a_trickle_does_not_put_the_wait_off_for_ever() -> None:
    keyboard = Keyboard()
    keyboard.feed(b"\x1b[", 0.0)
    keyboard.feed(b"1", ESC_WAIT * 0.9)
    assert keyboard.expire(ESC_WAIT) == [Token(Sort.KEY, b"\x1b[1")]


def test_escape_twice_is_a_key_at_once() -> None:
    assert Keyboard().feed(b"\x1b\x1b", 0.0) == [Token(Sort.KEY, b"\x1b")]


def test_a_paste_is_no_key_however_it_is_cut() -> None:
    keyboard = Keyboard()
    assert keyboard.feed(b"\x1b[200~q q", 0.0) == []
    assert keyboard.feed(b" q\x1b[201~z", 0.1) == [Token(Sort.PASTE, b"\x1b[200~q q q\x1b[201~"), Token(Sort.KEY, b"z")]


def test_a_paste_whose_end_was_lost_swallows_no_later_key() -> None:
    keyboard = Keyboard()
    keyboard.feed(b"\x1b[200~abc", 0.0)
    tokens = keyboard.feed(b" ", PASTE_WAIT)
    assert tokens == [Token(Sort.PASTE, b"\x1b[200~abc"), Token(Sort.KEY, b" ")]


def test_an_endless_paste_and_an_endless_string_are_bounded() -> None:
    (paste,) = Keyboard().feed(b"\x1b[200~" + b"x" * PASTE_LIMIT, 0.0)
    assert paste.sort is Sort.PASTE
    (string,) = Keyboard().feed(b"\x1b]" + b"x" * SEQUENCE_LIMIT, 0.0)
    assert string.sort is Sort.KEY
    (sequence,) = Keyboard().feed(b"\x1b[" + b"1" * SEQUENCE_LIMIT, 0.0)
    assert sequence.sort is Sort.KEY


def test_a_broken_sequence_gives_back_the_key_behind_it() -> None:
    assert Keyboard().feed(b"\x1b[1\x03", 0.0) == [Token(Sort.KEY, b"\x1b[1"), Token(Sort.KEY, b"\x03")]


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (b"\r", "enter"),
        (b"Z", "z"),
        (b"5", "5"),
        (b" ", "space"),
        (b"\x1b", "escape"),
        (b"\x1b[32;;32u", "space"),
        (b"\x1b[27u", "escape"),
        (b"\x1b[13;1u", "enter"),
        (b"\x1b[112;5u", "1b5b3131323b3575"),
        (b"\x1bOP", "f1"),
        (b"\x1b[11~", "f1"),
        ("é".encode(), "c3a9"),
    ],
)
def test_keys_have_the_screens_names(octets: bytes, name: str) -> None:
    assert name_of(octets) == name


@given(st.lists(st.one_of(st.binary(max_size=12), st.sampled_from([*KEYS.values(), *REPORTS.values()])), max_size=12))
def test_no_octet_is_lost_doubled_or_moved(pieces: list[bytes]) -> None:
    keyboard, now, out = Keyboard(), 0.0, b""
    for piece in pieces:
        now += 0.01
        out += b"".join(token.octets for token in keyboard.feed(piece, now))
    out += b"".join(token.octets for token in keyboard.expire(now + 1.0))
    assert out == b"".join(pieces)


@given(st.binary(max_size=40))
def test_after_a_pause_every_key_is_seen(before: bytes) -> None:
    keyboard = Keyboard()
    keyboard.feed(before, 0.0)
    assert keyboard.feed(b" ", 1.0)[-1] == Token(Sort.KEY, b" ")
