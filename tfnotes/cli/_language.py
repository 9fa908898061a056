"""The option `--lang`, of commands that speak in sentences."""

import click

from tfnotes import language


def option(command):
    """Decorator that gives a command `--lang`; unless given, the environment decides."""
    return click.option(
        "--lang",
        type=click.Choice(language.LANGUAGES),
        default=language.default,
        help="Language of what is said; by default that of TFNOTES_LANG or the locale.",
    )(command)
