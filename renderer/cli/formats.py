"""``figreel formats``: what can be written here."""

import click

from renderer import formats as installed_formats


@click.command()
def formats() -> None:
    """List the formats whose libraries are installed, with their media types."""
    for entry in installed_formats().values():
        kind = "still picture" if entry.still else "animation"
        alpha = "alpha" if entry.transparency else "no alpha"
        click.echo(f"{entry.name:<5} {entry.media_type:<12} {kind}, {alpha}")
