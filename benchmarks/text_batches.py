"""How much of a batch of texts is padding: batches of like length against batches in random order.

    python -m benchmarks.text_batches

Lengths are drawn like those of IMDB's reviews (log-normal, median 210 words, cut at 400), as only they matter.
Ends with status 1 above the limit.
"""

import statistics
import sys

import numpy as np

from tfnotes.data import buckets

EXAMPLES, BATCH_SIZE, EPOCHS = 22_500, 64, 5
LIMIT = 0.03


def main():
    lengths = np.minimum(np.random.default_rng(0).lognormal(np.log(210), 0.6, EXAMPLES).astype(int), 400)
    random, alike = [], []
    for epoch in range(EPOCHS):
        rows = np.random.default_rng([0, epoch]).permutation(EXAMPLES)
        random.append(buckets.padding(lengths, np.array_split(rows, EXAMPLES // BATCH_SIZE)))
        alike.append(buckets.padding(lengths, buckets.order(lengths, BATCH_SIZE, 0, epoch)))
    share = statistics.median(alike)
    print(f"padding in batches of {BATCH_SIZE} texts: {share:.1%} by length, {statistics.median(random):.1%} at random")
    return share <= LIMIT


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
