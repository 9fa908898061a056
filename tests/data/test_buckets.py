"""Buckets: every text once an epoch, an order that depends on seed and epoch alone, little padding."""

from itertools import pairwise

import numpy as np
import pytest
import tensorflow as tf

from tfnotes.data import buckets
from tfnotes.task import Split

LENGTHS = np.random.default_rng(0).integers(0, 60, 1003)
SPLIT = Split(np.arange(1003), LENGTHS.astype("int64"))


def prepare(x):
    """The text of row k: its length times the id k + 1; label and length are the same number here."""
    lengths = tf.gather(tf.constant(LENGTHS), x)
    mask = tf.sequence_mask(lengths)
    return tf.cast(mask, tf.int64) * (x[:, None] + 1)


def epoch(seed, first, epochs=None, batch_size=32):
    dataset, steps = buckets.training_batches(SPLIT, batch_size, seed, first, epochs or first + 1, prepare)
    batches = list(dataset.as_numpy_iterator())
    assert len(batches) == steps * ((epochs or first + 1) - first) == len(dataset)
    return batches


def same(left, right):
    return len(left) == len(right) and all(
        np.array_equal(a, b) for pair in zip(left, right, strict=True) for a, b in zip(*pair, strict=True)
    )


def test_every_text_once_with_its_label_and_nothing_but_padding_behind_it():
    seen = []
    for ids, y in epoch(0, 0):
        assert ids.dtype == np.int32
        assert ids.shape == (len(y), max(1, y.max()))
        np.testing.assert_array_equal((ids != 0).sum(1), y)
        for row, length in zip(ids, y, strict=True):
            assert not row[length:].any()
            assert len(set(row[:length])) <= 1
            seen.append(int(row[0]) - 1)
    # Empty texts have no id to know them by.
    assert sorted(k for k in seen if k >= 0) == np.flatnonzero(LENGTHS).tolist()
    assert len(seen) == 1003


def test_an_epochs_order_depends_on_seed_and_epoch_alone():
    both = epoch(5, 0, 2)
    assert same(both[len(both) // 2 :], epoch(5, 1))
    assert same(both[: len(both) // 2], epoch(5, 0))
    assert not same(epoch(5, 0), epoch(5, 1))
    assert not same(epoch(5, 0), epoch(6, 0))


def test_no_seeds_epochs_come_in_the_order_of_anothers():
    orders = [buckets.order(LENGTHS, 32, seed, number) for seed in range(3) for number in range(3)]
    assert len({str(np.concatenate(rows).tolist()) for rows in orders}) == 9


def test_batches_come_in_no_order_of_length():
    widths = np.array([ids.shape[1] for ids, _ in epoch(0, 0)])
    assert abs(np.corrcoef(widths, np.arange(len(widths)))[0, 1]) < 0.5
    assert len(set(widths)) > 10


def test_evaluation_batches_are_by_length():
    batches = list(buckets.evaluation_batches(SPLIT, 32, prepare).as_numpy_iterator())
    np.testing.assert_array_equal(np.concatenate([y for _, y in batches]), np.sort(LENGTHS))


def test_padding_by_hand():
    lengths = np.array([1, 3, 2, 0])
    assert buckets.padding(lengths, [np.array([0, 1]), np.array([2, 3])]) == pytest.approx(1 - 6 / 10)
    assert buckets.padding(lengths, [np.array([3])]) == 1


def test_buckets_pad_little():
    batches = buckets.order(LENGTHS, 32, 0, 0)
    plain = np.array_split(np.random.default_rng(0).permutation(1003), 32)
    assert buckets.padding(LENGTHS, batches) < 0.05 < 0.4 < buckets.padding(LENGTHS, plain)
    given = sum((ids == 0).sum() for ids, _ in epoch(0, 0)) / sum(ids.size for ids, _ in epoch(0, 0))
    assert given == pytest.approx(buckets.padding(LENGTHS, batches), abs=1e-3)


def halves(rank):
    """The rows of even or odd place."""
    return lambda rows: (rows[rank::2], rank)


def test_a_part_is_padded_as_the_whole_batch():
    whole = epoch(5, 0)
    for rank in range(2):
        batches, _ = buckets.training_batches(SPLIT, 32, 5, 0, 1, prepare, halves(rank))
        for (ids, y), (own, own_y, which) in zip(whole, batches.as_numpy_iterator(), strict=True):
            np.testing.assert_array_equal(own, ids[rank::2])
            np.testing.assert_array_equal(own_y, y[rank::2])
            assert which == rank
        evaluated = buckets.evaluation_batches(SPLIT, 32, prepare, halves(rank))
        longest = [ids.shape[1] for ids, _ in buckets.evaluation_batches(SPLIT, 32, prepare).as_numpy_iterator()]
        assert [own.shape[1] for own, *_ in evaluated.as_numpy_iterator()] == longest


def test_texts_are_sorted_within_stretches_of_fifty_batches_alone():
    lengths = np.arange(400)
    batches = buckets.order(lengths, 4, 3, 0)
    assert sorted(np.concatenate(batches)) == list(range(400))
    assert all((np.diff(rows) > 0).all() for rows in batches)
    spans = sorted((rows[0], rows[-1]) for rows in batches)
    # Two stretches of 200 texts each: the batches of one overlap with those of the other, not with their own.
    assert 30 < sum(low < before for (_, before), (low, _) in pairwise(spans)) < 100
    rows = np.random.default_rng([3, 0]).permutation(400)
    stretches = [set(rows[:200]), set(rows[200:])]
    assert sorted(sum(set(batch) <= stretch for batch in batches) for stretch in stretches) == [50, 50]
    # In one stretch no two overlap.
    spans = sorted((rows[0], rows[-1]) for rows in buckets.order(lengths[:200], 4, 3, 0))
    assert all(high < low for (_, high), (low, _) in pairwise(spans))


def test_evaluation_keeps_texts_of_one_length_in_their_order():
    found = []
    for ids, y in buckets.evaluation_batches(SPLIT, 32, prepare).as_numpy_iterator():
        found += [int(row[0]) - 1 for row, length in zip(ids, y, strict=True) if length]
    rows = np.argsort(LENGTHS, kind="stable")
    assert found == [k for k in rows if LENGTHS[k]]
