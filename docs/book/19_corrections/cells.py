# %% setup
from collections import Counter

import numpy as np

from tfnotes.experiments import ledger
from tfnotes.preprocessing import PCAWhitening

# %% verdicts-counted
entries = ledger.recorded()
counts = Counter(entry["verdict"] for entry in entries.values())
for verdict, count in counts.most_common():
    print(f"{verdict:12} {count:3}  {count / len(entries):.0%}")
print(len(entries))
assert sum(counts.values()) == len(ledger.claims())
assert round(counts["REFUTED"] / 101, 1) == 0.1
assert counts["QUALIFIED"] / 101 > 0.5
assert counts["QUALIFIED"] > counts["CONFIRMED"] > counts["REFUTED"] > counts["INCONCLUSIVE"] == 0

# %% verdicts-answer
notes = [{place.split(":")[0] for place in entry["source"]} for entry in entries.values()]
print(Counter(map(len, notes)))
assert sum(len(found) > 1 for found in notes) == 13

# %% slips-worked
print(28 * 28 * 15 * 10 + 15 + 10, 28 * 28 * 15 + 15 + 15 * 10 + 10)
print(28 * 28 * 3, 28 * 28 * 3 + 1, 15 * (28 * 28 * 3 + 1))
print((8 // 2) ** 2, (8 // 4) ** 2)
assert 28 * 28 * 15 * 10 + 15 + 10 == 117_625
assert 28 * 28 * 15 + 15 + 15 * 10 + 10 == 11_935
assert (28 * 28 * 3, 15 * (28 * 28 * 3 + 1)) == (2352, 35_295)
assert ((8 // 2) ** 2, (8 // 4) ** 2) == (16, 4)

# %% slips-answer
print(784 * 32 + 32 + 32 * 10 + 10)
assert 784 * 32 + 32 + 32 * 10 + 10 == 25_450

# %% mixed-up-whitening
rng = np.random.default_rng(0)
uniform = rng.uniform(-1, 1, (20_000, 2)) @ np.array([[1.0, 0.5], [0.0, 1.0]])
layer = PCAWhitening()
layer.adapt(uniform.astype("float32"))
white = np.array(layer(uniform.astype("float32")))
print("covariance", np.round(np.cov(white.T), 2).tolist())
print("4th moment", [round(float(np.mean(part**4)), 1) for part in white.T], "normal", 3)
assert np.allclose(np.cov(white.T), np.eye(2), atol=0.01)
assert np.all(np.mean(white**4, axis=0) < 2.7)

# %% mixed-up-rate
x = 3.0
for slope, f in ((lambda x: 2 * x, lambda x: x**2), (lambda x: 20 * x, lambda x: 10 * x**2)):
    gradient = slope(x)
    print(round(f(x) - f(x - 0.001 * gradient), 4), round(0.001 * gradient**2, 4))
    assert np.isclose(f(x) - f(x - 0.001 * gradient), 0.001 * gradient**2, rtol=0.02)

# %% mixed-up-answer
four = np.array([[1.0, 0.0], [0.0, 0.0]])
other = np.array([[0.0, 0.0], [0.0, 1.0]])
print(four.max() == other.max(), np.abs(four - other).sum())
assert four.max() == other.max()

# %% undecided-worked
differences = np.array([0.5, 3.1, 2.0, 1.2, 2.9])
half = 2.776 * differences.std(ddof=1) / np.sqrt(5)
print(round(differences.mean(), 2), round(differences.mean() - half, 2), round(differences.mean() + half, 2))
assert round(differences.mean(), 2) == 1.94
assert (round(differences.mean() - half, 2), round(differences.mean() + half, 2)) == (0.57, 3.31)

# %% undecided-answer
sure = {}
for n, t in ((5, 2.776), (6, 2.571), (7, 2.447), (8, 2.365)):
    half = t * differences.std(ddof=1) / np.sqrt(n)
    sure[n] = bool(differences.mean() - half > 1)
    print(n, round(half, 2), sure[n])
assert sure == {5: False, 6: False, 7: False, 8: True}
