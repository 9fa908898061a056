"""`tfnotes book`: opens the built site at a topic. It needs no TensorFlow."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from tfnotes.cli import _index, _language
from tfnotes.errors import InputError


def topics(ctx, param, incomplete):
    """Completes a label of the built site."""
    site = _site()
    return [CompletionItem(name) for name in (_labels(site) if site else ()) if name.startswith(incomplete.lower())]


@click.command("book")
@click.argument("topic", nargs=-1, shell_complete=topics)
@click.option("--print", "only_print", is_flag=True, help="Print the page's address instead of opening it.")
@_language.option
def command(topic, only_print, lang):
    """Open the book at TOPIC: a concept, a chapter, a claim, a guide; by any name, such as relu, 白化 or 12.

    The site is made by `make site`, in the folder of tfnotes' source.
    """
    site = _site()
    if site is None:
        raise InputError("book: the site must be built first; run `make site` in the folder of tfnotes' source.")
    page, anchor, label = (site / lang / _page(site, lang, topic)).as_uri().partition("%23")
    address = f"{page}#{label}" if anchor else page
    if only_print:
        click.echo(address)
        return
    import webbrowser

    if not webbrowser.open(address):
        raise InputError(f"book: a browser must be there to open; open it yourself: {address}")


def _site():
    """The built site's folder: below the current one, or beside the package; None if there is none."""
    folders = (Path.cwd() / "build" / "site", _index.PACKAGE.parent / "build" / "site")
    return next((folder for folder in folders if (folder / "labels.json").exists()), None)


def _labels(site):
    import json

    return json.loads((site / "labels.json").read_text("utf-8"))


def _page(site, lang, topic):
    """The page of a topic, below the language's folder."""
    if not topic:
        return "index.html"
    labels, name = _labels(site), "_".join(topic).lower()
    for wanted in (name, name.replace("_", "-")):
        if wanted in labels:
            return labels[wanted]
        for page in (f"{wanted}.html", f"guides/{wanted}.html", f"claims/{wanted}.html", f"{wanted}/index.html"):
            if (site / lang / page).exists():
                return page
    numbered = sorted((site / lang).glob(f"{name.zfill(2)}_*.html")) if name.isdigit() else []
    if numbered:
        return numbered[0].name
    found = _index.find(topic)
    # A section before a page that lists: where 白化 is taught, rather than what the glossary says of it.
    for entry in found:
        label = entry.name.rpartition(".")[2]
        if label in labels:
            return labels[label]
    if found:
        kind, name = found[0].kind, found[0].name
        listing = {"claim": f"claims/{name}.html", "concept": f"api/{name.partition('.')[0]}.html"}
        return listing.get(kind, "glossary.html")
    raise InputError(
        f"book: `topic` must be something that it teaches{_index.meant(topic)} Received: {' '.join(topic)!r}."
    )
