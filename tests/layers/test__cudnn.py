"""What goes to cuDNN, and that it computes the same.

There is no GPU here: with `sees_gpu` forced, Keras's twin finds none and runs its own loop over our weights.
"""

import numpy as np
import pytest
from keras import ops

from tests.layers.recurrent import DTYPE, ON_TENSORFLOW, assert_equal, draw, everything, pair
from tfnotes import layers
from tfnotes.errors import InputError
from tfnotes.layers import _cudnn

KINDS = ("LSTM", "GRU")
MASK = np.array([[True, True, True, False], [True, True, True, True], [True, False, False, False]])
on_tensorflow = pytest.mark.skipif(not ON_TENSORFLOW, reason="It is TensorFlow that is asked for a GPU")


@pytest.fixture
def calls(monkeypatch):
    """The layers that the twin was made for, with a GPU pretended."""
    made, twin_of = [], _cudnn.CudnnRecurrent._made_twin
    monkeypatch.setattr(_cudnn, "sees_gpu", lambda: True)
    monkeypatch.setattr(_cudnn.CudnnRecurrent, "_made_twin", lambda layer: (made.append(layer), twin_of(layer))[1])
    return made


@on_tensorflow
@pytest.mark.parametrize("options", [{}, {"go_backwards": True}, {"zero_output_for_mask": True}])
@pytest.mark.parametrize("kind", KINDS)
def test_the_twin_gives_our_outputs_states_and_gradients(kind, options, calls):
    ours, _ = pair(kind, (3, 4, 2), units=3, return_state=True, return_sequences=bool(options), **options)
    x, states = draw(np.random.default_rng(0), kind, (3, 4, 2), 3)
    there = everything(ours, x, states, MASK)
    assert calls == [ours]
    ours.use_cudnn = False
    assert_equal(there, everything(ours, x, states, MASK))
    assert calls == [ours]


@on_tensorflow
@pytest.mark.parametrize("kind", KINDS)
def test_the_twin_reads_inputs_that_are_dropped_as_ours_are(kind, calls):
    results = []
    for cudnn in ("auto", False):
        layer = getattr(layers, kind)(3, dropout=0.5, seed=4, use_cudnn=cudnn, kernel_initializer="ones", dtype=DTYPE)
        layer.build((2, 4, 5))
        layer.cell.recurrent_kernel.assign(np.random.default_rng(0).normal(size=layer.cell.recurrent_kernel.shape))
        results.append(ops.convert_to_numpy(layer(np.ones((2, 4, 5)), training=True)))
    assert len(calls) == 1
    np.testing.assert_allclose(*results, rtol=1e-12)


@on_tensorflow
@pytest.mark.parametrize("kind", KINDS)
def test_what_cudnn_has_no_kernel_for_stays_here(kind, calls):
    options = [{"use_cudnn": False}, {"activation": "relu"}, {"recurrent_activation": "tanh"}, {"use_bias": False}]
    options += [{"recurrent_dropout": 0.1}, {"unroll": True}]
    options += [{"reset_after": False}, {"update_gate": "replaces"}] if kind == "GRU" else []
    for given in options:
        getattr(layers, kind)(2, **given)(np.ones((2, 3, 4), "float32"))
    assert not calls
    layer = getattr(layers, kind)(2)
    layer(np.ones((2, 3, 4), "float32"))
    assert calls == [layer]
    assert not layer.supports_jit


@on_tensorflow
@pytest.mark.parametrize("kind", KINDS)
def test_a_step_of_ones_own_stays_here(kind, calls):
    layer, x = getattr(layers, kind)(2), np.ones((2, 1, 4), "float32")
    plain, step = ops.convert_to_numpy(layer(x)), layer.cell.call
    assert calls.pop() is layer

    def doubled(inputs, states, training=False):
        output, states = step(inputs, states, training=training)
        return 2 * output, states

    layer.cell.call = doubled
    np.testing.assert_allclose(layer(x), 2 * plain, rtol=1e-6)
    assert not calls
    layer.use_cudnn = True
    with pytest.raises(InputError, match="`use_cudnn` must be 'auto' or False where cuDNN can't run"):
        layer(x)


@on_tensorflow
def test_it_is_a_gpu_of_tensorflows_that_is_asked_for(monkeypatch):
    import tensorflow as tf

    for kind, seen in (("GPU", True), ("TPU", False)):
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda asked, kind=kind: [asked] * (asked == kind))
        assert _cudnn.sees_gpu() is seen


@pytest.mark.parametrize("kind", KINDS)
def test_cudnn_that_is_asked_for_and_not_there_is_an_error(kind):
    layer = getattr(layers, kind)(2, use_cudnn=True)
    with pytest.raises(InputError, match=f"{kind}: `use_cudnn` must be 'auto' or False .* Received: use_cudnn=True"):
        layer(np.ones((2, 3, 4), "float32"))
    assert getattr(layers, kind)(2).supports_jit
