"""Profiles for tests: a few lines of TOML, and entries made of them."""

from __future__ import annotations

from runback.devices.library import loads
from runback.devices.profile import SHIPPED, Profile, ProfileEntry

EVIDENCE = '[[evidence]]\nsource = "the test"\nlevel = "inferred"\ncovers = "everything"\n'
HEAD = 'title = "A machine"\nunverified = "nothing"\n' + EVIDENCE


def profile(tables: str = "", name: str = "machine") -> Profile:
    """A profile with `tables` and what every profile must have."""
    return loads(HEAD + tables, f"{name}.toml", name)


def entry(name: str, match: str, *, own: bool = False) -> ProfileEntry:
    """One that matches so."""
    return ProfileEntry(name, f"{name}.toml" if own else SHIPPED, profile(f"[match]\n{match}\n", name))
