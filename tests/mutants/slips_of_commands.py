"""Slips in experiments and commands, by someone who had not read the tests: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # An excluded upper bound is accepted.
    Mutant(
        "tfnotes/_checks.py",
        "inside = low < value < high if exclusive else low <= value <= high",
        "inside = low < value <= high if exclusive else low <= value <= high",
        ("tests/test_checks.py",),
    ),
    # One bad file among good ones has status 0.
    Mutant(
        "tfnotes/cli/predict.py",
        "    if bad:\n        ctx.exit(1)",
        "    if bad and not answers:\n        ctx.exit(1)",
        ("tests/cli/test_predict.py",),
    ),
    # An option does the opposite.
    Mutant("tfnotes/cli/sweep.py", "prune=not no_prune)", "prune=no_prune)", ("tests/cli/test_sweep.py",)),
    # The second training goes on from the first.
    Mutant(
        "tfnotes/experiments/pretraining.py",
        "            model.set_weights(start)\n",
        "",
        ("tests/experiments/test__training.py",),
    ),
    # NaN counts as no difference.
    Mutant(
        "tfnotes/parity.py",
        "return float(np.nan_to_num(relative, nan=np.inf).max())",
        "return float(np.nanmax(relative))",
        ("tests/test_parity.py",),
    ),
    # A name that two packages declare.
    Mutant("tfnotes/plugins.py", "if len(points) > 1:", "if len(points) > 2:", ("tests/test_plugins.py",)),
    # A class that is never found shows as one without examples.
    Mutant(
        "tfnotes/cli/evaluate.py",
        '"-" if share is None else f"{share:.1%}"',
        'f"{share:.1%}" if share else "-"',
        ("tests/cli/test_evaluate.py",),
    ),
    # --trust is taken with --add-format and not heeded.
    Mutant(
        "tfnotes/cli/export.py",
        "report, quantize, accuracy_loss, data_dir, trust)",
        "report, quantize, accuracy_loss, data_dir)",
        ("tests/cli/test_trust.py",),
    ),
    # All random cases of a comparison are the same.
    Mutant(
        "tfnotes/compare.py",
        "parity.results(concept, sample, seed + case, training)",
        "parity.results(concept, sample, seed, training)",
        ("tests/test_parity.py",),
    ),
    # --pairs is taken with a MODEL and not heeded.
    Mutant(
        "tfnotes/cli/compare.py",
        "task, model, path, splits, pairs=pairs, figures=not no_figures,",
        "task, model, path, splits, figures=not no_figures,",
        ("tests/cli/test_compare.py",),
    ),
    # --trust of predict and sample is not heeded.
    Mutant(
        "tfnotes/cli/_tensorflow.py",
        "return Exported(path, runtime, trust)",
        "return Exported(path, runtime)",
        ("tests/cli/test_trust.py",),
    ),
    # --no-test is not heeded with --workers.
    Mutant(
        "tfnotes/cli/_workers.py",
        'arguments = ["--wait", str(wait), *(["--no-test"] if no_test else [])]',
        'arguments = ["--wait", str(wait)]',
        ("tests/cli/test_train.py",),
    ),
    # Seeds that had been trained before aren't recorded.
    Mutant(
        "tfnotes/cli/reproduce.py",
        "    if record:\n        results.record([result], record)\n",
        "        if record:\n            results.record([result], record)\n",
        ("tests/cli/test_reproduce.py",),
    ),
    # Only the last experiment's changed verdicts are counted.
    Mutant(
        "tfnotes/cli/experiment.py",
        "changed += _kept(console",
        "changed = _kept(console",
        ("tests/cli/test_experiment.py",),
    ),
    # --lang has no effect on the page.
    Mutant(
        "tfnotes/cli/play.py",
        "lambda said: click.echo(said, err=True)), out, language)",
        "lambda said: click.echo(said, err=True)), out)",
        ("tests/play/test_page.py",),
    ),
    # The status is 0 where figures alone differ.
    Mutant(
        "tfnotes/cli/rerun.py",
        'ctx.exit(0 if found["same"] else 1)',
        'ctx.exit(1 if found["weights"]["other"] else 0)',
        ("tests/training/test_rerun.py",),
    ),
    # A refusal of the system that is a sentence alone is told as None.
    Mutant(
        "tfnotes/cli/__init__.py",
        'return f"{where}{error.strerror or error}."',
        'return f"{where}{error.strerror}."',
        ("tests/test_errors.py",),
    ),
    # A resumed run that fails before its first epoch is deleted.
    Mutant(
        "tfnotes/cli/train.py",
        'if ctx.params["resume"] is None and not run.metrics() and not told:',
        "if not run.metrics() and not told:",
        ("tests/cli/test_train.py",),
    ),
    # What is tested is scaled by its own statistics.
    Mutant(
        "tfnotes/experiments/pretraining.py",
        "((v - inputs.mean(0)) / inputs.std() for v in (inputs, tests))",
        "((v - v.mean(0)) / v.std() for v in (inputs, tests))",
        ("tests/experiments/test__training.py",),
    ),
    # Regularizers have no effect in the training experiments, so penalties are compared with themselves.
    Mutant(
        "tfnotes/experiments/_training.py",
        "        loss = tf.add_n([loss, *model.losses])\n",
        "",
        ("tests/experiments/test__training.py",),
    ),
    # The distance from unseen digits to drawings is that of drawings to digits, so missing digits go unnoticed.
    Mutant(
        "tfnotes/experiments/generation.py",
        '"from_test": nearest(test_x, drawings)',
        '"from_test": nearest(drawings, test_x)',
        ("tests/experiments/test_training_rules.py",),
    ),
    # Real digits are compared with themselves, distance 0, so the yardstick for drawings is wrong.
    Mutant(
        "tfnotes/experiments/generation.py",
        '"test": looks(test_x[half:], classifier, x, test_x[:half]),',
        '"test": looks(test_x, classifier, x, test_x[:half]),',
        ("tests/experiments/test_training_rules.py",),
    ),
    # Copies of digits have the labels of other digits, and augmentation seems useless.
    Mutant(
        "tfnotes/experiments/generalization.py",
        "np.tile(y, copies + 1)",
        "np.repeat(y, copies + 1)",
        ("tests/experiments/test__training.py",),
    ),
]
