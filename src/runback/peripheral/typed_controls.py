"""The hands of whoever sits at the simulated treadmill: a line each, as typed.

Rules: a line either names one deed and what it takes, or nothing is done and it is said what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runback import number_parsing
from runback.errors import InputError
from runback.simulator.treadmill import Treadmill

_MEND = "type start, stop, pause, speed KM/H, incline PERCENT, key out, key in, or take"
_DEEDS: Mapping[str, Callable[[Treadmill, float], bool]] = {
    "start": lambda machine, now: machine.buttons.press_start(now),
    "stop": lambda machine, now: machine.buttons.press_stop(now),
    "pause": lambda machine, now: machine.buttons.press_pause(now),
    "key out": lambda machine, now: machine.buttons.pull_key(now),
    "key in": lambda machine, now: machine.buttons.insert_key(now),
    "take": lambda machine, now: machine.take_control(now),
}
_SETTINGS: Mapping[str, Callable[[Treadmill, float, float], bool]] = {
    "speed": lambda machine, now, value: machine.buttons.set_speed(now, round(value * 100)),
    "incline": lambda machine, now, value: machine.buttons.set_incline(now, round(value * 10)),
}


def execute(line: str, machine: Treadmill, now: float) -> bool:
    """Do at `machine` what `line` says; whether it had an effect. Raises InputError."""
    words = line.casefold().split()
    if (deed := _DEEDS.get(" ".join(words))) is not None:
        return deed(machine, now)
    if len(words) == 2 and (setting := _SETTINGS.get(words[0])) is not None:
        return setting(machine, now, _number(words[1], line))
    raise InputError(f"“{line.strip()}”", "nothing at the treadmill is called that", _MEND)


def _number(text: str, line: str) -> float:
    value = number_parsing.decimal(text.replace(",", "."))
    if value is None or not -100 <= value <= 100:
        raise InputError(f"“{line.strip()}”", f"{text} is not a speed or incline", _MEND)
    return float(value)
