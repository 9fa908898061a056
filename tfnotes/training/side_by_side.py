"""One network, built of our layers and of Keras's own, trained twice from the same seed and weights.

What differs then is rounding, dropout's draws, and time. Both runs stand in one folder, so that TensorBoard
overlays their curves:

    runs/compare-mnist-cnn-1/tfnotes/, keras/     a run each
                             comparison.json      times and final figures
                             curves.png           the loss by epoch: validation thick, training thin
"""

import json
from contextlib import contextmanager, suppress

from tfnotes import compare, extras, files
from tfnotes.callbacks._layers import inside
from tfnotes.training import config as configs
from tfnotes.training import loop, memory
from tfnotes.training.run import Run
from tfnotes.training.setup import Setup

KINDS = ("tfnotes", "keras")
# What is said where there is no matplotlib.
NEEDED = ("matplotlib.figure", "figures", "compare: curves.png needs", "; or leave it out with --no-figures")
_COLORS = {"tfnotes": "#d9480f", "keras": "#1864ab"}


def side_by_side(task, model, path, splits, *, pairs=30, figures=True, callbacks=lambda: (), **options):
    """Trains a task's model in both kinds.

    Args:
        task: a `tfnotes.task.Task`.
        model: the name of one of its models, whose builder takes `layers`.
        path: the folder to make.
        splits: the task's data.
        pairs: how often a training step of each is timed, in turn.
        figures: whether `curves.png` is drawn.
        callbacks: gives further Keras callbacks for each training.
        options: as for `tfnotes.training.config.configure`.

    Returns:
        A dict of JSON values: "step" (the fields of `tfnotes.compare.Ratio`), "draws" (the layers that draw by chance
        in training, each kind otherwise), and "runs", by kind, with "metrics" and "test".

    Raises:
        InputError: an option is wrong, a batch takes more memory than there is, the model has no twin, something
            stands at `path`, or matplotlib isn't there to draw. What fails before its first epoch leaves no folder.
    """
    if figures:
        extras.needed(*NEEDED)
    about = configs.describe_data(splits)
    config = {kind: configs.configure(task, model=model, layers=kind, **options) | about for kind in KINDS}
    setups = {kind: Setup(config[kind], task) for kind in KINDS}
    examples = len(setups["tfnotes"].selected(splits).train)
    memory.check_batch(task.name, setups["tfnotes"].build(), min(config["tfnotes"]["batch_size"], examples))
    step = _step(setups, splits, pairs)
    start, found = None, {}
    for kind in KINDS:
        built = setups[kind].build()
        start = start or built.get_weights()
        built.set_weights(start)
        draws = [name for name, layer in inside(built).items() if _draws(layer)]
        run = Run.create(path / kind, config[kind])
        with _whole(run):
            loop.train(run, task, splits, model=built, callbacks=callbacks())
        found[kind] = {"metrics": run.metrics(), "test": run.test()}
    report = {"task": task.name, "model": model, "step": vars(step), "draws": draws, "runs": found}
    with files.write_aside(path / "comparison.json") as aside:
        aside.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    if figures:
        with files.write_aside(path / "curves.png") as aside:
            picture(found, f"{task.name} {model}: loss by epoch").savefig(aside, dpi=100)
    return report


@contextmanager
def _whole(run):
    """Takes a run away again that fails before its first epoch, with the folder if nothing else is there."""
    try:
        yield
    except BaseException as error:
        # Of a training that diverged the events tell.
        if not run.metrics() and not isinstance(error.__cause__, FloatingPointError):
            run.discard()
            with suppress(OSError):
                run.path.parent.rmdir()
        raise


def _draws(layer):
    """Whether a layer draws by chance in training; a recurrent one may be able to and have nothing to drop."""
    idle = hasattr(layer, "recurrent_dropout") and not (layer.dropout or layer.recurrent_dropout)
    return getattr(layer, "seed_generator", None) is not None and not idle


def picture(runs, title):
    """A matplotlib `Figure` of the losses by epoch.

    Args:
        runs: as in the report of `side_by_side`.
        title: stands above.
    """
    from matplotlib.figure import Figure

    figure = Figure((8, 4.8), layout="constrained")
    axes = figure.subplots()
    for kind, run in runs.items():
        for name, width in (("loss", 1), ("val_loss", 3)):
            points = [(row["epoch"], row[name]) for row in run["metrics"] if name in row]
            if points:
                axes.plot(*zip(*points, strict=True), ".-", color=_COLORS[kind], lw=width, label=f"{kind} {name}")
    axes.set_title(title)
    axes.set_xlabel("epoch")
    axes.legend()
    axes.grid()
    return figure


def _step(setups, splits, pairs):
    """The time of a training step, ours over Keras's: both take the batch in the middle of an epoch, in turn."""
    setup = setups["keras"]
    train = setup.selected(splits).train
    batches = setup.evaluation_batches(train, setup.fitted(train))
    batch = next(iter(batches.skip(len(batches) // 2)))
    batch = batch if isinstance(batch, tuple) else (batch,)
    models = {kind: setup.build() for kind, setup in setups.items()}
    ours, theirs = (lambda model=models[kind]: model.train_on_batch(*batch) for kind in KINDS)
    for function in (ours, theirs):
        # The first call compiles.
        function()
    return compare.alternate(ours, theirs, pairs, calls=1)
