"""A package whose declaration is wrong is told of in one sentence, and the others go on working."""

import dataclasses

import pytest
from click.testing import CliRunner

from tfnotes import plugins, task
from tfnotes.cli import main
from tfnotes.data import sources
from tfnotes.errors import InputError
from tfnotes.serving import predict
from tfnotes.serving.exported import Exported
from tfnotes.task import Defaults, Recipe, Task

GOOD = "from tfnotes.task import Task\nTASK = Task('x', ('a', 'b'), {'d': print}, {'m': print})\n"
FAULTS = {
    "missing_module": (None, "ModuleNotFoundError: No module named 'missing_module'"),
    "bad_import": ("import no_such_package\n", r"No module named 'no_such_package' \(.*bad_import.py, line 1\)"),
    "bad_syntax": ("def f(:\n", r"SyntaxError: .*\(.*bad_syntax.py, line 1\)"),
    "bad_code": ("x = 1\nTASK = 1 / 0\n", r"ZeroDivisionError: division by zero \(.*bad_code.py, line 2\)"),
    "leaves": ("raise SystemExit(0)\n", "SystemExit: 0"),
    "no_task": ("OTHER = 1\n", "AttributeError: module 'no_task' has no attribute 'TASK'"),
    "other_type": ("TASK = {'name': 'other_type'}\n", "`task other_type` must be a tfnotes.task.Task. Received: "),
    "other_name": (GOOD, "`name` must be that of its entry point, 'other_name'. Received: name='x'"),
    "bad_task": (GOOD.replace("'x', ('a', 'b')", "'bad_task', 'ab'"), "bad_task: `labels` must be"),
}


@pytest.fixture
def declare(tmp_path, monkeypatch):
    """Makes packages that are found as installed ones."""
    monkeypatch.syspath_prepend(tmp_path)

    def declare(package, code, **groups):
        if code is not None:
            (tmp_path / f"{package}.py").write_text(code)
        folder = tmp_path / f"{package}-1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n")
        lines = [f"[tfnotes.{group}]\n{point}\n" for group, point in groups.items()]
        (folder / "entry_points.txt").write_text("\n".join(lines))

    return declare


@pytest.mark.parametrize("name", FAULTS)
def test_a_task_that_cannot_be_loaded(name, declare, toy):
    code, said = FAULTS[name]
    declare(name, code, tasks=f"{name} = {name}:TASK")
    with pytest.raises(InputError, match=said) as raised:
        task.load(name)
    assert "\n" not in str(raised.value)
    assert task.load("toy") is toy
    result = CliRunner().invoke(main, ["train", name])
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1), result.stderr
    assert result.stderr.startswith("Error: ")


def test_a_task_that_two_packages_declare(declare, toy):
    for package in ("first", "second"):
        declare(package, GOOD, tasks=f"x = {package}:TASK")
    with pytest.raises(InputError, match=r"the task `x` must be declared by one.*first \(first:TASK\) and second"):
        task.load("x")
    assert task.names().count("x") == 1
    assert task.load("toy") is toy


SOURCE = """
from tfnotes.data.sources import Source
def source(name, task):
    return Source(name, task, "one", "dataset", "1.0.0", {"train": 1})
"""


def test_sources_that_are_wrong(declare, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    declare("fine", f"{SOURCE}S = [source('fine-one', 'fine')]", sources="fine = fine:S")
    declare("broken", "import no_such_package\n", sources="broken = broken:S")
    declare("raises", "def s():\n    raise KeyError('k')\n", sources="raises = raises:s")
    declare("numbers", "S = 5\n", sources="numbers = numbers:S")
    declare("alien", f"{SOURCE}S = [source('alien-one', 'mnist')]", sources="alien = alien:S")
    declare("again", f"{SOURCE}S = [source('sample', 'again')]", sources="again = again:S")
    wrong = []
    found = sources.installed(wrong.append)
    assert {"fine-one", "full", "imdb-sample"} <= found.keys()
    assert not {"alien-one", "sample"} & found.keys()
    for name in ("broken", "raises", "numbers", "alien"):
        assert len([sentence for sentence in wrong if f"`{name}`" in sentence]) == 1
    assert "tfnotes: the data `sample` must be declared once. Received: those of the tasks again and mnist." in wrong
    result = CliRunner().invoke(main, ["data", "list"])
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 5)
    assert "fine-one" in result.stdout
    result = CliRunner().invoke(main, ["data", "prepare", "unheard-of"])
    assert result.exit_code == 2
    assert "'unheard-of' is not one of 'fine-one'" in result.stderr
    assert "no_such_package" in result.stderr


def test_names_of_a_group_that_nobody_declares():
    assert plugins.names("tfnotes.nothing") == []
    with pytest.raises(InputError, match=r"`thing` must be one of none installed. Received: 'x'"):
        plugins.load("tfnotes.nothing", "x", "thing")


@pytest.mark.parametrize(
    ("argument", "value", "said"),
    [
        ("name", "", "Task: `name` must be a text"),
        ("labels", (1, 2), "toy: `labels` must be a tuple of texts"),
        ("sources", {}, "toy: `sources` must be a dict with one entry at least"),
        ("models", ["tiny"], "toy: `models` must be a dict"),
        ("models", {"tiny": 5}, r"toy: `models\['tiny'\]` must be a function"),
        ("defaults", {"epochs": 1}, "toy: `defaults` must be a tfnotes.task.Defaults"),
        ("optimizer", None, "toy: `optimizer` must be a function"),
        ("loss", "mse", "toy: `loss` must be a function"),
        ("prepare", 5, "toy: `prepare` must be a function"),
        ("decode", "images", "toy: `decode` must be a function"),
    ],
)
def test_a_declaration_that_cannot_be_right(toy, argument, value, said):
    with pytest.raises(InputError, match=said):
        dataclasses.replace(toy, **{argument: value})


def test_what_a_task_may_leave_out(toy):
    small = Task("small", ("a", "b"), {"d": print}, {"m": Recipe(print, defaults={"epochs": 3}), "n": print})
    assert (small.title, small.defaults) == ("small", Defaults("m", "d"))
    recipe = small.recipe("m")
    assert recipe.prepare("as it is") == "as it is"
    assert type(recipe.optimizer(0.25)).__module__ == "tfnotes.optimizers.adam"
    assert recipe.loss().get_config()["from_logits"] is True
    assert [metric.name for metric in recipe.metrics()] == ["accuracy"]
    wrong = dataclasses.replace(small, models={"m": Recipe(print, defaults={"epoch": 3})})
    with pytest.raises(InputError, match=r"small: `defaults of m` must be fields of tfnotes.task.Defaults. .*'epoch'"):
        wrong.recipe("m")


def test_predicting_for_a_task_that_takes_no_files(trained, monkeypatch):
    exported = Exported(trained / "saved_models" / "drawn" / "1")
    exported.metadata["decode"] = None
    monkeypatch.setattr(task, "load", lambda name: Task(name, ("a",), {"d": print}, {"m": print}))
    with pytest.raises(InputError, match=r"predict: `export` must be of a task that takes files.*no `decode`"):
        predict.predict(exported, ["never read"])
