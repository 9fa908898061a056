"""The REST paths of TensorFlow Serving, so that its clients work unchanged."""

from fastapi import APIRouter, HTTPException, Request, Response

from tfnotes.errors import InputError
from tfnotes.serving.server import tensors
from tfnotes.serving.server.served import DEFAULT

router = APIRouter(prefix="/v1/models", tags=["TensorFlow Serving"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "signature_name": {"type": "string", "default": DEFAULT},
                        "instances": {"type": "array", "items": {}, "description": "Row form: one value an example."},
                        "inputs": {"description": "Column form: each input's values of all examples."},
                    },
                }
            }
        },
    }
}


@router.get("/{name}:predict", include_in_schema=False)
@router.get("/{name}/versions/{version}:predict", include_in_schema=False)
async def predict_by_get(name: str, version: str = ""):
    # Otherwise this were the state of a model whose name has a colon.
    raise HTTPException(405, headers={"Allow": "POST"})


@router.get("/{name}", summary="State of the versions")
@router.get("/{name}/versions/{version}", summary="State of one version")
async def status(request: Request, name: str, version: int | None = None):
    models = request.app.state.repository
    broken = models.broken.get(name, {})
    if version not in broken:
        models.find(name, version)
    states = dict.fromkeys(models.models.get(name, {}), ("AVAILABLE", "OK", ""))
    states |= {v: ("END", "INVALID_ARGUMENT", why) for v, why in broken.items() if v not in states}
    return {
        "model_version_status": [
            {"version": str(v), "state": state, "status": {"error_code": code, "error_message": why}}
            for v, (state, code, why) in sorted(states.items(), reverse=True)
            if version in (None, v)
        ]
    }


@router.get("/{name}/metadata", summary="Signatures")
@router.get("/{name}/versions/{version}/metadata", summary="Signatures of one version")
async def metadata(request: Request, name: str, version: int | None = None):
    served = request.app.state.repository.find(name, version)
    described = {key: _described(found) for key, found in served.signatures.items()}
    described[DEFAULT] = described[served.default]
    return {
        "model_spec": {"name": name, "signature_name": "", "version": str(served.version)},
        "metadata": {"signature_def": {"signature_def": described}},
    }


@router.post("/{name}:predict", summary="Predict", openapi_extra=_BODY)
@router.post("/{name}/versions/{version}:predict", summary="Predict by one version", openapi_extra=_BODY)
async def predict(request: Request, name: str, version: int | None = None):
    with request.app.state.repository.find(name, version).used() as served:
        body, about = await request.body(), request.scope["about"]
        about |= {"model": served.name, "version": served.version}
        later = tensors.when(len(body))
        found, inputs, rows = await later(_read, served, body)
        about |= {"endpoint": found.name}
        outputs = await served.ask(found.name, inputs)
        later = tensors.when(sum(value.nbytes for value in outputs.values()))
        return Response(await later(_write, outputs, rows), media_type="application/json")


def _read(served, body):
    said = tensors.parse(body)
    unknown = [key for key in said if key not in ("signature_name", "instances", "inputs")]
    if unknown or ("instances" in said) == ("inputs" in said):
        raise InputError(
            "The body must have either `instances` or `inputs`, and may have `signature_name`. "
            f"Received: {tensors.listed(sorted(said))}."
        )
    found = served.signature(said.get("signature_name"))
    rows = "instances" in said
    values = _columns(found, said["instances"]) if rows else said["inputs"]
    if not rows and not _named(found, values):
        values = {next(iter(found.inputs)): values}
    if set(values) != set(found.inputs):
        names = ", ".join(found.inputs)
        raise InputError(f"{found.name}: the inputs must be {names}. Received: {tensors.listed(values)}.")
    return found, {name: tensors.from_json(name, values[name], spec) for name, spec in found.inputs.items()}, rows


def _columns(found, instances):
    """Rows as columns."""
    if not isinstance(instances, list) or not instances:
        raise InputError(f"`instances` must be a list of at least one example. Received: {tensors.shown(instances)}.")
    if not all(spec.shape and spec.shape[0] is None for spec in found.inputs.values()):
        raise InputError(f"{found.name}: `inputs` must be in column form, as they are no rows. Received: `instances`.")
    if not any(_named(found, instance) for instance in instances) and len(found.inputs) == 1:
        return {next(iter(found.inputs)): instances}
    for instance in instances:
        if not isinstance(instance, dict) or set(instance) != set(found.inputs):
            raise InputError(
                f"{found.name}: each instance must have {', '.join(found.inputs)}. Received: {tensors.shown(instance)}."
            )
    return {name: [instance[name] for instance in instances] for name in found.inputs}


def _named(found, value):
    """Whether a value stands for all inputs by name; an object of `b64` alone is a value."""
    if not isinstance(value, dict) or (list(value) == ["b64"] and "b64" not in found.inputs):
        if len(found.inputs) > 1:
            raise InputError(f"{found.name}: the inputs must be given by name: {', '.join(found.inputs)}.")
        return False
    return True


def _write(outputs, rows):
    values = {name: tensors.to_json(value, name.endswith("_bytes")) for name, value in outputs.items()}
    if not rows:
        return tensors.dumps({"outputs": next(iter(values.values())) if len(values) == 1 else values})
    if len({value.shape[:1] for value in outputs.values()}) > 1 or not all(value.ndim for value in outputs.values()):
        raise InputError("The answer has no row for each instance: ask in column form, with `inputs`.")
    if len(values) == 1:
        return tensors.dumps({"predictions": next(iter(values.values()))})
    columns = zip(*values.values(), strict=True)
    return tensors.dumps({"predictions": [dict(zip(values, row, strict=True)) for row in columns]})


def _described(found):
    def infos(specs):
        return {
            key: {
                "dtype": spec.tensorflow,
                "tensor_shape": {
                    "dim": [{"size": str(size), "name": ""} for size in spec.sizes],
                    "unknown_rank": False,
                },
                "name": key,
            }
            for key, spec in specs.items()
        }

    return {
        "inputs": infos(found.inputs),
        "outputs": infos(found.outputs),
        "method_name": "tensorflow/serving/predict",
        "defaults": {},
    }
