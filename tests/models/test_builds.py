"""What each builder builds: layer by layer, of which layers, with all that is set; what is set if nothing is said."""

import inspect
from importlib import import_module

import keras
import numpy as np
import pytest

import tfnotes.layers
from tests.models.builders import SHAPE
from tfnotes import models
from tfnotes.errors import InputError

BUILT = {
    "softmax_regression": lambda **k: models.softmax_regression(SHAPE, 3, **k),
    "mlp": lambda **k: models.mlp(
        SHAPE, 3, units=5, depth=2, activation="tanh", dropout=0.3, input_dropout=0.1, max_norm=2.0, **k
    ),
    "maxout_network": lambda **k: models.maxout_network(
        SHAPE, 3, units=5, pieces=4, depth=2, dropout=0.3, input_dropout=0.1, max_norm=2.0
    ),
    "lenet": lambda **k: models.lenet((28, 28, 1), 3, filters=2, units=5, activation="tanh", dropout=0.3, **k),
    "row_reader": lambda **k: models.row_reader("rnn", SHAPE, 3, units=5, depth=2, dropout=0.3, identity=True, **k),
    "sequence_regressor": lambda **k: models.sequence_regressor("lstm", 2, units=5, memory=7, **k),
    "bag_of_words": lambda **k: models.bag_of_words(3, vocabulary=9, width=2, buckets=6, dropout=0.4, **k),
    "text_cnn": lambda **k: models.text_cnn(3, vocabulary=9, width=2, filters=4, dropout=0.4, **k),
    "both_directions": lambda **k: models.recurrent_classifier(
        "gru", 3, vocabulary=9, width=2, units=4, depth=2, directions=2, pooling="mean", dropout=0.4, **k
    ),
    "the_last_state": lambda **k: models.recurrent_classifier(
        "lstm", 3, vocabulary=9, width=2, units=4, depth=2, pooling="last", dropout=0.4, **k
    ),
    "autoencoder": lambda **k: models.autoencoder(SHAPE, units="6-5", activation="elu", **k),
    "denoising_autoencoder": lambda **k: models.denoising_autoencoder(
        SHAPE, units="6-5", activation="tanh", noise=0.5, kind="gaussian", **k
    ),
    "sparse_autoencoder": lambda **k: models.sparse_autoencoder(SHAPE, units=6, rho=0.1, beta=2.0, **k),
    "convolutional_autoencoder": lambda **k: models.convolutional_autoencoder(
        (8, 12, 2), code=5, filters=3, activation="tanh", **k
    ),
    "deep_autoencoder": lambda **k: models.deep_autoencoder(
        SHAPE, units="6-5", activation="sigmoid", pretrain=2, **k
    ),
    "vae": lambda **k: models.vae(SHAPE, latent=3, units="6-5", activation="leaky_relu", binarize=False, **k),
    "gan": lambda **k: models.gan(SHAPE, latent=4, units="6-5", slope=0.25, dropout=0.4, smooth=0.125, **k),
    "convolutional_gan": lambda **k: models.convolutional_gan(
        (8, 12, 2), latent=4, filters=3, slope=0.25, dropout=0.4, smooth=0.125, **k
    ),
    "rbm": lambda **k: models.rbm(SHAPE, units=6, k=2, chains=3, binarize=False, **k),
    "dbn": lambda **k: models.dbn(SHAPE, 3, units="6-5", pretrain=2, dropout=0.3, **k),
    "stacked_denoising": lambda **k: models.stacked_denoising(
        SHAPE, 3, units="6-5", pretrain=2, noise=0.5, dropout=0.3, **k
    ),
    "ladder": lambda **k: models.ladder((4, 4, 1), 4, units="9-25", noise=0.2, costs="4-3-2-1", **k),
}
# What goes without saying.
PLAIN = {
    "activation": "linear", "use_bias": "True", "padding": "valid", "momentum": "0.99", "epsilon": "0.001",
    "kernel_initializer": "GlorotUniform", "bias_initializer": "Zeros", "strides": "(1, 1)",
    "recurrent_initializer": "Orthogonal gain=1", "return_sequences": "False", "go_backwards": "False",
    "unit_forget_bias": "True", "mask_zero": "False",
}
SHOWN = (
    *("units", "pieces", "filters", "kernel_size", "pool_size", "input_dim", "output_dim", "buckets", "rate"),
    *("negative_slope", "noise_shape", "target_shape", "kernel_constraint", "activity_regularizer", *PLAIN),
)
SHORT = {f"{of}_initializer": of for of in ("kernel", "bias", "recurrent")} | {"return_sequences": "sequences"}
UNNAMED = ("Flatten", "Reshape", "LeakyReLU", "WithoutPadding", "Concatenate")


def shown(value):
    """A setting as text: of an initializer and the like its class and what it is given."""
    if not isinstance(value, dict):
        return str(value)
    config = {k: v for k, v in value["config"].items() if k not in ("seed", "name", "dtype", "mean") and v is not None}
    numbers = (f"{k}={v:.4g}" if isinstance(v, float) else f"{k}={v}" for k, v in config.items())
    return " ".join((value["class_name"].split(">")[-1], *numbers))


def told(layer):
    """A layer in a line: its name where it is given one, its class, and all that doesn't go without saying."""
    config, kind = layer.get_config(), type(layer).__name__
    numbered = kind in UNNAMED or layer.name.startswith(("max_pooling2d", "dropout"))
    settings = {key: shown(config[key]) for key in SHOWN if config.get(key) is not None}
    kept = [f"{SHORT.get(key, key)}={value}" for key, value in settings.items() if value != PLAIN.get(key)]
    return " ".join((kind if numbered else f"{layer.name}: {kind}", *kept))


def parts(model):
    """The model's layers in their order; of networks and of lists of layers, those in it."""
    names = ("generator", "discriminator", "encoder", "decoder", "layer", "hidden", "head", "back", "up", "down")
    held = [vars(model)[name] for name in names if name in vars(model)] or [model]
    for part in held[:2] if "encoder" in vars(model) else held:
        for layer in part if isinstance(part, list) else getattr(part, "layers", [part]):
            yield layer
            if hasattr(layer, "forward_layer"):
                yield from (layer.forward_layer, layer.backward_layer)
EXPECTED = {
    "softmax_regression": """
        Flatten
        logits: Dense units=3
    """,
    "mlp": """
        Flatten
        input_dropout: Dropout rate=0.1
        dense_1: Dense units=5 kernel_constraint=MaxNorm max_value=2 axis=0 activation=tanh kernel=HeNormal
        Dropout rate=0.3
        dense_2: Dense units=5 kernel_constraint=MaxNorm max_value=2 axis=0 activation=tanh kernel=HeNormal
        Dropout rate=0.3
        logits: Dense units=3
    """,
    "maxout_network": """
        Flatten
        input_dropout: Dropout rate=0.1
        maxout_1: Maxout units=5 pieces=4 kernel_constraint=MaxNorm max_value=2 axis=0
        Dropout rate=0.3
        maxout_2: Maxout units=5 pieces=4 kernel_constraint=MaxNorm max_value=2 axis=0
        Dropout rate=0.3
        logits: Dense units=3 kernel_constraint=MaxNorm max_value=2 axis=0
    """,
    "lenet": """
        conv_1: Conv2D filters=2 kernel_size=(5, 5) activation=tanh kernel=HeNormal
        pool_1: MaxPooling2D pool_size=(2, 2) strides=(2, 2)
        normalization_1: BatchNormalization
        conv_2: Conv2D filters=4 kernel_size=(5, 5) activation=tanh kernel=HeNormal
        pool_2: MaxPooling2D pool_size=(2, 2) strides=(2, 2)
        normalization_2: BatchNormalization
        Flatten
        dense: Dense units=5 activation=tanh kernel=HeNormal
        Dropout rate=0.3
        logits: Dense units=3
    """,
    "row_reader": """
        Reshape target_shape=(-1, 8)
        rnn_1: SimpleRNN units=5 activation=relu kernel=RandomNormal stddev=0.001 recurrent=Identity sequences=True
        rnn_2: SimpleRNN units=5 activation=relu kernel=RandomNormal stddev=0.001 recurrent=Identity
        Dropout rate=0.3
        logits: Dense units=3
    """,
    "sequence_regressor": """
        lstm: LSTM units=5 activation=tanh bias=Chrono steps=7 unit_forget_bias=False
        number: Dense units=1
    """,
    "bag_of_words": """
        bigrams: Bigrams buckets=6
        words: Embedding input_dim=9 output_dim=2
        pairs: Embedding input_dim=7 output_dim=2
        add: Add
        drop_words: Dropout rate=0.4 noise_shape=(None, None, 1)
        mean: MeanOfWords
        logits: Dense units=3
    """,
    "text_cnn": """
        words: Embedding input_dim=9 output_dim=2
        Dropout rate=0.4
        WithoutPadding
        Reshape target_shape=(-1, 1, 2)
        phrases_3: Conv2D filters=4 kernel_size=(3, 1) activation=relu padding=same kernel=HeNormal
        phrases_4: Conv2D filters=4 kernel_size=(4, 1) activation=relu padding=same kernel=HeNormal
        phrases_5: Conv2D filters=4 kernel_size=(5, 1) activation=relu padding=same kernel=HeNormal
        Reshape target_shape=(-1, 4)
        Reshape target_shape=(-1, 4)
        Reshape target_shape=(-1, 4)
        max_3: MaxOfWords
        max_4: MaxOfWords
        max_5: MaxOfWords
        Concatenate
        Dropout rate=0.4
        logits: Dense units=3
    """,
    "both_directions": """
        words: Embedding input_dim=9 output_dim=2 mask_zero=True
        drop_words: Dropout rate=0.4 noise_shape=(None, None, 1)
        both_1: Bidirectional
        forward_gru_1: GRU units=4 activation=tanh sequences=True
        backward_gru_1: GRU units=4 activation=tanh sequences=True go_backwards=True
        both_2: Bidirectional
        forward_gru_2: GRU units=4 activation=tanh sequences=True
        backward_gru_2: GRU units=4 activation=tanh sequences=True go_backwards=True
        mean: MeanOfWords
        Dropout rate=0.4
        logits: Dense units=3
    """,
    "the_last_state": """
        words: Embedding input_dim=9 output_dim=2 mask_zero=True
        drop_words: Dropout rate=0.4 noise_shape=(None, None, 1)
        lstm_1: LSTM units=4 activation=tanh sequences=True
        lstm_2: LSTM units=4 activation=tanh
        Dropout rate=0.4
        logits: Dense units=3
    """,
    "autoencoder": """
        Flatten
        encode_1: Dense units=6 activation=elu kernel=HeNormal
        code: Dense units=5
        decode_1: Dense units=6 activation=elu kernel=HeNormal
        pixels: Dense units=64
        Reshape target_shape=(8, 8, 1)
    """,
    "denoising_autoencoder": """
        Flatten
        encode_1: Dense units=6 activation=tanh
        code: Dense units=5 activation=tanh
        decode_1: Dense units=6 activation=tanh
        pixels: Dense units=64
        Reshape target_shape=(8, 8, 1)
    """,
    "sparse_autoencoder": """
        Flatten
        code: Dense units=6 activity_regularizer=KLSparsity rho=0.1 beta=2 activation=sigmoid
        pixels: Dense units=64
        Reshape target_shape=(8, 8, 1)
    """,
    "convolutional_autoencoder": """
        encode_1: Conv2D filters=3 kernel_size=(3, 3) activation=tanh padding=same
        MaxPooling2D pool_size=(2, 2) strides=(2, 2)
        encode_2: Conv2D filters=6 kernel_size=(3, 3) activation=tanh padding=same
        MaxPooling2D pool_size=(2, 2) strides=(2, 2)
        Flatten
        code: Dense units=5
        decode_1: Dense units=36 activation=tanh
        Reshape target_shape=(2, 3, 6)
        decode_2: Conv2D filters=3 kernel_size=(3, 3) activation=tanh padding=same
        pixels: Conv2D filters=2 kernel_size=(3, 3) padding=same
    """,
    "deep_autoencoder": """
        Flatten
        encode_1: Dense units=6 activation=sigmoid
        code: Dense units=5
        decode_1: Dense units=6 activation=sigmoid
        pixels: Dense units=64
        Reshape target_shape=(8, 8, 1)
    """,
    "vae": """
        Flatten
        encode_1: Dense units=6 activation=leaky_relu kernel=HeNormal
        encode_2: Dense units=5 activation=leaky_relu kernel=HeNormal
        code: Dense units=6
        decode_1: Dense units=5 activation=leaky_relu kernel=HeNormal
        decode_2: Dense units=6 activation=leaky_relu kernel=HeNormal
        pixels: Dense units=64
        Reshape target_shape=(8, 8, 1)
    """,
    "gan": """
        generate_1: Dense units=6 kernel=HeNormal
        normalize_1: BatchNormalization momentum=0.9
        LeakyReLU negative_slope=0.25
        generate_2: Dense units=5 kernel=HeNormal
        normalize_2: BatchNormalization momentum=0.9
        LeakyReLU negative_slope=0.25
        pixels: Dense units=64
        Reshape target_shape=(8, 8, 1)
        Flatten
        judge_1: Dense units=5 kernel=HeNormal
        LeakyReLU negative_slope=0.25
        Dropout rate=0.4
        judge_2: Dense units=6 kernel=HeNormal
        LeakyReLU negative_slope=0.25
        Dropout rate=0.4
        logit: Dense units=1
    """,
    "convolutional_gan": """
        generate_1: Dense units=36 kernel=HeNormal
        Reshape target_shape=(2, 3, 6)
        normalize_1: BatchNormalization momentum=0.9
        LeakyReLU negative_slope=0.25
        generate_2: Conv2D filters=3 kernel_size=(3, 3) padding=same kernel=HeNormal
        normalize_2: BatchNormalization momentum=0.9
        LeakyReLU negative_slope=0.25
        pixels: Conv2D filters=2 kernel_size=(3, 3) padding=same
        judge_1: Conv2D filters=3 kernel_size=(4, 4) padding=same kernel=HeNormal strides=(2, 2)
        LeakyReLU negative_slope=0.25
        Dropout rate=0.4
        judge_2: Conv2D filters=6 kernel_size=(4, 4) padding=same kernel=HeNormal strides=(2, 2)
        LeakyReLU negative_slope=0.25
        Dropout rate=0.4
        Flatten
        logit: Dense units=1
    """,
    "rbm": """
        units: Dense units=6 activation=sigmoid kernel=RandomNormal stddev=0.01
    """,
    "dbn": """
        hidden_1: Dense units=6 activation=sigmoid
        hidden_2: Dense units=5 activation=sigmoid
        logits: Dense units=3
    """,
    "stacked_denoising": """
        hidden_1: Dense units=6 activation=sigmoid
        hidden_2: Dense units=5 activation=sigmoid
        logits: Dense units=3
        back_1: Dense units=64
        back_2: Dense units=6
    """,
    "ladder": """
        up_1: Dense units=9 use_bias=False kernel=RandomNormal stddev=0.25
        up_2: Dense units=25 use_bias=False kernel=RandomNormal stddev=0.3333
        up_3: Dense units=4 use_bias=False kernel=RandomNormal stddev=0.2
        down_3: Dense units=25 use_bias=False kernel=RandomNormal stddev=0.5
        down_2: Dense units=9 use_bias=False kernel=RandomNormal stddev=0.2
        down_1: Dense units=16 use_bias=False kernel=RandomNormal stddev=0.3333
    """,
}


def built(name, **options):
    return [layer for layer in parts(BUILT[name](**options)) if type(layer).__name__ != "InputLayer"]


def of(layers, package):
    return {type(layer).__name__ for layer in layers if type(layer).__module__.startswith(f"{package}.")}


@pytest.mark.parametrize("name", BUILT)
def test_each_layer_is_what_the_settings_say(name):
    layers = built(name)
    assert [told(layer) for layer in layers] == [line.strip() for line in EXPECTED[name].strip().splitlines()]
    # Of Keras are those that compute nothing of ours.
    assert of(layers, "keras") <= {"Reshape", "Add", "Concatenate"}
    if name != "maxout_network":
        theirs = built(name, layers=keras.layers)
        named = [[layer.name for layer in made if layer.weights] for made in (layers, theirs)]
        assert named[0] == named[1]
        assert of(theirs, "tfnotes") <= {"Bigrams", "WithoutPadding", "MeanOfWords", "MaxOfWords"}


DEFAULTS = {
    "autoencoder": {"units": "32", "activation": "relu"},
    "bag_of_words": {"vocabulary": 30000, "width": 16, "buckets": 0, "dropout": 0.3},
    "convolutional_autoencoder": {"code": 32, "filters": 16, "activation": "relu"},
    "convolutional_gan": {"latent": 64, "filters": 16, "slope": 0.2, "dropout": 0.3, "smooth": 0.1},
    "dbn": {"units": "500-500-2000", "pretrain": 3, "dropout": 0.2},
    "deep_autoencoder": {"units": "1000-500-250-30", "activation": "elu", "pretrain": 0},
    "denoising_autoencoder": {"units": "500", "activation": "sigmoid", "noise": 0.25, "kind": "masking"},
    "gan": {"latent": 64, "units": "256-512", "slope": 0.2, "dropout": 0.3, "smooth": 0.1},
    "ladder": {"units": "1000-500-250-250-250", "noise": 0.3, "costs": "1000-10-0.1-0.1-0.1-0.1-0.1"},
    "lenet": {"filters": 32, "units": 128, "activation": "relu", "dropout": 0.4},
    "maxout_network": {
        "units": 240, "pieces": 5, "depth": 2, "dropout": 0.5, "input_dropout": 0.2, "max_norm": 1.9365,
    },
    "mlp": {
        "units": 256, "depth": 2, "activation": "relu", "dropout": 0.2, "input_dropout": 0.0, "max_norm": 0.0,
    },
    "rbm": {"units": 500, "k": 1, "chains": 0, "binarize": True},
    "recurrent_classifier": {
        "vocabulary": 30000, "width": 64, "units": 64, "depth": 1, "directions": 1, "pooling": "max",
        "dropout": 0.5,
    },
    "row_reader": {"features": 0, "units": 128, "depth": 1, "dropout": 0.2, "identity": False},
    "sequence_regressor": {"units": 64, "memory": 0},
    "softmax_regression": {},
    "sparse_autoencoder": {"units": 500, "rho": 0.05, "beta": 3.0},
    "stacked_denoising": {"units": "1000-1000-1000", "pretrain": 3, "noise": 0.25, "dropout": 0.2},
    "text_cnn": {"vocabulary": 30000, "width": 64, "filters": 64, "dropout": 0.5},
    "vae": {"latent": 40, "units": "500-500", "activation": "relu", "binarize": True},
}
OF_CLASSES = {
    ("autoencoder", "Autoencoder"): {"noise": 0.0, "kind": "masking", "seed": None},
    ("vae", "VAE"): {"binarize": True, "seed": None},
    ("gan", "GAN"): {"smooth": 0.0, "seed": None},
    ("gan", "discriminator_loss"): {"smooth": 0.0},
    ("rbm", "RBM"): {"k": 1, "chains": 0, "binarize": True, "seed": None},
    ("rbm", "RBM.sample"): {"turns": 1000},
    ("dbn", "DBN"): {"pretrain": 0, "dropout": 0.0, "seed": None},
    ("stacked_denoising", "StackedDenoising"): {"pretrain": 0, "noise": 0.25, "dropout": 0.0, "seed": None},
    ("deep_autoencoder", "PretrainedAutoencoder"): {"seed": None},
    ("ladder", "Ladder"): {"seed": None},
    ("annealing", "log_partition"): {"chains": 100, "steps": 1000},
    ("judge", "judge"): {"seed": 0},
    ("_chrono", "Chrono"): {"seed": None},
}


def defaults(function):
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty and p.name != "layers"}


def test_what_is_set_if_nothing_is_said():
    assert {name: defaults(getattr(models, name)) for name in models.__all__} == DEFAULTS
    for name in set(DEFAULTS) - {"maxout_network"}:
        assert inspect.signature(getattr(models, name)).parameters["layers"].default is tfnotes.layers
    for module, path in OF_CLASSES:
        found = import_module(f"tfnotes.models.{module}")
        for part in path.split("."):
            found = getattr(found, part)
        assert defaults(found) == OF_CLASSES[module, path], path


# What a model keeps beside its layers.
KEPT = {
    "autoencoder": {"noise": 0.0, "kind": "masking", "seed": None},
    "denoising_autoencoder": {"noise": 0.5, "kind": "gaussian", "seed": None},
    "sparse_autoencoder": {"noise": 0.0, "kind": "masking", "seed": None},
    "convolutional_autoencoder": {"noise": 0.0, "kind": "masking", "seed": None},
    "deep_autoencoder": {"pretrain": 2, "seed": None},
    "vae": {"binarize": False, "seed": None},
    "gan": {"smooth": 0.125, "seed": None},
    "convolutional_gan": {"smooth": 0.125, "seed": None},
    "rbm": {"input_shape": SHAPE, "k": 2, "chains": 3, "binarize": False, "seed": None},
    "dbn": {"input_shape": SHAPE, "pretrain": 2, "dropout": 0.3, "seed": None},
    "stacked_denoising": {"input_shape": SHAPE, "pretrain": 2, "noise": 0.5, "dropout": 0.3, "seed": None},
    "ladder": {"input_shape": (4, 4, 1), "noise": 0.2, "costs": [4, 3, 2, 1], "seed": None},
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_set_is_kept_and_comes_back_with_the_config(name):
    model = BUILT[name]()
    again = type(model).from_config({**model.get_config(), "seed": 7})
    shape = (8, 12, 2) if "convolutional" in name else KEPT[name].get("input_shape", SHAPE)
    for made, seed in ((model, None), (again, 7)):
        assert made.name == name
        found = {"input_shape": getattr(made, "image_shape", None)}
        found |= {key: getattr(made, key) for key in KEPT[name] if key != "input_shape"}
        assert {key: found[key] for key in KEPT[name]} == KEPT[name] | {"seed": seed}
        assert made.input_shape == (None, *shape)
    assert [told(layer) for layer in parts(again)] == [told(layer) for layer in parts(model)]
    for part in ("encoder", "decoder", "generator", "discriminator"):
        assert part not in vars(model) or getattr(model, part).name == part
    # What is drawn follows the seed, in the machines of its layers, too.
    assert [machine.seed for machine in getattr(again, "rbms", [])] == [7] * len(getattr(again, "rbms", []))


def test_other_models_are_named_after_their_builders():
    for name in ("softmax_regression", "mlp", "maxout_network", "lenet", "row_reader", "bag_of_words", "text_cnn"):
        assert BUILT[name]().name == name
    assert models.recurrent_classifier("rnn", 2, vocabulary=3, width=1, units=1).name == "recurrent_classifier"
    assert models.deep_autoencoder(SHAPE, units="3").name == "deep_autoencoder"
    for name in ("mlp", "maxout_network"):
        found = [layer.name for layer in BUILT[name]().layers if type(layer).__name__ == "Dropout"]
        assert found == ["input_dropout", "dropout_1", "dropout_2"]


@pytest.mark.parametrize("kernel", [("relu", "HeNormal"), ("elu", "HeNormal"), ("sigmoid", "GlorotUniform")])
def test_layers_begin_as_their_activation_asks_for(kernel):
    activation, initializer = kernel
    made = models.vae((4,), latent=2, units="3", activation=activation)
    for layer in (made.encoder.layers[1], made.decoder.layers[0]):
        assert type(layer.kernel_initializer).__name__ == initializer


def test_without_a_norm_nothing_is_bounded():
    for build in (models.mlp, models.maxout_network):
        made = build((4,), 3, units=5, depth=1, max_norm=0.0)
        assert all(layer.kernel_constraint is None for layer in made.layers if hasattr(layer, "kernel_constraint"))


def test_without_pairs_a_bag_is_of_words_alone():
    made = models.bag_of_words(2, vocabulary=9, width=2)
    assert [layer.name for layer in made.layers] == ["ids", "words", "drop_words", "mean", "logits"]


def test_read_pixel_by_pixel():
    assert models.row_reader("gru", (4, 3, 2), 5, features=3, units=2).layers[1].output.shape == (None, 8, 3)


WIDTHS = "one or more positive whole numbers with - between them, such as 1000-500. Received: "


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (
            lambda: models.autoencoder(SHAPE, units="3", activation="tanh"),
            ("autoencoder: `activation` must be left out where there is no layer before the code. Received: "
            "activation='tanh'."),
        ),
        (lambda: models.autoencoder(SHAPE, units="3-0"), f"autoencoder: `units` must be {WIDTHS}units='3-0'."),
        (lambda: models.denoising_autoencoder(SHAPE, units="x"), f"denoising_autoencoder: `units` must be {WIDTHS}"),
        (lambda: models.denoising_autoencoder(SHAPE, noise=-0.1), "denoising_autoencoder: `noise` must be"),
        (lambda: models.denoising_autoencoder(SHAPE, noise=1.1), "denoising_autoencoder: `noise` must be"),
        (lambda: models.deep_autoencoder(SHAPE, pretrain=-1), "deep_autoencoder: `pretrain` must be an integer of at"),
        (lambda: models.deep_autoencoder(SHAPE, units=""), f"deep_autoencoder: `units` must be {WIDTHS}"),
        (lambda: models.vae(SHAPE, units="1.5"), f"vae: `units` must be {WIDTHS}"),
        (lambda: models.gan(SHAPE, units="-"), f"gan: `units` must be {WIDTHS}"),
        (lambda: models.gan(SHAPE, units="2", smooth=1.0), "GAN: `smooth` must be a number from 0 to below 1"),
        (lambda: models.convolutional_gan(SHAPE, latent=0), "convolutional_gan: `latent` must be a positive integer"),
        (lambda: models.rbm(SHAPE, k=1001), "rbm: `k` must be"),
        (lambda: models.rbm(SHAPE, chains=-1), "rbm: `chains` must be an integer of at least 0"),
        (lambda: models.dbn(SHAPE, 3, units="0"), f"dbn: `units` must be {WIDTHS}"),
        (lambda: models.dbn(SHAPE, 3, dropout=-0.1), "dbn: `dropout` must be a number from 0 to below 1"),
        (lambda: models.stacked_denoising(SHAPE, 3, pretrain=-1), "stacked_denoising: `pretrain` must be an integer"),
        (lambda: models.stacked_denoising(SHAPE, 3, dropout=1.0), "stacked_denoising: `dropout` must be a number from"),
        (lambda: models.stacked_denoising(SHAPE, 3, noise=1.1), "stacked_denoising: `noise` must be a finite number"),
        (
            lambda: models.stacked_denoising(SHAPE, 3, noise=0.5, pretrain=0),
            "stacked_denoising: `noise` must be left out where no layer is trained alone. Received: noise=0.5.",
        ),
        (lambda: models.stacked_denoising(SHAPE, 3, units="a"), f"stacked_denoising: `units` must be {WIDTHS}"),
        (lambda: models.ladder(SHAPE, 3, units="a"), f"ladder: `units` must be {WIDTHS}"),
        (
            lambda: models.ladder(SHAPE, 3, units="5-4", costs="1-2--3"),
            ("ladder: `costs` must be 4 numbers of at least 0 with - between them, such as 1000-500, for the input, "
            "each of units=5-4, and the classes. Received: costs='1-2--3'."),
        ),
        (lambda: models.mlp(SHAPE, 3, depth=0), "mlp: `depth` must be"),
        (lambda: models.mlp(SHAPE, 3, depth=1001), "mlp: `depth` must be"),
        (lambda: models.maxout_network(SHAPE, 3, depth=0), "maxout_network: `depth` must be"),
        (lambda: models.maxout_network(SHAPE, 3, depth=1001), "maxout_network: `depth` must be"),
        (lambda: models.bag_of_words(2, buckets=-1), "bag_of_words: `buckets` must be an integer of at least 0"),
        (lambda: models.recurrent_classifier("gru", 2, directions=3), "recurrent_classifier: `directions` must be"),
        (lambda: models.recurrent_classifier("gru", 2, directions=0), "recurrent_classifier: `directions` must be"),
        (lambda: models.recurrent_classifier("gru", 2, depth=0), "recurrent_classifier: `depth` must be"),
        (lambda: models.recurrent_classifier("gru", 2, depth=1001), "recurrent_classifier: `depth` must be"),
        (
            lambda: models.recurrent_classifier("gru", 2, pooling="sum"),
            "recurrent_classifier: `pooling` must be one of max, mean, last. Received: pooling='sum'.",
        ),
        (lambda: models.row_reader("gru", SHAPE, 2, features=-1), "row_reader: `features` must be an integer of at"),
        (lambda: models.row_reader("gru", SHAPE, 2, depth=0), "row_reader: `depth` must be"),
        (lambda: models.row_reader("gru", SHAPE, 2, depth=1001), "row_reader: `depth` must be"),
        (
            lambda: models.row_reader("gru", SHAPE, 2, identity=True),
            "row_reader: `identity` must be false for all cells but rnn. Received: identity=True.",
        ),
        (lambda: models.sequence_regressor("lstm", 2, memory=-1), "sequence_regressor: `memory` must be an integer of"),
        (
            lambda: models.sequence_regressor("gru", 2, memory=9),
            "sequence_regressor: `memory` must be 0 with the cell gru, as only lstm has such gates. Received: memory=9",
        ),
        *(
            (
                lambda memory=memory: models.sequence_regressor("lstm", 2, memory=memory),
                f"sequence_regressor: `memory` must be 0, or at least 3. Received: memory={memory}.",
            )
            for memory in (1, 2)
        ),
    ],
)
def test_what_can_not_be_built_is_refused(build, says):
    with pytest.raises(InputError) as error:
        build()
    assert str(error.value).startswith(says)


def test_what_can_just_be_built_is():
    assert models.sequence_regressor("lstm", 2, units=1, memory=3).name == "sequence_regressor"
    assert models.denoising_autoencoder((2,), units="1", noise=1.0).noise == 1.0
    assert models.denoising_autoencoder((2,), units="1", noise=0.0).noise == 0.0
    assert models.stacked_denoising((2,), 2, units="1", pretrain=0).pretrain == 0
    assert models.rbm((2,), units=1, k=1000).k == 1000
    assert models.autoencoder((2,), units=3).encoder.layers[-1].units == 3
    assert np.prod(models.deep_autoencoder((2,), units="2", activation="sigmoid", pretrain=1).input_shape[1:]) == 2
