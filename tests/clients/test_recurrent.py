"""Sequences: states, masks, encoders and decoders, and cells of one's own."""

import numpy as np
import tensorflow as tf

from tests.clients.data import sequences, words
from tests.clients.same import same


@same
def test_encoder_and_decoder_with_states(keras):
    source, target = sequences()[0], sequences(width=3)[0]
    encoder_inputs = keras.Input((None, 4))
    _, h, c = keras.layers.LSTM(5, return_state=True)(encoder_inputs)
    decoder_inputs = keras.Input((None, 3))
    decoder = keras.layers.LSTM(5, return_sequences=True, return_state=True)
    hidden, _, _ = decoder(decoder_inputs, initial_state=[h, c])
    dense = keras.layers.Dense(3, activation="softmax")
    model = keras.Model([encoder_inputs, decoder_inputs], dense(hidden))
    model.compile("rmsprop", "categorical_crossentropy")
    history = model.fit([source, target], np.eye(3)[target.argmax(-1)], verbose=0, shuffle=False).history

    encode = keras.Model(encoder_inputs, [h, c])
    state_inputs = [keras.Input((5,)), keras.Input((5,))]
    hidden, h, c = decoder(decoder_inputs, initial_state=state_inputs)
    decode = keras.Model([decoder_inputs, *state_inputs], [dense(hidden), h, c])
    states = encode.predict(source, verbose=0)
    token, said = np.zeros((8, 1, 3), "float32"), []
    for _ in range(4):
        scores, *states = decode.predict([token, *states], verbose=0)
        token = np.eye(3, dtype="float32")[scores[:, -1].argmax(-1)][:, None]
        said.append(scores)
    return history, said, states


@same
def test_attention_over_our_states(keras):
    tokens, _ = words()
    x = keras.Input((None,), dtype="int32")
    embedded = keras.layers.Embedding(11, 4, mask_zero=True)(x)
    hidden = keras.layers.Bidirectional(keras.layers.GRU(3, return_sequences=True))(embedded)
    context = keras.layers.Attention()([hidden, hidden])
    multi = keras.layers.MultiHeadAttention(2, 3)(context, hidden)
    model = keras.Model(x, keras.layers.Dense(1)(keras.layers.GlobalAveragePooling1D()(multi)))
    return model(tokens)


@same
def test_attention_written_as_a_layer(keras):
    class Attention(keras.layers.Layer):
        def __init__(self, units):
            super().__init__()
            self.supports_masking = True
            self.query = keras.layers.Dense(units, activation="tanh")
            self.score = keras.layers.Dense(1, use_bias=False)

        def call(self, hidden, mask=None):
            scores = self.score(self.query(hidden))
            if mask is not None:
                scores -= 1e9 * (1 - keras.ops.cast(mask, scores.dtype))[..., None]
            return keras.ops.sum(keras.ops.softmax(scores, axis=1) * hidden, axis=1)

    model = keras.Sequential(
        [
            keras.layers.Embedding(11, 4, mask_zero=True),
            keras.layers.LSTM(3, return_sequences=True),
            Attention(3),
            keras.layers.Dense(1),
        ]
    )
    return model(words()[0])


@same
def test_what_is_padding_never_counts(keras):
    tokens, labels = words()
    model = keras.Sequential(
        [keras.Input((None,), dtype="int32"), keras.layers.Embedding(11, 4, mask_zero=True), keras.layers.LSTM(5)]
    )
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(tokens, labels, epochs=2, batch_size=4, verbose=0, shuffle=False).history
    return history, model(tokens), model(np.pad(tokens, ((0, 0), (0, 3))))


@same
def test_masks_made_by_hand(keras):
    x, _ = sequences()
    x[:, 4:] = -1.0
    masked = keras.layers.Masking(-1.0)(x)
    embedding = keras.layers.Embedding(11, 3, mask_zero=True)
    tokens = words()[0]
    mask = embedding.compute_mask(tokens)
    gru = keras.layers.GRU(3, return_sequences=True)
    return mask, gru(masked), gru(x, mask=np.arange(6) < np.arange(8)[:, None] + 1), embedding(tokens)


@same
def test_states_kept_from_batch_to_batch(keras):
    x, y = sequences()
    inputs = keras.Input(batch_shape=(4, 3, 4))
    lstm = keras.layers.LSTM(3, stateful=True)
    model = keras.Model(inputs, keras.layers.Dense(1)(lstm(inputs)))
    model.compile(keras.optimizers.SGD(0.1), "mse")
    found = []
    for half in (x[:4, :3], x[:4, 3:]):
        found += [model.train_on_batch(half, y[:4]), [np.asarray(state) for state in lstm.states]]
    lstm.reset_state()
    return found, [np.asarray(state) for state in lstm.states], model.predict(x[:4, :3], batch_size=4, verbose=0)


@same
def test_letters_predicted_one_after_another(keras):
    text = "to be or not to be that is the question "
    letters = sorted(set(text))
    index = {letter: k for k, letter in enumerate(letters)}
    pieces = np.array([[index[c] for c in text[k : k + 6]] for k in range(0, 32, 2)])
    x, y = np.eye(len(letters), dtype="float32")[pieces], np.array([index[text[k + 6]] for k in range(0, 32, 2)])
    model = keras.Sequential(
        [keras.Input((6, len(letters))), keras.layers.LSTM(8), keras.layers.Dense(len(letters), activation="softmax")]
    )
    model.compile(keras.optimizers.RMSprop(0.01), keras.losses.SparseCategoricalCrossentropy())
    history = model.fit(x, y, epochs=2, shuffle=False, verbose=0).history
    said, window = "", pieces[0]
    for _ in range(3):
        best = int(model.predict(np.eye(len(letters), dtype="float32")[window][None], verbose=0).argmax())
        said, window = said + letters[best], np.append(window[1:], best)
    return history, said


@same
def test_cell_by_cell(keras):
    """A loop over the steps that the user writes."""
    x, _ = sequences()
    cell = keras.layers.LSTMCell(3)
    states = cell.get_initial_state(batch_size=8)
    for k in range(6):
        output, states = cell(x[:, k], states)
    whole = keras.layers.RNN(cell)
    return output, states, whole(x), cell.state_size, cell.output_size


@same
def test_stacks_of_cells(keras):
    x, _ = sequences()
    cells = [keras.layers.LSTMCell(3), keras.layers.GRUCell(2), keras.layers.SimpleRNNCell(4)]
    layer = keras.layers.RNN(cells, return_sequences=True, return_state=True)
    wrapped = keras.layers.RNN(keras.layers.StackedRNNCells(cells))
    return layer(x), wrapped(x), len(layer.weights)


@same
def test_cell_of_their_own_in_rnn(keras):
    @keras.saving.register_keras_serializable("clients")
    class Minimal(keras.layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = self.state_size = units

        def build(self, input_shape):
            self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="glorot_uniform", name="k")
            self.recurrent = self.add_weight(shape=(self.units, self.units), initializer="orthogonal", name="r")

        def call(self, inputs, states):
            output = keras.ops.matmul(inputs, self.kernel) + keras.ops.matmul(states[0], self.recurrent)
            return output, [output]

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    x, _ = sequences()
    layer = keras.layers.RNN(Minimal(3), return_sequences=True)
    both = keras.layers.Bidirectional(keras.layers.RNN(Minimal(2)))
    return layer(x), both(x), keras.layers.RNN([Minimal(3), Minimal(2)])(x)


@same
def test_cell_that_says_where_it_starts(keras):
    class Counter(keras.layers.Layer):
        state_size = [4, 1]
        output_size = 4

        def get_initial_state(self, batch_size=None):
            return [keras.ops.ones((batch_size, 4)), keras.ops.zeros((batch_size, 1))]

        def call(self, inputs, states):
            total, steps = states
            total, steps = total * 0.5 + inputs, steps + 1
            return total / steps, [total, steps]

    x, _ = sequences()
    return keras.layers.RNN(Counter(), return_state=True, return_sequences=True)(x), keras.layers.RNN(Counter())(x)


@same
def test_residual_and_normalized_cells(keras):
    class Residual(keras.layers.GRUCell):
        def call(self, inputs, states, training=False):
            output, states = super().call(inputs, states, training=training)
            return output + inputs[:, :3], states

    class Normalized(keras.layers.LSTMCell):
        def __init__(self, units, **kwargs):
            super().__init__(units, **kwargs)
            self.normalization = keras.layers.LayerNormalization()

        def call(self, inputs, states, training=False):
            output, (h, c) = super().call(inputs, states, training=training)
            return self.normalization(output), [self.normalization(h), c]

    x, _ = sequences()
    return keras.layers.RNN(Residual(3), return_sequences=True)(x), keras.layers.RNN(Normalized(3))(x)


@same
def test_layer_with_arguments_of_its_own(keras):
    class Mine(keras.layers.LSTM):
        def __init__(self, units, depth=1, **kwargs):
            super().__init__(units, **kwargs)
            self.depth = depth

        def get_config(self):
            return {**super().get_config(), "depth": self.depth}

    options = {"return_sequences": True, "activation": "relu", "kernel_regularizer": "l2", "go_backwards": True}
    layer = Mine(3, depth=2, **options)
    again = Mine.from_config(layer.get_config())
    x, _ = sequences()
    return layer(x), layer.losses, (again.depth, again.return_sequences, again.activation.__name__)


@same
def test_every_way_to_merge_two_directions(keras):
    x, _ = sequences()
    found = []
    for mode in ("concat", "sum", "mul", "ave", None):
        found.append(keras.layers.Bidirectional(keras.layers.SimpleRNN(3, return_sequences=True), merge_mode=mode)(x))
    back = keras.layers.GRU(2, go_backwards=True)
    return found, keras.layers.Bidirectional(keras.layers.LSTM(3), backward_layer=back)(x)


@same
def test_two_directions_with_states(keras):
    x, _ = sequences()
    layer = keras.layers.Bidirectional(keras.layers.LSTM(3, return_state=True, return_sequences=True))
    outputs, *states = layer(x)
    return (
        outputs,
        states,
        layer(x, initial_state=states)[0],
        layer.forward_layer.units,
        layer.backward_layer.go_backwards,
    )


@same
def test_a_layer_at_each_step(keras):
    frames = np.random.default_rng(5).normal(size=(2, 3, 6, 6, 1)).astype("float32")
    model = keras.Sequential(
        [
            keras.Input((3, 6, 6, 1)),
            keras.layers.TimeDistributed(keras.layers.Conv2D(2, 3, activation="relu")),
            keras.layers.TimeDistributed(keras.layers.GlobalAveragePooling2D()),
            keras.layers.LSTM(3, return_sequences=True),
            keras.layers.TimeDistributed(keras.layers.Dense(2)),
        ]
    )
    return model(frames), len(model.weights)


@same
def test_tagger_with_a_masked_loss(keras):
    tokens, _ = words()
    model = keras.Sequential(
        [
            keras.Input((7,), dtype="int32"),
            keras.layers.Embedding(11, 4, mask_zero=True),
            keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True)),
            keras.layers.Dense(4),
        ]
    )
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model.fit(tokens, tokens % 4, verbose=0, shuffle=False).history


@same
def test_several_steps_ahead(keras):
    """Forecasts fed back as inputs, inside a model that loops."""

    class Forecast(keras.Model):
        def __init__(self, steps):
            super().__init__()
            self.steps = steps
            self.cell = keras.layers.LSTMCell(5)
            self.warm = keras.layers.RNN(self.cell, return_state=True)
            self.dense = keras.layers.Dense(4)

        def call(self, inputs, training=False):
            x, *state = self.warm(inputs)
            outputs = [self.dense(x)]
            for _ in range(1, self.steps):
                x, state = self.cell(outputs[-1], states=state, training=training)
                outputs.append(self.dense(x))
            return keras.ops.stack(outputs, axis=1)

    x, _ = sequences()
    model = Forecast(3)
    model.compile("adam", "mse")
    return model.fit(x[:, :3], x[:, 3:], epochs=2, verbose=0, shuffle=False).history, model(x)


@same
def test_unrolled_and_looped(keras):
    x, _ = sequences()
    looped, unrolled = (keras.layers.LSTM(3, unroll=unroll, return_sequences=True) for unroll in (False, True))
    looped.build(x.shape)
    unrolled.build(x.shape)
    unrolled.set_weights(looped.get_weights())
    return looped(x), unrolled(x)


@same
def test_gradients_of_states_and_inputs(keras):
    x, h = tf.Variable(sequences()[0]), tf.Variable(np.full((8, 3), 0.1, "float32"))
    layer = keras.layers.SimpleRNN(3, return_state=True)
    with tf.GradientTape() as tape:
        output, state = layer(x, initial_state=h)
        loss = tf.reduce_sum(output**2 + state)
    return tape.gradient(loss, [x, h, *layer.trainable_weights])


@same
def test_texts_of_many_lengths(keras):
    vectorize = keras.layers.TextVectorization(20, output_mode="int")
    texts = ["a good film", "bad", "not a good film at all"]
    vectorize.adapt(texts)
    embedding = keras.layers.Embedding(20, 3, mask_zero=True)
    return keras.layers.LSTM(3)(embedding(vectorize(texts))), embedding(vectorize(texts))
