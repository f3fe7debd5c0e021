"""Keys as people write them in the settings, and as the program calls them.

Rules:
- Only keys that the engine and the screen both know by one name can be given to a control; all others stop the belt.
- The keys of `FIXED` cannot be given away, and no key does two things.
"""

from __future__ import annotations

from collections.abc import Mapping

from runback.key_bindings import DEFAULT_KEYMAP, FIXED, KEY_NAMES, REMAPPABLE

_BY_SIGN = {sign.lower(): key for key, sign in KEY_NAMES.items()} | {
    "esc": "escape",
    " ": "space",
    "ctrl-c": "ctrl+c",
    "ctrl-p": "ctrl+p",
    "−": "minus",
}
USABLE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789") | frozenset(KEY_NAMES)
"""Names of the keys that a control may be on, `FIXED` ones aside."""
HOW = "write a letter, a digit, one of + - = [ ] ?, or up, down, left, right, f1"
_WHATS = {what.name.lower(): what for what in REMAPPABLE}


def keys_of(action: str) -> tuple[str, ...]:
    """The usual keys of an action."""
    return DEFAULT_KEYMAP.keys(_WHATS[action])


def read_keys(value: object) -> tuple[str, ...]:
    """Names of the keys in one text, or a list of them. Raises ValueError."""
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list | tuple) or not written:
        raise ValueError(f"these are not keys; {HOW}")
    return tuple(dict.fromkeys(_read(each) for each in written))


def _read(written: object) -> str:
    if not isinstance(written, str):
        raise ValueError(f"a key is written in quotes; {HOW}")
    text = written if written == " " else written.strip().lower()
    key = _BY_SIGN.get(text, text)
    if key in FIXED:
        raise ValueError(f"the key {text!r} is fixed; choose another one")
    if key not in USABLE:
        raise ValueError(f"the key {text[:20]!r} cannot be used; {HOW}")
    return key


def write_key(key: str) -> str:
    """How a key is written in the file."""
    sign = KEY_NAMES.get(key, key)
    return sign if len(sign) == 1 and sign.isascii() else key


def clash(table: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """A key that two of the actions have: the key, and both."""
    taken: dict[str, str] = {}
    for action, keys in table.items():
        for key in keys:
            if key in taken:
                return key, taken[key], action
            taken[key] = action
    return None
