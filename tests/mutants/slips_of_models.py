"""Slips in models, by someone who had not read the tests: docs/reliability.md counts them."""

from tests.mutants import Mutant

MUTANTS = [
    # The first batch of a generator, which was looked at, is lost.
    Mutant(
        "tfnotes/models/_base.py",
        "return _generator(first, batches) if batches is x and first is not None else x",
        "return x",
        ("tests/models/test__base.py",),
    ),
    # The last, short batch counts as much as the others.
    Mutant(
        "tfnotes/models/_base.py",
        "tracker.update_state(value, sample_weight=ops.shape(x)[0] if len(value.shape) == 0 else None)",
        "tracker.update_state(value)",
        ("tests/models/test_steps.py",),
    ),
    # The first turn draws what was drawn before it.
    Mutant(
        "tfnotes/models/_random.py",
        "Stream(random.seed, k + 1)",
        "Stream(random.seed, k)",
        ("tests/models/test__random.py",),
    ),
    # The optimizer forgets at each epoch but where a stage begins.
    Mutant(
        "tfnotes/models/_staged.py",
        "if stage != int(self.stage) and self.optimizer.built:",
        "if stage == int(self.stage) and self.optimizer.built:",
        ("tests/models/test_staged.py",),
    ),
    # The last word and the padding behind it count as a pair.
    Mutant(
        "tfnotes/models/_texts.py",
        "ops.where(right == 0, 0, pairs)",
        "ops.where(left == 0, 0, pairs)",
        ("tests/models/test_texts.py",),
    ),
    # The model's seed isn't used.
    Mutant(
        "tfnotes/models/autoencoder.py",
        (
            "self.noise, self.kind, self.seed = noise, kind, seed\n        self.random = "
            "keras.random.SeedGenerator(seed)"
        ),
        (
            "self.noise, self.kind, self.seed = noise, kind, seed\n        self.random = "
            "keras.random.SeedGenerator()"
        ),
        ("tests/models/test_steps.py",),
    ),
    # No dropout in training.
    Mutant(
        "tfnotes/models/dbn.py",
        "return self.head(self.codes(inputs, training))",
        "return self.head(self.codes(inputs))",
        ("tests/models/test_steps.py",),
    ),
    # Unrolled decoders begin without their biases.
    Mutant(
        "tfnotes/models/deep_autoencoder.py",
        "            layer.bias.assign(rbm.visible_bias)\n",
        "",
        ("tests/models/test_staged.py",),
    ),
    # The last dropout is missing.
    Mutant(
        "tfnotes/models/gan.py",
        'layers.Flatten(), *judging, layers.Dense(1, name="logit")]',
        'layers.Flatten(), *judging[:-1], layers.Dense(1, name="logit")]',
        ("tests/models/test_steps.py",),
    ),
    # Validation drops units and moves averages.
    Mutant(
        "tfnotes/models/gan.py",
        "return self.show(x, **self.losses_of(x, training=False))",
        "return self.show(x, **self.losses_of(x, training=True))",
        ("tests/models/test_steps.py",),
    ),
    # Pairs move the running averages with training=False.
    Mutant(
        "tfnotes/models/ladder.py",
        "        if training:\n            _move([*self.moving_mean",
        "        if labelled is not None:\n            _move([*self.moving_mean",
        ("tests/models/test_steps.py",),
    ),
    # Inputs are dropped as often as units.
    Mutant(
        "tfnotes/models/mlp.py",
        'layers.Dropout(input_dropout, name="input_dropout")',
        'layers.Dropout(dropout, name="input_dropout")',
        ("tests/models/test_steps.py",),
    ),
    # No drawing begins at the last chain.
    Mutant(
        "tfnotes/models/rbm.py",
        "keras.random.randint((count,), 0, self.chains, seed=random)",
        "keras.random.randint((count,), 0, self.chains - 1, seed=random)",
        ("tests/models/test_rbm.py",),
    ),
    # The first pixel is never flipped.
    Mutant(
        "tfnotes/models/rbm.py",
        "keras.random.randint(shape, 0, self.size, seed=random)",
        "keras.random.randint(shape, 1, self.size, seed=random)",
        ("tests/models/test_rbm.py",),
    ),
    # Padding is read as words.
    Mutant(
        "tfnotes/models/recurrent_classifier.py",
        'layers.Embedding(vocabulary, width, mask_zero=True, name="words")',
        'layers.Embedding(vocabulary, width, name="words")',
        ("tests/models/test_texts.py",),
    ),
    # The setting isn't used.
    Mutant(
        "tfnotes/models/row_reader.py",
        "h = layers.Dropout(dropout)(h)",
        "h = layers.Dropout(0.2)(h)",
        ("tests/models/test_steps.py",),
    ),
    # Evaluation adds noise.
    Mutant(
        "tfnotes/models/_objective.py",
        "self.objective(x, training=False))",
        "self.objective(x, training=True))",
        ("tests/models/test_autoencoder.py",),
    ),
    # A width that 4 doesn't divide is let through.
    Mutant(
        "tfnotes/models/convolutional_autoencoder.py",
        "if height % 4 or width % 4:",
        "if height % 4:",
        ("tests/models/test_autoencoder.py",),
    ),
    # Each weight's gradient is cut by itself.
    Mutant(
        "tasks/imdb/__init__.py",
        "global_clipnorm=clipnorm)",
        "clipnorm=clipnorm)",
        ("tests/tasks/test_imdb.py",),
    ),
    # A VAE's export decodes to logits.
    Mutant(
        "tasks/autoencode/endpoints.py",
        "_decode(model.latent, lambda codes: ops.sigmoid(model.decoder(codes)))",
        "_decode(model.latent, model.decoder)",
        ("tests/tasks/test_autoencode_parts.py",),
    ),
    # max_norm bounds what leaves an input.
    Mutant(
        "tfnotes/models/mlp.py",
        "constraints.MaxNorm(max_norm, axis=0)",
        "constraints.MaxNorm(max_norm, axis=1)",
        ("tests/models/test_steps.py",),
    ),
    # A GAN's rate falls.
    Mutant(
        "tasks/autoencode/__init__.py",
        '"learning_rate": 3e-4, "learning_rate_decay": 1.0}',
        '"learning_rate": 3e-4}',
        ("tests/tasks/test_autoencode_parts.py",),
    ),
    # The setting smooth has no effect in the convolutional GAN.
    Mutant(
        "tfnotes/models/gan.py",
        'return GAN(generator, discriminator, smooth, name="convolutional_gan")',
        'return GAN(generator, discriminator, name="convolutional_gan")',
        ("tests/models/test_gan.py",),
    ),
    # The dense layer has ReLU whatever is set.
    Mutant(
        "tfnotes/models/lenet.py",
        "layers.Dense(units, activation=activation,",
        'layers.Dense(units, activation="relu",',
        ("tests/models/test_steps.py",),
    ),
    # A row in colours is read in parts.
    Mutant(
        "tfnotes/models/row_reader.py",
        "features or width * channels",
        "features or width",
        ("tests/models/test_row_reader.py",),
    ),
    # A convolutional autoencoder's dense layer has ReLU whatever is set.
    Mutant(
        "tfnotes/models/convolutional_autoencoder.py",
        'small[2], activation=activation, name="decode_1"',
        'small[2], activation="relu", name="decode_1"',
        ("tests/models/test_steps.py",),
    ),
    # A VAE's decoder has ReLU whatever is set.
    Mutant(
        "tfnotes/models/vae.py",
        'widths[::-1], activation, "decode"',
        'widths[::-1], "relu", "decode"',
        ("tests/models/test_steps.py",),
    ),
    # An autoencoder's decoder has ReLU whatever is set.
    Mutant(
        "tfnotes/models/autoencoder.py",
        'widths[-2::-1], activation, "decode"',
        'widths[-2::-1], "relu", "decode"',
        ("tests/models/test_steps.py",),
    ),
    # max_norm of a maxout network bounds what leaves an input.
    Mutant(
        "tfnotes/models/maxout_network.py",
        "constraints.MaxNorm(max_norm, axis=0)",
        "constraints.MaxNorm(max_norm, axis=1)",
        ("tests/models/test_steps.py",),
    ),
    # The second convolution has as many filters as the first.
    Mutant(
        "tfnotes/models/lenet.py",
        "*convolution(2, 2 * filters)",
        "*convolution(2, filters)",
        ("tests/models/test_steps.py",),
    ),
    # The inner convolution of the network that judges has as many filters as the outer one.
    Mutant(
        "tfnotes/models/gan.py",
        "*judging(2, 2 * filters)",
        "*judging(2, filters)",
        ("tests/models/test_steps.py",),
    ),
    # log_likelihood draws codes with the variance as deviation, so the importance-weighted bound is wrong.
    Mutant(
        "tfnotes/models/vae.py",
        "z = mean + ops.exp(s / 2) * normal(ops.shape(mean), mean.dtype, random)",
        "z = mean + ops.exp(s) * normal(ops.shape(mean), mean.dtype, random)",
        ("tests/models/test_vae.py",),
    ),
    # The model's statistics use drawn instead of expected hidden units, so CD's gradients are noisier than defined.
    Mutant(
        "tfnotes/models/rbm.py",
        "positive, negative = statistics(v, h), statistics(v_k, self.hidden(v_k))",
        "positive, negative = statistics(v, h), statistics(v_k, h_k)",
        ("tests/models/test_rbm.py",),
    ),
    # log_likelihood mixes the samples of different examples as soon as the batch holds more than one.
    Mutant(
        "tfnotes/models/vae.py",
        "ops.logsumexp(ops.reshape(log_w, (-1, samples)), axis=-1)",
        "ops.logsumexp(ops.reshape(log_w, (samples, -1)), axis=0)",
        ("tests/models/test_vae.py",),
    ),
    # The training loss is of mean-field units, that of validation of drawn ones: the two no longer compare.
    Mutant(
        "tfnotes/models/rbm.py",
        "self.reconstruction_cost(v, drawn)",
        "self.reconstruction_cost(v, h)",
        ("tests/models/test_rbm.py",),
    ),
]
