"""The option `--trust` of the commands that run an export."""

import click

option = click.option("--trust", is_flag=True, help="Let a SavedModel read and write files, and whatever else it does.")
