"""The Windows console: its keys, and its end.

Sources: Microsoft's descriptions of HandlerRoutine and SetConsoleCtrlHandler.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    def waits_for_key(within: float) -> bool:
        """Whether something has been typed; looks once, and takes `within` seconds if not."""
        if not msvcrt.kbhit():
            time.sleep(within)
            return False
        return True

    def typed() -> bytes:
        """What has been typed: one key, without echo."""
        return msvcrt.getwch().encode(errors="replace")

    @contextlib.contextmanager
    def told_of_its_end(handler: Callable[[int], bool]) -> Iterator[None]:
        """Within, the system calls `handler`, in a thread of its own, with the kind of end. It ends the process once
        that returns, or after some seconds."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        routine = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)(handler)
        kernel.SetConsoleCtrlHandler(routine, 1)
        try:
            yield
        finally:
            kernel.SetConsoleCtrlHandler(routine, 0)
