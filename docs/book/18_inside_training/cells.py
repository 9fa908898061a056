# %% setup
import tempfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import callbacks
from tfnotes.callbacks.dead_units import LIMIT
from tfnotes.callbacks.input_scale import misscaled
from tfnotes.callbacks.saturation import saturated
from tfnotes.callbacks.update_ratios import HIGH, LOW
from tfnotes.doctor.examine import diagnose
from tfnotes.doctor.history import History
from tfnotes.doctor.rules import RULES
from tfnotes.layers import Dense
from tfnotes.losses import SparseCategoricalCrossentropy
from tfnotes.optimizers import Adam
from tfnotes_tasks.mnist import data


def network(depth, units, activation):
    """Dense layers on flat digits, compiled."""
    hidden = [Dense(units, activation=activation, name=f"dense_{k + 1}") for k in range(depth)]
    model = keras.Sequential([keras.Input((784,)), *hidden, Dense(10, name="logits")])
    loss = SparseCategoricalCrossentropy(from_logits=True)
    model.compile(Adam(0.003), loss, metrics=["accuracy"], jit_compile=False)
    return model


def by_epoch(*values):
    """Figures as the doctor keeps them, from epoch 1 on."""
    return dict(enumerate(values, start=1))


def examined(history):
    """What the doctor's rules find in a history: illness, since which epoch, which layers."""
    return [(found.illness, found.since, found.layers) for found in diagnose(history)]


# %% curves-real
keras.utils.set_random_seed(0)
digits = data.sample()
x, held = (part.x.reshape(-1, 784).astype("float32") / 255 for part in (digits.train, digits.validation))
y, held_y = digits.train.y, digits.validation.y
curves = (
    network(1, 256, "relu")
    .fit(x[:100], y[:100], epochs=15, batch_size=20, validation_data=(held, held_y), verbose=0)
    .history
)
figure, axes = plt.subplots(figsize=(6, 3))
for name in ("loss", "val_loss"):
    axes.plot(range(1, 16), curves[name], label=name)
axes.set_xlabel("epoch")
axes.legend()
for epoch in (1, 5, 15):
    print(epoch, {name: round(curves[name][epoch - 1], 2) for name in ("loss", "val_loss", "accuracy", "val_accuracy")})
assert curves["loss"][-1] < 0.1
assert min(curves["val_loss"]) > 0.5
assert curves["accuracy"][-1] == 1.0

# %% curves-paper
ill = {"loss": by_epoch(1.0, 0.5, 0.2, 0.1), "val_loss": by_epoch(1.1, 0.8, 0.9, 1.1)}
print(examined(History({"learning_rate": 0.001}, ill, {})))
print(round(1.1 / 0.8, 3))
assert examined(History({"learning_rate": 0.001}, ill, {})) == [("overfitting", 3, ())]
assert round(1.1 / 0.8, 3) == 1.375

# %% reading-curves-answer
slight = {"loss": by_epoch(1.0, 0.5, 0.2, 0.1), "val_loss": by_epoch(1.1, 0.8, 0.85, 0.95)}
print(examined(History({"learning_rate": 0.001}, slight, {})))
print(examined(History({"learning_rate": 0.001, "patience": 2}, ill, {})))
assert examined(History({"learning_rate": 0.001}, slight, {})) == []
assert examined(History({"learning_rate": 0.001, "patience": 2}, ill, {})) == []

# %% ratio-worked
weights, gradient = np.array([6.0, 8.0]), np.array([0.6, 0.8])
for rate in (1.0, 0.01, 1e-5):
    ratio = np.linalg.norm(rate * gradient) / np.linalg.norm(weights)
    print(rate, f"{ratio:.0e}", LOW < ratio < HIGH)
assert np.isclose(np.linalg.norm(0.01 * gradient) / np.linalg.norm(weights), 1e-3)

# %% ratio-adam
keras.utils.set_random_seed(0)
model = network(1, 64, "relu")
before = model.layers[0].kernel.numpy()
model.fit(x[:100], y[:100], batch_size=100, verbose=0)
moved = model.layers[0].kernel.numpy() - before
print(f"step {np.max(np.abs(moved)):.4f}   weights {np.std(before):.4f}")
print(f"ratio {np.linalg.norm(moved) / np.linalg.norm(before):.4f}")
assert np.isclose(np.max(np.abs(moved)), 0.003, rtol=0.01)

# %% update-ratios-answer
far = {"update_ratio/dense_1": by_epoch(0.4, 0.3, 0.2), "update_ratio/logits": by_epoch(0.2, 0.02, 0.01)}
print(examined(History({"learning_rate": 0.5}, {"loss": by_epoch(2.0, 1.9, 1.8)}, far)))
assert examined(History({"learning_rate": 0.5}, {"loss": by_epoch(2.0, 1.9, 1.8)}, far)) == [
    ("learning rate too high", 2, ("dense_1",))
]

# %% units-worked
outputs = np.array([[0.0, 2.0, 0.0, 0.1], [0.0, 0.0, 0.0, 3.0], [0.0, 1.0, 0.5, 0.0]])
on = np.mean(outputs > 0, axis=0)
print(np.round(on, 2), "dead", np.mean(on == 0), "limit", LIMIT)
assert np.mean(on == 0) == 0.25 == LIMIT

# %% units-saturated
z = np.array([-4.0, -1.0, 0.0, 1.0, 2.0])
print(np.round(np.tanh(z), 2))
print(saturated(np.tanh(z), -1, 1, 0.05))
print(np.round(1 - np.tanh(z) ** 2, 2))
assert saturated(np.tanh(z), -1, 1, 0.05).tolist() == [True, False, False, False, True]
assert round(1 - np.tanh(2.0) ** 2, 2) == 0.07

# %% units-answer
for scale, mean, std in (("0 - 1", 0.13, 0.31), ("0 - 255", 33.3, 78.6)):
    print(f"{scale:8} {misscaled(mean, std) is None}")
assert misscaled(0.13, 0.31) is None
assert misscaled(33.3, 78.6) is not None


# %% layers-measured
def norms(model):
    """The norm of the gradient of each layer's kernel, on one batch."""
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x[:200], y[:200], model(x[:200]))
    kernels = [layer.kernel.value for layer in model.layers]
    return {layer.name: float(tf.norm(g)) for layer, g in zip(model.layers, tape.gradient(loss, kernels), strict=True)}


figure, axes = plt.subplots(figsize=(6, 3))
found = {}
for activation in ("sigmoid", "relu"):
    keras.utils.set_random_seed(0)
    found[activation] = norms(network(8, 64, activation))
    axes.semilogy(list(found[activation].values()), marker="o", label=activation)
    print(f"{activation:8} {found[activation]['dense_1'] / max(found[activation].values()):.0e}")
axes.set_xlabel("layer")
axes.set_ylabel("|g|")
axes.legend()
assert found["sigmoid"]["dense_1"] < 1e-3 * max(found["sigmoid"].values())
assert found["relu"]["dense_1"] > 1e-3 * max(found["relu"].values())

# %% layers-examined
for activation in found:
    measured = {f"gradient_norm/{layer}": by_epoch(norm) for layer, norm in found[activation].items()}
    print(activation, examined(History({"learning_rate": 0.003}, {}, measured)))

# %% gradients-by-layer-answer
print(f"{0.25**5:.0e} {0.25**8:.0e}")
assert 0.25**5 < 1e-3 < 0.25**4

# %% tensorboard-write
with tempfile.TemporaryDirectory() as folder:
    keras.utils.set_random_seed(0)
    watching = [callbacks.GradientNorms(folder, x[:200], y[:200]), callbacks.DeadUnits(folder, x[:500])]
    network(2, 32, "relu").fit(x[:500], y[:500], epochs=2, verbose=0, callbacks=watching)
    print(sorted({path.name.split(".")[2] for path in Path(folder).iterdir()}))
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(folder).Reload()
    for tag in sorted(events.Tags()["tensors"]):
        print(tag, [round(float(tf.make_ndarray(event.tensor_proto)), 2) for event in events.Tensors(tag)])
    assert len(events.Tags()["tensors"]) == 8

# %% tensorboard-answer
named = [name for name in callbacks.__all__ if name[0].isupper()]
print(sorted(named))
assert {"FilterImages", "Mistakes", "Embeddings"} <= set(named)

# %% doctor-worked
sick = History(
    {"learning_rate": 0.7, "inspect": "full"},
    {"loss": by_epoch(2.4, 2.31, 2.31), "accuracy": by_epoch(0.1, 0.11, 0.1)},
    {
        "activation_mean/dense_1": by_epoch(0.0, 0.0, 0.0),
        "dead_units/dense_1": by_epoch(0.9, 1.0, 1.0),
        "update_ratio/dense_1": by_epoch(5.0, 0.3, 0.0),
        "update_ratio/logits": by_epoch(3.0, 0.2, 0.1),
    },
)
for finding in diagnose(sick):
    print(f"{finding.illness!r} since={finding.since} layers={finding.layers} cause={finding.cause!r}")
assert [line[0] for line in examined(sick)] == ["learning rate too high", "dead units"]
assert [finding.cause for finding in diagnose(sick)] == [None, "learning rate too high"]

# %% doctor-answer
print([rule.illness for rule in RULES if rule.needs is None])
print([rule.illness for rule in RULES if rule.needs is not None])
assert len(RULES) == 10
