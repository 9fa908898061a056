"""Slips in the parts of networks, by someone who had not read the tests: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # The threshold itself passes.
    Mutant(
        "tfnotes/activations/relu.py",
        "y = ops.where(x <= threshold, 0, x) if threshold",
        "y = ops.where(x < threshold, 0, x) if threshold",
        ("tests/activations/test_relu.py",),
    ),
    # Each batch is changed alike.
    Mutant(
        "tfnotes/augmentation/_base.py",
        "dtype=dtype, seed=self.generator)",
        "dtype=dtype, seed=self.seed or 0)",
        ("tests/augmentation/test__base.py",),
    ),
    # The centre's coordinates swapped.
    Mutant(
        "tfnotes/augmentation/random_rotation.py",
        "cx, cy = (width - 1) / 2, (height - 1) / 2",
        "cx, cy = (height - 1) / 2, (width - 1) / 2",
        ("tests/augmentation/test_fixed.py",),
    ),
    # Without a factor for the width the aspect isn't kept.
    Mutant(
        "tfnotes/augmentation/random_zoom.py",
        "zx = zy if self.width_factor is None else 1 + self.draw(count, bounds(self.width_factor))",
        (
            "zx = 1 + self.draw(count, bounds(self.height_factor if self.width_factor is None else "
            "self.width_factor))"
        ),
        ("tests/augmentation/test_draws.py",),
    ),
    # Biases move without the rate.
    Mutant(
        "tfnotes/backprop/network.py",
        "Layer(layer.w - rate * g.w, layer.b - rate * g.b if biases else layer.b)",
        "Layer(layer.w - rate * g.w, layer.b - g.b if biases else layer.b)",
        ("tests/cli/test_backprop.py",),
    ),
    # A bias for each example is expected.
    Mutant(
        "tfnotes/backprop/network.py",
        'found[f"b[{k}]"] = found[f"db[{k}]"] = (sizes[k], 1)',
        'found[f"b[{k}]"] = found[f"db[{k}]"] = (sizes[k], examples)',
        ("tests/backprop/test_network.py",),
    ),
    # Bfloat16 isn't widened before it is squared.
    Mutant(
        "tfnotes/clipping/_norm.py",
        'in ("float16", "bfloat16")',
        'in ("float16",)',
        ("tests/clipping/test__norm.py",),
    ),
    # The gradient's dtype is lost.
    Mutant(
        "tfnotes/clipping/clip_by_norm.py",
        "return ops.cast(clipped, ops.convert_to_tensor(g).dtype)",
        "return clipped",
        ("tests/clipping/test__norm.py",),
    ),
    # Bounds in the wrong order are accepted.
    Mutant(
        "tfnotes/clipping/clip_by_value.py",
        '_checks.number("clip_by_value", "clip_value_max", clip_value_max, low)',
        '_checks.number("clip_by_value", "clip_value_max", clip_value_max)',
        ("tests/clipping/test_clip_by_value.py",),
    ),
    # A negative norm is accepted.
    Mutant(
        "tfnotes/constraints/max_norm.py",
        '_checks.number(self, "max_value", max_value, 0)',
        '_checks.number(self, "max_value", max_value)',
        ("tests/contracts/test_errors.py",),
    ),
    # The config of an initializer without seed has one.
    Mutant(
        "tfnotes/initializers/_random.py",
        "keras.saving.serialize_keras_object(given) if given is not None else None",
        "keras.saving.serialize_keras_object(self.seed)",
        ("tests/initializers/test__random.py",),
    ),
    # The seed 0 is taken for none.
    Mutant(
        "tfnotes/initializers/_random.py",
        "random.randint(1, 10**9) if seed is None else seed",
        "seed or random.randint(1, 10**9)",
        ("tests/contracts/test_seeds.py",),
    ),
    # An array with one NaN is accepted.
    Mutant(
        "tfnotes/initializers/constant.py",
        "np.isnan(self._numbers).any()",
        "np.isnan(self._numbers).all()",
        ("tests/contracts/test_errors.py",),
    ),
    # Bounds in the wrong order are accepted.
    Mutant(
        "tfnotes/initializers/random_uniform.py",
        '_checks.number(self, "maxval", maxval, low=minval)',
        '_checks.number(self, "maxval", maxval)',
        ("tests/initializers/test_draws.py",),
    ),
    # A negative deviation is accepted.
    Mutant(
        "tfnotes/initializers/truncated_normal.py",
        '_checks.number(self, "stddev", stddev, 0)',
        '_checks.number(self, "stddev", stddev)',
        ("tests/contracts/test_errors.py",),
    ),
    # The first class too large gets no sentence.
    Mutant(
        "tfnotes/losses/_crossentropy.py",
        "((index >= 0) & (index < classes))",
        "((index >= 0) & (index <= classes))",
        ("tests/losses/test_sparse_categorical_crossentropy.py",),
    ),
    # Targets of another shape along one axis only aren't refused.
    Mutant(
        "tfnotes/losses/_crossentropy.py",
        "if not same_rank or any(n != e and None not in (n, e)",
        "if not same_rank or all(n != e and None not in (n, e)",
        ("tests/losses/test_categorical_crossentropy.py",),
    ),
    # A smoothing above 1 is accepted.
    Mutant(
        "tfnotes/losses/binary_crossentropy.py",
        '_checks.number(self, "label_smoothing", label_smoothing, 0, 1)',
        '_checks.number(self, "label_smoothing", label_smoothing, 0)',
        ("tests/contracts/test_errors.py",),
    ),
    # -1 can't be the class to ignore.
    Mutant(
        "tfnotes/losses/sparse_categorical_crossentropy.py",
        '_checks.integer(self, "ignore_class", ignore_class, minimum=None)',
        '_checks.integer(self, "ignore_class", ignore_class, minimum=0)',
        ("tests/losses/test_sparse_categorical_crossentropy.py",),
    ),
    # Weights of examples are laid along the steps.
    Mutant(
        "tfnotes/metrics/confusion_matrix.py",
        "                weights = ops.expand_dims(weights, -1)",
        "                weights = ops.expand_dims(weights, 0)",
        ("tests/metrics/test_confusion_matrix.py",),
    ),
    # Sparse gradients reach steps that can't take them.
    Mutant(
        "tfnotes/optimizers/_base.py",
        'if state and hasattr(g, "dense_shape"):',
        'if hasattr(g, "dense_shape") and not state:',
        ("tests/optimizers/test_updates.py",),
    ),
    # Arguments that don't exist are dropped.
    Mutant(
        "tfnotes/optimizers/_base.py",
        "init(**given, **unknown)",
        "init(**given)",
        ("tests/optimizers/test_updates.py",),
    ),
    # A negative start is accepted.
    Mutant(
        "tfnotes/optimizers/adagrad.py",
        '_checks.number(self, "initial_accumulator_value", initial_accumulator_value, 0)',
        '_checks.number(self, "initial_accumulator_value", initial_accumulator_value)',
        ("tests/contracts/test_errors.py",),
    ),
    # The correction's step counter overflows.
    Mutant(
        "tfnotes/optimizers/adam.py",
        "t = ops.cast(self.iterations + 1, g.dtype)",
        't = ops.cast(self.iterations + 1, "float16")',
        ("tests/optimizers/test_adam.py",),
    ),
    # An average that grows is accepted.
    Mutant(
        "tfnotes/optimizers/rmsprop.py",
        'self.rho = _checks.number(self, "rho", rho, 0, 1)',
        'self.rho = _checks.number(self, "rho", rho, 0)',
        ("tests/contracts/test_errors.py",),
    ),
    # A momentum above 1 is accepted.
    Mutant(
        "tfnotes/optimizers/sgd.py",
        'float(_checks.number(self, "momentum", momentum, 0, 1))',
        'float(_checks.number(self, "momentum", momentum, 0))',
        ("tests/contracts/test_errors.py",),
    ),
    # A factor of 0 becomes the default.
    Mutant(
        "tfnotes/regularizers/_base.py",
        "return default if value is None else",
        "return default if not value else",
        ("tests/regularizers/test_l1_l2.py",),
    ),
    # A share of 0 is accepted and its logarithm fails.
    Mutant(
        "tfnotes/regularizers/kl_sparsity.py",
        '_checks.number(self, "rho", rho, 0, 1, exclusive=True)',
        '_checks.number(self, "rho", rho, 0, 1)',
        ("tests/regularizers/test_kl_sparsity.py",),
    ),
    # Stairs and slope swapped.
    Mutant(
        "tfnotes/schedules/_base.py",
        "if self.staircase else p",
        "if not self.staircase else p",
        ("tests/schedules/test_decay.py",),
    ),
    # A width that is to stay is zoomed with the height.
    Mutant(
        "tfnotes/augmentation/random_zoom.py",
        "        if width_factor is not None:\n",
        "        if width_factor:\n",
        ("tests/augmentation/test_draws.py",),
    ),
    # The doctor's figures get into the history of fit.
    Mutant(
        "tfnotes/callbacks/doctor.py",
        "figures = dict(logs or {})",
        "figures = logs or {}",
        ("tests/callbacks/test_doctor.py",),
    ),
    # An infinite loss goes on.
    Mutant(
        "tfnotes/callbacks/finite_loss.py",
        "            if not math.isfinite(value):",
        "            if math.isnan(value):",
        ("tests/callbacks/test_finite_loss.py",),
    ),
    # Predictions stay when only moving averages have changed.
    Mutant(
        "tfnotes/callbacks/predictions.py",
        "for weight in model.weights:",
        "for weight in model.trainable_weights:",
        ("tests/callbacks/test_predictions.py",),
    ),
    # An array keeps a dtype of its own.
    Mutant(
        "tfnotes/initializers/constant.py",
        "return ops.convert_to_tensor(numbers, dtype=dtype)",
        "return ops.convert_to_tensor(numbers)",
        ("tests/initializers/test_draws.py",),
    ),
    # More than ten weights come back in another order.
    Mutant(
        "tfnotes/callbacks/early_stopping.py",
        'f"weight-{k:04d}"',
        'f"weight-{k}"',
        ("tests/callbacks/test_early_stopping.py",),
    ),
    # A training that was complete draws its last pictures anew.
    Mutant(
        "tfnotes/callbacks/pictures.py",
        "if self.at_end and self._epoch:",
        "if self.at_end:",
        ("tests/callbacks/test_pictures.py",),
    ),
    # A name in capitals stays in capitals.
    Mutant(
        "tfnotes/_checks.py",
        "    return value.lower()\n",
        "    return value\n",
        ("tests/test_checks.py",),
    ),
    # An optimizer or a loss that stays Keras's isn't reported.
    Mutant(
        "tfnotes/convert/_configs.py",
        'noted = layer or module.startswith(("keras.optimizers", "keras.losses"))',
        "noted = layer",
        ("tests/convert/test_model.py",),
    ),
]
