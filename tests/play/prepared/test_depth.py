"""The networks of the page's depth: their numbers are those of the equations in NumPy."""

import base64
import json

import numpy as np
import pytest

from tfnotes.initializers import GlorotNormal
from tfnotes.play.prepared import depth


def test_forth_and_back_as_by_numpy():
    outputs, gradients = depth.passes("tanh", depth.INITIALIZERS["glorot_normal"], depths=(2, 3))
    rng = np.random.default_rng(0)
    h, last = rng.normal(size=(2, depth.EXAMPLES, depth.WIDTH))
    kernels = [GlorotNormal(seed=k)((depth.WIDTH, depth.WIDTH), "float32").numpy() for k in range(3)]
    for kernel, output in zip(kernels, outputs, strict=True):
        h = np.tanh(h @ kernel)
        assert output.dtype == np.float32
        np.testing.assert_allclose(output, h, rtol=1e-3, atol=1e-5)
    assert [len(of_depth) for of_depth in gradients] == [2, 3]
    for of_depth in gradients:
        g = last
        for layer in reversed(range(len(of_depth))):
            np.testing.assert_allclose(of_depth[layer], g, rtol=1e-3, atol=1e-5)
            g = (g * (1 - outputs[layer] ** 2)) @ kernels[layer].T


def test_a_histogram():
    found = depth.histogram(np.array([-3.0, 0.0, 0.0, 1.0], "float32"))
    assert (found["mean"], found["std"], found["zeros"], found["reach"]) == (-0.5, 1.5, 0.5, 3)
    bars = np.frombuffer(base64.b64decode(found["counts"]), "uint8")
    # The bars are 6 / 31 wide, zero is in the middle one.
    assert {k: v for k, v in enumerate(bars.tolist()) if v} == {0: 128, 15: 255, 20: 128}


def test_what_the_page_reads(monkeypatch):
    monkeypatch.setattr(depth, "DEPTHS", (2, 4))
    monkeypatch.setattr(depth, "ACTIVATIONS", ("sigmoid", "relu"))
    makes = {name: depth.INITIALIZERS[name] for name in ("zeros", "he_normal")}
    monkeypatch.setattr(depth, "INITIALIZERS", makes)
    monkeypatch.setattr(depth, "passes", lambda *given: _passes(*given, depths=(2, 4)))
    found = json.loads(json.dumps(depth.data()))
    assert found["depths"] == [2, 4]
    he = found["networks"]["relu"]["he_normal"]
    assert (len(he["activations"]), [len(g) for g in he["gradients"]]) == (4, [2, 4])
    # Without weights a sigmoid gives a half, and no gradient comes back through them.
    dead = found["networks"]["sigmoid"]["zeros"]
    assert [(o["mean"], o["std"]) for o in dead["activations"]] == [(0.5, 0)] * 4
    assert [g["std"] for g in dead["gradients"][1]] == [0, 0, 0, pytest.approx(1, abs=0.02)]
    # Of sums with variance 2 a rectifier keeps half of the squares.
    first = he["activations"][0]
    assert (first["mean"] ** 2 + first["std"] ** 2, first["zeros"]) == pytest.approx((1, 0.5), abs=0.05)


_passes = depth.passes


def test_what_the_page_offers():
    assert (depth.EXAMPLES, depth.WIDTH, depth.DEPTHS) == (200, 100, (2, 5, 10, 20))
    assert depth.ACTIVATIONS == ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu")
    made = {name: make(7) for name, make in depth.INITIALIZERS.items()}
    assert {
        name: (type(one).__name__, *map(one.get_config().get, ("seed", "stddev"))) for name, one in made.items()
    } == {
        "zeros": ("Zeros", None, None),
        "random_normal(0.01)": ("RandomNormal", 7, 0.01),
        "random_normal(1)": ("RandomNormal", 7, 1.0),
        "glorot_uniform": ("GlorotUniform", 7, None),
        "glorot_normal": ("GlorotNormal", 7, None),
        "he_uniform": ("HeUniform", 7, None),
        "he_normal": ("HeNormal", 7, None),
        "orthogonal": ("Orthogonal", 7, None),
    }


def test_the_numbers_beside_the_networks(monkeypatch):
    seen = []
    monkeypatch.setattr(depth, "_network", lambda *given: seen.append(given) or len(seen))
    found = depth.data()
    networks = found.pop("networks")
    assert found == {"examples": 200, "width": 100, "depths": [2, 5, 10, 20], "bars": 31}
    assert list(networks) == list(depth.ACTIVATIONS)
    assert list(networks["elu"]) == list(depth.INITIALIZERS)
    assert seen[9] == ("sigmoid", depth.INITIALIZERS["random_normal(0.01)"])


def test_four_digits_and_a_histogram_of_nothing_but_zeros():
    found = depth.histogram(np.array([1.23456, 0.0], "float32"))
    assert (found["reach"], found["mean"]) == (1.235, 0.6173)
    bars = np.frombuffer(base64.b64decode(depth.histogram(np.zeros(3, "float32"))["counts"]), "uint8")
    assert {k: v for k, v in enumerate(bars.tolist()) if v} == {15: 255}
