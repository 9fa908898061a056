"""Mutants of tfnotes/preprocessing."""

from tests.mutants import Mutant

MOMENTS = "tfnotes/preprocessing/_moments.py"
STREAM = "tfnotes/preprocessing/_stream.py"
BASE = "tfnotes/preprocessing/_base.py"
COMPONENTS = "tfnotes/preprocessing/_components.py"
STANDARDIZATION = "tfnotes/preprocessing/standardization.py"
MIN_MAX = "tfnotes/preprocessing/min_max_scaling.py"
CENTERING = "tfnotes/preprocessing/mean_centering.py"
PCA = "tfnotes/preprocessing/pca.py"
PCA_WHITENING = "tfnotes/preprocessing/pca_whitening.py"
ZCA = "tfnotes/preprocessing/zca_whitening.py"


def tests(*names):
    """Files of tests/preprocessing."""
    return tuple(f"tests/preprocessing/test_{name}.py" for name in names)


MUTANTS = [
    Mutant(MOMENTS, "m2_b + delta**2 * (n_a * n_b / n)", "m2_b + delta**2 * (n_b / n)", tests("_moments")),
    Mutant(MOMENTS, "mean_a + delta * (n_b / n)", "mean_a + delta * (n_a / n)", tests("_moments")),
    Mutant(MOMENTS, "np.sqrt(n_block) * (here - center)", "0 * center", tests("_moments")),
    Mutant(MOMENTS, "np.sqrt(n * n_block / (n + n_block))", "np.sqrt(n_block / (n + n_block))", tests("_moments")),
    Mutant(MOMENTS, "    rows.clear()\n", "", tests("_moments")),
    Mutant(MOMENTS, "- mean) * (len(block) / n)", "- mean) / n", tests("_moments")),
    Mutant(STREAM, "yield self._finite(block[:filled])", "yield self._finite(block)", tests("_stream")),
    Mutant(BASE, '        self.check_shape("data", stream.shape)\n', "", tests("_base")),
    Mutant(
        COMPONENTS,
        "np.sqrt(n * n_block / (n + n_block))",
        "np.sqrt(n_block / (n + n_block))",
        tests("_components"),
    ),
    Mutant(COMPONENTS, "cut += s[rows] ** 2", "cut = s[rows] ** 2", tests("_components")),
    Mutant(
        COMPONENTS,
        "np.where(largest < 0, -1.0, 1.0)",
        "np.where(largest < 0, 1.0, 1.0)",
        tests("_components"),
    ),
    Mutant(
        COMPONENTS,
        "np.where(variance > smallest, variance, 0)",
        "variance",
        tests("_components"),
    ),
    Mutant(STANDARDIZATION, "m2 / count)", "m2 / (count - 1))", tests("standardization")),
    Mutant(STANDARDIZATION, "return mean + y * dev", "return mean - y * dev", tests("standardization")),
    Mutant(
        MIN_MAX,
        "ops.where(spread < NEARLY_0, ops.ones_like(spread), spread)",
        "spread",
        tests("min_max_scaling", "_stream"),
    ),
    Mutant(
        MIN_MAX,
        "np.maximum(maximum, rows.max(axis=0))",
        "rows.max(axis=0)",
        tests("min_max_scaling", "_stream"),
    ),
    Mutant(CENTERING, "return y + self", "return y - self", tests("mean_centering")),
    Mutant(
        PCA,
        "return ops.matmul(y, components) + mean",
        "return ops.matmul(y + 1, components) + mean",
        tests("pca"),
    ),
    Mutant(
        PCA_WHITENING,
        "y * deviation(self.variance, self.epsilon)",
        "y * deviation(self.variance, 0)",
        tests("pca_whitening"),
    ),
    Mutant(PCA_WHITENING, "ops.sqrt(variance + epsilon)", "ops.sqrt(variance)", tests("pca_whitening")),
    Mutant(ZCA, "np.sqrt(variance + epsilon)", "np.sqrt(variance)", tests("zca_whitening")),
    Mutant(ZCA, "(1 / deviation, deviation)", "(1 / deviation**2, deviation)", tests("zca_whitening")),
    Mutant(ZCA, "np.where(variance == 0, 1, np", "np.where(False, 1, np", tests("zca_whitening")),
    Mutant(PCA_WHITENING, "ops.where(variance == 0, ", "ops.where(False, ", tests("pca_whitening")),
    Mutant(STANDARDIZATION, "ops.where(variance == 0, ", "ops.where(False, ", tests("standardization")),
    Mutant(STANDARDIZATION, "+ (n * mean * eps) ** 2", "", tests("standardization")),
    Mutant(STANDARDIZATION, "(n * mean * eps) ** 2, 0", "n * mean * eps, 0", tests("standardization")),
    Mutant(COMPONENTS, "without_rounding(s[:k] ** 2 / n, directions.shape[1])", "s[:k] ** 2 / n", tests("_components")),
    Mutant(BASE, "            self.measure(stream.shape)", "            self.build(stream.shape)", tests("_base")),
    Mutant(BASE, "np.asarray(value, dtype) for", "value for", tests("_base")),
    Mutant(BASE, "least = 2", "least = 1", tests("_base")),
    Mutant(STREAM, "if batch.dtype != self.dtype", "if False", tests("_stream")),
    Mutant(STREAM, "except (IndexError, StopIteration)", "except TypeError", tests("_stream")),
    Mutant(MIN_MAX, "spread < NEARLY_0", "spread == 0", tests("min_max_scaling")),
    Mutant(MIN_MAX, "if not np.all(np.isfinite(spread))", "if False", tests("min_max_scaling")),
]
