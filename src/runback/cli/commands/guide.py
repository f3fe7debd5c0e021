"""`runback guide`: the manual, a topic at a time."""

from __future__ import annotations

import sys

import click

from runback import guide as manual
from runback.cli import completion
from runback.cli.saying import say
from runback.config_files.error_text import nearest, quoted
from runback.errors import InputError

WIDEST = 100
"""Columns of text at most: longer lines are hard to read."""


@click.command()
@click.argument("topic", required=False, shell_complete=completion.topics)
def guide(topic: str | None) -> int:
    """Show the manual: the list of topics, or one of them."""
    if topic is None:
        width = max(map(len, manual.TOPICS))
        for each in manual.TOPICS:
            say(f"  {each:<{width}}  {manual.title(each)}")
        say("`runback guide TOPIC` shows one.")
        return 0
    if topic not in manual.TOPICS:
        near = nearest(topic, manual.TOPICS)
        hint = f"did you mean {quoted(near)}?" if near else "`runback guide` lists the topics"
        raise InputError(f"guide topic {quoted(topic)}", "there is no such topic", hint)
    if sys.stdout.isatty():  # elsewhere it is Markdown, as it is kept
        _page(manual.text(topic))
    else:
        say(manual.text(topic).rstrip("\n"))
    return 0


def _page(markdown: str) -> None:
    """Show `markdown` laid out, in a pager if it does not fit the window."""
    # Imported here: no other command needs it.
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    console.width = min(console.width, WIDEST)
    with console.capture() as laid_out:
        console.print(Markdown(markdown))
    text = laid_out.get()
    if text.count("\n") < console.height:
        click.echo(text, nl=False)
    else:
        click.echo_via_pager(text, color=not console.no_color)
