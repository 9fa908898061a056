"""Mutants of the activation layers, Maxout, the perceptron, padding, more pooling and embeddings."""

from tests.mutants import Mutant

RELU = "tfnotes/layers/relu.py"
LEAKY = "tfnotes/layers/leaky_relu.py"
ELU = "tfnotes/layers/elu.py"
SOFTMAX = "tfnotes/layers/softmax.py"
PRELU = "tfnotes/layers/prelu.py"
RRELU = "tfnotes/layers/rrelu.py"

MUTANTS = [
    Mutant(
        RELU, "self.negative_slope, self.max_value, self.threshold", "self.negative_slope, self.max_value"
    ),
    Mutant(LEAKY, "activations.leaky_relu(inputs, self.negative_slope)", "activations.leaky_relu(inputs)"),
    Mutant(ELU, "activations.elu(inputs, self.alpha)", "activations.elu(inputs)"),
    Mutant(
        SOFTMAX,
        "ops.where(mask, activations.softmax(ops.where(mask, x, lowest), axis), 0)",
        "activations.softmax(ops.where(mask, x, lowest), axis)",
    ),
    Mutant(SOFTMAX, "activations.softmax(ops.where(mask, x, lowest), axis)", "activations.softmax(x, axis)"),
    Mutant(SOFTMAX, "else -3e38", 'else float("-inf")'),
    Mutant(SOFTMAX, "-6e4 if", "-3e38 if"),
    Mutant(SOFTMAX, "return masked_softmax(inputs, mask, self.axis)", "return masked_softmax(inputs, mask)"),
    Mutant(PRELU, "alpha * (x - positive)", "alpha * x"),
    Mutant(PRELU, "positive = ops.relu(x)", "positive = ops.abs(x)"),
    Mutant(PRELU, "own.get(axis, 1) for axis in range(1, rank)", "own.get(axis, 1) for axis in range(rank)"),
    Mutant(RRELU, "(self.lower + self.upper) / 2", "self.upper"),
    Mutant(RRELU, "ops.shape(inputs), self.lower", "ops.shape(inputs)[-1:], self.lower"),
    Mutant(RRELU, "self.lower, self.upper, inputs.dtype", "0.0, self.upper, inputs.dtype"),
    Mutant(RRELU, "seed=self.seed_generator", "seed=1"),
    Mutant(RRELU, "if not training:", "if training:"),
    Mutant(
        RRELU,
        "ops.where(inputs > 0, inputs, slope * inputs)",
        "ops.where(inputs > 0, inputs, inputs / slope)",
    ),
]
