"""What every optimizer shares, so that a concept's file shows its update.

Keras asks each optimizer for the same bookkeeping: a dozen constructor arguments, variables that
keep state beside each weight, assignments and a config. It stands here once.
"""

import functools
import inspect

import keras
from keras import ops

from tfnotes import _config, counterparts


def _shared(
    weight_decay=None,
    clipnorm=None,
    clipvalue=None,
    global_clipnorm=None,
    use_ema=False,
    ema_momentum=0.99,
    ema_overwrite_frequency=None,
    loss_scale_factor=None,
    gradient_accumulation_steps=None,
    name=None,
    **kwargs,
):
    """The constructor arguments that Keras's optimizers share, in Keras's order."""


def with_shared_arguments(init):
    """Decorator of a constructor that ends in `**shared`: puts the shared arguments in its place."""
    own = list(inspect.signature(init).parameters.values())[:-1]
    signature = inspect.Signature([*own, *inspect.signature(_shared).parameters.values()])

    @functools.wraps(init)
    def constructor(self, *args, **kwargs):
        given = signature.bind(self, *args, **kwargs).arguments
        unknown = given.pop("kwargs", {})
        init(**given, **unknown)

    constructor.__signature__ = signature  # type: ignore[attr-defined]
    return constructor


class Optimizer(keras.optimizers.Optimizer):
    """An optimizer whose update is a function of tensors.

    A concept says which state it keeps (`state_names`) and what a step does (`step`).
    """

    def state_names(self):
        """Names of the state beside each weight, in groups that Keras creates together."""
        return []

    def initial_state(self):
        """Where the state starts, as Keras takes an initializer."""
        return "zeros"

    def step(self, g, learning_rate, *state):
        """The change of the weight, and the new state.

        Args:
            g: gradient; of a gathered weight, a framework's sparse one where there is no state.
            learning_rate: a scalar tensor of the weight's dtype.
            state: tensors, in the order of `state_names`.

        Returns:
            `(change, *state)`.
        """
        raise NotImplementedError

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.state = []
        for names in self.state_names():
            groups = self.add_optimizer_variables(variables, names, self.initial_state())
            for name, slots in zip(names, groups, strict=True):
                # Keras's names, which an `update_step` written for its optimizers reads.
                setattr(self, f"_{name.removesuffix('y')}{'ies' if name.endswith('y') else 's'}", slots)
            self.state += groups

    def update_step(self, gradient, variable, learning_rate):
        if 0 in variable.shape:
            return  # Keras's addition fails where there is nothing to add.
        index = self._get_variable_index(variable)
        state = [slots[index] for slots in self.state]
        g, learning_rate = ops.cast(gradient, variable.dtype), ops.cast(learning_rate, variable.dtype)
        if state and hasattr(g, "dense_shape"):
            # A row gathered twice has two entries: a dense sum adds them before they are squared.
            g = ops.add(ops.zeros(g.dense_shape, variable.dtype), g)
        change, *after = self.step(g, learning_rate, *map(ops.convert_to_tensor, state))
        for slot, value in zip(state, after, strict=True):
            self.assign(slot, value)
        self.assign_add(variable, change)

    def get_config(self):
        config = super().get_config()
        own = [name for name in _config.argument_names(self) if name not in config]
        return {**config, **{name: getattr(self, name) for name in own}}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return super().from_config(counterparts.translated(config), custom_objects)
