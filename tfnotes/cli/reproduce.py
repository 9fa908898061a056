"""`tfnotes reproduce`: what papers report, trained again."""

import signal
from pathlib import Path

import click
from click.core import ParameterSource

from tfnotes import files
from tfnotes.cli import _language, _paths, _terminal, _words

_PATH = _paths.Path(path_type=Path)


def _names(ctx, param, incomplete):
    from tfnotes.reproduce import table

    return [name for name in table.rows() if name.startswith(incomplete)]


@click.command("reproduce")
@click.argument("names", nargs=-1, metavar="[ROW]...", shell_complete=_names)
@click.option("--budget", type=click.Choice(["quick", "full"]), help="Minutes on the sample, or all data.  [quick]")
@click.option("--seeds", type=click.IntRange(1), help="Trainings of each row.  [the row's own number; quick: 1]")
@click.option("--vary", is_flag=True, help="Train each ROW's variations, for the validation split; with --budget full.")
@click.option("--out", type=_PATH, default=Path("runs/reproduce"), show_default=True, help="Folder for the runs.")
@click.option("--record", type=_PATH, help="File to add the results of --budget full to.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of the rows, with the results of each seed.")
@click.option("--markdown", is_flag=True, help="Print the page docs/reproduce.md, or docs/reproduce.zh.md.")
@_language.option
@click.pass_context
def command(ctx, names, budget, seeds, vary, out, record, as_json, markdown, lang):
    """Train each ROW of papers' figures again, and show mean and deviation over seeds beside the paper's.

    Without ROW and --budget nothing is trained: what is recorded is shown. A seed that is finished isn't trained again,
    and one that was interrupted goes on."""
    from tfnotes.reproduce import results, summary, table

    rows = table.varied(names) if vary else table.chosen(names)
    trained = bool(names or budget)
    if not trained and (seeds or record):
        raise click.UsageError("--seeds and --record belong to training: give a ROW, or --budget.")
    if not trained and ctx.get_parameter_source("out") is not ParameterSource.DEFAULT:
        raise click.UsageError("--out is where runs are trained: give a ROW, or --budget.")
    if record and budget != "full":
        raise click.UsageError("--record takes what was trained on all data: give --budget full.")
    if vary and (budget != "full" or seeds):
        raise click.UsageError("--vary trains one seed on all data: give --budget full, and no --seeds.")
    if markdown:
        if trained or as_json:
            raise click.UsageError("--markdown is the page of what is recorded; leave out the rest.")
        from tfnotes.reproduce import page

        click.echo(page.page(results.recorded(), lang))
        return
    if record:
        # What can't be added to is said before hours of training.
        if record.exists():
            results.read(record)
        files.refuse_unwritable("reproduce", "record", record)
    budget = budget or ("quick" if trained else "full")
    if trained:
        # Ended by a signal as by Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            asked = _variations(rows, out) if vary else _seeds(rows, budget, seeds, out)
            found = [_trained(seed, record, lang) for seed in asked]
        except KeyboardInterrupt:
            click.echo(_words.GOES_ON[lang], err=True)
            ctx.exit(128 + signal.SIGINT)
    else:
        found = results.recorded()
    summaries = [summary.of(row, budget, found) for row in rows]
    if as_json:
        import json

        click.echo(json.dumps([one.as_dict() for one in summaries], indent=2))
        return
    from tfnotes.reproduce import page

    console = _terminal.console()
    made = _terminal.table(*page.heads(lang))
    for one in summaries:
        made.add_row(*page.cells(one, lang))
    console.print(made)
    console.print((_words.QUICK_COMPARES if budget == "quick" else page.UNDER)[lang], highlight=False)
    for one in summaries:
        for said in page.varied(one, lang):
            console.print(f"{one.row.name}: {said}", highlight=False, markup=False)


def _seeds(rows, budget, seeds, out):
    from tfnotes.reproduce import run

    def number(row):
        return seeds or (row.seeds if budget == "full" else 1)

    return [run.Seed(row, budget, seed, out) for row in rows for seed in range(number(row))]


def _variations(rows, out):
    from tfnotes.reproduce import run

    return [run.Seed(row, "full", 0, out, variation) for row in rows for variation in ("", *row.variations)]


def _trained(seed, record, lang):
    """The result of a seed, trained where it isn't yet, and recorded."""
    from tfnotes.reproduce import results

    row, result = seed.row, seed.result()
    if result is None:
        with _terminal.progress(f"{row.name}, seed {seed.seed}", stderr=True) as progress:
            result = seed.train(progress=progress)
        figure = f"{row.figure(result):.{row.unit.digits}f}"
        name = f"{row.name} {seed.variation or ''}".strip()
        told = _words.SEED_GAVE.format(row=name, seed=seed.seed, figure=figure, unit=row.unit.name)
        click.echo(told[lang], err=True)
    if record:
        results.record([result], record)
    return result
