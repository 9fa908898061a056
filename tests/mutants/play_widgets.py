"""Mutants of what Python computes and reads for the page's widgets."""

from tests.mutants import Mutant

RAVINE, DEPTH = "tfnotes/play/prepared/ravine.py", "tfnotes/play/prepared/depth.py"
REPLAY = "tfnotes/play/widgets/replay.py"
OF_MODELS = ("tests/play/widgets/test_of_models.py",)
EPOCHS = ("tests/play/widgets/test_replay.py",)


def of(name, old, new):
    return Mutant(f"tfnotes/play/widgets/{name}.py", old, new, OF_MODELS)


MUTANTS = [
    Mutant(RAVINE, "optimizers.SGD(rate, momentum=momentum),", "optimizers.SGD(rate),"),
    Mutant(RAVINE, "            variable.assign(value)\n", "            pass\n"),
    Mutant(RAVINE, "_GONE * half", "half"),
    Mutant(RAVINE, "np.linspace(high, low,", "np.linspace(low, high,"),
    Mutant(DEPTH, "outputs[: depth - 1], last), last]", "outputs[: depth - 1]), last]"),
    Mutant(DEPTH, "(-reach, reach) if reach", "(0, reach) if reach"),
    Mutant(DEPTH, "kernel_initializer=make(number)", "kernel_initializer=make(0)"),
    of("latent", "np.ceil(np.abs(codes).max())", "np.ceil(codes.max())"),
    of("latent", "_shapes(decode) != ([2], [28, 28])", "False"),
    of("denoise", 'not settings.get("noise")', '"noise" not in settings'),
    of("gibbs", 'known.get("name") != "gibbs"', "False"),
    Mutant(REPLAY, "min(LONGEST, len(rows))", "len(rows)", EPOCHS),
    Mutant(REPLAY, "np.isfinite(value)", "True", EPOCHS),
    Mutant(REPLAY, '.replace("\\\\|", "|")', "", EPOCHS),
    Mutant(REPLAY, '{"train": "", "validation": _HELD_OUT}', '{"train": _HELD_OUT, "validation": ""}', EPOCHS),
]
