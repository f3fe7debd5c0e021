"""What counts as a number where a person or a file writes one: the one place that decides it.

Rules:
- ASCII digits, at most one decimal point, at most one sign in front: `12`, `7.5`, `.5`, `-2.5`.
- Everything else is no number, though Python would take it: an exponent (`1e3`), an underscore (`1_0`), digits of other
  scripts (`٤٠`), `nan`, `inf`, a blank inside.
- At most `LONGEST` characters, a whole number `LONGEST_WHOLE`, so that no conversion is slow, infinite or refused.
"""

from __future__ import annotations

import re
from decimal import Decimal

LONGEST = 40
LONGEST_WHOLE = 18
"""Characters. Every whole number of that many is a 64-bit integer, which a database takes."""
UNSIGNED = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
"""A pattern for a number without a sign."""
_DECIMAL = re.compile(rf"[-+]?{UNSIGNED}")
_WHOLE = re.compile(r"[-+]?[0-9]+")


def decimal(text: str) -> Decimal | None:
    """The number that `text` is, blanks around it aside; None if it is no number."""
    plain = text.strip()
    return Decimal(plain) if len(plain) <= LONGEST and _DECIMAL.fullmatch(plain) else None


def whole(text: str) -> int | None:
    """The whole number that `text` is, blanks around it aside; None if it is no whole number."""
    plain = text.strip()
    return int(plain) if len(plain) <= LONGEST_WHOLE and _WHOLE.fullmatch(plain) else None


def decimals(text: str) -> int:
    """How many digits stand behind the decimal point of the number `text`."""
    return len(text.strip().partition(".")[2])
