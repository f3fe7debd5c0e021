"""Processes on Windows: whether one runs, and what a child is given. It gets handles by number, not descriptors.

Source: Microsoft's descriptions of OpenProcess, WaitForSingleObject and process creation flags.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    DETACHED = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    """Creation flags of a child that neither Ctrl-C nor the end of this console ends."""
    _SYNCHRONIZE, _ACCESS_DENIED, _TIMEOUT = 0x0010_0000, 5, 0x102

    def runs(pid: int) -> bool:
        """Whether there is such a process. `os.kill(pid, 0)` would send it a Ctrl-C here."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        handle = kernel.OpenProcess(_SYNCHRONIZE, 0, pid)
        if not handle:
            return ctypes.get_last_error() == _ACCESS_DENIED
        try:
            return bool(kernel.WaitForSingleObject(wintypes.HANDLE(handle), 0) == _TIMEOUT)
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))

    def handles(fds: Sequence[int]) -> list[int]:
        """The handles behind `fds`, which a child may have from now on."""
        found = [msvcrt.get_osfhandle(fd) for fd in fds]
        for handle in found:
            os.set_handle_inheritable(handle, True)  # noqa: FBT003 - it has no name
        return found

    def handing(handles: Sequence[int]) -> subprocess.STARTUPINFO:
        """What Popen needs to hand `handles`, and no others, to a child."""
        return subprocess.STARTUPINFO(lpAttributeList={"handle_list": [*handles]})

    def descriptor(handle: int, *, reads: bool) -> int:
        """A descriptor for a handle that this process was given."""
        return msvcrt.open_osfhandle(handle, os.O_RDONLY if reads else os.O_WRONLY)
