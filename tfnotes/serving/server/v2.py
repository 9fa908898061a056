"""The Open Inference Protocol v2, so that the clients of KServe and Triton work unchanged.

A model stands for one signature there: the default one, or that which the request's parameter `signature_name` names.
"""

from fastapi import APIRouter, Request, Response

from tfnotes import __version__
from tfnotes.errors import InputError
from tfnotes.serving.server import binary, tensors
from tfnotes.serving.server.settings import Refusal
from tfnotes.serving.server.signature import V2, Spec

router = APIRouter(prefix="/v2", tags=["Open Inference Protocol v2"])

PLATFORMS = {"tensorflow": "tensorflow_savedmodel", "onnx": "onnxruntime_onnx", "litert": "litert_tflite"}
"""What each runtime is called in a model's metadata; the names of the first two are Triton's."""

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["inputs"],
                    "properties": {
                        "id": {"type": "string"},
                        "parameters": {"type": "object", "properties": {"signature_name": {"type": "string"}}},
                        "inputs": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["name", "shape", "datatype"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "shape": {"type": "array", "items": {"type": "integer"}},
                                    "datatype": {"type": "string", "enum": sorted(V2.values())},
                                    "data": {"type": "array", "items": {}},
                                },
                            },
                        },
                        "outputs": {"type": "array", "items": {"type": "object"}},
                    },
                }
            }
        },
    }
}


@router.get("", summary="The server")
async def server():
    return {"name": "tfnotes", "version": __version__, "extensions": ["binary_tensor_data", "model_repository"]}


@router.get("/health/live", summary="Whether the process answers")
async def live():
    return {"live": True}


@router.get("/health/ready", summary="Whether a model is served")
async def ready(request: Request):
    if not request.app.state.repository.models:
        raise Refusal(503, "No model is served yet.")
    return {"ready": True}


@router.post("/repository/index", summary="All models and versions")
async def index(request: Request):
    repository = request.app.state.repository
    found = [
        {"name": name, "version": str(version), "state": "READY", "reason": ""}
        for name, versions in sorted(repository.models.items())
        for version in sorted(versions)
    ]
    return found + [
        {"name": name, "version": str(version), "state": "UNAVAILABLE", "reason": why}
        for name, versions in sorted(repository.broken.items())
        for version, why in sorted(versions.items())
    ]


@router.get("/models/{name}/ready", summary="Whether the model is served")
@router.get("/models/{name}/versions/{version}/ready", summary="Whether the version is served")
async def model_ready(request: Request, name: str, version: int | None = None):
    request.app.state.repository.find(name, version)
    return {"name": name, "ready": True}


@router.get("/models/{name}", summary="Inputs and outputs")
@router.get("/models/{name}/versions/{version}", summary="Inputs and outputs of one version")
async def metadata(request: Request, name: str, version: int | None = None, signature_name: str | None = None):
    repository = request.app.state.repository
    served = repository.find(name, version)
    found = served.signature(signature_name)
    described = {
        side: [{"name": key, "datatype": V2[spec.dtype], "shape": spec.sizes} for key, spec in specs.items()]
        for side, specs in (("inputs", found.inputs), ("outputs", found.outputs))
    }
    versions = [str(v) for v in sorted(repository.models[name])]
    return {"name": name, "versions": versions, "platform": PLATFORMS[served.runtime], **described}


@router.post("/models/{name}/infer", summary="Infer", openapi_extra=_BODY)
@router.post("/models/{name}/versions/{version}/infer", summary="Infer by one version", openapi_extra=_BODY)
async def infer(request: Request, name: str, version: int | None = None):
    with request.app.state.repository.find(name, version).used() as served:
        body, about = await request.body(), request.scope["about"]
        about |= {"model": served.name, "version": served.version}
        said, found, inputs = await tensors.when(len(body))(
            _read, served, body, request.headers.get(binary.HEADER)
        )
        about |= {"endpoint": found.name}
        outputs = await served.ask(found.name, inputs)
        later = tensors.when(sum(value.nbytes for value in outputs.values()))
        content, header = await later(_write, served, said, found, outputs)
        kind = "application/octet-stream" if header else "application/json"
        return Response(content, media_type=kind, headers=header)


def _read(served, body, length):
    head, rest = binary.split(body, length)
    said = tensors.parse(head)
    found = served.signature(_parameters(said).get("signature_name"))
    given = said.get("inputs")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise InputError(f"`inputs` must be a list of objects. Received: {tensors.shown(given)}.")
    names = sorted(str(one.get("name")) for one in given)
    if names != sorted(found.inputs):
        expected = ", ".join(found.inputs)
        raise InputError(f"{found.name}: the inputs must be {expected}. Received: {tensors.listed(names)}.")
    inputs = {}
    for one in given:
        name, spec, shape = one["name"], found.inputs[one["name"]], one.get("shape")
        if one.get("datatype") != V2[spec.dtype]:
            received = tensors.shown(one.get("datatype"))
            raise InputError(f"`{name}` must be of the datatype {V2[spec.dtype]}. Received: {received}.")
        if not isinstance(shape, list) or not all(type(size) is int and size >= 0 for size in shape):
            raise InputError(f"`{name}` must have a `shape` of whole numbers. Received: {tensors.shown(shape)}.")
        size = _parameters(one).get("binary_data_size")
        if size is not None and "data" in one:
            raise InputError(f"`{name}` must have either `data` or `binary_data_size`. Received: both.")
        if size is None:
            inputs[name] = _shaped(name, one.get("data"), shape, spec)
        else:
            data, rest = binary.cut(name, rest, size)
            inputs[name] = tensors.checked(name, binary.read(name, data, shape, spec), spec)
    if rest:
        raise InputError(f"The body must end with the last input's bytes. Received: {len(rest)} more.")
    return said, found, {name: inputs[name] for name in found.inputs}


def _shaped(name, data, shape, spec):
    """Data flat or nested, in the shape that the request says."""
    if not isinstance(data, list):
        raise InputError(f"`{name}` must have a list of `data`. Received: {tensors.shown(data)}.")
    if data and isinstance(data[0], list):
        array = tensors.from_json(name, data, spec)
        if list(array.shape) != shape:
            raise InputError(f"`{name}` must have `data` of its `shape`. Received: {list(array.shape)}.")
        return array
    array = tensors.from_json(name, data, Spec(spec.dtype, (None,)))
    return tensors.checked(name, binary.shaped(name, array, shape), spec)


def _write(served, said, found, outputs):
    wanted = said.get("outputs")
    if wanted is None:
        wanted = [{"name": name} for name in outputs]
    if not isinstance(wanted, list):
        raise InputError(f"`outputs` must be a list of objects. Received: {tensors.shown(wanted)}.")
    for one in wanted:
        if not isinstance(one, dict) or one.get("name") not in list(outputs):
            received = tensors.shown(one.get("name") if isinstance(one, dict) else one)
            raise InputError(f"`outputs` must be among {', '.join(outputs)}. Received: {received}.")
    all_binary, written, parts = _parameters(said).get("binary_data_output") is True, [], []
    for one in wanted:
        name, value = one["name"], outputs[one["name"]]
        about = {"name": name, "datatype": V2[found.outputs[name].dtype], "shape": list(value.shape)}
        if _parameters(one).get("binary_data", all_binary) is True:
            parts.append(binary.write(value))
            about["parameters"] = {"binary_data_size": len(parts[-1])}
        else:
            about["data"] = tensors.to_json(value.reshape(-1))
        written.append(about)
    answer = {"model_name": served.name, "model_version": str(served.version), "outputs": written}
    if isinstance(said.get("id"), str):
        answer["id"] = said["id"]
    head = tensors.dumps(answer)
    return b"".join([head, *parts]), {binary.HEADER: str(len(head))} if parts else None


def _parameters(said):
    found = said.get("parameters") or {}
    if not isinstance(found, dict):
        raise InputError(f"`parameters` must be an object. Received: {tensors.shown(found)}.")
    return found
