"""Times of functions, for their ratios: of functions timed in turn, as a machine is busier at one time than another."""

import time

import numpy as np


def seconds(functions, rounds):
    """The least time of each function: what else the machine does only adds to it.

    Args:
        functions: each without arguments, and gives a tensor.
        rounds: how often each is timed. All are called once before, to be compiled, and in every round their order
            is turned by one.

    Returns:
        A list of seconds, in the order of the functions.
    """
    for function in functions:
        function().numpy()
    times = np.zeros((rounds, len(functions)))
    for round_ in range(rounds):
        for k in range(len(functions)):
            which = (round_ + k) % len(functions)
            start = time.perf_counter()
            # numpy() waits for the result.
            functions[which]().numpy()
            times[round_, which] = time.perf_counter() - start
    return times.min(axis=0).tolist()
