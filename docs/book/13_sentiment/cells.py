# %% setup
import keras
import numpy as np
import tensorflow as tf

from tfnotes import models
from tfnotes.layers import LSTM, Bidirectional, Dense, Embedding
from tfnotes.losses import SparseCategoricalCrossentropy
from tfnotes.optimizers import Adam
from tfnotes.task import Split
from tfnotes_tasks.imdb import data, words
from tfnotes_tasks.imdb.plain import plain


def train(model, x, y, *, rate, epochs, batch_size=64):
    """Trains a classifier that gives logits."""
    loss = SparseCategoricalCrossentropy(from_logits=True)
    model.compile(Adam(rate), loss, metrics=["accuracy"], jit_compile=False)
    model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)
    return model


def accuracy(model, x, y):
    return float(np.mean(np.argmax(model(x), -1) == y))


# %% text-plain
text = "A dull, lifeless film.<br />Don't go!"
print(plain(tf.constant(text)).numpy().decode().split())
assert plain(tf.constant(text)).numpy().decode().split()[-4:] == [".", "don't", "go", "!"]

# %% text-ids
texts = Split(np.array([b"good film", b"bad film", b"not good"]), np.array([1, 0, 0]))
to_ids = words.fit(texts)
known = to_ids.get_layer("words").get_vocabulary()
print(dict(enumerate(map(str, known))))
print(to_ids(tf.constant([b"not a bad film", b"good"])).numpy())
assert known[:2] == ["", "[UNK]"]
assert to_ids(tf.constant([b"good"])).numpy().tolist() == [[known.index("good")]]

# %% text-answer
print(to_ids(tf.constant([b"wonderful film", b"awful film"])).numpy())
assert to_ids(tf.constant([b"wonderful film", b"awful film"])).numpy().tolist() == [[1, 3], [1, 3]]

# %% embedding-worked
table = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 4.0]])
layer = Embedding(3, 2, weights=table)
ids = np.array([2, 1, 2])
one_hot = np.eye(3)[ids]
print(np.array(layer(ids)))
print(one_hot @ table)
assert np.array_equal(layer(ids), one_hot @ table)

# %% embedding-gradient
with tf.GradientTape() as tape:
    total = tf.reduce_sum(layer(ids) * tf.constant([[1.0], [10.0], [100.0]]))
gradient = tf.convert_to_tensor(tape.gradient(total, layer.embeddings.value))
print(gradient.numpy())
assert gradient.numpy().tolist() == [[0, 0], [10, 10], [101, 101]]

# %% embedding-answer
layer = Embedding(30000, 64)
layer.build()
print(layer.count_params())
print(400 * 30000 * 64, 400 * 64)
assert layer.count_params() == 1_920_000
assert (400 * 30000 * 64, 400 * 64) == (768_000_000, 25_600)

# %% bag-worked
score = {"good": 1.0, "bad": -1.0, "not": 0.0, "a": 0.0, "film": 0.0}
for line in ("a good film", "a bad film", "not a bad film", "bad film not a"):
    print(f"{line:15}", np.mean([score[word] for word in line.split()]))
assert np.mean([score[word] for word in ["not", "a", "bad", "film"]]) == -0.25

# %% bag-train
keras.utils.set_random_seed(0)
reviews = data.sample()
to_ids = words.fit(reviews.train, vocabulary=5000)
x, test_x = (to_ids(tf.constant(part.x)) for part in (reviews.train, reviews.test))
bag = train(models.bag_of_words(2, vocabulary=5000), x, reviews.train.y, rate=0.01, epochs=3, batch_size=256)
right = accuracy(bag, test_x, reviews.test.y)
print(len(reviews.train), len(reviews.test), round(right, 2))
assert (round(len(reviews.train), -3), round(len(reviews.test), -2)) == (9000, 2500)
assert 0.70 < right < 0.80

# %% bag-words
known = to_ids.get_layer("words").get_vocabulary()
kernel, _ = bag.get_layer("logits").get_weights()
pushes = bag.get_layer("words").get_weights()[0] @ (kernel[:, 1] - kernel[:, 0])
order = np.argsort(pushes[:1500])
print([str(known[k]) for k in order[:8]])
print([str(known[k]) for k in order[-8:]])
assert pushes[known.index("worst")] < 0 < pushes[known.index("best")]

# %% bag-answer
a, b = (to_ids(tf.constant([t])) for t in (b"not bad , just good", b"not good , just bad"))
print(np.allclose(bag(a), bag(b), atol=1e-6))
assert np.allclose(bag(a), bag(b), atol=1e-6)

# %% mask-worked
vectors = np.array([[1.0], [3.0], [0.0], [0.0]])
print(vectors.mean(), vectors[:2].mean())
assert (vectors.mean(), vectors[:2].mean()) == (1.0, 2.0)

# %% mask-lstm
keras.utils.set_random_seed(1)
short, long = np.array([[5, 7]]), np.array([[5, 7, 0, 0, 0, 0]])
for masked in (False, True):
    reader = keras.Sequential([Embedding(10, 4, "normal", mask_zero=masked), LSTM(3)])
    apart = float(np.max(np.abs(reader(short) - reader(long))))
    print(f"mask_zero={masked!s:5} {apart:.4f}")
    assert (apart < 1e-6) == masked

# %% mask-answer
reader = keras.Sequential([Embedding(10, 4, "normal", mask_zero=True), LSTM(3)])
print(float(np.max(np.abs(reader(np.array([[5, 7, 0, 0]])) - reader(np.array([[0, 0, 5, 7]]))))))
assert np.allclose(reader(np.array([[5, 7, 0, 0]])), reader(np.array([[0, 0, 5, 7]])), atol=1e-6)

# %% order-data
GOOD, BAD, NOT, FILLERS = 2, 3, 4, (5, 6, 7, 8)


def remarks(n, seed):
    """Eight words, one of them good or bad, one "not", right before it or before a filler: is it praise?"""
    rng = np.random.default_rng(seed)
    x, y = rng.choice(FILLERS, (n, 8)), rng.integers(0, 2, n)
    for row in range(n):
        first, second = sorted(rng.choice([1, 3, 5, 7], 2, replace=False))
        opinion, elsewhere = rng.permutation([first, second])
        negated = rng.integers(0, 2)
        x[row, opinion] = GOOD if y[row] != negated else BAD
        x[row, (opinion if negated else elsewhere) - 1] = NOT
    return x, y


x, y = remarks(1000, 0)
test_x, test_y = remarks(500, 1)
print(x[:3], y[:3])

# %% order-models
keras.utils.set_random_seed(0)
sizes = {"vocabulary": 9, "width": 8, "dropout": 0.0}
readers = {
    "bag": models.bag_of_words(2, **sizes),
    "bigrams": models.bag_of_words(2, buckets=512, **sizes),
    "lstm": models.recurrent_classifier("lstm", 2, units=8, **sizes),
}
found = {}
for name, model in readers.items():
    found[name] = accuracy(train(model, x, y, rate=0.03, epochs=8), test_x, test_y)
    print(f"{name:8} {found[name]:.2f}")
assert found["bag"] < 0.6
assert min(found["bigrams"], found["lstm"]) > 0.9

# %% order-answer
good, negation = np.any(x == GOOD, axis=1), np.sum(x == NOT, axis=1)
print("not: ", negation.min(), negation.max())
print("praise with good:", round(float(np.mean(y[good])), 2), "  with bad:", round(float(np.mean(y[~good])), 2))
assert (negation == 1).all()
assert 0.45 < np.mean(y[good]) < 0.55

# %% directions-data
rng = np.random.default_rng(0)
steps = rng.normal(size=(2000, 8, 1)).astype("float32")
neighbour = np.concatenate([steps[:, 1:], np.ones_like(steps[:, :1])], axis=1)
same_sign = (steps * neighbour > 0)[..., 0].astype("int64")
print(np.round(steps[0, :4, 0], 1), same_sign[0, :4])

# %% directions-best
at_the_edge = float(np.mean(same_sign[:, -1] == (steps[:, -1, 0] > 0)))
elsewhere = float(np.mean(same_sign[:, :-1]))
print(at_the_edge, round(elsewhere, 2), 7 / 8 * 0.5 + 1 / 8)
assert at_the_edge == 1
assert round(elsewhere, 1) == 0.5
assert 7 / 8 * 0.5 + 1 / 8 == 0.5625

# %% directions-train
keras.utils.set_random_seed(0)
tagger = keras.Sequential([Bidirectional(LSTM(8, return_sequences=True)), Dense(2)])
train(tagger, steps[:1000], same_sign[:1000], rate=0.03, epochs=5)
print(round(accuracy(tagger, steps[1000:], same_sign[1000:]), 2))
assert accuracy(tagger, steps[1000:], same_sign[1000:]) > 0.9

# %% directions-answer
forwards, backwards = 2 * [4 * (1 * 8 + 8 * 8 + 8)]
print(forwards + backwards + (16 * 2 + 2), tagger.count_params())
assert forwards + backwards + (16 * 2 + 2) == tagger.count_params() == 674
