"""The sample as it really is: these tests read what `tfnotes data prepare sample` stored."""

import hashlib

import numpy as np
import pytest

from tfnotes.data import prepared
from tfnotes.errors import InputError
from tfnotes_tasks import sources
from tfnotes_tasks.mnist import data as mnist


@pytest.fixture(scope="module")
def sample():
    return mnist.sample()


def images(split):
    return {image.tobytes() for image in split.x}


def test_sizes_and_types(sample):
    for split, n in ((sample.train, 3600), (sample.validation, 400), (sample.test, 1000)):
        assert (split.x.shape, split.x.dtype) == ((n, 28, 28), np.uint8)
        assert (split.y.shape, split.y.dtype) == ((n,), np.int64)
        assert np.bincount(split.y).tolist() == [n // 10] * 10


def test_no_image_is_in_two_places(sample):
    parts = [images(split) for split in (sample.train, sample.validation, sample.test)]
    assert len(set.union(*parts)) == sum(map(len, parts)) == 5000


def test_the_test_split_is_the_same_on_every_machine(sample):
    digests = sorted(
        hashlib.sha256(image.tobytes() + bytes([label])).digest()
        for image, label in zip(sample.test.x, sample.test.y, strict=True)
    )
    assert hashlib.sha256(b"".join(digests)).hexdigest() == (
        "3ea79a9342852db1628756e15652025caf93ce80a7e2566c6bdcee2efdd4cb67"
    )


def test_the_images_are_digits(sample):
    """The mean image of each digit tells most test digits apart: labels belong to their images."""
    means = np.stack([sample.train.x[sample.train.y == digit].mean(0).ravel() for digit in range(10)])
    distances = ((sample.test.x.reshape(-1, 1, 784) - means) ** 2).sum(-1)
    assert (distances.argmin(1) == sample.test.y).mean() > 0.75


def test_training_images_are_mixed(sample):
    for digits in np.split(sample.train.y, 10):
        assert np.bincount(digits, minlength=10).min() > 10


def test_validation_is_the_last_tenth_of_each_digit(small_sample, tmp_path):
    prepared.prepare(sources.MNIST_SAMPLE, tmp_path)
    stored, splits = prepared.read(sources.MNIST_SAMPLE, tmp_path)["train"], mnist.sample(tmp_path)
    assert (len(splits.train), len(splits.validation), len(splits.test)) == (150, 10, 40)
    for digit in range(10):
        rows = stored["image"][stored["label"] == digit][..., 0]
        np.testing.assert_array_equal(splits.train.x[splits.train.y == digit], rows[:-1])
        np.testing.assert_array_equal(splits.validation.x[splits.validation.y == digit], rows[-1:])


def test_some_digits_and_fewer_examples(small_sample, tmp_path):
    prepared.prepare(sources.MNIST_SAMPLE, tmp_path)
    splits = mnist.sample(tmp_path)
    high = mnist.select(splits, 3, digits="56789", examples=30)
    assert len(high.train) == 30
    for name in ("train", "validation", "test"):
        whole, part = getattr(splits, name), getattr(high, name)
        assert set(part.y) <= {5, 6, 7, 8, 9}
        rows = [int(np.flatnonzero((whole.x == x).all((1, 2)))[0]) for x in part.x]
        assert rows == sorted(rows)
        np.testing.assert_array_equal(whole.y[rows], part.y)
        assert name == "train" or len(part) == np.sum(whole.y >= 5)
    again, other = (mnist.select(splits, seed, digits="56789", examples=30).train.x for seed in (3, 4))
    np.testing.assert_array_equal(high.train.x, again)
    assert not np.array_equal(high.train.x, other)
    assert len(mnist.select(splits, 0).train) == len(splits.train)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"digits": "5-9"}, "`digits` must be digits such as 56789. Received: digits='5-9'."),
        ({"digits": ""}, "`digits` must be digits"),
        ({"examples": -1}, "`examples` must be from 1 to"),
        ({"examples": 10**6}, "`examples` must be from 1 to"),
    ],
)
def test_examples_that_are_not_there(small_sample, tmp_path, options, sentence):
    prepared.prepare(sources.MNIST_SAMPLE, tmp_path)
    with pytest.raises(InputError) as error:
        mnist.select(mnist.sample(tmp_path), 0, **options)
    assert sentence in str(error.value)


def test_training_may_see_the_validation_split_too(small_sample, tmp_path):
    prepared.prepare(sources.MNIST_SAMPLE, tmp_path)
    splits = mnist.sample(tmp_path)
    seen = [pair for split in (splits.train, splits.validation) for pair in zip(split.x, split.y, strict=True)]
    whole = mnist.select(splits, 3, digits="56789", hold_out=False)
    assert images(whole.train) == {x.tobytes() for x, y in seen if y >= 5}
    labels = {x.tobytes(): y for x, y in seen}
    assert [labels[x.tobytes()] for x in whole.train.x] == whole.train.y.tolist()
    np.testing.assert_array_equal(whole.validation.x, splits.validation.x[splits.validation.y >= 5])
    np.testing.assert_array_equal(whole.test.x, splits.test.x[splits.test.y >= 5])
    assert len(mnist.select(splits, 3, examples=155, hold_out=False).train) == 155
