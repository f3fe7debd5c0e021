"""What is done to the code: cosmic-ray's operators that mean something here, and the ones it lacks.

Left out of cosmic-ray's: a comparison of identity turned into one of equality (the same for enums and None), orders of
enums and arithmetic by every other sign (which fail loudly and show nothing), and what replaces variables at random.
Added: what state machines die of, an act left out, a condition that always or never holds, a member taken for its
neighbour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import parso
from cosmic_ray.plugins import get_operator
from parso.tree import BaseNode, Leaf, NodeOrLeaf

Position = tuple[tuple[int, int], tuple[int, int]]

COSMIC_RAY = (
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("GtE_Gt", "GtE_Lt", "Eq_NotEq", "NotEq_Eq", "Is_IsNot")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("IsNot_Is", "Eq_GtE", "Eq_LtE")),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_FloorDiv", "FloorDiv_Mul")),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("BitAnd_BitOr", "BitOr_BitAnd", "LShift_RShift")),
    *("ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_USub_UAdd"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer"),
    *("ZeroIterationForLoop", "RemoveDecorator"),
)


TRUTHS = frozenset({"and_test", "or_test", "not_test", "comparison"})
"""What is true or false, in parso's words."""


class Operator(Protocol):
    """What cosmic-ray asks of an operator."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterable[Position]:
        """One position for each thing that can be done to `node`."""

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf | None:
        """Do the `index`-th of them; None takes the node away."""


class Rewrite:
    """An operator that puts other text in the place of a node."""

    def texts(self, node: NodeOrLeaf) -> Iterable[str]:
        """What may stand in the place of `node`."""
        raise NotImplementedError

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Position]:
        for _ in self.texts(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        return parso.parse(node.get_first_leaf().prefix + list(self.texts(node))[index])


class LeaveOut(Rewrite):
    """A statement that does something, left out: an assignment, a call, a raise, a loop's break."""

    def texts(self, node: NodeOrLeaf) -> Iterable[str]:
        if node.parent is None or node.parent.type != "simple_stmt" or node.search_ancestor("funcdef") is None:
            return []
        acts = node.type in ("expr_stmt", "raise_stmt", "atom_expr", "await_expr", "del_stmt", "yield_expr")
        return ["pass"] if acts else []


class GiveNone(Rewrite):
    """A value that is not given back, or not kept."""

    def texts(self, node: NodeOrLeaf) -> Iterable[str]:
        if not isinstance(node, BaseNode):
            return []
        if node.type == "return_stmt" and node.children[1].type not in TRUTHS | {"keyword"}:
            return ["return None"]
        plain = node.type == "expr_stmt" and len(node.children) == 3 and isinstance(node.children[1], Leaf)
        if plain and node.search_ancestor("funcdef") is not None and node.children[2].type != "keyword":
            return [f"{code(node.children[0])} = None"]
        return []


class Force(Rewrite):
    """A condition, or a judgement that is given back, that always or never holds."""

    def texts(self, node: NodeOrLeaf) -> Iterable[str]:
        if not isinstance(node.parent, BaseNode):
            return []
        before = node.get_previous_sibling()
        word = before.value if isinstance(before, Leaf) else ""
        asks = word in ("if", "elif", "while") or (word == "return" and node.type in TRUTHS)
        return ["True", "False"] if asks else []


class LeaveOutOperand(Rewrite):
    """`a and b` with only one of them, `a + b` likewise, `a if c else b` with only one of its arms."""

    def texts(self, node: NodeOrLeaf) -> Iterable[str]:
        if not isinstance(node, BaseNode):
            return []
        parts = [code(each) for each in node.children]
        if node.type in ("and_test", "or_test", "arith_expr"):
            rest = [parts[2:], *(parts[: at - 1] + parts[at + 1 :] for at in range(2, len(parts), 2))]
            return [f"({' '.join(each)})" for each in rest]
        return [parts[0], parts[4]] if node.type in ("test", "ternary") else []


class TakeNeighbour(Rewrite):
    """A member of an enum, or an op code, taken for one of its neighbours among those the file names."""

    def texts(self, node: NodeOrLeaf) -> Iterable[str]:
        owner = member_of(node)
        if owner is None or not isinstance(node, BaseNode) or node.search_ancestor("import_from") is not None:
            return []
        own = code(node)
        named = sorted({code(each) for each in walk(root(node)) if member_of(each) == owner})
        at = named.index(own)
        return [each for each in dict.fromkeys((named[at - 1], named[(at + 1) % len(named)])) if each != own]


class LeaveOutElement(Rewrite):
    """One entry of a set, a table, a tuple or a list left out."""

    def texts(self, node: NodeOrLeaf) -> Iterable[str]:
        if not isinstance(node, BaseNode) or node.type != "atom" or len(node.children) != 3:
            return []
        opening, inside, closing = node.children
        if not isinstance(inside, BaseNode) or inside.type not in ("testlist_comp", "dictorsetmaker"):
            return []
        if any(each.type in ("sync_comp_for", "comp_for") for each in inside.children):
            return []
        entries, tuples = split(inside.children), code(opening) == "("
        return [
            f"{code(opening)}{rest}{',' if tuples and rest and rest[-1] != ',' else ''}{closing.get_code()}"
            for at in range(len(entries))
            for rest in ["".join(entries[:at] + entries[at + 1 :])]
        ]


class OtherWord(Rewrite):
    """Another text than the one that is there; an enum's words, which are its names for people and traces, aside."""

    def texts(self, node: NodeOrLeaf) -> Iterable[str]:
        if node.type != "string" or not isinstance(node, Leaf) or in_enum(node):
            return []
        octets = node.value.lower().startswith(("b", "rb"))
        return ['b"\\x00XX"' if octets else '"XX"']


class SwapFunction(Rewrite):
    """The greatest for the least, the first for the last."""

    PAIRS = (("min", "max"), ("any", "all"), ("partition", "rpartition"), ("split", "rsplit"), ("find", "rfind"))
    ENDS = (("startswith", "endswith"), ("append", "appendleft"), ("popleft", "pop"), ("floor", "nearest"))

    def texts(self, node: NodeOrLeaf) -> Iterable[str]:
        if node.type != "name" or not isinstance(node, Leaf):
            return []
        follows = node.get_next_leaf()
        if follows is None or follows.value != "(" or (node.parent is not None and node.parent.type == "funcdef"):
            return []
        both = (*self.PAIRS, *self.ENDS)
        return [other for pair in both for name, other in (pair, pair[::-1]) if name == node.value]


OURS: tuple[type[Rewrite], ...] = (
    *(LeaveOut, Force, LeaveOutOperand, TakeNeighbour, GiveNone, LeaveOutElement, OtherWord, SwapFunction),
)


def operators() -> dict[str, Operator]:
    """All of them, by name."""
    theirs: dict[str, Operator] = {name: get_operator(f"core/{name}")() for name in COSMIC_RAY}
    return theirs | {kind.__name__: kind() for kind in OURS}


def code(node: NodeOrLeaf) -> str:
    """The node's text, without what stands before it."""
    return str(node.get_code(include_prefix=False))


def walk(node: NodeOrLeaf) -> Iterator[NodeOrLeaf]:
    """`node` and everything below it."""
    yield node
    if isinstance(node, BaseNode):
        for child in node.children:
            yield from walk(child)


def root(node: NodeOrLeaf) -> NodeOrLeaf:
    """The file `node` stands in."""
    while node.parent is not None:
        node = node.parent
    return node


def member_of(node: NodeOrLeaf) -> str | None:
    """`Latch` for `Latch.DUE`; None for anything else."""
    if not isinstance(node, BaseNode) or node.type != "atom_expr" or len(node.children) != 2:
        return None
    owner, name = code(node.children[0]), code(node.children[1])
    return owner if owner[:1].isupper() and name[:1] == "." and name[1:].isupper() and not owner.isupper() else None


def split(children: Sequence[NodeOrLeaf]) -> list[str]:
    """The entries, each with its comma and all that stands before it."""
    entries = [""]
    for child in children:
        entries[-1] += child.get_code()
        if code(child) == ",":
            entries.append("")
    return [each for each in entries if each]


def in_enum(node: NodeOrLeaf) -> bool:
    """Whether it stands in the body of an enum."""
    owner = node.search_ancestor("funcdef", "classdef")
    return owner is not None and owner.type == "classdef" and "Enum" in owner.get_code().split(":", 1)[0]
