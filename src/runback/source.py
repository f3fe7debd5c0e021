"""Who wanted a write: every byte that leaves for the treadmill is tagged with one of these."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """Who set a target, or asked for a write."""

    PLAN = "plan"
    PERSON = "person"
    CONSOLE = "console"
    SAFETY = "safety"
