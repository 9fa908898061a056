"""`tfnotes train`: a new run, or the rest of an interrupted one."""

import signal
from pathlib import Path

import click

from tfnotes import files, language
from tfnotes import task as tasks
from tfnotes.cli import _language, _paths, _tensorflow, _terminal, _training, _words, _workers
from tfnotes.cli import tasks as tasks_command
from tfnotes.errors import InputError

_PATH = _paths.Path(path_type=Path)


class _Command(click.Command):
    """Whose help after a task tells what that task's models are and what may be set."""

    def parse_args(self, ctx, args):
        # Help is asked for before the arguments are looked at.
        ctx.meta["arguments"] = list(args)
        return super().parse_args(ctx, args)

    def format_help(self, ctx, formatter):
        super().format_help(ctx, formatter)
        task = next((name for name in tasks.names() if name in ctx.meta["arguments"]), None)
        if task is not None:
            _tensorflow.load()
            console = _terminal.console()
            with console.capture() as said:
                tasks_command.show(tasks.load(task), console, language.default())
            formatter.write(f"\n{said.get()}")


@click.command(cls=_Command)
@click.argument("task", required=False, shell_complete=tasks_command.names)
@_training.options
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same figures.")
@click.option("--inspect", type=click.Choice(["off", "basic", "full"]), help="What TensorBoard is shown.  [basic]")
@click.option("--from", "source", type=_PATH, metavar="RUN", help="Start from the weights of this run.")
@click.option("--freeze", multiple=True, metavar="PATTERN", help="Layers that stay as they were in --from.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Setting of model or optimizer.")
@click.option("--no-test", is_flag=True, help="Leave the test split alone, for --resume to look at once.")
@click.option("--run", "path", type=_PATH, help="Folder for the run.  [default: runs/TASK-MODEL-N]")
@click.option("--resume", type=_PATH, metavar="RUN", help="Continue this run; --epochs may add some.")
@_workers.options
@_language.option
@click.pass_context
def command(ctx, resume, epochs, workers, engine, storage, wait, lang, no_test, **options):
    """Train a model for TASK, such as mnist, or continue an interrupted run with --resume.

    Where TF_CONFIG lists several processes, they train one run together: docs/scaling.md.
    """
    from tfnotes.training.cluster import Lost

    cluster = _workers.cluster(workers, wait, engine, storage)
    run = None
    try:
        if cluster and not cluster.chief:
            _workers.follow(ctx, cluster)
            return
        if resume is None:
            run, *rest = _begin(epochs=epochs, cluster=cluster, workers=workers, **options)
        else:
            kept = ("resume", "epochs", "workers", "engine", "storage", "wait", "no_test", "lang")
            _training.refuse_others(ctx, kept, "takes everything but --epochs and --no-test from the run")
            run = _reopen(resume, epochs, cluster)
            if run is None:
                return
            rest = _workers.load(run.config, cluster.size if cluster else workers)
        if workers > 1 or engine == "ray":
            del rest
            _workers.launch(ctx, run, workers, wait, no_test, engine, storage)
        else:
            _finish(ctx, run, *rest, cluster=cluster)
    except KeyboardInterrupt:
        try:
            _stop(ctx, run, signal.SIGINT)
        finally:
            if engine == "ray":
                _workers.end(128 + signal.SIGINT)
    except Lost as error:
        _workers.end_lost(run, error)
    except (InputError, OSError, click.exceptions.Exit) as error:
        if cluster is None:
            raise
        if isinstance(error, click.exceptions.Exit):
            _workers.end(error.exit_code)
        _workers.end(1, str(error))


def _begin(task, path, cluster, workers, **options):
    """Makes a new run, once everything that it needs is known to be there."""
    if task is None:
        raise click.UsageError("Missing argument 'TASK'.")
    if path is not None:
        _refuse_unwritable(path)
    if task not in tasks.names():
        # It raises at once, without the seconds that TensorFlow takes.
        tasks.load(task)
    _tensorflow.load()
    from tfnotes.training import config as configs
    from tfnotes.training import run as runs

    config = configs.configure(tasks.load(task), **options)
    if path is None:
        builtin = "-keras" if config["layers"] == "keras" else ""
        path = runs.next_free("runs", f"{task}-{config['model']}{builtin}")
        _refuse_unwritable(path)
    together = cluster.size if cluster else workers
    if together > 1:
        config |= {"workers": together, "threads": max(1, config["threads"] // workers)}
    if cluster:
        _workers.start(cluster, config["threads"])
    task, splits, model = _workers.load(config, together)
    config |= configs.describe_data(splits)
    return runs.Run.create(path, config), task, splits, model


def _reopen(path, epochs, cluster):
    """The run to continue, or None if it is complete."""
    from tfnotes.training.run import Run

    run = Run.open(path)
    if epochs is not None and epochs < run.config["epochs"]:
        raise InputError(
            f"train: `epochs` must be at least the run's {run.config['epochs']}. Received: epochs={epochs}."
        )
    if epochs is not None and epochs > run.config["epochs"]:
        with run.locked():
            run.extend(epochs)
    if run.complete:
        figures = _figures(run.test())
        click.echo(f"{path} is complete: {len(run.metrics())} epochs; {figures} on the test split.")
    if cluster:
        _workers.start(cluster, run.config["threads"])
        if run.complete:
            _workers.send(cluster, None)
    return None if run.complete else run


def _finish(ctx, run, task, splits, model, *, cluster):
    from tfnotes.callbacks import Progress
    from tfnotes.training import loop
    from tfnotes.training.cluster import Lost
    from tfnotes.training.health import examine
    from tfnotes.training.signals import Interrupted

    config, lang, no_test = run.config, ctx.params["lang"], ctx.params["no_test"]
    if cluster:
        _workers.send(cluster, {"run": str(run.path), "config": config, "test": not no_test})
    counts = ", ".join(f"{count:,} {name}" for name, count in config["examples"].items())
    click.echo(f"{config['task']} {config['model']} on {config['data']}: {counts} examples; {run.path}")
    try:
        with Progress() as progress:
            figures = loop.train(
                run,
                task,
                splits,
                model=model,
                callbacks=[progress],
                report=_training.warn,
                test=not no_test,
                cluster=cluster,
            )
    except Interrupted as error:
        _stop(ctx, run, error.signum)
    except Exception as error:
        # Of a training that diverged the events tell, and without a lost worker it goes on; what failed otherwise
        # before its first epoch has nothing to tell.
        told = isinstance(error, Lost) or isinstance(error.__cause__, FloatingPointError)
        if ctx.params["resume"] is None and not run.metrics() and not told:
            run.discard()
        raise
    for found in examine(run.path).findings:
        click.echo(_words.WARNING.format(sentence=found.said)[lang], err=True)
    if no_test:
        click.echo(_words.UNTESTED.format(path=run.path)[lang])
        return
    click.echo(f"test  {_figures(figures)}")
    click.echo(_words.HOLDS.format(path=run.path)[lang])
    for line in (f"evaluate {run.path}", f"export {run.path}", f"tensorboard {run.path}"):
        click.echo(f"  tfnotes {line}")


def _stop(ctx, run, signum):
    said = _words.NOT_BEGUN
    if run is not None:
        done = len(run.metrics())
        said = (_words.STOPPED if done else _words.STOPPED_EARLY).format(epoch=done, path=run.path)
    click.echo(said[ctx.params["lang"]], err=True)
    ctx.exit(128 + signum)


def _refuse_unwritable(path):
    from tfnotes.training import run as runs

    runs.refuse_existing(path)
    files.refuse_unwritable("train", "run", path)


def _figures(figures):
    return "  ".join(f"{name} {value:{'.4f' if isinstance(value, float) else ','}}" for name, value in figures.items())
