"""What the three recurrent cells share: their weights, and the dropout masks of a sequence."""

from typing import Any

import keras
from keras import ops

from tfnotes import _checks, activations
from tfnotes.layers import _slopes
from tfnotes.layers._base import Layer, _resolved

# Keras's RNN has cells of this class, which it exports under no name, draw their dropout masks before a sequence and
# forget them after it.
Dropping: Any = next(base for base in keras.layers.SimpleRNNCell.__bases__ if hasattr(base, "get_dropout_mask"))

# What a subclass may have of its own where steps are run by hand: it doesn't change what a step computes.
_FREE = {
    *("build", "add_weight", "bias_shape", "bias_options", "get_build_config", "build_from_config", "quantize"),
    *("get_config", "from_config", "get_initial_state", "save_own_variables", "load_own_variables"),
}


class RecurrentCell(Layer, Dropping):
    """One step of a recurrent layer: `(inputs, states) -> (output, new states)`.

    A subclass writes one step out, forward and backward, in terms of

        z           the gates' sums x @ kernel + h @ recurrent_kernel + bias, shape (batch, gates * units)
        before      the states before the step, each of shape (batch, units)
        saved       what the way back of a step needs, a tuple

    as `gated` and `gated_gradient`. Where the gates don't all see the same sum it has `step`, `step_of`,
    `step_gradient`, `weight_gradients`, `loop_weights` and `transposed` of its own. `tfnotes.layers._bptt` runs them.
    """

    gates = 1
    saves = 0
    state_count = 1

    def __init__(self, units, use_bias, dropout, recurrent_dropout, *, owner=None, **kwargs):
        gated = self.gates > 1
        implementation = kwargs.pop("implementation", 2) if gated else None
        if owner is not None:
            self.speaks_for = owner
        super().__init__(**kwargs)
        self.units = self.output_size = _checks.integer(self, "units", units)
        self.state_size = self.units if self.state_count == 1 else [self.units] * self.state_count
        self.use_bias = _checks.boolean(self, "use_bias", use_bias)
        self.dropout = _checks.number(self, "dropout", dropout, low=0, high=1)
        self.recurrent_dropout = _checks.number(self, "recurrent_dropout", recurrent_dropout, low=0, high=1)
        if gated:
            self.implementation = 1 if self.recurrent_dropout else implementation
        if gated and self.implementation == 1:
            # Keras's hook draws so many: one for each gate.
            self.dropout_mask_count = self.gates

    def declare_activations(self, **activation):
        """Resolves and keeps the activations under their names."""
        for name, given in activation.items():
            setattr(self, name, _resolved(self, name, given, activations.get))

    def declare_seed(self, seed):
        """Keeps the seed of the dropout masks, and makes what draws them."""
        self.seed = seed = _checks.seed(self, "seed", seed)
        given = isinstance(seed, keras.random.SeedGenerator)
        self.seed_generator = seed if given else keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        features, size = self.fixed_size(input_shape, axis=-1), self.gates * self.units
        self.kernel = self.add_declared("kernel", (features, size))
        self.recurrent_kernel = self.add_declared("recurrent", (self.units, size), name="recurrent_kernel")
        self.bias = self.add_declared("bias", self.bias_shape(), **self.bias_options()) if self.use_bias else None

    def bias_shape(self):
        """The shape of the bias."""
        return (self.gates * self.units,)

    def bias_options(self):
        """What the bias is added with."""
        return {}

    def weights_now(self):
        """The weights as tensors of the compute dtype, matrices first."""
        weights = (self.kernel, self.recurrent_kernel, self.bias)
        return tuple(ops.cast(w, self.compute_dtype) for w in weights if w is not None)

    def project(self, x, weights, product=ops.matmul):
        """What the inputs of shape `(n, features)` add to the gates: x @ kernel + bias."""
        z, bias = product(x, weights[0]), [w for w in weights if len(w.shape) == 1]
        return z + bias[0] if bias else z

    def step(self, z, before, weights, product=ops.matmul):
        """One step from what the inputs add to the gates.

        Args:
            z: what `project` gave.
            before: the states before.
            weights: what `weights_now` gives.
            product: `x @ kernel`, through the dropout masks where there are any.

        Returns:
            `(new states, saved)`.
        """
        return self.gated(z + product(before[0], weights[1]), before)

    def loop_weights(self):
        """What a loop multiplies with: the kernel, the bias and the recurrent kernel below each other are one."""
        kernel, recurrent, *bias = self.weights_now()
        return (ops.concatenate([kernel, *(b[None] for b in bias), recurrent], axis=0),)

    def step_of(self, row, before, weights):
        """One step of a loop, with one product.

        Args:
            row: inputs, of shape `(batch, features)`, and after them a 1 where there is a bias.
            before: the states before.
            weights: what `loop_weights` gives.

        Returns:
            `(new states, saved)`, `saves` arrays.
        """
        seen = ops.concatenate([row, before[0]], axis=-1)
        new, saved = self.gated(ops.matmul(seen, weights[0]), before)
        return new, (seen, *saved)

    def transposed(self, weights):
        """The matrices of `loop_weights` for the way back: of the inputs, without the bias, then of the states."""
        (joined,) = weights
        return ops.transpose(joined[: -self.units - self.use_bias]), ops.transpose(joined[-self.units :])

    def step_gradient(self, after, saved, transposed):
        """The step backward, from the gradients of the states after it.

        Returns:
            `(dz, d_before)`: tuples, of the gates' sums and of the states before.
        """
        dz, rest = self.gated_gradient(after, saved[1:])
        return (dz,), (ops.matmul(dz, transposed[1]), *rest)

    def weight_gradients(self, saved, dz, transposed):
        """What a step hands on to its inputs and to the weights.

        Args:
            saved: what `step_of` saved.
            dz: what `step_gradient` gave for the gates' sums.
            transposed: what `transposed` gave.

        Returns:
            `(dx, gradients)`, a gradient for each of `loop_weights`.
        """
        return ops.matmul(dz[0], transposed[0]), (ops.matmul(ops.transpose(saved[0]), dz[0]),)

    def call(self, inputs, states, training=False):
        listed = isinstance(states, (list, tuple))
        before = tuple(states) if listed else (states,)
        of_inputs = self._product(self.get_dropout_mask(inputs) if training else None)
        of_states = self._product(self.get_recurrent_dropout_mask(before[0]) if training else None)
        weights = self.weights_now()
        new, _ = self.step(self.project(inputs, weights, of_inputs), before, weights, of_states)
        # Keras takes tanh of float64 in float32 on JAX, where a loop's states must keep their dtype.
        new = [ops.cast(state, self.compute_dtype) for state in new]
        return new[0], list(new) if listed else new[0]

    def _product(self, mask):
        """`x @ kernel` through one dropout mask, or through a list of them, one for each gate in turn."""
        if mask is None:
            return ops.matmul
        if not isinstance(mask, (list, tuple)):
            return lambda x, kernel: ops.matmul(x * mask, kernel)
        left = iter(mask)

        def product(x, kernel):
            gates = ops.split(kernel, kernel.shape[-1] // self.units, axis=-1)
            return ops.concatenate([ops.matmul(x * next(left), gate) for gate in gates], axis=-1)

        return product

    def get_initial_state(self, batch_size=None):
        # A list even of one state: in a stack, Keras's loop on JAX takes the first of it for the output.
        return [ops.zeros((batch_size, self.units), dtype=self.compute_dtype) for _ in range(self.state_count)]

    @property
    def slopes(self):
        """`(y, dy) -> dx` of the activation and of the recurrent activation; None for one that isn't known."""
        own = (self.activation, getattr(self, "recurrent_activation", self.activation))
        return tuple(_slopes.gradient_of(activation) for activation in own)

    def by_hand(self, training):
        """Whether `tfnotes.layers._bptt` computes what `call` does: it knows the slopes and nothing is overridden.

        Recurrent dropout is differentiated automatically.
        """
        classes = type(self).__mro__
        count = next(n for n, c in enumerate(classes) if c.__module__.startswith("tfnotes."))
        ours, others = classes[count], set().union(*(vars(c) for c in classes[:count]))
        others |= {name for name in vars(self) if callable(getattr(ours, name, None))}
        changed = {n for n in others - _FREE if hasattr(ours, n) and (n == "__call__" or not n.startswith("__"))}
        dropping = training and (self.recurrent_dropout or (self.dropout and hasattr(self, "dropout_mask_count")))
        return not changed and not dropping and None not in self.slopes
