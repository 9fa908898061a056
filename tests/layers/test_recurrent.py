"""SimpleRNN, LSTM and GRU: equal to Keras's, to the plain loop, and to numbers worked by hand."""

import math

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from keras import ops

from tests.helpers import ON_JAX
from tests.layers.recurrent import DTYPE, KINDS, ON_TENSORFLOW, STATES, TOLERANCE, assert_equal, draw, everything, pair
from tfnotes import activations, layers
from tfnotes.errors import InputError

by_hand = pytest.mark.skipif(
    not ON_TENSORFLOW, reason="The backward pass by hand is TensorFlow's; other backends differentiate the loop"
)
HAND = 1e-14 if ON_TENSORFLOW else 1e-6
FLAGS = ("return_sequences", "return_state", "go_backwards", "zero_output_for_mask", "use_bias")


@st.composite
def cases(draw):
    batch, steps = draw(st.integers(1, 4)), draw(st.integers(1, 10))
    kind = draw(st.sampled_from((*KINDS, "GRU before")))
    mask = draw(st.sampled_from([None, "padded", "holes"]))
    if mask == "padded":
        lengths = draw(st.lists(st.integers(0, steps), min_size=batch, max_size=batch))
        mask = np.arange(steps)[None] < np.array(lengths)[:, None]
    elif mask == "holes":
        row = st.lists(st.booleans(), min_size=steps, max_size=steps)
        mask = np.array(draw(st.lists(row, min_size=batch, max_size=batch)))
    options = {name: draw(st.booleans()) for name in FLAGS}
    options["units"] = draw(st.integers(1, 4))
    options["activation"] = draw(st.sampled_from(["tanh", "relu", "linear"]))
    if kind == "GRU before":
        options["reset_after"] = False
    shape = (batch, steps, draw(st.integers(1, 3)))
    return kind.split()[0], shape, mask, options, draw(st.booleans()), draw(st.booleans()), draw(st.integers(0, 999))


MASK = np.array([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0, 0], [0, 1, 0, 0, 1, 1, 0], [0] * 7], bool)


@by_hand
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("SimpleRNN", {}),
        ("LSTM", {}),
        ("GRU", {}),
        ("GRU", {"reset_after": False}),
        ("GRU", {"update_gate": "replaces"}),
        ("GRU", {"update_gate": "replaces", "reset_after": False, "use_bias": False}),
    ],
)
def test_backward_pass_equals_differentiation_of_the_plain_loop_with_dropout(kind, options, masked):
    shape, mask = (4, 7, 3), MASK if masked else None
    options = options | {"units": 2, "return_sequences": True, "return_state": True}
    options |= {"dropout": 0.4, "seed": 5}
    x, states = draw(np.random.default_rng(1), kind, shape, 2)
    results = []
    for unroll in (False, True):
        layer = getattr(layers, kind)(**options, unroll=unroll, dtype=DTYPE)
        layer.build(shape)
        rng = np.random.default_rng(2)
        layer.set_weights([rng.normal(size=w.shape) if w.dtype == DTYPE else np.array(w) for w in layer.weights])
        results.append(everything(layer, x, states, mask, training=True))
    assert_equal(*results)
    dropped = results[0].arrays["values"]
    plain = everything(layer, x, states, mask, training=False).arrays["values"]
    assert np.abs(dropped - plain).max() > 1e-3


@by_hand
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("kind", "training"), [("SimpleRNN", True), ("LSTM", True), ("LSTM", False), ("GRU", False)])
def test_a_graph_for_any_batch_and_length_equals_keras(kind, training, masked):
    import tensorflow as tf

    ours, theirs = pair(kind, (None, None, 2), units=3, return_sequences=True, return_state=True)
    signature = [tf.TensorSpec((None, None, 2), "float64"), tf.TensorSpec((None, None), "bool")]
    signature += [tf.TensorSpec((None, 3), "float64")] * STATES[kind]

    def run(layer):
        @tf.function(input_signature=signature, autograph=False)
        def step(x, mask, *states):
            given = [x, *states, *layer.trainable_variables]
            with tf.GradientTape() as tape:
                tape.watch([x, *states])
                y = layer(x, initial_state=list(states), mask=mask if masked else None, training=training)
                total = tf.add_n([tf.reduce_sum(tf.sin(t)) for t in y])
            return list(y), tape.gradient(total, given)

        return step

    ours, theirs = run(ours), run(theirs)
    for batch, steps in ((1, 5), (3, 8), (2, 3), (4, 1), (1, 1)):
        rng = np.random.default_rng(batch)
        x, states = draw(rng, kind, (batch, steps, 2), 3)
        mask = rng.uniform(size=(batch, steps)) > 0.4
        for a, b in zip(*(tf.nest.flatten(f(x, mask, *states)) for f in (ours, theirs)), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11, err_msg=f"{batch} x {steps}")


def with_weights(layer, features, *weights):
    layer.build((None, None, features))
    layer.set_weights([np.array(w, "float64") for w in weights])
    return layer


THIRD = math.log(1 / 3)


def test_an_lstm_worked_by_hand():
    bias = [math.log(3), THIRD, math.atanh(0.5), 0]
    layer = with_weights(layers.LSTM(1, return_state=True, dtype="float64"), 1, [[0] * 4], [[0] * 4], bias)
    y, h, c = layer(np.ones((1, 1, 1)), initial_state=[np.full((1, 1), 0.3), np.ones((1, 1))])
    assert float(c[0, 0]) == pytest.approx(5 / 8, rel=HAND)
    assert float(h[0, 0]) == float(y[0, 0]) == pytest.approx(math.tanh(5 / 8) / 2, rel=HAND)


@pytest.mark.parametrize(("update_gate", "expected"), [("keeps", 7 / 8), ("replaces", 5 / 8)])
def test_a_gru_worked_by_hand(update_gate, expected):
    # z = 3/4, r = 1/4; the candidate's own bias lacks the quarter that r lets through of the second bias, 1.
    bias = [[math.log(3), THIRD, math.atanh(0.5) - 1 / 4], [0, 0, 1]]
    layer = layers.GRU(1, update_gate=update_gate, dtype="float64")
    layer = with_weights(layer, 1, [[0] * 3], [[0] * 3], bias)
    h = layer(np.ones((1, 1, 1)), initial_state=np.ones((1, 1)))
    assert float(h[0, 0]) == pytest.approx(expected, rel=HAND)


@pytest.mark.parametrize(("reset_after", "candidate"), [(False, 1 / 4), (True, 1 / 2)])
def test_a_gru_resets_before_or_after_the_product_by_hand(reset_after, candidate):
    # r = (1/4, 1/2), h = (1, 0), and U_g hands h_1 to the second candidate: times r_1 before, r_2 after. z = 1/2.
    row, bias = [0] * 6, [0, 0, THIRD, 0, 0, 0]
    bias = [bias, row] if reset_after else bias
    recurrent = [[0, 0, 0, 0, 0, 1], row]
    layer = layers.GRU(2, activation="linear", reset_after=reset_after, dtype="float64")
    h = with_weights(layer, 1, [row], recurrent, bias)(np.ones((1, 1, 1)), initial_state=np.array([[1.0, 0.0]]))
    np.testing.assert_allclose(h, [[1 / 2, candidate / 2]], rtol=HAND)


def test_a_simple_rnn_worked_by_hand():
    layer = layers.SimpleRNN(1, activation="linear", return_sequences=True, dtype="float64")
    y = with_weights(layer, 1, [[2]], [[0.5]], [1])(np.array([[[0.0], [1.0], [-1.0]]]))
    np.testing.assert_allclose(y[0, :, 0], [1, 3.5, 0.75], rtol=HAND)


@by_hand
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(("kind", "training"), [("SimpleRNN", True), ("LSTM", True), ("GRU", True), ("LSTM", False)])
def test_gradients_of_gradients_are_those_of_keras(kind, training, compiled):
    import tensorflow as tf

    x, states = draw(np.random.default_rng(0), kind, (3, 5, 2), 4)
    mask = tf.constant(MASK[:3, :5])

    def second(layer, x, states):
        weights = [w.value for w in layer.trainable_weights]
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = layer(x, initial_state=states, mask=mask, training=training)
                total = tf.add_n([tf.reduce_sum(tf.sin(t)) for t in y])
            first = inner.gradient(total, [x, *weights])
            total = tf.add_n([tf.reduce_sum(tf.cos(g)) for g in first])
        return outer.gradient(total, [x, *weights])

    ours, theirs = pair(kind, (3, 5, 2), units=4, return_sequences=True, return_state=True)
    # XLA takes seconds over Keras's loop, which gives the same without it.
    call = tf.function(second, autograph=False, jit_compile=True) if compiled else second
    given = tf.constant(x), [tf.constant(s) for s in states]
    for a, b in zip(call(ours, *given), second(theirs, *given), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11)


@by_hand
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_derivatives_along_a_direction_are_those_of_keras(kind, training):
    import tensorflow as tf

    x, _ = draw(np.random.default_rng(1), kind, (4, 7, 2), 3)
    x, found = tf.constant(x), []
    for layer in pair(kind, (4, 7, 2), units=3, return_sequences=True):
        with tf.autodiff.ForwardAccumulator(x, tf.cos(x)) as accumulator:
            y = layer(x, mask=tf.constant(MASK), training=training)
        found.append(accumulator.jvp(y))
    np.testing.assert_allclose(*found, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stateful_layer_goes_on_where_it_was_as_keras_does(kind):
    ours, theirs = pair(kind, (2, 3, 2), units=2, stateful=True, return_sequences=True)
    whole, _ = pair(kind, (2, 9, 2), units=2, return_sequences=True)
    whole.set_weights(ours.get_weights()[: len(whole.weights)])
    for layer in (ours, theirs):
        layer.reset_state()
    x = np.random.default_rng(3).normal(size=(2, 9, 2))
    parts = [ours(x[:, k : k + 3]) for k in (0, 3, 6)]
    for k, part in zip((0, 3, 6), parts, strict=True):
        np.testing.assert_allclose(part, theirs(x[:, k : k + 3]), rtol=TOLERANCE, atol=TOLERANCE / 100)
    parts = np.concatenate([ops.convert_to_numpy(p) for p in parts], 1)
    np.testing.assert_allclose(parts, whole(x), rtol=TOLERANCE, atol=TOLERANCE / 100)
    ours.reset_state()
    np.testing.assert_allclose(ours(x[:, :3]), parts[:, :3], rtol=TOLERANCE, atol=TOLERANCE / 100)


@pytest.mark.parametrize("kind", KINDS)
def test_dropout_keeps_one_mask_for_all_steps_and_repeats_with_its_seed(kind):
    x = np.ones((1, 6, 400), "float32")
    # With a kernel of one row a unit and no state, each step's output tells which inputs are left.
    layers_ = [getattr(layers, kind)(400, return_sequences=True, dropout=0.3, seed=s) for s in (1, 1, 2)]
    outputs = []
    for layer in layers_:
        layer.build(x.shape)
        kernel = np.tile(np.eye(400), (1, layer.cell.gates))
        rest = [np.zeros(w.shape) if w.dtype == "float32" else np.array(w) for w in layer.weights[1:]]
        layer.set_weights([kernel, *rest])
        np.testing.assert_allclose(layer(x, training=False)[:, :1] != 0, True)
        outputs.append(ops.convert_to_numpy(layer(x, training=True)))
    kept = outputs[0][0] != 0
    assert (kept == kept[0]).all()
    assert 0.6 < kept[0].mean() < 0.8
    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert (outputs[0] != outputs[2]).any()
    again = ops.convert_to_numpy(layers_[0](x, training=True))
    assert (again != outputs[0]).any(), "another batch, another mask"


@pytest.mark.parametrize("kind", KINDS)
def test_dropout_is_silent_in_inference(kind):
    dropping, plain = (getattr(layers, kind)(20, dropout=rate, recurrent_dropout=rate) for rate in (0.4, 0))
    x = np.ones((2, 4, 1), "float32")
    dropping.build(x.shape)
    plain.build(x.shape)
    plain.set_weights(dropping.get_weights()[: len(plain.weights)])
    np.testing.assert_array_equal(dropping(x, training=False), plain(x))


def test_recurrent_dropout_keeps_one_mask_for_all_steps_and_scales_what_it_keeps():
    layer = layers.SimpleRNN(500, activation="linear", recurrent_dropout=0.4, seed=1, return_sequences=True)
    layer.build((1, 3, 1))
    layer.set_weights([np.zeros((1, 500)), np.eye(500), np.zeros(500), *layer.get_weights()[3:]])
    y = ops.convert_to_numpy(layer(np.zeros((1, 3, 1), "float32"), initial_state=np.ones((1, 500)), training=True))[0]
    kept = y[0] != 0
    assert 0.5 < kept.mean() < 0.7
    for step in range(3):
        np.testing.assert_allclose(y[step], kept / 0.6 ** (step + 1), rtol=1e-5)


@pytest.mark.parametrize("options", [{}, {"dropout": 0.3}, {"dropout": 0.3, "recurrent_dropout": 0.4}])
@pytest.mark.parametrize("kind", KINDS)
def test_one_global_seed_gives_keras_weights_and_keras_masks(kind, options):
    x, found = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32"), []
    for namespace in (layers, keras.layers):
        keras.utils.set_random_seed(7)
        cells = [getattr(namespace, f"{kind}Cell")(2, **options) for _ in range(2)]
        stack = namespace.RNN(namespace.StackedRNNCells(cells), return_sequences=True)
        layer = namespace.Bidirectional(getattr(namespace, kind)(3, return_sequences=True, **options))
        # Inference draws, too, and the next masks are others.
        outputs = [stack(layer(x, training=training), training=training) for training in (True, False, True)]
        found.append([ops.convert_to_numpy(a) for a in (*layer.weights, *stack.weights, *outputs)])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    assert np.any(found[0][-1] != found[0][-3]) == bool(options)


@pytest.mark.parametrize("kind", KINDS)
def test_states_too_many_are_refused(kind):
    states = [np.zeros((2, 3), "float32")] * 3
    with pytest.raises((ValueError, InputError)):
        getattr(layers, kind)(3)(np.zeros((2, 4, 5), "float32"), initial_state=states)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mask_may_have_an_axis_of_one_or_stand_in_a_list(kind):
    layer, x = getattr(layers, kind)(3), np.random.default_rng(0).normal(size=(4, 7, 2)).astype("float32")
    expected = ops.convert_to_numpy(layer(x, mask=MASK))
    for mask in (MASK[..., None], [MASK], MASK.astype("int32")):
        np.testing.assert_array_equal(ops.convert_to_numpy(layer(x, mask=mask)), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_an_initial_state_may_be_symbolic(kind):
    ours, theirs = pair(kind, (None, 4, 2), units=3)
    models = []
    for layer in (ours, theirs):
        x = keras.Input((4, 2), dtype="float64")
        states = [keras.Input((3,), dtype="float64") for _ in range(STATES[kind])]
        models.append(keras.Model([x, *states], layer(x, initial_state=states)))
    x, states = draw(np.random.default_rng(0), kind, (2, 4, 2), 3)
    ours, theirs = (ops.convert_to_numpy(model([x, *states])) for model in models)
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE, atol=TOLERANCE / 100)
    assert np.abs(ours - ops.convert_to_numpy(models[0]([x, *(0 * s for s in states)]))).max() > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_an_activation_without_a_known_slope_takes_the_plain_loop(kind):
    def cube(x):
        return x**3 / 10

    for activation in (cube, "softplus", activations.elu):
        ours, theirs = pair(kind, (2, 5, 3), units=2, activation=activation)
        x, states = draw(np.random.default_rng(4), kind, (2, 5, 3), 2)
        assert_equal(everything(ours, x, states, MASK[:2, :5]), everything(theirs, x, states, MASK[:2, :5]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_sequence_without_steps_is_refused(kind):
    with pytest.raises(InputError, match=f"{kind}: `sequences` must be of at least one step. Received: .*2, 0, 3"):
        getattr(layers, kind)(2)(np.zeros((2, 0, 3), "float32"))


@by_hand
@pytest.mark.parametrize("kind", KINDS)
def test_ragged_sequences_are_refused_as_keras_refuses_them(kind):
    import tensorflow as tf

    ragged = tf.RaggedTensor.from_row_lengths(tf.ones((5, 2)), [3, 2])
    with pytest.raises(InputError, match=rf"{kind}: `sequences` must be dense: a ragged tensor's `to_tensor\(\)`"):
        getattr(layers, kind)(2)(ragged)
    with pytest.raises(ValueError, match="ragged"):
        getattr(keras.layers, kind)(2)(ragged)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_where_keras_has_them_in_a_file(kind, tmp_path):
    def model(namespace):
        return keras.Sequential([keras.Input((3, 2)), getattr(namespace, kind)(2), keras.layers.Dense(1)])

    ours, theirs = model(layers), model(keras.layers)
    theirs.save_weights(tmp_path / "model.weights.h5")
    ours.load_weights(tmp_path / "model.weights.h5")
    x = np.random.default_rng(0).normal(size=(2, 3, 2)).astype("float32")
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-5, atol=1e-6)


@by_hand
@pytest.mark.parametrize("kind", KINDS)
def test_a_long_sequence_in_pieces_hands_the_layer_below_the_whole_gradient_of_each_piece(kind):
    """Truncated backpropagation: states are carried from piece to piece, gradients end at its start."""
    import tensorflow as tf

    layer = getattr(layers, kind)(2, return_state=True, return_sequences=True, dtype="float64")
    theirs = getattr(keras.layers, kind)(2, return_state=True, return_sequences=True, unroll=True, dtype="float64")
    theirs.build((1, 9, 2))
    layer.build((1, 9, 2))
    layer.set_weights(theirs.get_weights())
    x = tf.constant(np.random.default_rng(0).normal(size=(1, 27, 2)))
    found = []
    for made in (layer, theirs):
        states, gradients = None, []
        for start in range(0, 27, 9):
            piece = x[:, start : start + 9]
            with tf.GradientTape() as tape:
                tape.watch(piece)
                y, *states = made(piece, initial_state=states, training=True)
                total = tf.reduce_sum(y**2)
            states = [tf.stop_gradient(s) for s in states]
            gradients.append(tape.gradient(total, piece))
        found.append(tf.concat(gradients, 1))
    np.testing.assert_allclose(*found, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_layer_starts_as_keras_does(kind):
    ours, theirs = (getattr(namespace, kind)(3) for namespace in (layers, keras.layers))
    for layer in (ours, theirs):
        layer.build((None, None, 2))
    np.testing.assert_array_equal(ours.cell.bias, theirs.cell.bias)
    q = ops.convert_to_numpy(ours.cell.recurrent_kernel)
    np.testing.assert_allclose(q @ q.T, np.eye(3), atol=1e-6)
    if kind == "LSTM":
        plain = layers.LSTM(3, unit_forget_bias=False)
        plain.build((None, None, 2))
        np.testing.assert_array_equal(plain.cell.bias, np.zeros(12))


# At the end, as Hypothesis takes its time to find the smallest case of a failure.
@given(case=cases())
@settings(
    deadline=None,
    max_examples=40 if ON_TENSORFLOW else 8,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_equals_keras(case):
    kind, shape, mask, options, with_states, training, seed = case
    # There Keras's GRU without a bias has float64 among float32, and fails.
    assume(not ON_JAX or kind != "GRU" or options["use_bias"] or "reset_after" in options)
    ours, theirs = pair(kind, shape, seed=seed, **options)
    x, states = draw(np.random.default_rng(seed), kind, shape, options["units"])
    states = states if with_states else ()
    assert_equal(everything(ours, x, states, mask, training), everything(theirs, x, states, mask, training))
