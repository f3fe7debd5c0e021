"""What is missing of all that has to be there before a belt may start, in the words the user reads."""

from __future__ import annotations

from dataclasses import dataclass

WAIT = "wait a moment, then press Enter again"
LOOK = "leave with q; `runback doctor` looks for the cause"


@dataclass(frozen=True, slots=True)
class Missing:
    """`what` is missing, as a clause, and what to `do`. `comes`: it may still come by itself."""

    what: str
    do: str = WAIT
    comes: bool = True

    @property
    def line(self) -> str:
        """What the person is told."""
        return f"not started: {self.what}; {self.do}"
