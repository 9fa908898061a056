"""A cluster that can't be joined is said at once; joining one is tests/ray."""

import socket
import sys
from types import ModuleType

import pytest

from tfnotes import ray_cluster
from tfnotes.errors import InputError
from tfnotes.training.launch import free_ports


@pytest.mark.parametrize("address", ["127.0.0.1:{}", "ray://127.0.0.1:{}", "127.0.0.1:99999"])
def test_nobody_listens(monkeypatch, address):
    monkeypatch.setitem(sys.modules, "ray", ModuleType("ray"))
    monkeypatch.setenv("RAY_ADDRESS", address.format(*free_ports(1)))
    with pytest.raises(InputError, match=r"^train: `RAY_ADDRESS` must be that of a Ray cluster that answers\."):
        ray_cluster.needed("train")


def test_a_port_is_not_taken_for_its_remainder(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setitem(sys.modules, "ray", ModuleType("ray"))
        monkeypatch.setenv("RAY_ADDRESS", f"127.0.0.1:{listening.getsockname()[1] + 65536}")
        with pytest.raises(InputError, match="ports end at 65535"):
            ray_cluster.needed("train")
