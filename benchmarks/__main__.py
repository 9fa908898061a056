"""Runs every benchmark (`make bench`); ends with status 1 if one is above its limits."""

import sys

from benchmarks import concepts, input_pipeline, preprocessing, text_batches, training_step

if __name__ == "__main__":
    results = [training_step.main(), input_pipeline.main(), text_batches.main(), concepts.main(), preprocessing.main()]
    sys.exit(0 if all(results) else 1)
