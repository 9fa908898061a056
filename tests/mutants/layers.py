"""Mutants of tfnotes/layers."""

from tests.mutants import Mutant

DENSE = "tfnotes/layers/dense.py"
CONV = "tfnotes/layers/conv2d.py"
WINDOWS = "tfnotes/layers/_windows.py"
MAX = "tfnotes/layers/max_pooling2d.py"
AVERAGE = "tfnotes/layers/average_pooling2d.py"
NORMALIZATION = "tfnotes/layers/batch_normalization.py"
DROPOUT = "tfnotes/layers/dropout.py"
FLATTEN = "tfnotes/layers/flatten.py"
BASE = "tfnotes/layers/_base.py"
POOLING = "tfnotes/layers/_pooling2d.py"

MUTANTS = [
    Mutant(DENSE, "else z + bias", "else z - bias"),
    Mutant(DENSE, "return z if bias is None else z + bias", "return z"),
    Mutant(
        DENSE,
        "self.activate(dense(inputs, self.kernel, self.bias))",
        "dense(inputs, self.kernel, self.bias)",
    ),
    Mutant(
        DENSE, '("kernel", kernel_initializer, kernel_regularizer,', '("kernel", kernel_initializer, None,'
    ),
    Mutant(DENSE, "self.supports_masking = True", "self.supports_masking = False"),
    Mutant(DENSE, "if self.use_bias else None", "if not self.use_bias else None"),
    Mutant(CONV, '(self, "strides", strides)', '(self, "strides", strides)[::-1]'),
    Mutant(CONV, '(self, "kernel_size", kernel_size)', '(self, "kernel_size", kernel_size)[::-1]'),
    Mutant(CONV, '(self, "dilation_rate", dilation_rate)', '(self, "dilation_rate", dilation_rate)[::-1]'),
    Mutant(CONV, "ops.conv(x, kernel,", "ops.conv(x, ops.flip(kernel, (0, 1)),"),
    Mutant(CONV, "if self.bias is None:", "if True:"),
    Mutant(
        CONV,
        "ops.reshape(kernel_g, (-1, filters // groups))",
        "ops.reshape(kernel_g, (filters // groups, -1)).T",
    ),
    Mutant(CONV, "(0, 2, 3, 1)) if first else inputs", "(0, 3, 2, 1)) if first else inputs"),
    Mutant(CONV, "ops.transpose(z, (0, 3, 1, 2)) if first", "ops.transpose(z, (0, 3, 2, 1)) if first"),
    Mutant(CONV, "ops.split(kernel, groups, -1)", "ops.split(kernel, groups, -1)[::-1]"),
    Mutant(CONV, "if self.filters % self.groups:", "if False:"),
    Mutant(CONV, "if channels % self.groups:", "if False:"),
    Mutant(CONV, "self.activate(self.convolve(inputs))", "self.convolve(inputs)"),
    Mutant(
        CONV,
        "self.build_activation(self.compute_output_shape(input_shape))",
        "self.build_activation(input_shape)",
    ),
    Mutant(WINDOWS, "return total // 2, total - total // 2", "return total - total // 2, total // 2"),
    Mutant(
        WINDOWS,
        "top, left = i * dilation[0], j * dilation[1]",
        "top, left = i * dilation[1], j * dilation[0]",
    ),
    Mutant(
        WINDOWS, "return (n - (size - 1) * dilation - 1) // stride + 1", "return (n - size) // stride + 1"
    ),
    Mutant(WINDOWS, "+ (size - 1) * dilation + 1 - n, 0)", "+ (size - 1) * dilation + 1 - n, 1)"),
    Mutant(WINDOWS, "return -(-n // stride)", "return n // stride"),
    Mutant(WINDOWS, "top + (height - 1) * strides[0] + 1", "top + height * strides[1]"),
    Mutant(MAX, 'fill=float("-inf")', "fill=0.0"),
    Mutant(
        MAX, "ops.max_pool(inputs, self.pool_size, self.strides,", "ops.max_pool(inputs, self.pool_size, 1,"
    ),
    Mutant(AVERAGE, "return total / inside", "return total / (pool_size[0] * pool_size[1])"),
    Mutant(AVERAGE, "ops.average_pool(inputs,", "ops.max_pool(inputs,"),
    Mutant(NORMALIZATION, "ops.rsqrt(variance + epsilon)", "1 / (ops.sqrt(variance) + epsilon)"),
    Mutant(NORMALIZATION, "centered = x - ops.stop_gradient(mean)", "centered = x - mean * (1 - 1 / m)"),
    Mutant(
        NORMALIZATION,
        "axis=axes, keepdims=True) / m\n    counts",
        "axis=axes, keepdims=True) / (m - 1)\n    counts",
    ),
    Mutant(NORMALIZATION, "centered = ops.where(counts, x - mean, 0)", "centered = x - mean"),
    Mutant(NORMALIZATION, "ops.where(counts, x, 0)", "ops.cast(counts, x.dtype) * x"),
    Mutant(NORMALIZATION, "axis=axes, keepdims=True), 1)", "axis=axes, keepdims=True), 0)"),
    Mutant(NORMALIZATION, "x = inputs if double else", "x = inputs if True else"),
    Mutant(NORMALIZATION, "x = inputs if double else", "x ="),
    Mutant(NORMALIZATION, "-mean * scale if beta is None", "mean * scale if beta is None"),
    Mutant(NORMALIZATION, "self.supports_masking = True", "self.supports_masking = False"),
    Mutant(NORMALIZATION, "scale = scale if gamma is None else gamma * scale", "scale = scale"),
    Mutant(NORMALIZATION, "beta - mean * scale", "beta - mean"),
    Mutant(
        NORMALIZATION,
        "momentum + batch * (1 - momentum)",
        "(1 - momentum) + batch * momentum",
    ),
    Mutant(NORMALIZATION, "if training and self.trainable:", "if training:"),
    Mutant(NORMALIZATION, "mean, variance = moments(x, axes, mask)", "mean, variance = moments(x, axes)"),
    Mutant(DROPOUT, "x * (1 / (1 - rate))", "x"),
    Mutant(DROPOUT, ">= self.rate", "< self.rate"),
    Mutant(DROPOUT, "ops.where(keep, x * (1 / (1 - rate)), 0)", "ops.cast(keep, x.dtype) * x / (1 - rate)"),
    Mutant(DROPOUT, "seed=self.seed_generator", "seed=1"),
    Mutant(DROPOUT, "SeedGenerator(seed) if", "SeedGenerator(0) if"),
    Mutant(DROPOUT, "if self.rate == 1:", "if False:"),
    Mutant(DROPOUT, "s and n not in (None, 1, s)", "False"),
    Mutant(DROPOUT, "self.supports_masking = True", "self.supports_masking = False"),
    Mutant(DROPOUT, "if not training or self.rate == 0:", "if self.rate == 0:"),
    Mutant(DROPOUT, "noise = self.noise_shape or (None,) * len(sizes)", "noise = (None,) * len(sizes)"),
    Mutant(FLATTEN, "(0, *range(2, rank), 1)", "(0, *range(1, rank))"),
    Mutant(FLATTEN, "(0, *range(2, rank), 1)", "(0, *range(rank - 1, 0, -1))"),
    Mutant(FLATTEN, "(-1, features) if features else", "(-1, features or 1) if features is not None else"),
    Mutant(
        BASE,
        "super().__init__(activity_regularizer=regularizer, **honoured(self, kwargs))",
        "super().__init__(**honoured(self, kwargs))",
    ),
    Mutant(BASE, '"regularizer": getattr(self, f"{name}_regularizer", None)', '"regularizer": None'),
    Mutant(BASE, '"constraint": getattr(self, f"{name}_constraint", None)', '"constraint": None'),
    Mutant(BASE, '"initializer": getattr(self, f"{name}_initializer")', '"initializer": "zeros"'),
    Mutant(BASE, "or input_shape[axis] is None", ""),
    Mutant(
        POOLING,
        "self.strides = self.pool_size if strides is None",
        "self.strides = (1, 1) if strides is None",
    ),
    Mutant(POOLING, "sizes = input_shape[2:] if first", "sizes = input_shape[1:3] if first"),
    Mutant(POOLING, "if any(n is not None and n < 1 for n in out):", "if False:"),
    Mutant(POOLING, "            self.compute_output_shape(shape)\n", "            pass\n"),
]
