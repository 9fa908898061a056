"""`tfnotes serve`: exports behind a URL."""

import ipaddress
import signal
from pathlib import Path

import click

from tfnotes.cli import _paths, _tensorflow, _trust
from tfnotes.serving import runtimes

_SECONDS = click.FloatRange(0, min_open=True)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=_paths.Path(path_type=Path), metavar="PATH...")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8501, show_default=True, help="0 for a free one.")
@click.option("--runtime", type=click.Choice(runtimes.NAMES), help="Default: the first that an export is for.")
@click.option("--max-batch", type=click.IntRange(1), default=128, show_default=True, help="Examples run together.")
@click.option("--max-wait-ms", type=click.FloatRange(0), default=0, show_default=True, help="For a fuller batch.")
@click.option("--max-queue", type=click.IntRange(1), default=256, show_default=True, help="Requests of an endpoint.")
@click.option("--max-body", type=click.IntRange(1), default=32 * 2**20, show_default=True, help="Bytes of a body.")
@click.option("--max-pixels", type=click.IntRange(1), default=16_000_000, show_default=True, help="Of an image.")
@click.option("--max-text", type=click.IntRange(1), default=100_000, show_default=True, help="Bytes of a text.")
@click.option("--seconds", type=_SECONDS, default=30, show_default=True, help="For an answer.")
@click.option("--body-seconds", type=_SECONDS, default=30, show_default=True, help="For a request to arrive.")
@click.option("--versions", type=click.IntRange(1), default=1, show_default=True, help="Newest versions to keep.")
@click.option("--poll-seconds", type=_SECONDS, default=2, show_default=True, help="Between looks for new versions.")
@click.option("--tokens", "token_file", type=_paths.Path(path_type=Path), help="File with a bearer token on each line.")
@_trust.option
@click.option("--log-json", is_flag=True, help="A line of JSON on standard error for each request.")
@click.option("--engine", type=click.Choice(["uvicorn", "ray"]), default="uvicorn", show_default=True)
@click.option("--replicas", type=click.IntRange(1), help="Of --engine ray: processes that answer. Default: 1.")
@click.option("--max-replicas", type=click.IntRange(1), help="Of --engine ray: so many when there is much to do.")
@click.pass_context
def command(ctx, paths, host, port, token_file, log_json, engine, replicas, max_replicas, **limits):
    """Serve each PATH: an export, a task's folder of exports, or saved_models; what comes later is served as well.

    TensorFlow Serving's REST paths stand under /v1, the Open Inference Protocol v2 under /v2, both described at
    /docs; / is a page to try the models, /metrics is for Prometheus. Only exports that TensorFlow runs need it.
    SIGTERM ends it once all is answered.

    --engine ray serves the same on the Ray cluster that RAY_ADDRESS names, or on one of its own on this machine.
    """
    from tfnotes import extras

    for module in ("fastapi", "fastapi_offline", "uvicorn", "httptools", "orjson", "prometheus_client"):
        extras.needed(module, "serve", "serve needs")
    from tfnotes.serving.server.settings import Settings, read_tokens

    if engine != "ray" and (replicas or max_replicas):
        raise click.UsageError("--replicas and --max-replicas are for --engine ray.")
    if max_replicas and max_replicas < (replicas or 1):
        raise click.UsageError(f"--max-replicas must be at least {replicas}, as --replicas says.")
    tokens = read_tokens(token_file) if token_file else ()
    settings = Settings(tokens=tokens, **limits)

    def warn():
        if not tokens and not _loopback(host):
            click.echo(f"Everyone who reaches {host} can ask these models: --tokens FILE keeps others out.", err=True)

    def say(sentence):
        # Of an address that can't be listened at there is nothing to say but that.
        if sentence.startswith("Listening"):
            warn()
        click.echo(sentence)

    if log_json and engine != "ray":
        # There it says nothing, but logs.
        warn()
    if engine == "ray":
        from tfnotes.serving.server import on_ray

        on_ray.run(paths, settings, host, port, log_json, say, replicas or 1, max_replicas)
        return
    from tfnotes.serving.server import repository, run

    if "tensorflow" in repository.runtimes_of(paths, settings.runtime):
        _tensorflow.load()
    try:
        run.run(paths, settings, host, port, log_json, say)
    except KeyboardInterrupt:
        ctx.exit(128 + signal.SIGINT)


def _loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
