"""Processes that share the seeds of an experiment, and end with the one that started them, however that one ends."""

import contextlib
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor

from tfnotes import _quiet

# How often a seed is measured anew whose worker of Ray is lost.
_TRIES = 3

@contextlib.contextmanager
def mapped(most):
    """A `map` whose calls processes share, as many as there are cores, but no more than `most`.

    Its function is found by its name in each process; what is left of the calls when the block ends is dropped.
    """
    from tfnotes.training.config import cores

    workers = min(most, cores())
    # Forked processes would share TensorFlow's threads, which don't survive a fork.
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin)
    others = multiprocessing.active_children()

    def share(*arguments):
        with _without_ctrl_c():
            return pool.map(*arguments)

    try:
        yield share
    except BaseException:
        # Nobody waits for the seeds that are still measured.
        for process in multiprocessing.active_children():
            if process not in others:
                process.kill()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextlib.contextmanager
def mapped_on_ray(ray, most):
    """As `mapped`, of a Ray cluster.

    Args:
        ray: the package, connected.
        most: as there.
    """
    from tfnotes.training.config import cores

    # Else Ray would set it to 1, and NumPy's sums have other last digits.
    environ = {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", str(cores()))}
    made = ray.remote(Seat).options(
        num_cpus=1, max_restarts=-1, max_task_retries=_TRIES, runtime_env={"env_vars": environ}
    )
    seats = [made.remote() for _ in range(min(most, int(ray.cluster_resources()["CPU"])))]
    try:
        pool = ray.util.ActorPool(seats)
        yield lambda call, *columns: pool.map(
            lambda seat, row: seat.call.remote(call, *row), list(zip(*columns, strict=False))
        )
    finally:
        for seat in seats:
            ray.kill(seat)


class Seat:
    """A process of a Ray cluster that measures seeds; an actor."""

    def __init__(self):
        _single_threaded()

    def call(self, function, *arguments):
        return function(*arguments)


@contextlib.contextmanager
def _without_ctrl_c():
    """Processes that are started within don't get a terminal's Ctrl-C: the one that starts them ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin():
    """What a process of many does first."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _single_threaded()


def _end_with(parent):
    parent.join()
    os._exit(1)


def _single_threaded():
    """A process of many takes one core: the seeds are what runs side by side."""
    with _quiet.held():
        import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
