"""How much the tests do: `pytest` is quick, `pytest --full` goes through everything."""

from __future__ import annotations

import os

VARIABLE = "FULL_TEST_SUITE"
"""Set by `--full` before any test is imported, in xdist's workers as well. Not `RUNBACK_…`: those are settings."""
FEWER = 8
"""The quick suite draws one example in so many, and never fewer than `LEAST`."""
LEAST = 5


def examples(full: int) -> int:
    """How many examples a property draws that draws `full` of them in the full suite."""
    return full if os.environ.get(VARIABLE) else max(LEAST, full // FEWER)
