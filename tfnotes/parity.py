"""What a concept computes on random numbers, and what its twin computes on the same ones.

The contract tests and `tfnotes compare` measure differences through this module.
"""

import inspect
from dataclasses import dataclass

import keras
import numpy as np

from tfnotes._gradients import vjp


@dataclass(frozen=True)
class Result:
    """Named arrays: the values, the gradients, and what the call left in the state."""

    arrays: dict[str, np.ndarray]

    def difference(self, other):
        """The largest relative difference of each array: |a - b| / (|b| + largest |b| / 1000)."""
        return {name: _difference(array, other.arrays[name]) for name, array in self.arrays.items()}


def results(concept, sample, seed, training=False, dtype="float64"):
    """Runs a concept and its twin, with the same random weights, on the same random input.

    Args:
        concept: with a twin, or without (then the second result is None).
        sample: how it is made, and the input's shape.
        seed: of weights, inputs and cotangents.
        training: passed to layers that take it.
        dtype: of everything.

    Returns:
        `(ours, theirs)`, two `Result`s.
    """
    twin = concept.twin_target()
    run = {
        "activations": activation,
        "initializers": initializer,
        "layers": layer,
        "preprocessing": layer,
        "augmentation": layer,
        "losses": loss,
        "optimizers": optimizer,
        "regularizers": regularizer,
        "constraints": constraint,
        "schedules": schedule,
    }[concept.kind]
    options = {"training": training} if run is layer else {}
    pair = [run(target, sample, seed, dtype, **options) if target else None for target in (concept.target, twin)]
    return tuple(pair)


def activation(function, sample, seed, dtype):
    """An activation's values and input gradient."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=sample.shape).astype(dtype)
    y, _, (dx,) = vjp(lambda x: (function(x, **sample.arguments), ()), [x], _cotangent(rng))
    return Result({"values": y, "input gradient": dx})


def initializer(cls, sample, seed, dtype):
    """The numbers that an initializer draws."""
    return Result({"values": keras.ops.convert_to_numpy(cls(**sample.arguments)(sample.shape, dtype=dtype))})


def regularizer(cls, sample, seed, dtype):
    """A regularizer's penalty and the gradient of the weight."""
    rng = np.random.default_rng(seed)
    w = rng.normal(size=sample.shape).astype(dtype)
    made = cls(**sample.arguments)
    penalty, _, (dw,) = vjp(lambda w: (made(w), ()), [w], _cotangent(rng))
    return Result({"values": penalty, "weight gradient": dw})


def constraint(cls, sample, seed, dtype):
    """A weight as a constraint leaves it; a weight of zeros too."""
    rng = np.random.default_rng(seed)
    made = cls(**sample.arguments)
    w = rng.normal(size=sample.shape).astype(dtype)
    weights = {"values": w, "zeros": np.zeros_like(w)}
    to_numpy, to_tensor = keras.ops.convert_to_numpy, keras.ops.convert_to_tensor
    return Result({name: to_numpy(made(to_tensor(w))) for name, w in weights.items()})


def schedule(cls, sample, seed, dtype):
    """The rates of steps 0 to 200, and of some far ones; in the float type that the backend gives to numbers."""
    far = np.random.default_rng(seed).integers(10**6, size=9)
    made, before = cls(**sample.arguments), keras.config.floatx()
    # Keras's schedules take it, where ours take Keras's float type: on JAX, with float64 on, they are two.
    keras.config.set_floatx(keras.backend.standardize_dtype(keras.ops.convert_to_tensor(1.0).dtype))
    try:
        rates = [keras.ops.convert_to_numpy(made(int(step))) for step in (*range(201), *far)]
    finally:
        keras.config.set_floatx(before)
    return Result({"values": np.stack(rates)})


def layer(cls, sample, seed, dtype, training=False, function=None):
    """A layer's values, its gradients, and its state after the call.

    Args:
        cls: the layer's class.
        sample, seed, dtype, training: as in `results`.
        function: of `(layer, inputs)`, run in place of the layer's call.
    """
    rng = np.random.default_rng(seed)
    made = sample.make(cls, dtype=dtype)
    made.build(sample.shape)
    draw_weights(made, rng)
    x = sample_input(sample, rng, dtype)
    trainable = [keras.ops.convert_to_numpy(v) for v in made.trainable_variables]
    state = [keras.ops.convert_to_numpy(v) for v in made.non_trainable_variables]
    options = {"training": training} if takes_training(made) else {}

    def call(x, *weights):
        if function is None:
            return made.stateless_call(list(weights), state, x, **options)
        pairs = zip((*made.trainable_variables, *made.non_trainable_variables), (*weights, *state), strict=True)
        with keras.StatelessScope(state_mapping=list(pairs)):
            return function(made, x), ()

    if sample.integers is None:
        y, after, (dx, *dw) = vjp(call, [x, *trainable], _cotangent(rng))
        arrays = {"values": y, "input gradient": dx}
    else:
        y, after, dw = vjp(lambda *weights: call(x, *weights), trainable, _cotangent(rng))
        arrays = {"values": y}
    arrays |= {f"gradient of {v.name}": g for v, g in zip(made.trainable_variables, dw, strict=True)}
    names = [v.name for v in made.non_trainable_variables if "seed" not in v.name]
    arrays |= {f"{n} after": a for n, a in zip(names, after, strict=False)}
    return Result(arrays)


def takes_training(made):
    """Whether a layer's call is told if it is in training."""
    return "training" in inspect.signature(made.call).parameters


def loss(cls, sample, seed, dtype):
    """A loss's value and the gradient of the predictions."""
    rng = np.random.default_rng(seed)
    made = cls(**sample.arguments, dtype=dtype)
    target, prediction = draw_targets(sample, rng, dtype)
    value, _, (dy,) = vjp(lambda y: (made(target, y), ()), [prediction], _cotangent(rng))
    return Result({"values": value, "prediction gradient": dy})


def optimizer(cls, sample, seed, dtype, steps=50):
    """Where an optimizer takes two weights down a random quadratic, in `steps` updates."""
    rng = np.random.default_rng(seed)
    made = cls(**sample.arguments)
    shapes = [(3, 4), (4,)]
    weights = [keras.Variable(rng.normal(size=s), dtype=dtype, name=f"w{k}") for k, s in enumerate(shapes)]
    curvature = [rng.uniform(0.1, 3, size=s) for s in shapes]
    made.build(weights)
    path = []
    for _ in range(steps):
        noise = [0.1 * rng.normal(size=s) for s in shapes]
        gradients = [c * keras.ops.convert_to_numpy(w) + n for c, w, n in zip(curvature, weights, noise, strict=True)]
        made.apply([keras.ops.convert_to_tensor(g, dtype) for g in gradients])
        path.append([keras.ops.convert_to_numpy(w).copy() for w in weights])
    return Result({"values": np.stack([p[0] for p in path]), "bias": np.stack([p[1] for p in path])})


def draw_weights(made, rng):
    """Gives every weight random numbers, biases too; variances positive ones."""
    set_weights(made, [_random_weight(w, rng) for w in made.weights])


def set_weights(made, weights):
    """Sets them; a layer of Keras's with `adapt` takes them over, as after loading from a file."""
    made.set_weights(weights)
    if hasattr(made, "finalize_state"):
        made.finalize_state()


def sample_input(sample, rng, dtype, batch=None):
    """Random input of a sample: integers if it says so; `batch` of them in place of the sample's number."""
    shape = sample.shape if batch is None else (batch, *sample.shape[1:])
    if sample.integers is not None:
        return rng.integers(sample.integers, size=shape).astype("int32")
    return draw_input(shape, rng, dtype)


def draw_input(shape, rng, dtype):
    """Random numbers, no two alike, so that no maximum is a tie."""
    return rng.normal(size=shape).astype(dtype)


def draw_targets(sample, rng, dtype):
    """Targets and predictions that fit a loss: numbers, logits, or probabilities."""
    shape, axis = sample.shape, sample.arguments.get("axis", -1)
    prediction = rng.normal(size=shape)
    if sample.targets == "real":
        return rng.normal(size=shape).astype(dtype), prediction.astype(dtype)
    if sample.targets == "binary":
        chance = 1 / (1 + np.exp(-prediction))
        prediction = prediction if sample.arguments.get("from_logits", False) else chance
        return rng.integers(2, size=shape).astype(dtype), prediction.astype(dtype)
    if not sample.arguments.get("from_logits", False):
        prediction = np.exp(prediction) / np.exp(prediction).sum(axis=axis, keepdims=True)
    classes = shape[axis]
    index = rng.integers(classes, size=[n for k, n in enumerate(shape) if k != axis % len(shape)])
    target = index if sample.targets == "index" else np.moveaxis(np.eye(classes)[index], -1, axis)
    return target.astype(dtype), prediction.astype(dtype)


def _random_weight(weight, rng):
    if "int" in keras.backend.standardize_dtype(weight.dtype):
        return rng.integers(1, 9, size=weight.shape).astype(weight.dtype)
    if "variance" in weight.name or "stddev" in weight.name:
        return rng.uniform(0.5, 2, size=weight.shape)
    return rng.normal(size=weight.shape)


def _cotangent(rng):
    return lambda shape: rng.normal(size=shape)


def _difference(a, b):
    a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
    if a.shape != b.shape:
        return float("inf")
    if a.size == 0:
        return 0.0
    scale = np.abs(b) + np.abs(b).max() / 1000
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(a == b, 0.0, np.abs(a - b) / scale)
    return float(np.nan_to_num(relative, nan=np.inf).max())
