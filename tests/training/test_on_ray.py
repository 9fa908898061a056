"""What the workers of a training on Ray say to each other; Ray itself, and trainings on it, are tests/ray."""

import contextlib
import json
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tests.training.test_stored import CONFIG
from tfnotes import ray_cluster
from tfnotes.errors import InputError
from tfnotes.training import launch, on_ray, ray_carried, ray_worker
from tfnotes.training.cluster import Lost
from tfnotes.training.ray_desk import Desk
from tfnotes.training.run import Run


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(ray_worker, "_PAUSE", 0.001)
    monkeypatch.setattr(ray_worker, "_PATIENCE", 0.5)


class Ends:
    """A process that ends so by itself, or when it is asked to."""

    def __init__(self, status, asked=None):
        self.ended, self._asked, self.killed = status, asked, False

    def status(self):
        return self.ended

    def terminate(self):
        self.ended = self._asked

    def end(self):
        self.killed = self.ended is None
        return -signal.SIGKILL if self.killed else self.ended

    def said(self, last=False):
        return [(2, "the last\n")] if last else []


def attended(desk, *processes, attempt="a"):
    """What becomes of the workers with these processes: "ended" or "lost" each."""
    lock, found = threading.Lock(), {}

    def ask(name, *arguments):
        with lock:
            return getattr(desk, name)(*arguments)

    def attend(rank):
        try:
            ray_worker.attend(processes[rank], ask, attempt, rank)
            found[rank] = "ended"
        except Lost:
            found[rank] = "lost"

    threads = [threading.Thread(target=attend, args=(rank,)) for rank in range(len(processes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return [found.get(rank) for rank in range(len(processes))]


@pytest.fixture
def desk():
    desk = Desk(0, 2)
    desk.begin("a", 0)
    return desk


def test_all_end_well(desk):
    assert attended(desk, Ends(0), Ends(0)) == ["ended", "ended"]
    assert desk.outcome() == (0, None)


@pytest.mark.parametrize("status", [launch.LOST, -signal.SIGKILL], ids=["left alone", "killed"])
def test_where_one_is_lost_all_leave_and_begin_anew(desk, status):
    stands_still = Ends(None)
    assert attended(desk, Ends(status), stands_still) == ["lost", "lost"]
    assert stands_still.killed
    assert desk.outcome() == (None, None)
    desk.begin("b", 2)
    assert desk.read() == [(2, "Warning: A worker was lost; all begin anew after epoch 2.\n")]
    assert attended(desk, Ends(0), Ends(0), attempt="b") == ["ended", "ended"]


def test_an_error_is_not_tried_again_and_is_said(desk):
    assert attended(desk, Ends(launch.LOST), Ends(1)) == ["ended", "ended"]
    assert desk.outcome() == (1, None)
    assert desk.read() == [(2, "the last\n")]


def test_asked_to_stop_the_chief_ends_by_itself_and_the_others_with_it(desk):
    desk.stop()
    assert attended(desk, Ends(None, asked=143), Ends(None)) == ["ended", "ended"]
    assert desk.outcome() == (128 + signal.SIGINT, None)


def test_asked_to_stop_before_it_can(desk):
    desk.stop()
    assert attended(desk, Ends(None, asked=-signal.SIGTERM), Ends(None)) == ["ended", "ended"]
    assert desk.outcome() == (-signal.SIGTERM, None)


def test_after_three_times_without_an_epoch_all_end(desk):
    for attempt in "bcd":
        desk.begin(attempt, 0)
        assert desk.look(attempt) == ("go on", 0)
    desk.begin("e", 0)
    assert desk.look("e") == ("end", 0)
    assert "3 times in a row" in desk.outcome()[1]


def test_a_process_says_what_the_chief_says_and_of_others_their_errors_alone(monkeypatch, tmp_path):
    program = "import sys; print(sys.argv[2]); print('wrong', file=sys.stderr)"
    monkeypatch.setattr(launch, "command", lambda arguments: [sys.executable, "-c", program, *arguments])
    given = {"config": {"threads": 1}, "arguments": [], "folder": str(tmp_path), "run": "mine", "variables": {}}
    said = []
    for rank in range(2):
        process = ray_worker.Process(given, Path("/elsewhere"), ["a:1", "b:1"], rank)
        process._process.wait()
        assert process.end() == 0
        said.append((process.said(), process.said(last=True)))
    assert sorted(said[0][0]) == [(1, "mine\n"), (2, "wrong\n")]
    assert said[1] == ([], [(2, "wrong\n")])


def test_a_run_is_carried_whole(tmp_path):
    (tmp_path / "run/checkpoints/epoch-0001").mkdir(parents=True)
    (tmp_path / "run/checkpoints/epoch-0001/state.json").write_text("{}")
    (tmp_path / "run/.model.partial-1.keras").write_text("half")
    ray_carried._copied(tmp_path / "run", tmp_path / "copy")
    ray_carried.unpack(ray_carried.packed(tmp_path / "copy"), tmp_path / "there")
    found = [str(p.relative_to(tmp_path / "there")) for p in sorted((tmp_path / "there").rglob("*"))]
    assert found == ["checkpoints", "checkpoints/epoch-0001", "checkpoints/epoch-0001/state.json"]


def test_what_the_desk_knows():
    desk = Desk(2, 3)
    desk.begin("a", 2)
    assert desk.look("a", [(1, "x\n")]) == ("go on", 0)
    desk.report()
    desk.report()
    assert (desk.look("a"), desk.look("b")) == (("go on", 2), ("go on", 0))
    desk.lose("a")
    assert (desk.look("a")[0], desk.look("b")[0]) == ("leave", "go on")
    assert [desk.leave("a", rank) for rank in (0, 0, 1, 2)] == [False, False, False, True]
    assert [desk.leave("b", rank) for rank in range(3)] == [False, False, True]
    desk.begin("b", 3)
    assert desk.look("b") == ("go on", 0)
    assert desk.read() == [(1, "x\n"), (2, "Warning: A worker was lost; all begin anew after epoch 3.\n")]
    assert desk.read() == []
    desk.stop()
    assert desk.look("b")[0] == "stop"
    desk.lose("b")
    assert desk.look("b")[0] == "leave"
    assert desk.outcome() == (None, None)
    desk.end(5)
    desk.end(0)
    assert (desk.outcome(), desk.look("b")[0]) == ((5, None), "end")
    well = Desk(0, 1)
    well.end(0)
    assert (well.outcome(), well.look("a")[0]) == ((0, None), "end")


def test_a_process_finds_what_it_shall_in_its_environment(monkeypatch, tmp_path):
    names = ("TF_CONFIG", "TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "MORE")
    program = f"import json, os, sys; print(json.dumps([{{n: os.environ.get(n) for n in {names}}}, "
    program += "os.getcwd(), sys.argv[1:], os.getsid(0) == os.getpid()]))"
    monkeypatch.setattr(launch, "command", lambda arguments: [sys.executable, "-S", "-c", program, *arguments])
    monkeypatch.setenv("OMP_NUM_THREADS", "9")
    given = {"config": {"threads": 3}, "arguments": ["--wait", "7"], "run": "mine"}
    for folder, cwd in ((tmp_path, tmp_path), (tmp_path / "elsewhere", Path.cwd())):
        given |= {"folder": str(folder), "variables": {"OMP_NUM_THREADS": None, "MORE": "1"}}
        process = ray_worker.Process(given, Path("/there"), ["a:1", "b:2"], 1)
        process._process.wait()
        process.end()
        # It is the chief that says it; here its lines are looked at.
        ((_, line),) = process._lines
        environ, where, arguments, leads = json.loads(line)
        assert json.loads(environ.pop("TF_CONFIG"))["task"]["index"] == 1
        assert environ == {"TF_NUM_INTRAOP_THREADS": "3", "OMP_NUM_THREADS": None, "MORE": "1"}
        # What stands elsewhere on the way is named as it was asked for.
        assert (where, arguments, leads) == (str(cwd), ["--resume", "mine", "--wait", "7"], True)


@pytest.fixture
def train(monkeypatch):
    """Stands for `ray.train`: what was reported, with the files of the checkpoint."""
    ray, made = ModuleType("ray"), ModuleType("ray.train")
    made.reported = []

    def files(folder):
        return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())

    made.Checkpoint = SimpleNamespace(from_directory=files)
    made.report = lambda figures, checkpoint=None: made.reported.append((figures, checkpoint))
    ray.train = made
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setitem(sys.modules, "ray.train", made)
    return made


def epochs(count):
    return [{"epoch": k + 1, "loss": 1.0} for k in range(count)]


def test_the_chiefs_copy_is_taken_after_each_epoch_and_at_the_end(train, tmp_path):
    run, asked = Run.create(tmp_path / "run", CONFIG), []
    run.write_metrics(epochs(1))
    content = ray_carried.packed(run.path)
    (tmp_path / "here").mkdir()
    carried = ray_carried.Carried(tmp_path / "here", asked.append)
    carried.begin(None, content)
    copy = Run.open(carried.path)
    assert copy.metrics() == epochs(1)
    carried.report(5)
    assert (asked, train.reported) == ([], [])
    copy.write_metrics(epochs(2))
    carried.report()
    carried.report()
    assert asked == ["report"]
    assert train.reported == [({"epochs": 2}, ["config.json", "metrics.jsonl"])]
    carried.report(last=True)
    assert [figures for figures, _ in train.reported] == [{"epochs": 2}] * 2
    # Begun anew, it is what Ray took last.
    (tmp_path / "again").mkdir()
    again = ray_carried.Carried(tmp_path / "again", asked.append)
    again.begin(SimpleNamespace(to_directory=lambda to: shutil.copytree(copy.path, to)), b"")
    assert Run.open(again.path).metrics() == epochs(2)
    again.report()
    assert len(train.reported) == 2


def test_the_others_take_part_in_as_many_reports(train):
    followed = ray_carried.Followed()
    for reports, wanted in ((0, 0), (2, 2), (2, 2), (3, 3)):
        followed.report(reports)
        followed.report(reports, last=True)
        assert train.reported == [({}, None)] * wanted


def test_a_folder_that_changes_while_it_is_copied_is_copied_again(monkeypatch, tmp_path):
    (tmp_path / "run").mkdir()
    tries, copy = [], shutil.copytree

    def fails(path, to, ignore):
        tries.append(path)
        if len(tries) % 4:
            raise FileNotFoundError("gone")
        return copy(path, to, ignore=ignore)

    monkeypatch.setattr(shutil, "copytree", fails)
    with pytest.raises(FileNotFoundError):
        ray_carried._copied(tmp_path / "run", tmp_path / "copy")
    assert len(tries) == 3
    ray_carried._copied(tmp_path / "run", tmp_path / "copy")
    assert (len(tries), (tmp_path / "copy").is_dir()) == (4, True)


def test_what_is_carried_is_reported_for_the_last_time_before_all_is_over(desk):
    """Of a worker that ends well, by the chief alone."""
    for rank, last in ((0, [True]), (1, [])):
        alone, said = Desk(0, 1), []
        alone.begin("a", 0)
        alone.report()

        def report(reports=0, last=False, said=said, desk=alone):
            said.append((reports, last, desk.outcome()[0]))

        if rank:
            alone.end = lambda status, desk=alone: pytest.fail("it ended all")
            orders = iter(["go on", "go on", "end"])
            alone._order = lambda attempt, orders=orders: next(orders, "end")

        def ask(name, *arguments, desk=alone):
            return getattr(desk, name)(*arguments)

        ray_worker.attend(Ends(0), ask, "a", rank, SimpleNamespace(report=report))
        assert [now for _, now, _ in said if now] == last
        assert {reports for reports, now, _ in said if not now} == {1}
        assert all(outcome is None for _, _, outcome in said)


class Remote:
    """A method of an actor."""

    def __init__(self, function):
        self.remote = function


def followed(monkeypatch, fit, read=list, outcome=(None, None)):
    monkeypatch.setattr(on_ray, "_PAUSE", 0.01)
    stopped, ray = [], SimpleNamespace(get=lambda given: given)
    stop = Remote(lambda: stopped.append(True))
    desk = SimpleNamespace(read=Remote(read), stop=stop, outcome=Remote(lambda: outcome))
    return on_ray._follow(ray, desk, SimpleNamespace(fit=fit)), stopped


def test_what_the_workers_say_is_printed_until_they_end(monkeypatch, capsys):
    lines = [[(1, "one\n"), (2, "two\n")], []]
    assert followed(monkeypatch, lambda: "result", lambda: lines.pop(0) if lines else []) == ("result", [])
    assert capsys.readouterr() == ("one\n", "two\n")


@pytest.mark.parametrize("outcome", [(None, None), (3, None), (None, "lost")])
def test_workers_that_could_not_be_started(monkeypatch, outcome):
    def fit():
        raise ValueError("no room\nTraceback")

    if outcome == (None, None):
        sentence = r"^train: engine `ray` must be able to start the workers\. no room$"
        with pytest.raises(InputError, match=sentence):
            followed(monkeypatch, fit, outcome=outcome)
    else:
        assert followed(monkeypatch, fit, outcome=outcome) == (None, [])


@pytest.mark.parametrize(("interrupts", "patience", "ends"), [(1, 60, "well"), (2, 60, "at once"), (1, 0, "at once")])
def test_ctrl_c_asks_the_chief_and_a_second_one_asks_nobody(monkeypatch, interrupts, patience, ends):
    over, left = threading.Event(), [None] * interrupts
    monkeypatch.setattr(on_ray, "_PATIENCE", patience)

    def read():
        if left:
            left.pop()
            raise KeyboardInterrupt
        if ends == "well":
            over.set()
        return []

    try:
        if ends == "well":
            assert followed(monkeypatch, lambda: over.wait(20) and "result", read) == ("result", [True])
        else:
            with pytest.raises(KeyboardInterrupt):
                followed(monkeypatch, lambda: over.wait(20), read)
    finally:
        over.set()


@pytest.fixture
def ray(monkeypatch, tmp_path):
    """Stands for the cluster: what it was asked for, and `launched`, which gives what is handed out."""
    made = SimpleNamespace(asked={}, outcome=(0, None), result=None)
    actor = SimpleNamespace(outcome=Remote(lambda: made.outcome))
    options = SimpleNamespace(remote=lambda *given: made.asked.update(desk=given) or actor)
    placed = SimpleNamespace(options=lambda **given: made.asked.update(place=given) or options)
    package = SimpleNamespace(
        get=lambda given: given,
        remote=lambda cls: placed if cls is Desk else None,
        get_runtime_context=lambda: SimpleNamespace(get_node_id=lambda: "here"),
    )
    strategies = ModuleType("strategies")
    strategies.NodeAffinitySchedulingStrategy = lambda node, soft: (node, soft)
    for name, module in (("ray", ModuleType("ray")), ("ray.util", ModuleType("util"))):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(sys.modules, "ray.util.scheduling_strategies", strategies)

    @contextlib.contextmanager
    def joined(who, processors):
        made.asked.update(joined=(who, processors))
        yield package

    def follow(ray, desk, trainer):
        assert (ray, desk) == (package, actor)
        # Where there is no storage, Ray's notes stand beside the run while it is trained.
        made.asked["beside"] = len(list(made.run.path.parent.glob(".run.partial-*")))
        return made.result

    def trainer(run, workers, given, storage):
        made.asked.update(given=given, workers=workers, storage=storage)

    monkeypatch.setattr(ray_cluster, "needed", lambda *given: made.asked.update(needed=given))
    monkeypatch.setattr(ray_cluster, "joined", joined)
    monkeypatch.setattr(on_ray, "_follow", follow)
    monkeypatch.setattr(on_ray, "_trainer", trainer)
    for name in ("RAY_TRAIN_WORKER_HEALTH_CHECK_TIMEOUT_S", "RAY_CHDIR_TO_TRIAL_DIR"):
        monkeypatch.delenv(name, raising=False)
    made.run = Run.create(tmp_path / "run", CONFIG)
    made.run.write_metrics(epochs(1))
    return made


@pytest.mark.parametrize(("wait", "heeded"), [(3, "10"), (60.0, "60.0")])
def test_what_is_handed_out(ray, monkeypatch, tmp_path, wait, heeded):
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    monkeypatch.chdir(tmp_path)
    assert on_ray.launch_on_ray(ray.run, 3, ["--wait", "3"], wait) == 0
    given = ray.asked["given"]
    assert given.pop("desk").outcome.remote() == (0, None)
    assert given == {
        "run": str(ray.run.path),
        "content": None,
        "config": CONFIG,
        "arguments": ["--wait", "3"],
        "wait": wait,
        "folder": str(tmp_path),
        "variables": {"OMP_NUM_THREADS": "5"},
    }
    # Each worker takes as many processors as the run has threads.
    assert (ray.asked["needed"], ray.asked["joined"]) == (("train", "ray.train"), ("train", 3 * CONFIG["threads"]))
    assert (ray.asked["desk"], ray.asked["workers"]) == ((1, 3), 3)
    assert ray.asked["place"] == {"num_cpus": 0, "scheduling_strategy": ("here", False)}
    assert os.environ["RAY_TRAIN_WORKER_HEALTH_CHECK_TIMEOUT_S"] == heeded
    assert os.environ["RAY_CHDIR_TO_TRIAL_DIR"] == "0"
    assert Path(ray.asked["storage"]).parent == tmp_path
    assert (ray.asked["beside"], [path.name for path in tmp_path.iterdir()]) == (1, ["run"])


@pytest.mark.parametrize(("storage", "found"), [("s3://bucket/folder", "s3://bucket/folder"), ("there", None)])
def test_with_a_storage_the_run_is_carried_there_and_back(ray, monkeypatch, tmp_path, storage, found):
    monkeypatch.chdir(tmp_path)

    def to_directory(folder):
        shutil.copytree(ray.run.path, folder)
        (folder / "test.json").write_text('{"loss": 0.5}')

    ray.result = SimpleNamespace(checkpoint=SimpleNamespace(to_directory=to_directory))
    assert on_ray.launch_on_ray(ray.run, 2, [], 60, storage) == 0
    assert ray.asked["storage"] == (found or str(tmp_path / "there"))
    assert ray.asked["beside"] == 0
    ray_carried.unpack(ray.asked["given"]["content"], tmp_path / "unpacked")
    assert Run.open(tmp_path / "unpacked").metrics() == epochs(1)
    assert Run.open(ray.run.path).test() == {"loss": 0.5}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "unpacked"]


@pytest.mark.parametrize(
    ("outcome", "complete", "ends"),
    [
        ((0, None), True, 0),
        ((3, None), False, 3),
        ((None, None), False, 0),
        ((None, "lost"), True, 0),
        ((3, None), True, 0),
        ((None, "lost 3 times"), False, Lost),
        ((-15, None), False, KeyboardInterrupt),
    ],
)
def test_how_it_ended(ray, outcome, complete, ends):
    ray.outcome = outcome
    if complete:
        ray.run.write_test({"loss": 0.5})
    if isinstance(ends, int):
        assert on_ray.launch_on_ray(ray.run, 2, [], 60) == ends
    else:
        with pytest.raises(ends, match="lost 3 times" if ends is Lost else None):
            on_ray.launch_on_ray(ray.run, 2, [], 60)


@pytest.mark.parametrize(("processors", "gpu"), [(2, True), (1, False), (None, False)])
def test_what_ray_is_asked_for(monkeypatch, tmp_path, processors, gpu):
    def noted(**options):
        return options

    ray, made, tensorflow = ModuleType("ray"), ModuleType("ray.train"), ModuleType("ray.train.tensorflow")
    ray.cluster_resources = lambda: {"GPU": processors} if processors else {}
    for name in ("RunConfig", "ScalingConfig", "CheckpointConfig", "FailureConfig", "LoggingConfig"):
        setattr(made, name, noted)
    tensorflow.TensorflowTrainer = lambda loop, **options: (loop, options)
    ray.train = made
    for name, module in (("ray", ray), ("ray.train", made), ("ray.train.tensorflow", tensorflow)):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(on_ray, "_addressed", lambda: "addressed")
    run = Run.create(tmp_path / "run", CONFIG)
    run.write_metrics(epochs(1))
    loop, asked = on_ray._trainer(run, 2, {"given": 1}, "there")
    assert loop is ray_worker.work
    assert (asked["train_loop_config"], asked["tensorflow_config"]) == ({"given": 1}, "addressed")
    resources = {"CPU": CONFIG["threads"]}
    assert asked["scaling_config"] == {"num_workers": 2, "use_gpu": gpu, "resources_per_worker": resources}
    name = asked["run_config"].pop("name")
    assert (name[:4], len(name)) == ("run-", 12)
    # Three epochs are left.
    assert asked["run_config"] == {
        "storage_path": "there",
        "checkpoint_config": {"num_to_keep": 2},
        "failure_config": {"max_failures": 12},
        "logging_config": {"log_level": "CRITICAL"},
    }


@pytest.mark.parametrize("carried", [False, True])
@pytest.mark.parametrize("rank", [0, 1])
def test_what_a_worker_of_ray_begins_with(train, monkeypatch, tmp_path, rank, carried):
    run = Run.create(tmp_path / "run", CONFIG)
    run.write_metrics(epochs(2))
    asked, attended = [], []
    desk = SimpleNamespace(begin=Remote(lambda *given: asked.append(given)))
    sys.modules["ray"].get = lambda answer: answer
    train.get_context = lambda: SimpleNamespace(get_world_rank=lambda: rank)
    train.get_checkpoint = lambda: None
    content = ray_carried.packed(run.path) if carried else None
    given = {"desk": desk, "run": str(run.path), "wait": 7, "content": content}
    monkeypatch.setattr(ray_worker.files, "until_free", lambda *given: asked.append(given))
    monkeypatch.setattr(ray_worker, "Process", lambda *given: given)
    monkeypatch.setattr(ray_worker, "attend", lambda process, ask, *rest: attended.append((process, *rest)))
    ray_worker.tell("b", ["a:1", "b:2"])
    ray_worker.work(given)
    (((told, path, addresses, known), attempt, same, copy),) = attended
    assert (told, addresses, known, attempt, same) == (given, ["a:1", "b:2"], rank, "b", rank)
    assert (path == run.path) == (rank == 1 or not carried)
    # The chief of the attempt before is waited for where the run is.
    assert asked == ([(path, 7), ("b", 2)] if rank == 0 else [])
    kinds = {0: ray_carried.Carried, 1: ray_carried.Followed}
    assert type(copy) is (kinds[rank] if carried else type(None))


def test_where_a_worker_of_ray_can_be_reached(train, monkeypatch):
    sys.modules["ray"].util = SimpleNamespace(get_node_ip_address=lambda: "10.0.0.9")
    monkeypatch.setattr(launch, "free_ports", lambda count: [4242] * count)
    assert ray_worker.address() == "10.0.0.9:4242"
