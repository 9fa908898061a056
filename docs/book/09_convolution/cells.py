# %% setup
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops

from tfnotes import task
from tfnotes.layers import (
    AveragePooling2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
    MinPooling2D,
    ZeroPadding2D,
)
from tfnotes.layers.conv2d import conv2d
from tfnotes.preprocessing import PCA

digits = task.load("mnist").source("sample")(None).train.x.reshape(-1, 28, 28, 1) / 255.0
table = np.array([[35.0, 19, 25, 6], [13, 22, 16, 53], [4, 3, 7, 10], [9, 8, 1, 3]])
table = table[None, ..., None]
cross = np.array([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])[..., None, None]


def parameters(layer, shape):
    layer.build((None, *shape))
    return layer.count_params()


# %% conv2d-worked
print(np.asarray(conv2d(table, cross))[0, ..., 0])
print(np.asarray(ops.conv(table, cross))[0, ..., 0])
window = np.array([[18.0, 0, 51], [0, 121, 0], [35, 0, 204]])
print(np.sum(window * cross[..., 0, 0]))
assert np.asarray(conv2d(table, cross))[0, ..., 0].tolist() == [[93, 54], [42, 93]]
assert np.sum(window * cross[..., 0, 0]) == 429

# %% conv2d-picture
edges = np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]])
figure, axes = plt.subplots(1, 4, figsize=(8, 2.2))
shown = {"x": digits[0]}
for name, kernel in (("edges", edges), ("edges.T", edges.T), ("mean", np.full((3, 3), 1 / 9))):
    shown[name] = np.asarray(conv2d(digits[:1], kernel[..., None, None]))[0]
for panel, (name, image) in zip(axes, shown.items(), strict=True):
    panel.imshow(image[..., 0], cmap="gray")
    panel.set_title(name)
    panel.axis("off")

# %% conv2d-turned
impulse = np.zeros((1, 3, 3, 1))
impulse[0, 1, 1, 0] = 1
kernel = np.array([[1.0, 2], [3, 4]])
layer = np.asarray(conv2d(impulse, kernel[..., None, None]))[0, ..., 0]
convolution = np.asarray(conv2d(impulse, kernel[::-1, ::-1, None, None]))[0, ..., 0]
print(layer, convolution, sep="\n")
assert layer.tolist() == [[4, 3], [2, 1]]
assert convolution.tolist() == kernel.tolist()

# %% conv2d-parameters
print(parameters(Dense(1, use_bias=False), (2352,)), parameters(Dense(1), (2352,)))
outputs = 26 * 26 * 8
print(parameters(Dense(outputs), (28 * 28,)), 26 * 26 * parameters(Dense(8), (9,)))
print(parameters(Conv2D(8, 3), (28, 28, 1)))
assert parameters(Dense(1, use_bias=False), (28 * 28 * 3,)) == 2352
assert parameters(Conv2D(8, 3), (28, 28, 1)) == (3 * 3 * 1 + 1) * 8 == 80
assert parameters(Dense(outputs), (28 * 28,)) == 4_245_280
assert 26 * 26 * parameters(Dense(8), (9,)) == 54_080

# %% conv2d-answer
for first, second in ((8, 16), (16, 8)):
    costs = 26 * 26 * 9 * first, 11 * 11 * 9 * first * second
    print((first, second), costs, sum(costs))
x = ops.zeros((1, 28, 28, 1))
sizes = [(x := layer(x)).shape[1] for layer in (Conv2D(8, 3), MaxPooling2D(2), Conv2D(16, 3))]
assert sizes == [26, 13, 11]
assert [676 * 9 * f + 121 * 9 * 128 for f in (8, 16)] == [188_064, 236_736]

# %% zero_padding2d-worked
print(np.asarray(ZeroPadding2D(1)(table))[0, ..., 0].astype(int))
mean = np.full((3, 3, 1, 1), 1 / 9)
blurred = np.asarray(conv2d(np.ones((1, 4, 4, 1)), mean, padding="same"))[0, ..., 0]
print(blurred.round(3))
assert np.allclose([blurred[0, 0], blurred[0, 1], blurred[1, 1]], [4 / 9, 6 / 9, 1])

# %% zero_padding2d-sizes
image = ops.zeros((1, 28, 28, 1))
for size, padding, stride in ((3, 0, 1), (3, 1, 1), (5, 2, 1), (3, 1, 2), (5, 2, 2)):
    side = Conv2D(1, size, strides=stride, padding=padding)(image).shape[1]
    print(size, padding, stride, side)
    assert side == (28 + 2 * padding - size) // stride + 1
for padding, stride in (("valid", 1), ("same", 1), ("same", 2)):
    layer = Conv2D(1, 3, strides=stride, padding=padding)
    print(padding, stride, layer(table).shape[1])

# %% zero_padding2d-answer
odd = Conv2D(1, 7, padding=3)(image).shape[1]
even = [Conv2D(1, 4, padding=padding)(image).shape[1] for padding in (1, 2, ((1, 2), (1, 2)))]
print(odd, even)
assert odd == 28
assert even == [27, 29, 28]

# %% max_pooling2d-worked
for layer in (MaxPooling2D(2), AveragePooling2D(2), MinPooling2D(2)):
    print(type(layer).__name__, np.asarray(layer(table))[0, ..., 0], sep="\n")
assert np.asarray(MaxPooling2D(2)(table))[0, ..., 0].tolist() == [[35, 53], [9, 10]]
assert np.asarray(AveragePooling2D(2)(table))[0, ..., 0].tolist() == [[22.25, 25], [6, 5.25]]
assert np.asarray(MinPooling2D(2)(table))[0, ..., 0].tolist() == [[13, 6], [3, 1]]

# %% max_pooling2d-picture
figure, axes = plt.subplots(1, 4, figsize=(8, 2.2))
shown = {
    "x": digits[0],
    "max": MaxPooling2D(2)(digits[:1])[0],
    "average": AveragePooling2D(2)(digits[:1])[0],
    "max 4": MaxPooling2D(4)(digits[:1])[0],
}
for panel, (name, image) in zip(axes, shown.items(), strict=True):
    panel.imshow(np.asarray(image)[..., 0], cmap="gray", vmin=0, vmax=1)
    panel.set_title(name)
    panel.axis("off")
back = np.repeat(np.repeat(np.asarray(MaxPooling2D(2)(digits)), 2, axis=1), 2, axis=2)
print(round(float(np.sqrt(np.mean((back - digits) ** 2) / np.mean(digits**2))), 2))
assert np.sqrt(np.mean((back - digits) ** 2) / np.mean(digits**2)) > 0.5

# %% max_pooling2d-answer
pooled = -np.asarray(MaxPooling2D(2)(-table))
print(pooled[0, ..., 0])
sides = [MaxPooling2D(2, strides=s, padding="same")(digits[:1]).shape[1] for s in (1, 2)]
print(sides)
assert np.array_equal(pooled, np.asarray(MinPooling2D(2)(table)))
assert sides == [28, 14]

# %% global_average_pooling2d-worked
small = np.array([[1.0, 2], [3, 6]])[None, ..., None]
print(float(GlobalAveragePooling2D()(small)[0, 0]), float(GlobalMaxPooling2D()(small)[0, 0]))
for side in (28, 56):
    print(GlobalAveragePooling2D()(ops.zeros((1, side, side, 64))).shape)
assert float(GlobalAveragePooling2D()(small)[0, 0]) == 3
assert float(GlobalMaxPooling2D()(small)[0, 0]) == 6

# %% global_average_pooling2d-answer
flat, averaged = (parameters(Dense(10), (n,)) for n in (7 * 7 * 64, 64))
print(flat, averaged)
assert (flat, averaged) == (31_370, 650)

# %% flatten-worked
numbered = np.arange(8.0).reshape(1, 2, 2, 2)
print(np.asarray(Flatten()(numbered))[0])
swapped = digits[:1].reshape(1, 14, 2, 14, 2)[:, :, ::-1, :, ::-1].reshape(1, 28, 28, 1)
layer = Dense(10, kernel_initializer=keras.initializers.GlorotUniform(seed=1))
a, b = (np.asarray(layer(Flatten()(MaxPooling2D(2)(image)))) for image in (digits[:1], swapped))
print(np.abs(digits[:1] - swapped).max().round(2), np.abs(a - b).max())
assert np.asarray(Flatten()(numbered))[0].tolist() == list(range(8))
assert np.abs(digits[:1] - swapped).max() > 0.5
assert np.array_equal(a, b)

# %% flatten-answer
place = (1 * 2 + 0) * 2 + 1
print(place, numbered[0, 1, 0, 1])
assert place == numbered[0, 1, 0, 1] == 5

# %% convolution-as-reduction-ranks
small = np.asarray(AveragePooling2D(2)(digits[:1000]))
unit_images = np.eye(196).reshape(196, 14, 14, 1)


def matrix(filters, stride, padding):
    kernel = np.random.default_rng(1).normal(size=(3, 3, 1, filters))
    outputs = np.asarray(conv2d(unit_images, kernel, (stride, stride), padding))
    return outputs.reshape(196, -1)


maps = {
    "1 filter": matrix(1, 1, "valid"),
    "8 filters": matrix(8, 1, "valid"),
    "1 filter, stride 2": matrix(1, 2, "same"),
}
ranks = {name: (a.shape[1], int(np.linalg.matrix_rank(a))) for name, a in maps.items()}
for name, (outputs, rank) in ranks.items():
    print(f"{name:20}", outputs, rank)
assert ranks["1 filter"] == (144, 144)
assert ranks["8 filters"] == (1152, 196)
assert ranks["1 filter, stride 2"] == (49, 49)

# %% convolution-as-reduction-kept
x = small.reshape(-1, 196).astype("float64")
center = x.mean(axis=0)
x = x - center


def kept(y):
    fit = y @ np.linalg.lstsq(y, x, rcond=None)[0]
    return 1 - np.mean((x - fit) ** 2) / np.mean(x**2)


pca = PCA(n_components=49, dtype="float64")
pca.adapt(x)
mean = np.asarray(AveragePooling2D(2)(unit_images)).reshape(196, -1)
shares = {
    "Conv2D": kept(x @ maps["1 filter, stride 2"]),
    "AveragePooling2D": kept(x @ mean),
    "PCA": kept(np.asarray(pca(x))),
}
print({name: round(float(share), 3) for name, share in shares.items()})
assert abs(shares["Conv2D"] - 0.70) < 0.01
assert abs(shares["AveragePooling2D"] - 0.75) < 0.01
assert abs(shares["PCA"] - 0.92) < 0.01

# %% convolution-as-reduction-shift
kernel = np.random.default_rng(1).normal(size=(3, 3, 1, 1))
image = small[:1].astype("float64")
right = np.roll(image, 1, axis=2)
a, b = (np.asarray(conv2d(i, kernel)) for i in (image, right))
print("Conv2D", np.abs(a[:, :, :-1] - b[:, :, 1:]).max())
p, q = (np.asarray(pca(i.reshape(1, 196) - center))[0] for i in (image, right))
print("PCA", round(float(np.linalg.norm(p - q) / np.linalg.norm(p)), 2))
assert np.abs(a[:, :, :-1] - b[:, :, 1:]).max() < 1e-12
assert np.linalg.norm(p - q) / np.linalg.norm(p) > 0.3

# %% convolution-as-reduction-answer
four = matrix(4, 2, "same")
print(four.shape[1], np.linalg.matrix_rank(four))
assert four.shape[1] == np.linalg.matrix_rank(four) == 7 * 7 * 4 == 196
