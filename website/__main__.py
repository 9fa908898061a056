"""`python -m website`: the whole site; `python -m website 02 09`: a preview of some chapters."""

import sys
import time

import click

from website import build
from website.chapters import BookError
from website.words import LANGUAGES


@click.command()
@click.argument("chapter", nargs=-1)
@click.option("--language", type=click.Choice(LANGUAGES), help="Of a preview; without it both.")
@click.option("--draft", is_flag=True, help="Build what is there, though chapters are missing; complaints are printed.")
def main(chapter, language, draft):
    """Build the site into build/site, or a preview of each CHAPTER (such as 02) into build/preview."""
    if language and not chapter:
        raise click.UsageError("website: `--language` is for a preview; name a chapter, too.")
    begun = time.monotonic()
    try:
        folder = build.build(chapter, [language] if language else LANGUAGES, draft, click.echo)
    except BookError as error:
        sys.exit(str(error))
    click.echo(f"{folder.relative_to(build.ROOT)}/index.html after {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
