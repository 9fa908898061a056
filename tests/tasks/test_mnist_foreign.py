"""What is no digit is told from what is one; the threshold comes from the validation split alone."""

import dataclasses

import numpy as np
import pytest

from tfnotes.task import Split, Splits
from tfnotes_tasks.mnist import data, foreign
from tfnotes_tasks.mnist.foreign import drawn, learned


@pytest.fixture(scope="module")
def found():
    splits = data.sample()
    return foreign.reject(dataclasses.replace(splits, test=Split(splits.test.x[:400], splits.test.y[:400])))


def test_the_goals_on_digits_unseen(found):
    assert found.refused["validation"] <= 0.01
    assert found.refused["test"] <= 0.0125
    assert set(found.found) == {"letters", "blank", "noise", "shapes", "scribbles"}
    for kind, least in {"blank": 0.99, "noise": 0.95, "letters": 0.85, "shapes": 0.75}.items():
        assert found.found[kind] >= least, kind


def test_the_threshold_is_that_of_the_validation_split(monkeypatch):
    monkeypatch.setattr(learned, "weights", lambda split: "learned of " + split)
    monkeypatch.setattr(foreign, "score", lambda images, weights: first[weights](images))
    monkeypatch.setattr(drawn, "samples", lambda: {"low": np.full((4, 28, 28), 2), "mixed": np.arange(8) % 4})
    first = {"learned of digits": lambda images: np.asarray(images).reshape(len(images), -1)[:, 0] / 1.0}
    ramp = np.random.default_rng(0).permutation(1000)[:, None, None]
    splits = Splits("digits", Split(ramp, ramp), Split(ramp[:4] * 0, ramp[:4]))
    found = foreign.reject(splits)
    assert found.threshold == 7
    assert found.refused == {"validation": 0.007, "test": 1.0}
    assert found.found == {"low": 1.0, "mixed": 1.0}


@pytest.mark.parametrize(("digits", "learned_of", "epochs"), [(7, 7, 3), (8, 8, 3), (9, 9, 5), (30, 20, 5)])
def test_of_more_digits_more_is_learned_for_longer(monkeypatch, digits, learned_of, epochs):
    seen = []
    for name, value in {"FEW": 8, "MOST": 20, "EPOCHS": 3, "LONGER": 5}.items():
        monkeypatch.setattr(learned, name, value)

    def kept(network, x, y, epochs, **_):
        seen.append((np.sum(y < foreign.DIGITS), len(x), epochs))

    monkeypatch.setattr(learned.reject, "learned", kept)
    image = drawn.letter("1")
    learned.weights(Split(np.stack([image] * digits), np.ones(digits, int)))
    # Each digit as it is and bent; of the rest as many as a half, a sixth, a tenth of them, or of the eight, and so on.
    n = max(learned_of, 8)
    others = n // 2 + 3 * (n // 6) + n // 24 + 2 * (n // 10)
    assert seen == [(2 * learned_of, 2 * learned_of + others, epochs)]


def test_drawings_are_the_same_each_time_and_lie_as_digits_do():
    first, second = drawn.samples(3), drawn.samples(3)
    for kind, images in first.items():
        np.testing.assert_array_equal(images, second[kind])
        assert (images.dtype, images.shape[1:]) == (np.uint8, (28, 28))
    for image in first["letters"]:
        rows, columns = (np.flatnonzero(image.any(axis)) for axis in (1, 0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        centre = [np.average(range(28), weights=image.sum(axis)) for axis in (1, 0)]
        np.testing.assert_allclose(centre, 14, atol=0.51)
    assert not set(drawn.ALIKE) & set(drawn.LETTERS)


def test_two_digits_stand_side_by_side():
    digit = drawn.letter("1")
    both = drawn.several(np.array([digit, digit]), np.random.default_rng(1))
    assert np.count_nonzero(np.diff((both.any(0)).astype(int)) == 1) == 2


def test_a_blank_sheet_is_no_digit_whatever_was_learned():
    rng = np.random.default_rng(0)
    shapes = ((5, 5, 1, 4), (4,), (3, 3, 4, 4), (4,), (100, 8), (8,), (8, 20))
    sure = np.where(np.arange(20) < foreign.DIGITS, 50.0, 0.0).astype("float32")
    weights = [*(rng.normal(0, 0.01, shape).astype("float32") for shape in shapes), sure]
    pixels = np.zeros((2, 28, 28), "uint8")
    pixels[1, 14, 14] = 1
    np.testing.assert_allclose(foreign.score(pixels, weights), [0.0, 1.0], atol=1e-6)


MEANS = {
    "letters": (48, 35.396),
    "blank": (40, 125.628),
    "noise": (40, 61.559),
    "shapes": (40, 47.033),
    "scribbles": (40, 41.994),
}


def test_drawings_of_each_kind_are_those_that_the_threshold_is_measured_by():
    """Their mean levels: of other drawings, the shares in the documents would be others."""
    found = {kind: (len(images), images.mean()) for kind, images in drawn.samples(40).items()}
    assert found == {kind: (n, pytest.approx(mean, rel=0.01)) for kind, (n, mean) in MEANS.items()}
    assert len(drawn.samples()["blank"]) == 100


def test_a_letter_is_printed_and_bent():
    plain, bent = drawn.letter("a"), drawn.letter("a", random=np.random.default_rng(0))
    assert not np.array_equal(plain, bent)
    np.testing.assert_array_equal(bent, drawn.letter("a", random=np.random.default_rng(0)))
    assert not np.array_equal(plain, drawn.letter("b"))
    # What has no ink is blank, and no error.
    assert not drawn.letter(" ").any()


def test_two_digits_stand_one_above_the_other_or_beside():
    tall, rng = drawn.letter("1"), np.random.default_rng(0)
    kinds = {True: 0, False: 0}
    for _ in range(200):
        both = drawn.several(tall[None], rng)
        kinds[bool(np.ptp(np.flatnonzero(both.any(0))) > np.ptp(np.flatnonzero(tall.any(0))))] += 1
    # Four times out of five they stand beside each other; within five standard errors.
    assert abs(kinds[True] - 160) < 5 * (200 * 0.8 * 0.2) ** 0.5


def test_what_is_learned_of_each_class(monkeypatch):
    monkeypatch.setattr(learned, "FEW", 48)
    digit = drawn.letter("1")
    split = Split(np.stack([digit] * 5), np.array([1, 1, 1, 7, 7]))
    x, y = learned.examples(split, np.random.default_rng(0))
    names = (*learned.NAMES, *learned.OTHERS)
    assert names[:36] == tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert names[36:] == ("noise", "blank", "shape", "scribble", "several", "dark on light")
    count = {name: int(np.sum(y == k)) for k, name in enumerate(names)}
    assert {name: count[name] for name in (*"17", *learned.OTHERS)} == {
        "1": 6,
        "7": 4,
        **dict.fromkeys(("noise", "shape", "scribble"), 8),
        "blank": 2,
        **dict.fromkeys(("several", "dark on light"), 4),
    }
    assert sum(count[name] for name in names[10:36]) == 24
    assert len(x) == len(y) == 10 + 24 + 3 * 8 + 2 + 2 * 4
    assert (x.dtype, x.shape[1:]) == (np.uint8, (28, 28))
    # In random order, each with its class: a digit as it is and as often bent, and the same dark on light.
    assert not (np.diff(y) >= 0).all()
    as_they_are = (x == digit).all((1, 2))
    assert sorted(y[as_they_are]) == [1, 1, 1, 7, 7]
    assert (x[y == names.index("dark on light")] == 255 - digit).all()
    # How they are bent: otherwise, other shares of letters would be found.
    assert x[(y >= 10) & (y < 36)].mean() == pytest.approx(48.89, rel=0.01)
    assert x[y < 10].mean() == pytest.approx(21.30, rel=0.01)
    again, classes = learned.examples(split, np.random.default_rng(0))
    np.testing.assert_array_equal(again, x)
    np.testing.assert_array_equal(classes, y)
    assert not np.array_equal(learned.examples(split, np.random.default_rng(1))[0], x)


def test_the_network_that_learns(monkeypatch):
    assert (learned.FEW, learned.MOST, learned.EPOCHS, learned.LONGER) == (6_000, 20_000, 8, 20)
    monkeypatch.setattr(learned, "FEW", 24)
    split, seen = Split(np.stack([drawn.letter("1")] * 5), np.ones(5, int)), []

    def kept(network, x, y, **options):
        seen.append((network, x, y, options))
        return "learned"

    monkeypatch.setattr(learned.reject, "learned", kept)
    assert learned.weights(split) == "learned"
    learned.weights(split, seed=0)
    learned.weights(split, seed=3)
    (network, x, _, options), same, other = seen
    assert options == {"epochs": 8, "batch_size": 64, "learning_rate": 2e-3}
    assert (x.dtype, x.shape[1:], x.min(), x.max()) == (np.float32, (28, 28, 1), 0.0, 1.0)
    assert [tuple(w.shape) for w in network.trainable_weights] == [
        *((5, 5, 1, 16), (16,), (5, 5, 16, 32), (32,)),
        *((512, 64), (64,), (64, 42), (42,)),
    ]
    assert [layer.rate for layer in network.layers if hasattr(layer, "rate")] == [0.2]
    for kernel, as_before, others in zip(*(one[0].get_weights() for one in seen), strict=True):
        np.testing.assert_array_equal(kernel, as_before)
        assert kernel.ndim == 1 or not np.array_equal(kernel, others)
    np.testing.assert_array_equal(x, same[1])
    assert not np.array_equal(x, other[1])
    # It computes what an export computes with its weights, in logits.
    weights = network.trainable_weights
    np.testing.assert_allclose(foreign.logits(x[:9], weights), network(x[:9], training=False), rtol=1e-4, atol=1e-5)
