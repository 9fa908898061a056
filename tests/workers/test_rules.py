"""Models with a rule of their own: two processes train them as one does (`make test-workers`)."""

from tests.training.two_workers import differences


def test_rules_of_their_own():
    found = differences("gan", "rbm", "dbn")
    assert found.keys() == {"gan", "rbm", "dbn"}
    assert max(found.values()) < 1e-10, found
