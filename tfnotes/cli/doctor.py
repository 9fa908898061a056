"""`tfnotes doctor`: is a run healthy, and if not, what is wrong, since when, and what helps?"""

from pathlib import Path

import click

from tfnotes.cli import _tensorflow, _terminal

ILL = 3


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx, run, as_json):
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
        _show(report)
    ctx.exit(0 if report.healthy else ILL)


def _show(report):
    console = _terminal.console()
    if report.findings:
        table = _terminal.table("illness", "layers", "what was measured, and what helps", title=report.path)
        for found in report.findings:
            table.add_row(found.illness, _names(found.layers), found.sentence)
        console.print(table)
    elif report.unread:
        said = f"{report.path}: nothing is wrong in what can be read of {report.epochs} epochs."
        console.print(said, highlight=False, soft_wrap=True)
    else:
        seen = "nothing is wrong" if not report.unseen else "nothing is wrong as far as can be seen"
        said = f"{report.path} is healthy: {seen} after {report.epochs} epochs."
        console.print(said, highlight=False, soft_wrap=True)
    for sentence in report.unread:
        console.print(sentence, highlight=False, soft_wrap=True)
    if report.unseen:
        console.print(_unseen(report), highlight=False, soft_wrap=True)


def _names(layers, most=3):
    return ", ".join(layers[:most]) + (f" and {len(layers) - most} more" if len(layers) > most else "")


def _unseen(report):
    what = ", ".join(report.unseen)
    if report.level == "full":
        return f"Not looked at: {what}; the inputs and the rule of this model show nothing of them."
    return (
        f"Not looked at: {what}; the run was trained with --inspect {report.level}. "
        "To see them, train with --inspect full."
    )
