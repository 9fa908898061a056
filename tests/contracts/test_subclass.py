"""People subclass: an argument of their own, or a method of their own, and the rest passed on."""

import json

import keras

from tests.contracts.cases import CLASSES, contract


def widened(target, package="theirs"):
    """A subclass with an argument of its own, as people write it."""

    class Widened(target):
        def __init__(self, *args, times=1.0, **kwargs):
            super().__init__(*args, **kwargs)
            self.times = times

        def get_config(self):
            return {**super().get_config(), "times": self.times}

    return keras.saving.register_keras_serializable(package)(Widened)


def make(cls, target, sample, options=(), **own):
    """An object of a subclass of `target`: `own` are arguments of the subclass alone."""

    def construct(**arguments):
        return cls(**arguments, **own)

    # Layers as arguments are made of the package that `target` is of.
    construct.__module__ = target.__module__
    return sample.make(construct, **dict(options))


@contract("subclass config", CLASSES)
def test_a_subclass_with_an_argument_of_its_own_keeps_all_others(concept, sample):
    cls = widened(concept.target)
    options = {"name": "same"} if "name" in sample.make(concept.target).get_config() else {}
    theirs = make(cls, concept.target, sample, options, times=2.0)
    original = sample.make(concept.target, **options)
    assert theirs.get_config() == {**original.get_config(), "times": 2.0}
    copy = cls.from_config(json.loads(json.dumps(theirs.get_config())))
    assert copy.get_config() == theirs.get_config()


@contract("subclass of a subclass", CLASSES, samples=False)
def test_a_subclass_of_a_subclass_need_say_nothing(concept, sample):
    class Silent(widened(concept.target)):
        pass

    config = make(Silent, concept.target, sample, times=3.0).get_config()
    assert set(config) == {*sample.make(concept.target).get_config(), "times"}
    assert Silent.from_config(config).times == 3.0
