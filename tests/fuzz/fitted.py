"""`adapt`, and calls of preprocessing: arrays of every type and shape, odd numbers in them, and what is no array."""

import dataclasses
import inspect

import numpy as np
from hypothesis import strategies as st

from tests.fuzz import Trials, Wrong, drawn
from tests.fuzz.options import VALUES

TYPES = ("float64", "float32", "float16", "bfloat16", ">f8", "int64", "int8", "uint8", "uint64", "bool")
NO_NUMBERS = ("complex64", "S3", "U2", "O", "M8[s]", "m8[s]", "V4", "i4,f4")
NUMBERS = {
    "f": (0.0, -0.0, 1.0, -1.0, 1 / 3, 255.0, 1e-30, 1e30, 5e-324, 1e308, -1e308, np.inf, -np.inf, np.nan),
    "i": (0, 1, -1, 127, -128, 2**62, -(2**63)),
    "u": (0, 1, 255, 2**64 - 1),
    "b": (False, True),
}
# How the same numbers may be given.
WELL = ("array", "Fortran", "backwards", "tensor", "dataset", "pairs", "pieces", "generator", "read-only", "list")
GUISES = 3 * WELL + ("unbatched", "ragged", "sparse", "masked", "dicts", "symbol", "keys", "nested", "once more")
OTHERS = st.one_of(VALUES, st.sampled_from([np.float32(1), np.zeros(()), "text", b"bytes", {}, [], (), iter([]), int]))


@st.composite
def data(draw, shape):
    """An array, or what stands for one, with its guise."""
    if draw(st.integers(0, 15)) == 15:
        return "other", draw(OTHERS)
    sizes = st.lists(st.integers(0, 4), max_size=4).map(tuple)
    # Mostly of the shape that the sample has, but for the number of examples.
    if draw(st.integers(0, 15)) < 14:
        sizes = st.integers(0, 70).map(lambda n: (n, *shape[1:]))
    name, guise = draw(st.sampled_from((*(5 * TYPES), *NO_NUMBERS))), draw(st.sampled_from(GUISES))
    if name in NO_NUMBERS:
        return guise, np.zeros(draw(sizes), name)
    kind = np.dtype(name)
    random, known = np.random.default_rng(draw(st.integers(0, 2**32))), NUMBERS.get(kind.kind, NUMBERS["f"])
    array = random.integers(0, draw(st.sampled_from((1, 2, 100))), draw(sizes), endpoint=True).astype(kind)
    for at in random.integers(0, array.size, draw(st.integers(0, 2))) if array.size else ():
        with np.errstate(all="ignore"):
            array.flat[at] = np.array(known[random.integers(len(known))]).astype(kind)
    return guise, array


def disguised(guise, array):
    """The numbers in a guise; of those that can't be had so, the array."""
    import keras
    import tensorflow as tf

    if guise == "other" or not isinstance(array, np.ndarray):
        return array
    made = {
        "Fortran": lambda: np.asfortranarray(array),
        "backwards": lambda: array[::-1][::-1],
        "tensor": lambda: tf.constant(array),
        "dataset": lambda: tf.data.Dataset.from_tensor_slices(array).batch(3),
        "pairs": lambda: tf.data.Dataset.from_tensor_slices((array, array)).batch(3),
        "unbatched": lambda: tf.data.Dataset.from_tensor_slices(array),
        "pieces": lambda: [array[start : start + 2] for start in range(0, len(array), 2)],
        "list": lambda: array.tolist(),
        "generator": lambda: (array[start : start + 3] for start in range(0, len(array), 3)),
        "ragged": lambda: tf.RaggedTensor.from_tensor(array),
        "sparse": lambda: tf.sparse.from_dense(array),
        "read-only": lambda: np.broadcast_to(array, array.shape),
        "masked": lambda: np.ma.masked_array(array, np.zeros(array.shape, bool)),
        "dicts": lambda: tf.data.Dataset.from_tensor_slices({"x": array}).batch(3),
        "symbol": lambda: keras.KerasTensor(array.shape, array.dtype.name),
        "keys": lambda: {"x": array},
        "nested": lambda: [[array], [array]],
        "once more": lambda: map(np.array, (array, array)),
    }
    try:
        return made[guise]()
    except Exception:  # TensorFlow's and Keras's, each of its own kind.
        return array


def trials(share, report):
    """Trials of `adapt`, and of what is called afterwards; see `tests.fuzz.files.trials`."""
    from tfnotes import registry

    layers = [c for c in registry.concepts() if inspect.isclass(c.target) and hasattr(c.target, "adapt")]
    cases = [(concept, sample) for concept in layers for sample in concept.samples]
    kinds = [(Trials("adapt"), _adapt, 2000), (Trials("calls of preprocessing"), _call, 1000)]
    for found, function, count in kinds:
        drawing = st.sampled_from(cases).flatmap(
            lambda case: st.tuples(st.just(case[0]), _sample(*case), data(case[1].shape))
        )

        def attempt(drawn, found=found, function=function):
            concept, sample, (guise, array) = drawn
            told = f"{array.dtype} {array.shape} {array.ravel()[:12]}" if isinstance(array, np.ndarray) else repr(array)
            given = f"{concept.name} {sample.arguments}: {guise} of {told}"
            found.attempt(given, function, concept.target, sample, guise, array)

        drawn(round(count * share), drawing, attempt)
        report(found)


@st.composite
def _sample(draw, concept, sample):
    """The sample, or one of whose arguments one is odd."""
    if draw(st.integers(0, 7)) < 7:
        return sample
    parameters = inspect.signature(concept.target).parameters.values()
    names = [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]
    return dataclasses.replace(sample, arguments={**sample.arguments, draw(st.sampled_from(names)): draw(VALUES)})


def _usual(shape):
    return np.random.default_rng(0).normal(3, 2, (20, *shape[1:])).astype("float32")


def _adapt(make, sample, guise, array):
    """Adapts a fitted layer anew: refused, it stays as it was; else it holds what the same numbers give at once."""
    layer, usual = sample.make(make), _usual(sample.shape)
    if "mean" not in sample.arguments:
        layer.adapt(usual)
    before = [np.array(w) for w in layer.get_weights()]
    try:
        layer.adapt(disguised(guise, array))
    except Exception:
        if not all(map(np.array_equal, before, layer.get_weights())):
            raise Wrong("a layer that refused data is another one afterwards") from None
        raise
    _check(layer, guise, array, usual)


def _check(layer, guise, array, usual):
    """That what was computed is finite, and what NumPy says of the whole array."""
    if not all(np.all(np.isfinite(w)) for w in layer.get_weights()):
        raise Wrong("a weight that isn't finite")
    if guise == "other" or guise in ("list", "nested", "once more", "keys", "dicts", "symbol"):
        return
    rows = layer.matrix(array.astype("float64"))
    largest = np.abs(rows).max() if rows.size else 0
    off = 1e-5 * largest + 1e-30
    columns = {"minimum": rows.min(0), "maximum": rows.max(0), "mean": rows.mean(0), "adapt_mean": rows.mean(0)}
    for name, wanted in columns.items():
        weight = getattr(layer, name, None) if name != "mean" or not hasattr(layer, "adapt_mean") else None
        if weight is not None and np.abs(np.ravel(weight) - wanted).max() > off:
            raise Wrong(f"{name} is {np.ravel(weight)}, and should be {wanted}")
    if not np.all(np.isfinite(layer(usual))):
        raise Wrong("usual inputs give what isn't finite")


def _call(make, sample, guise, array):
    """Calls a fitted layer, and its inverse."""
    layer = sample.make(make)
    if "mean" not in sample.arguments:
        layer.adapt(_usual(sample.shape))
    inputs = disguised(guise, array)
    outputs = layer(inputs)
    wanted = layer.compute_output_shape(tuple(inputs.shape if hasattr(inputs, "shape") else np.shape(inputs)))
    if tuple(outputs.shape) != tuple(wanted):
        raise Wrong(f"a shape of {tuple(outputs.shape)}, and not {tuple(wanted)}")
    if not hasattr(outputs, "numpy"):
        return
    back, given = np.asarray(layer.inverse(outputs)), np.asarray(array, "float64")
    exact = "n_components" not in sample.arguments and np.all(np.abs(given) < 1e3)
    if exact and back.shape == given.shape and not np.allclose(back, given, rtol=0, atol=0.05):
        raise Wrong(f"the inverse is {back.ravel()[:9]}")
