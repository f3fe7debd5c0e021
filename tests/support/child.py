"""Python programs of the tests that run as a process each: `command("tests.support.bluez.serve", …)`.

Run as a script, this file runs the module that it is told, with the repository first on `sys.path`: a child process
finds the tests' modules whatever its working directory and its environment are.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def command(module: str, *arguments: str) -> list[str]:
    """What runs `module` of the tests as a program with `arguments`."""
    return [sys.executable, __file__, module, *arguments]


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
