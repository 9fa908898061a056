"""Mutants of the models with a rule of their own."""

from tests.mutants import Mutant

BASE, RANDOM, STAGED, OBJECTIVE = (f"tfnotes/models/_{name}.py" for name in ("base", "random", "staged", "objective"))
RBM, ANNEALING, VAE, GAN, LADDER, DBN, AUTOENCODER, DENOISING, DEEP = (
    f"tfnotes/models/{name}.py"
    for name in (
        *("rbm", "annealing", "vae", "gan", "ladder", "dbn"),
        *("autoencoder", "stacked_denoising", "deep_autoencoder"),
    )
)
IN_STAGES = ("tests/models/test_staged.py",)
CODES = ("tests/models/test_autoencoder.py",)

MUTANTS = [
    Mutant(BASE, "if not 0 <= low <= high <= 1:", "if not low <= high <= 1:"),
    Mutant(BASE, "if not 0 <= low <= high <= 1:", "if low < 0 or high > 1:"),
    Mutant(BASE, "    yield first\n", ""),
    Mutant(BASE, "(value or kind is float)", "True"),
    Mutant(RANDOM, "* 2654435761 + self.drawn * 40503", "* 40503 + self.drawn * 40503"),
    Mutant(RANDOM, "return Stream(random.seed, k + 1)", "return Stream(random.seed, 1)"),
    Mutant(RANDOM, "seed=random) < p", "seed=random) > p"),
    Mutant(RBM, "ops.matmul(ops.transpose(v), h) / n", "ops.matmul(ops.transpose(v), h)"),
    Mutant(RBM, "[n - p for n, p in zip(negative", "[p - n for n, p in zip(negative"),
    Mutant(RBM, "            p = ops.sigmoid(self.visible(state[2]))\n            v = bernoulli(p, now)\n",
           "            v = p = ops.sigmoid(self.visible(state[2]))\n"),
    Mutant(RBM, "return v, p, self.draw(self.hidden(v), now)", "return v, p, self.hidden(v)"),
    Mutant(RBM, "            self.chain.assign(h_k)\n", "            pass\n"),
    Mutant(RBM, "        drawn = self.draw(h, self.random)\n", "        drawn = h\n"),
    Mutant(RBM, "statistics(v_k, self.hidden(v_k))", "statistics(v_k, h_k)[:1] + statistics(v, h_k)[1:]"),
    Mutant(RBM, "- ops.sum(units, axis=-1)", "+ ops.sum(units, axis=-1)"),
    Mutant(RBM, "ops.softplus(self.free_energy(v) - self.free_energy(flipped))",
           "ops.softplus(self.free_energy(flipped) - self.free_energy(v))"),
    Mutant(RBM, "flipped = v + one * (1 - 2 * v)", "flipped = v + one"),
    Mutant(RBM, "v = bernoulli(x, self.random) if self.binarize else x\n        h", "v = x\n        h"),
    Mutant(RBM, "if self.chain is None:\n            h = b", "if True:\n            h = b"),
    Mutant(RBM, "randint((count,), 0, self.chains, seed=random)", "randint((count,), 0, 1, seed=random)"),
    Mutant(ANNEALING, "before, t = (ops.cast(n, b.dtype) / steps for n in (k, k + 1))",
           "t, before = (ops.cast(n, b.dtype) / steps for n in (k, k + 1))"),
    Mutant(ANNEALING, "machine.layer.units * ops.log", "machine.size * ops.log"),
    Mutant(ANNEALING, "h = bernoulli(ops.sigmoid(t * a), now)", "h = bernoulli(ops.sigmoid(a), now)"),
    Mutant(ANNEALING, "log_z0 + top + ops.log(ops.mean(w))", "log_z0 + ops.mean(log_w)"),
    Mutant(ANNEALING, "(ops.sum(x, axis=0) + 0.05) / (n + 0.1)", "ops.sum(x, axis=0) / n"),
    Mutant(VAE, "mean + ops.exp(s / 2) * keras.random.normal(ops.shape(mean), dtype=mean.dtype, seed=self.random)",
           "mean + ops.exp(s) * keras.random.normal(ops.shape(mean), dtype=mean.dtype, seed=self.random)"),
    Mutant(VAE, "divergence = gaussian_kl_divergence(mean, s)", "divergence = gaussian_kl_divergence(mean, 2 * s)"),
    Mutant(VAE, "- log_normal(z, mean, s)", "+ log_normal(z, mean, s)"),
    Mutant(VAE, "axis=-1) - math.log(samples)", "axis=-1)"),
    Mutant(VAE, "math.log(2 * math.pi)", "math.log(math.pi)"),
    Mutant(VAE, "        x = bernoulli(x, self.random) if self.binarize else x\n", ""),
    Mutant(GAN, "ops.softplus(-real) + smooth * real", "ops.softplus(-real) - smooth * real"),
    Mutant(GAN, "return ops.mean(ops.softplus(-fake))", "return -ops.mean(ops.softplus(fake))"),
    Mutant(GAN, '*tape.gradient(figures["generator_loss"], other)', '*tape.gradient(figures["loss"], other)'),
    Mutant(GAN, "on_fake < 0", "on_fake > 0"),
    Mutant(LADDER, "return (z - mean) * share + mean", "return z * share + mean"),
    Mutant(LADDER, "a[5] * ops.sigmoid(a[6] * u + a[7])", "a[5] * ops.sigmoid(a[6] * u) + a[7]"),
    Mutant(LADDER, "h = ops.relu(h) if layer is not self.up[-1] else self.gamma * h", "h = ops.relu(h)"),
    Mutant(LADDER, "h = z[-1] + self.beta[k]", "h = z[-1]"),
    Mutant(LADDER, "u = ops.softmax(h)\n", "u = h\n"),
    Mutant(
        LADDER,
        "moving.assign(MOMENTUM * moving + (1 - MOMENTUM)",
        "moving.assign((1 - MOMENTUM) * moving + MOMENTUM",
    ),
    Mutant(
        LADDER,
        "corrupted, top, _ = self.encode(unlabelled, self.noise)",
        "corrupted, top, _ = self.encode(unlabelled)",
    ),
    Mutant(LADDER, "return self.encode(labelled, self.noise)[1]", "return self.encode(labelled)[1]"),
    Mutant(LADDER, "float(k in (1, 6))", "1.0"),
    Mutant(STAGED, "min(epoch // self.pretrain, self.depth)", "min(epoch, self.depth)", IN_STAGES),
    Mutant(STAGED, "epoch == self.depth * self.pretrain", "epoch >= self.depth * self.pretrain", IN_STAGES),
    Mutant(STAGED, "[x, *layers[:k]]", "[x, *layers[: k + 1]]", IN_STAGES),
    Mutant(DBN, "below(self.hidden, k, flat)", "below(self.hidden, 0, flat)", IN_STAGES),
    Mutant(DBN, "return self._dropped(h, self.dropout, training)", "return h", IN_STAGES),
    Mutant(DENOISING, "crossentropy(clean, layers[1]", "crossentropy(noisy, layers[1]", IN_STAGES),
    Mutant(DEEP, "layer.kernel.assign(ops.transpose(rbm.layer.kernel))", "pass", IN_STAGES),
    Mutant(DEEP, "layer.bias.assign(rbm.visible_bias)", "pass", IN_STAGES),
    Mutant(DEEP, "reversed(_dense(self.decoder)), strict=True", "_dense(self.decoder), strict=True", IN_STAGES),
    Mutant(OBJECTIVE, "ops.softplus(z) - x * z", "ops.softplus(z) + x * z", CODES),
    Mutant(OBJECTIVE, "loss = loss + sum(self.losses) if self.losses else loss", "pass", CODES),
    Mutant(AUTOENCODER, "ops.full_like(x, 1 - noise)", "ops.full_like(x, noise)"),
    Mutant(AUTOENCODER, "if training and self.noise else x", "if self.noise else x"),
    Mutant(
        "tfnotes/models/_upsampling.py",
        "ops.repeat(x, 2, axis=1), 2, axis=2",
        "ops.repeat(x, 2, axis=1), 2, axis=1", CODES,
    ),
    Mutant("tfnotes/models/sparse_autoencoder.py", "KLSparsity(rho, beta)", "KLSparsity(0.05, beta)", CODES),
]
