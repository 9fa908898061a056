"""What a stream saves and costs: peak memory against the data's size, and examples per second against memory.

    python -m benchmarks.streaming [--markdown]

Noise is stored as TFDS's shards in a temporary folder, in three sizes. Each is trained on for an epoch by a tiny
model, in memory and as a stream, in a process of its own, whose largest resident set is reported. Then two models take
steps on both kinds in turn. Ends with status 1 if the stream's peak grows by more than a tenth of what the data do.
"""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow_datasets as tfds
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import as_markdown, machine, place
from tfnotes import compare, layers, models
from tfnotes.data import pipeline, prepared, sources
from tfnotes.task import Task
from tfnotes.training import config, loop
from tfnotes.training.run import Run

SHAPE, CLASSES, BATCH, WINDOW = (64, 64, 3), 10, 64, 2_000
# A picture is stored as it is: 12,288 bytes.
EXAMPLES, TIMES, TEST, SHARD = 4_000, (1, 4, 16), 500, 1_000
LIMIT, PAIRS, STEPS = 0.1, 15, 20

HEADS = {
    "en": ("data", "examples", "in memory, peak", "as a stream, peak"),
    "zh": ("数据", "样本", "全部读入内存，峰值", "流式读取，峰值"),
}
RATIOS = {
    "en": "Examples per second of the stream over those from memory, at batches of {batch}: {found}. {machine}",
    "zh": "流式读取与内存读取的每秒样本数之比（批大小 {batch}）：{found}。{machine}",
}


class Noise(tfds.core.GeneratorBasedBuilder):
    """So many pictures of noise, with labels of chance."""

    VERSION = tfds.core.Version("1.0.0")
    examples = EXAMPLES

    def _info(self):
        label = tfds.features.ClassLabel(num_classes=CLASSES)
        features = tfds.features.FeaturesDict({"image": tfds.features.Image(shape=SHAPE), "label": label})
        return tfds.core.DatasetInfo(builder=self, features=features)

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples(self.examples, 0), "test": self._generate_examples(TEST, 1)}

    def _generate_examples(self, count, seed):
        generator = np.random.default_rng(seed)
        for k in range(count):
            stored = io.BytesIO()
            pixels = generator.integers(0, 256, SHAPE, dtype=np.uint8)
            Image.fromarray(pixels).save(stored, "PNG", compress_level=0)
            stored.seek(0)
            yield k, {"image": stored, "label": int(generator.integers(CLASSES))}


def write(folder, times):
    """Stores the data so many times as large."""
    tfds.disable_progress_bar()
    Noise.examples = EXAMPLES * times
    download = tfds.download.DownloadConfig(num_shards=EXAMPLES * times // SHARD)
    Noise(data_dir=folder).download_and_prepare(download_config=download)


def read(folder, times, stream):
    """The splits, in memory or as a stream."""
    source = sources.Source(
        name="noise",
        task="noise",
        about="noise",
        dataset="noise",
        version="1.0.0",
        examples={"train": EXAMPLES * times, "test": TEST},
        stream=stream,
        window=WINDOW,
    )
    return prepared.splits(source, folder)


def tiny():
    rows = [keras.Input(SHAPE), layers.Conv2D(4, 8, strides=8, activation="relu"), layers.GlobalMaxPooling2D()]
    return keras.Sequential([*rows, layers.Dense(CLASSES)])


def scaled(pixels):
    return keras.ops.cast(pixels, "float32") / 255.0


def peak(folder, times, stream):
    """The largest resident set of this process after an epoch, in bytes, and how large the data are on the disk."""
    data = {"data": lambda _: read(folder, times, stream)}
    task = Task("noise", tuple("0123456789"), data, {"tiny": tiny}, prepare=scaled)
    splits = task.source("data")(None)
    with tempfile.TemporaryDirectory() as runs:
        asked = config.configure(task, epochs=1, batch_size=BATCH, inspect="off")
        run = Run.create(Path(runs, "run"), asked | config.describe_data(splits))
        loop.train(run, task, splits)
    stored = sum(path.stat().st_size for path in Path(folder).rglob("*.tfrecord*"))
    return {"peak": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "stored": stored}


def ratio(folder, build):
    """Examples per second of the stream over those from memory, at the same model."""
    model = build()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)

    def steps(stream):
        split = read(folder, 1, stream).train
        batches = iter(pipeline.training_batches(split, BATCH, 0, 0, 10**4, scaled)[0])

        def take():
            for _ in range(STEPS):
                model.train_on_batch(*next(batches))

        return take

    stream, memory = steps(True), steps(False)
    for take in (stream, memory):
        take()
    return compare.alternate(memory, stream, PAIRS, calls=1)


def child(*arguments):
    """What a process of its own answers to `main`'s arguments."""
    command = [sys.executable, "-m", "benchmarks.streaming", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measured():
    """By size, what was found in memory and as a stream; and the ratios by model."""
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for times in TIMES:
            data = Path(folder, str(times))
            child("write", data, times)
            found[times] = [child("peak", data, times, kind) for kind in ("memory", "stream")]
        return found, child("ratio", Path(folder, "1"))


def table(found, language):
    """Peaks against sizes."""
    rows = Table(*HEADS[language])
    for times, (memory, stream) in found.items():
        numbers = (f"{one['peak'] / 1e6:,.0f} MB" for one in (memory, stream))
        rows.add_row(f"{stream['stored'] / 1e6:,.0f} MB", f"{EXAMPLES * times:,}", *numbers)
    return rows


def main():
    about = dict(zip(HEADS, machine(), strict=True))
    found, ratios = measured()
    Console().print(table(found, "en"))
    said = ", ".join(f"{name} {r['median']:.2f} ({r['low']:.2f}–{r['high']:.2f})" for name, r in ratios.items())
    print(said)
    if "--markdown" in sys.argv:
        for language, page in (("en", "scaling.md"), ("zh", "scaling.zh.md")):
            sentence = RATIOS[language].format(batch=BATCH, found=said, machine=about[language])
            place(page, "streaming", f"{as_markdown(table(found, language))}\n\n{sentence}")
    (_, first), *_, (_, last) = found.values()
    return last["peak"] - first["peak"] <= LIMIT * (last["stored"] - first["stored"])


def answer(what, folder, times="1", kind=""):
    """What a child does."""
    if what == "write":
        write(folder, int(times))
        return {}
    if what == "peak":
        return peak(folder, int(times), kind == "stream")
    built = {"tiny": tiny, "lenet": lambda: models.lenet(SHAPE, CLASSES)}
    return {name: vars(ratio(folder, build)) for name, build in built.items()}


if __name__ == "__main__":
    if sys.argv[1:] in ([], ["--markdown"]):
        sys.exit(0 if main() else 1)
    print(json.dumps(answer(*sys.argv[1:])))
