"""`runback decode`: a characteristic's bytes, read as the specification says."""

from __future__ import annotations

import click

from runback.config_files.error_text import json_line


@click.command()
@click.argument("uuid")
@click.argument("data", nargs=-1, required=True, metavar="HEX...")
def decode(uuid: str, data: tuple[str, ...]) -> int:
    """Decode a characteristic's bytes to JSON. UUID as `2ACD` or full; several HEX are successive notifications."""
    from runback.ftms.describe import describe, parse_hex

    for record in describe(uuid, [parse_hex(text) for text in data]):
        click.echo(json_line(record))
    return 0
