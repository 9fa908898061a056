"""Slips in runs and what they show, by someone who had not read the tests: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # Settings of 0 and False are left out.
    Mutant(
        "tfnotes/callbacks/hparams.py",
        "for name, value in settings.items() if value is not None}",
        "for name, value in settings.items() if value}",
        ("tests/callbacks/test_hparams.py",),
    ),
    # A resumed run begins with the first epoch's order.
    Mutant(
        "tfnotes/data/pipeline.py",
        "tf.data.Dataset.range(first_epoch, epochs).flat_map(rows)",
        "tf.data.Dataset.range(epochs - first_epoch).flat_map(rows)",
        ("tests/data/test_pipeline.py",),
    ),
    # A loss of 0 ranks last.
    Mutant(
        "tfnotes/sweep/sweep.py",
        'loss = math.inf if row["val_loss"] is None else row["val_loss"]',
        'loss = row["val_loss"] or math.inf',
        ("tests/sweep/test_sweep.py",),
    ),
    # The fingerprint of ["ab", "c"] is that of ["a", "bc"].
    Mutant(
        "tfnotes/training/config.py",
        "                digest.update(np.array([len(text) for text in array]).data)\n",
        "",
        ("tests/training/test_config.py",),
    ),
    # 0 becomes the default instead of being refused.
    Mutant(
        "tfnotes/training/config.py",
        "return default if value is None else value",
        "return value or default",
        ("tests/training/test_config.py",),
    ),
    # A seed's second epoch has the order of the next one's first.
    Mutant(
        "tfnotes/data/buckets.py",
        "generator = np.random.default_rng([seed, epoch])",
        "generator = np.random.default_rng(seed + epoch)",
        ("tests/data/test_buckets.py",),
    ),
    # A text model's page lacks its vocabulary.
    Mutant(
        "tfnotes/play/page.py",
        "for name in [metadata.NAME, *models, *(name for via in vias for name in via)]:",
        "for name in [metadata.NAME, *models]:",
        ("tests/play/test_page.py",),
    ),
    # Exactly three layers are followed by "and 0 more".
    Mutant(
        "tfnotes/doctor/findings.py",
        "if more > 0 else",
        "if more >= 0 else",
        ("tests/doctor/test_rules.py",),
    ),
    # The ratio of step times is upside down.
    Mutant(
        "tfnotes/training/side_by_side.py",
        "return compare.alternate(ours, theirs, pairs, calls=1)",
        "return compare.alternate(theirs, ours, pairs, calls=1)",
        ("tests/training/test_side_by_side.py",),
    ),
    # The time of a training is that of who waits for it.
    Mutant(
        "tfnotes/reproduce/run.py",
        "return times.children_user + times.children_system",
        "return times.user + times.system",
        ("tests/reproduce/test_run.py",),
    ),
    # A relative folder of data is kept as it was given.
    Mutant(
        "tfnotes/training/config.py",
        "None if data_dir is None else os.path.abspath(data_dir)",
        "None if data_dir is None else str(data_dir)",
        ("tests/training/test_config.py",),
    ),
    # Settings of the preparation have no effect.
    Mutant(
        "tfnotes/training/setup.py",
        'return self.recipe.fit(split, **chosen(self.recipe.fit, self.config["settings"]), **told)',
        "return self.recipe.fit(split, **told)",
        ("tests/training/test_setup.py",),
    ),
    # A grid that was queued in part is queued anew from its beginning.
    Mutant(
        "tfnotes/sweep/search.py",
        "spaces.grid(space)[len(self._study.trials) :]",
        "spaces.grid(space)",
        ("tests/sweep/test_sweep.py",),
    ),
    # A label of fewer than ten examples is held out whole.
    Mutant(
        "tfnotes/data/prepared.py",
        "held[rows[len(rows) - len(rows) // 10 :]] = True",
        "held[rows[-(len(rows) // 10) :]] = True",
        ("tests/data/test_prepared.py",),
    ),
    # The last short chunk of examples is left out.
    Mutant(
        "tfnotes/_split.py",
        "range(0, len(self), size)",
        "range(0, len(self) - size + 1, size)",
        ("tests/data/test_stream.py",),
    ),
    # A signal is not heeded in validation.
    Mutant(
        "tfnotes/training/signals.py",
        "def on_test_batch_begin(self",
        "def on_predict_batch_begin(self",
        ("tests/training/test_signals.py",),
    ),
    # What tells how far a preparation is counts as a setting.
    Mutant(
        "tfnotes/task.py",
        '_GIVEN = ("layers", "progress")',
        '_GIVEN = ("layers",)',
        ("tests/training/test_setup.py",),
    ),
    # A pattern freezes the first of its layers alone.
    Mutant(
        "tfnotes/training/fine_tuning.py",
        "        for layer in matched:\n            layer.trainable = False",
        "        matched[0].trainable = False",
        ("tests/training/test_fine_tuning.py",),
    ),
    # A range from 0 to 0.5 is searched among whole numbers.
    Mutant(
        "tfnotes/sweep/space.py",
        "whole = isinstance(self.low, int) and isinstance(self.high, int)",
        "whole = isinstance(self.low, int) or isinstance(self.high, int)",
        ("tests/sweep/test_space.py",),
    ),
    # The nearest neighbour is the shortest vector.
    Mutant(
        "tfnotes/experiments/generalization.py",
        "np.sum(rows**2, 1) - 2 * test_x @ rows.T",
        "np.sum(rows**2, 1) - test_x @ rows.T",
        ("tests/experiments/test__training.py",),
    ),
    # An experiment's parameter is taken and not heeded.
    Mutant(
        "tfnotes/experiments/digits.py",
        "train(m, x, y, steps=steps, seed=seed, rate=rate)",
        "train(m, x, y, seed=seed, rate=rate)",
        ("tests/test_arguments.py",),
    ),
    # A repetition shows nothing and tells of nothing.
    Mutant(
        "tfnotes/training/rerun.py",
        ", callbacks=callbacks, report=report)",
        ")",
        ("tests/test_arguments.py",),
    ),
    # Damaged event files of the validation are not told of, and the training is called healthy.
    Mutant(
        "tfnotes/doctor/events.py",
        "        unread += lost\n",
        "",
        ("tests/doctor/test_events.py",),
    ),
]
