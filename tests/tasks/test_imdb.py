"""IMDB: preparation learned of the training split alone; models from training to plain TensorFlow.

Of models alike one stands for the others, unless TFNOTES_ALL_MODELS is set (`make test-models`).
"""

import io
import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from rich.console import Console

from tfnotes.callbacks import Progress
from tfnotes.serving import evaluate
from tfnotes.serving.export import export
from tfnotes.task import Split
from tfnotes.training import config, loop
from tfnotes.training.run import Run
from tfnotes_tasks import adding, imdb
from tfnotes_tasks.imdb import words

ODD = [
    b"",
    b"   ",
    b"<br />",
    b"good plot bad music",
    b"bad plot good music",
    "É naïve 电影 see\u2028it 🎬".encode(),
    b"\xff\xfe not UTF-8 \x80",
    b"x" * 200_000,
    b"good " * 5_000,
    b"see\x00nul",
    b"\r\n\t",
]

CHILD = """
import sys
sys.modules["tfnotes"] = sys.modules["tfnotes_tasks"] = sys.modules["keras"] = None
import numpy as np
import tensorflow as tf
texts = np.load("texts.npy", allow_pickle=True).tolist()
found = {}
for folder in sys.argv[1:]:
    served = tf.saved_model.load(folder).signatures
    assert sorted(served) == ["ids", "layers", "serving_default", "texts"], served
    for name in ("serving_default", "texts"):
        found[f"{folder}/{name}"] = served[name](texts=tf.constant(texts))["probabilities"].numpy()
        alone = [served[name](texts=tf.constant([text]))["probabilities"].numpy()[0] for text in texts]
        np.testing.assert_allclose(alone, found[f"{folder}/{name}"], rtol=1e-4, atol=1e-6)
        assert served[name](texts=tf.constant([], tf.string))["sentiment"].shape == (0,)
np.savez("answers.npz", **{key.replace("/", "|"): value for key, value in found.items()})
"""

SMALL = {
    "bow": ["width=4"],
    "bigram": ["width=4", "buckets=500"],
    "cnn": ["width=8", "filters=4"],
    **{name: ["width=4", "units=4"] for name in ("rnn", "gru", "lstm", "bilstm", "deep-bilstm")},
}
CHOSEN = SMALL if os.environ.get("TFNOTES_ALL_MODELS") else ("bow", "bigram", "cnn", "lstm")


def train(path, splits, **options):
    task = imdb.TASK
    run = Run.create(path, config.configure(task, **options) | config.describe_data(splits))
    loop.train(run, task, splits)
    return run


@pytest.fixture(scope="module")
def runs(reviews, tmp_path_factory):
    """A run and an export of each chosen model."""
    folder = tmp_path_factory.mktemp("imdb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(imdb.TASK.sources, "sample", lambda data_dir: reviews)
        found = {}
        for name in CHOSEN:
            settings = [*SMALL[name], "vocabulary=40", "length=30"]
            run = train(folder / "runs" / name, reviews, model=name, epochs=1, settings=settings)
            found[name] = run, export(run, folder / name)
    return found


def test_no_model_is_left_out():
    assert set(SMALL) == set(imdb.TASK.models)


def test_every_model_is_served_by_plain_tensorflow(runs, tmp_path):
    np.save(tmp_path / "texts.npy", np.array(ODD, object), allow_pickle=True)
    exports = [str(path) for _, path in runs.values()]
    child = subprocess.run(
        [sys.executable, "-I", "-c", CHILD, *exports], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr[-2000:]
    served = np.load(tmp_path / "answers.npz")
    for name, (run, path) in runs.items():
        ids = run.prepare(run.setup().recipe)(tf.constant(ODD))
        expected = keras.ops.softmax(run.model()(ids))
        for endpoint in ("texts", "serving_default"):
            received = served[f"{path}/{endpoint}".replace("/", "|")]
            np.testing.assert_allclose(received, expected, rtol=1e-5, atol=1e-6, err_msg=name)


def test_every_model_can_be_evaluated(runs, reviews, monkeypatch):
    monkeypatch.setitem(imdb.TASK.sources, "sample", lambda data_dir: reviews)
    for run, _ in runs.values():
        figures, test = evaluate.evaluate_run(run), run.test()
        assert figures["loss"] == pytest.approx(test["loss"], rel=1e-6)
        assert np.float32(figures["accuracy"]) == np.float32(test["accuracy"])
        assert figures["labels"] == ["negative", "positive"]
        assert all(mistake["example"] in {x.decode() for x in reviews.test.x} for mistake in figures["mistakes"])
        assert json.loads(json.dumps(figures)) == figures


def test_pairs_of_words_tell_what_a_bag_cannot(reviews, tmp_path):
    options = {"epochs": 12, "learning_rate": 0.02, "batch_size": 16}
    settings = {"bow": [], "bigram": ["buckets=500"]}
    accuracy = {
        name: train(tmp_path / name, reviews, model=name, settings=chosen, **options).test()["accuracy"]
        for name, chosen in settings.items()
    }
    assert accuracy["bow"] < 0.7
    assert accuracy["bigram"] > 0.95


def test_resumed_exactly(reviews, tmp_path):
    options = {"model": "bigram", "settings": ["buckets=500"]}
    whole = train(tmp_path / "whole", reviews, epochs=3, **options)
    broken = train(tmp_path / "broken", reviews, epochs=1, **options)
    broken.extend(3)
    loop.train(broken, imdb.TASK, reviews)
    for name in ("metrics.jsonl", "test.json"):
        assert (whole.path / name).read_bytes() == (broken.path / name).read_bytes()
    left, right = (np.load(r.path / "checkpoints" / "epoch-0003" / "variables.npz") for r in (whole, broken))
    assert all(np.array_equal(left[key], right[key]) for key in left)


def test_what_plain_makes_of_texts():
    found = words.plain(tf.constant(["It's GREAT!<br /><br />É très-bon, 10/10", "电影。好"])).numpy()
    assert [text.decode().split() for text in found] == [
        ["it's", "great", "!", "e", "tres", "-", "bon", ",", "10", "/", "10"],
        ["电影", "。", "好"],
    ]


def test_capitals_that_tensorflow_does_not_know_yet():
    # Vithkuqi, Glagolitic and Latin capitals of Unicode 14, Deseret, and a small letter.
    found = words.plain(tf.constant(["\U0001058e \u2c2f \ua7c0 \U00010400 \U000105b5"])).numpy()
    assert found[0].decode().split() == ["\U000105b5", "\u2c5f", "\ua7c1", "\U00010428", "\U000105b5"]


@pytest.mark.parametrize(
    ("texts", "length", "expected"),
    [
        ([[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 0, 0, 0, 0, 0, 0, 0]], 4, [[1, 7, 8, 9], [1, 2, 0, 0]]),
        ([[1, 2, 3, 4], [1, 2, 3, 0]], 4, [[1, 2, 3, 4], [1, 2, 3, 0]]),
        ([[1, 2, 3, 4, 5], [1, 2, 3, 4, 0]], 4, [[1, 3, 4, 5], [1, 2, 3, 4]]),
        ([[1, 2, 0, 0, 0, 0]], 4, [[1, 2]]),
        ([[0, 0]], 4, [[0]]),
        ([[]], 4, [[0]]),
    ],
)
def test_ends_by_hand(texts, length, expected):
    np.testing.assert_array_equal(words.Ends(length)(np.array(texts, "int64")), expected)


def test_how_much_of_the_vocabulary_is_learned_is_told():
    told = []
    words.fit(Split(np.array([b"a"] * 1001), np.zeros(1001)), progress=lambda *counts: told.append(counts))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert "progress" not in imdb.TASK.recipe("bow").settings()


def test_a_bar_shows_how_much_of_the_vocabulary_is_learned(reviews, tmp_path):
    out = io.StringIO()
    options = {"model": "bow", "epochs": 1, "settings": SMALL["bow"]}
    run = Run.create(tmp_path / "run", config.configure(imdb.TASK, **options) | config.describe_data(reviews))
    with Progress(Console(file=out, force_terminal=True, width=100)) as progress:
        loop.train(run, imdb.TASK, reviews, callbacks=[progress])
    assert out.getvalue().index("preparation") < out.getvalue().index("epoch 1/1")


def test_the_vocabulary_is_the_training_splits_alone(tmp_path):
    split = Split(np.array([b"b a a c c c\xc2\x85d", "e\u2028e e e".encode()], object), np.array([0, 1]))
    fitted = words.fit(split, vocabulary=6, length=10)
    fitted.save(tmp_path / "preparation.keras")
    for prepare in (fitted, keras.models.load_model(tmp_path / "preparation.keras")):
        known = prepare.get_layer("words").get_vocabulary()
        assert known[:4] == ["", "[UNK]", "e", "c"]
        assert len(known) == 6
        np.testing.assert_array_equal(prepare(tf.constant([b"c! e", b"E"])), [[3, 1, 2], [2, 0, 0]])


@pytest.mark.parametrize("task", [imdb, adding])
def test_the_norm_of_all_gradients_together_is_cut(task):
    optimizer = task.optimizer(0.1, clipnorm=2.0)
    assert (optimizer.global_clipnorm, optimizer.clipnorm) == (2.0, None)
