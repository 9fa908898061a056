"""Which versions are looked at, loaded, kept and let go, with exports that are made up."""

import asyncio
import shutil

import pytest

from tests.serving.server import made
from tfnotes.errors import InputError
from tfnotes.serving.server import repository
from tfnotes.serving.server.metrics import Metrics
from tfnotes.serving.server.repository import Repository
from tfnotes.serving.server.settings import Refusal, Settings


class One:
    """In place of a `Served`; `tried` has the names and versions of all that were made, good or bad."""

    tried: list = []

    def __init__(self, name, version, path, settings, metrics):
        self.name, self.version, self.path, self.settings = name, version, path, settings
        self.tried.append((name, version))
        if "broken" in (path / "metadata.json").read_text():
            raise ValueError("worn out\nafter years")

    async def drained(self):
        await asyncio.sleep(0)


@pytest.fixture
def exports(tmp_path, monkeypatch):
    monkeypatch.setattr(repository, "Served", One)
    monkeypatch.setattr(One, "tried", [])
    return tmp_path / "exports"


def opened(exports, **limits):
    said = []
    found = Repository([exports], Settings(**limits), Metrics(), lambda *one: said.append(one))
    return found, said


def versions(models):
    return {name: list(found) for name, found in models.items()}


def test_which_folders_are_exports(tmp_path):
    made.write(tmp_path / "plain")
    assert repository.scan([tmp_path / "plain"]) == {"plain": {1: tmp_path / "plain"}}
    many = tmp_path / "many"
    for name in ("7", "07x", "².", "٣", ".8", "9"):
        (many / "task" / name).mkdir(parents=True)
    (many / ".hidden" / "1").mkdir(parents=True)
    (many / "empty").mkdir()
    (many / "task" / "10").write_text("a file")
    assert repository.scan([many]) == {"task": {7: many / "task" / "7", 9: many / "task" / "9"}}
    assert repository.scan([tmp_path / "nowhere"]) == {}
    other = made.write(tmp_path / "other" / "task" / "1")
    with pytest.raises(InputError) as caught:
        repository.scan([many, other])
    assert str(caught.value) == f"serve: `path` must name each model once. Received: task in {many} and {other}."


def test_the_newest_good_ones_are_loaded_and_no_more(exports):
    for version in (1, 2, 3, 5, 11):
        made.write(exports / "task" / str(version), **({"broken": 1} if version in (5, 3) else {}))
    (exports / "task" / "12").mkdir()
    found, said = opened(exports, versions=2)
    models = found.load()
    assert versions(models) == {"task": [11, 2]}
    assert One.tried == [("task", 11), ("task", 5), ("task", 3), ("task", 2)]
    assert found.models == {}
    nothing = f"{exports}/task/12 holds no export."
    assert found.broken == {"task": {12: nothing, 5: "worn out", 3: "worn out"}}
    facts = [{"event": event, "model": "task"} for event in ("refused", "served", "refused", "refused", "served")]
    assert said == [
        (f"task 12 is left out: {nothing}", facts[0] | {"version": 12}),
        ("task 11 is served.", facts[1] | {"version": 11}),
        ("task 5 is left out: worn out", facts[2] | {"version": 5}),
        ("task 3 is left out: worn out", facts[3] | {"version": 3}),
        ("task 2 is served.", facts[4] | {"version": 2}),
    ]
    assert models["task"][11].settings.versions == 2
    assert models["task"][11].path == exports / "task" / "11"


def test_what_runs_already_is_kept_and_what_is_broken_is_tried_again_once_it_has_changed(exports):
    made.write(exports / "task" / "1")
    made.write(exports / "task" / "2", broken=1)
    found, said = opened(exports, versions=2)
    found.models = found.load()
    first = found.models["task"][1]
    One.tried.clear()
    assert found.load() == {"task": {1: first}}
    assert (One.tried, len(said)) == ([], 2)
    made.write(exports / "task" / "2", broken=22)
    assert found.load() == {"task": {1: first}}
    assert One.tried == [("task", 2)]
    assert found.broken == {"task": {2: "worn out"}}
    made.write(exports / "task" / "2")
    assert versions(found.load()) == {"task": [2, 1]}
    assert found.broken == {"task": {}}
    # One that is gone is broken no more.
    made.write(exports / "task" / "3", broken=1)
    found.load()
    assert found.broken == {"task": {3: "worn out"}}
    shutil.rmtree(exports / "task" / "3")
    found.load()
    assert found.broken == {"task": {}}


def test_a_folder_that_is_gone_takes_no_running_model_with_it(exports):
    for name in ("a", "b"):
        made.write(exports / name / "1")
    found, _ = opened(exports)
    found.models = before = found.load()
    shutil.rmtree(exports / "a")
    assert found.load() == before
    (exports / "b" / "1").rename(exports / "b" / "2")
    assert versions(found.load()) == {"a": [1], "b": [2]}
    shutil.rmtree(exports)
    assert found.load() == before


def test_old_versions_are_let_go_and_the_newest_is_a_figure(exports):
    for version in ("1", "2"):
        made.write(exports / "task" / version)
    found, said = opened(exports, versions=2)
    found.models = found.load()
    made.write(exports / "task" / "3")
    said.clear()

    async def swapped():
        found.swap(found.load())
        assert versions(found.models) == {"task": [3, 2]}
        await asyncio.gather(*found._leaving)

    asyncio.run(swapped())
    assert said[1:] == [("task 1 is let go.", {"event": "drained", "model": "task", "version": 1})]
    assert b'tfnotes_model_version{model="task"} 3.0' in found._metrics.page()


def test_watching_goes_on_after_what_went_wrong(exports, monkeypatch):
    made.write(exports / "task" / "1")
    found, said = opened(exports, poll_seconds=7)
    waited, loads = [], [InputError("two of one name"), {}, {"task": {}}, {"task": {}}]
    swapped = []

    async def sleep(seconds):
        waited.append(seconds)
        if not loads:
            raise asyncio.CancelledError

    def load():
        now = loads.pop(0)
        if isinstance(now, Exception):
            raise now
        return now

    def swap(models):
        swapped.append(models)
        found.models = models

    monkeypatch.setattr(repository.asyncio, "sleep", sleep)
    found.load, found.swap = load, swap
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(found.watch())
    assert said == [("two of one name", {"event": "scan"})]
    assert waited == [7] * 5
    # What is as before isn't swapped.
    assert swapped == [{"task": {}}]


def test_the_version_that_is_found(exports):
    for version in (2, 10):
        made.write(exports / "task" / str(version))
    found, _ = opened(exports, versions=2)
    found.models = found.load()
    assert found.find("task").version == 10
    assert found.find("task", 2).version == 2
    for version, received in ((3, 3), (0, 0), (10**20, 10**20)):
        with pytest.raises(Refusal, match=rf"its version must be one of 2, 10. Received: {received}\.$") as caught:
            found.find("task", version)
        assert caught.value.status == 404
