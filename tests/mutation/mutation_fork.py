"""Runs tests against a mutant: in a fork of a process that has everything but our own code imported already.

The mutant never touches the disk: the fork imports it in the place of the file. It has a bound on processor time and
memory, so one that turns for ever dies of it, which is as good as a failing test.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
import types
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

import pytest
from hypothesis import settings
from mutation_rooms import ROOT

WARM = ("hypothesis.stateful", "pytest_asyncio", "pytest_timeout", "pydantic", "pytest_asyncio.plugin", "textual.app")
MEMORY = 3 << 30
BROKEN = 70
"""Exit code of a fork in which pytest itself could not be run: a fault of this file, not a verdict."""
OPTIONS = (
    *("-x", "-q", "--no-header", "--tb=no", "--assert=plain", "--hypothesis-profile=mutation"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of the plugins that `warm_up` has imported
    *("-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:syrupy", "-p", "no:terminalreporter"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),  # they collect garbage thrice at the end of each run
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`killed` or not; `by` the first test that failed, if one did; `seconds` of processor time; `said` by pytest."""

    killed: bool
    by: str | None
    seconds: float
    code: int


def warm_up() -> None:
    """Import what every run needs, once, and make the properties' examples the same in every run."""
    for name in WARM:
        import_module(name)
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(ROOT / ".mutation" / "pycache")
    settings.register_profile("mutation", database=None, derandomize=True)


def run(arguments: Sequence[str], module: str, path: str, source: str | None, limit: float) -> Outcome:
    """Run pytest with `arguments` while `module` (at `path`) is `source`; as it is if that is None."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _child(arguments, module, path, source, limit, theirs)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as pipe:
        by = pipe.read()
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == BROKEN:
        raise RuntimeError(f"pytest {' '.join(arguments)} could not be run")
    found = code not in (pytest.ExitCode.OK, pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)
    return Outcome(found, by or None, usage.ru_utime + usage.ru_stime, code)


def _child(
    arguments: Sequence[str], module: str, path: str, source: str | None, limit: float, pipe: int
) -> None:  # never returns
    code = BROKEN
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nothing, standard)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 2))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if source is not None:
            sys.meta_path.insert(0, Finder(module, path, source))
        first = FirstFailure()
        code = int(pytest.main([*OPTIONS, *arguments], plugins=[first]))
        os.write(pipe, first.by.encode())
    finally:
        os._exit(code)


class FirstFailure:
    """Notes the test that fails."""

    def __init__(self) -> None:
        self.by = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.by:
            self.by = report.nodeid


class Loader(importlib.machinery.SourceFileLoader):
    """Gives another source than the file's."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> types.CodeType:  # noqa: ARG002 - it has one module
        return compile(self._source, self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Finds one module, before anybody else does."""

    def __init__(self, name: str, path: str, source: str) -> None:
        self._name, self._path, self._source = name, path, source

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - it knows where the file is
        target: types.ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(
            fullname, self._path, loader=Loader(fullname, self._path, self._source)
        )
