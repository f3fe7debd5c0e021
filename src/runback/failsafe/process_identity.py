"""Whether a process runs, and when it began: its number alone is used again after it has ended.

Knows no program but the system's own answers; nothing here raises.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    from runback.windows import processes

_ENDED = frozenset("ZX")
"""States of a process that has ended and is still listed (proc(5))."""


def runs(pid: int) -> bool:
    """Whether there is such a process."""
    if sys.platform == "win32":
        return processes.runs(pid)
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def began(pid: int) -> str | None:
    """When the process began, in words that are no other process's: this start of the computer, and ticks since then
    (Linux: proc(5), starttime). None where the system does not say, or there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the second is the program's name in parentheses, which may hold anything
    return f"{boot} {fields[19]}" if len(fields) > 19 and fields[0] not in _ENDED else None
