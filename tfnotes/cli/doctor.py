"""`tfnotes doctor`: is a training healthy, and if not, what is wrong, since when, and what helps?"""

from pathlib import Path

import click

from tfnotes.cli import _language, _paths, _tensorflow, _terminal, _words

ILL = 3


@click.command()
@click.argument("run", metavar="RUN|LOGDIR", type=_paths.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with the sentences in both languages.")
@_language.option
@click.pass_context
def command(ctx, run, as_json, lang):
    """Explain the health of RUN, such as runs/mnist-cnn-1, or of a training that wrote TensorBoard's event files to
    LOGDIR, by keras.callbacks.TensorBoard or by callbacks of tfnotes.

    The exit status is 0 for a healthy training, 3 for one with findings or damaged events, 1 if there is nothing to
    examine.
    """
    _tensorflow.load()
    from tfnotes.training.health import examine

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
            table.add_row(ILLNESSES[found.illness][lang], found.named()[lang], found.sentence[lang])
        console.print(table)
    for sentence in report.sentences(lang)[len(report.findings) :]:
        console.print(sentence, highlight=False, soft_wrap=True)
