"""A process that keeps a session of a plan up to its thirty-sixth second, and is killed: `PATH` is the journal."""

from __future__ import annotations

import sys
from pathlib import Path

from runback.journal.plan_runs import Purpose
from runback.journal.recording import Recording
from runback.journal.writer import Writer
from tests.support.journal.stage import BEGAN, WORKOUT, ZERO, events

if __name__ == "__main__":
    writer = Writer(Path(sys.argv[1]))
    purpose = Purpose("return-to-running", "1", 10_000, 500)
    recording = Recording(writer, WORKOUT, lambda: BEGAN, simulated=False, program="test", purpose=purpose)
    for t, event, fields in events():
        if t <= ZERO + 36:
            recording.put(t, event, fields)
    writer.flush()
    sys.stdout.write("told\n")
    sys.stdout.flush()
    sys.stdin.read()
