"""`tfnotes completion`: click's own script for the user's shell."""

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx, shell):
    """Print the completion script for SHELL; in bash: eval "$(tfnotes completion bash)"."""
    completion = get_completion_class(shell)
    click.echo(completion(ctx.find_root().command, {}, "tfnotes", "_TFNOTES_COMPLETE").source())
