"""Every setting, its default, and what it means.

Rules:
- A field's docstring is what `runback config` says of it: the setting is documented where it stands, and nowhere else.
- A setting may narrow what is allowed, never widen it. None is asked on the way to Stop.
- What is added here is at once in the file, in the environment, in `runback config` and, where an option of a command
  has the same name, that option's default.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from runback.errors import InputError
from runback.session.model import CountFrom, SteppedOff
from runback.settings.key_names import keys_of, read_keys
from runback.theme import Theme
from runback.units import Unit
from runback.workout.quantities import speed_value

HIGHEST = 2000
"""0.01 km/h: nothing set here raises what the safety gate allows."""


class SoundMode(StrEnum):
    """When there is sound."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


def _unit(value: object) -> object:
    return Unit.MIN_PER_KM if value == "pace" else value


def _sound(value: object) -> object:
    """`sound = true` says what it means."""
    return {True: SoundMode.ON, False: SoundMode.OFF}[value] if isinstance(value, bool) else value


def _cap(value: object) -> int | None:
    """0.01 km/h; refuses what is above `HIGHEST`."""
    if value is None or value == "":
        return None
    try:
        speed = speed_value(value, "")
    except InputError as error:
        raise ValueError(f"{error.what}; {error.hint}") from None
    if speed > HIGHEST:
        raise ValueError("runback never goes above 20 km/h; write 20 or less")
    return speed


IN_KMH = "km/h"
"""Marks a setting that is held in 0.01 km/h and shown in km/h."""
Cap = Annotated[int | None, BeforeValidator(_cap), IN_KMH]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


KeySettings = Annotated[tuple[str, ...], BeforeValidator(read_keys)]


class Cues(_Table):
    """What is heard. `--no-sound`, `--mute` and their like win over it."""

    sound: Annotated[SoundMode, BeforeValidator(_sound)] = SoundMode.AUTO
    """Tones and speech: `auto` (with a screen and in real time), `on`, or `off`."""
    tones: bool = True
    """Tones, where there is sound."""
    speech: bool = True
    """Spoken words, where there is sound."""
    mute: tuple[str, ...] = ()
    """Cues that are not heard; `runback cues --list` names them. They are still shown."""
    volume: Annotated[int, Field(strict=True, ge=0, le=100)] = 80
    """Of tones and speech, in per cent."""
    say: Annotated[Unit | None, BeforeValidator(_unit)] = None
    """What speeds are said in: km/h, mph, min/km or min/mi. If unset, as `units`."""


class KeyTable(_Table):
    """Which key is which control: one key, or a list. Every other key stops the belt, a key you take away from a
    control too. Space, Esc, Ctrl-C and q always stop, Enter starts and goes on; none of these can be given away."""

    trouble: KeySettings = keys_of("trouble")
    """Something is wrong: eased off at once."""
    pause: KeySettings = keys_of("pause")
    """Pause."""
    ease_off: KeySettings = keys_of("ease_off")
    """Ease off: to walking now, the rest of the session is walked."""
    faster: KeySettings = keys_of("faster")
    """0.5 km/h more, counted down; the step is the same in every unit."""
    slower: KeySettings = keys_of("slower")
    """0.5 km/h less, at once."""
    skip: KeySettings = keys_of("skip")
    """The next step."""
    repeat: KeySettings = keys_of("repeat")
    """This step again."""
    extend: KeySettings = keys_of("extend")
    """30 s more of this step."""
    steeper: KeySettings = keys_of("steeper")
    """Incline 1 % up."""
    flatter: KeySettings = keys_of("flatter")
    """Incline 1 % down."""
    help: KeySettings = keys_of("help")
    """The help."""
    theme: KeySettings = keys_of("theme")
    """The next theme; with `plain`, how things stand."""


class KeyboardOwner(StrEnum):
    """Who reads the keyboard. `keeper` is what 0.1.0 called the engine; it is still read."""

    AUTO = "auto"
    ENGINE = "engine"
    SCREEN = "screen"

    @classmethod
    def _missing_(cls, value: object) -> KeyboardOwner | None:
        return cls.ENGINE if value == "keeper" else None


class Settings(_Table):
    """Everything that can be set."""

    treadmill: Annotated[str, Field(min_length=1, max_length=200)] = "sim"
    """The treadmill of `run` and `today`: `sim`, `sim:PROFILE`, a name, the beginning of one, or an address.
    `runback stop` does not ask it: it stops the one that is connected."""
    profile: Annotated[str, Field(max_length=200)] = ""
    """The treadmill's profile, by name (`runback treadmills`); if empty, the one that matches."""
    strap: Annotated[str, Field(max_length=200)] = ""
    """The heart-rate strap, by name or address; if empty, none."""
    units: Annotated[Unit, BeforeValidator(_unit)] = Unit.KMH
    """What speeds are shown and said in: km/h, mph, pace (min/km) or min/mi; distances follow in km or miles. Workout
    files, `--json` and exports stay as they are, and + and − stay 0.5 km/h (0.3 mph)."""
    theme: Theme = Theme.DARK
    """Colours of the screens. Ours are dark and light; Textual's are textual-dark, nord, gruvbox, catppuccin-mocha,
    catppuccin-macchiato, catppuccin-frappe, dracula, tokyo-night, monokai, flexoki, solarized-dark, rose-pine,
    rose-pine-moon, atom-one-dark, textual-light, catppuccin-latte, solarized-light, rose-pine-dawn and atom-one-light.
    The key t takes the next one, and it is kept here. In sixteen colours each looks like dark or light."""
    plain: bool = False
    """Sessions are told in lines, one for each event, instead of drawn: for screen readers and simple terminals. Keys
    stay as they are; t says how things stand."""
    max_speed: Cap = None
    """No belt is ever asked to go faster: 12, 7.5 mph or 5:00/km; at most 20 km/h, and if unset that. Treadmill,
    profile, workout and plan may allow less."""
    count_from: CountFrom = CountFrom.COMMAND
    """An interval's time begins when the belt is told its speed (`command`), or once it has it (`speed`)."""
    stepped_off: SteppedOff = SteppedOff.PAUSE
    """How far to go when a treadmill that counts steps counts none on its moving belt: `off`, `warn`, `ease` (slower
    too), or `pause`."""
    stepped_off_after: Annotated[float, Field(strict=True, ge=5, le=120)] = 10.0
    """Seconds without a step until the warning, again until slower, again until the pause."""
    keyboard: KeyboardOwner = KeyboardOwner.AUTO
    """Who reads it: `engine` (the program that drives the belt, before the screen), `screen`, or `auto`: the engine,
    where it can."""
    log_file: Annotated[str, Field(max_length=1000)] = ""
    """A file to which a log is appended, for bug reports: what Bluetooth and runback did in `run`, `today`, `demo`,
    `commission` and `scan`, with the treadmill's name and address. If empty, none. A file of 4 MB is renamed
    FILE.1 first. `runback stop` does not ask it."""
    cues: Cues = Cues()
    keys: KeyTable = KeyTable()
