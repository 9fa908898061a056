"""A cluster that can't be joined is said at once; joining one is tests/ray."""

import logging
import os
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


def test_ports_end_where_they_end(monkeypatch):
    asked = []
    monkeypatch.setitem(sys.modules, "ray", ModuleType("ray"))
    monkeypatch.setattr(socket, "create_connection", lambda where, timeout: asked.append(where) or socket.socket())
    monkeypatch.setenv("RAY_ADDRESS", "10.0.0.1:65535")
    ray_cluster.needed("train")
    monkeypatch.setenv("RAY_ADDRESS", "10.0.0.1:65536")
    with pytest.raises(InputError, match="ports end at 65535"):
        ray_cluster.needed("train")
    assert asked == [("10.0.0.1", 65535)]


def test_where_somebody_listens_it_is_joined(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", ModuleType("ray"))
    monkeypatch.setitem(sys.modules, "ray.train", ModuleType("ray.train"))
    monkeypatch.delenv("RAY_USAGE_STATS_ENABLED", raising=False)
    asked = []
    monkeypatch.setattr(socket, "create_connection", lambda where, timeout: asked.append(where) or socket.socket())
    for address in ("10.0.0.1:6379", "ray://[::1]:10001", "auto", "local", ""):
        monkeypatch.setenv("RAY_ADDRESS", address)
        assert ray_cluster.needed("train", "ray.train") is sys.modules["ray.train"]
    assert asked == [("10.0.0.1", 6379), ("::1", 10001)]
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


@pytest.fixture
def ray(monkeypatch):
    """Stands for the package: what it was asked for, in order; it has four processors."""
    made = ModuleType("ray")
    made.said = []
    made.init = lambda **options: made.said.append(options)
    made.shutdown = lambda: made.said.append("shutdown")
    made.cluster_resources = lambda: {"CPU": 4.0}
    monkeypatch.setitem(sys.modules, "ray", made)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return made


@pytest.mark.parametrize(("processors", "wanted", "made"), [(1, 0, 2), (3, 0, 3), (1, 8, 8)])
def test_one_of_ones_own_has_what_is_needed_and_wanted(ray, processors, wanted, made):
    with ray_cluster.joined("sweep", processors, wanted) as found:
        assert found is ray
        assert len(ray.said) == 1
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    assert ray.said == [{**quiet, "address": "local", "num_cpus": made, "include_dashboard": False}, "shutdown"]


def test_of_a_named_one_nothing_is_asked_but_processors(ray, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "auto")
    with ray_cluster.joined("train", 4):
        assert ray.said == [{"log_to_driver": False, "logging_level": logging.ERROR}]
    sentence = "^train: engine `ray` must have a cluster of 5 processors or more. Received: 4.$"
    with pytest.raises(InputError, match=sentence), ray_cluster.joined("train", 5):
        pass
    assert ray.said.count("shutdown") == 2


def test_it_ends_with_the_block_however_that_ends_but_by_ctrl_c(ray):
    for error, ends in ((ValueError, 1), (SystemExit, 2), (KeyboardInterrupt, 2)):
        with pytest.raises(error), ray_cluster.joined("train", 1):
            raise error
        assert ray.said.count("shutdown") == ends


@pytest.mark.parametrize("error", [ConnectionError, ValueError, RuntimeError])
def test_what_ray_says_of_an_address_is_one_sentence(ray, monkeypatch, error):
    def init(**options):
        raise error("nobody there\nTraceback")

    ray.init = init
    monkeypatch.setenv("RAY_ADDRESS", "auto")
    with pytest.raises(InputError) as raised, ray_cluster.joined("sweep", 1):
        pass
    expected = "sweep: `RAY_ADDRESS` must be that of a Ray cluster that answers. Received: 'auto' (nobody there)."
    assert str(raised.value) == expected
