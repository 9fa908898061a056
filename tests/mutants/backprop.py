"""Mutants of tfnotes/backprop."""

from tests.mutants import Mutant

NETWORK = "tfnotes/backprop/network.py"
EXAMPLE = "tfnotes/backprop/example.py"

MUTANTS = [
    Mutant(
        NETWORK,
        "da = layers[k].w.T @ dz\n    return gradients",
        "da = layers[k].w @ dz\n    return gradients",
    ),
    Mutant(NETWORK, "return (output - target) / output.shape[1]", "return output - target"),
    Mutant(NETWORK, "return (1 + np.tanh(z / 2)) / 2", "return (1 + np.tanh(z)) / 2"),
    Mutant(NETWORK, "layer.b - rate * g.b if biases else layer.b", "layer.b - rate * g.b", ("tests/backprop",)),
    Mutant(NETWORK, "        z = w @ a[-1] + b", "        z = w @ a[-1]"),
    Mutant(NETWORK, "    check(layers, x)\n", ""),
    Mutant(
        NETWORK,
        "        da = layers[k].w.T @ dz\n    return layers",
        "        da = (layers[k].w + rate * gradient.w).T @ dz\n    return layers",
    ),
    Mutant(EXAMPLE, "if too_early:", "if not too_early:"),
]
