"""Puts a mutant into a module that is imported already, by exchanging the code of the functions that differ."""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterator


def swap(module: str, path: str, source: str) -> bool:
    """Make the functions of `module` (the file at `path`) those of `source`. False, and nothing done, if the two differ
    in anything but the bodies of functions."""
    with open(path, encoding="utf-8") as file:
        if frame(file.read()) != frame(source):
            return False
    fresh = types.ModuleType(module)
    exec(compile(source, path, "exec", dont_inherit=True), fresh.__dict__)
    mutated = dict(functions(fresh, module))
    pairs = [(was, mutated.get(name)) for name, was in functions(sys.modules[module], module)]
    differ = [(was, now) for was, now in pairs if now is not None and was.__code__ != now.__code__]
    if not differ or any(was.__code__.co_freevars != now.__code__.co_freevars for was, now in differ):
        return False
    for was, now in differ:
        was.__code__ = now.__code__
    return True


def frame(source: str) -> str:
    """The program without the bodies of its functions."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.body = [ast.Pass()]
    return ast.dump(tree)


def functions(module: types.ModuleType, name: str) -> Iterator[tuple[str, types.FunctionType]]:
    """The functions of a module and of its classes, by qualified name and kind."""
    for owner in list(vars(module).values()):
        if getattr(owner, "__module__", None) != name:
            continue
        members = vars(owner).items() if isinstance(owner, type) else [(getattr(owner, "__name__", ""), owner)]
        for key, member in members:
            for kind, function in parts(member):
                yield f"{getattr(owner, '__qualname__', '')} {key} {kind}", function


def parts(member: object) -> Iterator[tuple[str, types.FunctionType]]:
    """The functions in a member of a class: itself, a property's, a static method's."""
    found: dict[str, object] = {"": member}
    if isinstance(member, property):
        found = {"get": member.fget, "set": member.fset, "delete": member.fdel}
    elif isinstance(member, (staticmethod, classmethod)):
        found = {"": member.__func__}
    yield from ((kind, function) for kind, function in found.items() if isinstance(function, types.FunctionType))
