"""What the pictures of experiments show: which samples by which name, against what, on which axes."""

import numpy as np
import pytest

from tfnotes.experiments import _experiment


class Samples(dict):
    """Samples of any name: of two seeds curves of three numbers, or numbers, by which the name is known again."""

    def __init__(self, *shape):
        self.shape = (2, *shape)

    def __missing__(self, name):
        value = 2.0 + len(self)
        self[name] = np.full(self.shape, value)
        return self[name]

    def named(self, value):
        return {float(curve.flat[0]): name for name, curve in self.items()}.get(float(value))


def drawn(name, samples, **parameters):
    from matplotlib.figure import Figure

    axes, experiment = Figure().subplots(), _experiment.find(name)
    experiment.draw(axes, samples, experiment.parameters() | parameters)
    return axes


LAYERS, STEPS = ("layer", (1, 3), "log"), ("time step of the input", (1, 3), "log")
SIZE, LAST = "size of its gradient", "gradient of the last output"
CURVES = {
    "depth-universal": (
        *("input", (0, 1), "linear", "output"),
        {"width 2, depth 7": "teeth", "width 1, depth 7": "narrow"},
    ),
    "sigmoid-saturates": (*LAYERS, SIZE, {"Glorot": "glorot", "orthogonal, gain 4": "scaled"}),
    "tanh-is-shifted-sigmoid": ("x", (-6, 6), "linear", "", {"tanh(x)": "tanh", "sigmoid(x) - 0.5": "moved"}),
    "relu-grows": (
        *(*LAYERS, "root mean square of its outputs"),
        {"Glorot": "glorot", "He": "he", "twice He": "twice_he"},
    ),
    "maxout-two-lines": ("x", (-3, 3), "linear", "", {"2 pieces": "two", "5 pieces": "five"}),
    "init-scale": (
        *(*LAYERS, "root mean square of its outputs"),
        {"tenth of Glorot's": "small", "Glorot's": "good", "ten times Glorot's": "large"},
    ),
    "variance-by-depth": (
        *(*LAYERS, "variance of its outputs"),
        {"ReLU, 1/n": "relu", "tanh, 1/n": "tanh", "ReLU, 2/n": "he"},
    ),
    "decay-schedules": (
        *("step / 10", (1, 3), "log", "distance to the optimum"),
        {name.replace("_", " "): name for name in ("constant", "steps", "exponential", "inverse", "too_fast")},
    ),
    "gradients-by-depth": (
        *(*LAYERS, SIZE),
        {
            name.replace("_", ", "): name
            for name in ("sigmoid_glorot", "tanh_glorot", "relu_glorot", "relu_he", "relu_large")
        },
    ),
    "exploding-from-activation": (
        *("time step", (1, 3), "log", SIZE),
        {"slope at most 1, radius 1.3": "large", "slope 3, radius 0.25": "small"},
    ),
    "rnn-late-inputs": (*STEPS, LAST, {f"spectral radius {r}": f"radius_{r}" for r in ("0.8", "1.0", "1.2")}),
    "lstm-keeps": (
        *(*STEPS, LAST),
        {"SimpleRNN": "simple", "LSTM, forget bias 1": "bias_1", "LSTM, forget bias 5": "bias_5"},
    ),
}


@pytest.mark.parametrize("name", CURVES)
def test_curves_by_their_names(name):
    samples = Samples(3)
    axes = drawn(name, samples, **({"depth": 7} if name == "depth-universal" else {}))
    x_label, ends, scale, y_label, names = CURVES[name]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == (x_label, y_label, scale)
    assert {line.get_label(): samples.named(line.get_ydata()[0]) for line in axes.lines} == names
    assert [line.get_label() for line in axes.lines] == list(names)
    assert {(line.get_xdata()[0], line.get_xdata()[-1]) for line in axes.lines} == {ends}


def test_steps_by_condition():
    samples = Samples()
    axes = drawn("momentum-faster", samples)
    assert {line.get_label(): [samples.named(y) for y in line.get_ydata()] for line in axes.lines} == {
        "plain": ["plain_10", "plain_100", "plain_1000"],
        "momentum": ["momentum_10", "momentum_100", "momentum_1000"],
        "Nesterov": ["nesterov_10", "nesterov_100", "nesterov_1000"],
    }
    assert axes.lines[0].get_xdata().tolist() == [10, 100, 1000]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_xlabel() == "condition number"
    assert axes.get_ylabel() == "steps to a thousandth of the distance"


def test_other_pictures():
    def ticks(axes):
        return [label.get_text() for label in axes.get_yticklabels()]

    samples = {name: np.array([0.5, 0.6]) for name in ("correlation_after", "correlation_before", "lost_variance")}
    axes = drawn("pca-decorrelates", samples | {"features": np.array([9.0, 9]), "components": np.array([3.0, 3])})
    assert ticks(axes) == ["correlation before", "correlation after"]
    assert axes.get_xlabel() == "largest correlation between two of the 9 features, and of the 3 components"
    samples = {name: np.array([0.5, 0.6]) for name in ("weight_difference", "gradient_difference", "error_change")}
    axes = drawn("backprop-update", samples)
    assert ticks(axes) == ["gradient difference", "weight difference"]
    assert axes.get_xlabel() == "largest difference between what is derived by hand and automatically"
    values = {f"{name}_values": np.array([[k, k + 1.0]]) for k, name in enumerate(("normal", "uniform", "two_humps"))}
    axes = drawn("whitening-is-normal", values)
    assert axes.get_xlabel() == "first whitened feature"
    found = {patch.get_label(): patch.get_xy()[:, 0].min() for patch in axes.patches}
    assert found == {"two humps, whitened": 2, "uniform, whitened": 1, "normal, whitened": 0}


def test_a_window_and_what_is_added_of_it():
    window = np.arange(9.0).reshape(1, 3, 3)
    axes = drawn("conv-429", {"window": window, "sum": np.array([20.0])})
    assert {text.get_text(): (text.get_position(), text.get_weight()) for text in axes.texts} == {
        str(3 * row + column): ((column, row), "bold" if (row + column) % 2 == 0 else "normal")
        for row in range(3)
        for column in range(3)
    }
    assert axes.get_xlabel() == "a window of 3 x 3 pixels; where the filter is 1, blue: 0 + 2 + 4 + 6 + 8 = 20"


@pytest.mark.parametrize("name", ["drawings-of-a-vae", "drawings-of-a-gan"])
def test_drawings_beside_real_digits(name):
    looks = ("sure", "rarest", "to_test", "from_test", "to_training")
    samples = {f"test_{look}": np.array([2.0, 2.0]) for look in looks}
    samples |= {f"drawn_{look}": np.array([2.0, 2.0]) * k for k, look in enumerate(looks)}
    samples |= {f"gaussian_{look}": np.array([1.0, 3.0]) * k for k, look in enumerate(looks)}
    axes = drawn(name, samples)
    points = [line for line in axes.lines if line.get_marker() == "o"]
    assert [line.get_xdata().tolist() for line in points] == [[0, 1, 2, 3, 4]] * 2
    np.testing.assert_allclose([line.get_ydata()[0] for line in points], [-0.1, 0.1])
    assert axes.get_legend_handles_labels()[1] == ["the model's drawings", "a Gaussian's"]
    (middle,) = (line for line in axes.lines if line.get_linestyle() == "--")
    assert middle.get_xdata() == [1, 1]
    assert axes.get_xlabel() == "over that of real digits"
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        *("share that a classifier is sure of", "share of the rarest digit", "from a drawing to an unseen digit"),
        *("from an unseen digit to a drawing", "from a drawing to a seen digit"),
    ]
    assert axes.yaxis_inverted()


def test_shares_of_what_is_said():
    samples = {"gap_deep": np.array([0.1, 0.2]), "parameters_deep": np.array([900.0, 900.0])}
    assert drawn("deeper", samples).get_xlabel() == "accuracy on the training data less that on others, %"
    assert drawn("dropout", samples).get_xlabel() == "accuracy on examples that weren't trained with, %"
