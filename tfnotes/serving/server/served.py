"""One loaded version of a model: its endpoints, each with its batcher, and the examples that warm it."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
from PIL import Image

from tfnotes.errors import InputError
from tfnotes.serving import decoders, examples, images, texts
from tfnotes.serving.exported import Exported
from tfnotes.serving.server import signature, tensors
from tfnotes.serving.server.batching import Batcher
from tfnotes.serving.server.settings import Refusal

DEFAULT = "serving_default"
# Images are decoded here, so that neither the loop nor a model waits for them.
_DECODING = ThreadPoolExecutor(2, "tfnotes-decode")


class Served:
    """A version that answers.

    Args:
        name: the model's name in URLs.
        version: its number.
        path: the export's folder.
        settings: a `tfnotes.serving.server.settings.Settings`.
        metrics: a `tfnotes.serving.server.metrics.Metrics`.

    Raises:
        InputError: the export is damaged or not for the runtime, or an endpoint gives no answer to an example.
    """

    def __init__(self, name, version, path, settings, metrics):
        self.name, self.version, self.path = name, version, path
        self._settings, self._metrics = settings, metrics
        self._exported = Exported(path, settings.runtime, settings.trust)
        self.metadata, self.runtime = self._exported.metadata, self._exported.runtime
        self.signatures = signature.of(self._exported)
        self._decoders = self._files()
        self._users, self._pending = 0, dict.fromkeys(self.signatures, 0)
        self._batchers = {key: self._batcher(key) for key in self.signatures}
        self._warm()

    @property
    def default(self):
        """The name of the endpoint that is also `serving_default`."""
        return next(iter(self.signatures))

    def takes(self, endpoint):
        """What bytes an endpoint takes: "images", "texts", or None."""
        return self._decoders.get(endpoint, (None, None))[0]

    def signature(self, name=None):
        """The signature of an endpoint; of the default one without a name.

        Raises:
            Refusal: there is none of that name.
        """
        name = self.default if name in (None, "", DEFAULT) else name
        if not isinstance(name, str) or name not in self.signatures:
            expected = f"one of {', '.join(self.signatures)}"
            raise Refusal(
                400, f"{self.name}: `signature_name` must be {expected}. Received: {tensors.shown(name)}."
            )
        return self.signatures[name]

    async def ask(self, endpoint, inputs):
        """One request's answer.

        Args:
            endpoint: the name of a signature.
            inputs: a dict of arrays, each checked against its spec.

        Returns:
            A dict of arrays.

        Raises:
            Refusal: a limit is passed, or the endpoint refuses the inputs.
        """
        found = self.signatures[endpoint]
        self._check(found, inputs)
        if self._pending[endpoint] >= self._settings.max_queue:
            raise Refusal(
                429, f"{endpoint}: at most {self._settings.max_queue} requests wait at once. Received: one more."
            )
        self._pending[endpoint] += 1
        self._metrics.queued(self.name, endpoint, +1)
        try:
            async with asyncio.timeout(self._settings.seconds):
                return await self._batchers[endpoint].submit(await self._decoded(endpoint, inputs))
        except TimeoutError:
            raise Refusal(504, f"{endpoint}: an answer took more than {self._settings.seconds:g} seconds.") from None
        finally:
            self._pending[endpoint] -= 1
            self._metrics.queued(self.name, endpoint, -1)

    @contextmanager
    def used(self):
        """While this is open, the version isn't let go."""
        self._users += 1
        try:
            yield self
        finally:
            self._users -= 1

    async def drained(self):
        """Waits until nobody uses the version, and lets go of the threads and the model."""
        while self._users:
            await asyncio.sleep(0.05)
        for batcher in self._batchers.values():
            batcher.close()
        # They know this version, and it them.
        self._batchers.clear()

    def _check(self, found, inputs):
        limits = self._settings
        if found.batched:
            rows = {len(array) for array in inputs.values()}
            if len(rows) > 1 or 0 in rows:
                expected = "as many examples in each input, at least one"
                raise InputError(f"{found.name}: `inputs` must have {expected}. Received: {sorted(rows)}.")
            if max(rows) > limits.max_batch:
                raise Refusal(
                    413, f"{found.name}: a request may have at most {limits.max_batch} examples. Received: {max(rows)}."
                )
        for name, spec in found.inputs.items():
            array = inputs[name]
            sizes = list(zip(array.shape, spec.shape, strict=True))[1 if found.batched else 0 :]
            open_sizes = [size for size, wanted in sizes if wanted is None]
            if 0 in open_sizes:
                raise InputError(f"`{name}` must be at least 1 long. Received: 0.")
            longest = max(open_sizes, default=0)
            if longest > limits.max_text:
                raise Refusal(413, f"`{name}` may be at most {limits.max_text} long. Received: {longest}.")
            # How many examples come out is told by a number.
            if not found.batched and name == "count" and (array.max() > limits.max_batch or array.min() < 1):
                raise Refusal(413, f"`{name}` must be from 1 to {limits.max_batch}. Received: {array.max()}.")

    async def _decoded(self, endpoint, inputs):
        if not any(spec.dtype == "string" for spec in self.signatures[endpoint].inputs.values()):
            return inputs
        kind, decode = self._decoders.get(endpoint, (None, None))
        loop, made = asyncio.get_running_loop(), {}
        for name, array in inputs.items():
            made[name] = array
            if array.dtype != object:
                continue
            if kind != "images":
                for data in array.reshape(-1):
                    if len(data) > self._settings.max_text:
                        raise Refusal(
                            413, f"`{name}`: a text may have at most {self._settings.max_text} bytes. "
                            f"Received: {len(data)}."
                        )
            if decode:
                made[name] = np.empty(array.shape, object)
                for k, data in np.ndenumerate(array):
                    made[name][k] = await loop.run_in_executor(_DECODING, decode, data, name)
        return made

    def _files(self):
        """The endpoints that take files or texts: of what kind, and what makes bytes into what they take."""
        kind = self.metadata["decode"]
        if kind == "images" and "encoded" in self.signatures:
            return {"encoded": ("images", self._image)}
        if kind == "texts" and texts.ENDPOINT in self.signatures:
            return {texts.ENDPOINT: ("texts", texts.decode)}
        if kind is None and "encoded" in self.signatures:
            return {"encoded": (None, decoders.decoder(self._exported))}
        return {}

    def _image(self, data, name):
        try:
            with Image.open(io.BytesIO(data), formats=[f for f in images.FORMATS if f in Image.OPEN]) as image:
                pixels = image.width * image.height
        except Image.DecompressionBombError:
            pixels = None
        # What is wrong with it `images.encode` says.
        except Exception:
            pixels = 0
        if pixels is None or pixels > self._settings.max_pixels:
            received = "more" if pixels is None else pixels
            raise Refusal(
                413, f"`{name}`: an image may have at most {self._settings.max_pixels} pixels. Received: {received}."
            )
        return images.encode(data, name, self._settings.max_pixels)

    def _batcher(self, name):
        found = self.signatures[name]

        def ask(inputs):
            outputs = self._exported.ask(name, *(inputs[key] for key in found.inputs))
            return {key: outputs[key] for key in found.outputs}

        return Batcher(ask, found, self._settings, lambda rows: self._metrics.batch(self.name, name, rows))

    def _warm(self):
        for name, found in self.signatures.items():
            if self.takes(name) is None and any(spec.dtype == "string" for spec in found.inputs.values()):
                # Files of a task's own kind: nobody here can make one up.
                continue
            for example in self._examples(name, found):
                outputs = self._exported.ask(name, **example)
                for key, value in outputs.items():
                    if value.dtype.kind == "f" and not np.isfinite(value).all():
                        raise InputError(
                            f"{self.path}: `{name}` must give finite numbers. Received: NaN, or an infinite one, in "
                            f"`{key}`."
                        )

    def _examples(self, name, found):
        """A small request, then what the export was checked with, if it came along."""
        stored = examples.of(self.path, name)
        if set(stored) != set(found.inputs):
            yield {key: _example(spec, self.takes(name)) for key, spec in found.inputs.items()}
            return
        if found.batched:
            yield {key: value[:1] for key, value in stored.items()}
        yield stored


def _example(spec, takes):
    shape = tuple(1 if size is None else size for size in spec.shape)
    if spec.dtype != "string":
        return np.ones(shape, spec.numpy)
    data = b"a film"
    if takes == "images":
        png = io.BytesIO()
        Image.new("L", (28, 28), 255).save(png, "PNG")
        data = png.getvalue()
    example = np.empty(shape, object)
    example[...] = data
    return example
