"""Mutants of other runtimes: what stands before a portable endpoint, LiteRT, what quantizing costs, latency."""

from tests.mutants import Mutant

DIGITS, RESIZED = "tfnotes/serving/preparations/digits.py", "tfnotes/serving/preparations/resized.py"
WORDS, GIBBS = "tfnotes/serving/preparations/words.py", "tfnotes/serving/preparations/gibbs.py"
PREPARATIONS, LATENCY = "tfnotes/serving/preparations/__init__.py", "tfnotes/serving/latency.py"
LITERT, QUANTIZED = "tfnotes/serving/formats/litert_format.py", "tfnotes/serving/formats/quantized.py"

DRAWN = ("tests/serving/test_sample.py",)
OF_PLUGINS = ("tests/serving/test_endpoints.py", "-k", "files")
MEASURED = ("tests/cli/test_runtimes.py", "-k", "latency")

MUTANTS = [
    Mutant(DIGITS, "np.maximum(np.abs(x), np.abs(y))", "np.minimum(np.abs(x), np.abs(y))"),
    Mutant(DIGITS, "sums(image) / sums(np.ones_like(image))", "sums(image) / 9"),
    Mutant(DIGITS, "3 * _median(np.abs(residual)) + 2", "3 * _median(np.abs(residual)) + 1"),
    Mutant(RESIZED, "max(scale, 1)", "1"),
    Mutant(RESIZED, "np.round(np.round(pixels * 1024) / 1024)", "np.round(pixels)"),
    Mutant(RESIZED, "to_bytes(resize(image, shape[:2]))", "to_bytes(resize(image, shape[1::-1]))", OF_PLUGINS),
    Mutant(WORDS, "found[first - length :]", "found[first - length + 1 :]"),
    Mutant(WORDS, ".lower().translate", ".casefold().translate"),
    Mutant(WORDS, "known.get(word, 1)", "known.get(word, 0)"),
    Mutant(GIBBS, 'range(settings["turns"] - 1)', 'range(settings["turns"])', DRAWN),
    Mutant(PREPARATIONS, "default_rng(int(seed) % 2**32)", "default_rng(int(seed) + 1)", DRAWN),
    Mutant(PREPARATIONS, "int(seed) % 2**32", "int(seed)", DRAWN),
    Mutant(LITERT, "[1, *spec.shape[1:]]", "[1, *(size or 7 for size in spec.shape[1:])]"),
    Mutant(LITERT, "._experimental_default_to_single_batch_in_tensor_list_ops = True", ".allow_custom_ops = False"),
    Mutant(QUANTIZED, "before - after > most", "after - before > most"),
    Mutant(QUANTIZED, '{"before": before, "after": after}', '{"before": after, "after": before}'),
    Mutant(LATENCY, "Path(file).stem == endpoint", "True", MEASURED),
]
