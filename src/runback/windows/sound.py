"""Sound on Windows, by what Python brings along there."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import winsound

    def play(file: str) -> None:
        """Play the WAV `file` to its end. Raises RuntimeError if it cannot be heard."""
        winsound.PlaySound(file, winsound.SND_FILENAME | winsound.SND_NODEFAULT)
