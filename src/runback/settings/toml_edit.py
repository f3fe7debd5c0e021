"""The settings' file as text: one setting written into it or taken out, and a whole one as an example.

Rules:
- Whatever else the file holds stays as it is: comments, order, blank lines.
"""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterator, MutableMapping

import tomlkit

from runback.settings.model import Settings
from runback.settings.registry import Setting, every, sections

HEAD = """\
# The settings of runback. Every line is the default: take its "#" away and change it, or say
# `runback config NAME VALUE`. `runback config` shows what is in force, and where it comes from.
"""
WIDTH = 96


def with_setting(text: str, setting: Setting, value: object) -> str:
    """`text` with `value`, as the file has it, for `setting`. `text` is TOML."""
    document = tomlkit.parse(text)
    if setting.section:
        table = document.get(setting.section)
        if not isinstance(table, MutableMapping):
            table = tomlkit.table()
            document[setting.section] = table
        table[setting.key] = value
    elif setting.key in document:
        document[setting.key] = value
    else:
        return _put_above_the_tables(text, setting.key, value)
    return tomlkit.dumps(document)


def without(text: str, name: str) -> str | None:
    """`text` without the setting called `name`, known or not; None if it has none of that name."""
    document = tomlkit.parse(text)
    section, _, key = name.rpartition(".")
    table = document.get(section) if section else document
    if not isinstance(table, MutableMapping) or key not in table:
        return None
    del table[key]
    if section and not table:
        del document[section]
    return tomlkit.dumps(document)


def example() -> str:
    """A whole file: every setting with its meaning and its default, all of it commented out."""
    return HEAD + "\n" + "\n".join(_lines())


def toml(value: object) -> str:
    """`value` as TOML; a setting without one is empty text."""
    return tomlkit.item("" if value is None else value).as_string()


def _lines() -> Iterator[str]:
    defaults, section = Settings(), ""
    for setting in every():
        if setting.section != section:
            section = setting.section
            yield from _comment(sections()[section].description or _about(section))
            yield f"[{section}]"
            yield ""
        yield from _comment(setting.meaning)
        yield f"#{setting.key} = {toml(setting.write(setting.value(defaults)))}"
        yield ""


def _about(section: str) -> str:
    table = sections()[section].annotation
    return " ".join((table.__doc__ or "").split()) if table is not None else ""


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _put_above_the_tables(text: str, key: str, value: object) -> str:
    """A new key of no table stands below the last of its kind, or at the top: not behind a comment about a table."""
    plain = {name for name, item in tomllib.loads(text).items() if not isinstance(item, dict)}
    lines = text.splitlines(keepends=True)
    until = next(count for count in range(len(lines) + 1) if plain <= _keys(lines[:count]))
    above = "".join(lines[:until])
    line = f"{key} = {toml(value)}\n"
    return above + ("" if not above or above.endswith("\n") else "\n") + line + "".join(lines[until:])


def _keys(lines: list[str]) -> set[str]:
    """The keys of no table in the first lines of a file; none if they end in the middle of a value."""
    try:
        return set(tomllib.loads("".join(lines)))
    except tomllib.TOMLDecodeError:
        return set()
