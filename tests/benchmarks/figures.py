"""What a benchmark says: a distribution, the floor it is held against, a target and whether it was met.

Rules:
- A ratio is of medians, or of the same quantile, of one run. A floor is measured in the same run, between the samples
  it is the floor of.
- Everything measured is kept, met or not; nothing is thrown away as an outlier.
"""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

Number = int | float


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution of one quantity in one `unit`."""

    unit: str
    values: tuple[float, ...]

    @classmethod
    def of_seconds(cls, seconds: Sequence[float]) -> Spread:
        """Durations, told in milliseconds."""
        return cls("ms", tuple(1000 * each for each in seconds))

    def quantile(self, share: float) -> float:
        """The smallest value that at least `share` of all do not exceed (nearest rank); NaN of nothing."""
        ordered = sorted(self.values)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan

    @property
    def median(self) -> float:
        """NaN of nothing."""
        return statistics.median(self.values) if self.values else math.nan

    def summary(self) -> dict[str, Number | str]:
        """n, median, p90, p95, p99, max."""
        shares = {"p90": 0.9, "p95": 0.95, "p99": 0.99}
        named = {"median": self.median} | {name: self.quantile(share) for name, share in shares.items()}
        rounded = {name: _short(value) for name, value in (named | {"max": max(self.values, default=math.nan)}).items()}
        return {"unit": self.unit, "n": len(self.values), **rounded}


@dataclass(frozen=True, slots=True)
class Target:
    """`measured` has to be at most, or at least, `bound`."""

    what: str
    measured: float
    bound: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """A NaN, of nothing measured, meets nothing."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    def summary(self) -> dict[str, object]:
        """As it stands in the results."""
        sign = ">=" if self.at_least else "<="
        return {"what": self.what, "measured": _short(self.measured), sign: self.bound, "met": self.met}

    def __str__(self) -> str:
        sign = "at least" if self.at_least else "at most"
        return f"{self.what}: {_short(self.measured)} ({sign} {self.bound}) {'met' if self.met else 'MISSED'}"


@dataclass(slots=True)
class Figure:
    """One benchmark's outcome. `how` says in a line what was really measured."""

    name: str
    how: str
    spreads: dict[str, Spread] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)

    def ratio(self, of: str, to: str) -> float:
        """Between two medians."""
        return self.spreads[of].median / self.spreads[to].median

    def ratio_of_quantiles(self, of: str, to: str, share: float) -> float:
        """The same between two quantiles."""
        return self.spreads[of].quantile(share) / self.spreads[to].quantile(share)

    @property
    def missed(self) -> list[str]:
        """The targets that were not met."""
        return [str(target) for target in self.targets if not target.met]

    def summary(self) -> dict[str, object]:
        """As it stands in the results."""
        return {
            "how": self.how,
            **{name: spread.summary() for name, spread in self.spreads.items()},
            "facts": self.facts,
            "targets": [target.summary() for target in self.targets],
        }

    def lines(self) -> list[str]:
        """For people."""
        told = [self.name]
        for name, spread in self.spreads.items():
            numbers = " ".join(f"{key} {value}" for key, value in spread.summary().items())
            told.append(f"  {name}: {numbers}")
        told += [f"  {name}: {fact}" for name, fact in self.facts.items()]
        return told + [f"  {target}" for target in self.targets]


class Results:
    """One file for all figures; a run of some of them leaves those of the others in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.figures: list[Figure] = []

    def put(self, figure: Figure) -> None:
        """Keep `figure`, at once: a later benchmark may break."""
        self.figures.append(figure)
        try:
            everything = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            everything = {}
        everything["machine"] = {
            "python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count(),
        }  # fmt: skip
        load = [round(each, 2) for each in os.getloadavg()]
        everything.setdefault("figures", {})[figure.name] = {"load": load, **figure.summary()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _short(value: float) -> Number:
    return value if math.isnan(value) or math.isinf(value) else float(f"{value:.4g}")
