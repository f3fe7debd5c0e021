"""The mutants of a file: each a whole source with one thing changed, and words to name it by."""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import parso
from parso.tree import NodeOrLeaf

from tests.mutation.operators import Rewrite, operators, walk
from tests.mutation.survivors import Name, functions

SURROUNDINGS = 3
"""How many nodes above its own an operator of cosmic-ray asks for their kind."""
HOUSE_STYLE = "@dataclass("
"""Frozen and slotted is how the house keeps its values; mypy and review see to it, no behaviour hangs on it."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`source` is the file as `operator` has left it; `row` where it differs first (from 1)."""

    name: Name
    operator: str
    row: int
    source: str

    @property
    def key(self) -> str:
        """The same for the same change of the same source."""
        return hashlib.sha256(f"{self.name.file}\n{self.source}".encode()).hexdigest()[:24]


def mutants(root: Path, file: str) -> list[Mutant]:
    """Everything that is done to `file` (below `root`), each change once, in the order of the lines."""
    original = (root / file).read_text(encoding="utf-8")
    seen = {meaning(original), None}
    found = []
    for operator, mutated in changes(original):
        means = meaning(mutated)
        if means not in seen:
            seen.add(means)
            made = mutant(file, original, mutated, operator)
            if not made.name.line.startswith(HOUSE_STYLE):
                found.append(made)
    return sorted(found, key=lambda each: (each.row, each.operator))


def changes(original: str) -> Iterator[tuple[str, str]]:
    """Every operator at every place."""
    tree, at = parso.parse(original), 0
    begins: dict[int, int] = {}
    leaf = tree.get_first_leaf()
    while leaf is not None:
        begins[id(leaf)] = at
        at += len(leaf.get_code())
        leaf = leaf.get_next_leaf()
    all_operators = operators()
    for node in walk(tree):
        begin = begins[id(node.get_first_leaf())]
        end = begin + len(node.get_code())
        for name, operator in all_operators.items():
            for index, _ in enumerate(operator.mutation_positions(node)):
                changed = operator.mutate(node if isinstance(operator, Rewrite) else alone(node), index)
                yield name, original[:begin] + ("" if changed is None else changed.get_code()) + original[end:]


def alone(node: NodeOrLeaf) -> NodeOrLeaf:
    """A copy to be changed, with no more of what stands around it than an operator looks at."""
    top, way = node, []
    for _ in range(SURROUNDINGS):
        if top.parent is not None:
            way.append(next(at for at, child in enumerate(top.parent.children) if child is top))
            top = top.parent
    around, top.parent = top.parent, None
    copied = deepcopy(top)
    top.parent = around
    for at in reversed(way):
        copied = copied.children[at]
    return copied


def mutant(file: str, original: str, mutated: str, operator: str) -> Mutant:
    """Name a change by the lines it changes and the function they stand in."""
    before, after = original.splitlines(), mutated.splitlines()
    parts = [
        part
        for part in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if part[0] != "equal"
    ]
    first, last = min(part[1] for part in parts), max(part[2] for part in parts)
    begin, end = min(part[3] for part in parts), max(part[4] for part in parts)
    where, top = functions(original).get(first + 1, ("", 0))
    line = joined(before[first:last])
    nth = 1 + sum(joined(before[at : at + last - first]) == line for at in range(top, first))
    return Mutant(Name(file, where, line, joined(after[begin:end]), nth), operator, first + 1, mutated)


def joined(lines: list[str]) -> str:
    """Lines as one, without their indentation."""
    return " ".join(line.strip() for line in lines if line.strip())


def meaning(source: str) -> str | None:
    """The program without what nobody executes: annotations and docstrings. Two sources of one meaning are one; what is
    no program has none."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        elif isinstance(node, ast.AnnAssign) and "dataclass" not in source:
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(isinstance(node.annotation, ast.Name))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            node.body = [each for each in node.body if not is_text(each)] or [ast.Pass()]
    return ast.dump(tree)


def is_text(node: ast.stmt) -> bool:
    """A docstring, or the one under a field."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
