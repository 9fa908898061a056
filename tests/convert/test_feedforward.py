"""Weights of dense, convolution, normalization and embedding layers: PyTorch's own modules, and numbers by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.helpers import products
from tfnotes import convert, layers
from tfnotes.errors import InputError


def torch_module():
    return pytest.importorskip("torch", reason="PyTorch isn't installed: pip install tfnotes[torch]")


def built(layer, shape):
    layer.build((None, *shape))
    rng = np.random.default_rng(0)
    layer.set_weights([rng.uniform(0.5, 2, size=w.shape) for w in layer.get_weights()])
    return layer


# Ours, the shape of an input without its batch, PyTorch's module, and the order of its axes if it has images.
CASES = {
    "dense": lambda nn: (layers.Dense(4, dtype="float64"), (3,), nn.Linear(3, 4), None),
    "dense, no bias": lambda nn: (
        layers.Dense(4, use_bias=False, dtype="float64"),
        (3,),
        nn.Linear(3, 4, bias=False),
        None,
    ),
    "conv2d": lambda nn: (
        layers.Conv2D(4, (3, 2), strides=(2, 1), padding=1, groups=2, dtype="float64"),
        (6, 5, 2),
        nn.Conv2d(2, 4, (3, 2), stride=(2, 1), padding=1, groups=2),
        (0, 3, 1, 2),
    ),
    "conv2d, no bias": lambda nn: (
        layers.Conv2D(3, 2, use_bias=False, dtype="float64"),
        (4, 5, 2),
        nn.Conv2d(2, 3, 2, bias=False),
        (0, 3, 1, 2),
    ),
    "batch_normalization": lambda nn: (
        layers.BatchNormalization(momentum=0.9, epsilon=1e-5, dtype="float64"),
        (3,),
        nn.BatchNorm1d(3),
        None,
    ),
    "batch_normalization, images": lambda nn: (
        layers.BatchNormalization(center=False, scale=False, epsilon=1e-5, dtype="float64"),
        (4, 5, 3),
        nn.BatchNorm2d(3, affine=False),
        (0, 3, 1, 2),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_pytorch_itself_gives_the_same_both_ways(case):
    torch = torch_module()
    layer, shape, module, order = CASES[case](torch.nn)
    layer, module = built(layer, shape), module.double().eval()
    to_torch, from_torch = (getattr(convert, f"{case.split(',')[0]}_{way}_torch") for way in ("to", "from"))
    x = np.random.default_rng(1).normal(size=(2, *shape))

    def equal():
        with torch.no_grad():
            expected = module(torch.tensor(x if order is None else x.transpose(order))).numpy()
        y = ops.convert_to_numpy(layer(x))
        y = y if order is None else y.transpose(order)
        np.testing.assert_allclose(y, expected, rtol=products(1e-9), atol=products(1e-10))

    module.load_state_dict({name: torch.tensor(w) for name, w in to_torch(layer.get_weights()).items()})
    equal()
    for parameter in module.state_dict().values():
        if parameter.dtype == torch.float64:
            parameter.copy_(torch.rand(parameter.shape) + 0.5)
    layer.set_weights(from_torch(module.state_dict()))
    equal()


def test_momentum_and_its_share_of_the_new_batch_give_the_same_mean():
    torch = torch_module()
    layer = built(layers.BatchNormalization(momentum=1 - 0.25, epsilon=1e-5, dtype="float64"), (3,))
    module = torch.nn.BatchNorm1d(3, momentum=0.25).double()
    module.load_state_dict(
        {n: torch.tensor(w) for n, w in convert.batch_normalization_to_torch(layer.get_weights()).items()}
    )
    x = np.random.default_rng(1).normal(size=(8, 3))
    before = layer.get_weights()[3]
    layer(x, training=True)
    module(torch.tensor(x))
    mean, variance = layer.get_weights()[2:]
    np.testing.assert_allclose(mean, module.running_mean.numpy(), rtol=products(1e-9))
    # PyTorch's is taken of 8 - 1.
    np.testing.assert_allclose(
        (variance - 0.75 * before) * 8 / 7 + 0.75 * before, module.running_var.numpy(), rtol=products(1e-9)
    )


def test_embeddings_of_pytorch_come_with_the_row_of_their_padding():
    torch = torch_module()
    module = torch.nn.Embedding(5, 3, padding_idx=0).double()
    layer = built(layers.Embedding(5, 3, dtype="float64"), (2,))
    layer.set_weights(convert.embedding_from_torch(module.state_dict()))
    words = np.array([[0, 4, 1], [2, 0, 3]])
    with torch.no_grad():
        expected = module(torch.tensor(words)).numpy()
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(words)), expected)
    assert not expected[0, 0].any()
    back = convert.embedding_to_torch(layer.get_weights(), prefix="words.")
    np.testing.assert_array_equal(back["words.weight"], module.weight.detach().numpy())


def test_a_whole_network_with_flattened_images_comes_over():
    torch = torch_module()
    nn = torch.nn
    theirs = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(60, 4))
    theirs = theirs.double().eval()
    ours = keras.Sequential(
        [
            keras.Input((4, 5, 2), dtype="float64"),
            layers.Conv2D(3, 3, padding=1, dtype="float64"),
            layers.BatchNormalization(epsilon=1e-5, dtype="float64"),
            layers.ReLU(dtype="float64"),
            layers.Flatten(dtype="float64"),
            layers.Dense(4, dtype="float64"),
        ]
    )
    state, maps = theirs.state_dict(), (4, 5, 3)
    ours.layers[0].set_weights(convert.conv2d_from_torch(state, prefix="0."))
    ours.layers[1].set_weights(convert.batch_normalization_from_torch(state, prefix="1."))
    ours.layers[4].set_weights(convert.dense_from_torch(state, prefix="4.", maps=maps))
    x = np.random.default_rng(1).normal(size=(2, 4, 5, 2))
    with torch.no_grad():
        expected = theirs(torch.tensor(x.transpose(0, 3, 1, 2))).numpy()
    np.testing.assert_allclose(ours(x), expected, rtol=products(1e-9), atol=products(1e-10))
    back = convert.dense_to_torch(ours.layers[4].get_weights(), prefix="4.", maps=maps)
    np.testing.assert_array_equal(back["4.weight"], state["4.weight"].numpy())


def test_the_numbers_of_small_cases():
    kernel, bias = convert.dense_from_torch({"weight": [[1, 2, 3], [4, 5, 6]], "bias": [7, 8]})
    assert (kernel.tolist(), bias.tolist()) == ([[1, 4], [2, 5], [3, 6]], [7, 8])
    # Two channels of one row with two columns: PyTorch flattens them to a b, c d; here it is a c, b d.
    [kernel] = convert.dense_from_torch({"weight": [[1, 2, 3, 4]]}, maps=(1, 2, 2))
    assert kernel.tolist() == [[1], [3], [2], [4]]
    assert convert.dense_to_torch([kernel], maps=(1, 2, 2))["weight"].tolist() == [[1, 2, 3, 4]]
    # Two filters of one channel, one row, three columns.
    [kernel] = convert.conv2d_from_torch({"weight": [[[[1, 2, 3]]], [[[4, 5, 6]]]]})
    assert kernel.tolist() == [[[[1, 4]], [[2, 5]], [[3, 6]]]]
    assert convert.conv2d_to_torch([kernel], prefix="a.")["a.weight"].tolist() == [[[[1, 2, 3]]], [[[4, 5, 6]]]]
    state = {"weight": [1], "bias": [2], "running_mean": [3], "running_var": [4], "num_batches_tracked": 5}
    weights = convert.batch_normalization_from_torch(state)
    assert [w.tolist() for w in weights] == [[1], [2], [3], [4]]
    assert {k: v.tolist() for k, v in convert.batch_normalization_to_torch(weights[2:]).items()} == {
        "running_mean": [3],
        "running_var": [4],
        "num_batches_tracked": 0,
    }


@pytest.mark.parametrize(
    ("function", "state", "said"),
    [
        ("dense_from_torch", {"bias": [1]}, "a state_dict of weight, with bias or without (no weight)"),
        ("dense_from_torch", {"weight": [[1]], "w": [1]}, "a state_dict of weight, with bias or without (unknown w)"),
        ("dense_from_torch", {"weight": [[1]], "bias": [1, 2]}, "arrays of shapes (inputs, outputs) and (outputs,)"),
        ("conv2d_from_torch", {"weight": [[1]]}, "a weight of shape (outputs, inputs, rows, columns)"),
        ("conv2d_from_torch", {"weight": [[[[1]]]], "bias": [1, 2]}, "arrays of shapes (rows, columns, inputs, outpu"),
        ("batch_normalization_from_torch", {"weight": [1], "bias": [2]}, "a state_dict of running_mean and running_v"),
        (
            "batch_normalization_from_torch",
            {"weight": [1], "running_mean": [3], "running_var": [4]},
            "a state_dict of running_mean and running_var, with weight and bias or without (no bias)",
        ),
        (
            "batch_normalization_from_torch",
            {"running_mean": [3], "running_var": [4, 5]},
            "arrays of shapes (size,), four or two of one size",
        ),
        ("embedding_from_torch", {"weight": [1]}, "arrays of shapes (words, size)"),
        ("embedding_from_torch", {"e.weight": [[1]]}, "a state_dict of weight (no weight, unknown e.weight)"),
    ],
)
def test_other_states_are_refused_in_one_sentence(function, state, said):
    with pytest.raises(InputError) as caught:
        getattr(convert, function)(state)
    assert str(caught.value).startswith(f"{function}: `state` must be {said}")


def test_other_weights_are_refused_in_one_sentence():
    for function, weights in (
        ("dense_to_torch", [np.ones((2, 3)), np.ones(2)]),
        ("conv2d_to_torch", [np.ones((2, 3))]),
        ("batch_normalization_to_torch", [np.ones(2)] * 3),
        ("embedding_to_torch", [np.ones(2)]),
    ):
        with pytest.raises(InputError, match=rf"^{function}: `weights` must be arrays of shapes "):
            getattr(convert, function)(weights)
    for maps in ((2, 2), (2, 2, 2), "abc"):
        with pytest.raises(InputError, match=r"^dense_to_torch: `maps` must be \(height, width, channels\) of 4 numb"):
            convert.dense_to_torch([np.ones((4, 2))], maps=maps)


STATES = {
    "dense": {"weight": (4, 3), "bias": (4,)},
    "conv2d": {"weight": (4, 3, 2, 5), "bias": (4,)},
    "batch_normalization": dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (3,)),
    "embedding": {"weight": (5, 2)},
}


@pytest.mark.parametrize("kind", STATES)
def test_prefixes_dtypes_and_copies(kind):
    """What comes is a copy of the same dtype, named behind the prefix; other names of a whole model are left alone."""
    rng = np.random.default_rng(0)
    state = {name: rng.normal(size=shape).astype("float16") for name, shape in STATES[kind].items()}
    whole = {f"a.b.{name}": value for name, value in state.items()} | {"a.other": np.ones(1)}
    weights = getattr(convert, f"{kind}_from_torch")(whole, prefix="a.b.")
    for one, other in zip(weights, getattr(convert, f"{kind}_from_torch")(state), strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == "float16"
        assert one.flags.c_contiguous
        assert not any(np.shares_memory(one, value) for value in whole.values())
    back = getattr(convert, f"{kind}_to_torch")(weights, prefix="a.b.")
    more = ["a.b.num_batches_tracked"] if kind == "batch_normalization" else []
    assert list(back) == [f"a.b.{name}" for name in state] + more
    for name, value in state.items():
        np.testing.assert_array_equal(back[f"a.b.{name}"], value)
        assert back[f"a.b.{name}"].dtype == "float16"
    assert back["a.b.weight"].flags.c_contiguous
    assert not np.shares_memory(back["a.b.weight"], weights[0])
    for name in more:
        assert (back[name].dtype.kind, back[name].shape) == ("i", ())
    assert "weight" in getattr(convert, f"{kind}_to_torch")(weights)


def test_without_a_bias_and_with_maps_of_another_shape():
    weight = np.arange(24.0).reshape(2, 12)
    (kernel,) = convert.dense_from_torch({"weight": weight}, maps=[2, 3, 2])
    # Of PyTorch's inputs the first six are the first channel's, row by row.
    assert kernel[:, 0].tolist() == [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]
    assert convert.dense_to_torch([kernel], maps=[2, 3, 2])["weight"].tolist() == weight.tolist()
    assert list(convert.dense_to_torch([kernel])) == ["weight"]
    with pytest.raises(InputError, match=r"^dense_from_torch: `maps` must be .* of 12 numbers. Received: maps=\(2,"):
        convert.dense_from_torch({"weight": weight}, maps=(2, 3))


def test_names_that_are_there_are_told_in_order():
    state = {"b.weight": [[1]], "b.x": [1], "a": [1]}
    with pytest.raises(InputError) as caught:
        convert.conv2d_from_torch(state | {"b.bias": [1]}, "b.")
    assert str(caught.value) == (
        "conv2d_from_torch: `state` must be a state_dict of b.weight, with b.bias or without (unknown b.x). "
        "Received: state=['a', 'b.bias', 'b.weight', 'b.x']."
    )
    with pytest.raises(InputError, match=r"running_mean and running_var, .*\(no running_mean, no weight\)"):
        convert.batch_normalization_from_torch({"running_var": [1], "bias": [1]})
    with pytest.raises(InputError, match=r"must be a weight of shape .* Received: state=\{'weight': \(1, 1\)\}"):
        convert.conv2d_from_torch({"weight": [[1]]})
    for weights in ([], [np.ones((2, 2)), np.ones(2), np.ones(2)]):
        with pytest.raises(InputError, match=r"dense_to_torch: `weights` must be arrays of shapes \(inputs, outputs\)"):
            convert.dense_to_torch(weights)
