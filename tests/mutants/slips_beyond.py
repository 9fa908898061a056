"""Slips of six people who had not read the tests, which lived when they were tried: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
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
    # A cell that the text shows later is also put in before it, so it stands in the notebook twice.
    Mutant(
        "website/notebooks.py",
        "if hidden not in placed and hidden not in shown:",
        "if hidden not in placed:",
        ("tests/website/test_notebooks.py",),
    ),
]
