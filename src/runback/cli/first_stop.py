"""The first Stop of `runback stop`: written over a link of our own before all that brings a belt to rest is imported.

Rules:
- It imports bleak and no more; the rest takes several times as long, and is imported meanwhile.
- It goes to the control point (FTMS 2AD9), once, after its indications are on. What the treadmill answers, what must go
  ahead of Stop on some (quirks 6, 7), and whether the belt obeys is the business of those who take the link over: they
  write Stop again.
- Whatever fails here is theirs as well.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterable
from pathlib import Path

from runback.cli.begun_link import BegunLink
from runback.cli.marks import belt_mark
from runback.errors import LinkLost, TreadmillNotFound
from runback.link.ble_scan import connected_machines, nearest
from runback.link.remembered import Remembered

LISTEN_FOR = 3.0
"""Seconds of listening for a treadmill that nobody has named."""


def stop_over_links(treadmill: str | None, trace: Path | None, profile: str | None, *, clear_mark: bool) -> int:
    """Stop what is meant over links of our own; the exit code. Raises LinkError."""
    return asyncio.run(_over_links(treadmill, trace, profile, clear_mark=clear_mark))


async def _over_links(treadmill: str | None, trace: Path | None, profile: str | None, *, clear_mark: bool) -> int:
    loading = asyncio.create_task(asyncio.to_thread(importlib.import_module, "runback.cli.rescue"))
    marks = belt_mark("").found()
    remembered = [left.machine for left in marks if left.machine.address]
    targets = [treadmill] if treadmill is not None else await found(remembered)
    links = []
    for wanted in targets:
        abandoned = any(left.may_be(wanted) and not left.driven() for left in marks)
        links.append(BegunLink.to(wanted, remembered, abandoned=abandoned))
        await links[-1].stop()
    await loading
    from runback.cli.recording import recording
    from runback.cli.rescue import bring_to_rest
    from runback.cli.session_factory import catalog_of

    with recording(json=False, trace=trace, needed=False) as recorder:  # a trace that cannot be kept stops no Stop
        codes = [
            await bring_to_rest(
                link, recorder, catalog_of(link.wanted, profile, stopping=profile is not None), clear_mark=clear_mark
            )
            for link in links
        ]
    return max(codes)


async def found(remembered: Iterable[Remembered]) -> list[str]:
    """The treadmills to be stopped where nobody has named one: what is connected to this computer, those a session left
    first; else the addresses that sessions left; else what is heard. Raises LinkLost, TreadmillNotFound."""
    homes = list(dict.fromkeys(one.address for one in remembered if one.address))
    here = [one.address for one in await connected_machines()]
    if here:
        at_home = {home.casefold() for home in homes}
        return sorted(here, key=lambda address: address.casefold() not in at_home)
    if homes:
        return homes
    heard = await nearest(LISTEN_FOR)
    if not heard:
        raise LinkLost("no treadmill is connected or in reach; name it with --treadmill, or pull the safety key")
    if len(heard) > 1:
        several = ", ".join(str(one) for one in heard)
        raise TreadmillNotFound(f"several treadmills are in reach: {several}; name one with --treadmill")
    return [heard[0].address]
