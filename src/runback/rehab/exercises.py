"""What goes beside the running: core exercises, stretches, and posture cues.

Rules:
- The exercises are those that the physiotherapist's article and its readers name [V]; nothing is added. What pain to
  stop at is this project's [D].

Source: training.md "Origin".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

STOP_AT = "Stop an exercise that hurts more than 2 out of 10, or that sends anything down a leg."


class Group(Enum):
    """What an exercise is for."""

    CORE = "core"
    STRETCH = "stretch"


@dataclass(frozen=True, slots=True)
class Exercise:
    """One line of the checklist. `id` is what a record keeps."""

    id: str
    group: Group
    name: str
    how: str


CHECKLIST = (
    Exercise(
        "prone-lifts",
        Group.CORE,
        "Opposite arm and leg lifts, lying face down",
        "Lift one arm and the leg of the other side a little, hold for ten slow counts, lower, change sides.",
    ),
    Exercise(
        "all-fours-ball",
        Group.CORE,
        "All fours with a tennis ball on the back",
        "Rest a tennis ball on your lower back and keep it there while you move an arm or a leg slowly.",
    ),
    Exercise("glutes", Group.STRETCH, "Stretch the glutes", "Slowly, both sides, without bouncing."),
    Exercise("hamstrings", Group.STRETCH, "Stretch the hamstrings", "Slowly, both sides, without bouncing."),
    Exercise("piriformis", Group.STRETCH, "Stretch the piriformis", "Slowly, both sides, without bouncing."),
)
POSTURE = (
    "Stay tall",
    "Do not lean forward",
    "Shoulder blades down",
    "Belly button in",
)
"""Short enough to be spoken: in walks and early in runs, sparingly."""
BEFORE_THE_FIRST_RUN = "Check your shoes: worn ones are worth replacing before you begin."
