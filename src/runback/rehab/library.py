"""The plans that come with runback, one file each.

Rules:
- A plan's name is its file's name. Nothing is read before a plan is asked for.
"""

from __future__ import annotations

import tomllib
from importlib import resources

from runback.config_files.error_text import nearest, printable, quoted
from runback.errors import PlanError
from runback.rehab.plan import Plan

_ENDING = ".toml"
DEFAULT = "return-to-running"


def names() -> tuple[str, ...]:
    """Names of the plans: `return-to-running` first, then the published ones by name."""
    folder = resources.files("runback.rehab") / "plans"
    found = [file.name.removesuffix(_ENDING) for file in folder.iterdir() if file.name.endswith(_ENDING)]
    return tuple(sorted(found, key=lambda name: (name != DEFAULT, name)))


def load(name: str) -> Plan:
    """The plan called `name`. Raises PlanError if there is none."""
    known = names()
    if name not in known:
        near = nearest(name, known)
        hint = f"did you mean {near}?" if near else f"the plans are {', '.join(known)}"
        raise PlanError(f"plan {quoted(name)}", "it does not exist", hint)
    text = (resources.files("runback.rehab") / "plans" / (name + _ENDING)).read_text("utf-8")
    return loads(text, f"plan {name}")


def loads(text: str, where: str) -> Plan:
    """The plan that the TOML `text` describes. Raises PlanError naming `where`."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError
        raise PlanError(where, f"broken TOML: {printable(str(error), 150)}", "correct that line") from error
    from runback.rehab.schema import plan_from

    return plan_from(data, where)
