"""The table of differences is whole: what differs when both are run stands in the concept's paragraph.

Ours and its twin get the same arguments, weights and inputs, ordinary and odd. Where one refuses what the other takes,
or the values, shapes, types or kinds of tensor differ, the paragraph "Differences from" must have a word for it.
"""

import inspect
import re

import keras
import numpy as np
import pytest
from keras import ops

from tests.contracts.cases import contract

RNG = np.random.default_rng(0)
# What a paragraph may call each case.
WORDS = {
    "whole numbers": "integer|whole",
    "booleans": "bool",
    "float64": "float64",
    "float16": "float16|half",
    "infinity": "infin",
    "NaN": "NaN",
    "zeros": "zero|at 0",
    "large": "large|overflow|1e9",
    "empty": "empty",
    "too few axes": "rank|axes|shape",
    "masked": "mask",
    "ragged": "ragged",
    "sparse": "sparse",
    "gradient at zeros": "derivative|gradient",
    "gradient": "gradient",
    "shape": "shape|broadcast",
    "sum": "sum",
    "no class": "class",
    "weights": "weight",
    "negative": "negative",
}
ODD = ("whole numbers", "booleans", "float64", "float16", "infinity", "NaN", "zeros", "large", "empty", "too few axes")
TENSORFLOW = keras.backend.backend() == "tensorflow"


def odd(case, shape):
    """An input of that shape, or near it, that is as the case says."""
    x = RNG.normal(size=shape).astype("float32")
    if case in ("infinity", "NaN", "large"):
        x.flat[0] = {"infinity": np.inf, "NaN": np.nan, "large": 1e30}[case]
    if case == "float16":
        x = x.astype("float16")
    return {
        "whole numbers": lambda: np.rint(3 * x).astype("int32"),
        "booleans": lambda: x > 0,
        "float64": lambda: x.astype("float64"),
        "zeros": lambda: np.zeros_like(x),
        "empty": lambda: x[:0],
        "too few axes": lambda: x[0],
    }.get(case, lambda: x)()


def outcome(run, *arguments):
    """What it gives, as NumPy arrays with the kind of tensor; or that it refuses."""
    try:
        found = run(*arguments)
    except Exception:
        return "refused"
    leaves = found if isinstance(found, (list, tuple)) else [found]
    return [(type(leaf).__name__.replace("Eager", ""), numbers(leaf)) for leaf in leaves if leaf is not None]


def numbers(leaf):
    if type(leaf).__name__ == "RaggedTensor":
        leaf = leaf.to_tensor()
    if type(leaf).__name__ == "SparseTensor":
        leaf = ops.convert_to_tensor(leaf, sparse=False)
    return ops.convert_to_numpy(leaf)


def differ(ours, theirs):
    """In which way two outcomes differ; "" if in none."""
    if "refused" in (ours, theirs):
        return "" if ours == theirs else f"{'ours' if ours == 'refused' else 'the twin'} refuses"
    if [kind for kind, _ in ours] != [kind for kind, _ in theirs]:
        return "another kind of tensor"
    for (_, a), (_, b) in zip(ours, theirs, strict=True):
        if (a.dtype, a.shape) != (b.dtype, b.shape):
            return f"{a.dtype} {a.shape} for {b.dtype} {b.shape}"
        # A few roundings of the type, as a root and a quotient may be taken in another order.
        tolerance = 5e-3 if a.dtype == "float16" else 1e-4
        a, b = a.astype("float64"), b.astype("float64")
        if not np.allclose(a, b, tolerance, 1e-5, equal_nan=True):
            return f"{a.ravel()[:4]} for {b.ravel()[:4]}"
    return ""


def unstated(concept, case, ours, theirs):
    way = differ(ours, theirs)
    return f"{case}: {way}" if way and not re.search(WORDS[case], concept.differences) else ""


def check(concept, cases):
    """Fails with all that differs without a word; `cases` are (case, outcome of ours, of the twin)."""
    found = [sentence for one in cases if (sentence := unstated(concept, *one))]
    assert not found, f"{concept.name} states {concept.differences!r}, but not " + "; ".join(found)


def pair(concept, sample):
    keras.utils.set_random_seed(1)
    return [sample.make(target) for target in (concept.target, concept.twin_target())]


def gradient(function, x):
    """Of the sum of what it gives."""
    import tensorflow as tf

    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = tf.reduce_sum(function(x))
    return tape.gradient(value, x)


@contract("stated arguments", samples=False, twin=True)
def test_every_argument_that_differs_is_named(concept, sample):
    ours, theirs = (inspect.signature(t).parameters for t in (concept.target, concept.twin_target()))
    named = {n for n, p in ours.items() if p.kind is not p.VAR_KEYWORD}
    of_theirs = {n for n, p in theirs.items() if p.kind is not p.VAR_KEYWORD}
    others = {n for n in named & of_theirs if ours[n].default != theirs[n].default}
    for name in sorted(named ^ of_theirs | others):
        group = "LoRA" if name.startswith("lora") else "quantization" if name.startswith("quant") else name
        assert re.search(group, concept.differences), name


@contract("stated inputs", ("layers",), samples=False, twin=True)
def test_layers_on_odd_inputs(concept, sample):
    ours, theirs = pair(concept, sample)
    for layer in (ours, theirs):
        layer.build(sample.shape)
    theirs.set_weights(ours.get_weights())
    cases = []
    for case in ODD:
        x = odd(case, sample.shape)
        if sample.integers is not None and case in ("whole numbers", "empty", "zeros", "too few axes"):
            x = (np.abs(x) % sample.integers).astype("int32")
        cases.append((case, outcome(ours, x), outcome(theirs, x)))
    if TENSORFLOW:
        for case, x in tensors(sample):
            cases.append((case, outcome(ours, x), outcome(theirs, x)))
        if sample.integers is None:
            zeros = np.zeros(sample.shape, "float32")
            cases.append(("gradient at zeros", *(outcome(gradient, layer, zeros) for layer in (ours, theirs))))
    if "mask" in inspect.signature(type(theirs).call).parameters and len(sample.shape) == 3:
        x, mask = odd("", sample.shape), np.ones(sample.shape[:2], bool)
        mask[0], mask[1, 1:] = False, False
        cases.append(("masked", *(outcome(lambda layer: layer(x, mask=mask), each) for each in (ours, theirs))))
    check(concept, cases)


def tensors(sample):
    import tensorflow as tf

    x = odd("", sample.shape)
    if sample.integers is not None:
        x = (np.abs(x) % sample.integers).astype("int32")
    if x.ndim > 1:
        yield "ragged", tf.RaggedTensor.from_tensor(x[:2], lengths=[1, x.shape[1]])
    yield "sparse", tf.sparse.from_dense(x)


@contract("stated values", ("activations",), samples=False, twin=True)
def test_activations_on_odd_inputs(concept, sample):
    both = concept.target, concept.twin_target()
    cases = []
    for case in ODD:
        x = odd(case, (3, 4))
        cases.append((case, *(outcome(f, ops.convert_to_tensor(x)) for f in both)))
    if TENSORFLOW:
        cases.append(("gradient at zeros", *(outcome(gradient, f, np.zeros((3, 4), "float32")) for f in both)))
    check(concept, cases)


@contract("stated losses", ("losses",), twin=True)
def test_losses_on_odd_inputs(concept, sample):
    both = pair(concept, sample)
    shape = sample.shape
    scores = np.abs(odd("", shape)) / (1 + np.abs(odd("", shape)).max())
    index = sample.targets == "index"
    true = (
        RNG.integers(0, shape[-1], shape[:-1])
        if index
        else np.eye(shape[-1], dtype="float32")[np.zeros(shape[:-1], int)]
    )
    trials = {
        case: (true, odd(case, shape))
        for case in ODD
        if case not in ("too few axes", "empty", "booleans", "whole numbers")
    }
    trials |= {
        "empty": (true[:0], scores[:0]),
        "too few axes": (true, scores[0]),
        "shape": (true[..., None], scores[..., None]),
        "whole numbers": (true.astype("int64"), scores),
        "sum": (true if index else 2 * true, scores),
        "no class": (true * 0 + 99, scores) if index else (true * 0, scores),
        "weights": (true, scores, RNG.normal(size=shape[:1]).astype("float32")),
    }
    cases = [(case, *(outcome(loss, *arguments) for loss in both)) for case, arguments in trials.items()]
    if TENSORFLOW:
        cases.append(
            (
                "gradient",
                *(outcome(gradient, lambda p, f=f: f(2 * true if not index else true, p), scores) for f in both),
            )
        )
    check(concept, cases)


@contract("stated weights", ("regularizers", "constraints"), samples=False, twin=True)
def test_penalties_and_constraints_on_odd_weights(concept, sample):
    both = pair(concept, sample)
    trials = {case: odd(case, (3, 4)) for case in ODD if case not in ("booleans", "whole numbers")}
    trials["negative"] = -np.ones((2, 2), "float32")
    check(concept, [(case, *(outcome(each, ops.convert_to_tensor(x)) for each in both)) for case, x in trials.items()])


@contract("stated shapes", ("initializers",), samples=False, twin=True)
def test_initializers_of_odd_shapes(concept, sample):
    both = pair(concept, sample)
    cases = []
    for shape in ((), (3,), (0, 3), (2, 3, 4), (2, 3, 4, 5), [2, 3], (2, -1)):
        cases.append(("shape", *(outcome(each, shape) for each in pair(concept, sample))))
    for dtype in ("float16", "float64"):
        cases.append((dtype, *(outcome(each, (2, 3), dtype) for each in both)))
    check(concept, cases)


@contract("stated gradients", ("optimizers",), samples=False, twin=True)
def test_optimizers_on_odd_gradients(concept, sample):
    if keras.backend.backend() == "torch":
        pytest.skip("Keras's own optimizers are made of PyTorch's operations there, which round and overflow elsewhere")
    cases = []
    for case in ("zeros", "infinity", "NaN", "large", "empty", "float16", "float64"):
        g = odd(case, (3, 2))
        found = []
        for optimizer in pair(concept, sample):
            variable = keras.Variable(np.ones_like(g), dtype=g.dtype.name)
            optimizer.build([variable])
            found.append(outcome(stepped, optimizer, g, variable))
        cases.append((case, *found))
    check(concept, cases)


def stepped(optimizer, g, variable):
    optimizer.apply([ops.convert_to_tensor(g)])
    optimizer.apply([ops.convert_to_tensor(g)])
    return [ops.convert_to_numpy(variable), *map(ops.convert_to_numpy, optimizer.variables)]


@contract("stated steps", ("schedules",), samples=False, twin=True)
def test_schedules_at_odd_steps(concept, sample):
    both = pair(concept, sample)
    steps = {"zeros": 0, "negative": -3, "whole numbers": np.int64(7), "large": 10**9, "float64": 2.5}
    check(concept, [(case, *(outcome(each, step) for each in both)) for case, step in steps.items()])


def test_a_difference_without_a_word_is_found():
    class Stub:
        name, differences = "stub", "infinite inputs are kept."

    a, b = [("Tensor", np.zeros(2))], [("Tensor", np.ones(2))]
    check(Stub, [("infinity", a, b), ("NaN", a, a)])
    for one in (
        ("NaN", a, b),
        ("empty", "refused", a),
        ("ragged", a, "refused"),
        ("zeros", a, [("Tensor", np.zeros((2, 1)))]),
    ):
        with pytest.raises(AssertionError, match=one[0]):
            check(Stub, [one])
