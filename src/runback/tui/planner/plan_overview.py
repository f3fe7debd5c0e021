"""What the screen Plan says: where you are, what each stage asks, the rules in a line each, and the source.

Rules:
- The published plans stand beside each other and are never merged: each is shown with its own rules and exclusions.
- Where a plan begins it says who should not follow it, and that this is not medical advice.
- Pure.

Source: training.md "Check-ins and the rules"; the rest is the plan's own file.
"""

from __future__ import annotations

from runback.rehab.evaluation import CAUTIOUS
from runback.rehab.plan import Plan, ProgressionKind
from runback.rehab.status import NOT_MEDICAL_ADVICE
from runback.tui.planner.today_page import clock, stage_line
from runback.tui.styled_text import Role, StyledLine
from runback.units import Limit, Unit, figure, spell

RULES = (
    "1  A red flag: the plan is locked until a clinician has cleared you.",
    "2  Pain above 5, a sharp pain, a limp, or leg symptoms new or further down: the run ends, one back, 72 h rest.",
    "3  Pain more than one higher at 48 hours than before the run: no run; asked daily; one stage back once settled.",
    "4  Pain of 3 to 5, a rise of 2 or more next morning that settled, or less than 90 % done: the stage again.",
    "5  Pain of 2 or less, at most 1 more next morning, none more at 48 hours, 90 % done: one stage on, never two.",
    "6  A little more pain at 48 hours than before, or a check-in that is missing: hold. It can be given late.",
    "7  Two holds for pain at a stage: one back. Three steps back: see a clinician.",
    "8  A gap of 8 to 14 days: the stage again; 15 to 28: two back; longer: the checks before the first run again.",
)
"""Rules 1 to 8 in a line each, for reading: the rules themselves are `rehab.rules`."""


def stages(plan: Plan, here: int | None, *, cautious: bool) -> list[StyledLine]:
    """Each stage in a line; ▶ stands at the one where the person is (None: this plan is not followed)."""
    lines = [StyledLine("Stages", Role.HEAD)]
    for index, stage in enumerate(plan.stages):
        mark = "▶" if index == here else "✓" if here is not None and plan.start <= index < here else " "
        often = stage.sessions * (CAUTIOUS if cautious else 1)
        times = "" if often == 1 else f", {often} times"
        role = Role.STRONG if index == here else Role.PLAIN
        you = "   ← you are here" if index == here else ""
        lines.append(StyledLine(f"{mark} {stage.id:>3}  {stage_line(plan, stage)}{times}{you}", role))
    return lines


def about(plan: Plan, unit: Unit = Unit.KMH) -> list[StyledLine]:
    """Who it is for and not for, its rules, its speeds, and where it comes from."""
    speeds = plan.speeds
    lines = [StyledLine("For", Role.HEAD), StyledLine(plan.audience), StyledLine()]
    if plan.exclusions:
        lines += [
            StyledLine("Not for", Role.HEAD),
            *(StyledLine(f"! {each}", Role.STRONG) for each in plan.exclusions),
            StyledLine(),
        ]
    lines += [StyledLine("Rules", Role.HEAD), *(StyledLine(each) for each in plan.rules.says)]
    if plan.rules.judge is ProgressionKind.CHECK_INS:
        lines += [StyledLine(each) for each in RULES]
    lines += [
        StyledLine(),
        StyledLine("Speeds", Role.HEAD),
        StyledLine(
            f"Warm-up {clock(plan.warm_up)} at {figure(speeds.warm_up, unit)}, walk {figure(speeds.walk, unit)}, run "
            f"{figure(speeds.run, unit)}, cool-down {clock(plan.cool_down)} at {spell(speeds.cool_down, unit)}; never "
            f"faster than {figure(plan.cap, unit, Limit.HIGHEST)}."
        ),
        StyledLine(),
        StyledLine("Source", Role.HEAD),
        StyledLine(plan.source),
        StyledLine("[V] was read in a source, [D] is this project's own design.", Role.QUIET),
    ]
    return lines


BEFORE_CHOOSING = (StyledLine(NOT_MEDICAL_ADVICE, Role.STRONG), StyledLine())
"""What stands above a plan that may be chosen."""
CAUTIOUS_HINT = "Cautious: every stage twice, about five weeks instead of three."
