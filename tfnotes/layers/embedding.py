"""Embedding: each word, a whole number, has a vector of its own, which is learned.

    y[..., :] = embeddings[id[...], :]

It equals the product of the one-hot vector of `id` with the matrix, without computing its zeros. So only
rows that were looked up have a gradient; one that was looked up twice has the sum.
"""

import keras
import numpy as np
from keras import ops

from tfnotes import _checks
from tfnotes.layers._base import Layer, built_weight
from tfnotes.registry import Sample, concept


def embedding(ids, embeddings):
    """Looks up rows.

    Args:
        ids: integers below `vocabulary`, any shape.
        embeddings: shape `(vocabulary, width)`.

    Returns:
        Shape `(..., width)`.
    """
    return ops.take(embeddings, ids, axis=0)


def poisoned(vectors, ids, vocabulary):
    """The vectors; but NaN in a compiled graph of TensorFlow's if an id is none, as XLA reports no error.

    A branch costs less than a pass over the vectors would; outside of XLA the lookup fails before it.
    """
    if keras.backend.backend() != "tensorflow":
        return vectors
    import tensorflow as tf

    if tf.executing_eagerly() or not isinstance(vectors, tf.Tensor):
        return vectors
    ids = ids.values if isinstance(ids, tf.SparseTensor) else ids
    known = tf.reduce_all((ids < vocabulary) & (ids >= -vocabulary))
    return tf.cond(known, lambda: vectors, lambda: vectors * float("nan"))


@concept(
    en="word embedding",
    zh="词嵌入",
    twin="keras.layers.Embedding",
    notes=[],
    samples=[
        Sample({"input_dim": 7, "output_dim": 3}, (4, 5), integers=7),
        Sample({"input_dim": 5, "output_dim": 2, "mask_zero": True}, (6,), integers=5),
        Sample({"input_dim": 9, "output_dim": 4, "embeddings_regularizer": "l2"}, (2, 3, 4), integers=9),
    ],
    exempt={
        "arguments": "lora_rank, lora_alpha and quantization_config: LoRA and quantization are out of scope",
        "unknown features": "its weights depend on no size of the inputs",
    },
    bench=Sample({"input_dim": 10000, "output_dim": 128}, (64, 100), integers=10000),
)
class Embedding(Layer):
    """Word embedding (词嵌入): the vector of each word.

    Args:
        input_dim: size of the vocabulary, a positive integer: ids are 0 ... input_dim - 1.
        output_dim: length of the vectors, a positive integer.
        embeddings_initializer: Default "uniform", within 0.05 of 0.
        embeddings_regularizer, embeddings_constraint: Default None.
        mask_zero: whether id 0 stands for padding, which the layers behind skip. Default False.
        weights: the vectors to begin with, shape `(input_dim, output_dim)`, or a list of just that.
            Default None, drawn by the initializer.

    Call arguments:
        inputs: ids of any shape; what isn't int32 or int64 is cast to int32.

    Returns:
        Shape `(..., output_dim)`, in the layer's compute dtype.

    Masking: with `mask_zero` it makes a mask, False where the id is 0; a mask of the inputs isn't used.
        The vector of id 0 is looked up and given like any other.

    Raises:
        ValueError: a size isn't a positive integer, or `weights` has another shape; or, called eagerly on a
            processor, an id isn't below `input_dim`. In a graph that is TensorFlow's InvalidArgumentError. XLA has
            no errors: in training all vectors then become NaN, so that the loss does; in inference it takes the
            nearest id that there is. On a GPU the vector is zeros, under JAX NaN. A negative id counts from the end.

    Differences from keras.layers.Embedding: no LoRA and no quantization, so none of their arguments, `quantize` is
    refused, and there is no `input_length`.

    Notes: none teaches it; text classifiers begin with it (中文名: 词嵌入).

    Reference: Bengio et al. 2003, "A neural probabilistic language model", section 2, the matrix C.

    >>> layer = Embedding(3, 2, weights=np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 4.0]]))
    >>> [[int(n) for n in row] for row in layer(np.array([2, 1, 2]))]
    [[3, 4], [1, 2], [3, 4]]
    """

    def __init__(
        self,
        input_dim,
        output_dim,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        embeddings_constraint=None,
        mask_zero=False,
        weights=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.input_dim = _checks.integer(self, "input_dim", input_dim)
        self.output_dim = _checks.integer(self, "output_dim", output_dim)
        self.declare_weight(
            "embeddings", embeddings_initializer, embeddings_regularizer, embeddings_constraint
        )
        self.mask_zero = _checks.boolean(self, "mask_zero", mask_zero)
        self.supports_masking = self.mask_zero
        # Ids aren't to be rounded to half precision, in which 2049 is 2048.
        self.autocast = False
        if weights is not None:
            self.build()
            self.set_weights([self._checked(weights)])

    def build(self, input_shape=None):
        if not self.built:
            self._embeddings = self.add_declared("embeddings", (self.input_dim, self.output_dim))

    embeddings = built_weight("embeddings")

    def call(self, inputs, training=False):
        if keras.backend.standardize_dtype(inputs.dtype) not in ("int32", "int64"):
            inputs = ops.cast(inputs, "int32")
        try:
            vectors = embedding(inputs, self.embeddings)
        except Exception:
            self._refuse_no_id(inputs)
            raise
        vectors = poisoned(vectors, inputs, self.input_dim) if training else vectors
        return ops.cast(vectors, self.compute_dtype)

    def _refuse_no_id(self, inputs):
        """Refuses an id that is none, if that is why the lookup failed; in a graph no number is known yet."""
        try:
            ids = np.ravel(ops.convert_to_numpy(getattr(inputs, "flat_values", inputs)))
        except (NotImplementedError, TypeError, AttributeError):
            return
        bad = ids[(ids >= self.input_dim) | (ids < -self.input_dim)]
        if bad.size:
            _checks.refuse(self, "inputs", f"ids from 0 to {self.input_dim - 1}", int(bad[0]))

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.output_dim)

    def compute_output_spec(self, inputs, training=False):
        shape = self.compute_output_shape(inputs.shape)
        return keras.KerasTensor(shape, self.compute_dtype, ragged=getattr(inputs, "ragged", False))

    def quantize(self, mode=None, type_check=True, config=None):
        self.refuse_quantization(mode)

    def get_config(self):
        # `weights` only begins a layer; Keras's name for it is also that of the list of all weights.
        return {name: value for name, value in super().get_config().items() if name != "weights"}

    def _checked(self, weights):
        weights = weights[0] if isinstance(weights, (list, tuple)) and len(weights) == 1 else weights
        shape = tuple(np.shape(weights))
        if shape != (self.input_dim, self.output_dim):
            expected = f"numbers of shape {(self.input_dim, self.output_dim)}"
            _checks.refuse(self, "weights", expected, f"of shape {shape}")
        return np.asarray(weights)
