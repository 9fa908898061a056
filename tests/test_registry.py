"""What a concept is registered with, and how its samples are made."""

import keras
import pytest

from tfnotes import layers, registry
from tfnotes.registry import Made, Sample


@pytest.fixture
def register(monkeypatch):
    """Registers an empty class of a module; the registry and Keras's forget it."""
    monkeypatch.setattr(registry, "_concepts", {})
    known = dict(keras.saving.get_custom_objects())

    def register(name, module, **options):
        options = {"en": "a", "zh": "甲", "notes": ["003:1"], "samples": [Sample(shape=(2,))], **options}
        return registry.concept(**options)(type(name, (), {"__module__": module, "get_config": dict}))

    yield register
    keras.saving.get_custom_objects().clear()
    keras.saving.get_custom_objects().update(known)


def test_names_come_from_the_file(register):
    made = register("NewThing", "tfnotes.layers.new_thing")
    (found,) = registry.registered()
    assert (found.name, found.kind, found.module, found.target) == ("new_thing", "layers", made.__module__, made)
    assert (found.twin, found.twin_target(), found.aliases, found.notes) == (None, None, (), ("003:1",))
    assert found.bench is found.samples[0]
    assert (found.exempt, found.definition, found.slower, found.differences) == ({}, None, None, "")
    assert registry.is_concept(made)
    assert not registry.is_concept(type("NewThing", (), {}))
    assert keras.saving.get_registered_name(made) == "tfnotes>NewThing"
    other = Sample(shape=(9,))
    given = {"twin": "keras.layers.Dense", "aliases": ["b"], "bench": other, "definition": len, "slower": "why"}
    register("Other", "tfnotes.losses.other", exempt={"parity": "why"}, **given)
    found = list(registry.registered())[1]
    assert (found.twin_target(), found.aliases, found.bench) == (keras.layers.Dense, ("b",), other)
    assert (found.definition, found.exempt, found.slower) == (len, {"parity": "why"}, "why")


def test_a_file_has_one_concept_which_may_be_imported_again(register):
    register("One", "tfnotes.layers.thing")
    again = register("One", "tfnotes.layers.thing")
    assert [c.target for c in registry.registered()] == [again]
    with pytest.raises(ValueError, match=r"^registry: layers\.thing is one file with two concepts, One, Two\.$"):
        register("Two", "tfnotes.layers.thing")


def test_the_order_is_that_of_kinds_and_then_of_names():
    found = [(registry.KINDS.index(c.kind), c.name) for c in registry.concepts()]
    assert found == sorted(found)
    assert {c.kind for c in registry.concepts("losses")} == {"losses"}
    assert len({kind for kind, _ in found}) == len(registry.KINDS)


@pytest.mark.parametrize("space", [keras.layers, layers])
def test_layers_within_a_sample_are_of_the_same_kind_and_get_its_options(space):
    sample = Sample({"layer": Made("LSTM", {"units": 2}), "merge_mode": "sum"})
    found = sample.make(space.Bidirectional, dtype="float64")
    assert (found.merge_mode, type(found.forward_layer), found.forward_layer.units) == ("sum", space.LSTM, 2)
    assert (found.compute_dtype, found.forward_layer.compute_dtype) == ("float64", "float64")
