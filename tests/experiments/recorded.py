"""Trainings of experiments, written down in place of being done: networks, digits, how, and tested on which."""

import itertools

import keras
import numpy as np

from tfnotes.experiments import _experiment
from tfnotes.models._base import Model
from tfnotes.models._staged import Staged

# So many digits to train with, to choose by and to test with; each is of one gray, by which it is known again.
SIZES = {"train": 3700, "validation": 40, "test": 600}
STARTS = {"train": 0, "validation": 5000, "test": 6000}
SCALE = 8000
DIGITS = {
    part: (((STARTS[part] + np.arange(n)) / SCALE).astype("float32")[:, None].repeat(784, 1), np.arange(n) % 10)
    for part, n in SIZES.items()
}


def more_test():
    return tuple(np.concatenate(pair) for pair in zip(DIGITS["validation"], DIGITS["test"], strict=True))


class Trainings:
    """Stands for `train` and `accuracy` in an experiment's module; `lines` has what was asked of them.

    Args:
        monkeypatch: of pytest.
        name: of the experiment.
    """

    def __init__(self, monkeypatch, name):
        self.lines, self.experiment = [], _experiment.find(name)
        self._begun, self._trained = [], 0
        self._module = __import__(self.experiment.measure.__module__, fromlist=["x"])
        names = {"digits": "digits", "more_digits": "more_digits", "validation_digits": "validation_digits"}
        for of, method in {"train": "train", "accuracy": "accuracy", **names}.items():
            monkeypatch.setattr(self._module, of, getattr(self, method), raising=False)
        others = ("seconds", "step_of", "compared", "semi_supervised", "reviews")
        for other in others:
            if hasattr(self._module, other):
                monkeypatch.setattr(self._module, other, getattr(self, f"_{other}"))
        for kind in (Model, Staged):
            monkeypatch.setattr(kind, "fit", lambda model, *data, **options: self._fit(model, *data, **options))
        if hasattr(self._module, "some"):
            some = self._module.some
            monkeypatch.setattr(self._module, "some", lambda seed, n, of=self.digits: some(seed, n, of))
        if hasattr(self._module, "labelled"):
            labelled = self._module.labelled
            monkeypatch.setattr(self._module, "labelled", lambda seed, n, of=self.digits: labelled(seed, n, of))

    def measured(self, seed, **parameters):
        """What the experiment gives, each accuracy in the place of a line's number."""
        keras.utils.set_random_seed(seed)
        found = self.experiment.measure(seed, **parameters)
        return {name: float(value) for name, value in found.items()}

    def digits(self):
        return *DIGITS["train"], *DIGITS["test"]

    def more_digits(self):
        return *DIGITS["train"], *more_test()

    def validation_digits(self):
        return DIGITS["validation"]

    def train(self, model, x, y, *, each=None, optimizer=None, trainable=None, **options):
        assert len(x) == len(y)
        model.build((None, *x.shape[1:]))
        begun = np.round(sum(float(np.abs(np.asarray(w)).sum()) for w in model.trainable_weights), 3)
        if begun not in self._begun:
            self._begun.append(begun)
        how = [f"{key} {value}" for key, value in sorted(options.items())]
        how += told(optimizer)
        if trainable is not None:
            how.append(f"learns {sum(int(np.prod(w.shape)) for w in trainable)}")
        parts = (network(model), f"begun as {self._begun.index(begun) + 1}", ", ".join(how), f"on {rows(x, y)}")
        self._say("train", "; ".join(parts))
        self._each(each, options.get("steps", 0))
        return model

    def _each(self, each, steps):
        # Losses that fall, faster in one training than in the other; in one of five they end up as no number.
        self._trained += 1
        for number in range(steps if each else 0):
            loss = float("inf") if self._trained % 5 == 4 and number == 4 else (self._trained % 7 + 3) / (number + 1)
            if each(number, loss):
                self._say("ended", f"after step {number + 1}")
                break

    def _fit(self, model, x, y=None, *, verbose, **options):
        how = [f"{key} {value}" for key, value in sorted(options.items())]
        self._say("fit", f"{network(model)}; {', '.join([*how, *told(model.optimizer)])}; on {rows(x, y)}")

    def _semi_supervised(self, model, x, y, labelled, **options):
        how = ", ".join(f"{key} {value}" for key, value in sorted(options.items()))
        costs = f"costs {model.costs}, widths {model.widths}"
        self._say("fit", f"{costs}; {how}; on {rows(x, y)}, labels of {rows(x[labelled], y[labelled])}")

    def _step_of(self, model, x, y):
        self._say("step", f"{network(model)}; on {rows(x, y)}")

    def _seconds(self, functions, rounds):
        self._say("timed", f"{len(functions)}, {rounds} rounds")
        return [2.0 * 1.5**k for k in range(len(functions))]

    def _compared(self, drawings, seed):
        self._say("compared", f"{np.shape(drawings)}, seed {seed}")
        return {}

    def _reviews(self, texts, words):
        self._say("reviews", f"{texts} texts, {words} words")
        ids = np.random.default_rng(0).integers(1, 9, (12, words))
        return ids[:8], np.arange(8) % 2, ids[8:], np.arange(4) % 2

    def accuracy(self, model, x, y):
        self._say("test", f"on {rows(x, y)}")
        return float(len(self.lines))

    def _say(self, what, how):
        self.lines.append(f"{len(self.lines) + 1} {what}: {how}")


def told(optimizer):
    """An optimizer and its rate, and what isn't as by default; nothing of none."""
    if optimizer is None:
        return []
    config, also = optimizer.get_config(), {"beta_1": 0.9, "momentum": 0.0}
    rate = f"{type(optimizer).__name__} {float(config['learning_rate']):.6g}"
    return [rate, *(f"{key} {config[key]}" for key in also if config.get(key, also[key]) != also[key])]


def network(model):
    """The layers of a model that have something to say, in a line."""
    return " ".join(
        f"{len(same)} x {told}" if len(same) > 1 else told
        for told, same in ((told, list(group)) for told, group in itertools.groupby(map(_layer, model.layers)))
    )


def _layer(layer):
    config, kind = layer.get_config(), type(layer).__name__
    sizes = ("units", "filters", "input_dim", "output_dim", "rate", "pool_size")
    shown = [str(config[key]) for key in sizes if key in config]
    shown += [str(config[key]) for key in ("activation", "padding") if config.get(key) not in (None, "linear", "valid")]
    for key, plain in (("kernel_initializer", "GlorotUniform"), ("bias_initializer", "Zeros")):
        given = config.get(key)
        if given and given["class_name"].split(">")[-1] != plain:
            numbers = [f"{v:.4g}" for k, v in given["config"].items() if k in ("stddev", "value", "gain")]
            shown.append("-".join([given["class_name"].split(">")[-1], *numbers]))
    if config.get("kernel_regularizer"):
        given = config["kernel_regularizer"]
        shown.append("-".join([given["class_name"].split(">")[-1], *(f"{v:.4g}" for v in given["config"].values())]))
    for key, plain in (("momentum", 0.99), ("negative_slope", 0.3), ("return_sequences", False)):
        if config.get(key, plain) != plain:
            shown.append(f"{key} {config[key]}")
    return f"{kind}({', '.join(shown)})"


def rows(x, y=None):
    """Which digits, by their grays: of which part, how many, and the first three; of others how many and their mean."""
    x = np.asarray(x, "float64")
    flat = x.reshape(len(x), -1)
    factor = 255 if flat.max() > 1 else 1
    grays = SCALE * flat[:, 0] / factor
    numbers = np.rint(grays).astype(int)
    of = {part: (start <= numbers) & (numbers < start + SIZES[part]) for part, start in STARTS.items()}
    if np.ptp(flat, axis=1).any() or np.abs(grays - numbers).max() > 0.01 or not np.any(list(of.values()), 0).all():
        labels = "" if y is None else f", labels {np.bincount(np.ravel(y)).tolist()}"
        return f"{'x'.join(map(str, x.shape))} of mean {np.abs(x).mean():.3g}{labels}"
    places = numbers - sum(STARTS[part] * of[part] for part in of)
    counts = ", ".join(f"{np.sum(of[part])} {part}" for part in of if of[part].any())
    less = set() if y is None else set((places % 10 - y).tolist())
    assert len(less) <= 1, "labels of other digits"
    labels = f", labels less {less.pop()}" if less - {0} else ""
    times = " times 255" if factor == 255 else ""
    return f"{counts}{times} from {'-'.join(map(str, places[:3]))}{labels}"
