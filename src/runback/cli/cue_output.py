"""The options of what is heard, and joining it to a session."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from runback.cli import completion, settings_source
from runback.cli.number_types import WholeParam
from runback.cli.options import part, together
from runback.cli.settings_source import SettingOption
from runback.errors import InputError

if TYPE_CHECKING:
    from runback.cues.settings import CueSettings
    from runback.engine.ports import EnginePort
    from runback.engine.publisher import CueHandler


@dataclass(frozen=True, slots=True)
class CueOptions:
    """What the options say. `sound` None: as is usual for this kind of session; `volume` percent."""

    sound: bool | None
    tones: bool
    speech: bool
    mute: tuple[str, ...]
    volume: int
    say: str


cue_options = together(
    click.option(
        "--sound/--no-sound",
        cls=SettingOption,
        setting="cues.sound",
        means={"auto": None, "on": True, "off": False},
        default=None,
        help="Tones and speech. On with a screen in real time; else off.",
    ),
    click.option(
        "--tones/--no-tones",
        cls=SettingOption,
        setting="cues.tones",
        default=True,
        help="Tones, where there is sound.",
    ),
    click.option(
        "--speech/--no-speech",
        cls=SettingOption,
        setting="cues.speech",
        default=True,
        help="Spoken words, where there is sound.",
    ),
    click.option(
        "--mute",
        cls=SettingOption,
        setting="cues.mute",
        multiple=True,
        metavar="CUE",
        shell_complete=completion.cues,
        help="Leave this one out; `runback cues --list` names them.",
    ),
    click.option(
        "--volume",
        cls=SettingOption,
        setting="cues.volume",
        type=WholeParam(0, 100),
        default=80,
        show_default=True,
        metavar="PERCENT",
        help="Of tones and speech.",
    ),
    click.option(
        "--say",
        cls=SettingOption,
        setting="cues.say",
        unset=lambda: settings_source.unit().value,
        type=click.Choice(["km/h", "mph", "min/km", "min/mi"]),
        default="km/h",
        show_default=True,
        help="What speeds are said in; if not given, as they are shown.",
    ),
    part("cues", CueOptions),
)
"""Add the options to a command, which has them as `cues`."""


def settings(asked: CueOptions) -> CueSettings:
    """The options as settings. Raises InputError."""
    from runback.cues.settings import CueSettings, kinds
    from runback.units import Unit

    return CueSettings(
        tones=asked.tones,
        speech=asked.speech,
        muted=kinds(asked.mute, "--mute"),
        unit=Unit(asked.say),
        volume=asked.volume / 100,
    )


def _typed(option: str) -> bool:
    """Whether `option` was given with this command, and is not a setting."""
    context = click.get_current_context(silent=True)
    return context is None or context.get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE


@contextlib.contextmanager
def open_cue_output(
    asked: CueOptions | None, *, alone: bool, real_time: bool
) -> Iterator[Callable[[EnginePort], CueHandler | None]]:
    """Within, the callable makes what an engine's cues are heard by, on its running loop; None if nothing is to be.

    `alone`: nobody is expected to listen. Raises InputError for sound without real time.
    """
    if asked is not None and asked.sound and not real_time and _typed("sound"):
        raise InputError("--sound", "cues keep real time", "leave out --speedup")
    if asked is None or not real_time or not (asked.sound or (asked.sound is None and not alone)):
        yield lambda _: None
        return
    import asyncio

    from runback.cues.client import CueClient

    wanted = settings(asked)
    with contextlib.ExitStack() as stack:

        def be_heard(engine: EnginePort) -> CueHandler:
            loop = asyncio.get_running_loop()

            def told(line: str) -> None:
                with contextlib.suppress(RuntimeError):  # the loop is closed: nobody looks any more
                    loop.call_soon_threadsafe(engine.remark, line)

            cue_client = CueClient(wanted, clock=engine.now, told=told)
            stack.callback(cue_client.close)
            cue_client.begin()
            return cue_client.cry

        yield be_heard
