"""What only the person knows: their paces, a unit, speeds for steps that have none.

Rules:
- A question is asked when a step cannot be had without its answer, and only then; each once, however many steps ask it.
- One pace given without a name (`--pace`) answers for every named one that was not given.
- Nothing here has a default. A speed is never taken from the step before.

Units: paces s/km, speeds 0.01 km/h, length s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from runback.importing.draft import (
    AbsoluteSpeed,
    Draft,
    Imported,
    Item,
    MissingSpeed,
    OpenEnded,
    Reference,
    RelativeSpeed,
    RepeatBlock,
    SpeedUnit,
    Target,
    UnitlessSpeed,
)
from runback.units import KM_PER_MILE, kmh
from runback.workout.model import Kind

_NAMES = {
    Reference.MILE: "your 1 mile pace",
    Reference.FIVE_K: "your 5 km pace",
    Reference.TEN_K: "your 10 km pace",
    Reference.HALF: "your half marathon pace",
    Reference.MARATHON: "your marathon pace",
    Reference.THRESHOLD: "your threshold pace",
    Reference.UNNAMED: "your reference pace",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was given. `paces` s/km, `speeds` 0.01 km/h for kinds of step without one, `open_length` s for steps without
    an end, `cap` 0.01 km/h."""

    cap: int
    paces: Mapping[Reference, float] = field(default_factory=dict)
    unit: SpeedUnit | None = None
    speeds: Mapping[Kind, int] = field(default_factory=dict)
    open_length: float | None = None

    def pace(self, of: Reference) -> float | None:
        """The pace that stands for `of`, s/km."""
        return self.paces.get(of, self.paces.get(Reference.UNNAMED))


@dataclass(frozen=True, slots=True)
class ImportQuestion:
    """What is missing: `about` is the pace, the kind of step, `SpeedUnit` for a unit or `OpenEnded` for a length."""

    about: Reference | Kind | type[SpeedUnit] | type[OpenEnded]
    what: str
    hint: str


def question(target: Target, draft: Draft, answers: Answers) -> ImportQuestion | None:
    """What has to be known before `target` is a speed."""
    if isinstance(target, RelativeSpeed) and answers.pace(target.of) is None:
        what = f"its speed is a share of {_NAMES[target.of]}"
        return ImportQuestion(target.of, what, "add --pace 5:30/km with yours")
    if isinstance(target, UnitlessSpeed) and answers.unit is None:
        what = "its pace does not say per what" if target.is_pace else "its speed does not say its unit"
        return ImportQuestion(SpeedUnit, what, "add --unit km/h or --unit mph")
    if isinstance(target, MissingSpeed) and (kind := draft.kind or draft.likely) not in answers.speeds:
        return ImportQuestion(kind, f"the {kind} step has {target.why}", f"add --speed {kind}=5.0 with yours")
    return None


def questions(draft: Draft, answers: Answers) -> Iterator[ImportQuestion]:
    """What has to be known before `draft` is a step."""
    for target in (draft.start, draft.end):
        if target is not None and (asked := question(target, draft, answers)) is not None:
            yield asked
    if isinstance(draft.length, OpenEnded) and answers.open_length is None:
        yield ImportQuestion(
            OpenEnded, f"it only ends when {draft.length.until}", "add --open 5m with how long it should last"
        )


def asked(imported: Imported, answers: Answers) -> list[tuple[Draft, ImportQuestion]]:
    """Everything that has to be known, each once, with the first step that asks it."""
    found: dict[object, tuple[Draft, ImportQuestion]] = {}
    for draft in drafts(imported.items):
        for each in questions(draft, answers):
            found.setdefault(each.about, (draft, each))
    return list(found.values())


def drafts(items: tuple[Item, ...]) -> Iterator[Draft]:
    """The steps as they stand in the file, repeats once."""
    for item in items:
        if isinstance(item, RepeatBlock):
            yield from drafts(item.items)
        else:
            yield item


def speed_kmh(target: Target, draft: Draft, answers: Answers) -> float:
    """`target` as km/h, once `questions` has none left for `draft`."""
    if isinstance(target, AbsoluteSpeed):
        return target.kmh
    if isinstance(target, RelativeSpeed):
        return 3600 / (answers.pace(target.of) or 3600.0) * target.share
    if isinstance(target, UnitlessSpeed):
        per_unit = 3600 / target.number if target.is_pace else target.number
        return per_unit * (KM_PER_MILE if answers.unit is SpeedUnit.MPH else 1.0)
    return kmh(answers.speeds[draft.kind or draft.likely])
