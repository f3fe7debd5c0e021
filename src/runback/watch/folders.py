"""Where the doors of sessions are, for second screens and for `runback stop`. Imports nothing that takes time."""

from __future__ import annotations

import warnings
from pathlib import Path


def folders() -> tuple[Path, ...]:
    """Where doors are: in the user's runtime folder; in the state folder, where there is none to be had."""
    import platformdirs

    state = platformdirs.user_state_path("runback") / "run"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs says it where it takes another than XDG_RUNTIME_DIR
            return (platformdirs.user_runtime_path("runback"), state)
    except OSError:
        return (state,)
