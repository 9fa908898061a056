"""A model on its way into the page: an export with ONNX files, and the run that it is of, if that is at hand."""

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tfnotes.errors import InputError
from tfnotes.serving import exported
from tfnotes.training.run import Run


@dataclass
class Source:
    """What the widgets' modules are asked with.

    Attributes:
        name: the model's name on the page.
        folder: an export's folder, with ONNX files.
        run: the `tfnotes.training.run.Run`, None where an export was given.
    """

    name: str
    folder: Path
    run: Run | None = None

    @cached_property
    def about(self):
        """What the export's `metadata.json` holds."""
        return exported.described(self.folder)[1]

    @cached_property
    def title(self):
        return f"{self.name}: {self.about['task']} {self.about['model']}"

    def has(self, endpoint):
        """Whether there is an ONNX file of an endpoint."""
        return endpoint in self.about["formats"]["onnx"]

    def ask(self, endpoint, **inputs):
        """The answer of an endpoint's ONNX file: a dict of arrays."""
        return self._opened.ask(endpoint, **inputs)

    @cached_property
    def _opened(self):
        return exported.Exported(self.folder, "onnx")


def sources(paths, scratch, report=lambda sentence: None):
    """Runs and exports as sources; a run is exported, and an export without ONNX is copied and given it.

    Args:
        paths: of runs and exports; a task's folder of exports stands for its newest.
        scratch: an existing folder for what is made on the way.
        report: called with one sentence for each thing that takes time, or that a model's page will lack.

    Returns:
        A list of `Source`, in the order given.

    Raises:
        InputError: a path is neither run nor export, or the model can't be converted.
    """
    found: list[Source] = []
    for k, path in enumerate(map(Path, paths)):
        taken = {source.name for source in found}
        if (path / "config.json").is_file():
            run = Run.open(path)
            found.append(Source(_free(path.resolve().name, taken), _of_run(run, scratch / str(k), report), run))
            continue
        folder = exported.find(path)
        if folder is None:
            raise InputError(
                "play: `run or export` must be the folder of a run or of an export, such as runs/demo or "
                f"saved_models/mnist. Received: {str(path)!r}."
            )
        about = exported.described(folder)[1]
        name = _free(f"{about['task']}-{folder.resolve().name}", taken)
        found.append(Source(name, _with_onnx(folder, about, scratch / str(k), report)))
    return found


def _free(name, taken):
    """The name, or with the first number behind it that makes it another than those taken."""
    k, free = 1, name
    while free in taken:
        k, free = k + 1, f"{name}-{k + 1}"
    return free


def _of_run(run, scratch, report):
    from tfnotes.serving.export import export

    report(f"{run.path} is exported to ONNX.")
    return export(run, scratch, wanted=("onnx",))


def _with_onnx(folder, about, scratch, report):
    if "onnx" in about["formats"]:
        return folder
    from tfnotes.serving.add_format import add_format

    report(f"{folder} has no ONNX files: a copy is given some; tfnotes export {folder} --add-format onnx keeps them.")
    shutil.copytree(folder, scratch)
    return add_format(scratch, ["onnx"])
