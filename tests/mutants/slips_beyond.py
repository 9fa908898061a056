"""Slips of six people who had not read the tests, which lived when they were tried: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # Each weight's gradient is cut by itself, not the norm of all gradients together, so `--set clipnorm` of the
    # adding task means something else than it says.
    Mutant(
        "tasks/adding/__init__.py", "global_clipnorm=clipnorm", "clipnorm=clipnorm", ("tests/tasks/test_optimizers.py",)
    ),
    # Of several apostrophes before a word (''quoted'') only one is taken away, so the word isn't found in the
    # vocabulary.
    Mutant("tasks/imdb/plain.py", 'r"(^| )\'+", r"\\1"', 'r"(^| )\'", r"\\1"', ("tests/tasks/test_imdb_tokenizer.py",)),
    # Of a name that is merged already only the leaf is re-rooted, so a film of three or more names can stand in both
    # train and test split.
    Mutant(
        "tasks/imdb/sample.py",
        'film[name] = _root(film, first[row["text"]]["movie_name"])',
        'film[row["movie_name"]] = _root(film, first[row["text"]]["movie_name"])',
        ("tests/tasks/test_imdb_sample.py",),
    ),
    # With `--set rate=0.3` each thinned network has the weight of its complement, and the claim comes out false; at
    # the default 0.5 nothing shows.
    Mutant(
        "tfnotes/experiments/regularization.py",
        "np.where(masks == 1, 1 - rate, rate)",
        "np.where(masks == 1, rate, 1 - rate)",
        ("tests/experiments/test_recorded.py",),
    ),
    # In keras.layers.RNN the recurrent dropout masks of the stacked cells aren't let go of, so the first batch's mask
    # is used for all later ones (or stems from another graph).
    Mutant(
        "tfnotes/layers/stacked_rnn_cells.py",
        "                cell.reset_dropout_mask()\n                cell.reset_recurrent_dropout_mask()\n",
        "                cell.reset_dropout_mask()\n",
        ("tests/layers/test_stacked_rnn_cells.py",),
    ),
    # Where no seed was given the drawn one isn't kept in the config, so that a model's copy begins with other biases.
    Mutant(
        "tfnotes/models/_chrono.py",
        'return {"steps": self.steps, "seed": self.seed}',
        'return {**super().get_config(), "steps": self.steps}',
        ("tests/models/test_details.py",),
    ),
    # Pixels are dropped at the whole rate and hidden layers at half of it, the wrong way round.
    Mutant(
        "tfnotes/models/dbn.py",
        "self.dropout if k else self.dropout / 2, training",
        "self.dropout / 2 if k else self.dropout, training",
        ("tests/models/test_staged.py",),
    ),
    # `tfnotes show Softmax` shows the function and not the layer that Python spells so.
    Mutant(
        "tfnotes/registry.py",
        "matches = [c for c in known if c.target.__name__ == name]",
        "matches = [c for c in known if c.target.__name__ == wanted]",
        ("tests/contracts/test_registry.py",),
    ),
    # What touches the border is taken out only if the rest is 40 % as long, not 20 %, so runtimes without TensorFlow
    # see other pixels.
    Mutant(
        "tfnotes/serving/preparations/digits.py",
        "cells = _rest(cells, reaching, _LEFT)",
        "cells = _rest(cells, reaching, _INNER)",
        ("tests/serving/preparations/test_digits.py",),
    ),
    # A range with `log = true` is drawn evenly, so small learning rates are hardly ever tried.
    Mutant(
        "tfnotes/sweep/space.py",
        "(key, self.low, self.high, log=self.log)",
        "(key, self.low, self.high)",
        ("tests/sweep/test_space.py",),
    ),
    # `tfnotes rerun` tells the difference of the last weight that differs, not the largest.
    Mutant(
        "tfnotes/training/rerun.py",
        "largest = max(largest, float(np.max(np.abs(a.astype(float) - b.astype(float)))))",
        "largest = float(np.max(np.abs(a.astype(float) - b.astype(float))))",
        ("tests/training/test_rerun.py",),
    ),
    # `--data-dir` of evaluate or export isn't heeded for a run that was trained with another data folder.
    Mutant(
        "tfnotes/training/setup.py",
        'folder = data_dir or self.config.get("data_dir")',
        'folder = self.config.get("data_dir") or data_dir',
        ("tests/training/test_setup.py",),
    ),
    # Where a batch can't be cut evenly, the workers' gradients have wrong weights, and several workers learn another
    # model than one.
    Mutant(
        "tfnotes/training/sharing.py",
        "weight = tf.cast(own.mine, dtype) / tf.cast(own.rows, dtype)",
        "weight = tf.cast(1 / own.workers, dtype)",
        ("tests/training/test_sharing.py",),
    ),
    # Weights are counted in numbers instead of bytes: a packed file that unpacks to far more than the limit is
    # opened.
    Mutant(
        "tfnotes/training/unpacked.py",
        "sizes.append(item.nbytes if isinstance(item, h5py.Dataset) else 0)",
        "sizes.append(item.size if isinstance(item, h5py.Dataset) else 0)",
        ("tests/training/test_unpacked.py",),
    ),
    # A cell that the text shows later is also put in before it, so it stands in the notebook twice.
    Mutant(
        "website/notebooks.py",
        "if hidden not in placed and hidden not in shown:",
        "if hidden not in placed:",
        ("tests/website/test_notebooks.py",),
    ),
]
