"""`runback completion`: what makes a shell complete."""

from __future__ import annotations

import click

from runback.cli.completion import script


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print what makes SHELL complete commands, workouts, treadmills and sessions.

    \b
    bash:  eval "$(runback completion bash)"     in ~/.bashrc
    zsh:   eval "$(runback completion zsh)"      in ~/.zshrc
    fish:  runback completion fish > ~/.config/fish/completions/runback.fish
    """
    click.echo(script(click.get_current_context().find_root().command, shell))
    return 0
