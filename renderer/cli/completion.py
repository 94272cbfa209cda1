"""``figreel completion``: what a shell needs to complete the command's words."""

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "fish", "zsh"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    For bash: put ``eval "$(figreel completion bash)"`` into ~/.bashrc. For zsh the same into ~/.zshrc; for fish:
    ``figreel completion fish > ~/.config/fish/completions/figreel.fish``.
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click has all three
    variable = "_{}_COMPLETE".format("FIGREEL")  # as click derives it from the command's name
    click.echo(kind(ctx.find_root().command, {}, "figreel", variable).source())
