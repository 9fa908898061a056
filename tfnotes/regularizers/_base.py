"""What the penalties share: the check of a factor."""

import keras

from tfnotes import _checks
from tfnotes._config import ConfigFromSignature


class Regularizer(ConfigFromSignature, keras.regularizers.Regularizer):
    """A Keras regularizer whose config is its constructor's arguments."""

    def factor(self, argument, value, default):
        """A finite number of at least 0; the default for None, as in Keras."""
        return default if value is None else float(_checks.number(self, argument, value, 0))
