"""The pytest plugin that collects Keras's shipped test files; `python -m tests.conformance` runs it."""

import json
from pathlib import Path

import pytest

from tests.conformance.swap import Swap, twins

MARKS = ("requires_trainable_backend", "multi_device", "openvino_supported")
WORSE = ("passed", "skipped", "failed", "error")


class SwappedModule(pytest.Module):
    def _getobj(self):
        return self.config.pluginmanager.get_plugin("conformance").swap.load(self.path)


class Conformance:
    """Gives test modules our classes, and writes of each test what of ours it names and how it ended."""

    def __init__(self, config):
        self.swap = Swap({} if config.getoption("--unswapped") else twins())
        self.mentioned = Swap(twins())
        self.path = None if hasattr(config, "workerinput") else config.getoption("--outcomes")
        self.outcomes = {}

    def pytest_pycollect_makemodule(self, module_path, parent):
        return SwappedModule.from_parent(parent, path=module_path)

    def pytest_collection_modifyitems(self, config, items):
        """Leaves out what names nothing of ours."""
        self.mentioned.modules = self.swap.modules
        keep = {item: sorted(self.mentioned.mentions(_function(item), item.cls)) for item in items}
        config.hook.pytest_deselected(items=[item for item in items if not keep[item]])
        items[:] = [item for item in items if keep[item]]
        for item in items:
            item.user_properties.append(("mentions", keep[item]))

    def pytest_runtest_logreport(self, report):
        # As a line of the terminal would, a report speaks for one of three phases: the worst counts.
        test = report.nodeid
        before = self.outcomes.get(test, {"outcome": "passed"})
        if before["outcome"] in WORSE[: WORSE.index(report.outcome) + 1]:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = crash.message if crash else ""
            mentions = dict(report.user_properties).get("mentions", [])
            self.outcomes[test] = {"test": test, "outcome": report.outcome, "mentions": mentions, "why": why}

    def pytest_collectreport(self, report):
        if report.failed:
            self.outcomes[report.nodeid] = {"test": report.nodeid, "outcome": "error", "why": report.longreprtext}

    def pytest_sessionfinish(self):
        if self.path:
            lines = [json.dumps(one) for one in self.outcomes.values()]
            Path(self.path).write_text("".join(f"{line}\n" for line in lines))


def pytest_addoption(parser):
    parser.addoption("--unswapped", action="store_true", help="Keras's own classes, to see what fails by itself")
    parser.addoption("--outcomes", help="a file that gets a line of JSON for each test")


def pytest_configure(config):
    for mark in MARKS:
        config.addinivalue_line("markers", mark)
    config.pluginmanager.register(Conformance(config), "conformance")


def _function(item):
    return getattr(item.obj, "__func__", item.obj)
