"""What a terminal sends, told apart: keys, reports, pastes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.terminal.key_parser import (
    ESC_WAIT,
    PASTE_LIMIT,
    PASTE_WAIT,
    SEQUENCE_LIMIT,
    KeyParser,
    Token,
    TokenKind,
    key_name,
)

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
    "shift-up of rxvt": b"\x1b[a",
    "insert of a console": b"\x1b[2@",
    "a sequence with a space in it": b"\x1b[0 q",
    "f3 without a number": b"\x1b[R",
    "a tabulator with a number": b"\x1b[1I",
    "a sequence like a mouse's that is none": b"\x1b[<1A",
    "alt and a letter of two octets": b"\x1b\xc3\xa9",
    **{f"U+{code:04X}": chr(code).encode() for code in (0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF)},
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
    "a string of nothing": b"\x1b]\x07",
    "a string of nothing, ended by ST": b"\x1b]\x1b\\",
    "a string with what might end it but does not": b"\x1b]0;a\\b\x01\\c\x1b]d\x1b[e\x07",
    "a key let go that prints": b"\x1b[97;1:3;97u",
    "mode report of the old kind": b"\x1b[12;2$y",
}
EVERYTHING = [(TokenKind.KEY, octets) for octets in KEYS.values()] + [
    (TokenKind.REPORT, octets) for octets in REPORTS.values()
]


@pytest.mark.parametrize("octets", KEYS.values(), ids=KEYS.keys())
def test_a_whole_key_comes_out_at_once(octets: bytes) -> None:
    assert KeyParser().feed(octets, 0.0) == [Token(TokenKind.KEY, octets)]


@pytest.mark.parametrize("octets", REPORTS.values(), ids=REPORTS.keys())
def test_what_the_terminal_says_by_itself_is_no_key(octets: bytes) -> None:
    assert KeyParser().feed(octets, 0.0) == [Token(TokenKind.REPORT, octets)]


@pytest.mark.parametrize(("sort", "octets"), EVERYTHING, ids=[*KEYS, *REPORTS])
def test_it_is_the_same_however_it_is_cut_and_whatever_follows(sort: TokenKind, octets: bytes) -> None:
    for cut in range(len(octets)):
        keyboard = KeyParser()
        assert keyboard.feed(octets[:cut], 0.0) == []
        assert keyboard.feed(octets[cut:] + b"z", 0.01) == [Token(sort, octets), Token(TokenKind.KEY, b"z")]
        assert keyboard.deadline() is None


@pytest.mark.parametrize(
    "octets", [b"\xc1\x80", b"\xc3 ", b"\xe2\x82 ", b"\xf5\x80\x80\x80", b"\xf0\x90\x80 "], ids=bytes.hex
)
def test_octets_that_are_no_character_are_a_key_each(octets: bytes) -> None:
    assert KeyParser().feed(octets, 0.0) == [Token(TokenKind.KEY, bytes([octet])) for octet in octets]


def test_a_lone_escape_is_a_key_after_its_wait_and_not_before() -> None:
    keyboard = KeyParser()
    assert keyboard.feed(b"\x1b", 1.0) == []
    at = keyboard.deadline()
    assert at == 1.0 + ESC_WAIT
    assert keyboard.expire(at - 0.001) == []
    assert keyboard.expire(at) == [Token(TokenKind.KEY, b"\x1b")]
    assert keyboard.deadline() is None


def test_a_sequence_in_two_reads_is_one_key() -> None:
    keyboard = KeyParser()
    assert keyboard.feed(b"\x1b[", 0.0) == []
    assert keyboard.feed(b"A", ESC_WAIT / 2) == [Token(TokenKind.KEY, b"\x1b[A")]


def test_a_trickle_does_not_put_the_wait_off_for_ever() -> None:
    keyboard = KeyParser()
    keyboard.feed(b"\x1b[", 0.0)
    keyboard.feed(b"1", ESC_WAIT * 0.9)
    assert keyboard.expire(ESC_WAIT) == [Token(TokenKind.KEY, b"\x1b[1")]


def test_the_wait_runs_from_where_the_unfinished_began() -> None:
    keyboard = KeyParser()
    keyboard.feed(b"\x1b[", 0.0)
    assert keyboard.feed(b"A\x1b", 0.02) == [Token(TokenKind.KEY, b"\x1b[A")]
    assert keyboard.deadline() == 0.02 + ESC_WAIT


def test_a_paste_has_ended_when_it_has_been_silent_for_its_wait() -> None:
    keyboard = KeyParser()
    keyboard.feed(b"\x1b[200~a", 0.0)
    assert (keyboard.deadline(), PASTE_WAIT) == (0.3, 0.3)
    keyboard.feed(b"b", 0.2)
    assert keyboard.deadline() == 0.2 + PASTE_WAIT


def test_two_pastes_are_two() -> None:
    paste = b"\x1b[200~a\x1b[201~"
    assert KeyParser().feed(paste * 2, 0.0) == [Token(TokenKind.PASTE, paste)] * 2


@pytest.mark.parametrize(
    ("begin", "limit", "sort"),
    [(b"\x1b[200~", 65536, TokenKind.PASTE), (b"\x1b]", 4096, TokenKind.KEY), (b"\x1b[", 4096, TokenKind.KEY)],
)
def test_what_does_not_end_is_let_go_of_one_octet_beyond_its_limit(begin: bytes, limit: int, sort: TokenKind) -> None:
    keyboard = KeyParser()
    whole = begin + b"1" * (limit - len(begin))
    assert keyboard.feed(whole, 0.0) == []
    assert keyboard.feed(b"1", 0.0) == [Token(sort, whole + b"1")]


def test_escape_twice_is_a_key_at_once() -> None:
    assert KeyParser().feed(b"\x1b\x1b", 0.0) == [Token(TokenKind.KEY, b"\x1b")]


def test_a_paste_is_no_key_however_it_is_cut() -> None:
    keyboard = KeyParser()
    assert keyboard.feed(b"\x1b[200~q q", 0.0) == []
    assert keyboard.feed(b" q\x1b[201~z", 0.1) == [
        Token(TokenKind.PASTE, b"\x1b[200~q q q\x1b[201~"),
        Token(TokenKind.KEY, b"z"),
    ]


def test_a_paste_whose_end_was_lost_swallows_no_later_key() -> None:
    keyboard = KeyParser()
    keyboard.feed(b"\x1b[200~abc", 0.0)
    tokens = keyboard.feed(b" ", PASTE_WAIT)
    assert tokens == [Token(TokenKind.PASTE, b"\x1b[200~abc"), Token(TokenKind.KEY, b" ")]


def test_an_endless_paste_and_an_endless_string_are_bounded() -> None:
    (paste,) = KeyParser().feed(b"\x1b[200~" + b"x" * PASTE_LIMIT, 0.0)
    assert paste.sort is TokenKind.PASTE
    (string,) = KeyParser().feed(b"\x1b]" + b"x" * SEQUENCE_LIMIT, 0.0)
    assert string.sort is TokenKind.KEY
    (sequence,) = KeyParser().feed(b"\x1b[" + b"1" * SEQUENCE_LIMIT, 0.0)
    assert sequence.sort is TokenKind.KEY


@pytest.mark.parametrize("key", [b"\x03", b"\x1f", b"\x7f"], ids=bytes.hex)
def test_a_broken_sequence_gives_back_the_key_behind_it(key: bytes) -> None:
    assert KeyParser().feed(b"\x1b[1" + key, 0.0) == [Token(TokenKind.KEY, b"\x1b[1"), Token(TokenKind.KEY, key)]


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (b"\r", "enter"),
        (b"\n", "enter"),
        (b"\x1bOM", "enter"),
        (b"+", "plus"),
        (b"=", "equals_sign"),
        (b"-", "minus"),
        (b"]", "right_square_bracket"),
        (b"[", "left_square_bracket"),
        (b"?", "question_mark"),
        (b"\x03", "ctrl+c"),
        (b"\x10", "ctrl+p"),
        (b"\x1b[A", "up"),
        (b"\x1b[B", "down"),
        (b"\x1b[C", "right"),
        (b"\x1b[D", "left"),
        (b"\x1bOA", "up"),
        (b"\x1bOB", "down"),
        (b"\x1bOC", "right"),
        (b"\x1bOD", "left"),
        (b"\x1b[[A", "f1"),
        (b"u", "u"),
        (b"ab", "6162"),
        (b"\x7f", "7f"),
        (b"\xff", "ff"),
        (b"\x1b[u", "1b5b75"),
        (b"\x1b[97:65u", "a"),
        (b"\x1b[127u", "7f"),
        (b"\x1b[128u", "1b5b31323875"),
        (b"\x1b[57399u", "1b5b353733393975"),  # a key of the number pad
        (b"\x1b[32;1:1u", "space"),
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
    assert key_name(octets) == name


@given(st.lists(st.one_of(st.binary(max_size=12), st.sampled_from([*KEYS.values(), *REPORTS.values()])), max_size=12))
def test_no_octet_is_lost_doubled_or_moved(pieces: list[bytes]) -> None:
    keyboard, now, out = KeyParser(), 0.0, b""
    for piece in pieces:
        now += 0.01
        out += b"".join(token.octets for token in keyboard.feed(piece, now))
    out += b"".join(token.octets for token in keyboard.expire(now + 1.0))
    assert out == b"".join(pieces)


@given(st.binary(max_size=40))
def test_after_a_pause_every_key_is_seen(before: bytes) -> None:
    keyboard = KeyParser()
    keyboard.feed(before, 0.0)
    assert keyboard.feed(b" ", 1.0)[-1] == Token(TokenKind.KEY, b" ")
