# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np

from tfnotes import optimizers, schedules
from tfnotes.clipping import clip_by_global_norm, clip_by_norm, clip_by_value
from tfnotes.optimizers.adagrad import adagrad_step
from tfnotes.optimizers.adam import adam_step
from tfnotes.optimizers.rmsprop import rmsprop_step
from tfnotes.optimizers.sgd import sgd_step

# %% descent-worked
w, rate, falls = 1.0, 0.1, []
for _ in range(3):
    g = 2 * w
    after = w - rate * g
    fall = w**2 - after**2
    print(f"w = {w:.3f}   g = {g:.2f}   decrease = {fall:.3f}   rate g**2 = {rate * g**2:.3f}")
    falls.append(fall)
    w = after
assert round(w, 9) == 0.512
assert round(falls[0], 9) == 0.36 > falls[1] > falls[2]

# %% descent-rates
paths = {}
for rate in (0.01, 0.1, 0.5, 0.9, 1.1):
    path = [1.0]
    for _ in range(20):
        path.append(path[-1] - rate * 2 * path[-1])
    paths[rate] = path
    print(f"rate = {rate:4}   factor = {1 - 2 * rate:5.2f}   w[20] = {path[-1]:7.4f}")
assert paths[0.5][1] == 0
assert abs(paths[1.1][-1]) > 38

# %% descent-picture
figure, axes = plt.subplots(figsize=(6, 2.8))
for rate, path in paths.items():
    axes.plot(path, ".-", label=f"rate = {rate}")
axes.set(xlabel="step", ylabel="w", ylim=(-2.2, 2.2), xticks=range(0, 21, 4))
axes.legend(bbox_to_anchor=(1.02, 1), loc="upper left")

# %% descent-one-example
w = [0.0, 0.0 - 0.1 * 2 * (0.0 - 1.0)]
mean_loss = [((v - 1) ** 2 + (v + 1) ** 2) / 2 for v in w]
print("w =", w, "  loss =", np.round(mean_loss, 9).tolist())
assert np.round(mean_loss, 9).tolist() == [1, 1.04]

# %% descent-answer
for rate in (0.1, 0.01):
    steps = int(np.ceil(np.log(0.01) / np.log(1 - 2 * rate)))
    print(f"rate = {rate}   steps = {steps}   steps * rate = {steps * rate:.2f}")
assert [int(np.ceil(np.log(0.01) / np.log(f))) for f in (0.8, 0.98)] == [21, 228]

# %% batches-noise
rng = np.random.default_rng(0)
x = rng.normal(size=(1024, 3))
y = x @ np.array([1.0, -2.0, 0.5]) + rng.normal(size=1024)
each = 2 * (0 - y)[:, None] * x
noise = {}
for size in (1, 4, 16, 64):
    drawn = each[rng.integers(1024, size=(20_000, size))].mean(1)
    noise[size] = drawn.std(0).mean()
    print(f"batch = {size:2}   noise of the gradient = {noise[size]:.2f}")
assert 1.9 < noise[1] / noise[4] < 2.1
assert 1.9 < noise[16] / noise[64] < 2.1

# %% epochs-picture
rng = np.random.default_rng(1)


def features(t):
    """Waves of 12 frequencies and a constant."""
    waves = [f(k * t[:, None]) for k in range(1, 13) for f in (np.sin, np.cos)]
    return np.concatenate([np.ones((len(t), 1)), *waves], axis=1)


def draw(n):
    t = rng.uniform(0, 2 * np.pi, n)
    return features(t), np.sin(t) + rng.normal(0, 0.4, n)


(a, b), (test_a, test_b) = draw(20), draw(500)
w, seen = np.zeros(25), []
for _ in range(3000):
    seen.append((np.mean((a @ w - b) ** 2), np.mean((test_a @ w - test_b) ** 2)))
    w -= 0.05 * 2 / len(a) * a.T @ (a @ w - b)
train_loss, test_loss = np.array(seen).T
figure, axes = plt.subplots(figsize=(6, 2.6))
axes.semilogx(range(1, 3001), train_loss, label="train")
axes.semilogx(range(1, 3001), test_loss, label="test")
axes.set(xlabel="epoch", ylabel="loss")
axes.legend()
assert test_loss.min() < test_loss[0]
assert test_loss[-1] > 1.5 * test_loss.min()
assert train_loss[-1] == train_loss.min()

# %% batches-answer
print("steps =", 60_000 // 32 * 10, "  full batch:", 10)
print("noise ratio, 32 / 128:", np.sqrt(128 / 32))
assert 60_000 // 32 * 10 == 18750

# %% sgd-worked
v, w = 0.0, 0.0
for t in range(1, 61):
    v, change = sgd_step(1.0, v, 0.1, 0.9, False)
    w = w + float(change)
    if t in (1, 2, 3, 60):
        print(f"t = {t:2}   v = {float(v):.3f}")
    if t == 3:
        assert round(float(v), 3) == -0.271
assert round(float(v), 2) == -1.0

# %% sgd-ravine
curvature = np.array([0.02, 1.0])


def ravine(w):
    return 0.5 * np.sum(curvature * w**2, axis=-1)


def descend(step, steps, *state):
    """The path from (-4, 1.5); `step` gives the change and the new state."""
    path = [np.array([-4.0, 1.5])]
    for t in np.arange(1.0, steps + 1):
        change, *state = step(curvature * path[-1], t, *state)
        path.append(path[-1] + np.asarray(change))
    return np.array(path)


def momentum(m, nesterov=False, rate=1.3):
    return lambda g, t, v: sgd_step(g, v, rate, m, nesterov)[::-1]


zero = np.zeros(2)
ways = {
    "plain": momentum(0.0),
    "momentum": momentum(0.75),
    "nesterov": momentum(0.75, nesterov=True),
}
ends = {name: descend(step, 40, zero) for name, step in ways.items()}
for name, path in ends.items():
    print(f"{name:9} f after 40 steps = {ravine(path[-1]):.1e}")
assert ravine(ends["momentum"][-1]) < 0.01 * ravine(ends["plain"][-1])


# %% sgd-picture
def contours():
    """Axes with the ravine's lines of equal height."""
    axes = plt.subplots(figsize=(7, 2.6))[1]
    grid = np.stack(np.meshgrid(np.linspace(-4.5, 1, 200), np.linspace(-2, 2, 100)), -1)
    levels = np.geomspace(0.005, 2, 9)
    axes.contour(*np.moveaxis(grid, -1, 0), ravine(grid), levels=levels, linewidths=0.5, colors="gray")
    axes.set(xlabel="w1", ylabel="w2")
    return axes


axes = contours()
for name, path in ends.items():
    axes.plot(*path.T, ".-", ms=4, lw=1, label=name)
axes.legend(fontsize=8)


# %% sgd-answer
arrived = {}
for m in (0.0, 0.5, 0.75, 0.9, 0.99):
    far = np.linalg.norm(descend(momentum(m), 800, zero), axis=1) > 0.1
    arrived[m] = int(np.nonzero(far)[0][-1]) + 1
    print(f"momentum = {m}   1 / (1 - m) = {1 / (1 - m):5.1f}   steps = {arrived[m]}")
assert [arrived[m] for m in (0.75, 0.0, 0.99)] == [23, 141, 739]

# %% adagrad-worked
a, v, changes = 0.0, 0.0, []
for g in (3.0, 4.0):
    ada, a = adagrad_step(g, a, 1.0, 0.0)
    rms, v, _, _ = rmsprop_step(g, v, None, None, 1.0, 0.5, 0.0, 0.0)
    print(f"g = {g}   a = {float(a):5.2f}   change = {float(ada):.3f}   (adagrad)")
    print(f"        v = {float(v):5.2f}   change = {float(rms):.3f}   (rmsprop)")
    changes.append((round(float(ada), 3), round(float(rms), 3)))
assert changes == [(-1.0, -1.414), (-0.8, -1.249)]

# %% adagrad-picture
a, v, sizes = 0.0, 0.0, []
for _ in range(100):
    ada, a = adagrad_step(1.0, a, 1.0, 1e-7)
    rms, v, _, _ = rmsprop_step(1.0, v, None, None, 1.0, 0.9, 0.0, 1e-7)
    sizes.append((-float(ada), -float(rms)))
figure, axes = plt.subplots(figsize=(6, 2.6))
axes.loglog(range(1, 101), np.array(sizes)[:, 0], label="adagrad")
axes.loglog(range(1, 101), np.array(sizes)[:, 1], label="rmsprop")
axes.set(xlabel="t", ylabel="-change")
axes.legend()

# %% adagrad-answer
print("adagrad, t = 100:", round(sizes[-1][0], 4))
print("rmsprop, t = 1 and 100:", [round(sizes[t][1], 2) for t in (0, -1)])
assert round(sizes[-1][0], 4) == 0.1
assert round(sizes[-1][1], 3) == 1.0
assert round(sizes[0][1], 2) == 3.16

# %% adam-worked
for g in (7.0, 0.001):
    change, m, v, _ = adam_step(g, 0.0, 0.0, None, 1.0, 0.1, 0.9, 0.999, 1e-7)
    print(f"g = {g}   m = {float(m):.4f}   v = {float(v):.1e}   change = {float(change):.4f}")
    assert abs(float(change) + 0.1) < 1e-3

# %% adam-keras
for name in ("SGD", "Adagrad", "RMSprop", "Adam"):
    w = [keras.Variable([1.0, -2.0]) for _ in range(2)]
    for module, variable in zip((optimizers, keras.optimizers), w, strict=True):
        optimizer = getattr(module, name)(learning_rate=0.1)
        for step in range(5):
            optimizer.apply([variable * (step + 1.0)], [variable])
    difference = float(np.max(np.abs(w[0] - w[1])))
    print(f"{name:8} {np.asarray(w[0]).round(4)}   max |ours - keras| = {difference:.0e}")
    assert difference < 1e-6

# %% adam-picture
steps = {
    "sgd": lambda g, t: (-1.3 * g,),
    "adagrad": lambda g, t, a: adagrad_step(g, a, 1.0, 1e-7),
    "rmsprop": lambda g, t, v: rmsprop_step(g, v, None, None, 0.1, 0.9, 0.0, 1e-7)[:2],
    "adam": lambda g, t, m, v: adam_step(g, m, v, None, t, 0.2, 0.9, 0.999, 1e-7)[:3],
}
states = {"sgd": (), "adagrad": (zero,), "rmsprop": (zero,), "adam": (zero, zero)}
axes = contours()
for name, state in states.items():
    axes.plot(*descend(steps[name], 40, *state).T, ".-", ms=4, lw=1, label=name)
axes.legend(fontsize=8)

# %% adam-answer
m, v = 0.0, 0.0
for t, g in ((1.0, 1.0), (2.0, -1.0)):
    change, m, v, _ = adam_step(g, m, v, None, t, 1.0, 0.9, 0.999, 1e-12)
    print(f"g = {g:4}   m = {float(m):.3f}   change = {float(change):.4f}")
assert round(float(change), 4) == round(0.01 / 0.19, 4) == 0.0526

# %% schedules-worked
decays = {
    "StepDecay": schedules.StepDecay(0.5, decay_steps=10),
    "ExponentialDecay": schedules.ExponentialDecay(0.5, decay_steps=10, decay_rate=0.5),
    "InverseTimeDecay": schedules.InverseTimeDecay(0.5, decay_steps=10, decay_rate=1.0),
}
for name, schedule in decays.items():
    print(f"{name:16}", [round(float(schedule(t)), 3) for t in (0, 5, 10, 20, 90)])
assert [round(float(d(20)), 4) for d in decays.values()] == [0.125, 0.125, 0.1667]

# %% schedules-picture
figure, axes = plt.subplots(figsize=(6, 2.6))
for name, schedule in decays.items():
    axes.plot(schedule(np.arange(60)), label=name)
axes.set(xlabel="step", ylabel="rate")
axes.legend()

# %% schedules-noise
rng, n = np.random.default_rng(0), 400
errors = rng.normal(size=(n, 1000))
rates = {
    "constant": np.full(n, 0.3),
    "InverseTimeDecay": np.asarray(schedules.InverseTimeDecay(0.3, 10, 1.0)(np.arange(n))),
    "ExponentialDecay": np.asarray(schedules.ExponentialDecay(0.3, 5, 0.5)(np.arange(n))),
}
last = {}
for name, rate in rates.items():
    w = np.full(1000, 10.0)
    for t in range(n):
        w = w - rate[t] * (w + errors[t])
    last[name] = np.sqrt(np.mean(w**2))
    print(f"{name:16} {last[name]:.3f}")
assert last["InverseTimeDecay"] < 0.25 * last["constant"] < last["ExponentialDecay"]

# %% schedules-answer
print("1/t:", 1 / 0.1 - 1, "  exponential:", round(np.log2(10), 2))
assert round(float(decays["InverseTimeDecay"](90)), 6) == 0.05
assert round(float(decays["ExponentialDecay"](10 * np.log2(10))), 6) == 0.05

# %% clipping-worked
g = np.array([3.0, 4.0])
print("value :", np.asarray(clip_by_value(g, -1, 1)))
print("norm  :", np.asarray(clip_by_norm(g, 1)))
clipped, norm = clip_by_global_norm([g[:1], g[1:]], 1)
print("global:", [np.asarray(c).tolist() for c in clipped], float(norm))
assert np.asarray(clip_by_value(g, -1, 1)).tolist() == [1, 1]
assert np.allclose(clip_by_norm(g, 1), [0.6, 0.8])
assert float(norm) == 5

# %% clipping-answer
g = np.array([0.1, 10.0])
for c in (g, clip_by_value(g, -1, 1), clip_by_norm(g, 1)):
    print(np.asarray(c).round(4), "  angle =", np.degrees(np.arctan2(c[1], c[0])).round(1))
assert round(float(np.degrees(np.arctan2(1, 0.1))), 1) == 84.3
assert round(float(np.degrees(np.arctan2(10, 0.1))), 1) == 89.4
