"""The paths at which models are asked, a second time: without FastAPI's work for each request.

FastAPI looks at every route and makes each parameter of the function's annotations, which takes a third of what the
server itself spends on a small request. Starlette's own routes stand before it and call the same functions with the
same parameters; FastAPI's describe them at /docs, and answer what these don't take.
"""

from starlette.routing import Route


def routes(router):
    """A route of Starlette's for each path of a FastAPI router at which a model is asked."""
    return [
        Route(route.path.replace("{version}", "{version:int}"), _called(route), methods=["POST"])
        for route in router.routes
        if "POST" in route.methods and "{name}" in route.path
    ]


def _called(route):
    async def endpoint(request):
        # What the log names.
        request.scope["route"] = route
        return await route.endpoint(request, **request.path_params)

    return endpoint
