"""Searches the core for a broken rule: more than a million states, or a `--slice` of them, or what options say.

`--bugs` searches cores with seeded faults instead (`bug_table`), and tells how each was found.
Exit code 0: no rule was broken (each fault was found); 1: the stories are printed; 2: fewer states than were promised.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.search.alphabet import ACTS
from tests.search.bug_table import BUGS
from tests.search.bugs import hunt
from tests.search.explore import Explorer, Result
from tests.search.scenes import SCENES
from tests.search.story import saved, told


@dataclass(frozen=True, slots=True)
class Job:
    """One scene, so many departures, so many states at most."""

    scene: str
    departures: int
    most: int


_HABITS = ("claim starts", "claim each", "says yes to all", "stop starts", "blind", "pause by stop", "console starts")
_OTHERS = ("keepalive", "locked")
_SCRIPTS = ("pauses", "stops", "leaves", "goes on", "short")
FULL = (
    Job("plain", 2, 250_000),
    *(Job(scene, 2, 70_000) for scene in (*_SCRIPTS, *_HABITS, *_OTHERS)),
)
SLICE = (*(Job(scene, 1, 30_000) for scene in SCENES), Job("short", 2, 30_000))
PROMISED = 1_000_000


def searched(job: Job, processes: int, acts: tuple[str, ...], first: int | None) -> Result:
    """One job done."""
    explorer = Explorer(
        SCENES[job.scene], departures=job.departures, most=job.most, acts=acts, first=first, processes=processes
    )
    return explorer.run()


def hunted(processes: int, lines: int) -> int:
    """Search every faulty core; how many faults were not found."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(processes) as pool:
        hunts = [pool.submit(hunt, bug, Path(folder) / str(number)) for number, bug in enumerate(BUGS)]
        for bug, done in zip(BUGS, hunts, strict=True):
            code, said = done.result()
            found = bug.is_found(code, said)
            missed += not found
            story = [line for line in said.splitlines() if line.startswith("  ")]
            head = f"{'found' if found else 'NOT FOUND'}: {bug.name} ({bug.source})"
            print("\n".join([head, *(story[-lines:] if found else said.splitlines()), ""]), flush=True)  # noqa: T201
    print(f"{len(BUGS) - missed} of {len(BUGS)} seeded faults found")  # noqa: T201
    return missed


def main(arguments: list[str]) -> int:
    """Search as the arguments say; tell what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--slice", action="store_true", help="only a part, in less than two minutes on two cores")
    parser.add_argument("--scene", action="append", help=f"only these: {', '.join(SCENES)}")
    parser.add_argument("--departures", type=int, default=2, help="with --scene: how much may go wrong (2)")
    parser.add_argument("--most", type=int, default=PROMISED, help="with --scene: states at most")
    parser.add_argument("--act", action="append", help="only these departures (all)")
    parser.add_argument("--first", type=int, help="end after so many counterexamples")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--save", type=Path, help="append what is found to this file, in the form of stories.toml")
    parser.add_argument("--lines", type=int, default=40, help="lines of each story at most (40)")
    parser.add_argument("--bugs", action="store_true", help="search cores with seeded faults, one after another")
    options = parser.parse_args(arguments)
    if options.bugs:
        return 1 if hunted(options.processes, min(options.lines, 12)) else 0
    jobs = SLICE if options.slice else FULL
    if options.scene:
        jobs = tuple(Job(scene, options.departures, options.most) for scene in options.scene)
    gc.disable()  # next to nothing here refers to itself in a circle, and looking for it takes a fifth of the time
    states, seconds, found = 0, 0.0, 0
    for job in jobs:
        result = searched(job, options.processes, tuple(options.act or ACTS), options.first)
        states, seconds, found = states + result.states, seconds + result.seconds, found + len(result.found)
        whole = f"all with {result.complete} departures"
        print(f"{job.scene}: {result.states:,} states, {whole}, {result.seconds:.0f} s", flush=True)  # noqa: T201
        if options.save is not None:
            with options.save.open("a", encoding="utf-8") as file:
                file.writelines(saved(each) for each in result.found)
        for each in result.found:
            print(f"\n{told(each, most=options.lines)}\n", flush=True)  # noqa: T201
    broken = f"{found} stories that break a rule" if found else "no rule broken"
    print(f"{states:,} distinct states in {seconds:.0f} s: {broken}")  # noqa: T201
    if found:
        return 1
    return 2 if jobs is FULL and states < PROMISED else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
