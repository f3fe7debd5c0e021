"""The words for a step's kind, as people write them."""

from __future__ import annotations

import re

from runback.config_files.error_text import nearest, quoted
from runback.errors import WorkoutError
from runback.workout.model import Kind

MEANT = {
    "jog": Kind.RUN,
    "jogging": Kind.RUN,
    "running": Kind.RUN,
    "sprint": Kind.RUN,
    "work": Kind.RUN,
    "walking": Kind.WALK,
    "rest": Kind.WALK,
    "recover": Kind.WALK,
    "recovery": Kind.WALK,
    "warm": Kind.WARM_UP,
    "cool": Kind.COOL_DOWN,
}
"""Words that are no kind here, and what their writer probably wants: offered as the hint, never taken silently."""

_WORDS = {kind.value.replace("-", ""): kind for kind in Kind}
_JOINTS = re.compile(r"[\s\-‐‑–_]+")


def kind(text: str, where: str) -> Kind:
    """The kind that `text` names: `walk`, `Run`, `warm-up`, `warmup`, `cool down`. Raises WorkoutError."""
    word = _JOINTS.sub("", text.lower()) if len(text) <= 40 else ""
    if word in _WORDS:
        return _WORDS[word]
    meant = MEANT.get(word) or nearest(text, [each.value for each in Kind])
    choices = ", ".join(each.value for each in Kind)
    hint = f"write {meant} (the kinds are {choices})" if meant else f"write one of {choices}"
    raise WorkoutError(where, f"{quoted(text)} is not a kind of step", hint)
