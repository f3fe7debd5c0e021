"""Red flags and stop signs, in plain words, and what to do about them.

Rules:
- Every sign is one yes-or-no question that a worried person can answer, about now: what is new since last time. What
  does not change from day to day is asked once, before the plan begins (`HealthRisk`).
- A red flag locks the plan, whichever plan it is; the words first say what to do, then why running has to wait.
- Emergency and urgent are told apart by the table here and nowhere else.

- A lesser flag never hides a graver one that stands.

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
    LUMP = "lump or swelling"
    COUGHING = "worse on coughing"
    SHOULDER_BLADES = "shoulder-blade pain"

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


class HealthRisk(StrEnum):
    """What is asked once, before a plan begins: with it, a clinician has to clear the first run."""

    CANCER = "cancer"
    STEROIDS = "steroids"
    OSTEOPOROSIS = "osteoporosis"
    WEAK_IMMUNE_SYSTEM = "weak immune system"
    RECENT_TRAUMA = "recent trauma"

    @property
    def question(self) -> str:
        """How a person is asked for it."""
        return RISK_QUESTIONS[self]


RISK_QUESTIONS: dict[HealthRisk, str] = {
    HealthRisk.CANCER: "Have you, or have you had, cancer?",
    HealthRisk.STEROIDS: "Do you take steroid tablets, or have you taken them for months?",
    HealthRisk.OSTEOPOROSIS: "Do you have osteoporosis (thin bones)?",
    HealthRisk.WEAK_IMMUNE_SYSTEM: "Is your immune system weak, from an illness or a medicine?",
    HealthRisk.RECENT_TRAUMA: "Did your back pain begin with a bad fall, a crash or another accident in recent weeks?",
}
NEW_SINCE = "Is any of these new since last time?"
"""What stands above the red flags wherever they are asked."""


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
    RedFlag.BOTH_LEGS: "In both legs: pain spreading from your back (not sore muscles), weakness, tingling, numbness?",
    RedFlag.CHEST_PAIN: "Pain, pressure or tightness in your chest?",
    RedFlag.TRAUMA: "A bad fall, a crash or another serious accident since last time?",
    RedFlag.LEG_WEAKNESS: "New or growing weakness in one leg?",
    RedFlag.FOOT_DRAG: "Does one foot drag or slap when you walk?",
    RedFlag.FEVER: "A fever, or do you feel ill with your back pain?",
    RedFlag.WEIGHT_LOSS: "Have you lost weight without meaning to?",
    RedFlag.NIGHT_OR_REST_PAIN: "Pain that wakes you at night, or does not ease when you rest?",
    RedFlag.BACK_SHAPE: "Has the shape of your back changed?",
    RedFlag.LUMP: "A lump or a swelling on your back?",
    RedFlag.COUGHING: "Back pain that is worse when you cough, sneeze or strain?",
    RedFlag.SHOULDER_BLADES: "Pain between your shoulder blades?",
    StopSign.DIZZINESS: "Dizzy or faint?",
    StopSign.PALPITATIONS: "Is your heart beating irregularly, or not calming down after you slow down?",
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


def worst_first(flags: Iterable[RedFlag]) -> list[RedFlag]:
    """Each of `flags` once, emergencies first."""
    return sorted(frozenset(flags), key=lambda flag: (flag.urgency is not Urgency.EMERGENCY, flag.value))


def help_for(flags: Iterable[RedFlag]) -> Help:
    """The words for `flags`: those of an emergency as soon as one of them is one."""
    emergency = any(flag.urgency is Urgency.EMERGENCY for flag in flags)
    urgency = Urgency.EMERGENCY if emergency else Urgency.URGENT
    return Help(urgency, _WORDS[urgency])
