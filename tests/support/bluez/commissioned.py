"""The benches' treadmill as a person's own, who has commissioned it: a profile in the configuration folder.

It says nothing but which machine it is: what it counts speed in is found out by every session, as of any machine.
"""

from __future__ import annotations

from pathlib import Path

OWN = """
title = "The bench's treadmill"
unverified = "everything but what it does on this bench"
[[evidence]]
source = "the bench"
level = "observed-here"
covers = "read, stopped, started"
[match]
name_prefix = ["{prefix}"]
"""


def commissioned(config: Path, prefix: str = "Simulated Treadmill") -> Path:
    """Put the profile, of machines whose name begins with `prefix`, below `config`, the folder of XDG_CONFIG_HOME,
    which is returned."""
    folder = config / "runback" / "devices"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.toml").write_text(OWN.format(prefix=prefix), encoding="utf-8")
    return config
