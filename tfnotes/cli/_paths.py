"""The type of every argument that is a file or a folder."""

import click


class Path(click.Path):
    """A path as click takes it, but for an empty one, which Python takes for the current folder."""

    def convert(self, value, param, ctx):
        if value in ("", b""):
            self.fail("must name a file or a folder. Received: ''.", param, ctx)
        return super().convert(value, param, ctx)
