"""Red flags and stop signs, in plain words, and what to do about them.

Rules:
- Every sign is one yes-or-no question that a worried person can answer.
- A red flag locks the plan, whichever plan it is; the words first say what to do, then why running has to wait.
- Emergency and urgent are told apart by the table here and nowhere else.

Source: training.md "Red flags" (BMJ Best Practice, NHS lists) and "Stop the session", both [V].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum


class Urgency(Enum):
    """How soon a red flag needs help."""

    EMERGENCY = "emergency"  # now
    URGENT = "urgent"  # today


class RedFlag(StrEnum):
    """A sign that something other than sore muscles and stiff joints may be behind it."""

    SADDLE_NUMBNESS = "saddle numbness"
    BLADDER_OR_BOWEL = "bladder or bowel"
    SEXUAL_DYSFUNCTION = "sexual dysfunction"
    BOTH_LEGS = "both legs"
    CHEST_PAIN = "chest pain"
    TRAUMA = "trauma"
    LEG_WEAKNESS = "leg weakness"
    FOOT_DRAG = "foot drag"
    FEVER = "fever"
    WEIGHT_LOSS = "weight loss"
    NIGHT_OR_REST_PAIN = "night or rest pain"
    BACK_SHAPE = "back shape"

    @property
    def urgency(self) -> Urgency:
        """How soon it needs help."""
        return Urgency.EMERGENCY if self in EMERGENCIES else Urgency.URGENT

    @property
    def question(self) -> str:
        """How a person is asked for it."""
        return QUESTIONS[self]


EMERGENCIES = frozenset(
    {
        RedFlag.SADDLE_NUMBNESS,
        RedFlag.BLADDER_OR_BOWEL,
        RedFlag.SEXUAL_DYSFUNCTION,
        RedFlag.BOTH_LEGS,
        RedFlag.CHEST_PAIN,
        RedFlag.TRAUMA,
    }
)


class StopSign(StrEnum):
    """A sign, besides pain, limp and spreading leg symptoms, on which a session ends."""

    DIZZINESS = "dizziness"
    PALPITATIONS = "palpitations"
    BREATHLESSNESS = "undue breathlessness"

    @property
    def question(self) -> str:
        """How a person is asked for it."""
        return QUESTIONS[self]


QUESTIONS: dict[RedFlag | StopSign, str] = {
    RedFlag.SADDLE_NUMBNESS: "Numbness or tingling between your legs, around your genitals or your buttocks?",
    RedFlag.BLADDER_OR_BOWEL: "New trouble passing urine, or losing control of your bladder or bowels?",
    RedFlag.SEXUAL_DYSFUNCTION: "A new problem with sexual function or feeling?",
    RedFlag.BOTH_LEGS: "Pain, weakness or numbness in both legs?",
    RedFlag.CHEST_PAIN: "Pain, pressure or tightness in your chest?",
    RedFlag.TRAUMA: "Did this begin after a bad fall, a crash or another serious accident?",
    RedFlag.LEG_WEAKNESS: "New or growing weakness in one leg?",
    RedFlag.FOOT_DRAG: "Does one foot drag or slap when you walk?",
    RedFlag.FEVER: "A fever, or do you feel ill with your back pain?",
    RedFlag.WEIGHT_LOSS: "Have you lost weight without meaning to?",
    RedFlag.NIGHT_OR_REST_PAIN: "Pain that wakes you at night, or does not ease when you rest?",
    RedFlag.BACK_SHAPE: "Has the shape of your back changed?",
    StopSign.DIZZINESS: "Dizzy or faint?",
    StopSign.PALPITATIONS: "Is your heart racing, pounding or missing beats?",
    StopSign.BREATHLESSNESS: "Out of breath more than this effort explains?",
}


@dataclass(frozen=True, slots=True)
class Help:
    """What to tell a person who reported a red flag: `lines` to show, the first one largest."""

    urgency: Urgency
    lines: tuple[str, ...]


_WORDS = {
    Urgency.EMERGENCY: (
        "Get help now.",
        "Call your emergency number (112, 999, 911) or go to an emergency department. Do not wait to see if it passes.",
        "Do not drive yourself. Tell them that you have a back problem, and what you have just answered here.",
        "It may turn out to be nothing; it has to be looked at today, because some of its causes cannot wait.",
    ),
    Urgency.URGENT: (
        "Please see a doctor about this: call today.",
        "If you cannot reach one, or it gets worse, go to an urgent care service or an emergency department.",
        "Do not run until a clinician has looked at it. Most causes are harmless; this is how to be sure.",
    ),
}


def help_for(flags: Iterable[RedFlag]) -> Help:
    """The words for `flags`: those of an emergency as soon as one of them is one."""
    emergency = any(flag.urgency is Urgency.EMERGENCY for flag in flags)
    urgency = Urgency.EMERGENCY if emergency else Urgency.URGENT
    return Help(urgency, _WORDS[urgency])
