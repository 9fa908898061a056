"""What each task declares: the settings that figures were measured with, and that every part of it is its own."""

import importlib

import numpy as np
import pytest
from keras import ops

from tfnotes import task
from tfnotes.data import buckets
from tfnotes.errors import InputError
from tfnotes.serving import images, texts
from tfnotes.task import Reject, Split, Splits
from tfnotes_tasks import adding, autoencode, imdb, mnist
from tfnotes_tasks.imdb import data as reviews
from tfnotes_tasks.mnist import data as digits

# Epochs, batch size, learning rate and its decay: the figures that the documents tell are of these.
TRAINED = {
    "adding": dict.fromkeys(("lstm", "gru", "rnn"), (20, 50, 0.005, 1.0)),
    "imdb": {
        **dict.fromkeys(("bow", "bigram"), (6, 64, 0.002, 1.0)),
        "cnn": (3, 64, 0.001, 1.0),
        **dict.fromkeys(("rnn", "gru", "lstm", "bilstm", "deep-bilstm"), (4, 64, 0.002, 0.6)),
    },
    "mnist": {
        **dict.fromkeys(("softmax", "mlp", "maxout", "cnn"), (12, 64, 0.05, 0.85)),
        **dict.fromkeys(("rnn", "lstm", "gru", "pixel-lstm"), (12, 64, 0.002, 0.85)),
    },
    "autoencode": {
        **dict.fromkeys(("ae", "sparse-ae", "denoising-ae"), (20, 100, 0.001, 0.95)),
        "deep-ae": (30, 100, 0.001, 0.9),
        "conv-ae": (10, 100, 0.001, 0.95),
        **dict.fromkeys(("stacked-denoising", "dbn"), (30, 100, 0.002, 0.92)),
        "vae": (30, 100, 0.001, 0.95),
        "gan": (60, 100, 0.0003, 1.0),
        "conv-gan": (20, 100, 0.0003, 1.0),
        "rbm": (60, 100, 0.05, 0.96),
        "ladder": (40, 100, 0.002, 0.95),
    },
}


@pytest.mark.parametrize("name", TRAINED)
def test_how_each_model_is_trained(name):
    found = task.load(name)
    made = {model: found.recipe(model).defaults for model in found.models}
    assert {
        model: (one.epochs, one.batch_size, one.learning_rate, one.learning_rate_decay) for model, one in made.items()
    } == TRAINED[name]
    assert {(one.model, one.data) for one in made.values()} == {
        {"adding": ("lstm", "100"), "imdb": ("bigram", "sample"), "mnist": ("cnn", "sample")}.get(
            name, ("ae", "sample")
        )
    }


SETTINGS = {
    ("imdb", "bow"): {"buckets": 0, "vocabulary": 30000, "length": 400, "clipnorm": 1.0},
    ("imdb", "bigram"): {"buckets": 2**18},
    ("imdb", "lstm"): {"directions": 1, "depth": 1},
    ("imdb", "bilstm"): {"directions": 2, "depth": 1},
    ("imdb", "deep-bilstm"): {"directions": 2, "depth": 2},
    ("mnist", "lstm"): {"features": 0, "clipnorm": 1.0, "digits": "0123456789", "examples": 0, "hold_out": True},
    ("mnist", "pixel-lstm"): {"features": 1, "clipnorm": 1.0},
    ("mnist", "cnn"): {"momentum": 0.9},
    ("adding", "lstm"): {"clipnorm": 1.0},
    ("autoencode", "rbm"): {"chains": 100},
    ("autoencode", "gan"): {"beta_1": 0.5},
    ("autoencode", "ladder"): {"labels": 100},
}


@pytest.mark.parametrize(("name", "model"), SETTINGS)
def test_settings_that_a_model_has_of_its_own(name, model):
    found = task.load(name).recipe(model).settings()
    assert {key: found.get(key) for key in SETTINGS[name, model]} == SETTINGS[name, model]
    # Those of nobody else.
    others = {"clipnorm", "momentum", "beta_1", "labels", "digits", "vocabulary"} - set(SETTINGS[name, model])
    kept = {"imdb": {"clipnorm", "vocabulary"}, "mnist": {"digits"}, "adding": {"clipnorm"}}.get(name, set())
    assert others & set(found) <= kept


@pytest.mark.parametrize(("name", "model"), [("imdb", "cnn"), ("mnist", "gru"), ("adding", "rnn")])
@pytest.mark.parametrize("clipnorm", [0, -1.0, "2"])
def test_a_norm_to_which_nothing_can_be_cut(name, model, clipnorm):
    with pytest.raises(InputError, match=f"^{name}: `clipnorm` must be a finite number above 0. Received: clipnorm="):
        task.load(name).recipe(model).optimizer(0.1, clipnorm=clipnorm)


@pytest.mark.parametrize(
    ("name", "model", "loss"),
    [
        *((name, model, "SparseCategoricalCrossentropy") for name, model in (("mnist", "cnn"), ("imdb", "rnn"))),
        ("autoencode", "ladder", "SparseCategoricalCrossentropy"),
        ("adding", "gru", "MeanSquaredError"),
    ],
)
def test_what_is_lost_and_what_is_measured(name, model, loss):
    recipe = task.load(name).recipe(model)
    made = recipe.loss()
    assert (type(made).__name__, type(made).__module__.split(".")[0]) == (loss, "tfnotes")
    assert made.get_config().get("from_logits", True) is True
    assert [metric.name for metric in recipe.metrics()] == ([] if name == "adding" else ["accuracy"])
    own = task.load("autoencode").recipe("vae")
    assert (own.loss(), own.metrics(), own.targets) == (None, [], None)
    targets = {one: task.load("autoencode").recipe(one).targets for one in ("ae", "dbn", "ladder")}
    assert targets == {"ae": None, "dbn": "labels", "ladder": "labels"}


def test_where_each_source_comes_from(monkeypatch):
    asked = []
    note = lambda source, *given, **named: asked.append((source, given, named))  # noqa: E731
    monkeypatch.setattr(reviews.prepared, "splits", note)
    for of, name in ((imdb, "full"), (imdb, "sample"), (mnist, "full"), (mnist, "sample")):
        of.TASK.source(name)("folder")
    assert [source.name for source, *_ in asked] == ["imdb-full", "imdb-sample", "full", "sample"]
    assert [given for _, given, _ in asked] == [("folder", "text")] * 2 + [("folder",)] * 2
    assert [set(named) for *_, named in asked] == [set(), {"by", "held"}, {"of"}, {"of"}]
    assert autoencode.TASK.sources == mnist.TASK.sources
    images = np.arange(12).reshape(1, 3, 4, 1)
    assert asked[2][2]["of"](images).tolist() == asked[3][2]["of"](images).tolist() == images[..., 0].tolist()
    # A tenth of the films, by a hash of their own: others than those of the test split.
    held = asked[1][2]["held"]
    assert asked[1][2]["by"] == "film"
    assert np.flatnonzero(held([f"film {k}".encode() for k in range(60)])).tolist() == [34, 42, 56]


def test_the_adding_problem_at_its_full_size():
    splits = adding.TASK.source("50")(None)
    assert [len(part) for part in (splits.train, splits.validation, splits.test)] == [20_000, 1_000, 10_000]
    assert splits.test.x.shape == (10_000, 50, 2)
    few = {name: adding.drawn(int(name), counts=(1, 1, 1)).test.x.shape[1] for name in adding.TASK.sources}
    assert few == {"50": 50, "100": 100, "400": 400}
    lengths = [source(None, counts=(1, 1, 1)).train.x.shape[1] for source in adding.TASK.sources.values()]
    assert lengths == list(few.values())
    # Each length has numbers of its own.
    assert adding.drawn(100, counts=(1, 1, 1)).train.x[0, 0, 0] != splits.train.x[0, 0, 0]


def test_the_sum_is_what_the_model_says():
    model = lambda x, training: ops.sum(x, axis=1) * (-1.0 if training else 1.0)  # noqa: E731
    ((name, way),) = adding.endpoints(model, None).items()
    x = np.ones((2, 5, 2), "float32") * np.array([3.0, 9.0], "float32")
    (spec,) = way.signature
    assert (name, spec.name, spec.shape.as_list()) == ("sequences", "sequences", [None, None, 2])
    found = {key: ops.convert_to_numpy(value).tolist() for key, value in way.function(x).items()}
    assert found == {"sum": [15.0, 15.0]}


def test_pixels_are_prepared_and_shown():
    pixels = np.arange(784, dtype="uint8").reshape(1, 28, 28)
    found = ops.convert_to_numpy(mnist.prepare(pixels))
    assert (found.shape, found.dtype) == ((1, 28, 28, 1), "float32")
    np.testing.assert_allclose(found[..., 0], pixels / 255, rtol=1e-6)
    for one in (mnist.TASK, autoencode.TASK):
        assert one.picture(pixels[0]).shape == (28, 28, 1)
        assert one.labels == tuple("0123456789")
    assert imdb.TASK.labels == ("negative", "positive")


@pytest.mark.parametrize("examples", [0, 40, 41])
def test_as_many_digits_as_there_are(examples):
    y = np.arange(80) % 10
    split = Split(np.arange(80), y)
    splits = Splits(split, split, split)
    if examples > 40:
        with pytest.raises(InputError) as caught:
            digits.select(splits, 0, digits="13579", examples=41)
        assert str(caught.value) == "mnist: `examples` must be from 1 to 40, or 0 for all. Received: examples=41."
        return
    found = digits.select(splits, 0, digits="13579", examples=examples)
    for part in (found.train, found.validation, found.test):
        assert part.x.tolist() == list(range(1, 80, 2))
    # Fewer are drawn of training alone.
    few = digits.select(splits, 0, digits="13579", examples=7)
    assert [len(part) for part in (few.train, few.validation, few.test)] == [7, 40, 40]


def test_a_digit_is_one_from_the_threshold_on():
    model = lambda x, training: ops.stack([x[:, 0, 0, 0], x[:, 0, 1, 0]], 1) * (-1.0 if training else 1.0)  # noqa: E731
    pixels = np.zeros((3, 28, 28), "uint8")
    pixels[0, 0, 1] = pixels[1, 0, 0] = 255
    reject = Reject("is_digit", "none", score=lambda x: np.array([0.25, 0.5, 0.75]), threshold=0.5)
    found = mnist.endpoints(model, mnist.prepare, reject)
    assert list(found) == ["pixels", "encoded", "layers"]
    assert [[(s.name, s.dtype.name) for s in way.signature] for way in found.values()] == [
        [("pixels", "uint8")],
        [("images", "string")],
        [("pixels", "uint8")],
    ]
    answer = {key: ops.convert_to_numpy(value) for key, value in found["pixels"].function(pixels).items()}
    assert list(answer) == ["digit", "probabilities", "is_digit"]
    assert (answer["digit"].tolist(), answer["digit"].dtype) == ([1, 0, 0], np.int32)
    assert answer["is_digit"].tolist() == [False, True, True]
    e = np.exp(1)
    np.testing.assert_allclose(answer["probabilities"][:2] * (1 + e), [[1, e], [e, 1]], rtol=1e-5)
    assert "is_digit" not in mnist.endpoints(model, mnist.prepare)["pixels"].function(pixels)
    via = found["encoded"].via
    assert (via.endpoint, via.known, found["encoded"].examples(pixels)[0][0][:4]) == (
        *("pixels", {"name": "digits"}),
        b"\x89PNG",
    )


def test_tasks_have_one_name():
    with pytest.raises(ImportError, match=r"as `tfnotes_tasks`, no longer as `tasks`; .* Received: `import tasks`\.$"):
        importlib.import_module("tasks")


NETWORKS = {
    "adding": {cell: ("sequence_regressor", cell, 2) for cell in ("lstm", "gru", "rnn")},
    "imdb": {
        **dict.fromkeys(("bow", "bigram"), ("bag_of_words", 2)),
        "cnn": ("text_cnn", 2),
        **{cell: ("recurrent_classifier", cell, 2) for cell in ("rnn", "gru", "lstm")},
        **dict.fromkeys(("bilstm", "deep-bilstm"), ("recurrent_classifier", "lstm", 2)),
    },
    "mnist": {
        "softmax": ("softmax_regression", (28, 28, 1), 10),
        "mlp": ("mlp", (28, 28, 1), 10),
        "maxout": ("maxout_network", (28, 28, 1), 10),
        "cnn": ("lenet", (28, 28, 1), 10),
        **{cell: ("row_reader", cell, (28, 28, 1), 10) for cell in ("rnn", "lstm", "gru")},
        "pixel-lstm": ("row_reader", "lstm", (28, 28, 1), 10),
    },
    "autoencode": {
        "ae": ("autoencoder", (28, 28, 1)),
        "deep-ae": ("deep_autoencoder", (28, 28, 1)),
        "conv-ae": ("convolutional_autoencoder", (28, 28, 1)),
        "sparse-ae": ("sparse_autoencoder", (28, 28, 1)),
        "denoising-ae": ("denoising_autoencoder", (28, 28, 1)),
        "stacked-denoising": ("stacked_denoising", (28, 28, 1), 10),
        "vae": ("vae", (28, 28, 1)),
        "gan": ("gan", (28, 28, 1)),
        "conv-gan": ("convolutional_gan", (28, 28, 1)),
        "rbm": ("rbm", (28, 28, 1)),
        "dbn": ("dbn", (28, 28, 1), 10),
        "ladder": ("ladder", (28, 28, 1), 10),
    },
}


@pytest.mark.parametrize("name", NETWORKS)
def test_which_network_stands_behind_each_name(name):
    found = task.load(name)
    builds = {model: found.recipe(model).build for model in found.models}
    assert {model: (build.func.__name__, *build.args) for model, build in builds.items()} == NETWORKS[name]


def test_what_each_kind_of_autoencoder_has_of_its_own():
    kinds = {
        "autoencoder": ("ae", "deep-ae", "conv-ae", "sparse-ae", "denoising-ae"),
        "vae": ("vae",),
        "gan": ("gan", "conv-gan"),
        "rbm": ("rbm",),
        "classifier": ("stacked-denoising", "dbn"),
    }
    for kind, models in kinds.items():
        for model in models:
            recipe = autoencode.TASK.recipe(model)
            told = (recipe.endpoints, recipe.measure, recipe.shows)
            assert [function.__name__ for function in told] == [f"of_{kind}"] * 3
            places = [function.__module__.rpartition(".")[2] for function in told]
            assert (places, recipe.select, recipe.batches) == (["endpoints", "figures", "pictures"], None, None)
    ladder = autoencode.TASK.recipe("ladder")
    assert ladder.endpoints.__name__ == "of_ladder"
    assert ladder.measure(None, None, None) == {}
    assert (ladder.select, ladder.batches) == (autoencode.labels.few, autoencode.labels)


def test_what_a_task_takes_and_learns_with():
    assert (imdb.TASK.decode, mnist.TASK.decode, autoencode.TASK.decode) == (texts.decode, *[images.encode] * 2)
    assert (adding.TASK.decode, adding.TASK.picture, imdb.TASK.picture) == (None, None, None)
    assert (imdb.TASK.fit, imdb.TASK.batches, imdb.TASK.shows) == (imdb.words.fit, buckets, imdb.shows)
    assert (mnist.TASK.reject, mnist.TASK.select, mnist.TASK.prepare) == (
        *(mnist.foreign.reject, digits.select, mnist.prepare),
    )
    assert autoencode.TASK.prepare is mnist.prepare
    assert {name: task.load(name).recipe(model).shows for name, model in (("mnist", "cnn"), ("mnist", "gru"))} == {
        "mnist": mnist.mistakes
    }
    assert mnist.TASK.recipe("cnn").shows is mnist.shows
