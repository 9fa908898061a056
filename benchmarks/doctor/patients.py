"""Trainings made sick on purpose, and healthy ones, on parts of the samples that depend on the seed."""

from dataclasses import dataclass, field, replace
from functools import partial

import keras
import numpy as np

from tests.doctor.illnesses import network, raw
from tfnotes import task as tasks
from tfnotes.callbacks import Doctor
from tfnotes.task import Recipe, Splits
from tfnotes.training import config
from tfnotes.training.setup import Setup

WIDE = keras.initializers.RandomNormal(0, 1.0, seed=0)
NEGATIVE = keras.initializers.RandomNormal(-3, 2.0, seed=0)


@dataclass(frozen=True)
class Patient:
    """A training.

    Attributes:
        model: "mnist mlp", say: a task's model.
        illnesses: those that it was given, none if it is healthy.
        options: of `tfnotes.training.config.configure`, such as learning_rate.
        settings: of the model, as with `--set`.
        dense: in the model's place, arguments of `tests.doctor.illnesses.network`.
        raw: whether the pixels stay as they are stored.
        examples: that it is trained with.
    """

    model: str
    illnesses: tuple[str, ...] = ()
    options: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    dense: dict = field(default_factory=dict)
    raw: bool = False
    examples: int = 600


def sick(model, illness, **changes):
    return Patient(model, tuple(illness.split(" + ")), **changes)


def dense(illness, depth=2, activation="relu", kernel="he_normal", bias="zeros", units=64, **changes):
    arguments = {"depth": depth, "units": units, "activation": activation, "kernel": kernel, "bias": bias}
    return sick("mnist mlp", illness, dense=arguments, **changes)


def rates(model, high, low, **changes):
    """A model with rates far from its own."""
    return {
        f"{model}: rate {high:g}": sick(model, "learning rate too high", options={"learning_rate": high}, **changes),
        f"{model}: rate {low:g}": sick(model, "learning rate too low", options={"learning_rate": low}, **changes),
    }


_FEW = {"examples": 60, "options": {"epochs": 8, "batch_size": 10}}
_TEXTS = {"examples": 1000}
SICK = {
    **rates("mnist mlp", 5.0, 1e-6),
    "mnist mlp: sigmoid, rate 10": sick(
        "mnist mlp", "learning rate too high", options={"learning_rate": 10.0}, settings={"activation": "sigmoid"}
    ),
    "mnist mlp: ten sigmoid layers": sick(
        "mnist mlp", "vanishing gradients", settings={"activation": "sigmoid", "depth": 10, "units": 64}
    ),
    "mnist mlp: weights of deviation 1, Adam": dense(
        "exploding gradients", depth=8, kernel=WIDE, options={"learning_rate": 1e-4}
    ),
    "mnist mlp: biases of -3": dense("dead units", bias=NEGATIVE),
    "mnist mlp: tanh, weights of deviation 1": dense(
        "saturated units", activation="tanh", kernel=WIDE, options={"learning_rate": 0.01}
    ),
    "mnist mlp: 60 examples": dense("overfitting", units=256, **_FEW),
    "mnist mlp: pixels 0-255": dense("badly scaled data", raw=True),
    **rates("mnist cnn", 3.0, 1e-6),
    **rates("mnist lstm", 5.0, 1e-7),
    **rates("imdb bigram", 3.0, 1e-7, **_TEXTS),
    **rates("imdb lstm", 3.0, 1e-7, **_TEXTS),
    **rates("autoencode vae", 1.0, 1e-8),
    "two: sigmoid layers, rate 1e-6": sick(
        "mnist mlp",
        "vanishing gradients + learning rate too low",
        options={"learning_rate": 1e-6},
        settings={"activation": "sigmoid", "depth": 10, "units": 64},
    ),
    "two: pixels 0-255, 60 examples": dense(
        "badly scaled data + overfitting",
        units=256,
        raw=True,
        examples=60,
        options={"epochs": 8, "batch_size": 10, "learning_rate": 1e-4},
    ),
}
HEALTHY = {
    "healthy: mnist mlp": Patient("mnist mlp", examples=1200),
    "healthy: mnist cnn": Patient("mnist cnn", examples=1200),
    "healthy: mnist lstm": Patient("mnist lstm", examples=1200),
    "healthy: imdb bigram": Patient("imdb bigram", **_TEXTS),
    # Of a thousand texts four epochs are learned by heart, which is what the doctor says of them.
    "healthy: imdb lstm": Patient("imdb lstm", examples=4000, options={"epochs": 3}),
    "healthy: autoencode vae": Patient("autoencode vae", examples=1200),
}
# What an advice that is no number of a setting means here.
CURES = {
    "badly scaled data": lambda p: replace(p, raw=False),
    "exploding gradients": lambda p: begun(p, kernel="he_normal"),
    "dead units": lambda p: begun(p, kernel="he_normal", bias="zeros"),
    "saturated units": lambda p: begun(p, kernel="glorot_uniform"),
    "vanishing gradients": lambda p: replace(p, settings=p.settings | {"activation": "relu"}),
    "overfitting": lambda p: replace(p, examples=10 * p.examples),
}


def begun(patient, **initial):
    """With other initializers; the models of the tasks have their own."""
    return replace(patient, dense=patient.dense | initial) if patient.dense else patient


def treated(patient, findings):
    """The same training with all that is advised; None if nothing is that can be changed here."""
    changed = patient
    for found in findings:
        if found.settings:
            changed = replace(changed, options=changed.options | found.settings)
        elif found.cause is None and found.illness in CURES:
            changed = CURES[found.illness](changed)
    return None if changed == patient else changed


def trained(patient, seed, splits, look=True):
    """Trains with a `Doctor`, and gives it.

    Args:
        patient: a `Patient`.
        seed: of the data's choice and of the training.
        splits: the whole sample.
        look: whether the doctor sees units and gradients, too, which takes most of the time.
    """
    name, model = patient.model.split()
    task = tasks.load(name)
    recipe = task.models[model]
    recipe = recipe if isinstance(recipe, Recipe) else Recipe(recipe)
    if patient.dense:
        adam = {"optimizer": task.models["lstm"].optimizer} if patient.dense["kernel"] is WIDE else {}
        recipe = Recipe(partial(network, **patient.dense), **adam)
    if patient.raw:
        recipe = replace(recipe, prepare=raw)
    task = replace(task, models={model: recipe})
    settings = [f"{key}={value}" for key, value in patient.settings.items()]
    options = {"epochs": 4, "batch_size": 32, **patient.options}
    asked = config.configure(task, model=model, seed=seed, settings=settings, **options)
    setup = Setup(asked, task)
    rows = np.random.default_rng(seed).permutation(len(splits.train))[: patient.examples]
    part = Splits(splits.train.take(rows), splits.validation.take(slice(400)), splits.test)
    built = setup.build()
    prepare = setup.fitted(part.train)
    batches, steps = setup.training_batches(part.train, prepare, 0, asked["epochs"])
    few = part.validation.take(slice(200))
    x = keras.ops.convert_to_numpy(prepare(few.x))
    labels = recipe.targets in ("labels", None) and name != "autoencode"
    doctor = Doctor(x, few.y if labels else None, report=None) if look else Doctor(report=None)
    built.fit(
        batches,
        steps_per_epoch=steps,
        epochs=asked["epochs"],
        validation_data=setup.evaluation_batches(part.validation, prepare),
        shuffle=False,
        verbose=0,
        callbacks=[doctor],
    )
    return doctor
