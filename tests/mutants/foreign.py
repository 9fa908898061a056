"""Mutants of what says that an image is no digit, and of what becomes of boxes, pens, shadows and colours."""

from tests.mutants import Mutant

FOREIGN, DIGITS = "tasks/mnist/foreign/__init__.py", "tfnotes/serving/preparations/digits.py"
IMAGES, PREDICT = "tfnotes/serving/images.py", "tfnotes/serving/predict.py"
REJECT = ("tests/serving/test_reject.py",)
JUDGED = ("tests/tasks/test_mnist_foreign.py",)
NOISE = ("tests/tasks/test_mnist_ink.py", "-k", "noise")
ODD = ("tests/serving/preparations/test_digits.py", "-k", "odd")
SAME = ("tests/serving/preparations/test_digits.py", "-k", "kinds")

MUTANTS = [
    Mutant(FOREIGN, "ops.softmax(z)[:, :DIGITS]", "z[:, :DIGITS]", JUDGED),
    Mutant(FOREIGN, "strides=2", "strides=3", JUDGED),
    Mutant(FOREIGN, 'np.sort(scores["validation"])', 'np.sort(scores["test"])', JUDGED),
    Mutant(FOREIGN, "np.mean(found < threshold)", "np.mean(found > threshold)", JUDGED),
    Mutant("tasks/mnist/foreign/learned.py", "len(NAMES) + OTHERS.index(name)", "len(NAMES)", JUDGED),
    Mutant("tasks/mnist/__init__.py", ">= reject.threshold", "<= reject.threshold", REJECT),
    Mutant("tfnotes/serving/export.py", "examples, reject)", "examples)", REJECT),
    Mutant(PREDICT, "if known[k] else None,\n            \"probability\"", ",\n            \"probability\"", REJECT),
    Mutant("tasks/mnist/ink.py", "| _rough(ink, calm)", "", NOISE),
    Mutant("tasks/mnist/ink.py", "0.2, 3.0", "0.2, 1.0", NOISE),
    Mutant(DIGITS, "_ROUGH * np.var(calm)", "9e9 * np.var(calm)", ODD),
    Mutant(DIGITS, "_COLOR * spans[0]", "9e9 * spans[0]", SAME),
    Mutant(DIGITS, "min(gray.shape) <= window", "True", SAME),
    Mutant(DIGITS, "gray / np.maximum(closed, 1) - 1", "gray / 255 - closed / 255", SAME),
    Mutant(DIGITS, "_rest(cells, outer, _INNER)", "_rest(cells, outer, 2)", SAME),
    Mutant(DIGITS, "_rest(cells, reaching, _LEFT)", "cells", SAME),
    Mutant(DIGITS, "_strength(digit) >= _PEN", "True", SAME),
    Mutant(IMAGES, "bits in (8, 10, 12, 14, 16)", "bits in (16,)", ("tests/serving/test_images.py", "-k", "bits")),
    Mutant(IMAGES, '> _LIGHT else "white"', '> 255 else "white"', ("tests/serving/test_images.py", "-k", "light_ink")),
]
