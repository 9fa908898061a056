"""The processes that `tfnotes.training.launch` starts here, started on a Ray cluster by Ray Train.

    launcher -- fit --> Ray Train's controller --> workers of Ray, each with a process `tfnotes train` under TF_CONFIG
        '------------------------ Desk, an actor ---------------'

Ray Train finds places for the workers, and starts all anew when one is lost. What is trained, how, and in which
processes is as without Ray, so that the figures are the same. At the desk the workers say what shall be printed and how
they ended, and learn whether to go on.
"""

import os
import sys
import threading
import time
import uuid
from contextlib import ExitStack
from typing import Any

from tfnotes import files, ray_cluster
from tfnotes.errors import InputError, first_line
from tfnotes.training import launch
from tfnotes.training.cluster import Lost
from tfnotes.training.ray_carried import packed
from tfnotes.training.ray_desk import Desk
from tfnotes.training.ray_worker import address, tell, work

_PAUSE = 0.2
# For how long Ctrl-C waits for the chief to come to the end of a batch.
_PATIENCE = 60


def launch_on_ray(run, workers, arguments, wait, storage=None):
    """Trains a run, from its last checkpoint, by so many processes of a Ray cluster; see `launch.launch`.

    Args:
        run: a `tfnotes.training.run.Run`.
        workers: how many.
        arguments: of `tfnotes train` in each, besides `--resume`.
        wait: seconds after which a worker of Ray that doesn't answer is given up.
        storage: where the run's folder goes after each epoch, as an address that all machines of the cluster reach,
            such as `s3://bucket/folder`; so the chief may begin anew on another machine. None where all of them see
            the run's folder itself.

    Returns:
        The status of the worker that ended with an error, 0 if all ended well.

    Raises:
        Lost: workers are lost again and again.
        InputError: the extra `ray` is missing, or its cluster too small.
    """
    ray_cluster.needed("train", "ray.train")
    # Ray Train hands these on to its controller.
    os.environ.setdefault("RAY_TRAIN_WORKER_HEALTH_CHECK_TIMEOUT_S", str(max(wait, 10)))
    os.environ.setdefault("RAY_CHDIR_TO_TRIAL_DIR", "0")
    with ExitStack() as stack:
        ray = stack.enter_context(ray_cluster.joined("train", workers * run.config["threads"]))
        content = None
        if storage:
            stack.enter_context(run.locked())
            content = packed(run.path)
            storage = storage if "://" in storage else os.path.abspath(storage)
        else:
            # Ray Train keeps notes of its own.
            storage = str(stack.enter_context(files.scratch(run.path.parent, run.path.name)).absolute())
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        desk = ray.remote(Desk).options(num_cpus=0, scheduling_strategy=here).remote(len(run.metrics()), workers)
        given = {
            "run": str(run.path),
            "content": content,
            "config": run.config,
            "arguments": arguments,
            "wait": wait,
            "desk": desk,
            "folder": os.getcwd(),
            # Ray sets it in its workers, and sums over another number of threads have other last digits.
            "variables": {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS")},
        }
        result = _follow(ray, desk, _trainer(run, workers, given, storage))
        if content and result and result.checkpoint:
            _bring(result.checkpoint, run.path)
        status, given_up = ray.get(desk.outcome.remote())
    if (status or 0) < 0:
        raise KeyboardInterrupt
    if given_up and not run.complete:
        raise Lost(given_up)
    return 0 if run.complete else status or 0


def _bring(checkpoint, path):
    """Puts the run's folder, as the chief left it, in the place of the one that it began with."""
    with files.scratch(path.parent, path.name) as scratch:
        checkpoint.to_directory(scratch / "new")
        os.rename(path, scratch / "old")
        os.rename(scratch / "new", path)


def _trainer(run, workers, given, storage):
    import ray
    from ray import train
    from ray.train.tensorflow import TensorflowTrainer

    # Of its two versions, the type checker knows the first.
    run_config: Any = train.RunConfig
    epochs_left = run.config["epochs"] - len(run.metrics())
    return TensorflowTrainer(
        work,
        train_loop_config=given,
        tensorflow_config=_addressed(),
        scaling_config=train.ScalingConfig(
            num_workers=workers,
            use_gpu=ray.cluster_resources().get("GPU", 0) >= workers,
            resources_per_worker={"CPU": run.config["threads"]},
        ),
        run_config=run_config(
            name=f"{run.path.name}-{uuid.uuid4().hex[:8]}",
            storage_path=storage,
            checkpoint_config=train.CheckpointConfig(num_to_keep=2),
            # More than this the desk doesn't allow.
            failure_config=train.FailureConfig(max_failures=launch.TRIES * (epochs_left + 1)),
            logging_config=train.LoggingConfig(log_level="CRITICAL"),
        ),
    )


def _addressed():
    """Has Ray Train tell each worker the addresses of all, and which attempt this is.

    Ray's own configuration for TensorFlow does as much, but imports TensorFlow in the controller and in each worker
    of Ray, which only start processes.
    """
    from ray.train.backend import Backend, BackendConfig

    class Addressed(Backend):
        def on_start(self, worker_group, backend_config):
            worker_group.execute(tell, uuid.uuid4().hex, worker_group.execute(address))

    class Config(BackendConfig):
        @property
        def backend_cls(self):
            return Addressed

    return Config()


def _follow(ray, desk, trainer):
    """Prints what the workers say until they end; Ctrl-C lets the chief end between two batches. Gives Ray's result."""
    found: dict = {}

    def fit():
        try:
            found["result"] = trainer.fit()
        except Exception as error:
            found["error"] = error

    # In the main thread Ray Train would take Ctrl-C for itself.
    thread = threading.Thread(target=fit, daemon=True)
    thread.start()
    until, over = None, False
    while not over:
        try:
            thread.join(_PAUSE)
            over = not thread.is_alive()
            for descriptor, line in ray.get(desk.read.remote()):
                stream = sys.stdout if descriptor == 1 else sys.stderr
                stream.write(line)
                stream.flush()
        except KeyboardInterrupt:
            if until is not None:
                raise
            desk.stop.remote()
            until = time.monotonic() + _PATIENCE
        if until is not None and time.monotonic() > until:
            raise KeyboardInterrupt
    if "error" in found and ray.get(desk.outcome.remote()) == (None, None):
        raise InputError(f"train: engine `ray` must be able to start the workers. {first_line(found['error'])}")
    return found.get("result")
