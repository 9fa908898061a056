import pytest

from tfnotes.callbacks import LearningRate


def test_the_rate_after_each_epoch(fit):
    # Three steps an epoch, halved every three steps.
    assert fit(LearningRate()).history["learning_rate"] == pytest.approx([0.05, 0.025])
