"""Runs tests against a mutant, each time in a fork: nothing on the disk changes, and nothing stays behind.

`Session` has collected the tests already when it forks: a mutant of a function is put in by exchanging the function's
code, which takes milliseconds. What cannot be exchanged (a constant, a table, a decorator) needs `run`: pytest from the
beginning, with the mutant imported in the place of its file. Either has a bound on processor time and memory, so a
mutant that turns for ever dies of it, which is as good as a failing test.
"""

from __future__ import annotations

import ctypes
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from tests.mutation.rooms import ROOT
from tests.mutation.swap import swap

WARM = ("hypothesis.stateful", "pytest_asyncio", "pytest_timeout", "pydantic", "pytest_asyncio.plugin", "textual.app")
MEMORY = 3 << 30
PR_SET_PDEATHSIG = 1
"""prctl(2)."""
BROKEN, NOT_SWAPPED = 70, 71
"""Exit codes of a fork: pytest itself could not be run, which is a fault of this file and no verdict; and a mutant that
has to be imported."""
NOTHING_RUN = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)
OPTIONS = (
    *("-x", "-q", "-s", "--no-header", "--tb=no", "--assert=plain", "--hypothesis-profile=mutation"),
    *("--full", "-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of the plugins that `warm_up` has imported
    *("-o", "addopts=", "-p", "no:xdist"),  # this process has no workers: it forks by itself
    *("-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:syrupy", "-p", "no:terminalreporter"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),  # they collect garbage thrice at the end of each run
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`killed` or not; `by` the first test that failed, if one did; `seconds` of processor time; how the fork ended."""

    killed: bool
    by: str | None
    seconds: float
    code: int


@dataclass(frozen=True, slots=True)
class Target:
    """The module that is mutated, where its file is, and its source in the place of that."""

    module: str
    path: str
    source: str


def warm_up() -> None:
    """Import what every run needs, once, and make the properties' examples the same in every run."""
    for name in WARM:
        import_module(name)
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(ROOT / ".mutation" / "pycache")
    settings.register_profile("mutation", database=None, derandomize=True)


def run(arguments: Sequence[str], target: Target, limit: float) -> Outcome:
    """Run pytest from the beginning, with `target` imported."""

    def child() -> tuple[int, str]:
        for name, module in list(sys.modules.items()):
            if is_ours(getattr(module, "__file__", None)):
                del sys.modules[name]
        sys.meta_path.insert(0, Finder(target))
        first = FirstFailure()
        return int(pytest.main([*OPTIONS, *arguments], plugins=[first])), first.by

    return forked(child, limit)


def is_ours(file: str | None) -> bool:
    """Whether a module's file is a source or a test, which the session may have imported without the mutant."""
    path = Path(file or "")
    return (
        any(path.is_relative_to(ROOT / folder) for folder in ("src", "tests")) and path.parent != Path(__file__).parent
    )


class FirstFailure:
    """Notes the test that fails."""

    def __init__(self) -> None:
        self.by = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Pytest tells of a test."""
        if report.failed and not self.by:
            self.by = report.nodeid


class Session(FirstFailure):
    """Tests that are collected and ready; `use` is called with it, and may `run` them as often as it likes."""

    def __init__(self, use: Callable[[Session], None]) -> None:
        super().__init__()
        self._use = use
        self._items: list[pytest.Item] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Pytest would run its tests now."""
        self._items = session.items
        self._use(self)
        return True

    def run(
        self, files: Sequence[str], limit: float, target: Target | None = None, first: Sequence[str] = ()
    ) -> Outcome:
        """Run the tests of `files`, those called `first` before all others, until one fails."""
        named = {item.nodeid: item for item in self._items if item.nodeid in first}
        before = [named[name] for name in first if name in named]
        items = before + [item for file in files for item in self._items if item.nodeid.split("::")[0] == file]

        def child() -> tuple[int, str]:
            if target is not None and not swap(target.module, target.path, target.source):
                return NOT_SWAPPED, ""
            try:
                for item, following in zip(items, [*items[1:], None], strict=True):
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                    if self.by:
                        break
            except (MemoryError, RecursionError, SystemExit):  # a mutant that takes pytest down is dead as well
                return int(pytest.ExitCode.INTERNAL_ERROR), self.by
            return int(pytest.ExitCode.TESTS_FAILED if self.by else pytest.ExitCode.OK), self.by

        return forked(child, limit)


def collect(files: Sequence[str], options: Sequence[str], use: Callable[[Session], None]) -> None:
    """Open a session with the tests of `files`."""
    code = pytest.main([*OPTIONS, *options, *files], plugins=[Session(use)])
    if code != pytest.ExitCode.OK:
        raise RuntimeError(f"pytest cannot collect {' '.join(files)} ({code})")


def alone(work: Callable[[], None]) -> None:
    """Do `work` in a fork that may write to the terminal: a session imports what no other should find."""
    process = os.fork()
    if process == 0:
        die_with_parent()
        code = BROKEN
        try:
            work()
            code = 0
        except Exception as error:
            sys.stderr.write(f"{error}\n")
            raise
        finally:
            sys.stderr.flush()
            os._exit(code)
    if os.waitpid(process, 0)[1] != 0:
        raise RuntimeError("the session has failed")


def forked(child: Callable[[], tuple[int, str]], limit: float) -> Outcome:
    """Run `child`, which gives an exit code and the name of a failed test, in a fork of its own."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        _be_child(child, limit, theirs)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as pipe:
        by = pipe.read()
    _, status, usage = os.wait4(process, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == BROKEN:
        raise RuntimeError("pytest could not be run in a fork")
    harmless = (pytest.ExitCode.OK, *NOTHING_RUN, NOT_SWAPPED)
    return Outcome(code not in harmless, by or None, usage.ru_utime + usage.ru_stime, code)


def die_with_parent() -> None:
    """A run that is ended from outside must leave nobody behind who goes on judging. Linux only."""
    ask = getattr(ctypes.CDLL(None), "prctl", None)
    if ask is not None:
        ask(PR_SET_PDEATHSIG, signal.SIGKILL)


def _be_child(child: Callable[[], tuple[int, str]], limit: float, pipe: int) -> NoReturn:
    die_with_parent()
    code = BROKEN
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nothing, standard)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 2))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        code, by = child()
        os.write(pipe, by.encode())
    finally:
        os._exit(code)


class Loader(importlib.machinery.SourceFileLoader):
    """Gives another source than the file's."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.module, target.path)
        self._source = target.source

    def get_code(self, fullname: str) -> types.CodeType:  # noqa: ARG002 - it has one module
        return compile(self._source, self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Finds one module, before anybody else does."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - it knows where the file is
        target: types.ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._target.module:
            return None
        return importlib.util.spec_from_file_location(fullname, self._target.path, loader=Loader(self._target))
