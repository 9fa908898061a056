"""The type of every argument that is a file or a folder."""

import os

import click


class Path(click.Path):
    """A path as click takes it, but for an empty one, which Python takes for the current folder, and a zero byte."""

    def convert(self, value, param, ctx):
        if value in ("", b""):
            self.fail("must name a file or a folder. Received: ''.", param, ctx)
        if "\0" in os.fsdecode(value):
            self.fail(f"must be a path without a zero byte. Received: {value!r}.", param, ctx)
        return super().convert(value, param, ctx)
