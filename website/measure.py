"""What a concept's box says of it beside Keras: parity in float64, and time of ours over the twin's.

    nice python -m website.measure [NAME ...]

measures the concepts named, or all that have a twin, and records them in measured.json. Times are one thread's on the
processor: a wall clock would measure what else the machine does.
"""

import json
import os
import sys
import time
from datetime import date

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import click
import tensorflow as tf

from tfnotes import compare, registry
from tfnotes.files import write_aside
from tfnotes.training.config import versions
from website.blocks import MEASURED

PAIRS, CASES = 30, 5


def main(names=()):
    """Records them one by one, so that what is interrupted keeps what it has."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    chosen = [registry.find(name) for name in names] or [c for c in registry.concepts() if c.twin]
    kept = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {"concepts": {}}
    for concept in chosen:
        key = f"{concept.kind}.{concept.name}"
        kept["concepts"][key] = measure(concept)
        kept |= {"date": date.today().isoformat(), "versions": versions()}
        kept["concepts"] = dict(sorted(kept["concepts"].items()))
        with write_aside(MEASURED) as aside:
            aside.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        click.echo(f"{key} {kept['concepts'][key]}")


def measure(concept):
    """The largest difference over a concept's samples, and the ratios of time."""
    ratios = compare.speed(concept, PAIRS, clock=time.process_time)
    speed = {
        what: {"median": round(r.median, 3), "low": round(r.low, 3), "high": round(r.high, 3)}
        for what, r in ratios.items()
    }
    largest = max(compare.differences(concept, CASES).values())
    return {"parity": float(f"{largest:.2g}"), "speed": speed}


if __name__ == "__main__":
    main(sys.argv[1:])
