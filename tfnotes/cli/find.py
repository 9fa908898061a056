"""`tfnotes find`: where something is taught, by any of its names, in either language. It needs no TensorFlow."""

import click

from tfnotes.cli import _index, _language, _terminal, _words
from tfnotes.errors import InputError


@click.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, in both languages.")
@_language.option
def command(words, as_json, lang):
    """Find WORDS among concepts, models, the glossary, the book and the notes' claims, such as whitening or 白化."""
    found = _index.find(words)
    if not found:
        raise InputError(
            f"find: `words` must stand together in something{_index.meant(words)} Received: {' '.join(words)!r}."
        )
    if as_json:
        import dataclasses
        import json

        click.echo(json.dumps([dataclasses.asdict(entry) for entry in found], ensure_ascii=False, indent=2))
        return
    headings = (_words.NAME, _words.KIND, _words.WHAT, _words.SHOWN_BY)
    table = _terminal.table(*(heading[lang] for heading in headings))
    for entry in found:
        both = f"{entry.title.zh}（{entry.title.en}）" if lang == "zh" else f"{entry.title.en} ({entry.title.zh})"
        title = entry.title[lang] if entry.kind in ("claim", "chapter") else both
        about = f"{title}\n{entry.text[lang]}" if entry.text[lang] else title
        table.add_row(entry.name, _words.KINDS[entry.kind][lang], about, entry.command)
    _terminal.console().print(table)
