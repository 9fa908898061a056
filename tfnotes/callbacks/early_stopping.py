"""Early stopping (提前停止) that a resumed training continues."""

import keras
import numpy as np


class EarlyStopping(keras.callbacks.EarlyStopping):
    """`keras.callbacks.EarlyStopping` whose state can be kept and put back.

    Args:
        **kwargs: as of `keras.callbacks.EarlyStopping`.

    Differences from keras.callbacks.EarlyStopping: `get_state` and `set_state`, for
    `tfnotes.training.checkpoint.ExactCheckpoint`.
    """

    def get_state(self):
        """Patience used up, best figure and best weights: JSON values and NumPy arrays."""
        state = {name: getattr(self, name) for name in ("wait", "stopped_epoch", "best_epoch")}
        best = getattr(self, "best", None)
        state["best"] = None if best is None else float(best)
        weights = [] if self.best_weights is None else self.best_weights
        return {**state, **{f"weight-{k:04d}": np.asarray(w) for k, w in enumerate(weights)}}

    def set_state(self, state):
        """Continues from what `get_state` gave; call it after `on_train_begin`, which resets."""
        weights = [state[key] for key in sorted(state) if key.startswith("weight-")]
        self.best_weights = weights or None
        for name in ("wait", "stopped_epoch", "best_epoch", "best"):
            setattr(self, name, state[name])
