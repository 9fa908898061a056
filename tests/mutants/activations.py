"""Mutants of tfnotes/activations."""

from tests.mutants import Mutant

MUTANTS = [
    Mutant("tfnotes/activations/relu.py", "return ops.relu(x)", "return ops.maximum(x, 0)"),
    Mutant("tfnotes/activations/relu.py", "negative_slope * (x - threshold)", "negative_slope * x"),
    Mutant("tfnotes/activations/relu.py", "ops.where(y >= max_value, max_value, y)", "y"),
    Mutant(
        "tfnotes/activations/relu.py",
        "ops.where(x <= threshold, below, x)",
        "ops.where(x < threshold, below, x)",
    ),
    Mutant(
        "tfnotes/activations/relu.py",
        "ops.where(x <= threshold, below, x)",
        "ops.where(x > threshold, x, below)",
    ),
    Mutant("tfnotes/activations/relu.py", "if negative_slope else 0", ""),
    Mutant(
        "tfnotes/activations/relu.py",
        "ops.where(y >= max_value, max_value, y)",
        "ops.where(y < max_value, y, max_value)",
    ),
    Mutant("tfnotes/activations/sigmoid.py", "positive = x >= 0", "positive = x < 0"),
    Mutant("tfnotes/activations/sigmoid.py", "z / (1 + z)", "1 / (1 + z) - 1"),
    Mutant("tfnotes/activations/sigmoid.py", "ops.exp(ops.where(positive, -x, x))", "ops.exp(-ops.abs(x))"),
    Mutant("tfnotes/activations/sigmoid.py", "return ops.sigmoid(x)", "return ops.hard_sigmoid(x)"),
    Mutant("tfnotes/activations/tanh.py", "2 * ops.where(positive", "ops.where(positive"),
    Mutant(
        "tfnotes/activations/tanh.py",
        "z = ops.expm1(2 * ops.where(positive, -x, x))",
        "z = ops.exp(2 * ops.where(positive, -x, x)) - 1",
    ),
    Mutant("tfnotes/activations/tanh.py", "ops.where(positive, -x, x)", "ops.where(positive, x, -x)"),
    Mutant("tfnotes/activations/tanh.py", "return ops.tanh(x)", "return 2 * ops.sigmoid(x) - 1"),
    Mutant("tfnotes/activations/softmax.py", "x - ops.max(x, axis=axis, keepdims=True)", "x"),
    Mutant("tfnotes/activations/softmax.py", "z / ops.sum(z, axis=axis, keepdims=True)", "z / ops.sum(z)"),
    Mutant("tfnotes/activations/softmax.py", "ops.softmax(x, axis=axes[0])", "ops.softmax(x, axis=-1)"),
    Mutant("tfnotes/activations/softmax.py", "else ops.softmax(x, axis=axes)", "else ops.softmax(x, axis=axes[0])"),
    Mutant("tfnotes/activations/relu.py", "ops.where(x <= threshold, 0, x)", "ops.where(x > threshold, x, 0)"),
    Mutant("tfnotes/activations/relu.py", "ops.relu6(x) if", "ops.relu(x) if"),
    Mutant("tfnotes/activations/relu.py", "ops.clip(y, 0, max_value)", "ops.minimum(y, max_value - 1)"),
    Mutant("tfnotes/activations/relu.py", "ops.relu(threshold - x)", "ops.relu(-x)"),
    Mutant("tfnotes/activations/softmax.py", "not -rank <= a < rank", "not -rank <= a <= rank"),
]
