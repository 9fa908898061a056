"""Slips in exports and tasks, by someone who had not read the tests: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # The width is chosen on the test half.
    Mutant(
        "tasks/autoencode/figures.py",
        "key=lambda width: likelihood(validation, width))",
        "key=lambda width: likelihood(test, width))",
        ("tests/tasks/test_autoencode_parts.py",),
    ),
    # Films that share a text stand in both splits.
    Mutant(
        "tasks/imdb/sample.py",
        '            film[name] = _root(film, first[row["text"]]["movie_name"])',
        "            continue",
        ("tests/tasks/test_imdb_sample.py",),
    ),
    # Large kernels get into the page.
    Mutant(
        "tfnotes/play/weights.py",
        "if kernel.size > LARGEST:",
        "if len(kernel) > LARGEST:",
        ("tests/play/test_weights.py",),
    ),
    # NaN isn't told from a number.
    Mutant(
        "tfnotes/serving/compared.py",
        "return off if np.isfinite(off) else None",
        "return off",
        ("tests/serving/test_compared.py",),
    ),
    # Shares of the predictions instead of the labels.
    Mutant(
        "tfnotes/serving/evaluate.py",
        "np.diag(self._confusion), self._confusion.sum(axis=1)",
        "np.diag(self._confusion), self._confusion.sum(axis=0)",
        ("tests/serving/test_evaluate.py",),
    ),
    # The vocabulary's checksum isn't checked.
    Mutant(
        "tfnotes/serving/exported.py",
        "metadata.format_of(name) in (kind, None)]",
        "metadata.format_of(name) == kind]",
        ("tests/serving/test_metadata.py",),
    ),
    # Gates of a backward layer stand in the order in which it ran.
    Mutant(
        "tfnotes/serving/inside.py",
        "return {name: tf.transpose(turned(value), (1, 0, 2)) for name, value in found.items()}",
        "return {name: tf.transpose(value, (1, 0, 2)) for name, value in found.items()}",
        ("tests/serving/test_inside.py",),
    ),
    # 0 images may be asked for.
    Mutant(
        "tfnotes/serving/server/served.py",
        "(array.max() > limits.max_batch or array.min() < 1)",
        "array.max() > limits.max_batch",
        ("tests/serving/server/test_limits.py",),
    ),
    # A byte order mark becomes part of the first word.
    Mutant(
        "tfnotes/serving/texts.py",
        'data.decode("utf-8-sig")',
        'data.decode("utf-8")',
        ("tests/serving/test_texts.py",),
    ),
    # Version 9 counts as newer than 10.
    Mutant(
        "tfnotes/serving/exported.py",
        "return max((int(inner.name) for inner in folder.iterdir() if inner.name.isdecimal()), default=0)",
        "return int(max((inner.name for inner in folder.iterdir() if inner.name.isdecimal()), default=0))",
        ("tests/serving/test_metadata.py",),
    ),
    # A pixel of 255 is refused.
    Mutant(
        "tfnotes/serving/server/tensors.py",
        "array.max() > high:",
        "array.max() >= high:",
        ("tests/serving/server/test_tensors.py",),
    ),
    # What to reject is learned of all examples, not of those that the run chose.
    Mutant(
        "tfnotes/serving/export.py",
        "splits = setup.selected(setup.read(data_dir=data_dir))",
        "splits = setup.read(data_dir=data_dir)",
        ("tests/serving/test_reject.py",),
    ),
    # The rate is 0 after one epoch.
    Mutant(
        "tfnotes/serving/reject.py",
        "epochs * len(x) // batch_size)",
        "len(x) // batch_size)",
        ("tests/serving/test_reject.py",),
    ),
    # A quantized model is measured without the data folder of its run.
    Mutant(
        "tfnotes/serving/export.py",
        'where = data_dir or run.config.get("data_dir")',
        "where = data_dir",
        ("tests/serving/formats/test_quantized.py",),
    ),
    # A lightest value of 256 overflows to black.
    Mutant(
        "tfnotes/serving/images.py",
        "if values.max() < 2**bits)",
        "if values.max() <= 2**bits)",
        ("tests/serving/test_images.py",),
    ),
    # A text file that is locked is told of in terms of Python.
    Mutant(
        "tfnotes/serving/texts.py",
        'report(f"{file}: {error.strerror or error}.")',
        'report(f"{file}: {error}.")',
        ("tests/serving/test_texts.py",),
    ),
    # latency --trust still refuses an export with operations that act.
    Mutant(
        "tfnotes/serving/latency.py",
        "list(batches), seconds, trust])",
        "list(batches), seconds])",
        ("tests/serving/test_latency.py",),
    ),
    # A version that was damaged and then mended goes on being listed as unavailable beside being served.
    Mutant(
        "tfnotes/serving/server/repository.py",
        "        self.broken.get(name, {}).pop(version, None)\n",
        "",
        ("tests/serving/server/test_repository.py",),
    ),
]
