"""Mutants of the callbacks that look inside a model."""

from tests.mutants import Mutant


def mutant(name, old, new):
    """Of a file of tfnotes/callbacks, with the test of the same name."""
    return Mutant(f"tfnotes/callbacks/{name}.py", old, new, (f"tests/callbacks/test_{name}.py",))


MUTANTS = [
    mutant("_activations", "np.moveaxis(output, 1, -1) if first", "output if first"),
    mutant("dead_units", "by_unit(layer, output) > 0", "by_unit(layer, output) >= 0"),
    mutant("dead_units", "(active > 0) & (active", "(active >= 0) & (active"),
    mutant("dead_units", "            self._since.pop(name, None)\n", ""),
    mutant("saturation", "margin * (high - low)", "margin * high"),
    mutant("activation_statistics", "squares / n - mean**2", "squares / n"),
    mutant("gradient_norms", "return np.sqrt(sum(", "return (sum("),
    mutant("gradient_norms", "tf.convert_to_tensor(g) for g", "getattr(g, 'values', g) for g"),
    mutant("update_ratios", "        self._before, self._ratios = {}, None\n", "        pass\n"),
    mutant("update_ratios", "norms(self._before).items() if norm", "norms(after).items() if norm"),
    mutant("confusion_matrix", "counts.sum(axis=1", "counts.sum(axis=0"),
    mutant("precision_recall", "outputs = outputs / outputs.sum", "outputs = outputs * outputs.sum"),
]
