"""Which clock a benchmark takes: the wall's, or with `--cpu` one thread's time on the processor.

The latter is for a machine that does other things too, where a wall clock measures those.
"""

import sys
import time

import tensorflow as tf

ONE_THREAD = "--cpu" in sys.argv


def chosen():
    """The clock, and a word for it. To be called before TensorFlow runs anything."""
    if not ONE_THREAD:
        return time.perf_counter, "wall clock, all cores"
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return time.process_time, "time on the processor, one thread"
