"""Every press is a Stop, whatever stands in front: the help, the palette, the palette with text in its field."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Spread, Target
from tests.benchmarks.samples import Program
from tests.benchmarks.side_by_side import ABREAST, Trace, counting_down, side_by_side, trace_of
from tests.benchmarks.treadmills import treadmills

pytestmark = pytest.mark.timeout(7200)

FRONTS = {
    "help": (b"?", b"ANY OTHER KEY", b""),
    "palette": (b"\x10", b"Search for", b""),
    "palette, text typed": (b"\x10", b"Search for", b"hel"),
}
"""The key that opens it, what it then shows, what is typed into it."""
KEYS = {"space": b" ", "Ctrl-C": b"\x03", "q": b"q", "Esc": b"\x1b"}
"""What is Stop even in a field. A lone Esc is waited for, in case more follows (`engine.keyboard.ESC_WAIT`)."""
SETTLE = 0.15


@dataclass
class Tally:
    """What came of the presses of one program."""

    presses: int = 0
    stops: int = 0
    lost: list[str] = field(default_factory=list)
    took: dict[str, list[float]] = field(default_factory=dict)


def hammer(program: Program, trace: Trace, presses: int, chance: random.Random) -> Tally:
    """`presses` Stops of one program, each with something in front."""
    tally = Tally()
    program.run()
    assert program.stop() is not None
    while tally.presses < presses:
        counting_down(program, trace)
        front = chance.choice(list(FRONTS))
        key, shown, typed = FRONTS[front]
        program.terminal.forget()
        program.terminal.press(key)
        assert program.terminal.shows(shown, within=5.0), f"{front} does not open: {program.terminal.tail!r}"
        if typed:
            program.terminal.press(typed)
        time.sleep(SETTLE + 0.2 * chance.random())
        trace.catch_up()
        assert trace.phase in ("countdown", "starting", "running"), trace.phase
        name = chance.choice(list(KEYS))
        tally.presses += 1
        took = program.stop(KEYS[name])
        if took is None:
            tally.lost.append(f"{name} with {front}")
            program.stop(b"\x04")
        else:
            tally.stops += 1
            tally.took.setdefault("Esc" if name == "Esc" else front, []).append(took)
    return tally


def test_every_press_is_a_stop_whatever_stands_in_front(
    system_bus: str, tmp_path: Path, keep: Callable[[Figure], None], count: Callable[[str, int], int]
) -> None:
    presses = count("presses", 24)
    each = -(-presses // ABREAST)
    with (
        treadmills(system_bus, ABREAST, "--speed", "4") as bench,
        side_by_side(bench, tmp_path, trace=True) as programs,
        ThreadPoolExecutor(ABREAST) as pool,
    ):
        traces = [Trace(trace_of(tmp_path, program.address)) for program in programs]
        chances = [random.Random(number) for number in range(ABREAST)]
        tallies = list(pool.map(hammer, programs, traces, [each] * ABREAST, chances))
    figure = Figure(
        "presses with something in front",
        f"key -> 08 01 at the bench, real program on real bleak, {ABREAST} sessions side by side with a trace each; "
        "pressed in the countdown of a resume, once the trace has said so and the front has been drawn",
    )
    names = sorted({name for tally in tallies for name in tally.took})
    for name in names:
        took = [each for tally in tallies for each in tally.took.get(name, [])]
        figure.spreads[name if name == "Esc" else f"{name}, other keys"] = Spread.of_seconds(took)
    pressed, stopped = sum(tally.presses for tally in tallies), sum(tally.stops for tally in tallies)
    figure.facts = {"presses": pressed, "stops": stopped, "lost": [one for tally in tallies for one in tally.lost]}
    figure.targets = [Target("presses without a Stop", pressed - stopped, 0)]
    keep(figure)
