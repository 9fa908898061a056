"""The same application on a Ray cluster, in as many processes as are asked for, by Ray Serve.

    Ray's HTTP proxy -> doors, which know tokens and limits -> replicas, each with the whole application

A replica loads, warms and watches the exports by itself, so each machine needs them at the same path. A request whose
replica dies is asked again at another one.
"""

import logging
import os
import signal
import socket
import threading
from typing import Any

from tfnotes import ray_cluster
from tfnotes.errors import InputError
from tfnotes.serving.server import repository

NAME, REPLICAS = "tfnotes", "models"
# Requests in progress at a replica, above which autoscaling wants one more.
_BUSY = 8
_MANY = 1000


def run(paths, settings, host="127.0.0.1", port=8501, json_logs=False, say=print, replicas=1, most=None):
    """Serves until SIGTERM or SIGINT, on the cluster that RAY_ADDRESS names, or on one of its own on this machine.

    Args:
        paths: as for `tfnotes.serving.server.app.create`.
        settings: a `tfnotes.serving.server.settings.Settings`.
        host: the address that each machine's proxy listens at.
        port: its port, 0 for a free one.
        json_logs: whether each request is a line of JSON in Ray's log of the replica.
        say: called with a sentence for each event.
        replicas: how many processes answer; the fewest if `most` is given.
        most: up to how many there may be when there is much to do, None for no more.

    Raises:
        InputError: there is no good export, the extra `ray` is missing, or the cluster doesn't answer or has too few
            processors.
    """
    ray_cluster.needed("serve", "ray.serve")
    if not repository.runtimes_of(paths, settings.runtime):
        raise InputError(
            "serve: `path` must be an export, a task's folder of exports, or a folder of those. "
            f"Received: {', '.join(map(str, paths))}, where no good one stands."
        )
    from ray import serve

    logging.getLogger("ray.serve").setLevel("ERROR")
    with ray_cluster.joined("serve", replicas, most or 0):
        try:
            port = port or _free(host)
            serve.start(http_options={"host": host, "port": port})
            # The machines' working folders differ.
            made = _application([path.resolve() for path in paths], settings, json_logs, replicas, most)
            serve.run(made, name=NAME, route_prefix="/")
            stop = threading.Event()
            # Ray sets its own, which end the process at once.
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *arguments: stop.set())
            say(f"Listening at http://{f'[{host}]' if ':' in host else host}:{port}")
            stop.wait()
        finally:
            serve.shutdown()
    say("All that was asked is answered.")


def _application(paths, settings, json_logs, replicas, most):
    from ray import serve

    def many(fewest, busy):
        if most is None:
            return {"num_replicas": fewest}
        limits = {"min_replicas": fewest, "max_replicas": most, "target_ongoing_requests": busy}
        return {"autoscaling_config": limits}

    class Replica:
        async def __init__(self):
            from tfnotes.serving.server.app import create

            self._app = create(paths, settings, json_logs)
            self._open = self._app.router.lifespan_context(self._app)
            await self._open.__aenter__()

        async def answer(self, request):
            from tfnotes.serving.server import door

            status, headers, body = await door.answer(self._app, request)
            return status, [*headers, (b"x-replica", str(os.getpid()).encode())], body

    def door():
        from ray.exceptions import RayActorError

        from tfnotes.serving.server.door import Door
        from tfnotes.serving.server.guard import Guard

        handle = serve.get_deployment_handle(REPLICAS, app_name=NAME)

        async def ask(request):
            return await handle.answer.remote(request)

        return Guard(Door(ask, RayActorError, 2 * settings.seconds), settings)

    # Its annotations name no type that both forms give.
    deployment: Any = serve.deployment
    inner = deployment(
        Replica, name=REPLICAS, max_ongoing_requests=settings.max_queue, max_constructor_retry_count=2,
        **many(replicas, _BUSY),
    )  # fmt: skip
    outer = deployment(
        serve.ingress(door)(), name="door", max_ongoing_requests=_MANY, ray_actor_options={"num_cpus": 0},
        **many(1, _MANY // 4),
    )  # fmt: skip
    return outer.bind(inner.bind())


def _free(host):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as one:
        one.bind((host, 0))
        return one.getsockname()[1]
