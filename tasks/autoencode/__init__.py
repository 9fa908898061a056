"""Autoencoding MNIST: models that learn from the images themselves, with few labels or none."""

from functools import partial

from tfnotes import losses, models, optimizers
from tfnotes.serving import images
from tfnotes.task import Defaults, Recipe, Task
from tfnotes_tasks.autoencode import endpoints, figures, labels, pictures
from tfnotes_tasks.mnist import CLASSES, LABELS, SHAPE, data, prepare


def optimizer(learning_rate):
    """Adam; its rate is 0.001 unless a model has another."""
    return optimizers.Adam(learning_rate)


def adversarial(learning_rate, *, beta_1=0.5):
    """Adam that soon forgets which way it went: the other network has moved since.

    Args:
        learning_rate: of the first epoch.
        beta_1: Adam's momentum, from 0 to 1.
    """
    return optimizers.Adam(learning_rate, beta_1=beta_1)


def own_rule(build, ways, measure, shows, targets=None, classes=False, optimizer=None, **defaults):
    """The recipe of a model that computes its own loss and has its own metrics."""
    shape = (SHAPE, CLASSES) if classes else (SHAPE,)
    return Recipe(
        partial(build, *shape),
        targets=targets,
        defaults=defaults,
        optimizer=optimizer,
        loss=lambda: None,
        metrics=list,
        endpoints=ways,
        measure=measure,
        shows=shows,
    )


def coding(build, **defaults):
    return own_rule(build, endpoints.of_autoencoder, figures.of_autoencoder, pictures.of_autoencoder, **defaults)


def drawing(build, **defaults):
    rates = {"optimizer": adversarial, "learning_rate": 3e-4, "learning_rate_decay": 1.0}
    return own_rule(build, endpoints.of_gan, figures.of_gan, pictures.of_gan, **rates, **defaults)


def of_energy(build, **defaults):
    # Steps as long as the gradient: Adam's, of one length for all, outrun the chains, and the likelihood suffers.
    return own_rule(build, endpoints.of_rbm, figures.of_rbm, pictures.of_rbm, optimizer=optimizers.SGD, **defaults)


def fine_tuned(build):
    ways, measure, shows = endpoints.of_classifier, figures.of_classifier, pictures.of_classifier
    rates = {"epochs": 30, "learning_rate": 2e-3, "learning_rate_decay": 0.92}
    return own_rule(build, ways, measure, shows, "labels", True, **rates)


TASK = Task(
    name="autoencode",
    title="Autoencoding (自动编码): codes, reconstructions and drawings of handwritten digits",
    labels=LABELS,
    defaults=Defaults(
        model="ae", data="sample", epochs=20, batch_size=100, learning_rate=1e-3, learning_rate_decay=0.95
    ),
    sources={"full": data.full, "sample": data.sample},
    models={
        "ae": coding(models.autoencoder),
        "deep-ae": coding(models.deep_autoencoder, epochs=30, learning_rate_decay=0.9),
        "conv-ae": coding(models.convolutional_autoencoder, epochs=10),
        "sparse-ae": coding(models.sparse_autoencoder),
        "denoising-ae": coding(models.denoising_autoencoder),
        "stacked-denoising": fine_tuned(models.stacked_denoising),
        "vae": own_rule(models.vae, endpoints.of_vae, figures.of_vae, pictures.of_vae, epochs=30),
        "gan": drawing(models.gan, epochs=60),
        "conv-gan": drawing(models.convolutional_gan, epochs=20),
        "rbm": of_energy(partial(models.rbm, chains=100), learning_rate=0.05, learning_rate_decay=0.96, epochs=60),
        "dbn": fine_tuned(models.dbn),
        "ladder": Recipe(
            partial(models.ladder, SHAPE, CLASSES),
            defaults={"learning_rate": 2e-3, "learning_rate_decay": 0.95, "epochs": 40},
            endpoints=endpoints.of_ladder,
            measure=lambda model, split, prepare: {},
            select=labels.few,
            batches=labels,
        ),
    },
    prepare=prepare,
    optimizer=optimizer,
    loss=partial(losses.SparseCategoricalCrossentropy, from_logits=True),
    metrics=labels.accuracy,
    endpoints=endpoints.of_autoencoder,
    shows=pictures.of_classifier,
    decode=images.encode,
    picture=lambda x: x[..., None],
)
