"""Mutation testing of the stop path: `python -m tests.mutation.run`.

Changes `machine`, `safety` and the ways to Stop one small thing at a time and asks whether a test notices. It goes on
where it left off (`.mutation/results.jsonl`), and ends with exit code 1 if a mutant lives that `survivors.toml` does
not explain, or if that list explains one that does not live any more. Needs the extra `mutation`, and a system that can
fork.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from tests.mutation import fork
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.rooms import ROOMS, ROOT, Room, Stage, all_files
from tests.mutation.survivors import Name, explained

RESULTS = ROOT / ".mutation" / "results.jsonl"
RECENT = 12
"""So many tests that have killed others of the file are asked before the rest: neighbours die of the same."""
GRACE = 3.0
"""A mutant may take this many times as long as the tests do without it, and this many seconds."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: killed `by` a test, or not. `state` is a digest of what that depends on: the sources,
    and for a kill the file of the test that did it, else all tests, and how they are run."""

    key: str
    killed: bool
    by: str | None
    state: str


@dataclass(frozen=True, slots=True)
class State:
    """The sources and tests of a room as they are now."""

    sources: str
    tests: dict[str, str]
    how: str
    quick: bool

    @staticmethod
    def of(room: Room, *, quick: bool) -> State:
        """Read them."""
        sources = digest(file for source in room.sources for file in files_of(ROOT / source))
        folders = {(ROOT / test).parent for test in room.tests()}
        helpers = [file for folder in sorted(folders) for file in files_of(folder) if not file.match("test_*.py")]
        tests = {test: digest([ROOT / test, *helpers]) for test in room.tests()}
        return State(sources, tests, digest(files_of(Path(__file__).parent)), quick)

    def after(self, by: str | None, *, killed: bool) -> str:
        """What a verdict made now depends on."""
        if killed:
            return f"{self.sources} {self.tests.get(by.split('::')[0], '') if by else ''}"
        return f"{self.sources} {' '.join(self.tests.values())} {self.how}{' quick' if self.quick else ''}"

    def upholds(self, verdict: Verdict) -> bool:
        """Whether nothing has changed that `verdict` depends on; a quick one is no less, but says less."""
        now = self.after(verdict.by, killed=verdict.killed)
        return verdict.state == now or (self.quick and f"{verdict.state} quick" == now)


def files_of(path: Path) -> list[Path]:
    """The Python files of a folder, or the one file."""
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def digest(files: Iterable[Path]) -> str:
    """Of names and contents."""
    found = hashlib.sha256()
    for file in files:
        found.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return found.hexdigest()[:12]


def remembered() -> dict[str, Verdict]:
    """The newest verdict on each mutant."""
    if not RESULTS.is_file():
        return {}
    lines = (json.loads(line) for line in RESULTS.read_text(encoding="utf-8").splitlines() if line.endswith("}"))
    return {line["key"]: Verdict(**line) for line in lines}


def remember(verdict: Verdict) -> None:
    """One line, whole, whoever else writes."""
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(verdict)) + "\n")


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the mutants of one file in `session`: `searches` only those that the `stages` leave alive and that are not
    `explained`. `limits` are the seconds that each may take, as far as that is known."""

    session: fork.Session
    module: str
    path: str
    stages: tuple[Stage, ...]
    searches: tuple[Stage, ...]
    limits: dict[Stage, float]
    options: tuple[str, ...]
    explained: frozenset[Name]
    state: State

    def __call__(self, mutant: Mutant, killers: tuple[str, ...]) -> Verdict:
        """The verdict on `mutant`; `killers` are asked first."""
        stages = self.stages if mutant.name in self.explained else self.stages + self.searches
        target = fork.Target(self.module, self.path, mutant.source)
        for stage in stages:
            if stage not in self.limits:
                self.limits[stage] = timed(self.session, stage)
            limit = self.limits[stage]
            outcome = self.session.run(stage, limit, target, killers)
            if outcome.code == fork.NOT_SWAPPED:
                outcome = self._imported(target, stage, limit, killers[:1])
            if outcome.killed:
                return Verdict(mutant.key, killed=True, by=outcome.by, state=self.state.after(outcome.by, killed=True))
            killers = ()
        return Verdict(mutant.key, killed=False, by=None, state=self.state.after(None, killed=False))

    def _imported(self, target: fork.Target, stage: Stage, limit: float, killers: tuple[str, ...]) -> fork.Outcome:
        """The same with pytest from the beginning. It finds a test by its name, which a mutant may have changed."""
        outcome = fork.run([*self.options, *killers, *stage], target, limit)
        if killers and outcome.code in fork.NOTHING_RUN:
            return fork.run([*self.options, *stage], target, limit)
        return outcome


def timed(session: fork.Session, stage: Stage) -> float:
    """The limit of a stage. Without a mutant the tests must be green, and show how long they take."""
    outcome = session.run(stage, 600.0)
    if outcome.code != 0:
        raise click.ClickException(f"without any mutant {outcome.by or stage} fails ({outcome.code})")
    return GRACE * (outcome.seconds + 1.0)


def judge_all(judge: Judge, todo: list[tuple[Mutant, Verdict | None]], jobs: int) -> None:
    """Judge and remember, in as many processes as there are `jobs`."""
    workers = []
    for job in range(jobs):
        worker = os.fork()
        if worker == 0:
            fork.die_with_parent()
            code = 1
            recent: list[str] = []
            try:
                for mutant, known in todo[job::jobs]:
                    before = [known.by] if known is not None and known.by else []
                    verdict = judge(mutant, tuple(dict.fromkeys(before + recent)))
                    remember(verdict)
                    if verdict.by:
                        recent = list(dict.fromkeys([verdict.by, *recent]))[:RECENT]
                code = 0
            except Exception as error:
                click.echo(f"a worker has failed: {error!r}", err=True)
                raise
            finally:
                os._exit(code)
        workers.append(worker)
    ends = [os.waitpid(worker, 0)[1] for worker in workers]
    if any(ends):
        raise click.ClickException("a worker has failed")


def judge_file(
    room: Room,
    file: str,
    now: State,
    reasons: frozenset[Name],
    todo: list[tuple[Mutant, Verdict | None]],
    jobs: int,
) -> None:
    """Open a session for `file`, and judge its mutants there."""
    module = file.removeprefix("src/").removesuffix(".py").replace("/", ".")
    searches = () if now.quick else room.searches

    def use(session: fork.Session) -> None:
        limits = {stage: timed(session, stage) for stage in room.stages}
        judge = Judge(session, module, str(ROOT / file), room.stages, searches, limits, room.options, reasons, now)
        judge_all(judge, todo, jobs)

    tests = [test for stage in room.stages + searches for test in stage]
    fork.alone(lambda: fork.collect(tests, room.options, use))


def changed_rows(file: str, revision: str) -> set[int]:
    """The rows of `file` that are not as they were in `revision`."""
    command = ["git", "diff", "--unified=0", "--no-color", revision, "--", file]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rows: set[int] = set()
    for line in done.stdout.splitlines():
        if line.startswith("@@"):
            begin, _, length = line.split()[2].removeprefix("+").partition(",")
            rows |= set(range(int(begin), int(begin) + int(length or 1)))
    return rows


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--module", "names", multiple=True, help="Only files whose path contains this; may be repeated.")
@click.option("--since", metavar="REV", help="Only lines changed since this revision.")
@click.option("--jobs", type=click.IntRange(1, 8), default=1, show_default=True, help="Mutants at a time.")
@click.option("--quick", is_flag=True, help="Leave out the searches among the tests.")
@click.option("--count", is_flag=True, help="Only say how many mutants there are.")
def main(names: tuple[str, ...], since: str | None, jobs: int, quick: bool, count: bool) -> None:
    """Mutate the stop path and print what no test notices."""
    os.chdir(ROOT)
    RESULTS.parent.mkdir(exist_ok=True)
    fork.warm_up()
    known, reasons = remembered(), explained()
    wanted = [file for file in all_files() if not names or any(name in file for name in names)]
    open_questions = 0
    for room in ROOMS:
        now = State.of(room, quick=quick)
        for file in room.files:
            if file not in wanted:
                continue
            found = mutants(ROOT, file)
            if since is not None:
                rows = changed_rows(file, since)
                found = [mutant for mutant in found if mutant.row in rows]
            if count:
                click.echo(f"{file}: {len(found)} mutants")
                continue
            began = time.monotonic()
            todo = [(each, known.get(each.key)) for each in found]
            todo = [(each, verdict) for each, verdict in todo if verdict is None or not now.upholds(verdict)]
            if todo:
                judge_file(room, file, now, frozenset(reasons), todo, jobs)
                known = remembered()
            alive = [each for each in found if not known[each.key].killed]
            took = time.monotonic() - began
            open_questions += report(file, found, alive, reasons, took, whole=since is None)
    sys.exit(1 if open_questions else 0)


def report(
    file: str, found: list[Mutant], alive: list[Mutant], reasons: dict[Name, str], took: float, *, whole: bool
) -> int:
    """Say what came out; gives the number of open questions."""
    questions = [each for each in alive if each.name not in reasons]
    living = {each.name for each in alive}
    stale = [name for name in reasons if whole and name.file == file and name not in living]
    click.echo(
        f"{file}: {len(found)} mutants, {len(found) - len(alive)} killed, {len(alive)} survived, "
        f"{len(alive) - len(questions)} explained ({took:.0f} s)"
    )
    for each in questions:
        nth = f" [{each.name.nth}]" if each.name.nth > 1 else ""
        click.echo(
            f"  {each.row} {each.name.where}{nth} ({each.operator})\n    - {each.name.line}\n    + {each.name.becomes}"
        )
    for name in stale:
        click.echo(f"  explained, but not alive: {name.where}\n    - {name.line}\n    + {name.becomes}")
    return len(questions) + len(stale)


if __name__ == "__main__":
    main()
