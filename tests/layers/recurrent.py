"""What the tests of recurrent layers share: layers in pairs, and all that one call gives, with every gradient."""

import keras
import numpy as np
from keras import ops, tree

from tfnotes import layers, parity
from tfnotes._gradients import vjp

# Keras's own float64 isn't on other backends: tanh in float32 on JAX, products on PyTorch.
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"
DTYPE, TOLERANCE = ("float64", 1e-9) if ON_TENSORFLOW else ("float32", 1e-4)
KINDS = ("SimpleRNN", "LSTM", "GRU")
STATES = {"SimpleRNN": 1, "LSTM": 2, "GRU": 1}


def pair(kind, shape, ours=None, theirs=None, seed=0, **options):
    """A layer of ours and one of Keras's with the same random weights."""
    made = [
        getattr(namespace, kind)(**options, **(own or {}), dtype=DTYPE)
        for namespace, own in ((layers, ours), (keras.layers, theirs))
    ]
    for layer in made:
        layer.build(shape)
        parity.draw_weights(layer, np.random.default_rng(seed))
    return made


def draw(rng, kind, shape, units):
    """Inputs and initial states of a batch."""
    states = [rng.normal(size=(shape[0], units)).astype(DTYPE) for _ in range(STATES[kind])]
    return rng.normal(size=shape).astype(DTYPE), states


def everything(layer, x, states=(), mask=None, training=False, seed=1):
    """A `parity.Result`: outputs and states in one array, and the gradients of x, states and weights."""
    variables = layer.trainable_variables
    weights = [ops.convert_to_numpy(v) for v in variables]
    count = len(states)

    def call(x, *tensors):
        given, now = tensors[:count], tensors[count:]
        with keras.StatelessScope(state_mapping=list(zip(variables, now, strict=True))):
            initial = list(given) or None
            mask_now = None if mask is None else ops.convert_to_tensor(mask)
            y = layer(x, initial_state=initial, mask=mask_now, training=training)
        return ops.concatenate([ops.reshape(t, (-1,)) for t in tree.flatten(y)]), ()

    rng = np.random.default_rng(seed)
    given = [np.asarray(a, DTYPE) for a in (x, *states, *weights)]
    y, _, gradients = vjp(call, given, lambda shape: rng.normal(size=shape))
    names = ["x", *(f"state {k}" for k in range(count)), *(v.path.split("/")[-1] for v in variables)]
    named = enumerate(zip(names, gradients, strict=True))
    arrays = {"values": y} | {f"gradient of {name} ({k})": g for k, (name, g) in named}
    return parity.Result(arrays)


def assert_equal(ours, theirs, tolerance=TOLERANCE):
    assert len(ours.arrays) == len(theirs.arrays)
    for name, a, b in zip(ours.arrays, ours.arrays.values(), theirs.arrays.values(), strict=True):
        assert a.shape == b.shape, name
        largest = np.abs(b).max(initial=0)
        absolute = tolerance * largest / (1000 if ON_TENSORFLOW else 10) + 1e-300
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=absolute, err_msg=name)
