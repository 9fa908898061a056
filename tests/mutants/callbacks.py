"""Mutants of the callbacks that look inside a model."""

from tests.mutants import Mutant


def mutant(name, old, new, test=None):
    """Of a file of tfnotes/callbacks, with the test of the same name or of another."""
    return Mutant(f"tfnotes/callbacks/{name}.py", old, new, (f"tests/callbacks/test_{test or name}.py",))


def scale(old, new):
    """Of what judges the scale of the inputs."""
    return Mutant("tfnotes/doctor/rules/inputs.py", old, new, ("tests/callbacks/test_input_scale.py",))


MUTANTS = [
    mutant("_activations", "np.moveaxis(output, 1, -1) if first", "output if first"),
    mutant("dead_units", "[name], output) > 0", "[name], output) >= 0"),
    mutant("dead_units", "(active > 0) & (active", "(active >= 0) & (active"),
    mutant("dead_units", "            self._since.pop(name, None)\n", ""),
    mutant("_functions", "y[_GRID <= _BELOW].any()", "y[0]"),
    mutant("_functions", "y.min() < 0", "False"),
    mutant("_functions", "not alike and len", "len"),
    mutant("_functions", "(np.diff(y) < 0).any()", "False"),
    mutant("_layers", 'state["depth"] and isinstance', "False and isinstance", "_activations"),
    mutant("_layers", "and output.graph is graph", "", "_activations"),
    mutant("_writers", "writer is None or not any", "writer is None and not any"),
    mutant("_writers", "> size)", ">= size)"),
    mutant("_examples", "part[k : k + BATCH]", "part[k : k + BATCH - 1]"),
    mutant("saturation", "margin * (high - low)", "margin * high"),
    mutant("activation_statistics", "squares / n - mean**2", "squares / n"),
    mutant("gradient_norms", "return np.sqrt(sum(", "return (sum("),
    mutant("gradient_norms", "tf.convert_to_tensor(g) for g", "getattr(g, 'values', g) for g"),
    mutant("update_ratios", "        self._before, self._ratios = {}, None\n", "        pass\n"),
    mutant("update_ratios", "if epoch else None", ""),
    mutant("update_ratios", "ratios if self._of_gradients(ratios) else", "ratios if True else"),
    mutant("update_ratios", "if not any((self._ratios or {}).values()):", "if self._ratios is None:"),
    mutant("update_ratios", "norms(self._before).items() if norm", "norms(after).items() if norm"),
    mutant("_drawn", "counts.sum(axis=1", "counts.sum(axis=0", "confusion_matrix"),
    mutant("_drawn", "str(counts[row, column])", "str(counts[column, row])", "confusion_matrix"),
    mutant("_drawn", "shown = shown / shown.max()", "pass", "mistakes"),
    mutant("mistakes", "self.most if epoch else 0", "0"),
    mutant("mistakes", "elif rank < (self._shown or 0):", "elif False:"),
    mutant("graph", "node.input[k] =", "_ ="),
    mutant("graph", "if len(set(found.values())) == len(found) else {}", ""),
    mutant("hparams", "trial_id=self.name", "trial_id=None"),
    mutant("precision_recall", "outputs = outputs / outputs.sum", "outputs = outputs * outputs.sum"),
    mutant("_histograms", "values[np.isfinite(values)]", "values"),
    mutant("_histograms", "high - low <= least", "high - low < 0 * least"),
    mutant("_histograms", "edges[:-1], edges[1:]", "edges[1:], edges[1:]"),
    mutant("predictions", "if weights != self._weights:", "if self._weights is None:"),
    mutant("predictions", "if weights != self._weights:", "if True:"),
    mutant("predictions", "if model is not self._model:", "if self._model is None:"),
    mutant("input_scale", "        if epoch > 0:\n            return\n", ""),
    mutant("input_scale", "if np.issubdtype(x.dtype, np.floating)", "if True"),
    scale("max(abs(mean), std) > LARGE", "std > LARGE"),
    scale("abs(mean) > APART * std", "mean > APART * std"),
    mutant("finite_loss", 'tf.summary.text("diverged", reason)', "pass"),
    mutant("configuration", "        if epoch > 0:\n            return\n", ""),
    mutant("hparams", "if value is not None", ""),
    mutant("hparams", "        if epoch == 0:\n", "        if True:\n"),
    mutant("hparams", "        if self._last is None:\n            return\n", "        self._last = (0, {})\n"),
    mutant("hparams", "self._last = epoch + 1, dict(logs or {})", "self._last = self._last or (epoch + 1, dict(logs))"),
    mutant("embeddings", 'if getattr(layer, "weights", ())', "if True"),
    mutant("embeddings", "line=None", "line=0"),
    mutant("filter_images", "line=255", "line=0"),
    mutant("_images", "(shown.shape[2], shown.shape[1])", "(shown.shape[1], shown.shape[2])"),
    mutant("_images", "np.clip(shown, 0, 1)", "shown"),
    mutant("_images", ".get(tag)", ".get(0)"),
    mutant("embeddings", "[width, height]", "[height // 2, width]"),
    mutant("embeddings", '" ".join(str(label).split())', "str(label)"),
    mutant("embeddings", "        if not self._trained:\n            return\n", ""),
    mutant("reconstructions", "for images in (x, y):", "for images in (y, x):"),
    mutant("reconstructions", " if len(x) > columns else row", ""),
]
