"""`tfnotes experiment`: what can be measured, and measuring it here and now."""

import contextlib
import json
import time
from pathlib import Path

import click

from tfnotes import language
from tfnotes.cli import _language, _paths, _tensorflow, _terminal, _words, _workers


@click.group("experiment")
def command():
    """Put the notes' claims to the test: list the experiments, run them."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@_language.option
def list_(as_json, lang):
    """List the experiments, the claims that they settle, and their parameters."""
    _tensorflow.load()
    from tfnotes.experiments import _experiment

    if as_json:
        click.echo(json.dumps([_described(e, lang) for e in _experiment.experiments()], ensure_ascii=False, indent=2))
        return
    headings = (_words.EXPERIMENT, _words.TOPIC, _words.KIND, _words.SEEDS, _words.MEASURES, _words.SETTLES)
    table = _terminal.table(*(heading[lang] for heading in (*headings, _words.PARAMETERS)))
    for e in _experiment.experiments():
        parameters = " ".join(f"{key}={value}" for key, value in e.parameters().items())
        about = language.words(e.about)[lang]
        table.add_row(e.name, e.topic, e.kind, str(e.seeds), about, ", ".join(e.rules), parameters)
    _terminal.console().print(table)


def _described(e, lang):
    known = {"name": e.name, "topic": e.topic, "kind": e.kind, "seeds": e.seeds}
    return known | {"measures": language.words(e.about)[lang], "settles": list(e.rules), "parameters": e.parameters()}


@command.command("run")
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Run all of them.")
@click.option("--quick", is_flag=True, help="Take few seeds: wider intervals, weaker verdicts.")
@click.option("--seeds", type=click.IntRange(1), help="How many seeds.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change a parameter.")
@click.option("--out", type=_paths.Path(path_type=Path), default=Path("runs/experiments"), show_default=True)
@click.option("--figures/--no-figures", default=True, show_default=True, help="Draw the pictures.")
@click.option("--record", type=_paths.Path(path_type=Path), help="Ledger to write the verdicts to.")
@_workers.engine
@_language.option
def run(name, every, quick, seeds, settings, out, figures, record, engine, lang):
    """Run the experiment NAME, or the one that settles the claim NAME, or --all."""
    if (name is None) != every:
        raise click.UsageError("Give either NAME or --all.")
    if every and settings:
        raise click.UsageError("--set belongs to one experiment; give its NAME instead of --all.")
    if record and (quick or seeds or settings):
        raise click.UsageError("--record takes the experiments as they stand; leave out --quick, --seeds and --set.")
    _workers.check_engine(engine, "experiment")
    _tensorflow.load()
    from tfnotes import extras
    from tfnotes.experiments import _experiment
    from tfnotes.experiments import figures as pictures
    from tfnotes.experiments import run as running

    if figures:
        extras.needed(*pictures.NEEDED)
    console = _terminal.console()
    chosen = _experiment.experiments() if every else [_experiment.find(name)]
    changed, begun = 0, time.monotonic()
    with _joined(engine) as ray:
        for e in chosen:
            with _terminal.progress(e.name) as progress:
                result = running.run(e, seeds, settings, quick, progress, ray)
            changed += _kept(console, result, out, pictures if figures else None, record, lang, standing=not settings)
    told = _words.RAW_AND_PICTURES if figures else _words.RAW
    console.print(told.format(out=out)[lang], highlight=False)
    if every:
        console.print(_words.TOTAL.format(time=_duration(time.monotonic() - begun))[lang], highlight=False)
    if changed:
        console.print(_words.DIFFER.format(count=changed)[lang], style="bold")


def _joined(engine):
    """The Ray cluster that measures, None for processes of this machine."""
    if engine == "local":
        return contextlib.nullcontext()
    from tfnotes import ray_cluster

    return ray_cluster.joined("experiment", 1)


def _kept(console, result, out, pictures, record, lang, standing):
    """Writes what an experiment has given, and prints it; returns how many verdicts aren't the recorded ones."""
    from tfnotes.experiments import ledger
    from tfnotes.experiments import run as running

    running.save(result, out / result.experiment.name)
    if pictures:
        pictures.save(result, out / result.experiment.name)
    entries = list(running.entries(result))
    changed = _report(console, entries, result.seconds, lang, standing)
    if record:
        ledger.record(entries, record)
    return changed


def _report(console, entries, seconds, lang, standing):
    """Prints verdicts and figures; returns how many verdicts aren't the recorded ones."""
    from tfnotes.experiments import ledger

    changed = 0
    for entry in entries:
        verdict = ledger.VERDICTS[entry["verdict"]][lang]
        console.print(f"[bold]{entry['id']}[/bold]  {verdict}", highlight=False)
        console.print(f"  {entry['statement_en']}\n  {entry['statement_zh']}", highlight=False, markup=False)
        if condition := ledger.condition(entry, lang):
            console.print(f"  {condition}", highlight=False, markup=False)
        before = ledger.changed(entry)
        if before:
            changed += 1
            why = "" if standing else _words.OTHER_PARAMETERS
            told = _words.CHANGED.format(before=ledger.VERDICTS[before], why=why)
            console.print(f"  {told[lang]}", style="bold", highlight=False)
    table = _terminal.table(*(w[lang] for w in (_words.FIGURE, _words.VALUE, _words.INTERVAL, _words.SEEDS)))
    for name, figure in entries[0]["figures"].items():
        bounds = _words.EXACT
        if "low" in figure:
            bounds = _words.BOUNDS.format(low=_number(figure["low"]), high=_number(figure["high"]))
        table.add_row(name, _number(figure["value"]), bounds[lang], str(figure.get("n", 1)))
    console.print(table)
    told = _words.TOOK.format(name=entries[0]["experiment"], time=_duration(seconds))
    console.print(told[lang], highlight=False)
    return changed


def _duration(seconds):
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def _number(value):
    return value if isinstance(value, str) else f"{value:.6g}"
