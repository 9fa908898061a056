import hashlib

import numpy as np
import pytest

from tfnotes.data import prepared
from tfnotes_tasks import sources
from tfnotes_tasks.mnist.sample import stratified


def labels(rows):
    return np.bincount([row[-1] for row in rows.values()], minlength=10).tolist()


def test_a_fifth_of_each_label_is_test(small_sample):
    train, test = stratified(small_sample)
    assert labels(train) == [16] * 10
    assert labels(test) == [4] * 10


def test_the_order_of_the_rows_does_not_matter(small_sample):
    shuffled = np.random.default_rng(0).permutation(small_sample)
    for ours, theirs in zip(stratified(small_sample), stratified(shuffled), strict=True):
        assert ours.keys() == theirs.keys()


@pytest.mark.parametrize("copies", [2, 15])
def test_an_image_that_comes_again_is_in_one_place_only(small_sample, copies):
    train, test = stratified(np.concatenate([small_sample] * copies))
    assert len(train) + len(test) == len(small_sample)
    assert not train.keys() & test.keys()


def test_an_image_under_two_labels_keeps_the_first(small_sample):
    twin = small_sample[:1].copy()
    twin[0, -1] = 9
    train, test = stratified(np.concatenate([small_sample, twin]))
    rows = [row for row in [*train.values(), *test.values()] if (row[:-1] == twin[0, :-1]).all()]
    assert [row[-1] for row in rows] == [0]


def test_what_is_stored_is_what_was_in_the_table(small_sample, tmp_path):
    prepared.prepare(sources.MNIST_SAMPLE, tmp_path / "data")
    splits = prepared.read(sources.MNIST_SAMPLE, tmp_path / "data")
    stored = [
        np.append(image.ravel(), label).astype(np.uint8).tobytes()
        for split in ("train", "test")
        for image, label in zip(splits[split]["image"], splits[split]["label"], strict=True)
    ]
    assert splits["train"]["image"].shape == (160, 28, 28, 1)
    assert sorted(stored) == sorted(row.tobytes() for row in small_sample)


def test_of_each_label_the_last_hashes_are_the_test_split(small_sample):
    train, test = stratified(small_sample)
    for label in range(10):
        first, last = ([key for key, row in part.items() if row[-1] == label] for part in (train, test))
        assert first + last == sorted(first + last)
    for key, row in {**train, **test}.items():
        assert key == hashlib.sha256(row[:-1].tobytes()).hexdigest()
