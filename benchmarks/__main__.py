"""Runs every benchmark (`make bench`); ends with status 1 if one is above its limits."""

import sys

from benchmarks import applications, concepts, input_pipeline, preprocessing, recurrent, text_batches, training_step

if __name__ == "__main__":
    benchmarks = (training_step, recurrent, input_pipeline, text_batches, concepts, applications, preprocessing)
    results = [benchmark.main() for benchmark in benchmarks]
    sys.exit(0 if all(results) else 1)
