"""Whether two commands came to the same end. Each of these runs in a child, which gives sentences on what differs."""

import json
import os
from pathlib import Path

import numpy as np

from tests.chaos import hidden
from tests.chaos.children import Child


def found(function, *arguments, log):
    """What a function of this module finds, asked in a child."""
    log = Path(log)
    log.unlink(missing_ok=True)
    child = Child(lambda: print(json.dumps(function(*arguments))), os.getcwd(), log)  # noqa: T201
    if child.end():
        return [f"the comparison failed: {child.said()[-500:]}"]
    return json.loads(child.said().splitlines()[-1])


def runs(ours, theirs):
    """Every variable, what people read, the model and the curves; and that nothing is left over."""
    from tfnotes.training.run import Run

    ours, theirs = Path(ours), Path(theirs)
    different = [f"{name} is left" for name in hidden(ours)]
    newest = [max((path / "checkpoints").glob("epoch-*")) for path in (ours, theirs)]
    different += _arrays(*(path / "variables.npz" for path in newest))
    for name in ("metrics.jsonl", "test.json"):
        if (ours / name).read_bytes() != (theirs / name).read_bytes():
            different.append(f"{name} is another one")
    weights = [Run.open(path).model().get_weights() for path in (ours, theirs)]
    if not all(map(np.array_equal, *weights)):
        different.append("model.keras holds other weights")
    if sorted(os.listdir(ours)) != sorted(os.listdir(theirs)):
        different.append(f"holds {sorted(os.listdir(ours))}")
    return different + _curves(ours, theirs)


def _arrays(ours, theirs):
    with np.load(ours) as left, np.load(theirs) as right:
        if left.files != right.files:
            return [f"{ours.name} has other variables"]
        other = [name for name in right.files if not np.array_equal(left[name], right[name])]
    return [f"{len(other)} variables are others, {other[0]} the first"] if other else []


def _curves(ours, theirs):
    """Differences of each curve as TensorBoard reads it."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    read = {}
    for run in (ours, theirs):
        for folder in ("train", "validation"):
            events = EventAccumulator(str(run / "events" / folder), size_guidance={"tensors": 0}).Reload()
            for tag in events.Tags()["tensors"]:
                steps = [(t.step, t.tensor_proto.SerializeToString(deterministic=True)) for t in events.Tensors(tag)]
                read.setdefault((folder, tag), {})[run] = steps
    # The picture of the configuration tells of the run's own folder.
    return [f"{' '.join(key)} is another curve" for key, both in read.items() if both.get(ours) != both.get(theirs)]


def folders(ours, theirs):
    """The same files with the same bytes, and nothing left over."""
    different = [f"{name} is left" for name in hidden(ours)]
    left, right = ({p.relative_to(root): p for p in Path(root).rglob("*") if p.is_file()} for root in (ours, theirs))
    different += [f"{name} is there once" for name in left.keys() ^ right.keys()]
    both = left.keys() & right.keys()
    other = [name for name in both if left[name].read_bytes() != right[name].read_bytes()]
    return different + [f"{name} is another one" for name in other]


def exports(ours, theirs):
    """Every version is whole, answers as the undisturbed one, and nothing is left over."""
    from tfnotes.serving.exported import Exported

    different = [f"{name} is left" for name in hidden(ours)]
    wanted = _values(Exported(theirs / "1"))
    for version in sorted(path for path in Path(ours).iterdir() if not path.name.startswith(".")):
        if _values(Exported(version)) != wanted:
            different.append(f"version {version.name} holds other values")
    return different


def _values(exported):
    """The bytes of each variable, sorted: in which order Keras numbers them is another matter each time."""
    import tensorflow as tf

    path = str(exported.path / "variables" / "variables")
    names = [name for name, _ in tf.train.list_variables(path) if not name.startswith("_")]
    loaded = [tf.train.load_variable(path, name) for name in names]
    # The state of a generator, which dropout would draw from in training, begins anew in each process.
    return sorted((value.shape, str(value.dtype), value.tobytes()) for value in loaded if value.dtype.kind == "f")


def sweeps(ours, theirs):
    """The same results, and the best trial's run."""
    texts = [(Path(path) / "results.json").read_text("utf-8") for path in (ours, theirs)]
    different = [] if texts[0] == texts[1] else [f"results.json is {texts[0]} and was {texts[1]}"]
    best = json.loads(texts[1])["best"]["trial"]
    return different + runs(*(Path(path) / "trials" / str(best) for path in (ours, theirs)))
