"""Slips in layers, by someone who had not read the tests: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # An activation layer given by name keeps the global dtype.
    Mutant(
        "tfnotes/layers/_base.py",
        "            self.activation.dtype_policy = self.dtype_policy",
        "            pass",
        ("tests/layers/test_layers_as_activations.py",),
    ),
    # What a layer asks for its weight loses to what was declared.
    Mutant(
        "tfnotes/layers/_base.py",
        "**{**declared, **options})",
        "**{**options, **declared})",
        ("tests/layers/test_recurrent.py",),
    ),
    # A given SeedGenerator isn't used.
    Mutant(
        "tfnotes/layers/_cell.py",
        "self.seed_generator = seed if given else keras.random.SeedGenerator(seed)",
        "self.seed_generator = keras.random.SeedGenerator(None if given else seed)",
        ("tests/layers/test_cells.py",),
    ),
    # On cuDNN the zeros for masked steps are lost.
    Mutant(
        "tfnotes/layers/_cudnn.py",
        '"go_backwards", "zero_output_for_mask", "name")',
        '"go_backwards", "name")',
        ("tests/layers/test__cudnn.py",),
    ),
    # Gates of a backward layer stand in the order in which it ran.
    Mutant(
        "tfnotes/layers/_gates.py",
        "np.stack(a[::-1] if layer.go_backwards else a, 1)",
        "np.stack(a, 1)",
        ("tests/layers/test__gates.py",),
    ),
    # An image too small along one axis only isn't refused.
    Mutant(
        "tfnotes/layers/_pooling2d.py",
        "if any(n is not None and n < 1 for n in out)",
        "if all(n is not None and n < 1 for n in out)",
        ("tests/layers/test_max_pooling2d.py",),
    ),
    # Dmax bounds on one side only.
    Mutant(
        "tfnotes/layers/_renormalization.py",
        "ops.clip(d, -dmax, dmax)",
        "ops.minimum(d, dmax)",
        ("tests/layers/test__renormalization.py",),
    ),
    # One recurrent dropout mask serves all batches.
    Mutant(
        "tfnotes/layers/_rnn.py",
        "                    cell.reset_recurrent_dropout_mask()\n",
        "",
        ("tests/layers/test_cells.py",),
    ),
    # The odd zero of same padding stands before instead of behind.
    Mutant(
        "tfnotes/layers/_windows.py",
        "return total // 2, total - total // 2",
        "return total - total // 2, total // 2",
        ("tests/layers/test__windows.py",),
    ),
    # A frozen layer goes on measuring.
    Mutant(
        "tfnotes/layers/batch_normalization.py",
        "if training and self.trainable:",
        "if training:",
        ("tests/layers/test_batch_normalization.py",),
    ),
    # A mask is laid along the wrong axis with axis=1.
    Mutant(
        "tfnotes/layers/batch_normalization.py",
        "mask = ops.expand_dims(mask, -1)",
        "mask = ops.expand_dims(mask, self.axis)",
        ("tests/layers/test_batch_normalization.py",),
    ),
    # One of the averages of renorm has the other momentum.
    Mutant(
        "tfnotes/layers/batch_normalization.py",
        "self._average(self.renorm_stddev, deviation, self.renorm_momentum)",
        "self._average(self.renorm_stddev, deviation, self.momentum)",
        ("tests/layers/test__renormalization.py",),
    ),
    # The backward layer's state isn't reset.
    Mutant(
        "tfnotes/layers/bidirectional.py",
        "        self.forward_layer.reset_state()\n        self.backward_layer.reset_state()",
        "        self.forward_layer.reset_state()",
        ("tests/layers/test_bidirectional.py",),
    ),
    # Strides and dilation along one axis only aren't refused.
    Mutant(
        "tfnotes/layers/conv2d.py",
        "if max(self.strides) > 1 and max(self.dilation_rate) > 1",
        "if min(self.strides) > 1 and min(self.dilation_rate) > 1",
        ("tests/layers/test_conv2d.py",),
    ),
    # The seed isn't used.
    Mutant(
        "tfnotes/layers/dropout.py",
        "keras.random.SeedGenerator(seed) if rate > 0 else None",
        "keras.random.SeedGenerator() if rate > 0 else None",
        ("tests/layers/test_dropout.py",),
    ),
    # The first id too large gets no sentence.
    Mutant(
        "tfnotes/layers/embedding.py",
        "bad = ids[(ids >= self.input_dim)",
        "bad = ids[(ids > self.input_dim)",
        ("tests/layers/test_embedding.py",),
    ),
    # In a graph the first id too large goes unnoticed.
    Mutant(
        "tfnotes/layers/embedding.py",
        "tf.reduce_all((ids < vocabulary)",
        "tf.reduce_all((ids <= vocabulary)",
        ("tests/layers/test_embedding.py",),
    ),
    # The bias gets the recurrent kernel's constraint.
    Mutant(
        "tfnotes/layers/gru.py",
        "bias=(bias_initializer, bias_regularizer, bias_constraint)",
        "bias=(bias_initializer, bias_regularizer, recurrent_constraint)",
        ("tests/contracts/test_parts.py",),
    ),
    # The recurrent kernel gets the kernel's regularizer.
    Mutant(
        "tfnotes/layers/lstm.py",
        "recurrent=(recurrent_initializer, recurrent_regularizer, recurrent_constraint)",
        "recurrent=(recurrent_initializer, kernel_regularizer, recurrent_constraint)",
        ("tests/contracts/test_config.py",),
    ),
    # A shared axis that doesn't exist is accepted.
    Mutant(
        "tfnotes/layers/prelu.py",
        "if any(axis >= rank for axis in shared)",
        "if any(axis > rank for axis in shared)",
        ("tests/layers/test_prelu.py",),
    ),
    # An upper bound below the lower one is accepted.
    Mutant(
        "tfnotes/layers/rrelu.py",
        '_checks.number(self, "upper", upper, self.lower)',
        '_checks.number(self, "upper", upper, 0)',
        ("tests/layers/test_rrelu.py",),
    ),
    # The recurrent dropout is the other one.
    Mutant(
        "tfnotes/layers/simple_rnn.py",
        '"recurrent_dropout": recurrent_dropout,',
        '"recurrent_dropout": dropout,',
        ("tests/layers/test_recurrent.py",),
    ),
    # A mask of numbers keeps all above 0.
    Mutant(
        "tfnotes/layers/softmax.py",
        "mask = ops.greater(mask, 0.5)",
        "mask = ops.greater(mask, 0)",
        ("tests/layers/test_softmax.py",),
    ),
    # Workers weigh by padded length.
    Mutant(
        "tfnotes/layers/batch_normalization.py",
        "over_workers(mean, variance, x, axes, mask, total)",
        "over_workers(mean, variance, x, axes, None, total)",
        ("tests/layers/test_batch_normalization.py",),
    ),
    # The activity_regularizer of a GRU is dropped.
    Mutant(
        "tfnotes/layers/gru.py",
        'over |= {"stateful": stateful, "unroll": unroll, "activity_regularizer": activity_regularizer}',
        'over |= {"stateful": stateful, "unroll": unroll}',
        ("tests/contracts/test_parts.py",),
    ),
]
