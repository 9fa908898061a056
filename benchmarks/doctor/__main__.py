"""Does the doctor find each illness, none where there is none, and does its advice help?

    python -m benchmarks.doctor [--seeds N] [--folder runs/doctor] [--kept] [--write]

Trains each patient of `benchmarks.doctor.patients` with `tfnotes.callbacks.Doctor`, and once more with what it advised.
A training's figures are kept in the folder, so that an interrupted benchmark goes on, and are judged anew by the rules
as they are. The rules' thresholds were set on the odd seeds; the even ones judge them. Intervals are exact (Clopper and
Pearson 1934), at 95 %. Ends with status 1 if something was missed in an even seed, or found in a healthy training.
"""

import json
import math
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import click
from rich.console import Console

from benchmarks._markdown import as_markdown, place
from benchmarks.doctor.patients import HEALTHY, SICK, trained, treated
from benchmarks.doctor.tables import by_patient, totals
from tfnotes import task as tasks
from tfnotes.doctor.examine import diagnose
from tfnotes.doctor.history import History
from tfnotes.errors import InputError
from tfnotes.files import write_aside
from tfnotes.language import LANGUAGES, Words

PATIENTS = SICK | HEALTHY
SO_FAR = Words("Seeds measured: {seeds}.", "测过的种子：{seeds}。")


def measured(name, seed, folder, splits):
    """What is kept of a patient: its history, and the validation loss at the end of it and of the treated training.

    Without `splits` None is given for what isn't kept yet.
    """
    path = folder / f"{name.replace(':', '').replace(' ', '-').replace(',', '')}-{seed}.json"
    if path.exists():
        return json.loads(path.read_text("utf-8"))
    if splits is None:
        return None
    patient = PATIENTS[name]
    data = splits(patient.model.split()[0])
    doctor = trained(patient, seed, data)
    changed = treated(patient, doctor.findings)
    after = changed and ending_of(changed, seed, data)
    history = doctor.history
    diverged = history.diverged and [history.diverged.en, history.diverged.zh]
    kept = {
        "figures": history.figures,
        "curves": history.curves,
        "diverged": diverged,
        "advised": [found.illness for found in doctor.findings if found.cause is None],
        "before": ending(history),
        "after": after,
    }
    with write_aside(path) as aside:
        aside.write_text(json.dumps(kept), "utf-8")
    return json.loads(json.dumps(kept))


def ending_of(changed, seed, data):
    """`ending` of the training as advised; infinite if this model can't be trained so, as its layers are given."""
    try:
        return ending(trained(changed, seed, data, look=False).history)
    except InputError as error:
        click.echo(f"can't be taken: {error}", err=True)
        return math.inf


def ending(history):
    """The validation loss of the last epoch."""
    curve = history.figures["val_loss"]
    return curve[max(curve)]


def judged(kept):
    """What the rules as they are find in a kept history."""

    def numbered(curves):
        return {name: {int(epoch): value for epoch, value in curve.items()} for name, curve in curves.items()}

    diverged = kept["diverged"] and Words(*kept["diverged"])
    return diagnose(History({}, numbered(kept["figures"]), numbered(kept["curves"]), diverged))


def better(kept):
    """Whether the advice made the training better, None if there was none to take."""
    if kept["after"] is None:
        return None
    return math.isfinite(kept["after"]) and not kept["after"] >= kept["before"]


def results(seeds, folder, train=True):
    """For each patient by name, a dict from seed to (findings, whether advice helped), as far as it was measured."""
    loaded = {}

    def splits(task):
        return loaded.setdefault(task, tasks.load(task).source("sample")(None))

    folder.mkdir(parents=True, exist_ok=True)
    found = {name: {} for name in PATIENTS}
    # The odd ones first, as thresholds are set on them.
    for seed in sorted(range(seeds), key=lambda s: (s % 2 == 0, s)):
        for name in PATIENTS:
            kept = measured(name, seed, folder, splits if train else None)
            if kept is None:
                continue
            found[name][seed] = judged(kept), better(kept)
            click.echo(f"{name} {seed}: {', '.join(f.illness for f in found[name][seed][0]) or 'healthy'}", err=True)
    return found


@click.command()
@click.option("--seeds", default=5, show_default=True, help="Trainings of each kind.")
@click.option("--folder", default="runs/doctor", show_default=True, type=click.Path(path_type=Path), help="Kept here.")
@click.option("--kept", is_flag=True, help="Judge what is in the folder, and train nothing.")
@click.option("--write", is_flag=True, help="Write the tables into docs/inspection.md and docs/inspection.zh.md.")
def command(seeds, folder, kept, write):
    found = results(seeds, folder, not kept)
    for language in LANGUAGES:
        tables = totals(found, PATIENTS, language), by_patient(found, PATIENTS, language)
        if write:
            page = "inspection.md" if language == "en" else "inspection.zh.md"
            seeds_so_far = sorted({seed for by_seed in found.values() for seed in by_seed})
            said = SO_FAR.format(seeds=", ".join(map(str, seeds_so_far)))[language]
            place(page, "benchmarks.doctor", "\n\n".join([said, *(as_markdown(table) for table in tables)]))
        elif language == "en":
            for table in tables:
                Console().print(table)
    wrong = any(
        _wrong(PATIENTS[name].illnesses, findings)
        for name, by_seed in found.items()
        for seed, (findings, _) in by_seed.items()
        if seed % 2 == 0
    )
    sys.exit(1 if wrong else 0)


def _wrong(illnesses, findings):
    """Whether one was missed, or a healthy training has a finding."""
    return not set(illnesses) <= {f.illness for f in findings} if illnesses else bool(findings)


if __name__ == "__main__":
    command()
