"""The manual: one Markdown file for each topic, shipped with the program and read with `runback guide TOPIC`.

Rules:
- A topic is a file `<topic>.md`; its first line is `# Title`, its second paragraph says in one sentence what it is for.
- The files are data of the package: nothing here imports anything of runback.
"""

from __future__ import annotations

from importlib.resources import files

TOPICS = (
    "start",
    "treadmills",
    "commissioning",
    "workouts",
    "session",
    "plan",
    "records",
    "settings",
    "terminals",
    "exit-codes",
    "safety",
    "faults",
    "architecture",
    "contributing",
)
"""In the order in which a new user needs them."""


def text(topic: str) -> str:
    """The Markdown of `topic`. Raises KeyError if there is no such topic."""
    if topic not in TOPICS:
        raise KeyError(topic)
    return files(__name__).joinpath(f"{topic}.md").read_text(encoding="utf-8")


def title(topic: str) -> str:
    """The topic's title. Raises KeyError if there is no such topic."""
    return text(topic).partition("\n")[0].removeprefix("# ")
