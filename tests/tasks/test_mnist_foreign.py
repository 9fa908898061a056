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
