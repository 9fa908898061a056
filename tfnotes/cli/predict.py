"""`tfnotes predict`: what an export says of images or texts."""

import io
import sys
from pathlib import Path

import click

from tfnotes.cli import _paths, _tensorflow, _terminal, _training, _trust
from tfnotes.serving import runtimes


class _Texts(click.Command):
    """A command whose arguments may be texts, of which one may begin like an option."""

    def parse_args(self, ctx, args):
        try:
            return super().parse_args(ctx, list(args))
        except click.NoSuchOption as error:
            text = next((word for word in args if word.startswith("-") and " " in word), None)
            if text is None:
                raise
            raise click.UsageError(
                f"{error.format_message()} A text that begins with a dash stands behind --, as in: "
                f"{ctx.command_path} EXPORT -- {text!r}",
                ctx,
            ) from error


@click.command(cls=_Texts)
@click.argument("export", type=_paths.Path(path_type=Path))
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.option("--runtime", type=click.Choice(runtimes.NAMES), help="Default: the first that the export is for.")
@_trust.option
@click.pass_context
def command(ctx, export, inputs, as_json, runtime, trust):
    """Predict each INPUT with EXPORT: saved_models/mnist/1, or saved_models/mnist for its newest version.

    For a model of images an INPUT is an image file of any common kind and size; or a folder, which stands
    for the images in it and its subfolders; or - for an image on standard input.

    For a model of texts it is a text; or a file that holds one; or a folder of .txt files; or - for
    standard input with a text on each line. The words that moved the answer are shown with what the
    log-odds of the label lose without them.
    """
    exported = _tensorflow.exported(export, runtime, trust)
    from tfnotes.serving import predict, texts

    # There is none where whoever started the program closed it.
    stdin, bad = sys.stdin.buffer if sys.stdin else io.BytesIO(), []

    def report(sentence):
        bad.append(sentence)
        click.echo(f"Error: {sentence}", err=True)

    takes = exported.metadata["decode"]
    if takes == "texts":
        answers = list(texts.predict(exported, texts.gather(inputs, stdin, report)))
    else:
        found = predict.expand(inputs, takes, lambda sentence: click.echo(sentence, err=True), report)
        answers = predict.predict(exported, found, stdin, report, _training.warn)
    foreign = exported.metadata.get("reject", {}).get("label", "")
    if as_json:
        import json

        click.echo(json.dumps(answers))
    elif sys.stdout.isatty():
        _show(answers, foreign)
    else:
        for answer in answers:
            click.echo("\t".join(_cells(answer, foreign)))
    if bad:
        ctx.exit(1)


def _cells(answer, foreign=""):
    known = answer["label"] is not None
    row = [answer["file"], *((answer["label"], f"{answer['probability']:.4f}") if known else (foreign, ""))]
    if "words" in answer:
        row[0] = row[0] or _shortened(answer["text"])
        row.append("  ".join(f"{word} {moved:+.2f}" for word, moved in answer["words"]))
    return row


def _shortened(text, most=60):
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _show(answers, foreign=""):
    from rich.table import Column, Table
    from rich.text import Text

    words = any("words" in answer for answer in answers)
    first = Column("text" if words else "file", overflow="fold")
    table = Table(first, "prediction", "probability", *(["moved by"] if words else []))
    for answer in answers:
        # Text, for a name may hold what rich takes for markup.
        table.add_row(*map(Text, _cells(answer, foreign)))
    _terminal.console().print(table)
