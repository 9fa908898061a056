"""Mutants of tfnotes/activations."""

from tests.mutants import Mutant

MUTANTS = [
    Mutant("tfnotes/activations/relu.py", "return ops.relu(x)", "return ops.maximum(x, 0)"),
    Mutant("tfnotes/activations/relu.py", "negative_slope * (x - threshold)", "negative_slope * x"),
    Mutant("tfnotes/activations/relu.py", "ops.where(y >= max_value, max_value, y)", "y"),
    Mutant("tfnotes/activations/sigmoid.py", "z / (1 + z)", "1 / (1 + z) - 1"),
    Mutant("tfnotes/activations/sigmoid.py", "ops.exp(ops.where(positive, -x, x))", "ops.exp(-ops.abs(x))"),
    Mutant("tfnotes/activations/sigmoid.py", "return ops.sigmoid(x)", "return ops.hard_sigmoid(x)"),
    Mutant("tfnotes/activations/tanh.py", "2 * ops.where(positive", "ops.where(positive"),
    Mutant("tfnotes/activations/tanh.py", "return ops.tanh(x)", "return 2 * ops.sigmoid(x) - 1"),
    Mutant("tfnotes/activations/softmax.py", "x - ops.max(x, axis=axis, keepdims=True)", "x"),
    Mutant("tfnotes/activations/softmax.py", "z / ops.sum(z, axis=axis, keepdims=True)", "z / ops.sum(z)"),
    Mutant("tfnotes/activations/softmax.py", "ops.softmax(x, axis=axes[0])", "ops.softmax(x)"),
]
