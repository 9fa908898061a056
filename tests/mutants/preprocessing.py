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
    Mutant(COMPONENTS, "np.where(variance > smallest, variance, 0)", "variance", tests("_components")),
    Mutant(STANDARDIZATION, "(m2 / count)", "(m2 / (count - 1))", tests("standardization")),
    Mutant(STANDARDIZATION, "return mean + y * ops", "return mean - y * ops", tests("standardization")),
    Mutant(
        MIN_MAX,
        "ops.where(spread == 0, ops.ones_like(spread), spread)",
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
        "y * ops.sqrt(self.variance + self.epsilon)",
        "y * ops.sqrt(self.variance)",
        tests("pca_whitening"),
    ),
    Mutant(PCA_WHITENING, "total = variance + epsilon", "total = variance", tests("pca_whitening")),
    Mutant(ZCA, "np.sqrt(variance + epsilon)", "np.sqrt(variance)", tests("zca_whitening")),
    Mutant(ZCA, "np.divide(1, deviation, out", "np.divide(1, deviation**2, out", tests("zca_whitening")),
]
