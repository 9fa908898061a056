"""Training on images without labels first, or besides: codes, layers of RBMs, and the ladder network."""

from dataclasses import replace

import keras
import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._plan import Plan
from tfnotes.experiments._training import OF_A_POINT, POINT, accuracy, digits, mlp, more_digits, seeded, train
from tfnotes.experiments._verdicts import decide, gains
from tfnotes.experiments.figures import shares
from tfnotes.losses import SparseCategoricalCrossentropy
from tfnotes.models import autoencoder, dbn, ladder
from tfnotes.models._base import numbers
from tfnotes.optimizers import Adam
from tfnotes.preprocessing import PCA

PLAN = Plan((8, 16, 32), POINT, OF_A_POINT)


def labelled(seed, per_class, of=digits):
    """`(x, y, test_x, test_y, rows)`: the digits, and the places of so many of each class, drawn by the seed."""
    x, y, test_x, test_y = of()
    order = np.random.default_rng(seed).permutation(len(x))
    rows = np.concatenate([order[y[order] == digit][:per_class] for digit in range(10)])
    return x, y, test_x, test_y, rows


def code_rule(s, plan):
    few, all_ = ({other: s[f"code_{n}"] - s[f"{other}_{n}"] for other in ("pixels", "pca")} for n in ("few", "all"))
    return decide(
        {
            "right in 80 % of digits": plan.above(s["code_all"], 0.8),
            "better than pixels, 300 labels": plan.leads(few["pixels"]),
            "better than pixels, all labels": plan.leads(all_["pixels"]),
            "better than PCA, 300 labels": plan.leads(few["pca"]),
            "better than PCA, all labels": plan.leads(all_["pca"]),
        }
    )


@experiment({"ae-for-recognition": code_rule}, kind="training", plan=replace(PLAN, looks=(8, 16, 32, 64)), draw=shares)
def codes(seed, *, units="256-32", epochs=12, steps=400):
    """Test accuracy of linear classifiers of an autoencoder's code, PCA's components and pixels; 300 labels, all."""
    x, y, test_x, test_y, rows = labelled(seed, 30, more_digits)
    model = autoencoder((784,), units=units)
    model.compile(Adam(0.002), jit_compile=False)
    model.fit(x, epochs=epochs, batch_size=64, verbose=0)
    components = PCA(n_components=model.encoder.output_shape[-1])
    components.adapt(x)
    found = {}
    seen = {"code": model.encoder, "pca": components, "pixels": lambda images: images}
    for name, see in seen.items():
        inputs, tests = (np.asarray(see(tf.constant(images))) for images in (x, test_x))
        # To the same scale, so that none has its rate to itself.
        inputs, tests = ((v - inputs.mean(0)) / inputs.std() for v in (inputs, tests))
        for suffix, chosen in (("few", rows), ("all", np.arange(len(x)))):
            classifier = seeded(seed, mlp, [], "linear")
            train(classifier, inputs[chosen], y[chosen], steps=steps, seed=seed, optimizer=Adam(0.01))
            found[f"{name}_{suffix}"] = accuracy(classifier, tests, test_y)
    return found


def pretraining_rule(s, plan):
    few, all_ = (s[f"pretrained_{n}"] - s[f"random_{n}"] for n in ("few", "all"))
    relu = s["pretrained_few"] - s["relu_few"]
    return decide(
        {
            "100 labels": plan.leads(few),
            "100 labels, against ReLU": plan.leads(relu),
            "3,600 labels": plan.leads(all_),
        }
    )


@experiment({"rbm-dbn-pretraining": pretraining_rule}, kind="training", plan=PLAN, draw=shares)
def layers_of_rbms(seed, *, units="200-200", pretrain=8, steps=300):
    """Test accuracy of a deep belief network with and without pretraining, and of a ReLU network; few labels, all."""
    x, y, test_x, test_y, rows = labelled(seed, 10, more_digits)
    found = {}
    for name, epochs in (("pretrained", pretrain), ("random", 0)):
        keras.utils.set_random_seed(seed)
        model = dbn((784,), 10, units=units, pretrain=epochs, dropout=0.0)
        if epochs:
            model.compile(Adam(0.002), jit_compile=False)
            model.fit(x, y, epochs=epochs * model.depth, batch_size=64, verbose=0)
        start = model.get_weights()
        weights = [w for layer in (*model.hidden, model.head) for w in layer.trainable_weights]
        for suffix, chosen in (("few", rows), ("all", np.arange(len(x)))):
            model.set_weights(start)
            train(model, x[chosen], y[chosen], steps=steps, seed=seed, optimizer=Adam(0.002), trainable=weights)
            found[f"{name}_{suffix}"] = accuracy(model, test_x, test_y)
    keras.utils.set_random_seed(seed)
    model = mlp(numbers("layers_of_rbms", "units", units), "relu", kernel_initializer="he_normal")
    train(model, x[rows], y[rows], steps=steps, seed=seed, optimizer=Adam(0.002))
    return found | {"relu_few": accuracy(model, test_x, test_y)}


def ladder_rule(s):
    ahead = {name: s["ladder"] - s[name] for name in ("labelled_only", "plain")}
    return decide(
        {
            "against the same network without the unlabelled": gains(ahead["labelled_only"], 0.02),
            "against a plain network": gains(ahead["plain"], 0.02),
        },
        right=all(gains(-difference, 0.02) for difference in ahead.values()),
    )


@experiment({"ladder-few-labels": ladder_rule}, kind="training", seeds=8, draw=shares)
def ladder_with_few_labels(seed, *, units="200-100", steps=500):
    """Test accuracy with 100 labels: a ladder network, the same without unlabelled digits, and a plain network."""
    x, y, test_x, test_y, rows = labelled(seed, 10)
    found = {}
    for name, costs in (("ladder", "1000-10-0.1-0.1"), ("labelled_only", "0-0-0-0")):
        keras.utils.set_random_seed(seed)
        model = ladder((784,), 10, units=units, costs=costs)
        semi_supervised(model, x, y, rows, steps=steps, seed=seed)
        found[name] = accuracy(model, test_x, test_y)
    keras.utils.set_random_seed(seed)
    model = mlp(numbers("ladder_with_few_labels", "units", units), "relu")
    train(model, x[rows], y[rows], steps=steps, seed=seed, optimizer=Adam(0.002))
    return found | {"plain": accuracy(model, test_x, test_y)}


def semi_supervised(model, x, y, rows, *, steps, seed, batch=100):
    """Trains a ladder on all labelled rows and a batch of unlabelled ones in each step."""
    loss_of, optimizer = SparseCategoricalCrossentropy(from_logits=True), Adam(0.002)
    weights, rng = model.trainable_weights, np.random.default_rng(seed)
    optimizer.build(weights)
    labelled_x, labels, x = tf.constant(x[rows]), tf.constant(y[rows]), tf.constant(x)

    @tf.function
    def step(some):
        with tf.GradientTape() as tape:
            logits = model([labelled_x, tf.gather(x, some)], training=True)
            loss = tf.add_n([loss_of(labels, logits), *model.losses])
        known = zip(tape.gradient(loss, weights), weights, strict=True)
        gradients, learned = zip(*((g, w) for g, w in known if g is not None), strict=True)
        optimizer.apply(gradients, learned)

    for _ in range(steps):
        step(tf.constant(rng.choice(len(x), batch, replace=False)))
