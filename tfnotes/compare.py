"""How far a concept is from its Keras twin: in numbers, and in time.

Times are ratios of the two in one process, taken in turn, so that a machine that slows down slows
both. The training step is forward and backward pass with all gradients.
"""

import statistics
import time
from dataclasses import dataclass
from functools import partial

import keras
import numpy as np

from tfnotes import layers, parity
from tfnotes.errors import InputError


@dataclass(frozen=True)
class Ratio:
    """Our time over the twin's: the median of the pairs, and the middle half of them."""

    median: float
    low: float
    high: float
    ours_ms: float
    theirs_ms: float


def differences(concept, cases=10, seed=0):
    """The largest relative differences in float64, by array, over all samples and random cases.

    Args:
        concept: one with a twin.
        cases: random weights and inputs for each sample.
        seed: of the first case.

    Returns:
        A dict from the array's name to its largest difference.

    Raises:
        InputError: the concept has no twin.
    """
    _need_twin(concept)
    largest: dict[str, float] = {}
    for sample in concept.samples:
        for case in range(cases):
            for training in (False, True) if _trains(concept) else (False,):
                ours, theirs = parity.results(concept, sample, seed + case, training)
                for name, difference in ours.difference(theirs).items():
                    largest[name] = max(largest.get(name, 0.0), difference)
    return largest


def speed(concept, pairs=30, seed=0, clock=time.perf_counter):
    """Time of the forward pass and of the training step, ours over the twin's, at the concept's bench size.

    Args:
        concept: one with a twin.
        pairs: how often the two are timed in turn.
        seed: of weights and inputs.
        clock: gives seconds. Default the wall's.

    Returns:
        A dict with a `Ratio` for each of "forward" and "training step" that makes sense for the kind.

    Raises:
        InputError: the concept has no twin, or Keras doesn't run on TensorFlow.
    """
    _need_twin(concept)
    if keras.backend.backend() != "tensorflow":
        raise InputError(
            f"compare: `KERAS_BACKEND` must be tensorflow for times. Received: {keras.backend.backend()!r}."
        )
    ours, theirs = (_timed_calls(concept, target, seed) for target in (concept.target, concept.twin_target()))
    return {name: alternate(ours[name], theirs[name], pairs, clock=clock) for name in ours}


def gate_activations(concept, seed=0, steps=24, units=8):
    """What the gates of a recurrent layer and of its twin do with the same weights on one random sequence.

    Args:
        concept: `simple_rnn`, `lstm` or `gru`.
        seed: of weights and inputs.
        steps, units: sizes. Default 24, 8.

    Returns:
        Two dicts from a gate's name to its activations of shape `(steps, units)`: ours, and the twin's.

    Raises:
        InputError: the concept has no gates to look at.
    """
    if f"{concept.kind}.{concept.name}" not in ("layers.simple_rnn", "layers.lstm", "layers.gru"):
        raise InputError(f"compare: `gates` must go with simple_rnn, lstm or gru. Received: {concept.name!r}.")
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(1, steps, units))
    ours, theirs = (cls(units, dtype="float64") for cls in (concept.target, concept.twin_target()))
    for layer in (ours, theirs):
        layer.build(x.shape)
    parity.draw_weights(ours, rng)
    theirs.set_weights(ours.get_weights())
    both = (layers.gates(layer, x) for layer in (ours, theirs))
    return tuple({name: found[0] for name, found in gates.items()} for gates in both)


def alternate(ours, theirs, pairs, calls=None, clock=time.perf_counter):
    """Times two functions in turn.

    Args:
        ours, theirs: functions without arguments.
        pairs: how often.
        calls: calls per timing. Default as many as take about 5 ms.
        clock: gives seconds. Default the wall's.

    Returns:
        A `Ratio`.
    """
    if calls is None:
        calls = max(1, round(0.005 / max(min(_time(ours, 3, clock), _time(theirs, 3, clock)) / 3, 1e-6)))
    times = []
    for k in range(pairs):
        # Who comes first changes, as the second of a pair finds warmer caches.
        if k % 2:
            b, a = _time(theirs, calls, clock), _time(ours, calls, clock)
        else:
            a, b = _time(ours, calls, clock), _time(theirs, calls, clock)
        times.append((a, b))
    ratios = [a / b for a, b in times]
    low, _, high = statistics.quantiles(ratios, n=4)
    ms = [1000 * statistics.median(column) / calls for column in zip(*times, strict=True)]
    return Ratio(statistics.median(ratios), low, high, *ms)


def _time(function, calls, clock):
    start = clock()
    for _ in range(calls):
        function()
    return clock() - start


def _timed_calls(concept, target, seed):
    """What to time, by name: compiled functions without arguments."""
    import tensorflow as tf

    sample, rng = concept.bench, np.random.default_rng(seed)
    compiled = tf.function(autograph=False)
    if concept.kind in _WITHOUT_GRADIENT:
        what, call = _WITHOUT_GRADIENT[concept.kind](target, sample, rng)
        return {what: compiled(call)}
    forward, training, x, weights = _differentiable(concept.kind, target, sample, rng)
    cotangent = tf.constant(rng.normal(size=training(x).shape), "float32")
    differentiated = [x] if x.dtype.is_floating else []

    def step():
        with tf.GradientTape() as tape:
            tape.watch(differentiated)
            total = tf.reduce_sum(training(x) * cotangent)
        return tape.gradient(total, [*differentiated, *weights])

    return {"forward": compiled(lambda: forward(x)), "training step": compiled(step)}


def _draw(target, sample, rng):
    made = target(**sample.arguments)
    return "forward", lambda: made(sample.shape)


def _constrain(target, sample, rng):
    made, w = target(**sample.arguments), keras.ops.array(rng.normal(size=sample.shape), "float32")
    return "forward", lambda: made(w)


def _rate(target, sample, rng):
    made, step = target(**sample.arguments), keras.ops.array(100, "int64")
    return "forward", lambda: made(step)


def _update(target, sample, rng):
    made = target(**sample.arguments)
    weight = keras.Variable(rng.normal(size=sample.shape), dtype="float32")
    gradient = keras.ops.array(rng.normal(size=sample.shape), "float32")
    made.build([weight])
    return "training step", lambda: made.apply([gradient])


_WITHOUT_GRADIENT = {"initializers": _draw, "constraints": _constrain, "schedules": _rate, "optimizers": _update}


def _differentiable(kind, target, sample, rng):
    """`(forward, training, x, weights)`: functions of x in inference and in training, x, and the weights."""
    if kind == "losses":
        made = target(**sample.arguments)
        y_true, x = (keras.ops.array(a) for a in parity.draw_targets(sample, rng, "float32"))

        def loss(x):
            return made(y_true, x)

        return loss, loss, x, []
    if kind in ("activations", "clipping", "regularizers"):
        function = target(**sample.arguments) if isinstance(target, type) else partial(target, **sample.arguments)
        return function, function, keras.ops.array(rng.normal(size=sample.shape), "float32"), []
    made = sample.make(target)
    made.build(sample.shape)
    x = keras.ops.array(parity.sample_input(sample, rng, "float32"))
    if hasattr(made, "adapt"):
        made.adapt(x)
    training = partial(made, training=True) if parity.takes_training(made) else made
    return made, training, x, [w.value for w in made.trainable_weights]


def _trains(concept):
    return concept.kind in ("layers", "augmentation") and "parity in training" not in concept.exempt


def _need_twin(concept):
    if concept.twin is None:
        raise InputError(
            f"compare: `name` must be a concept that Keras has too. Received: {concept.name!r}, which has no twin."
        )
