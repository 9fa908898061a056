"""Where exports stand, and which of them are served: the newest good versions of each model.

    saved_models           all tasks in it, also those that come later
    saved_models/mnist     one task: its newest versions, also those that come later
    saved_models/mnist/2   one export, and no other
"""

import asyncio
import contextlib
import gc
from pathlib import Path

from tfnotes.errors import InputError, first_line
from tfnotes.serving.exported import runtime_of
from tfnotes.serving.server import tensors
from tfnotes.serving.server.served import Served
from tfnotes.serving.server.settings import Refusal


def is_export(path):
    """Whether an export stands there; one that is being written has another name until it is whole."""
    return (path / "metadata.json").is_file()


def scan(paths):
    """The exports under `paths`: a dict from name to a dict from version to folder.

    Raises:
        InputError: two models have one name.
    """
    found: dict[str, dict[int, Path]] = {}
    whence: dict[str, Path] = {}
    for path in paths:
        for name, versions in _models(path).items():
            if whence.setdefault(name, path) != path:
                raise InputError(
                    f"serve: `path` must name each model once. Received: {name} in {whence[name]} and {path}."
                )
            found[name] = versions
    return found


def runtimes_of(paths, runtime=None):
    """The names of the runtimes that the exports under `paths` would have, as far as they can be read."""
    found = set()
    for folder in (folder for versions in scan(paths).values() for folder in versions.values()):
        # What is wrong with one is said when it is loaded.
        with contextlib.suppress(InputError):
            found.add(runtime_of(folder, runtime))
    return found


def _models(path):
    path = path.resolve()
    if is_export(path):
        numbered = path.name.isdecimal()
        return {path.parent.name if numbered else path.name: {int(path.name) if numbered else 1: path}}
    versions = _versions(path)
    if versions:
        return {path.name: versions}
    inner = {p.name: _versions(p) for p in _folders(path) if not p.name.startswith(".")}
    return {name: versions for name, versions in inner.items() if versions}


def _versions(path):
    return {int(p.name): p for p in _folders(path) if p.name.isdecimal() and p.name.isascii()}


def _folders(path):
    try:
        return [p for p in path.iterdir() if p.is_dir()]
    except OSError:
        return []


def _stamp(path):
    """Another one if files came, went or changed."""
    try:
        files = sorted((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in path.rglob("*") if p.is_file())
        return hash(tuple(files))
    except OSError:
        return None


class Repository:
    """The models that are served.

    Args:
        paths: as the module's docstring says.
        settings: a `tfnotes.serving.server.settings.Settings`.
        metrics: a `tfnotes.serving.server.metrics.Metrics`.
        report: called with one sentence and a dict of facts for what is loaded, refused or let go.

    Attributes:
        models: a dict from name to a dict from version to `Served`.
        broken: a dict from name to a dict from version to why it isn't served.
    """

    def __init__(self, paths, settings, metrics, report=lambda sentence, facts: None):
        self._paths, self._settings, self._metrics, self._report = paths, settings, metrics, report
        self.models: dict[str, dict[int, Served]] = {}
        self.broken: dict[str, dict[int, str]] = {}
        self._stamps: dict[Path, int | None] = {}
        self._leaving: set[asyncio.Task] = set()

    def find(self, name, version=None):
        """A served version; the newest without a number.

        Raises:
            Refusal: with 404, there is none.
        """
        versions = self.models.get(name, {})
        if not versions or (version is not None and version not in versions):
            kind, known = ("version", versions) if versions else ("name", self.models)
            expected = f"must be one of {', '.join(map(str, sorted(known)))}" if known else "can't be any yet"
            received = tensors.shown(version if versions else name)
            raise Refusal(404, f"Servable not found for request: its {kind} {expected}. Received: {received}.")
        return versions[max(versions) if version is None else version]

    def load(self):
        """Looks at the folders once: what is new is loaded, checked and warmed.

        Returns:
            A dict as `models`, which nobody sees before `swap`.
        """
        models = {}
        for name, versions in scan(self._paths).items():
            good: dict[int, Served] = {}
            before = self.models.get(name, {})
            for version in sorted(versions, reverse=True):
                if len(good) == self._settings.versions:
                    break
                served = before.get(version) or self._tried(name, version, versions[version])
                if served:
                    good[version] = served
            if good:
                models[name] = good
            self.broken[name] = {v: why for v, why in self.broken.get(name, {}).items() if v in versions}
        # A folder that is gone takes no running model with it, unless another version stands there.
        return {**self.models, **models}

    def swap(self, models):
        """Serves other versions from now on; the old ones answer what they were asked before."""
        old = [served for versions in self.models.values() for served in versions.values()]
        self.models = models
        kept = [served for versions in models.values() for served in versions.values()]
        for name, versions in models.items():
            self._metrics.version(name, max(versions))
        for served in old:
            if served not in kept:
                task = asyncio.get_running_loop().create_task(self._drain(served))
                self._leaving.add(task)
                task.add_done_callback(self._leaving.discard)

    async def watch(self):
        """Goes on looking for new versions, for as long as the server runs."""
        while True:
            await asyncio.sleep(self._settings.poll_seconds)
            try:
                models = await asyncio.to_thread(self.load)
            except InputError as error:
                self._report(str(error), {"event": "scan"})
                continue
            if models != self.models:
                self.swap(models)

    def _tried(self, name, version, path):
        stamp = _stamp(path)
        if version in self.broken.get(name, {}) and self._stamps.get(path) == stamp:
            return None
        facts = {"model": name, "version": version}
        try:
            if not is_export(path):
                raise InputError(f"{path} holds no export.")
            served = Served(name, version, path, self._settings, self._metrics)
        # Whatever is wrong with one version, the others go on.
        except Exception as error:
            self._stamps[path] = stamp
            self.broken.setdefault(name, {})[version] = first_line(error)
            self._report(f"{name} {version} is left out: {first_line(error)}", {"event": "refused", **facts})
            return None
        self.broken.get(name, {}).pop(version, None)
        self._report(f"{name} {version} is served.", {"event": "served", **facts})
        return served

    async def _drain(self, served):
        await served.drained()
        facts = {"event": "drained", "model": served.name, "version": served.version}
        self._report(f"{served.name} {served.version} is let go.", facts)
        del served
        # What TensorFlow loads knows itself in circles, and would stay until Python comes to look for those.
        gc.collect()
