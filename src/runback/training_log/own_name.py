"""Whether a clinician's name is the user's own: it is asked about once, never refused.

Rules:
- Names are compared without case, spaces and titles. A name that a clearance has been given with before is not asked
  about again: a physiotherapist may treat herself, and say so.

Source: issue "The plan, as a physiotherapist would have it", red flags.
"""

from __future__ import annotations

from collections.abc import Iterable

from runback.rehab.records import Clearance

_TITLES = frozenset({"dr", "doctor", "mr", "mrs", "ms", "prof"})


def is_own(clinician: str, own: Iterable[str], before: Iterable[Clearance]) -> bool:
    """Whether `clinician` is one of the user's `own` names, and none of the clearances `before` names the same."""
    name = _plain(clinician)
    return name in {_plain(each) for each in own} - {""} and all(_plain(each.clinician) != name for each in before)


def _plain(name: str) -> str:
    words = (word.strip(".,").casefold() for word in name.split())
    return "".join(word for word in words if word not in _TITLES)
