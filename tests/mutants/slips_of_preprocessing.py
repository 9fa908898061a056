"""Slips in preprocessing and conversion, by someone who had not read the tests: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # As many examples as are needed are refused.
    Mutant(
        "tfnotes/preprocessing/_base.py",
        "if count < self.least:",
        "if count <= self.least:",
        ("tests/preprocessing/test__base.py",),
    ),
    # Another variance where there are many features.
    Mutant(
        "tfnotes/preprocessing/_components.py",
        "without_rounding(s[:k] ** 2 / n, directions.shape[1])",
        "without_rounding(s[:k] ** 2 / (n - 1), directions.shape[1])",
        ("tests/preprocessing/test__components.py",),
    ),
    # A sign, from the 65th block on.
    Mutant(
        "tfnotes/preprocessing/_moments.py",
        "            m2 += _products(between) - _products(rounded)",
        "            m2 += _products(between) + _products(rounded)",
        ("tests/preprocessing/test__moments.py",),
    ),
    # Inputs of another size along one axis only aren't refused.
    Mutant(
        "tfnotes/preprocessing/_projection.py",
        "if len(shape) != 1 + len(self.example_shape) or any(",
        "if len(shape) != 1 + len(self.example_shape) or all(",
        ("tests/preprocessing/test__base.py",),
    ),
    # The examples' axis is accepted.
    Mutant(
        "tfnotes/preprocessing/_scaling.py",
        "if len(kept) != len(self.axis) or 0 in kept:",
        "if len(kept) != len(self.axis):",
        ("tests/preprocessing/test__base.py",),
    ),
    # A batch that doesn't fit a block.
    Mutant(
        "tfnotes/preprocessing/_stream.py",
        "part = source[taken : taken + rows - filled]",
        "part = source[taken : taken + rows]",
        ("tests/preprocessing/test__stream.py",),
    ),
    # A tiny variance divides by almost 0.
    Mutant(
        "tfnotes/preprocessing/standardization.py",
        "ops.maximum(ops.sqrt(variance), epsilon))",
        "ops.sqrt(variance))",
        ("tests/preprocessing/test_standardization.py",),
    ),
    # Means of float32 blocks are summed in float32.
    Mutant(
        "tfnotes/preprocessing/_moments.py",
        '(block.mean(axis=0, dtype="float64") - mean)',
        "(block.mean(axis=0) - mean)",
        ("tests/preprocessing/test__moments.py",),
    ),
    # A negative variance is taken.
    Mutant(
        "tfnotes/preprocessing/standardization.py",
        '_given(self, "variance", variance, minimum=0)',
        '_given(self, "variance", variance)',
        ("tests/preprocessing/test_standardization.py",),
    ),
]
