"""What people read and override on a twin stands on ours too: attributes, methods with their arguments, aliases."""

import importlib
import inspect

import keras
import numpy as np
import pytest

from tests.contracts.cases import CLASSES, LAYERS, contract
from tfnotes import registry
from tfnotes.errors import InputError

# What a twin has and ours doesn't, by concept, kind or "all", each with its reason.
LORA = "LoRA and quantization are out of scope, as the table of differences says"
IMAGES = "takes images alone, without boxes, labels or masks, as the table of differences says"
WITHOUT = {
    "dense": dict.fromkeys(
        (
            "enable_lora",
            "lora_alpha",
            "lora_enabled",
            "lora_rank",
            "quantization_config",
            "variable_serialization_spec",
        ),
        LORA,
    ),
    "conv2d": dict.fromkeys(("enable_lora", "lora_alpha", "lora_enabled", "lora_rank"), LORA),
    "augmentation": dict.fromkeys(
        (
            "bounding_box_format",
            "get_clipped_bbox",
            "get_random_transformation",
            "get_shifted_bbox",
            "get_transformed_x_y",
            "height_lower",
            "height_upper",
            "transform_bounding_boxes",
            "transform_images",
            "transform_labels",
            "transform_segmentation_masks",
            "transform_single_bounding_box",
            "transform_single_image",
            "transform_single_label",
            "transform_single_segmentation_mask",
            "width_lower",
            "width_upper",
            "backend",
            "convert_weight",
        ),
        IMAGES,
    ),
    "preprocessing": dict.fromkeys(
        ("backend", "convert_weight", "finalize_state"), "a TensorFlow pipeline's machinery inside of Keras's layer"
    ),
    "losses": {"fn": "Keras's class wraps a function; here the function stands beside the class, under its name"},
}
WITHOUT["embedding"] = WITHOUT["dense"]
# What has another value, for a reason.
OTHER = {
    "random_shear": {"x_factor": "the factor as it was given", "y_factor": "the factor as it was given"},
    "random_contrast": {"factor": "a single number lowers the contrast as well, as the table of differences says"},
    "augmentation": {"supports_jit": "ours compile, Keras's don't"},
}
SIMPLE = (bool, int, float, str, tuple, list, type(None))


def stated(table, concept):
    return {**table.get(concept.kind, {}), **table.get(concept.name, {})}


def made(concept, sample):
    pair = [sample.make(target, **naming(target)) for target in (concept.target, concept.twin_target())]
    for each in pair:
        if concept.kind in LAYERS:
            each.build(sample.shape)
        if concept.kind == "optimizers":
            each.build([keras.Variable(np.ones((2, 3)))])
    return pair


def naming(target):
    return {"name": "same"} if "name" in inspect.signature(target.__init__).parameters else {}


def value(owner, name):
    """An attribute; what asks for a call first says so by an error."""
    try:
        return getattr(owner, name)
    except (AttributeError, ValueError, NotImplementedError) as error:
        return error


@contract("attributes", CLASSES, twin=True)
def test_has_the_public_attributes_of_the_twin(concept, sample):
    ours, theirs = made(concept, sample)
    without, other = stated(WITHOUT, concept), stated(OTHER, concept)
    for name in (n for n in dir(theirs) if not n.startswith("_") and n not in without):
        assert hasattr(type(ours), name) or hasattr(ours, name), name
        a, b = value(ours, name), value(theirs, name)
        if isinstance(b, SIMPLE) and name not in ("name", "path", "losses", "input_spec", *other):
            if name == "call_signature_parameters":
                a = a[: len(b)]
            if isinstance(b, (tuple, list)) and any(not isinstance(entry, SIMPLE) for entry in b):
                assert len(a) == len(b), name
                continue
            assert (tuple(a) if isinstance(a, list) else a) == (tuple(b) if isinstance(b, list) else b), name


@contract("methods", CLASSES, samples=False, twin=True)
def test_methods_take_what_the_twins_take(concept, sample):
    ours, twin = concept.target, concept.twin_target()
    for name in dir(twin):
        public = not name.startswith("_") or name == "__call__"
        theirs = inspect.getattr_static(twin, name)
        if not public or not inspect.isfunction(theirs) or not hasattr(ours, name):
            continue
        a, b = ([*inspect.signature(getattr(cls, name)).parameters.values()] for cls in (ours, twin))
        if any(p.kind is p.VAR_POSITIONAL for p in (*a, *b)):
            continue
        if name == "quantized_build" or (concept.kind, name) == ("optimizers", "build"):
            continue  # Keras's own names of these differ from those of its base class.
        names = [p.name for p in b if p.kind is not p.VAR_KEYWORD]
        assert [p.name for p in a][: len(names)] == names, name


@contract("built", LAYERS, twin=True)
def test_counts_as_built_when_the_twin_does(concept, sample):
    ours, theirs = (sample.make(target) for target in (concept.target, concept.twin_target()))
    assert ours.built == theirs.built
    if ours.built:
        assert ours.count_params() == 0

        class Building(concept.target):
            def build(self, input_shape):
                self.seen = input_shape

        layer = sample.make(Building)
        assert not layer.built
        layer(np.ones(sample.shape, "float32"))
        assert tuple(layer.seen) == sample.shape


MODULES = {"preprocessing": "layers", "augmentation": "layers", "schedules": "optimizers.schedules"}


@contract("aliases", samples=False, twin=True)
def test_stands_under_all_names_of_the_twin(concept, sample):
    twins = keras
    for part in MODULES.get(concept.kind, concept.kind).split("."):
        twins = getattr(twins, part, None)
    ours = importlib.import_module(f"tfnotes.{concept.kind}")
    for name in dir(twins):
        if getattr(twins, name) is concept.twin_target():
            assert getattr(ours, name) is concept.target, name
            assert registry.find(f"{name}") is concept or registry.find(f"{concept.kind}.{concept.name}") is concept


@contract("unknown argument", CLASSES, samples=False, twin=True)
def test_an_argument_that_nobody_knows_is_refused(concept, sample):
    for target in (concept.target, concept.twin_target()):
        with pytest.raises((TypeError, ValueError), match=r"no_such_argument|takes no arguments"):
            sample.make(target, no_such_argument=1)


@contract("base arguments", LAYERS, samples=False)
def test_the_arguments_of_every_layer_pass_through(concept, sample):
    options = {"name": "mine", "dtype": "float64", "trainable": False}
    layer = sample.make(concept.target, **options)
    assert (layer.name, layer.compute_dtype, layer.trainable) == ("mine", "float64", False)
    assert sample.make(concept.target, autocast=False).autocast is False
    mixed = sample.make(concept.target, dtype="mixed_float16")
    assert (mixed.compute_dtype, mixed.variable_dtype) == ("float16", "float32")


@pytest.mark.parametrize("name", ["dense", "conv2d"])
def test_an_activation_may_be_taken_away(name):
    concept = registry.find(f"layers.{name}")
    sample = concept.samples[0]
    results = []
    for target in (concept.target, concept.twin_target()):
        layer = sample.make(target)
        layer.build(sample.shape)
        layer.set_weights([np.linspace(-1, 1, w.size).reshape(w.shape) for w in layer.get_weights()])
        layer.activation = None
        results.append(layer(np.linspace(-1, 1, np.prod(sample.shape)).reshape(sample.shape)))
    np.testing.assert_allclose(*results, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["Dense", "Embedding"])
def test_quantization_is_refused_in_one_sentence(name):
    from tfnotes import layers

    layer = layers.Dense(2) if name == "Dense" else layers.Embedding(3, 2)
    model = keras.Sequential([keras.Input((4,)), layer])
    with pytest.raises(
        InputError, match=rf"^{name}: `mode` must be of a layer of Keras's own.* Received: mode='int8'\.$"
    ):
        model.quantize("int8")
