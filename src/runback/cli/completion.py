"""What a shell completes: click's own machinery, and the words that only runback knows.

Rules:
- A Tab is never answered by an error: what cannot be read has no words. Nothing is written, and no radio is asked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback.errors import RunbackError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

WHOLE_WORDS = """
COMP_WORDBREAKS=${COMP_WORDBREAKS//:/}  # sim:NAME is one word
"""
BASH = r"""
_runback_completion() {
    local answer kind value word=${COMP_WORDS[COMP_CWORD]}
    answer=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD _RUNBACK_COMPLETE=bash_complete "$1")
    COMPREPLY=()
    while IFS=',' read -r kind value; do
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                if [[ $value == *[^A-Za-z0-9_.:/%+=@-]* ]]; then
                    # It may mean something to the shell: quote it, or leave it out where the quotes begun do not do.
                    case $word in
                        \"*) [[ ${word:1} == *[\"\']* || $value == *[\"\\\$\`!]* ]] && continue ;;
                        \'*) [[ ${word:1} == *[\"\']* || $value == *\'* ]] && continue ;;
                        *[\"\'\$]*) continue ;;
                        *) printf -v value %q "$value" ;;
                    esac
                fi
                COMPREPLY+=("$value")
                ;;
        esac
    done <<< "$answer"
}

complete -o nosort -F _runback_completion runback
"""
"""Instead of click's, which hands what is completed to the shell as it is: a file called `x;touch PWN.toml` in the
folder of the workouts would be two commands. zsh and fish quote by themselves."""


def script(program: click.Command, shell: str) -> str:
    """What makes `shell` ask the program. `shell` is one that click knows."""
    from click.shell_completion import get_completion_class

    if shell == "bash":
        return BASH + WHOLE_WORDS
    kind = get_completion_class(shell)
    return "" if kind is None else kind(program, {}, "runback", "_RUNBACK_COMPLETE").source()


def workouts(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Workouts by name, then files."""
    from runback.cli.files import own_workouts
    from runback.workout.library import BUILT_IN, available

    # A file whose name cannot be shown as it is cannot be typed as it is shown: its path, as shown, leads nowhere.
    known = (one.name for one in available(own_workouts()) if one.source == BUILT_IN or Path(one.source).exists())
    return [*_words(known, begun), *files(begun)]


def files(begun: str) -> list[CompletionItem]:
    """Left to the shell."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="file")] if "/" in begun or begun.startswith(".") else []


def treadmills(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """The simulator, the twins of the profiles, and the treadmill that is set."""
    return _words(["sim", *_own_treadmill(), *(f"sim:{name}" for name in _profiles())], begun)


def profiles(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Profiles by name."""
    return _words(_profiles(), begun)


def faults(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """The simulator's faults, up to their figures."""
    from runback.simulator.faults import FAULT_HELP

    return _words(["help", *dict.fromkeys(usage.partition("[")[0] for usage in FAULT_HELP)], begun)


def sessions(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """`last`, and the newest sessions of the journal."""
    return _words(["last", *_sessions()], begun)


def plans(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Plans by name."""
    from runback.rehab.library import names

    return _words(names(), begun)


def cues(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Cues by name."""
    from runback.session.model import CueKind

    return _words((kind.value.replace(" ", "-") for kind in CueKind), begun)


def settings(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Settings by name."""
    from runback.settings.registry import every

    return _words((each.name for each in every()), begun)


def topics(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Topics of the manual."""
    from runback.guide import TOPICS

    return _words(TOPICS, begun)


def values(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """What the setting named before may be, where that is a choice."""
    from runback.cli.settings_source import UNITS
    from runback.settings.model import SoundMode
    from runback.settings.registry import named
    from runback.theme import Theme

    setting = named(str(context.params.get("name") or ""))
    if isinstance(setting, str):
        return []
    match setting.name:
        case "treadmill":
            return treadmills(context, _, begun)
        case "profile":
            return profiles(context, _, begun)
        case "units" | "cues.say":
            return _words(UNITS, begun)
        case "theme":
            return _words(list(Theme), begun)
        case "cues.sound":
            return _words(list(SoundMode), begun)
        case "cues.mute":
            return cues(context, _, begun)
        case "log_file":
            return files(begun)
        case _:
            return _words(["true", "false"], begun) if setting.field.annotation is bool else []


def _words(known: Iterable[str], begun: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    # A name that cannot be shown cannot be typed either; and the answer to the shell is lines.
    return [CompletionItem(word) for word in known if word.startswith(begun) and word.isprintable()]


def _profiles() -> Iterator[str]:
    from runback.cli.files import own_profiles
    from runback.devices.library import available

    return (entry.name for entry in available(own_profiles()) if entry.error is None)


def _own_treadmill() -> list[str]:
    from runback.cli import settings_source

    with contextlib.suppress(RunbackError):
        return [settings_source.load(settings_source.path()).settings.treadmill]
    return []


def _sessions() -> list[str]:
    from runback.journal.database import default_path
    from runback.journal.queries import history

    with contextlib.suppress(RunbackError):
        return [str(session.id) for session in history(default_path(), limit=20)]
    return []
