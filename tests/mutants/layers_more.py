"""Mutants of the activation layers, Maxout, the perceptron, padding, more pooling and embeddings."""

from tests.mutants import Mutant

RELU = "tfnotes/layers/relu.py"
LEAKY = "tfnotes/layers/leaky_relu.py"
ELU = "tfnotes/layers/elu.py"
SOFTMAX = "tfnotes/layers/softmax.py"
RENORM = "tfnotes/layers/_renormalization.py"
BATCH = "tfnotes/layers/batch_normalization.py"
PRELU = "tfnotes/layers/prelu.py"
RRELU = "tfnotes/layers/rrelu.py"
CONV = "tfnotes/layers/conv2d.py"
ZEROS = "tfnotes/layers/zero_padding2d.py"
MIN = "tfnotes/layers/min_pooling2d.py"
GLOBAL_AVERAGE = "tfnotes/layers/global_average_pooling2d.py"
GLOBAL_MAX = "tfnotes/layers/global_max_pooling2d.py"
MAXOUT = "tfnotes/layers/maxout.py"
MAXOUT_CONV = "tfnotes/layers/maxout_conv2d.py"
PERCEPTRON = "tfnotes/layers/perceptron.py"
EMBEDDING = "tfnotes/layers/embedding.py"

ACTIVATION_TESTS = ("tests/layers/test_activation_layers.py",)
PADDING_TESTS = ("tests/layers/test_conv2d_padding.py",)
GLOBAL_TESTS = ("tests/layers/test_global_pooling2d.py",)

MUTANTS = [
    Mutant(RELU, "self.negative_slope, self.max_value, self.threshold", "self.negative_slope, self.max_value"),
    Mutant(
        LEAKY,
        "activations.leaky_relu(inputs, self.negative_slope)",
        "activations.leaky_relu(inputs)",
        ACTIVATION_TESTS,
    ),
    Mutant(ELU, "activations.elu(inputs, self.alpha)", "activations.elu(inputs)", ACTIVATION_TESTS),
    Mutant(SOFTMAX, "ops.where(mask, softmax(kept, axis), 0)", "softmax(kept, axis)"),
    Mutant(SOFTMAX, "softmax(kept, axis)", "softmax(x, axis)"),
    Mutant(SOFTMAX, "x - ops.logsumexp(x, axis=axes, keepdims=True)", "x"),
    Mutant(SOFTMAX, 'float("-inf")', "0.0"),
    Mutant(SOFTMAX, 'float("-inf")', "-1e9"),
    Mutant(SOFTMAX, "ops.greater(mask, 0.5)", "ops.less(mask, 0.5)"),
    Mutant(SOFTMAX, "return masked_softmax(inputs, mask, self.axis)", "return masked_softmax(inputs, mask)"),
    Mutant(PRELU, "alpha * ops.relu(-x)", "alpha * ops.relu(x)"),
    Mutant(PRELU, "ops.relu(x) + -alpha", "ops.abs(x) + -alpha"),
    Mutant(PRELU, "own.get(axis, 1) for axis in range(1, rank)", "own.get(axis, 1) for axis in range(rank)"),
    Mutant(RRELU, "(self.lower + self.upper) / 2", "self.upper"),
    Mutant(RRELU, "_share.drawn(draw, ops.shape(inputs))", "_share.drawn(draw, ops.shape(inputs)[-1:])"),
    Mutant(RRELU, "self.lower, self.upper, inputs.dtype", "0.0, self.upper, inputs.dtype"),
    Mutant(RRELU, "seed=self.seed_generator", "seed=1"),
    Mutant(RRELU, "if not training:", "if training:"),
    Mutant(
        RRELU,
        "ops.where(inputs > 0, inputs, slope * inputs)",
        "ops.where(inputs > 0, inputs, inputs / slope)",
    ),
    Mutant(
        CONV,
        'zero_padding2d(x, padding), "valid"',
        'zero_padding2d(x, padding[::-1]), "valid"',
        PADDING_TESTS,
    ),
    Mutant(CONV, 'zero_padding2d(x, padding), "valid"', 'x, "same"', PADDING_TESTS),
    Mutant(CONV, "map(padded_size, sizes, padding)", "map(padded_size, sizes, padding[::-1])", PADDING_TESTS),
    Mutant(ZEROS, "((0, 0), *padding, (0, 0))", "((0, 0), *padding[::-1], (0, 0))"),
    Mutant(ZEROS, "((0, 0), (0, 0), *self.padding)", "((0, 0), *self.padding, (0, 0))"),
    Mutant(ZEROS, "n + sum(pair)", "n + 2 * pair[0]"),
    Mutant(MIN, 'fill=float("inf")', "fill=0.0"),
    Mutant(MIN, "return -ops.max_pool(-inputs,", "return ops.max_pool(inputs,"),
    Mutant(MIN, "return -ops.max_pool(-inputs,", "return -ops.average_pool(-inputs,"),
    Mutant(GLOBAL_AVERAGE, "ops.mean(inputs, axis=self.axes", "ops.mean(inputs, axis=(1, 2)", GLOBAL_TESTS),
    Mutant(GLOBAL_AVERAGE, "ops.mean(", "ops.max(", GLOBAL_TESTS),
    Mutant(GLOBAL_MAX, "axis=self.axes, keepdims=self.keepdims", "axis=self.axes", GLOBAL_TESTS),
    Mutant(MAXOUT, "functools.reduce(ops.maximum,", "functools.reduce(ops.minimum,"),
    Mutant(MAXOUT, "functools.reduce(ops.maximum,", "functools.reduce(ops.add,"),
    Mutant(MAXOUT, "dense(inputs, self.kernel, self.bias)", "dense(inputs, self.kernel, None)"),
    Mutant(MAXOUT, "ops.split(z, pieces, axis)", "ops.split(z, z.shape[axis] // pieces, axis)"),
    Mutant(MAXOUT_CONV, 'axis = 1 if self.data_format == "channels_first" else -1', "axis = -1"),
    Mutant(MAXOUT_CONV, "self.filters * self.pieces", "self.filters * 2"),
    Mutant(PERCEPTRON, "return args[0] if", "return -args[0] if"),
    Mutant(PERCEPTRON, "ops.where(z == z, step(z), z)", "step(z)"),
    Mutant(PERCEPTRON, "step_with_slope(dense(x, kernel, bias))", "step(dense(x, kernel, bias))"),
    Mutant(PERCEPTRON, "step_with_slope(dense(x, kernel, bias))", "step_with_slope(dense(x, kernel, None))"),
    Mutant(EMBEDDING, "ops.not_equal(inputs, 0) if self.mask_zero", "ops.equal(inputs, 0) if self.mask_zero"),
    Mutant(EMBEDDING, "self.autocast = False", "self.autocast = True"),
    Mutant(EMBEDDING, "embedding(inputs, self.embeddings)", "embedding(inputs - 1, self.embeddings)"),
    Mutant(EMBEDDING, "ops.take(embeddings, ids, axis=0)", "ops.take(ops.stop_gradient(embeddings), ids, axis=0)"),
    Mutant(
        EMBEDDING,
        '"embeddings", (self.input_dim, self.output_dim)',
        '"embeddings", (self.input_dim + 1, self.output_dim)',
    ),
    Mutant(
        EMBEDDING,
        "self.supports_masking = self.mask_zero",
        "self.supports_masking = True; self.mask_zero = False",
    ),
    Mutant(RENORM, "deviation / slow_deviation, (mean", "slow_deviation / deviation, (mean"),
    Mutant(RENORM, "ops.stop_gradient(r), ops.stop_gradient(d)", "r, d"),
    Mutant(RENORM, "r if rmin is None else", "r if rmax is None else"),
    Mutant(RENORM, "ops.clip(d, -dmax, dmax)", "ops.minimum(d, dmax)"),
    Mutant(BATCH, "(r * gamma, d * gamma)", "(r * gamma, d)", ("tests/layers/test__renormalization.py",)),
    Mutant(
        BATCH,
        "self._average(self.renorm_mean, mean, self.renorm_momentum)",
        "self._average(self.renorm_mean, mean, self.momentum)",
        ("tests/layers/test__renormalization.py",),
    ),
    Mutant(
        BATCH,
        "ops.square(ops.convert_to_tensor(self.moving_stddev)) - self.epsilon",
        "ops.square(ops.convert_to_tensor(self.moving_stddev))",
        ("tests/layers/test__renormalization.py",),
    ),
    Mutant(EMBEDDING, "poisoned(vectors, inputs, self.input_dim) if training", "vectors if training"),
    Mutant(EMBEDDING, "& (ids >= -vocabulary)", ""),
    Mutant(EMBEDDING, "        except Exception:\n            self._refuse_no_id(inputs)", "        except KeyError:"),
    Mutant(EMBEDDING, ', ragged=getattr(inputs, "ragged", False)', ""),
]
