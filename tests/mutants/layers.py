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

MUTANTS = [
    Mutant(DENSE, "else z + bias", "else z - bias"),
    Mutant(DENSE, "return z if bias is None else z + bias", "return z"),
    Mutant(DENSE, "self.activation(dense(inputs, self.kernel, self.bias))", "dense(inputs, self.kernel, self.bias)"),
    Mutant(DENSE, '("kernel", kernel_initializer, kernel_regularizer,', '("kernel", kernel_initializer, None,'),
    Mutant(CONV, '(self, "strides", strides)', '(self, "strides", strides)[::-1]'),
    Mutant(CONV, '(self, "kernel_size", kernel_size)', '(self, "kernel_size", kernel_size)[::-1]'),
    Mutant(CONV, '(self, "dilation_rate", dilation_rate)', '(self, "dilation_rate", dilation_rate)[::-1]'),
    Mutant(CONV, "ops.conv(x, self.kernel,", "ops.conv(x, ops.flip(self.kernel, (0, 1)),"),
    Mutant(CONV, "z = z if self.bias is None else z + self.bias", "z = z"),
    Mutant(CONV, "ops.reshape(kernel_g, (-1, filters // groups))", "ops.reshape(kernel_g, (filters // groups, -1)).T"),
    Mutant(CONV, "(0, 2, 3, 1)) if first else inputs", "(0, 3, 2, 1)) if first else inputs"),
    Mutant(WINDOWS, "return total // 2, total - total // 2", "return total - total // 2, total // 2"),
    Mutant(WINDOWS, "top, left = i * dilation[0], j * dilation[1]", "top, left = i * dilation[1], j * dilation[0]"),
    Mutant(WINDOWS, "return (n - (size - 1) * dilation - 1) // stride + 1", "return (n - size) // stride + 1"),
    Mutant(MAX, 'fill=float("-inf")', "fill=0.0"),
    Mutant(MAX, "ops.max_pool(inputs, self.pool_size, self.strides,", "ops.max_pool(inputs, self.pool_size, 1,"),
    Mutant(AVERAGE, "return total / inside", "return total / (pool_size[0] * pool_size[1])"),
    Mutant(AVERAGE, "ops.average_pool(inputs,", "ops.max_pool(inputs,"),
    Mutant(NORMALIZATION, "ops.rsqrt(variance + epsilon)", "1 / (ops.sqrt(variance) + epsilon)"),
    Mutant(NORMALIZATION, "ops.mean(ops.square(centered), axis=axes", "ops.var(x, axis=axes[:1]"),
    Mutant(NORMALIZATION, "scale = scale if gamma is None else gamma * scale", "scale = scale"),
    Mutant(NORMALIZATION, "beta - mean * scale", "beta - mean"),
    Mutant(NORMALIZATION, "self.momentum + batch * (1 - self.momentum)", "(1 - self.momentum) + batch * self.momentum"),
    Mutant(NORMALIZATION, "if training and self.trainable:", "if training:"),
    Mutant(NORMALIZATION, "mean, variance = moments(x, axes, mask)", "mean, variance = moments(x, axes)"),
    Mutant(DROPOUT, "x * (1 / (1 - rate))", "x"),
    Mutant(DROPOUT, ">= self.rate", "< self.rate"),
    Mutant(DROPOUT, "if not training or self.rate == 0:", "if self.rate == 0:"),
    Mutant(DROPOUT, "noise = self.noise_shape or (None,) * len(sizes)", "noise = (None,) * len(sizes)"),
    Mutant(FLATTEN, "(0, *range(2, rank), 1)", "(0, *range(1, rank))"),
]
