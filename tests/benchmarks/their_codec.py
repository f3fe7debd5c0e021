"""pyftms' decoder of Treadmill Data, as it comes from the registry, not a line of it changed.

No version of pyftms, 0.1.0 to 0.4.15, imports on Python 3.11 (`typing.override`, and f-strings of 3.12 in its scanner),
though 0.2.20 asks for 3.11. Its serializer and models are sound there, so where the package as a whole does not import
they are loaded alone: its packages stand as bare folders, and the one name they want of the scanner's is a stand-in.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import sys
import typing
from collections.abc import Callable
from enum import IntEnum
from types import ModuleType
from typing import NamedTuple

Decode = Callable[[bytes], object]


class Theirs(NamedTuple):
    """pyftms, ready: the bare `record`, and the `values` by name, which its own client makes of every record before
    anybody sees it (`DataUpdater._on_notify`)."""

    record: Decode
    values: Decode
    version: str


class _MovementDirection(IntEnum):
    """What a cross trainer's model asks for; no treadmill's."""

    FORWARD = 0


def load() -> Theirs:
    """The decoder. Raises ModuleNotFoundError without pyftms (`pip install -e '.[bench]'`)."""
    version = importlib.metadata.version("pyftms")
    try:
        importlib.import_module("pyftms")
        how = "as it imports"
    except (ImportError, SyntaxError):
        for name in [name for name in sys.modules if name.split(".")[0] == "pyftms"]:
            del sys.modules[name]
        _bare("pyftms")
        _bare("pyftms.client")
        properties = ModuleType("pyftms.client.properties")
        properties.MovementDirection = _MovementDirection  # type: ignore[attr-defined]
        sys.modules[properties.__name__] = properties
        if not hasattr(typing, "override"):
            typing.override = lambda method: method  # type: ignore[attr-defined]
        how = "serializer and models alone, the package does not import here"
    model = importlib.import_module("pyftms.models.realtime_data.treadmill").TreadmillData
    serializer = importlib.import_module("pyftms.serializer").get_serializer(model)
    return Theirs(serializer.deserialize, lambda data: serializer.deserialize(data)._asdict(), f"{version}, {how}")


def _bare(name: str) -> None:
    """Let `name` be a package without running its door."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(name)
    package = ModuleType(name)
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules[name] = package
