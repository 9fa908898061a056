"""`tfnotes concepts` and `tfnotes show`: what there is, and how it reads."""


import click
from click.shell_completion import CompletionItem

from tfnotes.cli import _index, _language, _tensorflow, _terminal, _words


def names(ctx, param, incomplete):
    """Completes the name of a concept or a model: what the files say, as importing them takes seconds."""
    found = set()
    for path, text in _index.sources():
        if "\n@concept(" in text or (path.parent.name == "models" and f"\ndef {path.stem}(" in text):
            found.add(path.stem)
    return [CompletionItem(name) for name in sorted(found) if name.startswith(incomplete.lower())]


@click.command("concepts")
@click.option("--kind", help="Only one kind, such as layers.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.option("--markdown", is_flag=True, help="Print the page docs/concepts.md.")
@_language.option
def command(kind, as_json, markdown, lang):
    """List the concepts, with their Chinese names, twins and lines in the notes."""
    _tensorflow.load()
    from tfnotes import registry
    from tfnotes.errors import InputError

    if kind is not None and kind not in registry.KINDS:
        raise InputError(f"concepts: `kind` must be one of {', '.join(registry.KINDS)}. Received: {kind!r}.")
    rows = [(c.name, c.kind, c.en, c.zh, c.twin, c.notes) for c in registry.concepts(kind)]
    if as_json:
        import json

        keys = ("name", "kind", "en", "zh", "twin", "notes")
        click.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
        return
    if markdown:
        click.echo(_page(registry.concepts(kind)))
        return
    headings = (_words.NAME, _words.KIND, _words.CONCEPT_EN, _words.CONCEPT_ZH, _words.TWIN, _words.NOTES)
    table = _terminal.table(*(heading[lang] for heading in headings))
    for name, kind_, en, zh, twin, notes in rows:
        table.add_row(name, kind_, en, zh, twin or _words.NONE[lang], " ".join(notes))
    _terminal.console().print(table)


def _page(concepts):
    """The concepts as a Markdown page, with what differs from the twin on purpose."""
    from tfnotes._markdown import row

    lines = [
        "# Concepts (概念)",
        "",
        "Made by `make docs` from the registry. The notes' lines are given as note:line. A difference is one on",
        "purpose; where there is a twin and no difference, `none` is what the contract tests hold it to.",
        "",
        "| concept | 概念 | Keras twin | differences | notes |",
        "|---|---|---|---|---|",
    ]
    for c in concepts:
        name, notes = c.module.removeprefix("tfnotes."), ", ".join(c.notes)
        twin = f"`{c.twin}`" if c.twin else "none"
        lines.append(row([f"`{name}` {c.en}", c.zh, twin, c.differences or "-", notes]))
    return "\n".join(lines)


@click.command("show")
@click.argument("name", shell_complete=names)
@click.option("--source/--no-source", default=True, show_default=True, help="Print the file's code as well.")
@_language.option
def show(name, source, lang):
    """Show NAME, a concept or a model, by its English or Chinese name: its equations, documentation and code.

    Equations, documentation and code are English in either language.
    """
    _tensorflow.load()
    import importlib
    import inspect

    from tfnotes import registry

    target, header = _model(name), None
    if target is None:
        concept = registry.find(name)
        target = concept.target
        header = _header(concept, lang)
    click.echo(f"{header or f'{target.__module__}.{target.__name__}'}\n")
    module = importlib.import_module(target.__module__)
    # What a recurrent layer computes at a step stands with its cell.
    if importlib.util.find_spec(f"{module.__name__}_cell"):
        click.echo(f"{inspect.getdoc(importlib.import_module(f'{module.__name__}_cell'))}\n")
    if source:
        _terminal.code(inspect.getsource(module))
    else:
        click.echo(f"{inspect.getdoc(module)}\n\n{inspect.getdoc(target)}")


def _header(concept, lang):
    from tfnotes import glossary
    from tfnotes.language import Words, words

    term = next((term for term in glossary.terms() if term.concept == concept.name), None)
    return _words.HEADER.format(
        en=concept.en,
        zh=concept.zh,
        definition=Words(f"{term.definition_en}\n", f"{term.definition_zh}\n") if term else "",
        target=f"{concept.module}.{concept.target.__name__}",
        twin=concept.twin or _words.NONE,
        differences=_words.DIFFERENCES.format(differences=words(concept.differences)) if concept.twin else "",
        notes=" ".join(concept.notes),
    )[lang]


def _model(name):
    """The model of that name: the function's, the class's beside it, or the Chinese one; None if there is none."""
    import inspect
    import re
    import sys

    from tfnotes import models

    wanted = name.lower().replace(" ", "_").replace("-", "_")
    for builder in (getattr(models, name) for name in models.__all__):
        inside = vars(sys.modules[builder.__module__]).values()
        own = [v for v in inside if inspect.isclass(v) and v.__module__ == builder.__module__]
        documented = " ".join(inspect.getdoc(v) or "" for v in (builder, *own))
        chinese = re.findall(r"\(([\u4e00-\u9fff].*?)\)", documented)
        names = {builder.__name__, *(v.__name__.lower() for v in own), *chinese}
        if wanted in names:
            return next((v for v in own if v.__name__.lower() == wanted), builder)
    return None
