"""A trial's process, here and as a worker of Ray has it; what is started is a small program."""

import os
import sys
import time
from types import SimpleNamespace

import pytest

from tfnotes import files
from tfnotes.errors import InputError
from tfnotes.sweep import on_ray, trials
from tfnotes.training import config, launch

PROGRAM = """
import os, signal, sys, time
what, *rest = sys.argv[1:]
if what == "env":
    print(*(os.environ.get(name) for name in rest), len(sys.stdin.read()), file=sys.stderr)
elif what == "wait":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print("ready", file=sys.stderr, flush=True)
    time.sleep(60)
elif what == "held":
    os.fstat(int(rest[0]))
else:
    sys.stderr.write(what.replace("|", "\\n"))
    sys.exit(3)
"""


@pytest.fixture(autouse=True)
def command(monkeypatch):
    monkeypatch.setattr(launch, "command", lambda arguments: [sys.executable, "-S", "-c", PROGRAM, *arguments])


def ended(*arguments, **options):
    process = trials.Process(list(arguments), **options)
    process._process.wait(30)
    return process.status(), process.said()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("noise|Error: toy: it fails.|", "toy: it fails."),
        ("Error: a|then b", "then b"),
        ("", "status 3"),
        (" | ", "status 3"),
    ],
)
def test_the_last_line_says_why(written, said):
    assert ended(written) == (3, said)


def test_its_environment_and_what_it_holds(monkeypatch, tmp_path):
    for name in ("TFNOTES_LAUNCHED", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MORE", "0")
    names = ("PYTHONUNBUFFERED", "TFNOTES_LAUNCHED", "MORE")
    assert ended("env", *names) == (0, "1 None 0 0")
    assert ended("env", *names, variables={"MORE": "2"}) == (0, "1 None 2 0")
    tethered = trials.Process(["env", *names], tethered=True)
    assert tethered.status() is None
    # It lives for as long as its standard input is held open.
    tethered._process.stdin.close()
    tethered._process.wait(30)
    assert (tethered.status(), tethered.said()) == (0, "1 1 0 0")
    with files.locked(tmp_path) as lock:
        assert ended("held", str(lock), held=(lock,))[0] == 0
        assert ended("held", str(lock))[0] == 1


def test_it_is_asked_to_end_and_waited_for():
    process = trials.Process(["wait"])
    while process._said.tell() == 0 and not os.fstat(process._said.fileno()).st_size:
        time.sleep(0.01)
    assert process.status() is None
    process.stop()
    assert process.status() == 143
    process.stop()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("epochs", "3", 3), ("batch_size", "8", 8), ("learning_rate", "3", 3.0), ("learning_rate_decay", "1e-1", 0.1)],
)
def test_options_that_may_be_searched(name, text, value):
    found = trials.option(name, text)
    assert (found, type(found)) == (value, type(value))
    kind = "an integer" if type(value) is int else "a number"
    with pytest.raises(InputError, match=f"^sweep: `{name}` must be {kind}. Received: {name}='x'"):
        trials.option(name, "x")
    assert set(trials.OPTIONS) == {"epochs", "batch_size", "learning_rate", "learning_rate_decay"}


def test_in_a_worker_of_ray_it_is_where_and_as_it_was_asked_for(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "9")
    (tmp_path / "there" / "run").mkdir(parents=True)
    asked = []
    monkeypatch.setattr(files, "until_free", lambda *given: asked.append(given))
    monkeypatch.setattr(trials, "Process", lambda *given, **options: asked.append((given, options)) or Ended())
    variables = {"TF_NUM_INTRAOP_THREADS": "2", "OMP_NUM_THREADS": None}
    place = on_ray.Place(["toy"], str(tmp_path / "there"), variables, "run")
    given = {"TF_NUM_INTRAOP_THREADS": "2"}
    assert asked == [("run", 15), ((["toy"],), {"variables": given, "tethered": True})]
    assert os.getcwd() == str(tmp_path / "there")
    assert "OMP_NUM_THREADS" not in os.environ
    assert (place.status(), place.said(), place.stop()) == (4, "why", None)
    asked.clear()
    on_ray.Place(["toy"], str(tmp_path), {}, "no run")
    assert [options for _, options in asked] == [{"variables": {}, "tethered": True}]


class Ended:
    def status(self):
        return 4

    def said(self):
        return "why"

    def stop(self):
        return None


class LostError(Exception):
    pass


class Ray:
    """In the package's place: places for processes that have such statuses, in turn."""

    exceptions = SimpleNamespace(RayActorError=LostError)

    def __init__(self, *statuses, ready=True):
        self.statuses, self.ready, self.begun, self.done, self.cpus = list(statuses), ready, [], [], []

    def remote(self, cls):
        assert cls is on_ray.Place
        return SimpleNamespace(options=self._options)

    def _options(self, num_cpus):
        self.cpus.append(num_cpus)
        return SimpleNamespace(remote=self._make)

    def _make(self, *given):
        self.begun.append(given)
        answers = {"status": lambda: self.statuses.pop(0), "said": lambda: "why"}
        answers["stop"] = lambda: self.done.append("stop")
        return SimpleNamespace(**{n: SimpleNamespace(remote=lambda n=n: answers[n]) for n in answers})

    def wait(self, answers, timeout):
        assert timeout == 0
        return (answers, []) if self.ready else ([], answers)

    def get(self, answer):
        found = answer()
        if found is LostError:
            raise LostError
        return found

    def kill(self, place):
        self.done.append("kill")


@pytest.fixture
def here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(config, "threads", lambda: 3)
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    return tmp_path


def test_on_a_cluster_it_takes_room_for_its_threads(here):
    ray = Ray(None, 0)
    remote = on_ray.Remote(ray, ("--no-test", "--run", "r", "toy"))
    variables = {"TF_NUM_INTRAOP_THREADS": "3", "OMP_NUM_THREADS": "5"}
    assert ray.begun == [(["--no-test", "--run", "r", "toy"], str(here), variables, "r")]
    assert ray.cpus == [3]
    ray.ready = False
    assert remote.status() is None
    assert ray.statuses == [None, 0]
    ray.ready = True
    assert [remote.status(), remote.status()] == [None, 0]
    assert (remote.said(), ray.done) == ("", ["kill"])
    failed = on_ray.Remote(Ray(7), ["--resume", "r"])
    assert (failed.status(), failed.said()) == (7, "why")


def test_one_whose_worker_is_lost_goes_on_from_what_it_has_kept(here):
    ray = Ray(LostError, LostError, 0)
    remote = on_ray.Remote(ray, ["--no-test", "--run", "r", "toy"])
    assert remote.status() is None
    (here / "r").mkdir()
    (here / "r" / "config.json").write_text("{}")
    assert [remote.status(), remote.status()] == [None, 0]
    assert [given[0] for given in ray.begun] == [
        ["--no-test", "--run", "r", "toy"],
        ["--no-test", "--run", "r", "toy"],
        ["--no-test", "--resume", "r"],
    ]
    tested = on_ray.Remote(ray := Ray(), ["--run", "r", "toy"])
    assert ray.begun[0][0] == ["--resume", "r"]
    assert tested.said() == ""


def test_one_that_is_lost_again_and_again_has_failed(here):
    ray = Ray(*[LostError] * 9)
    remote = on_ray.Remote(ray, ["--resume", "r"])
    assert [remote.status() for _ in range(4)] == [None, None, None, 1]
    assert len(ray.begun) == 4
    assert remote.said() == "Its worker of Ray was lost again and again."


def test_it_is_stopped_wherever_it_is(here):
    for ready, done in ((True, ["stop", "kill"]), (False, ["kill"])):
        ray = Ray(None, ready=ready)
        on_ray.Remote(ray, ["--resume", "r"]).stop()
        assert ray.done == done
    ray = Ray(None)
    remote = on_ray.Remote(ray, ["--resume", "r"])
    ray.wait = lambda *given, **options: ray.get(lambda: LostError)
    remote.stop()
    assert ray.done == []
