import io
import re

from rich.console import Console

from tfnotes.callbacks import LearningRate, Progress
from tfnotes.cli import _terminal


def test_one_line_an_epoch_where_there_is_no_terminal(fit):
    out = io.StringIO()
    with Progress(Console(file=out, width=40)) as progress:
        fit(LearningRate(), progress)
    lines = out.getvalue().splitlines()
    assert len(lines) == 2
    number = r"\d+\.\d{4}"
    assert re.fullmatch(
        f"epoch 1/2  loss {number}  accuracy {number}  val_loss {number}  val_accuracy {number}"
        r"  learning_rate 0\.0500  \d+\.\d s",
        lines[0],
    )
    assert lines[1].startswith("epoch 2/2  ")


def test_a_bar_and_the_lines_at_a_terminal(fit):
    out = io.StringIO()
    with Progress(Console(file=out, force_terminal=True, width=120)) as progress:
        fit(progress)
    assert "3/3" in out.getvalue()
    assert "━" in out.getvalue()
    assert len(re.findall(r"epoch \d/2  loss .* s\n", out.getvalue())) == 2
    # The cursor comes back.
    assert out.getvalue().rfind("\x1b[?25h") > out.getvalue().rfind("\x1b[?25l")


def test_the_cursor_comes_back_when_fit_fails(fit):
    out = io.StringIO()
    progress = Progress(Console(file=out, force_terminal=True, width=120))
    with progress:
        progress.params = {"epochs": 1, "steps": 3}
        progress.on_epoch_begin(0)
    assert out.getvalue().rfind("\x1b[?25h") > out.getvalue().rfind("\x1b[?25l")


def test_a_terminal_that_moves_no_cursor_has_the_lines_alone():
    out = io.StringIO()
    dumb = Console(file=out, force_terminal=True, width=120, _environ={"TERM": "dumb"})
    with Progress(dumb) as progress:
        progress.learning(0, 2)
        progress.learning(2, 2)
    assert out.getvalue() == ""
    with _terminal.progress("adapt", file=out, force_terminal=True, _environ={"TERM": "dumb"}) as tell:
        tell(1, 2)
    assert out.getvalue() == ""
    with _terminal.progress("adapt", file=out, force_terminal=True, _environ={"TERM": "xterm"}) as tell:
        tell(1, 2)
    assert "adapt" in out.getvalue()


def test_a_bar_of_what_is_learned_before_the_first_epoch(fit):
    out = io.StringIO()
    with Progress(Console(file=out, force_terminal=True, width=120)) as progress:
        for done in range(4):
            progress.learning(done, 3)
        shown = out.getvalue()
        assert "preparation" in shown
        assert "0/3" in shown
        fit(progress)
    # Another one, after the first was closed in the middle.
    progress.learning(1, 2)
    progress.close()
    progress.learning(0, 2)
    progress.close()
    assert "1/2" in out.getvalue()
    out = io.StringIO()
    Progress(Console(file=out)).learning(1, 2)
    assert out.getvalue() == ""


def test_small_and_large_figures():
    out = io.StringIO()
    progress = Progress(Console(file=out))
    progress.params = {"epochs": 1, "steps": 1}
    progress.on_epoch_begin(0)
    progress.on_epoch_end(0, {"learning_rate": 1e-5, "loss": 123456.0, "accuracy": 0.0})
    assert out.getvalue().startswith("epoch 1/1  loss 1.23e+05  accuracy 0.0000  learning_rate 1.00e-05  ")
    progress.on_epoch_end(0, {"loss": -0.5, "pseudo_likelihood": -123456.0, "divergence": -1e-4})
    assert "  loss -0.5000  pseudo_likelihood -1.23e+05  divergence -1.00e-04  " in out.getvalue()


def test_the_seconds_of_each_epoch_and_figures_behind_the_bar(monkeypatch):
    clock = iter((10.0, 17.25, 20.0, 21.0))
    monkeypatch.setattr(Progress.on_epoch_begin.__globals__["time"], "monotonic", lambda: next(clock))
    out = io.StringIO()
    progress = Progress(Console(file=out))
    progress.params = {"epochs": 2, "steps": None}
    for epoch in range(2):
        progress.on_epoch_begin(epoch)
        progress.on_epoch_end(epoch, {"loss": 1.0})
    assert out.getvalue().splitlines() == ["epoch 1/2  loss 1.0000  7.2 s", "epoch 2/2  loss 1.0000  1.0 s"]


def test_figures_stand_behind_the_bar():
    out = io.StringIO()
    with Progress(Console(file=out, force_terminal=True, width=120)) as progress:
        progress.params = {"epochs": 3, "steps": 4}
        progress.on_epoch_begin(1)
        progress.on_train_batch_end(1, {"accuracy": 0.5, "loss": 2.0})
    shown = re.sub("\x1b.*?[A-Za-z]", "", out.getvalue())
    assert re.search(r"\repoch 2/3 \S+ 0/4  \S+\repoch 2/3 \S+ 2/4 loss 2.0000  accuracy 0.5000 \S+\n", shown)


def test_where_numbers_become_powers_of_ten():
    out = io.StringIO()
    progress = Progress(Console(file=out))
    progress.params = {"epochs": 1, "steps": 1}
    progress.on_epoch_begin(0)
    progress.on_epoch_end(0, {"a": 1e-3, "b": 9.99e-4, "c": 9999.0, "d": 1e4})
    assert "  a 0.0010  b 9.99e-04  c 9999.0000  d 1.00e+04  " in out.getvalue()
