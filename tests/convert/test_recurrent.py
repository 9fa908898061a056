"""Weights from one convention to another: PyTorch's own layers, its equations in NumPy, and both update gates."""

import re

import keras
import numpy as np
import pytest
from keras import ops

from tests.helpers import products
from tfnotes import convert, layers
from tfnotes.errors import InputError

FEATURES, UNITS = 3, 4
LAYERS = {"lstm": (layers.LSTM, 4), "gru": (layers.GRU, 3), "simple_rnn": (layers.SimpleRNN, 1)}
THEIRS = {"lstm": "LSTM", "gru": "GRU", "simple_rnn": "RNN"}


def made(kind, use_bias=True, **options):
    layer = LAYERS[kind][0](
        UNITS, return_sequences=True, return_state=True, use_bias=use_bias, dtype="float64", **options
    )
    layer.build((None, None, FEATURES))
    rng = np.random.default_rng(0)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    return layer


def drawn(kind, use_bias=True):
    """A state_dict of PyTorch's layout with random numbers."""
    rng, gates = np.random.default_rng(1), LAYERS[kind][1]
    shapes = {"weight_ih_l0": (gates * UNITS, FEATURES), "weight_hh_l0": (gates * UNITS, UNITS)}
    shapes |= {f"bias_{of}_l0": (gates * UNITS,) for of in ("ih", "hh")} if use_bias else {}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def inputs():
    rng = np.random.default_rng(2)
    return rng.normal(size=(2, 5, FEATURES)), [rng.normal(size=(2, UNITS)) for _ in range(2)]


def starts(layer, states):
    return states[: len(keras.tree.flatten(layer.cell.state_size))]


def of_pytorch(kind, state, x, states):
    """What PyTorch's documentation says of its layers, word for word."""

    def sigmoid(a):
        return 1 / (1 + np.exp(-a))

    h, c = states
    outputs = []
    for t in range(x.shape[1]):
        of_x = x[:, t] @ state["weight_ih_l0"].T + state.get("bias_ih_l0", 0)
        of_h = h @ state["weight_hh_l0"].T + state.get("bias_hh_l0", 0)
        if kind == "lstm":
            i, f, g, o = np.split(of_x + of_h, 4, axis=-1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        elif kind == "simple_rnn":
            h = np.tanh(of_x + of_h)
        else:
            (x_r, x_z, x_n), (h_r, h_z, h_n) = np.split(of_x, 3, axis=-1), np.split(of_h, 3, axis=-1)
            r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
            h = (1 - z) * np.tanh(x_n + r * h_n) + z * h
        outputs.append(h)
    return np.stack(outputs, 1)


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("kind", LAYERS)
def test_weights_of_pytorch_give_here_what_its_equations_say(kind, use_bias):
    layer, state, (x, states) = made(kind, use_bias), drawn(kind, use_bias), inputs()
    layer.set_weights(getattr(convert, f"{kind}_from_torch")(state))
    y, *_ = layer(x, initial_state=starts(layer, states))
    np.testing.assert_allclose(y, of_pytorch(kind, state, x, states), rtol=products(1e-12), atol=products(1e-12) / 10)


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("kind", LAYERS)
def test_weights_from_here_give_in_pytorchs_equations_what_they_gave(kind, use_bias):
    layer, (x, states) = made(kind, use_bias), inputs()
    state = getattr(convert, f"{kind}_to_torch")(layer.get_weights())
    assert {name: w.shape for name, w in state.items()} == {n: w.shape for n, w in drawn(kind, use_bias).items()}
    y, *_ = layer(x, initial_state=starts(layer, states))
    np.testing.assert_allclose(y, of_pytorch(kind, state, x, states), rtol=products(1e-12), atol=products(1e-12) / 10)
    back = getattr(convert, f"{kind}_from_torch")(state)
    for a, b in zip(back, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("kind", LAYERS)
def test_pytorch_itself_gives_the_same_both_ways_in_both_directions(kind, use_bias):
    torch = pytest.importorskip("torch", reason="PyTorch isn't installed: pip install tfnotes[torch]")
    to_torch, from_torch = (getattr(convert, f"{kind}_{way}_torch") for way in ("to", "from"))
    theirs = getattr(torch.nn, THEIRS[kind])(FEATURES, UNITS, bias=use_bias, batch_first=True, bidirectional=True)
    theirs = theirs.double()
    ahead, back = made(kind, use_bias), made(kind, use_bias, go_backwards=True)
    x, _ = inputs()

    def equal():
        with torch.no_grad():
            expected = theirs(torch.tensor(x))[0].numpy()
        read = [ops.convert_to_numpy(layer(x)[0]) for layer in (ahead, back)]
        np.testing.assert_allclose(np.concatenate([read[0], read[1][:, ::-1]], -1), expected, rtol=products(1e-9))

    # Its own random weights; both of its biases are random, too.
    state = {name: tensor.numpy() for name, tensor in theirs.state_dict().items()}
    ahead.set_weights(from_torch(state))
    back.set_weights(from_torch(state, suffix="_l0_reverse"))
    equal()
    weights = [np.random.default_rng(7).normal(size=w.shape) for w in (*ahead.get_weights(), *back.get_weights())]
    half = len(weights) // 2
    ahead.set_weights(weights[:half])
    back.set_weights(weights[half:])
    state = to_torch(weights[:half]) | to_torch(weights[half:], suffix="_l0_reverse")
    theirs.load_state_dict({name: torch.tensor(w) for name, w in state.items()})
    equal()


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize("use_bias", [True, False])
def test_a_gate_that_keeps_and_one_that_replaces_give_the_same_with_weights_carried_over(use_bias, reset_after):
    keeps, replaces = (
        made("gru", use_bias, reset_after=reset_after, update_gate=gate) for gate in ("keeps", "replaces")
    )
    x, states = inputs()
    before = ops.convert_to_numpy(replaces(x, initial_state=states[:1])[0])
    y = ops.convert_to_numpy(keeps(x, initial_state=states[:1])[0])
    assert np.abs(before - y).max() > 0.1
    replaces.set_weights(convert.gru_update_gate(keeps.get_weights()))
    again = replaces(x, initial_state=states[:1])[0]
    np.testing.assert_allclose(again, y, rtol=products(1e-12), atol=products(1e-12) / 10)
    for a, b in zip(convert.gru_update_gate(replaces.get_weights()), keeps.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("kind", LAYERS)
def test_layers_and_directions_of_a_deep_module_go_into_a_deep_model_by_their_suffixes(kind):
    torch = pytest.importorskip("torch", reason="PyTorch isn't installed: pip install tfnotes[torch]")
    from_torch, to_torch = (getattr(convert, f"{kind}_{way}_torch") for way in ("from", "to"))
    module = getattr(torch.nn, THEIRS[kind])(FEATURES, UNITS, num_layers=2, batch_first=True, bidirectional=True)
    module = module.double()
    suffixes = convert.torch_suffixes(2, bidirectional=True)
    assert {re.sub(r".*(_l\d)", r"\1", name) for name in module.state_dict()} == set(suffixes)
    state = {f"encoder.{name}": tensor for name, tensor in module.named_parameters()} | {"head.weight": np.ones(1)}
    weights = [from_torch(state, suffix, prefix="encoder.") for suffix in suffixes]
    one = LAYERS[kind][0](UNITS, return_sequences=True, dtype="float64")
    deep = [layers.Bidirectional(one, dtype="float64") for _ in range(2)]
    model = keras.Sequential([keras.Input((None, FEATURES), dtype="float64"), *deep])
    model.set_weights([w for part in weights for w in part])
    x, _ = inputs()
    with torch.no_grad():
        expected = module(torch.tensor(x))[0].numpy()
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), expected, rtol=products(1e-9), atol=products(1e-10))
    back = {k: w for part, suffix in zip(weights, suffixes, strict=True) for k, w in to_torch(part, suffix).items()}
    module.load_state_dict({name: torch.tensor(w) for name, w in back.items()})
    with torch.no_grad():
        np.testing.assert_allclose(module(torch.tensor(x))[0].numpy(), expected, rtol=1e-12)


def test_a_cell_of_pytorch_has_names_without_a_layer():
    state = {name.removesuffix("_l0"): w for name, w in drawn("lstm").items()}
    for a, b in zip(convert.lstm_from_torch(state, suffix=""), convert.lstm_from_torch(drawn("lstm")), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_numbers_of_a_small_case():
    state = {"weight_ih_l0": [[1, 2]], "weight_hh_l0": [[3]], "bias_ih_l0": [4], "bias_hh_l0": [5]}
    assert [w.tolist() for w in convert.simple_rnn_from_torch(state)] == [[[1], [2]], [[3]], [9]]
    state = {"weight_ih_l0": [[1], [2], [3]], "weight_hh_l0": [[4], [5], [6]]}
    state |= {"bias_ih_l0": [1, 2, 3], "bias_hh_l0": [4, 5, 6]}
    # PyTorch's r, z, n are z, r, g here.
    expected = [[[2, 1, 3]], [[5, 4, 6]], [[2, 1, 3], [5, 4, 6]]]
    assert [w.tolist() for w in convert.gru_from_torch(state)] == expected


def test_weights_of_another_layer_are_refused_in_one_sentence():
    lstm, gru = made("lstm").get_weights(), made("gru").get_weights()
    before = made("gru", reset_after=False).get_weights()
    for function, weights in (
        (convert.lstm_to_torch, gru),
        (convert.gru_to_torch, lstm),
        (convert.gru_to_torch, before),
        (convert.gru_update_gate, lstm),
        (convert.lstm_to_torch, lstm[:1]),
    ):
        with pytest.raises(InputError, match=rf"^{function.__name__}: `weights` must be arrays of shapes .* gates\. "):
            function(weights)
    with pytest.raises(InputError, match=r"^gru_from_torch: `state` must be arrays of shapes"):
        convert.gru_from_torch(drawn("lstm"))


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("missing", ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
def test_a_state_without_one_of_its_names_is_refused_in_one_sentence(kind, missing):
    state = drawn(kind)
    del state[missing]
    with pytest.raises(InputError, match=rf"^{kind}_from_torch: `state` must be a state_dict of .*\(no {missing}\)"):
        getattr(convert, f"{kind}_from_torch")(state)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("name", ["weight_hr_l0", "fc.weight", "weight"])
def test_a_name_that_no_such_layer_has_is_refused_in_one_sentence(kind, name):
    state = drawn(kind) | {name: np.zeros((2, UNITS))}
    with pytest.raises(InputError, match=rf"^{kind}_from_torch: `state` must be .*\(unknown {re.escape(name)}\)"):
        getattr(convert, f"{kind}_from_torch")(state)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("name", ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
def test_a_wrong_shape_is_refused_in_one_sentence(kind, name):
    state = drawn(kind)
    for wrong in (state[name][1:], state[name][None]):
        with pytest.raises(InputError, match=rf"^{kind}_from_torch: `state` must be (arrays of shapes|two biases)"):
            getattr(convert, f"{kind}_from_torch")(state | {name: wrong})


def test_what_is_no_state_is_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"^gru_from_torch: `state` must be .*\(no weight_ih_l1, no weight_hh_l1\)"):
        convert.gru_from_torch(drawn("gru"), suffix="_l1")
    with pytest.raises(InputError, match=r"^lstm_from_torch: `state` must be a state_dict: .* Received: state='list'"):
        convert.lstm_from_torch([1, 2])
    with pytest.raises(InputError, match=r"^torch_suffixes: `num_layers` must be a positive integer"):
        convert.torch_suffixes(0)


@pytest.mark.parametrize("kind", LAYERS)
def test_prefixes_suffixes_dtypes_and_copies(kind):
    state = {name: value.astype("float32") for name, value in drawn(kind).items()}
    named = {f"a.{name.replace('_l0', '_l2_reverse')}": value for name, value in state.items()} | {"other": np.ones(1)}
    weights = getattr(convert, f"{kind}_from_torch")(named, "_l2_reverse", "a.")
    for one, other in zip(weights, getattr(convert, f"{kind}_from_torch")(state), strict=True):
        np.testing.assert_array_equal(one, other)
        assert (one.dtype, one.flags.c_contiguous) == ("float32", True)
        assert not any(np.shares_memory(one, value) for value in named.values())
    back = getattr(convert, f"{kind}_to_torch")(weights, "_l2_reverse", "a.")
    assert list(back) == [name for name in named if name != "other"]
    for name, value in back.items():
        assert value.dtype == "float32"
        if "weight" in name or kind == "gru":
            np.testing.assert_array_equal(value, named[name])
            assert value.flags.c_contiguous
    if kind != "gru":
        total = named["a.bias_ih_l2_reverse"] + named["a.bias_hh_l2_reverse"]
        np.testing.assert_array_equal(back["a.bias_ih_l2_reverse"], total)
        assert not back["a.bias_hh_l2_reverse"].any()


def test_an_update_gate_alone_changes_its_sign():
    weights = [np.ones((2, 6), "float16"), np.full((2, 6), 2, "float16"), np.full((2, 6), 3, "float16")]
    found = convert.gru_update_gate(weights)
    assert [w[0].tolist() for w in found] == [[-k, -k, k, k, k, k] for k in (1, 2, 3)]
    assert {w.dtype.name for w in found} == {"float16"}
    assert convert.gru_update_gate([*weights[:2], np.ones(6)])[2].tolist() == [-1, -1, 1, 1, 1, 1]


def test_endings_of_names_and_shapes_in_words():
    assert convert.torch_suffixes() == ["_l0"]
    assert convert.torch_suffixes(3) == ["_l0", "_l1", "_l2"]
    with pytest.raises(InputError, match=r"^torch_suffixes: `bidirectional` must be True or False"):
        convert.torch_suffixes(1, "both")
    one, three = np.ones((1, 1)), np.ones((1, 3))
    for function, weights, said in (
        (convert.simple_rnn_to_torch, [one], "arrays of shapes (features, units), (units, units) and (units). Rec"),
        (
            convert.lstm_to_torch,
            [one],
            "(features, gates * units), (units, gates * units) and (gates * units), 4 gates.",
        ),
        (
            convert.gru_to_torch,
            [three, three, np.ones(3)],
            " and (2, gates * units), 3 gates. Received: weights=[(1, ",
        ),
        (
            convert.gru_update_gate,
            [three],
            " and (gates * units, in one row or two), 3 gates. Received: ",
        ),
        (convert.simple_rnn_to_torch, [np.ones((2, 0)), np.ones((0, 0))], "Received: weights=[(2, 0), (0, 0)]."),
        (convert.simple_rnn_to_torch, [one, one, np.ones((2, 1))], "Received: weights=[(1, 1), (1, 1), (2, 1)]."),
    ):
        with pytest.raises(InputError, match=rf"^{function.__name__}: `weights` must be .*{re.escape(said)}"):
            function(weights)
    state = drawn("simple_rnn") | {"bias_hh_l0": np.ones((1, UNITS))}
    with pytest.raises(InputError, match=r"`state` must be two biases of one shape. .*'bias_hh_l0': \(1, 4\)"):
        convert.simple_rnn_from_torch(state)
    # Other layers of one module may stand there, but for a cell, which has none.
    more = drawn("gru") | {"weight_ih_l12": np.ones(1), "bias_hh_l3_reverse": np.ones(1)}
    assert len(convert.gru_from_torch(more)) == 3
    cell = {name.removesuffix("_l0"): w for name, w in drawn("gru").items()}
    with pytest.raises(InputError, match=r"\(unknown weight_ih_l1\)"):
        convert.gru_from_torch(cell | {"weight_ih_l1": np.ones(1)}, suffix="")
