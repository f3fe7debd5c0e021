"""Copies of a state, and what tells two states apart: for plain objects without callbacks, as a core without I/O is.

Rules:
- A float is a moment on the clock unless `LENGTHS` names it: states are compared by how far off their moments are, so
  that the same situation an hour later is the same state. What is longer ago than `PAST` is equally long ago.
- Figures that only a person reads (`UNREAD`) tell nothing apart. Anything else does, new attributes of the core
  included: an attribute this file has never heard of makes more states, never fewer.
- A copy shares what cannot change (numbers, enums, frozen dataclasses, tuples) and copies everything else once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import is_dataclass
from enum import Enum
from operator import attrgetter, itemgetter
from typing import Any, Final

from runback.machine.client import Capabilities
from runback.machine.quirks import MachineQuirks
from runback.session.timeline import Stopwatch

PAST: Final = 6.5
"""Seconds: the longest ago that any rule of the core looks at, but for those in `LONG_AGO`."""
LONG_AGO: Final = {"_lowered_at": 31.0, "lag_since": 31.0, "start_deadline": 60.0}
LENGTHS: Final = frozenset(
    {"gap", "_least_gap", "fall_within", "after", "_walked", "_without", "_run_cap", "start", "_banked"}
)
"""Durations and positions, not moments."""
UNREAD: Final = frozenset(
    {
        "notice",
        "reason",
        "stop_reason",
        "totals",
        "ran",
        "ramps",
        "cues",
        "_cues",
        "_calls",
        "record",
        "trail",
        "log",
        "scene",
    }
    | {"workout", "changed", "lag", "unit", "_unit", "_ticked_at", "_asked_at", "trip"}
)
_STEPS_A_SECOND: Final = 20
_FAR: Final = 10_000.0
"""Seconds: never."""

_ATOM, _FLOAT, _TUPLE, _LIST, _DICT, _SLOTS, _OBJECT, _SHALLOW, _WATCH, _ENUM = range(10)


def _how(kind: type) -> int:
    if kind is float:
        return _FLOAT
    if issubclass(kind, Enum):
        return _ENUM
    if kind in (int, str, bytes, bool, type(None), frozenset):
        return _ATOM
    if kind is tuple:
        return _TUPLE
    if kind in (list, deque, set):
        return _LIST
    if kind is dict:
        return _DICT
    if kind in (MachineQuirks, Capabilities):
        return _SHALLOW
    if kind is Stopwatch:
        return _WATCH
    if is_dataclass(kind) and kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]  # typeshed hides it
        return _ATOM
    if kind.__module__.startswith(("runback.", "tests.search.")):
        return _OBJECT if hasattr(kind, "__dict__") and "__dict__" not in _slots(kind) and _has_dict(kind) else _SLOTS
    raise TypeError(f"nobody knows how to copy {kind!r}")


def _slots(kind: type) -> tuple[str, ...]:
    return tuple(name for each in kind.__mro__ for name in each.__dict__.get("__slots__", ()))


def _has_dict(kind: type) -> bool:
    return any("__dict__" in each.__dict__ for each in kind.__mro__ if each is not object)


_HOW: dict[type, int] = {}
_NAMES: dict[type, tuple[str, ...]] = {}
_ALL: dict[type, Callable[[Any], tuple[Any, ...]]] = {}
"""Caches of what follows from a class alone."""


def _kind_of(kind: type) -> int:
    how = _HOW[kind] = _how(kind)
    if how in (_SLOTS, _WATCH):
        _NAMES[kind] = _slots(kind)
        _ALL[kind] = _getter(_NAMES[kind], slotted=True)
    return how


_SHARED = frozenset({_ATOM, _FLOAT, _TUPLE, _SHALLOW, _ENUM})


class _Plan:
    """What is to be done with an object of one class whose attributes have certain types."""

    __slots__ = ("atoms", "deep", "enums", "lengths", "moments", "names", "nested", "number", "slotted")

    def __init__(self, names: tuple[str, ...], kinds: tuple[type, ...], owner: type, *, slotted: bool) -> None:
        hows = {name: _HOW[kind] if kind in _HOW else _kind_of(kind) for name, kind in zip(names, kinds, strict=True)}
        read = {name: how for name, how in hows.items() if name not in UNREAD}
        key = (owner, *((name, kind) for name, kind in zip(names, kinds, strict=True) if name in read))
        self.number = _NUMBERS.setdefault(key, len(_NUMBERS))
        """The same for two plans that differ only in what is not read."""
        self.names = names
        self.slotted = slotted
        self.deep = tuple(name for name, how in hows.items() if how not in _SHARED)
        self.atoms = _getter(tuple(name for name, how in read.items() if how == _ATOM), slotted=slotted)
        self.enums = _getter(tuple(name for name, how in read.items() if how == _ENUM), slotted=slotted)
        floats = tuple(name for name, how in read.items() if how == _FLOAT)
        self.lengths = _getter(tuple(name for name in floats if name in LENGTHS), slotted=slotted)
        self.moments = tuple((name, LONG_AGO.get(name, PAST)) for name in floats if name not in LENGTHS)
        self.nested = tuple(name for name, how in read.items() if how not in (_ATOM, _ENUM, _FLOAT, _SHALLOW))


def _getter(names: tuple[str, ...], *, slotted: bool) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda _: ()
    make = attrgetter if slotted else itemgetter
    get = make(*names)
    return get if len(names) > 1 else lambda value: (get(value),)


_PLANS: dict[tuple[type, ...], _Plan] = {}
_NUMBERS: dict[tuple[object, ...], int] = {}


def _plan(value: Any, kind: type, how: int) -> _Plan:
    if how == _OBJECT:
        inner = value.__dict__
        signature = (kind, *map(type, inner.values()))
        names: tuple[str, ...] = ()
    else:
        names = _NAMES[kind]
        values = _ALL[kind](value)
        signature = (kind, *map(type, values))
    plan = _PLANS.get(signature)
    if plan is None:
        names = names or tuple(value.__dict__)
        plan = _PLANS[signature] = _Plan(names, signature[1:], kind, slotted=how != _OBJECT)
    return plan


def copied(value: Any, memo: dict[int, Any]) -> Any:
    """`value` again, sharing nothing that can change. `memo` starts empty and keeps what is reached twice one."""
    kind = type(value)
    how = _HOW.get(kind)
    if how is None:
        how = _kind_of(kind)
    if how in _SHARED:
        return value
    key = id(value)
    known = memo.get(key)
    if known is not None:
        return known
    if how == _OBJECT:
        plan = _plan(value, kind, how)
        made = memo[key] = object.__new__(kind)
        outer, inner = value.__dict__, made.__dict__
        inner.update(outer)
        for name in plan.deep:
            inner[name] = copied(outer[name], memo)
        return made
    if how in (_SLOTS, _WATCH):
        made = memo[key] = object.__new__(kind)
        for name in _NAMES[kind]:
            each = getattr(value, name)
            setattr(made, name, each if _HOW.get(type(each)) in _SHARED else copied(each, memo))
        return made
    if how == _DICT:
        made = memo[key] = {name: copied(each, memo) for name, each in value.items()}
        return made
    made = memo[key] = kind(copied(each, memo) for each in value)
    return made


def fingerprint(value: object, now: float) -> int:
    """What tells this state from others, as one number."""
    out: list[object] = []
    _walk(value, now, out, set())
    return hash(tuple(out))


def _moment(at: float, now: float, past: float) -> int:
    return round(min(max(at - now, -past), _FAR) * _STEPS_A_SECOND)


def _walk(value: Any, now: float, out: list[object], met: set[int]) -> None:
    kind = type(value)
    how = _HOW.get(kind)
    if how is None:
        how = _kind_of(kind)
    if how == _ATOM:
        out.append(value)
    elif how in (_ENUM, _SHALLOW):
        out.append(id(value) if how == _ENUM else 1)
    elif how == _FLOAT:
        out.append(_moment(value, now, PAST))
    elif how == _WATCH:
        out.append(value.running)
        out.append(round(value.read(now) * _STEPS_A_SECOND))
    elif how in (_TUPLE, _LIST):
        out.append(len(value))
        for each in value:
            _walk(each, now, out, met)
    elif how == _DICT:
        out.append(len(value))
        for name, each in value.items():
            out.append(name)
            _walk(each, now, out, met)
    elif id(value) in met:
        out.append(2)
    else:
        met.add(id(value))
        plan = _plan(value, kind, how)
        source = value if plan.slotted else value.__dict__
        out.append(plan.number)
        out += plan.atoms(source)
        out += map(id, plan.enums(source))
        out += plan.lengths(source)
        if plan.slotted:
            for name, past in plan.moments:
                out.append(_moment(getattr(value, name), now, past))
            for name in plan.nested:
                _walk(getattr(value, name), now, out, met)
        else:
            for name, past in plan.moments:
                out.append(_moment(source[name], now, past))
            for name in plan.nested:
                _walk(source[name], now, out, met)
