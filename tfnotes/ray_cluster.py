"""A Ray cluster to work on: the one that the variable RAY_ADDRESS names, or one of its own on this machine."""

import logging
import os
import socket
from contextlib import contextmanager
from typing import NoReturn

from tfnotes import extras
from tfnotes.errors import InputError, first_line


def needed(who, module="ray"):
    """Imports Ray, or a module of it, without joining anything.

    Args:
        who: what needs it, such as "train"; the error begins so.

    Raises:
        InputError: the extra `ray` isn't installed, or nobody listens at RAY_ADDRESS.
    """
    # Nobody is told that this runs here.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    found = extras.needed(module, "ray", f"{who}: engine `ray` needs")
    host, _, port = os.environ.get("RAY_ADDRESS", "").rpartition("://")[2].rpartition(":")
    if host and port.isdecimal():
        # Ray itself would try for minutes.
        try:
            # The C library takes 99999 for the port 34463, on which something may listen.
            if int(port) > 65535:
                raise OSError("ports end at 65535")
            socket.create_connection((host.strip("[]"), int(port)), timeout=5).close()
        except OSError as error:
            _refuse(who, error)
    return found


@contextmanager
def joined(who, processors, wanted=0):
    """Gives the package `ray`, connected; what was started for it ends with the block.

    Args:
        who: as for `needed`.
        processors: how many the cluster must have. One of its own counts as having them, however few are here.
        wanted: of how many there is use.

    Raises:
        InputError: the extra `ray` isn't installed, the cluster doesn't answer, or it has too few processors.
    """
    ray, named = needed(who), os.environ.get("RAY_ADDRESS")
    own = {"address": "local", "num_cpus": max(processors, wanted, os.cpu_count() or 1), "include_dashboard": False}
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **({} if named else own))
    # Of an address Ray says with all three that there is nothing.
    except (OSError, ValueError, RuntimeError) as error:
        _refuse(who, error)
    try:
        there = ray.cluster_resources().get("CPU", 0)
        if there < processors:
            raise InputError(
                f"{who}: engine `ray` must have a cluster of {processors} processors or more. Received: {there:g}."
            )
        yield ray
    except KeyboardInterrupt:
        # What waits for Ray in another thread would be ended by that, and this process with it: all ends as it ends.
        raise
    except BaseException:
        ray.shutdown()
        raise
    ray.shutdown()


def _refuse(who, error) -> NoReturn:
    raise InputError(
        f"{who}: `RAY_ADDRESS` must be that of a Ray cluster that answers. "
        f"Received: {os.environ.get('RAY_ADDRESS')!r} ({first_line(error)})."
    ) from error
