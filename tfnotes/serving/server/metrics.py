"""What Prometheus reads at /metrics; labels are names of served models alone, so that nobody can make up series."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)


class Metrics:
    """The figures of one server."""

    def __init__(self):
        self._registry = CollectorRegistry()
        model, registry = ("model", "endpoint"), self._registry
        self._requests = Counter(
            "tfnotes_requests", "Requests, by their answers.", (*model, "version", "status"), registry=registry
        )
        self._seconds = Histogram(
            "tfnotes_request_seconds", "From head to answer.", model, buckets=_SECONDS, registry=registry
        )
        self._rows = Histogram("tfnotes_batch_size", "Run together.", model, buckets=_ROWS, registry=registry)
        self._queue = Gauge("tfnotes_queue", "Requests that wait or run.", model, registry=registry)
        self._version = Gauge("tfnotes_model_version", "The newest that is served.", ("model",), registry=registry)

    def request(self, about, status, seconds):
        """One answered request; `about` has what is known of its "model", "endpoint" and "version"."""
        names = {key: str(about.get(key, "")) for key in ("model", "endpoint")}
        self._requests.labels(**names, version=str(about.get("version", "")), status=str(status)).inc()
        self._seconds.labels(**names).observe(seconds)

    def batch(self, model, endpoint, rows):
        self._rows.labels(model, endpoint).observe(rows)

    def queued(self, model, endpoint, change):
        self._queue.labels(model, endpoint).inc(change)

    def version(self, model, version):
        self._version.labels(model).set(version)

    def page(self):
        """The text that Prometheus reads."""
        return generate_latest(self._registry)
