"""`cues`, `config`, `completion`, `guide`. What they do is imported when they are called."""

from __future__ import annotations

from typing import Unpack

import click

from runback.cli import completion, options, settings_source
from runback.cli.cue_output import CueOptions, cue_options


@click.command()
@click.argument("kinds", nargs=-1, metavar="[CUE]...", shell_complete=completion.cues)
@click.option("--list", "only_list", is_flag=True, help="Say what there is; play nothing.")
@click.option("--quiet", is_flag=True, help="Play, and print nothing.")
@settings_source.units_option
@cue_options
def cues(kinds: tuple[str, ...], only_list: bool, quiet: bool, **asked: Unpack[CueOptions]) -> int:
    """Play every cue, or only those named, and say what plays them.

    Without sound it says so; that is no error, as every cue is shown too.
    """
    from runback.cli.commands.cues import play_cues

    return play_cues(kinds, asked, only_list=only_list, quiet=quiet)


@click.command()
@click.argument("name", required=False, shell_complete=completion.settings)
@click.argument("value", required=False, shell_complete=completion.values)
@click.option("--unset", is_flag=True, help="Take NAME out of the file: its default holds again.")
@click.option("--path", is_flag=True, help="Where the file is, or would be.")
@click.option("--example", is_flag=True, help="A whole file with every setting, its meaning and its default.")
@options.json
def config(name: str | None, value: str | None, unset: bool, path: bool, example: bool, json: bool) -> int:
    """Show the settings and what they mean, or set one: NAME to VALUE, in the file.

    An option wins over the environment (RUNBACK_UNITS, RUNBACK_CUES_VOLUME), that over the file, that over the default.
    """
    from runback.cli.commands.config import ConfigOptions, configure

    return configure(ConfigOptions(name, value, unset=unset, path=path, example=example, json=json))


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def print_completion(shell: str) -> int:
    """Print what makes SHELL complete commands, workouts, treadmills and sessions.

    \b
    bash:  eval "$(runback completion bash)"     in ~/.bashrc
    zsh:   eval "$(runback completion zsh)"      in ~/.zshrc
    fish:  runback completion fish > ~/.config/fish/completions/runback.fish
    """
    click.echo(completion.script(click.get_current_context().find_root().command, shell))
    return 0


@click.command()
@click.argument("topic", required=False, shell_complete=completion.topics)
def guide(topic: str | None) -> int:
    """Show the manual: the list of topics, or one of them."""
    from runback.cli.commands.guide import show_guide

    return show_guide(topic)


COMMANDS = (cues, config, print_completion, guide)
