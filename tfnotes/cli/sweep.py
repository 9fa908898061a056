"""`tfnotes sweep`: many trainings, with settings that a search chooses."""

import json
import signal
from pathlib import Path

import click

from tfnotes import task as tasks
from tfnotes.cli import _paths, _tensorflow, _terminal, _training, _workers
from tfnotes.cli import tasks as tasks_command

_PATH = _paths.Path(path_type=Path)


@click.command("sweep")
@click.argument("task", required=False, shell_complete=tasks_command.names)
@click.option("--set", "settings", multiple=True, metavar="KEY=A,B,C", help="Values to try of a setting.")
@click.option("--space", type=_PATH, metavar="TOML", help="A file of values and ranges to try.")
@click.option("--trials", type=click.IntRange(1), help="Trainings.  [every combination, or 20 where there are ranges]")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Trainings at a time.")
@click.option("--no-prune", is_flag=True, help="Train also those to their end that fall behind.")
@_workers.engine
@_training.options
@click.option("--seed", type=int, default=0, show_default=True, help="Of the search and of each training.")
@click.option("--folder", type=_PATH, help="Folder for the sweep.  [default: runs/sweep-TASK-MODEL-N]")
@click.option("--resume", type=_PATH, metavar="FOLDER", help="Go on with this sweep.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx, task, resume, jobs, engine, as_json, **options):
    """Train a model of TASK with several settings, and find those of the lowest validation loss.

    Besides the model's settings, --set and --space take epochs, batch_size, learning_rate and learning_rate_decay.
    The test split is looked at once, at the end, for the best."""
    _workers.check_engine(engine, "sweep")
    if resume is None:
        sweep = _begin(task, **options)
    else:
        kept = ("resume", "jobs", "engine", "as_json")
        _training.refuse_others(ctx, kept, "takes everything but --jobs, --engine and --json from the sweep")
        from tfnotes.sweep.sweep import Sweep

        sweep = Sweep.open(resume)
    say = (lambda text: None) if as_json else click.echo
    say(f"{sweep.request['trials']} trials; {sweep.path}")
    # Ended by a signal as by Ctrl-C: the trainings that run keep a checkpoint each.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        results = _run(sweep, jobs, engine, lambda row: say(_line(row)))
    except KeyboardInterrupt:
        click.echo(f"Stopped; to go on: tfnotes sweep --resume {sweep.path}", err=True)
        ctx.exit(128 + signal.SIGINT)
    if as_json:
        click.echo(json.dumps(results))
        return
    _print(sweep, results)


def _begin(task, settings, space, trials, no_prune, seed, folder, **options):
    if task is None:
        raise click.UsageError("Missing argument 'TASK'.")
    if task not in tasks.names():
        # It raises at once, without the seconds that TensorFlow takes.
        tasks.load(task)
    from tfnotes.sweep import space as spaces

    searched = {**(spaces.of_file(space) if space else {}), **spaces.of_texts(settings)}
    if not searched:
        raise click.UsageError("Missing option '--set' or '--space': what is searched.")
    _tensorflow.load()
    from tfnotes.sweep import trials as trainings
    from tfnotes.sweep.sweep import Sweep
    from tfnotes.training import config, run

    loaded = tasks.load(task)
    for values in spaces.examples(searched):
        # Every value is refused here or never, as far as it can be told without training.
        tried = {key: trainings.option(key, values[key]) for key in values if key in trainings.OPTIONS}
        texts = [f"{key}={value}" for key, value in values.items() if key not in trainings.OPTIONS]
        made = config.configure(loaded, seed=seed, settings=texts, **{**options, **tried})
    folder = folder or run.next_free("runs", f"sweep-{task}-{made['model']}")
    given = {key: str(value) for key, value in {**options, "seed": seed}.items() if value is not None}
    return Sweep.create(folder, task, searched, options=given, trials=trials, seed=seed, prune=not no_prune)


def _run(sweep, jobs, engine, report):
    if engine == "local":
        return sweep.run(jobs, report)
    from tfnotes import ray_cluster
    from tfnotes.sweep.on_ray import Remote
    from tfnotes.training import config

    with ray_cluster.joined("sweep", config.threads(), jobs * config.threads()) as ray:
        # Ray has set its own.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        return sweep.run(jobs, report, lambda arguments: Remote(ray, arguments))


def _line(row):
    settings = " ".join(f"{key}={_shown(value)}" for key, value in row["settings"].items())
    found = row["error"] or f"val_loss {row['val_loss']:.4f} after epoch {row['epochs']}"
    return f"trial {row['trial']}  {settings}  {found}{'  (ended early)' if row['state'] == 'pruned' else ''}"


def _print(sweep, results):
    table = _terminal.table("trial", *sweep.space, "val_loss", "epochs", "state")
    for row in results["trials"]:
        loss = "" if row["val_loss"] is None else f"{row['val_loss']:.4f}"
        values = (_shown(row["settings"].get(key, "")) for key in sweep.space)
        table.add_row(str(row["trial"]), *values, loss, str(row["epochs"]), row["state"])
    _terminal.console().print(table)
    best = results["best"]
    figures = "  ".join(f"{name} {_shown(value)}" for name, value in best["test"].items())
    click.echo(f"best: trial {best['trial']}, on the test split  {figures}")
    click.echo(f"{best['run']} holds its run; beside the others: tfnotes tensorboard {sweep.path}")


def _shown(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)
