"""`tfnotes doctor`: is a run healthy, and if not, what is wrong, since when, and what helps?"""

from pathlib import Path

import click

from tfnotes.cli import _language, _paths, _tensorflow, _terminal, _words

ILL = 3


@click.command()
@click.argument("run", type=_paths.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with the sentences in both languages.")
@_language.option
@click.pass_context
def command(ctx, run, as_json, lang):
    """Explain the health of RUN, such as runs/mnist-cnn-1.

    The exit status is 0 for a healthy run, 3 for one with findings or damaged events, 1 if there is nothing to examine.
    """
    _tensorflow.load()
    from tfnotes.doctor.examine import examine

    report = examine(run)
    if as_json:
        import json

        click.echo(json.dumps(report.as_dict()))
    else:
        _show(report, lang)
    ctx.exit(0 if report.healthy else ILL)


def _show(report, lang):
    from tfnotes.doctor.findings import ILLNESSES

    console = _terminal.console()
    if report.findings:
        headings = (_words.ILLNESS, _words.LAYERS, _words.MEASURED)
        table = _terminal.table(*(heading[lang] for heading in headings), title=report.path)
        for found in report.findings:
            table.add_row(ILLNESSES[found.illness][lang], _names(found.layers, lang), found.sentence[lang])
        console.print(table)
    else:
        said = _words.READABLE if report.unread else _words.HEALTHY_AS_SEEN if report.unseen else _words.HEALTHY
        said = said.format(path=report.path, epochs=report.epochs)[lang]
        console.print(said, highlight=False, soft_wrap=True)
    for sentence in report.unread:
        console.print(sentence, highlight=False, soft_wrap=True)
    if report.unseen:
        what = (", " if lang == "en" else "、").join(ILLNESSES[illness][lang] for illness in report.unseen)
        said = _words.UNSEEN_AT_ALL if report.level == "full" else _words.UNSEEN
        console.print(said.format(what=what, level=report.level)[lang], highlight=False, soft_wrap=True)


def _names(layers, lang, most=3):
    shown = ", ".join(layers[:most])
    return _words.AND_MORE.format(shown=shown, count=len(layers) - most)[lang] if len(layers) > most else shown
