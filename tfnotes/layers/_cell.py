"""What the three recurrent cells share: their weights, and the dropout masks of a sequence."""

import keras
from keras import ops

from tfnotes import _checks, activations
from tfnotes.layers import _slopes
from tfnotes.layers._base import Layer, _resolved


class RecurrentCell(Layer):
    """One step of a recurrent layer: `(inputs, states) -> (output, new states)`.

    A subclass writes one step out, forward and backward, in terms of

        z           what the inputs add to the gates: x @ kernel + bias, shape (batch, gates * units)
        before      the states before the step, each of shape (batch, units)
        weights     what `weights_now` gives: (kernel, recurrent_kernel), or with bias, or as the cell splits them
        transposed  the matrices among them, transposed
        drop        the recurrent dropout mask, or None

    as `step`, `step_gradient` and, where its gates don't all see the same sum, `weight_gradients`.
    `tfnotes.layers._bptt` runs them.
    """

    gates = 1
    saves = 0
    states = 1

    def __init__(self, *, owner=None, **kwargs):
        # Keras's two ways to compute the same.
        kwargs.pop("implementation", None)
        if owner is not None:
            self.speaks_for = owner
        super().__init__(**kwargs)

    def declare(self, arguments):
        """Checks and keeps what every cell's constructor is given: `arguments` are its `locals()`."""
        self.units = _checks.integer(self, "units", arguments["units"])
        self.use_bias = _checks.boolean(self, "use_bias", arguments["use_bias"])
        for name in ("activation", "recurrent_activation"):
            if name in arguments:
                setattr(self, name, _resolved(self, name, arguments[name], activations.get))
        for weight in ("kernel", "recurrent", "bias"):
            parts = ("initializer", "regularizer", "constraint")
            self.declare_weight(weight, *(arguments[f"{weight}_{part}"] for part in parts))
        for name in ("dropout", "recurrent_dropout"):
            setattr(self, name, _checks.number(self, name, arguments[name], low=0, high=1))
        self.seed = seed = _checks.seed(self, "seed", arguments["seed"])
        given = isinstance(seed, keras.random.SeedGenerator)
        self.seed_generator = seed if given else keras.random.SeedGenerator(seed)
        self.state_size = self.units if self.states == 1 else [self.units] * self.states
        self.output_size = self.units
        # Set by `tfnotes.layers.RNN` for the time of a sequence.
        self.masks = None

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

    def project(self, x, weights):
        """What the inputs of shape `(n, features)` add to the gates: x @ kernel + bias."""
        z, bias = ops.matmul(x, weights[0]), [w for w in weights if len(w.shape) == 1]
        return z + bias[0] if bias else z

    def weight_gradients(self, x, h, saved, dz, weights, transposed):
        """Gradients of some steps at once: of their inputs and of the weights.

        Args:
            x: inputs, shape `(n, features)`, of all the steps below each other, as in what follows.
            h: what was multiplied with the recurrent kernel.
            saved: what `step` saved.
            dz: what `step_gradient` gave for the gates' sums, a tuple.
            weights, transposed: as in `step_gradient`.

        Returns:
            `(dx, gradients)`, a gradient for each of the weights.
        """
        (dz,) = dz
        gradients = ops.matmul(ops.transpose(x), dz), ops.matmul(ops.transpose(h), dz), ops.sum(dz, axis=0)
        return ops.matmul(dz, transposed[0]), gradients[: len(weights)]

    def call(self, inputs, states, training=False):
        listed = isinstance(states, (list, tuple))
        drop_inputs = drop = None
        if training:
            drop_inputs, drop = self.masks or self.draw_masks(ops.shape(inputs)[0], inputs.shape[-1])
        if drop_inputs is not None:
            inputs = inputs * drop_inputs
        weights = self.weights_now()
        z = self.project(inputs, weights)
        new, _ = self.step(z, tuple(states) if listed else (states,), weights, drop)
        # Keras takes tanh of float64 in float32 on JAX, where a loop's states must keep their dtype.
        new = [ops.cast(state, self.compute_dtype) for state in new]
        return new[0], list(new) if listed else new[0]

    def draw_masks(self, batch, features):
        """Dropout masks, each None where its rate is 0: of the inputs and of the recurrent state.

        One mask serves all steps of a sequence and all gates (Gal and Ghahramani 2016).
        """
        return tuple(
            keras.random.dropout(ops.ones((batch, size), self.compute_dtype), rate, seed=self.seed_generator)
            if rate > 0
            else None
            for rate, size in ((self.dropout, features), (self.recurrent_dropout, self.units))
        )

    def get_initial_state(self, batch_size=None):
        # A list even of one state: in a stack, Keras's loop on JAX takes the first of it for the output.
        return [ops.zeros((batch_size, self.units), dtype=self.compute_dtype) for _ in range(self.states)]

    @property
    def slopes(self):
        """`(y, dy) -> dx` of the activation and of the recurrent activation; None for one that isn't known."""
        own = (self.activation, getattr(self, "recurrent_activation", self.activation))
        return tuple(_slopes.gradient_of(activation) for activation in own)
