"""`tfnotes tasks`: what can be trained, on what, and what may be set."""

import inspect
import re

import click
from click.shell_completion import CompletionItem

from tfnotes import task as tasks
from tfnotes.cli import _language, _tensorflow, _terminal, _words
from tfnotes.language import words


def names(ctx, param, incomplete):
    """Completes the name of a task."""
    return [CompletionItem(name) for name in tasks.names() if name.startswith(incomplete)]


@click.command("tasks")
@click.argument("name", metavar="[TASK]", required=False, shell_complete=names)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_language.option
def command(name, as_json, lang):
    """List the tasks, or the models of TASK, its data, and what `train TASK --set KEY=VALUE` may set."""
    if name is not None and name not in tasks.names():
        # It raises at once, without the seconds that TensorFlow takes.
        tasks.load(name)
    _tensorflow.load()
    found = [tasks.load(one) for one in ([name] if name else tasks.names())]
    if as_json:
        import json

        described = [describe(task) for task in found]
        click.echo(json.dumps(described[0] if name else described, ensure_ascii=False, indent=2))
    elif name:
        show(found[0], _terminal.console(), lang)
    else:
        headings = (_words.TASK, _words.WHAT, _words.MODELS, _words.DATA)
        table = _terminal.table(*(heading[lang] for heading in headings))
        for task in found:
            table.add_row(task.name, words(task.title)[lang], ", ".join(task.models), ", ".join(task.sources))
        _terminal.console().print(table)


def describe(task):
    """A task in JSON values."""
    models = {}
    for name in task.models:
        recipe = task.recipe(name)
        settings = {
            key: {"default": value, "meaning": _meaning(recipe, key)} for key, value in recipe.settings().items()
        }
        options = ("data", "epochs", "batch_size", "learning_rate", "learning_rate_decay")
        models[name] = {**{key: getattr(recipe.defaults, key) for key in options}, "settings": settings}
    return {
        "name": task.name,
        "title": task.title,
        "labels": list(task.labels),
        "data": list(task.sources),
        "default_model": task.defaults.model,
        "models": models,
    }


def show(task, console, lang):
    """Prints a task: a table of its models, and one of their settings."""
    described = describe(task)
    console.print(
        _words.HEAD.format(name=task.name, title=words(task.title), data=", ".join(task.sources))[lang],
        highlight=False,
        soft_wrap=True,
    )
    headings = (_words.MODEL, _words.DATA, _words.EPOCHS, _words.BATCH_SIZE, _words.RATE, _words.DECAY)
    table = _terminal.table(*(heading[lang] for heading in headings))
    settings: dict[tuple, list[str]] = {}
    for name, model in described["models"].items():
        own = dict(model)
        for key, setting in own.pop("settings").items():
            settings.setdefault((key, str(setting["default"]), setting["meaning"]), []).append(name)
        told = _words.BY_DEFAULT.format(name=name)[lang] if name == task.defaults.model else name
        table.add_row(told, *map(str, own.values()))
    console.print(table)
    table = _terminal.table("--set", _words.MEANING[lang], _words.OF_MODELS[lang])
    for (key, default, meaning), models in settings.items():
        of = _words.ALL[lang] if len(models) == len(task.models) else ", ".join(models)
        table.add_row(f"{key}={default}", words(meaning)[lang], of)
    console.print(table)


def _meaning(recipe, setting):
    """What a setting means, in the words of the docstring of the function that takes it; "" if it says nothing."""
    ends = r"(?=\n +\w+(?:, \w+)*: |\n\n|\Z)"
    for function in (recipe.build, recipe.optimizer, recipe.fit, recipe.select):
        text = inspect.getdoc(getattr(function, "func", function)) or ""
        found = re.search(rf"^ +(?:\w+, )*{setting}(?:, \w+)*: (.+?){ends}", text, re.MULTILINE | re.DOTALL)
        if found:
            return " ".join(found[1].split())
    return ""
