"""Mutants of what the page of `tfnotes play` is told of a model."""

from tests.mutants import Mutant

WEIGHTS, REVIEW, PAGE = "tfnotes/play/weights.py", "tfnotes/play/widgets/review.py", "tfnotes/play/page.py"
KERNELS = ("tests/play/test_weights.py",)
PUSHES = ("tests/play/test_review.py",)
WRITING = ("tests/play/test_page.py", "-k", "kept or alone")

MUTANTS = [
    Mutant(WEIGHTS, "kernel.transpose(2, 3, 1, 0)", "kernel.transpose(3, 2, 1, 0)", KERNELS),
    Mutant(WEIGHTS, 'found.get("strides", [1, 1])', "[1, 1]", KERNELS),
    Mutant(WEIGHTS, '"before": pads[:2]', '"before": pads[2:]', KERNELS),
    Mutant(WEIGHTS, "kernel.size > LARGEST", "False", KERNELS),
    Mutant(WEIGHTS, "return _same(computed(way, below), wanted, 1e-4)", "return True", KERNELS),
    Mutant(WEIGHTS, 'way["of"] = shown.get(way["of"], way["of"])', "pass", KERNELS),
    Mutant(WEIGHTS, '"drop" in name or "flat" in name, name', "name", KERNELS),
    Mutant(REVIEW, "if not np.allclose(mean, outputs[\"mean\"], rtol=1e-4, atol=1e-5):", "if False:", PUSHES),
    Mutant(REVIEW, '("add", "words")', '("words", "add")', PUSHES),
    Mutant(REVIEW, 'way.get("name") != "words"', "False", PUSHES),
    Mutant(PAGE, "out.exists() and not (out.is_dir() and not any(out.iterdir()))", "False", WRITING),
    Mutant("tfnotes/play/serve.py", '"127.0.0.1"', '"0.0.0.0"', WRITING),
]
