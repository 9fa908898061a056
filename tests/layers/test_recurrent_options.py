"""What a recurrent layer is told reaches its cell, its config and its copies; and what its states may be."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.layers.recurrent import KINDS, STATES
from tfnotes import layers
from tfnotes.errors import InputError

X = np.random.default_rng(0).normal(size=(3, 5, 4)).astype("float32")
MASK = np.array([[1, 1, 1, 0, 0], [0, 1, 0, 1, 1], [0, 0, 0, 0, 0]], bool)
TOLD = {
    "zero_output_for_mask": True,
    "go_backwards": True,
    "return_sequences": True,
    "return_state": True,
    "stateful": True,
    "unroll": True,
    "dropout": 0.25,
    "recurrent_dropout": 0.5,
    "seed": 7,
    "trainable": False,
}


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_it_is_told_is_in_its_config_and_its_cell_as_in_keras(kind):
    ours, theirs = (getattr(namespace, kind)(3, **TOLD, dtype="mixed_bfloat16") for namespace in (layers, keras.layers))
    assert {n: ours.get_config()[n] for n in TOLD} == TOLD
    copy = getattr(layers, kind).from_config(ours.get_config())
    for layer in (ours, copy, getattr(layers, kind).from_config(theirs.get_config())):
        assert {n: getattr(layer, n) for n in TOLD if n != "seed"} == {n: v for n, v in TOLD.items() if n != "seed"}
        cell, twin = layer.cell, theirs.cell
        for name in ("trainable", "dtype_policy", "dropout", "recurrent_dropout", "units", "name"):
            assert getattr(cell, name) == getattr(twin, name), name
    for layer in (ours, copy):
        assert layer.cell.seed == 7
        assert ops.convert_to_numpy(layer.cell.seed_generator.state).tolist() == [7, 0]
    state = ours.cell.get_initial_state(2)
    assert {keras.backend.standardize_dtype(s.dtype) for s in state} == {"bfloat16"}
    assert [tuple(s.shape) for s in state] == [(2, 3)] * STATES[kind]
    assert not np.any(ops.convert_to_numpy(ops.cast(ops.stack(state), "float32")))


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_how_the_gates_are_computed_is_handed_to_the_cell(kind):
    for implementation in (1, 2):
        layer = getattr(layers, kind)(3, implementation=implementation)
        assert layer.cell.implementation == implementation
    # Of the second way there is one mask for all gates, which recurrent dropout has not.
    assert getattr(layers, kind)(3).cell.implementation == 2
    assert getattr(layers, kind)(3, implementation=2, recurrent_dropout=0.1).cell.implementation == 1


@pytest.mark.parametrize("kind", KINDS)
def test_states_of_another_number_are_refused_by_their_number(kind):
    count = STATES[kind]
    for given in (1, 2, 3):
        states = [np.zeros((3, 2), "float32")] * given
        if given == count:
            getattr(layers, kind)(2)(X, initial_state=states)
            continue
        with pytest.raises(InputError, match=f"{kind}: `initial_state` must be {count} for a {kind}Cell. Received: "):
            getattr(layers, kind)(2)(X, initial_state=states)
    stack = layers.StackedRNNCells([layers.LSTMCell(2), getattr(layers, f"{kind}Cell")(2)])
    wrong = [[np.zeros((3, 2), "float32")] * 2, [np.zeros((3, 2), "float32")] * 3]
    with pytest.raises(InputError, match=f"RNN: `initial_state` must be {count} for a {kind}Cell"):
        layers.RNN(stack)(X, initial_state=wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_an_activation_that_cant_be_hashed_is_run_as_any_other(kind):
    class Cube:
        __hash__ = None

        def __call__(self, x):
            return x**3 / 10

    def cube(x):
        return x**3 / 10

    found = []
    for activation in (Cube(), cube):
        keras.utils.set_random_seed(3)
        found.append(getattr(layers, kind)(2, activation=activation)(X, training=True))
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("bias", ["glorot_uniform", keras.initializers.RandomNormal(seed=3)], ids=["name", "seeded"])
def test_biases_are_drawn_gate_by_gate_as_in_keras_and_forget_nothing_yet(bias):
    found = []
    for namespace in (layers, keras.layers):
        keras.utils.set_random_seed(5)
        cell = namespace.LSTMCell(3, bias_initializer=bias)
        cell.build((None, 4))
        found.append(ops.convert_to_numpy(cell.bias))
    np.testing.assert_allclose(*found, rtol=1e-6)
    assert found[0][3:6].tolist() == [1, 1, 1]
    assert np.all(found[0][[*range(3), *range(6, 12)]] != 1)


@pytest.mark.parametrize("host", ["RNN", "keras"])
def test_cells_of_ones_own_stand_in_a_stack_as_in_keras_own(host):
    @keras.saving.register_keras_serializable("theirs")
    class Sum(keras.layers.Layer):
        """With no size of the output, no states to start from, no training, and a state of another size."""

        state_size = [4, 2]

        def call(self, inputs, states):
            a, b = states
            a = a + inputs
            return a, [a, b + ops.sum(inputs, axis=-1, keepdims=True)]

    found = []
    for namespace in (layers, keras.layers):
        keras.utils.set_random_seed(1)
        stack = namespace.StackedRNNCells([Sum(), namespace.GRUCell(3), namespace.LSTMCell(2)])
        assert stack.state_size == [[4, 2], 3, [2, 2]]
        assert stack.output_size == 2
        assert namespace.StackedRNNCells([namespace.GRUCell(3), Sum()]).output_size == 4
        rnn = layers.RNN if host == "RNN" and namespace is layers else keras.layers.RNN
        layer = rnn(stack, return_state=True)
        found.append([ops.convert_to_numpy(a) for a in keras.tree.flatten(layer(X))])
        assert [tuple(w.shape) for w in layer.weights[-3:]] == [(3, 8), (2, 8), (8,)]
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_a_cell_that_is_no_layer_is_told_of_training_where_it_asks():
    told = []

    class Deaf:
        state_size = 4

        def call(self, inputs, states):
            return inputs, states

        def __call__(self, inputs, states):
            return self.call(inputs, states)

    class Noting(Deaf):
        def call(self, inputs, states, training=None):
            told.append(training)
            return inputs, states

        def __call__(self, inputs, states, training=None):
            return self.call(inputs, states, training)

    stack = layers.StackedRNNCells([Deaf(), Noting()])
    for training in (True, False):
        stack(X[:, 0], stack.get_initial_state(3), training=training)
    assert told == [True, False]


@pytest.mark.parametrize("kind", ["LSTM", "SimpleRNN"])
def test_a_gradient_of_a_gradient_is_that_of_keras(kind):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("other backends differentiate the loop themselves")
    import tensorflow as tf

    keras.utils.set_random_seed(1)
    ours, theirs = (getattr(namespace, kind)(2, dtype="float64") for namespace in (layers, keras.layers))
    x, found = tf.constant(X[:, :3].astype("float64")), []
    for layer in (ours, theirs):
        layer.build(x.shape)
        layer.set_weights([np.linspace(-1, 1, w.size).reshape(w.shape) for w in layer.get_weights()])
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                total = tf.reduce_sum(tf.sin(layer(x, mask=tf.constant(MASK[:, :3]), training=True)))
            weights = [w.value for w in layer.trainable_weights]
            first = inner.gradient(total, [x, *weights])
            total = tf.add_n([tf.reduce_sum(tf.cos(g)) for g in first])
        found.append([*first, *outer.gradient(total, [x, *weights])])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11)
