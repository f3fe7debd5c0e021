"""What a terminal sends, cut into keys, reports and pastes. Sans-IO; time is an argument.

Rules:
- A key is a key only when it is whole. A lone Esc is told from the beginning of a sequence by `ESC_WAIT`; whatever has
  begun and not ended by then is a key as well, an unknown one: unknown keys stop the belt.
- What the terminal says by itself (mouse, focus, size, its answers to questions) is never a key.
- A paste is never a key, but it ends `PASTE_WAIT` after it began to be silent or `PASTE_LIMIT` bytes on: a lost
  terminator must not swallow a Stop (latency.md, traps).
- Nothing is dropped: every byte comes out again in exactly one token, in order.

Sources: ECMA-48 5.4 (CSI), 5.6 (strings), xterm's control sequences (mouse, focus, bracketed paste), the kitty keyboard
protocol (CSI u).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

ESC_WAIT = 0.03
"""Seconds. The bytes of one key come in one read; a tired SSH link splits them by a few milliseconds."""
PASTE_WAIT = 0.3
PASTE_LIMIT = 1 << 16
SEQUENCE_LIMIT = 4096
"""Bytes of a string the terminal sends (its answers are shorter) before it is taken for keys."""

ESC = 0x1B
BEL = 0x07
PASTE_BEGIN = b"\x1b[200~"
PASTE_END = b"\x1b[201~"
_STRINGS = b"]PX^_"
"""ESC and one of these begin OSC, DCS, SOS, PM, APC, which end with BEL or ESC \\."""
_ANSWERS = b"cnRyt"
"""Final bytes of what a terminal answers: attributes, status, cursor position, modes, window size."""


class TokenKind(Enum):
    """What a token is."""

    KEY = "key"
    REPORT = "report"
    PASTE = "paste"


@dataclass(frozen=True, slots=True)
class Token:
    """Bytes that belong together."""

    sort: TokenKind
    octets: bytes


class KeyParser:
    """Cuts a terminal's bytes into tokens."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._since: float | None = None

    def is_key(self, data: bytes) -> bool:
        """Whether `data` is one whole key by itself, as nearly every key is: it needs no `feed`."""
        return len(data) == 1 and ESC != data[0] < 0x80 and self._since is None

    def feed(self, data: bytes, now: float) -> list[Token]:
        """The tokens that `data`, which arrived at `now`, completes."""
        tokens = self.expire(now)
        self._held += data
        while self._held:
            token = self._next()
            if token is None:
                whole = tokens or self._since is None
                if whole or self._held.startswith(PASTE_BEGIN):
                    self._since = now
                return tokens
            del self._held[: len(token.octets)]
            tokens.append(token)
        self._since = None
        return tokens

    def expire(self, now: float) -> list[Token]:
        """What has waited too long for its end comes out as it is."""
        at = self.deadline()
        if at is None or now < at:
            return []
        octets = bytes(self._held)
        self._held.clear()
        self._since = None
        return [Token(TokenKind.PASTE if octets.startswith(PASTE_BEGIN) else TokenKind.KEY, octets)]

    def deadline(self) -> float | None:
        """When `expire` will have something to give."""
        if self._since is None:
            return None
        return self._since + (PASTE_WAIT if self._held.startswith(PASTE_BEGIN) else ESC_WAIT)

    def _next(self) -> Token | None:
        held = self._held
        if held[0] != ESC:
            length = _character_length(held)
            return None if length is None else Token(TokenKind.KEY, bytes(held[:length]))
        if len(held) == 1:
            return None
        if held.startswith(PASTE_BEGIN):
            return self._paste()
        match held[1]:
            case 0x5B:  # [
                return self._control_sequence()
            case 0x4F:  # O
                return None if len(held) < 3 else Token(TokenKind.KEY, bytes(held[:3]))
            case introducer if introducer in _STRINGS:
                return self._string()
            case 0x1B:
                return Token(TokenKind.KEY, bytes(held[:1]))
            case _:  # Alt and a key
                length = _character_length(held[1:])
                return None if length is None else Token(TokenKind.KEY, bytes(held[: 1 + length]))

    def _control_sequence(self) -> Token | None:
        held = self._held
        if held[2:3] == b"M":  # a mouse report of the old kind: three bytes of anything
            return None if len(held) < 6 else Token(TokenKind.REPORT, bytes(held[:6]))
        if held[2:3] == b"[":  # a function key of the Linux console
            return None if len(held) < 4 else Token(TokenKind.KEY, bytes(held[:4]))
        for index in range(2, len(held)):
            octet = held[index]
            if 0x40 <= octet <= 0x7E:
                octets = bytes(held[: index + 1])
                return Token(TokenKind.REPORT if _is_report(octets) else TokenKind.KEY, octets)
            if not 0x20 <= octet <= 0x3F:  # broken off: what came is no sequence
                return Token(TokenKind.KEY, bytes(held[:index]))
        return Token(TokenKind.KEY, bytes(held)) if len(held) > SEQUENCE_LIMIT else None

    def _string(self) -> Token | None:
        held = self._held
        for index in range(2, len(held)):
            if held[index] == BEL:
                return Token(TokenKind.REPORT, bytes(held[: index + 1]))
            if held[index - 1] == ESC and held[index] == 0x5C:
                return Token(TokenKind.REPORT, bytes(held[: index + 1]))
        return Token(TokenKind.KEY, bytes(held)) if len(held) > SEQUENCE_LIMIT else None

    def _paste(self) -> Token | None:
        end = self._held.find(PASTE_END)
        if end >= 0:
            return Token(TokenKind.PASTE, bytes(self._held[: end + len(PASTE_END)]))
        return Token(TokenKind.PASTE, bytes(self._held)) if len(self._held) > PASTE_LIMIT else None


def _is_report(sequence: bytes) -> bool:
    """Whether a whole control sequence is the terminal's own word."""
    body, final = sequence[2:-1], sequence[-1:]
    if body.startswith(b"<"):
        return final in (b"M", b"m")
    if body.startswith(b"?"):
        return True
    if final in (b"I", b"O") and not body:
        return True
    if final == b"u":
        return body.endswith(b":3") or b":3;" in body  # kitty: a key let go
    return bool(body) and final in [_ANSWERS[i : i + 1] for i in range(len(_ANSWERS))]


def _character_length(octets: bytearray | bytes) -> int | None:
    """Bytes of the UTF-8 character that begins here; 1 for what is none; None if it has not come whole."""
    first = octets[0]
    length = 1 if first < 0xC2 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4 if first < 0xF5 else 1
    for index in range(1, length):
        if index >= len(octets):
            return None
        if octets[index] & 0xC0 != 0x80:
            return 1
    return length


_NAMES: dict[bytes, str] = {
    **{bytes([code]): chr(code).lower() for code in range(0x80) if chr(code).isalnum()},
    b"\r": "enter",
    b"\n": "enter",
    b"\x1bOM": "enter",  # the keypad's
    b"+": "plus",
    b"=": "equals_sign",
    b"-": "minus",
    b"]": "right_square_bracket",
    b"[": "left_square_bracket",
    b"?": "question_mark",
    b" ": "space",
    b"\x1b": "escape",
    b"\x03": "ctrl+c",
    b"\x10": "ctrl+p",
    b"\x1b[A": "up",
    b"\x1b[B": "down",
    b"\x1b[C": "right",
    b"\x1b[D": "left",
    b"\x1bOA": "up",
    b"\x1bOB": "down",
    b"\x1bOC": "right",
    b"\x1bOD": "left",
    b"\x1bOP": "f1",
    b"\x1b[11~": "f1",
    b"\x1b[[A": "f1",
}


def key_name(key: bytes) -> str:
    """The key's name as the screen has it (Textual's); the bytes in hexadecimal if it has no name here."""
    if (name := _NAMES.get(key)) is not None:
        return name
    if key.startswith(b"\x1b[") and key.endswith(b"u"):  # kitty: CSI code[:…][;modifiers[:event][;text]] u
        code, _, rest = key[2:-1].partition(b";")
        modifiers = rest.partition(b";")[0].partition(b":")[0]
        number = code.partition(b":")[0]
        if number.isdigit() and modifiers in (b"", b"1") and int(number) < 0x80:
            return key_name(bytes([int(number)]))
        return key.hex()
    return key.hex()
