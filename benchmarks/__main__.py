"""Runs every benchmark (`make bench`); ends with status 1 if one is above its limits."""

import sys

from benchmarks import (
    applications,
    concepts,
    input_pipeline,
    preprocessing,
    recurrent,
    recurrent_start,
    text_batches,
    training_step,
)

if __name__ == "__main__":
    benchmarks = (training_step, recurrent, recurrent_start, input_pipeline, text_batches, concepts)
    benchmarks += (applications, preprocessing)
    results = [benchmark.main() for benchmark in benchmarks]
    sys.exit(0 if all(results) else 1)
