"""The application: both protocols, metrics, the page, and what stands before them."""

import asyncio
import contextlib
from pathlib import Path

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from tfnotes import __version__
from tfnotes.errors import InputError
from tfnotes.serving.server import direct, tensorflow_rest, v2
from tfnotes.serving.server.guard import Guard
from tfnotes.serving.server.metrics import Metrics
from tfnotes.serving.server.observe import Observe, log
from tfnotes.serving.server.repository import Repository

_PAGE = Path(__file__).parent / "page"


def create(paths, settings, log_requests=False, report=None):
    """An ASGI application that serves exports; the models are loaded when this returns.

    Args:
        paths: what to serve, as `tfnotes.serving.server.repository` says.
        settings: a `tfnotes.serving.server.settings.Settings`.
        log_requests: whether each request is a line of JSON on standard error.
        report: called with a sentence and a dict of facts for each version that comes, goes or is left out.

    Raises:
        InputError: there is no good export.
    """
    metrics = Metrics()
    repository = Repository(paths, settings, metrics, report or (lambda sentence, facts: None))
    models = repository.load()
    if not models:
        broken = [f": {why.rstrip('.')}" for versions in repository.broken.values() for why in versions.values()]
        raise InputError(
            "serve: `path` must be an export, a task's folder of exports, or a folder of those. "
            f"Received: {', '.join(map(str, paths))}, where no good one stands{broken[0] if broken else ''}."
        )

    @contextlib.asynccontextmanager
    async def lifespan(app):
        watching = asyncio.create_task(repository.watch())
        yield
        watching.cancel()

    app = FastAPIOffline(
        title="tfnotes",
        version=__version__,
        description="Exports of tfnotes behind TensorFlow Serving's paths and the Open Inference Protocol v2.",
        lifespan=lifespan,
        redoc_url=None,
    )
    app.state.repository, app.state.settings = repository, settings
    repository.models = models
    for name, versions in models.items():
        metrics.version(name, max(versions))
    app.router.routes += [*direct.routes(tensorflow_rest.router), *direct.routes(v2.router)]
    app.include_router(tensorflow_rest.router)
    app.include_router(v2.router)
    for kind in (HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _no_such_path)
    app.add_exception_handler(InputError, _refused)
    app.add_exception_handler(Exception, _failed)

    @app.get("/metrics", include_in_schema=False)
    async def figures():
        return Response(metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @app.get("/models", summary="What is served, for the page at /", tags=["page"])
    async def served():
        return [_shown(versions[max(versions)], sorted(versions)) for _, versions in sorted(repository.models.items())]

    @app.get("/", include_in_schema=False)
    async def page():
        return FileResponse(_PAGE / "index.html", headers={"Content-Security-Policy": "default-src 'self'"})

    app.mount("/page", StaticFiles(directory=_PAGE), name="page")
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Observe, metrics=metrics, log=log if log_requests else None)
    return app


def _shown(served, versions):
    return {
        "name": served.name,
        "versions": versions,
        "labels": served.metadata["labels"],
        "model": served.metadata.get("model"),
        "runtime": served.runtime,
        "endpoints": [
            {
                "name": name,
                "takes": served.takes(name),
                **{
                    side: {key: {"dtype": spec.dtype, "shape": spec.sizes} for key, spec in specs.items()}
                    for side, specs in (("inputs", found.inputs), ("outputs", found.outputs))
                },
            }
            for name, found in served.signatures.items()
        ],
    }


async def _refused(request: Request, error: Exception):
    status = getattr(error, "status", 400)
    headers = {"Retry-After": "1"} if status in (429, 503) else None
    return JSONResponse({"error": str(error)}, status, headers)


async def _no_such_path(request: Request, error: Exception):
    status = getattr(error, "status_code", 404)
    sentence = "This path takes another method." if status == 405 else "There is nothing at this path."
    return JSONResponse({"error": sentence}, status, getattr(error, "headers", None))


async def _failed(request: Request, error: Exception):
    return JSONResponse({"error": "The server failed to answer; its log says how."}, 500)
