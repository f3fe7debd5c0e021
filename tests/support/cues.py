"""Players that are small shell scripts, in a folder that stands for PATH."""

from __future__ import annotations

import os
from pathlib import Path

WELL = "exit 0"
FAILS = "exit 1"
HANGS = "exec /bin/sleep 1000"
FAILS_UNDER_WAY = 'case "$*" in *silence*) exit 0;; *) exit 1;; esac'
HANGS_UNDER_WAY = 'case "$*" in *silence*) exit 0;; *) exec /bin/sleep 1000;; esac'
SLOW = "exec /bin/sleep 0.3"
CHATTY = "echo LOUD; echo LOUD >&2; echo LOUD >/dev/tty; read word; exit 0"


class Players:
    """A folder of players; each notes how it was called, then does what its script says."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self._log = folder / "called.log"

    def add(self, name: str, script: str = WELL) -> Players:
        """A player `name`."""
        file = self.folder / name
        file.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self._log}"\n{script}\n', encoding="utf-8")
        file.chmod(0o755)
        return self

    def holds(self, name: str, fifo: Path) -> Players:
        """A player that never ends, nor does its child; each writes a line to `fifo`, and holds it open."""
        return self.add(name, f'exec 3>"{fifo}"\necho $$ >&3\n(echo child; exec /bin/sleep 1000) >&3 &\nwait')

    @property
    def path(self) -> str:
        """What PATH is with these."""
        return str(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        """The environment with these."""
        return os.environ | {"PATH": self.path}

    @property
    def calls(self) -> list[str]:
        """How they were called, in order; files without their folder."""
        if not self._log.exists():
            return []
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [" ".join(word.rpartition("/")[2] for word in line.split(" ")) for line in lines]
