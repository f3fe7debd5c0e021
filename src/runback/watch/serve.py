"""A session's door for second screens: where it is, and keeping it open while the session runs."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from runback.engine import summary
from runback.ipc.messages import STEP_OFF
from runback.watch import socket
from runback.watch.folders import folders

if TYPE_CHECKING:
    from runback.engine.session_engine import SessionEngine


@contextlib.contextmanager
def open_watch_socket(speedup: float | None) -> Iterator[Callable[[SessionEngine], None]]:
    """Within, an engine that is given to the callable, on its running loop, can be watched. `speedup`: how many times
    as fast its time passes, None for real time; at `inf` there is nothing to watch. Why it cannot be is a remark."""
    with contextlib.ExitStack() as stack:

        def be_watched(engine: SessionEngine) -> None:
            if not socket.is_supported() or (speedup is not None and math.isinf(speedup)):
                return
            from runback.watch.server import WatchServer

            try:
                opened = socket.open_door(folders())
            except OSError as error:
                engine.remark(f"no second screen can watch: {error.strerror or error}")
                return
            watchers = WatchServer(engine, speedup=1.0 if speedup is None else speedup)
            stack.callback(lambda: watchers.close(ended(engine)))
            try:
                watchers.listen(opened, os.geteuid())
            except NotImplementedError:
                engine.remark("no second screen can watch: nothing here watches a socket")

        yield be_watched


def ended(engine: SessionEngine) -> str:
    """What a second screen says last."""
    how, reason = summary.outcome(engine), engine.session.stop_reason
    if how is summary.SessionOutcome.ALARM:
        return f"The session has ended and the belt was not seen at rest: {STEP_OFF}"
    why = f" ({reason})" if reason and how is summary.SessionOutcome.STOPPED else ""
    return f"The session has ended: {how.value}{why}."
