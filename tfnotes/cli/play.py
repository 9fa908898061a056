"""`tfnotes play`: models in a page, to try and to look into."""

import signal
import tempfile
from pathlib import Path

import click

from tfnotes.cli import _paths, _tensorflow
from tfnotes.language import LANGUAGES

_PATH = _paths.Path(path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, type=_PATH, metavar="[RUN or EXPORT]...")
@click.option("--out", type=_PATH, help="Write the page to this new folder, and end; any server of files can serve it.")
@click.option("--port", type=click.IntRange(0, 65535), default=8502, show_default=True, help="0 for a free one.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The page's language.  [default: the browser's]")
@click.option("--no-open", is_flag=True, help="Don't open a browser.")
@click.pass_context
def command(ctx, paths, out, port, lang, no_open):
    """Make a page in which a browser runs the models of each RUN or EXPORT, and open it.

    Draw a digit and see every layer, type a review and see what each word does, and more, as the models allow.
    Without arguments the newest export of each task in saved_models is taken. Nothing is sent anywhere.
    """
    from tfnotes.play import page

    page.check()
    if out is not None:
        page.refuse_standing(out)
    paths = paths or _newest(Path("saved_models"))
    try:
        with tempfile.TemporaryDirectory(prefix="tfnotes-play-") as scratch:
            made = out or Path(scratch) / "page"
            _write(paths, made, Path(scratch), lang or "")
            if out is not None:
                click.echo(f"{out} holds the page. To look at it: python -m http.server --bind 127.0.0.1 -d {out}")
                return
            _serve(made, port, no_open)
    except KeyboardInterrupt:
        ctx.exit(128 + signal.SIGINT)


def _newest(folder):
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in inside if path.is_dir() and any(path.glob("[0-9]*/metadata.json"))]


def _write(paths, out, scratch, language):
    # An export with ONNX files needs no TensorFlow; what does imports it without its noise.
    if any(_needs_tensorflow(path) for path in paths):
        _tensorflow.load()
    from tfnotes.play import page
    from tfnotes.play.source import sources

    exports = scratch / "exports"
    exports.mkdir()
    found = page.write(sources(paths, exports, lambda said: click.echo(said, err=True)), out, language)
    for name, widgets in found.items():
        click.echo(f"{name}: {', '.join(widgets) or 'no widget is for this model'}")


def _needs_tensorflow(path):
    from tfnotes.serving import exported

    folder = exported.find(path)
    return (path / "config.json").is_file() or (folder and "onnx" not in exported.described(folder)[1]["formats"])


def _serve(folder, port, no_open):
    import webbrowser

    from tfnotes.play.serve import server

    with server(folder, port) as running:
        address = f"http://127.0.0.1:{running.server_address[1]}/"
        click.echo(f"The page is at {address} until Ctrl-C.")
        if not no_open:
            webbrowser.open(address)
        running.serve_forever()
